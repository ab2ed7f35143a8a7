"""Lines to be packed, made from few words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from hallucino_tui.assistant.material import Fact, Material
from hallucino_tui.logs.severity import Level

NOON = 1_795_435_200 * 10**9  # 2026-11-23T12:00:00Z
SECOND = 10**9
SOURCES = ("shop/checkout", "shop/cart", "shop/db")


def material(
    texts: Sequence[str],
    templates: Sequence[int] | None = None,
    *,
    levels: Sequence[int] | int = Level.INFO,
    streams: Sequence[int] | int = 0,
    times: Sequence[int] | None = None,
    facts: Sequence[Fact] = (),
    spans: tuple[int, ...] = (),
) -> Material:
    """Return lines, a second from one to the next from noon on, each of its own kind unless templates are given."""
    count = len(texts)
    seconds = np.arange(count, dtype=np.int64)
    return Material(
        text=pl.Series(list(texts), dtype=pl.String),
        times=NOON + seconds * SECOND if times is None else np.array(times, np.int64),
        levels=np.broadcast_to(np.array(levels, np.uint8), count).copy(),
        streams=np.broadcast_to(np.array(streams, np.uint32), count).copy(),
        rows=1000 + 7 * seconds,
        templates=np.arange(count, dtype=np.int32) if templates is None else np.array(templates, np.int32),
        sources=SOURCES,
        facts=facts,
        spans=spans,
    )


def entry_lines(text: str) -> list[str]:
    """Return the lines of a packing that are entries."""
    return [line for line in text.split("\n") if line.startswith("[L")]
