"""Templates as a table that a reader takes in, or as one JSON object."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np
import polars as pl

from hallucino_tui.cli.mined import SORTS
from hallucino_tui.insight.templates.query import hiding_query_of, query_of
from hallucino_tui.logs.moment import NANOSECONDS, format_prefix
from hallucino_tui.logs.severity import Level
from hallucino_tui.logs.text import shown
from hallucino_tui.session.leaving import Leaving

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.redact import Redactor
    from hallucino_tui.cli.mined import Mined, Pattern
    from hallucino_tui.insight.categories import Categories, Verdict

_LONGEST: Final = 2000
"""Characters of an example that are printed."""

_NARROWEST: Final = 20


class Output:
    """Writes what was mined."""

    def __init__(
        self, mined: Mined, categories: Categories, redactor: Redactor, *, sort: str, limit: int | None
    ) -> None:
        """Prepare.

        Args:
            mined: What was mined.
            categories: Says what templates are about.
            redactor: Replaces secrets.
            sort: One of `SORTS`.
            limit: How many templates to show; None for all.
        """
        patterns = mined.patterns()
        self._mined = mined
        self._all = len(patterns)
        self._patterns = sorted(patterns, key=SORTS[sort])[:limit]
        self._verdicts = categories.of_templates(
            [one.template.text for one in self._patterns],
            [one.template.example for one in self._patterns],
            [one.level for one in self._patterns],
        )
        examples = dict.fromkeys(one.template.example for one in self._patterns)
        hidden = [line for line in mined.hidden if line in examples]
        everywhere = range(len(hidden))
        made = redactor.redact_series(
            pl.Series(hidden, dtype=pl.String), np.zeros(len(hidden), np.uint32), inside=everywhere
        )
        self._leaving = Leaving(redactor, hidden, made.to_list())

    def json(self, *, lines: bool) -> bytes:
        """Return one JSON object and a newline.

        Args:
            lines: Whether the template of every line is in it.
        """
        mined = self._mined
        found: dict[str, Any] = {
            "files": [{"file": part.name, "first_line": part.first_line, "lines": part.lines} for part in mined.parts],
            "line_count": mined.lines,
            "template_count": self._all,
            "templates": list(map(self._object, self._patterns, self._verdicts)),
        }
        if lines:
            found["lines"] = mined.ids()
        return msgspec.json.encode(found) + b"\n"

    def _object(self, one: Pattern, verdict: Verdict) -> dict[str, Any]:
        template, leaving = one.template, self._leaving
        example = template.example
        return {
            "id": template.id,
            "template": leaving.template(template.text, example),
            "count": one.count,
            "share": round(self._share(one), 6),
            "level": one.level.name.lower(),
            "levels": one.levels,
            "streams": one.streams,
            "first_line": one.first_line,
            "last_line": one.last_line,
            "first_time": None if one.first_time is None else format_prefix(one.first_time),
            "last_time": None if one.last_time is None else format_prefix(one.last_time),
            "category": verdict.category.value,
            "rule": verdict.rule,
            "example": leaving.line(example)[:_LONGEST],
            "query": leaving.query(query_of(template), example),
            "hiding_query": leaving.query(hiding_query_of(template), example),
        }

    def table(self, *, is_terminal: bool) -> str:
        """Return a table with a line above that says what it is about.

        Args:
            is_terminal: Whether lines are cut where the terminal ends.
        """
        days = {_day(time) for one in self._patterns for time in (one.first_time, one.last_time) if time is not None}
        clock = "%H:%M:%S" if len(days) == 1 else "%m-%d %H:%M:%S"
        header = ("count", "share", "level", "category", "first", "last", "streams", "template")
        rows = [self._row(*each, clock) for each in zip(self._patterns, self._verdicts, strict=True)]
        several = len({one.streams for one in self._patterns}) > 1 or any(one.streams > 1 for one in self._patterns)
        timed = bool(days)
        kept = [
            place
            for place, name in enumerate(header)
            if (several or name != "streams") and (timed or name not in {"first", "last"})
        ]
        columns = [[header[place], *(row[place] for row in rows)] for place in kept]
        widths = [max(map(len, column)) for column in columns[:-1]]
        room = shutil.get_terminal_size().columns - sum(widths) - 2 * len(widths) if is_terminal else 0
        lines = [self._title(days)]
        for cells in zip(*columns, strict=True):
            *first, template = cells
            padded = [
                cell.rjust(width) if header[kept[place]] in {"count", "share", "streams"} else cell.ljust(width)
                for place, (cell, width) in enumerate(zip(first, widths, strict=True))
            ]
            lines.append("  ".join([*padded, _cut(template, max(room, _NARROWEST)) if is_terminal else template]))
        return "".join(f"{line.rstrip()}\n" for line in lines) + self._rest()

    def _title(self, days: set[str]) -> str:
        count = self._mined.count
        when = f", {min(days)} UTC" if len(days) == 1 else f", {min(days)} to {max(days)} UTC" if days else ""
        return f"{count:,} {_plural(count, 'line')}, {self._all:,} {_plural(self._all, 'template')}{when}"

    def _rest(self) -> str:
        left = self._all - len(self._patterns)
        if not left:
            return ""
        lines = self._mined.count - sum(one.count for one in self._patterns)
        return f"and {left:,} more with {lines:,} {_plural(lines, 'line')}; --limit 0 shows all\n"

    def _row(self, one: Pattern, verdict: Verdict, clock: str) -> Sequence[str]:
        first, last = ("" if time is None else _moment(time, clock) for time in (one.first_time, one.last_time))
        return (
            f"{one.count:,}",
            f"{100 * self._share(one):.1f}%",
            "" if one.level is Level.UNKNOWN else one.level.name.lower(),
            verdict.category.value.replace("_action", ""),
            first,
            last,
            f"{one.streams:,}",
            shown(self._leaving.template(one.template.text, one.template.example).replace("\t", " ")),
        )

    def _share(self, one: Pattern) -> float:
        return one.count / max(self._mined.count, 1)


def _day(time: int) -> str:
    return _moment(time, "%Y-%m-%d")


def _moment(time: int, form: str) -> str:
    return datetime.fromtimestamp(time // NANOSECONDS, UTC).strftime(form)


def _plural(count: int, word: str) -> str:
    return word if count == 1 else f"{word}s"


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[: room - 1]}…"
