"""The rules that sort templates, in the order in which they are asked, in the notation of the engine.

Text that denies trouble ("0 errors", "no failures") is taken out before they are asked. A rule holds from one level on
and up to another; a line that names no level may be anything.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

from hallucino_tui.logs.severity import Level


class Category(enum.StrEnum):
    """What somebody who is on duty makes of a line."""

    INCIDENT = "incident"
    PREVENTIVE = "preventive_action"
    NORMAL = "normal"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule.

    Attributes:
        name: Its name.
        pattern: What a line has to match; "" for any line.
        category: What such a line is.
        least: The level from which on it holds.
        most: The level up to which it holds.
        unknown: Whether it holds for lines that name no level.
    """

    name: str
    pattern: str
    category: Category
    least: Level = Level.TRACE
    most: Level = Level.FATAL
    unknown: bool = True


def _any(*choices: str) -> str:
    """Return what matches any of some expressions, in any case."""
    return f"(?i){'|'.join(choices)}"


LEVEL: Final = (
    r'(?i:\b(?:log_?level|level|lvl|severity)"?[=:] ?"?\w+)'
    r"|\b(?:WARN(?:ING)?|ERR(?:OR)?|CRIT(?:ICAL)?|FATAL|PANIC|SEVERE|ALERT|EMERG)\b|\[(?:warn|error|crit|alert|emerg|fatal)\]"
)
"""How a line names its level. The first is no word of the text."""

DENIED: Final = _any(
    r"\b(?:no|0|zero|without(?: any)?|free of) (?:\w+ )?(?:errors?|fail(?:ures?|ed)|exceptions?|warnings?|alerts)\b",
    r'\b(?:\w+_)?(?:errors?|failures?|failed|err|exceptions?)"?[=:] ?"?(?:0|nil|null|none|false|""|\[\])(?:[",}\s]|$)',
    r"\bexit(?:ed)?(?: with)?(?: (?:status|code))?[ :=]+0\b",
    r"\berror \w+ is (?:clear|not active)\b",
    r"\b(?:on|if|when|ignore|handle)[_ ](?:errors?|fail(?:ure|s)?)\b",
    r"\b(?:is|are|was|were|be|been|being) successfully \w+\b",
    r"\b\w+ (?:with success|successfully)\b",
    r"\bsuccessfully \w+\b",
)
"""What names trouble and says that there is none."""

FINE: Final = " \x01 "
"""What stands in its place."""

_KUBERNETES: Final = (
    r"\b(?:OOMKill(?:ed|ing)|CrashLoopBackOff|ImagePullBackOff|ErrImagePull|ErrImageNeverPull|InvalidImageName"
    r"|CreateContainer(?:Config)?Error|RunContainerError|ContainerCannotRun|StartError|FailedScheduling|FailedMount"
    r"|FailedAttachVolume|FailedCreatePodSandBox|FailedCreate|Evicted|NodeNotReady|NodeLost|DeadlineExceeded"
    r"|BackoffLimitExceeded|ProgressDeadlineExceeded|FailedPostStartHook|NetworkNotReady)\b"
)
_DEATH: Final = _any(
    r"\bout[ -]of[ -]memory\b",
    r"\boom[- ]kill(?:er|ed)?\b",
    r"\binvoked oom",
    r"\bcannot allocate memory\b",
    r"\bkilled process\b",
    r"\bpanic(?:ked)?(?: -|:|!|$| at\b| in\b)",
    r"\bkernel panic\b",
    r"\bsegmentation fault\b",
    r"\bsegfault\b",
    r"\bcore dumped\b",
    r"\bSIG(?:KILL|SEGV|ABRT|BUS|ILL)\b",
    r"\bterminated by signal\b",
    r"\bOutOfMemoryError\b",
    r"\bStackOverflow(?:Error)?\b",
)
_EXIT: Final = _any(
    r"\bexit(?:ed|ing|s)?(?: with)?(?: (?:status|code|return code))[ :=]+-?[1-9]\d{0,2}\b",
    r"\bexit[_ ]?(?:code|status)\"?[=:] ?\"?-?[1-9]\d{0,2}\b",
    r"\bnon-?zero exit\b",
)
_FULL: Final = _any(
    r"\bno space left\b",
    r"\bdisk (?:is )?full\b",
    r"\bdisk quota exceeded\b",
    r"\bENOSPC\b",
    r"\btoo many open files\b",
    r"\bEMFILE\b",
    r"\btoo many (?:clients|connections)\b",
    r"\bconnection slots are reserved\b",
    r"\bpool (?:is )?exhausted\b",
    r"\bpool ?time-?out\b",
    r"\b(?:data|index|page|block|checksum)\b.{0,40}\bcorrupt(?:ed|ion)?\b",
    r"\bdata loss\b",
    r"\bdeadlock detected\b",
    r"\bread-?only file ?system\b",
)
_CERTIFICATE: Final = _any(
    r"\bcert(?:ificate)?[_ ](?:has[_ ]|is )?expired\b",
    r"\bcertificate[_ ]verify[_ ]failed\b",
    r"\bx509: certificate\b",
    r"\bcertificate is not yet valid\b",
    r"\bbad certificate\b",
    r"\btls handshake (?:error|failed|failure)\b",
)
_UNREACHED: Final = _any(
    r"\bconnection (?:was )?(?:refused|reset|failed|lost|aborted|timed out)\b",
    r"\bECONN(?:REFUSED|RESET|ABORTED)\b",
    r"\b(?:failed|unable|cannot|could not|couldn't) (?:to )?connect\b",
    r"\berror connecting\b",
    r"\bconnect\(\) failed\b",
    r"\bno (?:route to host|such host|healthy upstream|live upstreams?|endpoints available)\b",
    r"\b(?:host|network|upstream|server|database|service) (?:is )?(?:down|unreachable|unavailable)\b",
    r"\bname or service not known\b",
    r"\btemporary failure in name resolution\b",
    r"\bserver misbehaving\b",
    r"\bNXDOMAIN\b",
    r"\bauthentication failed for\b",
)
_STATUS: Final = (
    r'\bHTTP/\d(?:\.\d)?"? {0}\b',
    r'\b(?:http_?)?status(?:[_ ]?code)?"?[=: ]+"?{0}\b',
    r"(?:->|→) {0}\b",
    r"\b(?:answered|returned|responded(?: with)?):? (?:HTTP )?{0}\b",
)
_SERVER: Final = _any(
    *(form.replace("{0}", r"5\d\d") for form in _STATUS),
    r"\b50[0234] (?:internal server error|bad gateway|service unavailable|gateway time-?out)\b",
)
_CLIENT: Final = _any(*(form.replace("{0}", r"4\d\d") for form in _STATUS))
_EXCEPTION: Final = (
    r"\b[A-Z]\w*(?:Exception|Error)\b|\bTraceback \(most recent call last\)"
    r"|(?i:\b(?:unhandled|uncaught) (?:exception|error)|\bexception in\b|^exception:| exception: )"
)
_FAILURE: Final = (
    r"(?i)\b(?:errors?|fail(?:s|ed|ure|ures|ing)?|fatal|abort(?:ed|ing|s)?|crash(?:ed|ing|es)?|denied|refused"
    r"|rejected|unauthori[sz]ed|forbidden|time-?outs?|timed[- ]out|unreachable|unavailable|killed|terminated"
    r"|corrupt(?:ed|ion)?|deadlock|invalid|illegal|lost|unable|cannot|can not|can't|could not|couldn't|severed|overflow"
    r"|violation|panic|assert(?:ion)?|broken|dead|died|bad|break-?in|traceback|oom|segfault"
    r"|not (?:fully )?(?:functional|ok|responding|found|ready))\b"
)
_EXPIRES: Final = _any(
    r"\b(?:cert(?:ificate)?|token|licen[cs]e|password|key|credential)s?\b.{0,60}"
    r"\b(?:expires|expiring|(?:will|to) expire)\b",
    r"\bexpir(?:es|ing|y) (?:in|on|soon)\b",
    r"\brenew(?:al)? (?:is )?(?:due|required|overdue)\b",
)
_STORE: Final = r"\b(?:disk|volume|file ?system|partition|storage|inode|wal|tablespace)s?\b.{0,60}"
_MOSTLY: Final = r"\b(?:[89]\d|100)(?:\.\d+)? ?%"
_FILLS: Final = _any(
    _STORE + _MOSTLY,
    _STORE + r"\b(?:(?:almost|nearly) full|low|pressure|usage (?:is )?(?:high|above))\b",
    r"\blow (?:on )?(?:disk|space)\b",
    r"\b(?:space|disk) (?:is )?running (?:low|out)\b",
    r"\b(?:high|flood-stage) (?:disk )?watermark\b",
    r"\bDiskPressure\b",
    r"\bFreeDiskSpaceFailed\b",
)
_MEMORY: Final = _any(
    r"\b(?:memory|heap|rss)\b.{0,60}" + _MOSTLY,
    r"\b(?:memory|heap|rss)\b.{0,60}\b(?:near|close to|approaching|above|exceed(?:s|ing|ed)?)\b",
    r"\bMemoryPressure\b",
    r"\bGC overhead\b",
    r"\b(?:long|full) GC\b",
    r"\bmaxmemory\b",
)
_DEPRECATED: Final = _any(
    r"\bdeprecat(?:ed|ions?)\b",
    r"\w+DeprecationWarning\b",
    r"\bend[- ]of[- ]life\b",
    r"\bno longer supported\b",
    r"\bwill be (?:removed|dropped|unsupported)\b",
    r"\bobsolete\b",
    r"\blegacy api\b",
)
_RETRY: Final = _any(
    r"\bretr(?:y|ies|ied|ying)\b",
    r"\battempt \d+ ?(?:/|of) ?\d+\b",
    r"\bback(?:ing |-?)off\b",
    r"\bwill try again\b",
    r"\bre-?connect(?:ing|ion attempt)\b",
    r"\bcircuit breaker\b",
    r"\bfall(?:ing|s)? back\b",
)
_THROTTLED: Final = _any(
    r"\bthrottl(?:ed|ing|e)\b",
    r"\brate[- ]?limit(?:ed|ing)?\b",
    r"\btoo many requests\b",
    r"\bquota\b",
    r"\bqueue (?:is )?(?:almost |nearly )?full\b",
    r"\bqueue (?:length|size|depth)\b.{0,30}\b(?:high|above|exceed)",
    r"\bback-?pressure\b",
    r"\bload shedding\b",
    r"\boverload(?:ed)?\b",
    r"\bpossible SYN flooding\b",
)
_LAG: Final = _any(
    r"\b(?:replica(?:tion)?|consumer|slave|standby|follower|offset)\b.{0,30}\b(?:lag(?:s|ging)?|behind|delay(?:ed)?)\b",
    r"\blag(?:ging)? (?:of|is|behind|exceeds)\b",
    r"\bclock (?:skew|drift)\b",
    r"\bcan't keep up\b",
    r"\bfalling behind\b",
)
_SLOW: Final = _any(
    r"\bslow (?:query|request|response|log|sql|operation|consumer|fdatasync|read|write)s?\b",
    r"\btook too long\b",
    r"\bcheckpoints are occurring too frequently\b",
    r"\blong[- ]running\b",
)
_CORRECTED: Final = _any(
    r"\b(?:errors?(?:\(s\))?|faults?|parity)\b.{0,60}\b(?:corrected|recovered|repaired|fixed)\b",
    r"\battempting to correct\b",
    r"\bcorrectable\b",
    r"\bsmart\b.{0,40}\b(?:reallocated|pending)\b",
    r"\bpredict(?:ed|ive) failure\b",
)
_LEADERS: Final = r"[\w)] ?\.{2,} ?(?:0x)?[0-9a-fA-F]+(?: ?\([^)]*\))?\s*$"
_DETAIL: Final = (
    r"(?:[\w)]: (?:0x)?[0-9a-f]{4,}"  # instruction address: 0x00004ed8
    r"|\b\w{1,12}[=:](?:0x)?[0-9a-f]+(?: (?:0x)?[0-9a-f]+)*"  # r24=0x00000000, fpr29=0xffffffff ffffffff
    r"|[a-z]\.[01]"  # data cache block touch.0
    r"|[a-z]:)\s*$"  # special purpose registers:
)

_I, _P, _N = Category.INCIDENT, Category.PREVENTIVE, Category.NORMAL

RULES: Final = (
    Rule("Kubernetes reason", _KUBERNETES, _I),
    Rule("process died", _DEATH, _I),
    Rule("exit code", _EXIT, _I),
    Rule("full or damaged", _FULL, _I),
    Rule("certificate refused", _CERTIFICATE, _I),
    Rule("errors that were corrected", _CORRECTED, _P, most=Level.WARN),
    Rule("certificate or key expires", _EXPIRES, _P),
    Rule("disk fills up", _FILLS, _P, most=Level.WARN),
    Rule("memory near its limit", _MEMORY, _P, most=Level.WARN),
    Rule("deprecated", _DEPRECATED, _P, most=Level.WARN),
    Rule("tried again", _RETRY, _P, most=Level.WARN),
    Rule("throttled", _THROTTLED, _P, most=Level.WARN),
    Rule("lags behind", _LAG, _P, most=Level.WARN),
    Rule("slow", _SLOW, _P, most=Level.WARN),
    Rule("not reached", _UNREACHED, _I, least=Level.WARN),
    Rule("HTTP status 5xx", _SERVER, _I),
    Rule("HTTP status 4xx", _CLIENT, _N, most=Level.WARN),
    Rule("exception", _EXCEPTION, _I, least=Level.WARN),
    Rule("value in a list", _LEADERS, _N, least=Level.WARN, unknown=False),
    Rule("words of failure", _FAILURE, _I, least=Level.ERROR),
    Rule("words of failure in a warning", _FAILURE, _P, least=Level.WARN, most=Level.WARN, unknown=False),
    Rule("details of a record", _DETAIL, _N, least=Level.WARN, unknown=False),
    Rule("level fatal", "", _I, least=Level.FATAL, unknown=False),
    Rule("trouble denied", FINE, _P, least=Level.ERROR, unknown=False),
    Rule("level error", "", _I, least=Level.ERROR, unknown=False),
    Rule("level warn", "", _P, least=Level.WARN, unknown=False),
    Rule("nothing special", "", _N),
)
"""The first that holds decides."""

NOTABLE: Final = "|".join(f"(?:{rule.pattern})" for rule in RULES if rule.pattern and rule.unknown)
"""What any rule about text looks for: a calm line without it is normal, which most are."""
