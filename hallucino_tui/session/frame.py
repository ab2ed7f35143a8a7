"""Lines as one data frame, for questions in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from hallucino_tui.logs.severity import LEVEL_BITS, Level
from hallucino_tui.session.collect import source_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.logs.stream import StreamTable
    from hallucino_tui.session.sieve import Picked

TABLE: Final = "lines"
COLUMNS: Final = {
    "number": "which line of its stream it is, from 1",
    "time": "when, in UTC; empty where the line has no time",
    "level": "trace, debug, info, notice, warn, error, fatal or unknown",
    "stream": "the file, or pod/container",
    "line": "the text",
}
_LEVELS: Final = [level.name.lower() for level in Level]


def frame_of(picked: Sequence[Picked], table: StreamTable) -> pl.DataFrame:
    """Return lines as a frame with the columns of `COLUMNS`.

    Args:
        picked: The lines, all that there are of each stream.
        table: Names the streams.
    """
    names = pl.Series([source_of(stream) for stream in table], dtype=pl.String)
    frames: list[pl.DataFrame] = []
    for columns, rows in picked:
        codes = columns.levels[rows] & np.uint8(LEVEL_BITS)
        frames.append(
            pl.DataFrame(
                {
                    "time": pl.Series(columns.times[rows]).cast(pl.Datetime("ns", "UTC")),
                    "level": pl.Series(_LEVELS, dtype=pl.String).gather(codes.astype(np.uint32)),
                    "stream": names.gather(columns.streams[rows]),
                    "line": columns.series().gather(rows),
                }
            )
        )
    if not frames:
        kinds = {"time": pl.Datetime("ns", "UTC"), "level": pl.String, "stream": pl.String, "line": pl.String}
        frames = [pl.DataFrame(schema=kinds)]
    whole = pl.concat(frames, rechunk=False)
    return whole.select(pl.int_range(1, pl.len() + 1).over("stream").alias("number"), pl.all())


def ask(frame: pl.DataFrame, query: str) -> pl.DataFrame:
    """Return the answer to a question in SQL about the table `lines`.

    Raises:
        ValueError: The question is not understood; ``str(error)`` is one sentence.
    """
    try:
        return pl.SQLContext({TABLE: frame}).execute(query, eager=True)
    except pl.exceptions.PolarsError as error:
        said = " ".join(str(error).split())
        sentence = f"SQL: {said[:1].lower()}{said[1:300]}"
        raise ValueError(f"{sentence}. The table is {TABLE}, its columns are {', '.join(COLUMNS)}.") from error
