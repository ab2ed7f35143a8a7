"""Words and texts that are variables wherever they stand: addresses, paths, times, names that Kubernetes makes up."""

from __future__ import annotations

import re
from typing import Final

_MONTH: Final = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_CLOCK: Final = r"(?:\s*0:0(?::0)?(?:[.,]0)?)?(?: [AP]M)?(?: [A-Z]{3,4}(?= 0))?(?: ?[+-]0| 0)?"
_VERSION: Final = r'"(?!(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|CONNECT|TRACE) )[^"=]*[A-Za-z]/0[^"]*"'
_DATE: Final = re.compile(
    r"\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? )?"
    rf"(?:{_MONTH}\s+0|0[ /-]{_MONTH}[ /-]0),?:?(?:\s0(?=,? 0:))?,?:?{_CLOCK}\b"  # Fri Jul 0 0:0:0 PDT 0
)
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# A regular expression is run where a text that it needs is there: most lines have none of them.
_TEXTS: Final = (
    ("://", re.compile(r"\b[A-Za-z][A-Za-z0+.-]*://[^\s\"'<>,;)\]}|]+")),
    ("?", re.compile(r"(?<=\s)/[^\s\"]*\?[^\s\"]*")),  # a path with a query
    (":0", re.compile(r"\b(?:(?:0|[A-F]{2}|[a-f]{2}):){3,}(?:0|[A-F]{2}|[a-f]{2})\b")),  # FF:0:0:EA, of hardware
    ("<", re.compile(r"(?<=\s)<=?0\b(?!>)")),  # <0 ms
    ("^", re.compile(r"[~^]{2,}")),  # points to a place in the line above
    ("/0", re.compile(_VERSION)),
    ('"-"', re.compile(r'(?<= )"-"')),  # nothing in its place
)

_FRAME: Final = re.compile(
    r"(\s*at )[\w.$<>/@ \[\]-]+\(.*\)?"  # Java, JavaScript
    r'|(\s*File )"[^"]*", line 0, in .*'  # Python
    r"|(\s*\.\.\. 0 more)"
    r"|(\t)\S+\.go:0.*"
)
_FRAMES: Final = ("at ", "File ", "... ", "\t")

_UNIT: Final = re.compile(
    r"(?:[kKMGTPE]i?)?[Bb]|[kKMGTPE]i|bytes|[nuµm]?s|msecs?|secs?|mins?|hours?|seconds?|minutes?|ms|%"
)
_PATH: Final = re.compile(r"[/~\\].|\.{1,2}/|[^/\\]*([/\\])[^/\\]*\1|[A-Za-z]:\\|[^/]+\.[^/]+/[^/]+|[^/]+/[^/]*\.[^/.]")
_ADDRESS: Final = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?:[\w-]+\.)+(?:com|net|org|edu|gov|mil|int|info|biz|io|local|internal|lan|svc|arpa|localdomain)"
    r"|(?:[\w-]+\.)+(?:com?|net|org|edu|gov|ac)\.[a-z]{2}"
    r"|(?:[\w-]+\.){2,}(?:ar|au|be|br|ca|ch|cl|cn|cz|de|dk|es|eu|fi|fr|gr|hk|hu|il|it|jp|kr|mx|nl|nz|pl|pt|ro|ru|se|sg"
    r"|th|tr|tw|ua|uk|us|vn|za)",
    re.IGNORECASE,
)
# The letters that Kubernetes makes names up from have no vowels. Words with digits are variables anyway.
_LETTERS: Final = "[bcdfghjklmnpqrstvwxz]{5}"
_NO_POD: Final = "https|grpcs|mqtts|xhtml|nntps|slrpc"
_POD: Final = re.compile(rf"[a-z][a-z.-]*-(?!(?:{_NO_POD})\Z){_LETTERS}")
_VALUES: Final = frozenset({"true", "false", "null", "none", "nil", "undefined", "nan", "inf"})


def mask(message: str) -> str:
    """Return a folded message with each text of several words that is a variable written as ``0``."""
    if message.lstrip(" ").startswith(_FRAMES) and (frame := _FRAME.fullmatch(message)):
        return next(text for text in frame.groups() if text is not None) + "0"
    if any(month in message for month in _MONTHS):
        message = _DATE.sub("0", message)
    for text, pattern in _TEXTS:
        if text in message:
            message = pattern.sub("0", message)
    return message


def is_unit(word: str) -> bool:
    """Say whether a word behind a number belongs to it: ``KB``, ``ms``."""
    return _UNIT.fullmatch(word) is not None


def is_value(word: str) -> bool:
    """Say whether a word without digits is a variable: a path, an address, a pod, a truth value."""
    return bool(word.lower() in _VALUES or _PATH.match(word) or _ADDRESS.fullmatch(word) or _POD.fullmatch(word))
