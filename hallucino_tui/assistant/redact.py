"""Secrets out of lines before anything leaves the machine: each becomes a stable pseudonym.

A rule runs only on lines that hold one of its literals, so clean lines cost next to nothing. Equal secrets get equal
pseudonyms, so what belongs together stays together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of secret.

    Attributes:
        kind: Its name in pseudonyms, for example ``aws-key``.
        gates: Lower-case literals; a line without any of them is not looked at.
        pattern: Finds it. A group named ``secret`` marks what is replaced; without one the whole match is.
    """

    kind: str
    gates: tuple[str, ...]
    pattern: re.Pattern[str]


_PSEUDONYM: Final = re.compile(r"<secret:[a-z-]+:\d+>")
_BEGIN: Final = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----")
_END: Final = re.compile(r"-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----")


def _rule(kind: str, gates: str, pattern: str, flags: re.RegexFlag = re.NOFLAG) -> Rule:
    # A pseudonym is matched first and kept: what looks like a name with a value in it is none.
    return Rule(kind, tuple(gates.split()), re.compile(f"{_PSEUDONYM.pattern}|{pattern}", flags))


_VALUE: Final = (
    r'(?:"(?P<double>[^"\\]*(?:\\.[^"\\]*)*)"'
    r"|'(?P<single>[^']*)'"
    r'|(?P<slashes>\\+)"(?P<escaped>.*?)(?P=slashes)"'  # JSON inside of JSON
    r"|\\*[\"'](?P<open>.+)"  # a quote that nothing closes: the line was cut off
    r"|(?P<bare>[^\s\"',;&|)}\]<>]+))"
)
_GROUPS: Final = ("secret", "double", "single", "escaped", "open", "bare")
_NAME: Final = (
    r"(?:password|passwd|passphrase|pwd|secret|api[_-]?key|access[_-]?key|private[_-]?key|auth[_-]?key"
    r"|client[_-]?key|account[_-]?key|(?<![a-z])token|[_-]token|(?-i:[a-z]Token)|credentials?)[\w-]{0,40}"
)

RULES: Final[tuple[Rule, ...]] = (
    _rule(
        "private-key",
        "-----begin",
        rf"{_BEGIN.pattern}(?P<secret>.*?)(?:{_END.pattern}|\Z)",
        re.DOTALL,
    ),
    _rule("jwt", "eyj", r"\beyJ[\w-]{6,}\.[\w-]{6,}(?:\.[\w-]*)?"),
    # A password may hold an @ itself: the last one before the path, a space or a quote ends it.
    _rule("url-password", "://", r"://[^\s/:@\"']*:(?P<secret>[^\s\"']+?)@(?![^\s/@\"']*@)"),
    _rule(
        "authorization",
        "authorization",
        r"authorization[\"']?\s*[:=]\s*[\"']?"
        r"(?:(?:bearer|basic|token|digest|negotiate|api-?key|key|bot|ssws|splunk|geniekey)\s+)?(?P<secret>[^\s\"',;]{4,})",
        re.IGNORECASE,
    ),
    _rule("bearer", "bearer", r"\bbearer\s+(?P<secret>[\w.~+/=-]{8,})", re.IGNORECASE),
    _rule("basic", "basic", r"\bbasic\s+(?P<secret>[A-Za-z0-9+/]{12,}={0,2})(?![\w-])", re.IGNORECASE),
    _rule(
        "cookie",
        "cookie",
        r"\b(?:set-)?cookie[\"']?\s*[:=]\s*[\"']?(?P<secret>[^\s\"';=]+=[^\s\"';]*(?:;\s*[^\s\"';]+)*)",
        re.IGNORECASE,
    ),
    _rule("aws-key", "akia asia abia acca", r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b"),
    _rule("github-token", "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_", r"\b(?:gh[pousr]_\w{30,}|github_pat_\w{22,})"),
    _rule("gitlab-token", "glpat- glptt- gldt- glrt-", r"\bgl(?:pat|ptt|dt|rt)-[\w-]{20,}"),
    _rule(
        "slack-token",
        "xox hooks.slack.com",
        r"\bxox[abeoprs]-[\w-]{10,}|hooks\.slack\.com/services/(?P<secret>[\w/]{20,})",
    ),
    _rule("google-key", "aiza ya29.", r"\bAIza[\w-]{35}|\bya29\.[\w-]{20,}"),
    _rule("stripe-key", "sk_live_ sk_test_ rk_live_ rk_test_", r"\b[sr]k_(?:live|test)_\w{10,}"),
    _rule("model-key", "sk-", r"\bsk-(?:ant-|proj-|or-)?[\w-]{20,}"),
    _rule("azure-signature", "sig=", r"[?&]sig=(?P<secret>[\w%+/=-]{20,})"),
    _rule("npm-token", "npm_", r"\bnpm_\w{30,}"),
    _rule("pypi-token", "pypi-", r"\bpypi-[\w-]{40,}"),
    _rule("hub-token", "hf_ dckr_pat_", r"\bhf_\w{30,}|\bdckr_pat_[\w-]{20,}"),
    _rule(
        "password",
        "passw pwd secret key token credential passphrase",
        rf"{_NAME}\\*[\"']?\s*(?>=>|:=|=+|:)\s*+(?:(?:bearer|basic)\s+)?+{_VALUE}",
        re.IGNORECASE,
    ),
)
"""In the order in which they are applied: what is certain first, names with values last."""

_MOST_NESTED: Final = 3
"""How often what a pseudonym stands for may hold another one: a token in a cookie in a quoted value."""

# Values that only say that there is or is no secret; replacing them would take the meaning and protect nothing.
_HARMLESS: Final = re.compile(
    r"(?i)\A(?:|null|none|nil|true|false|yes|no|unset|empty|undefined|missing|invalid|expired|redacted|\*+|x{3,}|\.{3}"
    r"|\[redacted\]|<[^>]*>?|\$\{?\w+\}?|%\w+%?)\Z"
)


@dataclass(slots=True)
class Redactor:
    """Replaces secrets. Keeps which pseudonym stands for what, in memory only, to turn them back on the screen."""

    _names: dict[str, str] = field(default_factory=dict[str, str], repr=False)
    _secrets: dict[str, str] = field(default_factory=dict[str, str], repr=False)
    _counts: dict[str, int] = field(default_factory=dict[str, int], repr=False)

    def redact(self, line: str) -> str:
        """Return a line with every secret that a rule finds replaced."""
        lowered = line.lower()
        for rule in RULES:
            if any(gate in lowered for gate in rule.gates):
                line = rule.pattern.sub(lambda match, rule=rule: self._replace(rule, match), line)
        return line

    def redact_all(self, lines: Iterable[str]) -> list[str]:
        """Return lines of one stream in order, with secrets replaced; a private key may go over many lines."""
        redacted: list[str] = []
        inside = False
        for line in lines:
            ended = _END.search(line) if inside else None
            if inside and ended is None:
                redacted.append(self._name("private-key", line))
                continue
            head, rest = ("", line) if ended is None else (line[: ended.start()], line[ended.end() :])
            end = "" if ended is None else ended[0]
            redacted.append(self._name("private-key", head) + end + self.redact(rest))
            begun = [match.end() for match in _BEGIN.finditer(rest)]
            inside = bool(begun) and _END.search(rest, begun[-1]) is None
        return redacted

    def restore(self, text: str) -> str:
        """Return text with pseudonyms turned back, for the screen only."""
        for _ in range(_MOST_NESTED):
            text = _PSEUDONYM.sub(lambda match: self._secrets.get(match[0], match[0]), text)
        return text

    @property
    def count(self) -> int:
        """How many different secrets were found."""
        return len(self._names)

    def _replace(self, rule: Rule, match: re.Match[str]) -> str:
        if _PSEUDONYM.fullmatch(match[0]):
            return match[0]
        for group in _GROUPS:
            if group in match.re.groupindex and match[group] is not None:
                secret = match[group]
                if _HARMLESS.match(secret) or not secret.strip():
                    return match[0]
                start, end = match.start(group) - match.start(), match.end(group) - match.start()
                return match[0][:start] + self._name(rule.kind, secret) + match[0][end:]
        return self._name(rule.kind, match[0])

    def _name(self, kind: str, secret: str) -> str:
        if not secret.strip():
            return secret
        name = self._names.get(secret)
        if name is None:
            number = self._counts[kind] = self._counts.get(kind, 0) + 1
            name = self._names[secret] = f"<secret:{kind}:{number}>"
            self._secrets[name] = secret
        return name
