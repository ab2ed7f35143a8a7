"""What can be said without a model of lines that are compared, or that are to be explained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from hallucino_tui.insight.lines import Lines
from hallucino_tui.insight.report.quoting import between, gist, quote
from hallucino_tui.insight.wording import how_many
from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.logs.severity import CONTINUED, LEVEL_BITS, Level
from hallucino_tui.session.collect import count_words
from hallucino_tui.session.evidence import Gathered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from hallucino_tui.session.material import Known

_MOST: Final = 6


@dataclass(frozen=True, slots=True)
class _Kind:
    """Lines of one template.

    Attributes:
        counts: How many there are in part A, and in part B.
        level: The worst level of them.
        index: One of them, the first that can be cited.
    """

    counts: tuple[int, int]
    level: Level
    index: int

    @property
    def order(self) -> tuple[int, int, int]:
        """What sorts the worst first, then those whose numbers differ most."""
        return -max(self.level, Level.INFO), -abs(self.counts[0] - self.counts[1]), self.index


def tell_differences(known: Known, cited: Sequence[int]) -> str:
    """Return in what two parts of lines differ, as Markdown.

    Args:
        known: The lines of both parts, one after the other.
        cited: The numbers of lines that have ids from ``L1`` on.
    """
    cut = known.spans[1]
    ids = {row: number for number, row in enumerate(cited, start=1) if row >= 0}
    kinds = sorted(_kinds(known, cut, ids), key=lambda kind: kind.order)
    parts = ["### Counted", "", f"- Part A: {_size(known, 0, cut)}", f"- Part B: {_size(known, cut, None)}"]
    for title, own in (
        ("Only in part A", [kind for kind in kinds if not kind.counts[1]]),
        ("Only in part B", [kind for kind in kinds if not kind.counts[0]]),
        ("In both, part A against part B", [kind for kind in kinds if all(kind.counts)]),
    ):
        if own:
            parts += ["", f"**{title}**", "", *(_item(known, kind, ids) for kind in own[:_MOST])]
        if len(own) > _MOST:
            parts.append(f"- and {how_many(len(own) - _MOST, 'more kind')}")
    return "\n".join(parts)


def tell_of_lines(known: Known, rows: Sequence[int] | NDArray[np.int64], cited: Sequence[int]) -> str:
    """Return what can be counted of lines that are to be explained, and how many like them stand around them.

    Args:
        known: These lines, and those around them.
        rows: The numbers of these lines.
        cited: The numbers of lines that have ids from ``L1`` on.
    """
    own = np.isin(known.gathered.numbers, np.asarray(rows, np.int64))
    words = count_words(_some(known.gathered, own), cited)
    around = known.gathered.numbers[~own]
    if not len(around) or not own.any():
        return words
    alike = int(np.isin(known.templates[~own], known.templates[own]).sum())
    return f"{words}\n\n{how_many(len(around), 'line')} around, {f'{alike:,}' if alike else 'none'} of the same kind."


def _kinds(known: Known, cut: int, ids: dict[int, int]) -> Iterator[_Kind]:
    levels = known.gathered.lines.levels
    heads = np.flatnonzero((levels & CONTINUED) == 0)
    # Of a kind, a line that can be cited stands for all.
    has_id = np.isin(known.gathered.numbers[heads], np.fromiter(ids, np.int64))
    heads = heads[np.argsort(~has_id, kind="stable")]
    numbers, firsts, places = np.unique(known.templates[heads], return_index=True, return_inverse=True)
    is_second = heads >= cut
    first = np.bincount(places[~is_second], minlength=len(numbers))
    second = np.bincount(places[is_second], minlength=len(numbers))
    worst = np.zeros(len(numbers), np.uint8)
    np.maximum.at(worst, places, levels[heads] & LEVEL_BITS)
    for place, index in enumerate(heads[firsts].tolist()):
        yield _Kind((int(first[place]), int(second[place])), Level(int(worst[place])), index)


def _size(known: Known, start: int, stop: int | None) -> str:
    """Return how many lines a part has, of how many streams, how many of them are warnings or errors, and when."""
    lines = known.gathered.lines
    levels = lines.levels[start:stop]
    levels = levels[(levels & CONTINUED) == 0] & LEVEL_BITS
    size, streams = len(lines.levels[start:stop]), len(np.unique(lines.streams[start:stop]))
    errors, warnings = int((levels >= Level.ERROR).sum()), int((levels == Level.WARN).sum())
    words = [f"{how_many(size, 'line')} of {how_many(streams, 'stream')}"]
    words += [how_many(errors, "error")] if errors else []
    words += [how_many(warnings, "warning")] if warnings else []
    times = lines.times[start:stop]
    times = times[times != NO_TIME]
    words += [f"{between(int(times.min()), int(times.max()))} UTC"] if len(times) else []
    return ", ".join(words)


def _item(known: Known, kind: _Kind, ids: dict[int, int]) -> str:
    number = ids.get(int(known.gathered.numbers[kind.index]))
    cited = f" [L{number}]" if number else ""
    first, second = kind.counts
    count = f"{first:,} against {second:,}" if first and second else f"{first or second:,}"
    level = "" if kind.level is Level.UNKNOWN else f"{kind.level.name.lower()} "
    return f"- {count} × {level}{quote(gist(str(known.gathered.lines.text[kind.index])))}{cited}"


def _some(gathered: Gathered, chosen: NDArray[np.bool_]) -> Gathered:
    lines = gathered.lines
    some = Lines(
        lines.text.filter(chosen), lines.times[chosen], lines.levels[chosen], lines.streams[chosen], lines.table
    )
    return Gathered(some, gathered.numbers[chosen])
