"""Lines as all of insight sees them: columns in the order of time, and the streams that they name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from hallucino_tui.logs.stream import Stream


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """n lines. Their index here is what everything that is said of them cites.

    Attributes:
        text: n strings, without the time that a cluster puts in front.
        times: n times in nanoseconds since the epoch (int64), ascending as far as they are known; `NO_TIME` for none.
        levels: n level codes with flags, see `hallucino_tui.logs.severity` (uint8).
        streams: n indices in `table` (uint32).
        table: The streams.
    """

    text: pl.Series
    times: NDArray[np.int64]
    levels: NDArray[np.uint8]
    streams: NDArray[np.uint32]
    table: Sequence[Stream]

    def __len__(self) -> int:
        return len(self.times)
