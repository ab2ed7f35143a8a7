"""The door of the store: text becomes valid UTF-8, and the bytes that were not are kept."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

import numpy as np

from hallucino_tui.logs.batch import Batch, offsets_of

if TYPE_CHECKING:
    from numpy.typing import NDArray


def make_valid(batch: Batch) -> tuple[Batch, dict[int, bytes]]:
    """Replace what is not UTF-8 by U+FFFD.

    Returns:
        The batch with valid text, and the original bytes of each line that had to be changed, by its index.
    """
    if not len(batch.text) or not bool((batch.text & 0x80).any()):
        return batch, {}
    starts = batch.offsets[:-1][np.diff(batch.offsets) > 0]
    # The block alone is not enough: two broken halves of a character in neighbouring lines look whole together.
    if is_valid(batch.text) and not bool((batch.text[starts] & 0xC0 == 0x80).any()):
        return batch, {}
    high = np.concatenate(([0], np.cumsum(batch.text & 0x80 > 0)))
    suspects = np.flatnonzero(high[batch.offsets[1:]] > high[batch.offsets[:-1]])
    raw: dict[int, bytes] = {}
    for index in suspects.tolist():
        line = batch.line(index)
        try:
            codecs.utf_8_decode(line, "strict", True)
        except UnicodeDecodeError:
            raw[index] = line
    return _with_replacements(batch, raw), raw


def is_valid(text: NDArray[np.uint8]) -> bool:
    """Say whether bytes are valid UTF-8."""
    try:
        codecs.utf_8_decode(text.data, "strict", True)
    except UnicodeDecodeError:
        return False
    return True


def _with_replacements(batch: Batch, raw: dict[int, bytes]) -> Batch:
    lengths = np.diff(batch.offsets)
    pieces: list[bytes] = []
    done = 0
    for index, line in raw.items():
        pieces.append(batch.text[done : batch.offsets[index]].tobytes())
        fixed = line.decode("utf-8", "replace").encode()
        pieces.append(fixed)
        lengths[index] = len(fixed)
        done = int(batch.offsets[index + 1])
    pieces.append(batch.text[done:].tobytes())
    return Batch(np.frombuffer(b"".join(pieces), np.uint8), offsets_of(lengths), batch.times, batch.streams)
