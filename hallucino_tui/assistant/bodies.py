"""The words of lines as they may be sent: redacted in the order of their streams, harmless, and short."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from hallucino_tui.assistant.neutralise import CONCEALING, neutralise, plain
from hallucino_tui.assistant.redact import PSEUDONYM
from hallucino_tui.assistant.redact_keys import lines_in_keys
from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.logs.written_time import written_time

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hallucino_tui.assistant.material import Material
    from hallucino_tui.assistant.redact import Redactor

LONGEST: Final = 600
"""Characters of one line that are sent at most."""

_LONGEST_READ: Final = 8 * LONGEST
"""Characters of one line that are looked at, so that no line takes long; what is sent of it lies well inside."""

CUT: Final = "…"
"""Stands where something was cut out."""

_KEY: Final = "PRIVATE KEY"
_KEY_BEGINS: Final = "-----BEGIN "
_MESSAGE: Final = re.compile(r'"(?:msg|message|error|err|exception|reason)\\*" ?: ?\\*"|\b(?:msg|message|error|err)="')


def bodies(material: Material, indices: NDArray[np.int64], redactor: Redactor) -> list[str]:
    """Return the words of m lines, at most `LONGEST` characters each, without the time that they begin with.

    A time is left out only if it is the line's own, which stands in front of it in what is sent.

    Args:
        material: The lines.
        indices: Which of them (m integers).
        redactor: Replaces secrets.
    """
    # What is inside of a private key looks like nothing by itself: it is read together with where the key begins.
    read = np.union1d(indices, _in_keys(material.text, material.streams))
    # Colours go first: what stands between a name and its value would hide it from the rules.
    texts = pl.Series([plain(text) for text in _beginnings(material.text.gather(read))], dtype=pl.String)
    redacted = redactor.redact_series(texts, material.streams[read])
    wanted: list[str] = redacted.gather(np.searchsorted(read, indices)).to_list()
    times: list[int] = material.times[indices].tolist()
    return [
        neutralise(cut(_without_time(neutralise(text), time), LONGEST))
        for text, time in zip(wanted, times, strict=True)
    ]


def _beginnings(text: pl.Series) -> list[str]:
    """Return the beginnings of lines, and behind those of long lines the last private key that begins in them."""
    beginnings: list[str] = text.str.slice(0, _LONGEST_READ).fill_null("").to_list()
    long = text.str.len_bytes().fill_null(0).to_numpy() > _LONGEST_READ
    for place in np.flatnonzero(long).tolist():
        line: str = text[place]
        begin = line.rfind(_KEY_BEGINS)
        if begin >= _LONGEST_READ - len(_KEY_BEGINS):
            beginnings[place] += line[begin : begin + _LONGEST_READ]
    return beginnings


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


def _in_keys(text: pl.Series, streams: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Return the lines in which private keys begin, go on and end, and maybe some more (int64)."""
    concealed = text.str.contains(CONCEALING).fill_null(value=False)
    if concealed.any():
        text = pl.select(pl.when(concealed).then(text.str.replace_all(CONCEALING, "")).otherwise(text)).to_series()
    named = np.flatnonzero(text.str.contains(_KEY, literal=True).fill_null(value=False).to_numpy())
    inside = lines_in_keys(text, streams) if len(named) else {}
    return np.union1d(named, np.array(list(inside), np.int64))
