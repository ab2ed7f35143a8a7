"""Which kinds of lines are sent when not all lines fit: how many there are of each, and what matters first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.logs.severity import CONTINUED, LEVEL_BITS, Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from hallucino_tui.assistant.material import Material

_LOOKED_AT: Final = 2000
"""Characters of one line of each kind that are looked at for words of trouble."""

_TROUBLE: Final = (
    r"(?i)\b(?:errors?|err|fail(?:s|ed|ures?|ing)?|fatal|panic\w*|exceptions?|critical|abort\w*|crash\w*|denied|refused"
    r"|rejected|unauthori[sz]ed|forbidden|time[- ]?outs?|timed[- ]out|unreachable|unavailable|killed|oom|segfault"
    r"|corrupt\w*|deadlock\w*|invalid|illegal|lost|unable|cannot|can't|could ?n[o']t|exhausted|overflow|violation"
    r"|evicted|expired)\b|[a-z](?:Exception|Error)\b"
)
# The lines of a stack trace that say what went wrong.
_EXCEPTION: Final = r"(?:[\w$]+\.)*[A-Z][\w$]*(?:Exception|Error|Throwable)(?::|$)"
_CAUSE: Final = rf"^\s*(?:Caused by: |Suppressed: |panic: |fatal error: |{_EXCEPTION})"

_SEVERE: Final = 0
_TROUBLED: Final = 1
_ORDINARY: Final = 2
_FRAME: Final = 3

_FEW: Final = 2
"""A kind of so many lines is rare."""


@dataclass(frozen=True, slots=True, eq=False)
class Kinds:
    """The k kinds of lines that some material has, in the order of their first lines.

    Attributes:
        begins: Which is the first line of each (int64).
        shown: Which line stands for each: the first severe one, else the first one (int64).
        counts: k by s numbers: how many lines of each there are in each of the s compared parts; s is 1 if nothing is
            compared (int64).
        first: When the first line of each was, `NO_TIME` if none has a time (int64).
        last: When the last one was (int64).
        sources: How many streams they are of (uint32).
        last_severe: Which is the last severe line of each; -1 if none is severe (int64).
        worst: The worst level of each if it is a warning or worse, 0 otherwise (uint8).
        classes: What each is: severe, troubled (words that tell of trouble without a level), ordinary, or frame of a
            stack trace (uint8).
    """

    begins: NDArray[np.int64]
    shown: NDArray[np.int64]
    counts: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    sources: NDArray[np.uint32]
    last_severe: NDArray[np.int64]
    worst: NDArray[np.uint8]
    classes: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.shown)

    @property
    def totals(self) -> NDArray[np.int64]:
        """How many lines there are of each kind."""
        return np.asarray(self.counts.sum(axis=1), np.int64)

    @property
    def is_severe(self) -> NDArray[np.bool_]:
        """Which of them have a line of level warning or worse."""
        return self.worst > 0

    @property
    def has_further(self) -> NDArray[np.bool_]:
        """Which of them have a severe line besides the one that stands for them."""
        return (self.last_severe >= 0) & (self.last_severe != self.shown)

    @property
    def part(self) -> NDArray[np.int64]:
        """In which of the s compared parts each kind is; s if it is in several."""
        parts = np.argmax(self.counts, axis=1)
        parts[np.count_nonzero(self.counts, axis=1) > 1] = self.counts.shape[1]
        return parts

    def most_important(self, most: int) -> NDArray[np.int64]:
        """Return at most so many kinds, in which all are that `choose` would want most, ascending."""
        if len(self) <= most:
            return np.arange(len(self))
        frequent = np.argsort(-self.totals, kind="stable")
        ranks = np.full(len(self), len(self), np.int64)
        for order in (frequent, self._severe(), self._troubled(), self._rare()):
            ranks[order] = np.minimum(ranks[order], np.arange(len(order)))
        return np.sort(np.argsort(ranks, kind="stable")[:most])

    def choose(self, costs: NDArray[np.float64], budget: float) -> NDArray[np.int64]:
        """Return the kinds that a budget holds, ascending.

        What is most frequent comes first, but only a little; then what is severe, what tells of trouble, what is
        frequent, what is rare, each up to its share; in the end whatever fits.

        Args:
            costs: What each would cost, k numbers.
            budget: What all may cost.
        """
        kept = np.zeros(len(self), np.bool_)
        used: float = 0.0
        prices: list[float] = costs.tolist()
        for order, share in self._rounds():
            kinds: list[int] = order.tolist()
            for kind in kinds:
                if not kept[kind] and used + prices[kind] <= share * budget:
                    kept[kind] = True
                    used += prices[kind]
        return np.flatnonzero(kept)

    def _rounds(self) -> Iterator[tuple[NDArray[np.int64], float]]:
        frequent = np.argsort(-self.totals, kind="stable")
        said = frequent[self.classes[frequent] != _FRAME]
        yield frequent[:1], 0.4
        yield frequent, 0.1
        yield self._severe(), 0.72
        yield self._troubled(), 0.78
        if self.counts.shape[1] > 1:
            yield said[self.part[said] < self.counts.shape[1]], 0.85
        yield said, 0.93
        yield self._rare(), 0.97
        yield frequent, 1.0

    def _severe(self) -> NDArray[np.int64]:
        severe = np.flatnonzero(self.is_severe)
        shared = self.part[severe] == self.counts.shape[1] if self.counts.shape[1] > 1 else np.zeros(len(severe))
        return severe[np.lexsort((-self.totals[severe], -self.worst[severe].astype(np.int64), shared))]

    def _troubled(self) -> NDArray[np.int64]:
        troubled = np.flatnonzero(self.classes == _TROUBLED)
        return troubled[np.argsort(-self.totals[troubled], kind="stable")]

    def _rare(self) -> NDArray[np.int64]:
        rare = np.flatnonzero((self.totals <= _FEW) & (self.classes != _FRAME))
        return rare[np.argsort(self.classes[rare], kind="stable")]


def find_kinds(material: Material) -> Kinds:
    """Count the kinds of lines of some material: no step of it is taken line by line."""
    parts = max(len(material.spans), 1)
    number = np.arange(len(material))
    part = np.searchsorted(material.spans, number, side="right") - 1 if material.spans else np.zeros_like(number)
    continued = (material.levels & CONTINUED) != 0
    level = material.levels & LEVEL_BITS
    severe = (level >= Level.WARN) & ~continued
    columns = pl.DataFrame(
        {
            "template": material.templates,
            "number": number,
            "time": material.times,
            "stream": material.streams,
            "severe": severe,
            "level": np.where(severe, level, 0).astype(np.uint8),
            "unknown": level == Level.UNKNOWN,
            "frame": continued & ~_edges(material.streams, continued),
            "part": np.maximum(part, 0),
        }
    )
    time = pl.col("time").filter(pl.col("time") != NO_TIME)
    found = (
        columns.group_by("template")
        .agg(
            pl.col("number").first(),
            time.min().fill_null(NO_TIME).alias("first"),
            time.max().fill_null(NO_TIME).alias("last"),
            pl.col("stream").n_unique().alias("sources"),
            pl.col("number").filter(pl.col("severe")).first().fill_null(-1).alias("first_severe"),
            pl.col("number").filter(pl.col("severe")).last().fill_null(-1).alias("last_severe"),
            pl.col("level").max(),
            pl.col("unknown").any(),
            pl.col("frame").all(),
            *((pl.col("part") == place).sum().cast(pl.Int64).alias(f"part{place}") for place in range(parts)),
        )
        .sort("number")
    )
    first_severe = found["first_severe"].to_numpy()
    shown = np.where(first_severe >= 0, first_severe, found["number"].to_numpy())
    return Kinds(
        begins=found["number"].to_numpy(),
        shown=shown,
        counts=np.column_stack([found[f"part{place}"].to_numpy() for place in range(parts)]),
        first=found["first"].to_numpy(),
        last=found["last"].to_numpy(),
        sources=found["sources"].to_numpy(),
        last_severe=found["last_severe"].to_numpy(),
        worst=found["level"].to_numpy(),
        classes=_classes(material.text.gather(shown), found),
    )


def _classes(lines: pl.Series, found: pl.DataFrame) -> NDArray[np.uint8]:
    """Return what each kind is, see `Kinds.classes`.

    Args:
        lines: A line of each.
        found: What was found of each.
    """
    lines = lines.str.slice(0, _LOOKED_AT)
    cause = lines.str.contains(_CAUSE).fill_null(value=False).to_numpy()
    trouble = lines.str.contains(_TROUBLE).fill_null(value=False).to_numpy() & found["unknown"].to_numpy()
    frame = found["frame"].to_numpy()
    classes = np.where(frame, _FRAME, np.where(trouble, _TROUBLED, _ORDINARY))
    classes[cause] = _TROUBLED
    classes[found["level"].to_numpy() > 0] = _SEVERE
    return classes.astype(np.uint8)


def _edges(streams: NDArray[np.uint32], continued: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Say which of the lines that go on with a record are the first or the last of it."""
    if not continued.any():
        return continued
    order = np.argsort(streams, kind="stable")
    inside = continued[order]
    same = np.zeros(len(order), np.bool_)
    same[1:] = streams[order][1:] == streams[order][:-1]
    before = np.concatenate([[False], inside[:-1]]) & same
    after = np.concatenate([inside[1:] & same[1:], [False]])
    edges = np.empty_like(continued)
    edges[order] = inside & ~(before & after)
    return edges
