"""Everything that a question is about, before any of it is chosen, replaced or shortened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import polars as pl
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is known besides the lines: what the cluster did, what a pod says of itself, what was found.

    Attributes:
        text: What is known, one line.
        kind: ``event``, ``pod``, ``rollout``, ``surprise``, ``statement`` or ``gap``.
        time: Nanoseconds since the epoch; None if it has none.
        is_severe: Whether it tells of trouble.
        row: The row where the pane shows it; -1 if it does not.
    """

    text: str
    kind: str
    time: int | None = None
    is_severe: bool = False
    row: int = -1


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """n lines in columns, in the order in which they show, and what is known besides.

    Attributes:
        text: n strings, without the time that a cluster puts in front (String).
        times: n times in nanoseconds since the epoch, `NO_TIME` for none (int64).
        levels: n level codes with flags, see `hallucino_tui.logs.severity` (uint8).
        streams: n indices in `sources` (uint32).
        rows: n numbers by which who made this knows its lines (int64).
        templates: n numbers of templates, those of one kind of line alike (int32).
        sources: What each stream is called in one word, for example pod and container.
        facts: What is known besides the lines.
        spans: Where each compared part begins in the lines; empty if nothing is compared.
        in_keys: Indices of lines that are known to begin within a private key, by lines that are not among these.
    """

    text: pl.Series
    times: NDArray[np.int64]
    levels: NDArray[np.uint8]
    streams: NDArray[np.uint32]
    rows: NDArray[np.int64]
    templates: NDArray[np.int32]
    sources: Sequence[str]
    facts: Sequence[Fact] = ()
    spans: tuple[int, ...] = ()
    in_keys: Sequence[int] = ()

    def __len__(self) -> int:
        return len(self.times)
