"""Values that their names give away: ``password=``, ``"api_key": ``, ``--token``, however they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.redact_rules import PSEUDONYM, by_place

if TYPE_CHECKING:
    from hallucino_tui.assistant.redact_rules import Rule

# What says something about a secret and is none: a name, a place, a number of them.
_ABOUT: Final = (
    r"(?!s?[_-]?(?:count|type|names?|file|path|dir|ttl|ur[li]|length|len|size|expir\w{0,10}|limit|usage|used|bucket|(?:key[_-]?)?ref|class"
    r"|version|policy|manager|review|store|provider|index|range|budget|per\w{0,12}|valid\w{0,10}|hint|alg|algorithm|scope"
    r"|endpoint|enabled|required|lifetime|age|reset|rotation|(?<!secret[_-])(?<!secret)ids?)(?![a-z])"
    r"|s\\*[\"']?\s*[:=]\s*\d+(?![\w.-]))"
)
# Each begins with its letters, and looks back only then: this is tried at every character of a line.
_ENDINGS: Final = (
    r"token(?:(?<![a-z]token)|(?<=%[0-9a-f]{2}token)|(?-i:(?<=[a-z]Token))|(?<=idtoken)|(?<=(?:api|bot|job)token)"
    r"|(?<=(?:auth|user)token)|(?<=(?:access|bearer)token)|(?<=(?:session|refresh)token)|(?<=securitytoken))"
    r"|pass(?![a-z])(?:(?<=[_-]pass)|(?<![a-z]pass)(?==(?!\d{1,4}(?!\w)))|(?<=(?:db|pg)pass)|(?<=(?:user|root|smtp|ldap|mail)pass)"
    r"|(?<=(?:admin|mysql|redis)pass))"
)
NAME: Final = (
    r"(?=[acelmpst])(?:p(?:ass(?:w(?:or)?ds?|phrase|code)|wd(?!(?-i:(?<=PWD)=/))|rivate[_-]?key)|secret(?<!pullsecret)|credentials?"
    r"|(?:a(?:pi|ccess|uth|ccount|pp)|client|s(?:hared|igning|sh)|encryption|license|master|subscription)[_-]?key"
    rf"|{_ENDINGS}){_ABOUT}[\w-]{{0,40}}+"
)
_GATES: Final = (
    "passw passphrase passcode pwd secret token credential _pass -pass dbpass userpass rootpass adminpass mysqlpass"
    " pgpass redispass smtppass ldappass mailpass pass= apikey _key -key accesskey privatekey authkey clientkey"
    " accountkey sharedkey signingkey encryptionkey licensekey masterkey appkey sshkey subscriptionkey"
)

# A colon may also end a name in prose: "token: must not be empty".
_PROSE: Final = (
    r"(?:must|should|cannot|can't|could|not|is|was|has|have|had|required|wrong|incorrect|failed|failure|failing|error|denied"
    r"|unauthorized|forbidden|bad|too|length|the|an?|for|from|to|of|unknown|no|with|and|or|in|on|at|by|does|did|will|would"
    r"|may|can|needs?|already|successfully|found|provided|given|rejected|revoked|changed|updated|reset|generated|created"
    r"|deleted|rotated|refreshed|used|disabled|enabled|option|flag|argument|expected|unable|signature|malformed|invalid|expired|missing)"
)
_NOT_PROSE: Final = rf"(?!{_PROSE}(?:\s|[.,;!]|\Z))"

_BARE: Final = (
    rf"(?P<bare>{PSEUDONYM.pattern}(?![\w+/=.~-])|(?:{PSEUDONYM.pattern}|[^\s\"'`,;&|)}}\]>\\<]|<(?!/)|\\+(?![\\\"'])"
    # These end a value, unless it goes on behind them: "p,w" is one, "a=p,b=c" are two, "{p}" is in brackets.
    r"|[,;&|](?!amp;)(?![\w.%-]{0,40}(?:[=:]|\Z)|[\s\"'`{\[(<\\,;&|)}\]])|[)}\]>\"'](?=[\w!@#$%^*~?]))+)"
)
VALUE: Final = (
    r"(?:\"(?P<double>[^\"\\]*+(?:\\.[^\"\\]*+)*+)\""
    r"|'(?P<single>[^']*+(?:''[^']*+)*+)'"
    r"|(?P<slashes>\\++)[\"'](?P<escaped>.*?)(?<!\\)(?P=slashes)[\"']"  # JSON inside of JSON
    r"|\\*+[\"'](?P<open>.+)"  # a quote that nothing closes: the line was cut off
    rf"|{_BARE})"
)
_EQUALS: Final = (
    rf"\\*+[\"']?\]?\s*+(?>=>|:=|={{1,3}}|:(?!//)(?!\s++{_PROSE}(?:\s|[.,;!]|\Z)))\s*+(?:(?:bearer|basic)\s+)?+"
)
_WORD: Final = r"[^\s#\"',;=:{}]+"
_ENCODED_QUOTE: Final = r"(?:%(?:25)*2[27])?"
_QUOTE_IN_WORDS: Final = r"(?:\\+u0022|&quot;|&#3[49];)"

NAMES: Final[tuple[Rule, ...]] = (
    by_place(
        "aws-secret",
        "secretaccesskey secret_access_key secret-access-key aws_secret aws-secret awssecret",
        rf"(?:secret[_-]?access[_-]?key|aws[_-]?secret(?:[_-]?key)?)(?![\w-]){_EQUALS}{VALUE}",
    ),
    # A line of YAML: the value goes to the end, spaces and all.
    by_place(
        "password",
        "passw passphrase secret token pwd",
        rf"\A\s*(?:- )?[\w.-]{{0,40}}?{NAME}[\"']?:[ \t]++(?![\"'|>&*{{\[]){_NOT_PROSE}"
        rf"(?P<secret>{_WORD}(?: {_WORD})+)\s*\Z",
        needs=":",
    ),
    by_place("password", _GATES, f"{NAME}{_EQUALS}{VALUE}", needs="=:"),
    by_place(
        "password",
        "%3a %3d %253a %253d",
        rf"{NAME}{_ENCODED_QUOTE}(?:%(?:25)*20|\+)*%(?:25)*3[AD](?:%(?:25)*20|\+)*{_ENCODED_QUOTE}"
        r"(?P<secret>(?:(?!%(?:25)*(?:2[267C]|7D|3B|0A))[^\s\"',;&<>])+)",
    ),
    by_place(
        "password",
        "u0022: &quot; &#34; &#39;",
        rf"{NAME}{_QUOTE_IN_WORDS}\s*+[:=]\s*+{_QUOTE_IN_WORDS}(?P<secret>.*?)(?:{_QUOTE_IN_WORDS}|\Z)",
    ),
    by_place(
        "password",
        "</ />",
        rf"<(?:[\w-]{{1,40}}:)?[\w.-]{{0,40}}?{NAME}(?:\s[^<>]{{0,200}})?>(?P<secret>[^<]+)(?=<|\Z)",
    ),
    by_place(
        "password",
        "password passwd identified",
        r"(?:\bpassw(?:or)?d|\bidentified\s+by)(?:\s+as)?\s+'(?P<secret>[^']+)(?:'|\Z)",
        needs="'",
    ),
    by_place(
        "command-password",
        "-passw -passphrase -pass -pwd -secret -token -api-key -apikey -api_key -access-key -auth-key -key",
        rf"(?<![\w-])--?[\w-]{{0,40}}?{NAME}(?<=[\w-])\s++(?!-){_NOT_PROSE}{VALUE}",
    ),
    by_place(
        "command-password",
        "mysql mariadb sshpass docker podman helm curl wget redis-cli ldap",
        r"\b(?:(?:mysql|mariadb)\w*\b[^|;&]{0,300}?\s-p(?=[^\s-])"
        r"|sshpass\s+-p\s*+|(?:docker|podman|helm)\s+(?:registry\s+)?login\b[^|;&]{0,300}?\s-p[\s=]*+"
        r"|curl\b[^|;&]{0,300}?\s(?:-u|--user)[\s=]*+[\"']?[^\s:\"']{1,100}:"
        r"|redis-cli\b[^|;&]{0,300}?\s-a\s++|ldap\w+\b[^|;&]{0,300}?\s-w\s++)"
        rf"{VALUE}",
    ),
)
"""In the order in which they are applied."""
