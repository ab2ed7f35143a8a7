"""Words of lines and events inside of a report's sentences: shortened, harmless, and recognisable as quoted."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from hallucino_tui.logs.moment import NANOSECONDS, NO_TIME
from hallucino_tui.logs.text import shown

LONGEST: Final = 110
CUT: Final = "…"
_WORSE: Final = re.compile(r"\b(?:FATAL|PANIC|ERROR|CRITICAL|\w*(?:Error|Exception))\b:? ")
_SHORTEST: Final = 24
_FEW: Final = 24
_TICKS: Final = re.compile("`+")
_QUOTED: Final = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_PREFIX: Final = re.compile(
    r"^\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?\]?[ :]*"
)
_MESSAGE: Final = re.compile(r'"(?:msg|message|event|log)": ?"((?:[^"\\]|\\.){3,})"')
_ERROR: Final = re.compile(r'"(?:error|err|exception|cause)": ?"((?:[^"\\]|\\.){3,})"')


def quote(text: str, longest: int = LONGEST) -> str:
    """Return text as Markdown code that nothing in it can end, cut if it is long."""
    text = plain(text).strip()
    if not text:
        return "an empty line"
    if len(text) > longest:
        text = _heart(text, longest)
    if len(text) > longest:
        text = text[: longest - 1].rstrip() + CUT
    fence = "`" * (max((len(run) for run in _TICKS.findall(text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def quoted(text: str) -> list[str]:
    """Return what `quote` put into a text, without the signs that it was cut."""
    return [match[2].strip().removesuffix(CUT).removeprefix(CUT).strip() for match in _QUOTED.finditer(text)]


def _heart(text: str, longest: int) -> str:
    """Return a long text from the word on that says how bad it is, if that would be cut away."""
    for match in _WORSE.finditer(text, longest // 3):
        if len(text) - match.start() >= _SHORTEST:
            return CUT + text[match.start() :]
    return text


def plain(text: str) -> str:
    """Return text as one line that a terminal draws and does not obey."""
    return shown(text.replace("\t", " "))


def named(text: str) -> str:
    """Return a name as it stands outside of quotes: nobody vouches for what files and events are called."""
    return plain(text).replace("`", "'").replace("://", ": //")


def gist(line: str) -> str:
    """Return what a line says, without what it says of when and where: a piece of the line as it stands there."""
    for form in (_MESSAGE, _ERROR):
        if match := form.search(line[:4000]):
            message = match[1]
            other = _ERROR.search(line[:4000])
            if other is not None and len(message) < _FEW:
                # A few words that say that something failed are less than what failed.
                return other[1]
            return message if " " in message else line[match.start() : 4000]
    return _PREFIX.sub("", line, count=1)


def clock(time: int) -> str:
    """Return a time of day in UTC; "" for `NO_TIME`."""
    return "" if time == NO_TIME else f"{datetime.fromtimestamp(time // NANOSECONDS, UTC):%H:%M:%S}"


def at(time: int) -> str:
    """Return `` at 12:06:01``, or "" for `NO_TIME`."""
    return "" if time == NO_TIME else f" at {clock(time)}"


def between(first: int, last: int) -> str:
    """Return ``from 12:06:01 to 12:07:30``, or "" where lines tell no times."""
    if NO_TIME in {first, last}:
        return ""
    return f"at {clock(first)}" if clock(first) == clock(last) else f"from {clock(first)} to {clock(last)}"


def sentence(*parts: str) -> str:
    """Return the parts that say something, with commas between them, as a sentence."""
    return ", ".join(filter(None, parts)) + "."


def span(nanoseconds: int) -> str:
    """Return how long something lasts: ``17 s``, ``4 min``, ``2.5 h``."""
    seconds = max(nanoseconds, 0) / NANOSECONDS
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def listed(words: list[str], most: int = 4) -> str:
    """Return words as a list in a sentence."""
    if len(words) > most:
        return f"{', '.join(words[:most])} and {len(words) - most} more"
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""


def times_of(count: int) -> str:
    """Return how often: ``once``, ``3 times``."""
    return "once" if count == 1 else f"{count:,} times"
