"""Stages that stop single lines, or change their text and their labels."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import polars as pl

from hallucino_tui.logs.query.label_names import ERROR, ERROR_DETAILS, TEMPLATE_ERROR
from hallucino_tui.logs.query.label_tests import line_test
from hallucino_tui.logs.query.line_match import LineMatch
from hallucino_tui.logs.query.template_values import TemplateFailure
from hallucino_tui.logs.query.text_match import TextMatch

if TYPE_CHECKING:
    from hallucino_tui.logs.query.ast import (
        Assignment,
        Drop,
        Keep,
        LabelFilter,
        LabelFormat,
        LineFilter,
        LineFormat,
        Matcher,
    )
    from hallucino_tui.logs.query.line_state import LineState

COLOUR: Final = (
    "[\u001b\u009b][\\[\\]()#;?]*"
    "(?:(?:(?:[a-zA-Z0-9]*(?:;[a-zA-Z0-9]*)*)?\u0007)|(?:(?:[0-9]{1,4}(?:;[0-9]{0,4})*)?[0-9A-PRZcf-ntqry=><~]))"
)
"""What ``decolorize`` takes out: a regular expression for Python and for Polars."""
_COLOUR: Final = re.compile(COLOUR)


class LineFilterStep:
    """A line filter."""

    def __init__(self, stage: LineFilter) -> None:
        self._match = LineMatch(stage)

    def run(self, lines: list[LineState]) -> list[LineState]:
        """Return the lines whose text passes."""
        passed = self._match.test(pl.Series([line.line for line in lines], dtype=pl.String)).tolist()
        return [line for line, passes in zip(lines, passed, strict=True) if passes]


class LabelFilterStep:
    """A label filter."""

    def __init__(self, stage: LabelFilter) -> None:
        self._test = line_test(stage.test)

    def run(self, lines: list[LineState]) -> list[LineState]:
        """Return the lines whose labels pass."""
        passed = self._test.test(lines).tolist()
        return [line for line, passes in zip(lines, passed, strict=True) if passes]


class DecolorizeStep:
    """``decolorize``."""

    def run(self, lines: list[LineState]) -> list[LineState]:
        """Take the colours out."""
        for line in lines:
            line.line = _COLOUR.sub("", line.line)
        return lines


class LineFormatStep:
    """``line_format``."""

    def __init__(self, stage: LineFormat) -> None:
        from hallucino_tui.logs.query.template import parse_template  # noqa: PLC0415 - few queries have one

        self._template = parse_template(stage.template)

    def run(self, lines: list[LineState]) -> list[LineState]:
        """Change the texts."""
        for line in lines:
            try:
                line.line = self._template.render(line.labels(), line.line, line.time)
            except TemplateFailure as failure:
                line.fail(TEMPLATE_ERROR, str(failure))
        return lines


class LabelFormatStep:
    """``label_format``. All its templates see the labels as they are when the first of them runs."""

    def __init__(self, stage: LabelFormat) -> None:
        from hallucino_tui.logs.query.template import parse_template  # noqa: PLC0415 - few queries have one

        self._parts = [
            (assignment, parse_template(assignment.value) if assignment.is_template else None)
            for assignment in stage.assignments
        ]

    def run(self, lines: list[LineState]) -> list[LineState]:
        """Change the labels."""
        for line in lines:
            labels: dict[str, str] | None = None
            for assignment, template in self._parts:
                if template is None:
                    rename(line, assignment)
                    continue
                labels = line.labels() if labels is None else labels
                try:
                    line.put(assignment.name, template.render(labels, line.line, line.time))
                except TemplateFailure as failure:
                    line.fail(TEMPLATE_ERROR, str(failure))
        return lines


def rename(line: LineState, assignment: Assignment) -> None:
    """Give a label another name, if it is there."""
    value = line.get(assignment.value)
    if value is not None:
        line.put(assignment.name, value)
        line.remove(assignment.value)


class DropStep:
    """``drop``."""

    def __init__(self, stage: Drop) -> None:
        self._labels = [(named.name, _match(named.matcher)) for named in stage.labels]

    def run(self, lines: list[LineState]) -> list[LineState]:
        """Take labels away."""
        for line in lines:
            for name, match in self._labels:
                if match is not None and not match.test_one(line.text(name)):
                    continue
                if name == ERROR:
                    line.error = ""
                elif name == ERROR_DETAILS:
                    line.details = ""
                elif match is not None or line.get(name) is not None:
                    line.remove(name)
        return lines


class KeepStep:
    """``keep``. Errors are kept always."""

    def __init__(self, stage: Keep) -> None:
        self._labels = [(named.name, _match(named.matcher)) for named in stage.labels]

    def run(self, lines: list[LineState]) -> list[LineState]:
        """Take labels away."""
        for line in lines:
            for name, value in line.labels().items():
                if name not in {ERROR, ERROR_DETAILS} and not self._keeps(name, value):
                    line.remove(name)
        return lines

    def _keeps(self, name: str, value: str) -> bool:
        return any(own == name and (match is None or match.test_one(value)) for own, match in self._labels)


def _match(matcher: Matcher | None) -> TextMatch | None:
    return None if matcher is None else TextMatch(matcher)
