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
    if are_valid(batch.text, batch.offsets):
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


def are_valid(text: NDArray[np.uint8], offsets: NDArray[np.int64] | NDArray[np.int32]) -> bool:
    """Say whether each of some lines is valid UTF-8 by itself.

    The block alone would not do: two broken halves of a character in neighbouring lines look whole together.
    """
    if not len(text) or int(text.view(np.int8).min()) >= 0:
        return True
    from hallucino_tui.logs.arrow import is_utf8  # noqa: PLC0415 - Polars takes long to import

    return is_utf8(text, offsets.astype(np.int32, copy=False))


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
