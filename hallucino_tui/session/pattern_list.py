"""What there is to say of each template, made anew whenever somebody looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.logs.severity import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from hallucino_tui.insight.categories import Categories, Verdict
    from hallucino_tui.insight.templates.template import Template
    from hallucino_tui.session.mine import Mine

TREND: Final = 24
"""Buckets of a trend."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One template with what was counted of it.

    Attributes:
        number: Its number in this run.
        id: Its name, the same in every run.
        text: The template.
        count: How many lines.
        share: Which part of all lines.
        level: The level of most of them.
        streams: How many streams wrote it.
        first: Time of the earliest line in nanoseconds since the epoch; None if no line has a time.
        last: Time of the latest.
        trend: How many lines there were in each of `TREND` buckets of time.
        category: ``incident``, ``preventive_action`` or ``normal``.
        rule: The rule that said so.
        badge: ``new``, ``surging`` or ``vanished``; "" for none.
        evidence: Why it has the badge, in one phrase.
        surprise: How little the badge is to be expected, 0 for not surprising at all.
    """

    number: int
    id: str
    text: str
    count: int
    share: float
    level: Level
    streams: int
    first: int | None
    last: int | None
    trend: tuple[int, ...]
    category: str = ""
    rule: str = ""
    badge: str = ""
    evidence: str = ""
    surprise: float = 0.0


class PatternNews(NamedTuple):
    """What is otherwise than before.

    Attributes:
        badge: ``new``, ``surging`` or ``vanished``.
        evidence: Why, in one phrase.
        surprise: How little it was to be expected: the decimal digits of its probability.
    """

    badge: str
    evidence: str
    surprise: float


@dataclass(frozen=True, slots=True)
class PatternListing:
    """All templates at one moment.

    Attributes:
        patterns: The templates, the most frequent first.
        lines: Lines that are counted.
        frames: Those of them that only go on with a record, such as a stack trace: their templates are not listed.
        waiting: Rows that are not mined yet.
        missed: Lines that had left before they could be mined.
        span: From when to when the trends are, in nanoseconds since the epoch.
    """

    patterns: tuple[Pattern, ...] = ()
    lines: int = 0
    frames: int = 0
    waiting: int = 0
    missed: int = 0
    span: tuple[int, int] = (0, 0)


_NO_NEWS: Final = PatternNews("", "", 0.0)


class PatternLister:
    """Makes listings. Remembers what was said of a template's category."""

    def __init__(self, categories: Categories | None = None) -> None:
        """Prepare.

        Args:
            categories: Sorts templates; None for the rules without those of the user.
        """
        self._categories = categories
        self._verdicts: dict[tuple[str, Level], Verdict] = {}
        self.news: Mapping[int, PatternNews] = {}

    def read(self, mine: Mine, waiting: int, missed: int) -> PatternListing:
        """Return all templates as they are now. Takes some milliseconds for a thousand: not for a loop."""
        table = mine.counts.table(TREND, mine.owners())
        lines = mine.counts.lines
        sums, levels = table.levels.sum(axis=1), _levels(table.levels)
        frames = table.goes_on == sums
        order = np.argsort(-sums, kind="stable")
        listed: list[int] = order[(sums > 0)[order] & ~frames[order]].tolist()
        templates = [mine.miner.templates[number] for number in listed]
        verdicts = self._sort(templates, [Level(int(levels[number])) for number in listed])
        patterns: list[Pattern] = []
        for number, template, verdict in zip(listed, templates, verdicts, strict=True):
            timed, news = table.last[number] != NO_TIME, self.news.get(number, _NO_NEWS)
            patterns.append(
                Pattern(
                    number=number,
                    id=template.id,
                    text=template.text,
                    count=int(sums[number]),
                    share=int(sums[number]) / lines,
                    level=Level(int(levels[number])),
                    streams=int(table.streams[number]),
                    first=int(table.first[number]) if timed else None,
                    last=int(table.last[number]) if timed else None,
                    trend=tuple(table.trend.counts[number].tolist()),
                    category=verdict.category.value,
                    rule=verdict.rule,
                    badge=news.badge,
                    evidence=news.evidence,
                    surprise=news.surprise,
                )
            )
        span = (table.trend.start, table.trend.stop)
        return PatternListing(tuple(patterns), lines, int(sums[frames].sum()), waiting, missed, span)

    def _sort(self, templates: Sequence[Template], levels: Sequence[Level]) -> list[Verdict]:
        """Return what the rules say of templates, asking them only about those that are new."""
        keys = [(template.text, level) for template, level in zip(templates, levels, strict=True)]
        asked = [place for place, key in enumerate(keys) if key not in self._verdicts]
        if asked:
            if self._categories is None:
                from hallucino_tui.insight.categories import Categories  # noqa: PLC0415 - brings Polars

                self._categories = Categories()
            texts, examples = [keys[place][0] for place in asked], [templates[place].example for place in asked]
            said = self._categories.of_templates(texts, examples, [levels[place] for place in asked])
            self._verdicts.update(zip((keys[place] for place in asked), said, strict=True))
        return [self._verdicts[key] for key in keys]


def _levels(counts: np.ndarray[tuple[int, int], np.dtype[np.int64]]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the level of most lines of each template; the worse one of two that are as frequent."""
    width = counts.shape[1]
    return width - 1 - np.argmax(counts[:, ::-1], axis=1)


SORTS: Final = ("count", "newest", "level", "surprise")
"""What patterns can be sorted by."""


def ordered(patterns: Iterable[Pattern], sort: str, text: str = "") -> list[Pattern]:
    """Return the patterns that have a text in them, sorted.

    Args:
        patterns: The patterns.
        sort: One of `SORTS`.
        text: What is looked for, whatever its case; "" for all.
    """
    wanted = text.lower()
    found = [one for one in patterns if wanted in one.text.lower()] if wanted else list(patterns)
    found.sort(key=_KEYS[sort])
    return found


_KEYS: Final[Mapping[str, Callable[[Pattern], tuple[float, ...]]]] = {
    "count": lambda one: (-one.count, one.number),
    "newest": lambda one: (-(one.first or 0), one.number),
    "level": lambda one: (-one.level, -one.count, one.number),
    "surprise": lambda one: (-one.surprise, one.category != "incident", -one.level, -one.count, one.number),
}
