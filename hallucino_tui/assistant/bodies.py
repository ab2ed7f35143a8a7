"""The words of lines as they may be sent: redacted in the order of their streams, harmless, and short."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final

import polars as pl

from hallucino_tui.assistant.neutralise import neutralise, plain
from hallucino_tui.assistant.redact import PSEUDONYM
from hallucino_tui.assistant.redact_encoded import encoded_in_columns
from hallucino_tui.assistant.redact_keys import lines_in_keys, without_concealed
from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.logs.written_time import written_time

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from hallucino_tui.assistant.material import Material
    from hallucino_tui.assistant.redact import Redactor

LONGEST: Final = 600
"""Characters of one line that are sent at most."""

_EDGE: Final = 2048
"""Characters at the end of what is read of a long line that are not sent: a secret may be cut off there."""
_MOST_READ: Final = 8 * LONGEST + _EDGE
"""Characters of one line that are looked at, so that no line takes long."""

CUT: Final = "…"
"""Stands where something was cut out."""

_MESSAGE: Final = re.compile(r'"(?:msg|message|error|err|exception|reason)\\*" ?: ?\\*"|\b(?:msg|message|error|err)="')


def bodies(material: Material, indices: NDArray[np.int64], redactor: Redactor) -> list[str]:
    """Return the words of m lines, at most `LONGEST` characters each, without the time that they begin with.

    A time is left out only if it is the line's own, which stands in front of it in what is sent.

    Args:
        material: The lines.
        indices: Which of them (m integers).
        redactor: Replaces secrets.
    """
    visible = without_concealed(material.text)
    # What is inside of a private key looks like nothing by itself: it is known by all lines, chosen or not.
    inside = {*material.in_keys, *lines_in_keys(visible, material.streams)}
    inside |= encoded_in_columns(visible, material.streams)
    chosen: list[int] = indices.tolist()
    # Colours go first: what stands between a name and its value would hide it from the rules.
    read: list[str] = visible.gather(indices).str.slice(0, _MOST_READ).str.strip_chars_end("\r").fill_null("").to_list()
    texts = [plain(text) for text in read]
    in_keys = [place for place, index in enumerate(chosen) if index in inside]
    column = pl.Series(texts, dtype=pl.String)
    redacted: list[str] = redactor.redact_series(column, material.streams[indices], inside=in_keys).to_list()
    for place, text in enumerate(read):
        if len(text) == _MOST_READ:
            redacted[place] = without_edge(redacted[place], texts[place])
    times: list[int] = material.times[indices].tolist()
    return [
        neutralise(cut(_without_time(neutralise(text), time), LONGEST))
        for text, time in zip(redacted, times, strict=True)
    ]


def words(text: str, redactor: Redactor) -> str:
    """Return the words of one text that is no line: redacted, harmless, at most `LONGEST` characters."""
    read = plain(text[:_MOST_READ])
    redacted = redactor.redact(read)
    if len(text) >= _MOST_READ:
        redacted = without_edge(redacted, read)
    return neutralise(cut(neutralise(redacted), LONGEST))


def without_edge(redacted: str, read: str) -> str:
    """Return what was redacted of the beginning of a text without its end: half a secret may stand there, unknown.

    Args:
        redacted: The beginning, redacted.
        read: The same before.
    """
    # What was replaced there is known, and stays.
    pairs = zip(reversed(redacted), reversed(read[-_EDGE:]), strict=False)
    raw = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))
    return redacted[: _beside_names(redacted, len(redacted) - raw, before=True)]


def cut(text: str, most: int) -> str:
    """Return at most about so many characters of a text: its beginning and its end, or its message if it has fields."""
    if len(text) <= most:
        return text
    begin = 0
    if found := _MESSAGE.search(text):
        begin = found.start() if found.start() > most // 3 else 0
    tail = most * 3 // 10
    stop = begin + most - tail
    if stop >= len(text) - tail:
        begin, stop = 0 if begin == 0 else max(len(text) - most, 0), len(text)
    rest = max(len(text) - tail, stop)
    stop, rest, begin = _beside_names(text, stop, before=True), _beside_names(text, rest), _beside_names(text, begin)
    return (CUT if begin else "") + text[begin:stop] + (CUT + text[rest:] if stop < len(text) else "")


def _beside_names(text: str, place: int, *, before: bool = False) -> int:
    """Return a place that is not inside of a pseudonym."""
    for match in PSEUDONYM.finditer(text, max(place - 60, 0), place + 60):
        # Half of one would stand for nothing.
        if match.start() < place < match.end():
            return match.start() if before else match.end()
    return place


def _without_time(text: str, time: int) -> str:
    text = text.strip()
    if time == NO_TIME:
        return text
    found = written_time(text[:80], time)
    if found is None or abs(found.time - time) >= found.precision:
        return text
    begin = text.find(found.text)
    if text[:begin].strip("[("):
        return text
    rest = text[begin + len(found.text) :].lstrip(" ,])|:-")
    return rest or text
