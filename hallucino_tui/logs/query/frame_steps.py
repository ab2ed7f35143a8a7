"""Stages on many lines at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np
import polars as pl

from hallucino_tui.logs.query.ast import (
    Decolorize,
    Drop,
    Json,
    Keep,
    LabelFilter,
    LabelFormat,
    LineFilter,
    LineFormat,
    Logfmt,
    Pattern,
    Regexp,
)
from hallucino_tui.logs.query.frame import ERRORS, texts
from hallucino_tui.logs.query.frame_parsers import (
    JsonColumns,
    JsonPathColumns,
    LogfmtColumns,
    PatternColumns,
    RegexpColumns,
)
from hallucino_tui.logs.query.frame_tests import frame_test
from hallucino_tui.logs.query.label_names import ERROR, ERROR_DETAILS, LEVEL
from hallucino_tui.logs.query.label_test_parts import names_in
from hallucino_tui.logs.query.line_match import LineMatch
from hallucino_tui.logs.query.line_steps import COLOUR
from hallucino_tui.logs.query.text_match import TextMatch

if TYPE_CHECKING:
    from hallucino_tui.logs.query.ast import Named
    from hallucino_tui.logs.query.frame import Frame
    from hallucino_tui.logs.query.plan import Planned

_FIELD: Final = re.compile(r"\{\{ *\.([A-Za-z_][A-Za-z0-9_]*) *\}\}")


class FrameStep(Protocol):
    """One stage."""

    def run(self, frame: Frame) -> None:
        """Do to many lines what the stage does."""
        ...


def frame_step(planned: Planned) -> FrameStep | None:  # noqa: C901, PLR0911, PLR0912 - one case for each kind of stage
    """Return what applies a stage to many lines at once, or None if they have to go one by one from here on."""
    stage = planned.stage
    match stage:
        case LineFilter():
            return _LineFilter(stage)
        case LabelFilter():
            return None if _reads_details(stage) else _LabelFilter(stage)
        case Decolorize():
            return _Decolorize()
        case LineFormat():
            return _LineFormat.of(stage)
        case LabelFormat():
            return _Rename.of(planned, stage)
        case Drop():
            return None if _touches_level(stage.labels) else _Drop(stage)
        case Keep():
            return None if planned.wanted is None or LEVEL in planned.wanted else _Keep(stage, planned.wanted)
        case _:
            pass
    if planned.wanted is None:
        return None
    wanted = planned.wanted - {LEVEL}
    match stage:
        case Json():
            return (
                JsonPathColumns.of(stage, wanted) if stage.extractions else JsonColumns(wanted, errors=planned.errors)
            )
        case Logfmt():
            return LogfmtColumns.of(stage, wanted, errors=planned.errors)
        case Regexp():
            return RegexpColumns(stage, wanted)
        case Pattern():
            return PatternColumns(stage, wanted)
        case _:
            return None


class _LineFilter:
    def __init__(self, stage: LineFilter) -> None:
        self._match = LineMatch(stage)

    def run(self, frame: Frame) -> None:
        frame.keep(self._match.test(frame.lines))


class _LabelFilter:
    def __init__(self, stage: LabelFilter) -> None:
        self._test = frame_test(stage.test)

    def run(self, frame: Frame) -> None:
        frame.keep(self._test.test(frame, np.ones(len(frame), np.bool_)))


class _Decolorize:
    def run(self, frame: Frame) -> None:
        frame.lines = frame.lines.str.replace_all(COLOUR, "")


class _LineFormat:
    """A template that only puts labels between texts."""

    def __init__(self, parts: list[str]) -> None:
        self._parts = parts

    @classmethod
    def of(cls, stage: LineFormat) -> _LineFormat | None:
        parts = _FIELD.split(stage.template)
        plain = not any("{{" in part or "}}" in part for part in parts[::2])
        return cls(parts) if plain and not {ERROR, ERROR_DETAILS}.intersection(parts[1::2]) else None

    def run(self, frame: Frame) -> None:
        pieces = [
            pl.lit(texts(frame.get(part))) if number % 2 else pl.lit(part)
            for number, part in enumerate(self._parts)
            if part
        ]
        pieces.append(pl.lit(pl.Series([""]).new_from_index(0, len(frame))))
        frame.lines = pl.select(pl.concat_str(pieces)).to_series()


class _Rename:
    """``label_format`` as far as it renames labels."""

    def __init__(self, names: list[tuple[str, str]]) -> None:
        self._names = names

    @classmethod
    def of(cls, planned: Planned, stage: LabelFormat) -> _Rename | None:
        if planned.wanted is None or planned.errors:
            return None
        templates = {assignment.name for assignment in stage.assignments if assignment.is_template}
        names = [(assignment.name, assignment.value) for assignment in stage.assignments if not assignment.is_template]
        read = {value for _, value in names} | planned.wanted
        touched = {name for pair in names for name in pair}
        return None if templates & read or LEVEL in touched else cls(names)

    def run(self, frame: Frame) -> None:
        for name, old in self._names:
            values = frame.get(old)
            frame.put(name, values)
            frame.remove(old, values.is_not_null().to_numpy())


class _Drop:
    def __init__(self, stage: Drop) -> None:
        self._labels = _matches(stage.labels)

    def run(self, frame: Frame) -> None:
        for name, match in self._labels:
            if name == ERROR:
                _drop_errors(frame, match)
            elif name != ERROR_DETAILS:
                found = texts(frame.get(name))
                frame.remove(name, np.ones(len(frame), np.bool_) if match is None else match.test(found))


class _Keep:
    def __init__(self, stage: Keep, wanted: frozenset[str]) -> None:
        self._labels = _matches(stage.labels)
        self._wanted = wanted

    def run(self, frame: Frame) -> None:
        for name in self._wanted:
            kept = np.zeros(len(frame), np.bool_)
            for own, match in self._labels:
                if own == name:
                    kept |= np.True_ if match is None else match.test(texts(frame.get(name)))
            frame.remove(name, ~kept)


def _drop_errors(frame: Frame, match: TextMatch | None) -> None:
    if frame.errors is not None:
        table = np.ones(len(ERRORS), np.bool_) if match is None else match.test(pl.Series(ERRORS))
        frame.errors[table[frame.errors]] = 0


def _matches(labels: tuple[Named, ...]) -> list[tuple[str, TextMatch | None]]:
    return [(named.name, None if named.matcher is None else TextMatch(named.matcher)) for named in labels]


def _touches_level(labels: tuple[Named, ...]) -> bool:
    return any(named.name == LEVEL for named in labels)


def _reads_details(stage: LabelFilter) -> bool:
    return ERROR_DETAILS in names_in(stage.test)
