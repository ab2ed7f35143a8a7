"""Hand text buffers to Polars without copying them.

Polars takes Arrow text unchecked, so only text that is valid UTF-8 may come here; the store sees to that at its door.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import nanoarrow
import numpy as np
import polars as pl

if TYPE_CHECKING:
    from numpy.typing import NDArray


class _Exported:
    """Polars looks for this one method; a nanoarrow array has more of them, and Polars would pick a slower one."""

    __slots__ = ("_array",)

    def __init__(self, array: Any) -> None:  # noqa: ANN401 - nanoarrow ships no types
        self._array = array

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
        return self._array.__arrow_c_array__(requested_schema)


def text_series(text: NDArray[np.uint8], offsets: NDArray[np.int32]) -> pl.Series:
    """Return the lines as a Polars series of strings that shares `text`.

    Args:
        text: Bytes of valid UTF-8. They must not change while the series lives; the series keeps them alive.
        offsets: n + 1 positions in `text`, not necessarily from 0.
    """
    library: Any = nanoarrow
    array = library.c_array_from_buffers(
        library.string(), len(offsets) - 1, [None, np.ascontiguousarray(offsets), text], validation_level="none"
    )
    return pl.Series(_Exported(array))
