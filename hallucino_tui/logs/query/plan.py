"""What of a query has to be done to know which lines pass, and in which order that is quickest.

Most stages only change what is shown. One that no later filter depends on is left out; line filters and tests of the
severity come first, where the lines are still as they lie in the store.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from hallucino_tui.logs.query.ast import (
    And,
    Decolorize,
    Drop,
    Json,
    Keep,
    LabelFilter,
    LabelFormat,
    LevelTest,
    LineFilter,
    LineFormat,
    Logfmt,
    Matcher,
    Pattern,
    Regexp,
    Unpack,
)
from hallucino_tui.logs.query.implied import implied_by
from hallucino_tui.logs.query.label_names import ERROR, ERROR_DETAILS, LEVEL, SUFFIX
from hallucino_tui.logs.query.label_test_parts import names_in, reads_errors, tests_level
from hallucino_tui.logs.query.patterns import Capture, parse_pattern
from hallucino_tui.logs.query.regex import read
from hallucino_tui.logs.query.selector import level_mask_of
from hallucino_tui.logs.query.text_match import level_mask, level_test_mask

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from hallucino_tui.logs.query.ast import Query, Stage, Test
    from hallucino_tui.logs.query.template import Template

_CHANGE_LINES = Unpack | Decolorize | LineFormat


@dataclass(frozen=True, slots=True)
class Planned:
    """A stage that has to be done.

    Attributes:
        stage: What it is.
        wanted: The labels that later stages read, None for all.
        errors: Whether later stages read whether something went wrong.
    """

    stage: Stage
    wanted: frozenset[str] | None
    errors: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What has to be done.

    Attributes:
        line_filters: They look at the lines as they came.
        levels: Which severities pass: eight truth values.
        stages: What comes after that.
        implied: Line filters that hold because a label filter does, each with the label that it is about. They do not
            hold for lines of streams that have the label themselves.
        reads_level: Whether a stage reads the severity.
        reads_time: Whether a stage reads the time.
    """

    line_filters: tuple[LineFilter, ...]
    levels: NDArray[np.bool_]
    stages: tuple[Planned, ...]
    implied: tuple[tuple[str, LineFilter], ...]
    reads_level: bool
    reads_time: bool

    @property
    def reads_errors(self) -> bool:
        """Whether any stage reads what went wrong; a label filter also reads what it noted itself."""
        return any(
            planned.errors or (isinstance(planned.stage, LabelFilter) and reads_errors(planned.stage.test))
            for planned in self.stages
        )

    @property
    def query_stages(self) -> tuple[Stage, ...]:
        """The stages alone."""
        return tuple(planned.stage for planned in self.stages)


@dataclass(slots=True)
class _Needs:
    """What the stages behind some place read. `labels` is None for all."""

    labels: set[str] | None = field(default_factory=set[str])
    errors: bool = False
    line: bool = False

    def read(self, names: Iterable[str]) -> None:
        """Note that labels are read."""
        for name in names:
            if name in {ERROR, ERROR_DETAILS}:
                self.errors = True
            elif self.labels is not None:
                self.labels.add(name)

    def reads_any(self, names: Iterable[str] | None = None) -> bool:
        """Say whether any of some labels is read; with None, whether any label that a line may hold is."""
        if self.labels is None:
            return True
        return bool(self.labels - {LEVEL}) if names is None else not self.labels.isdisjoint(names)


def plan(query: Query) -> Plan:
    """Return what has to be done for a query."""
    kept, reads_level = _needed(query.stages)
    first: list[LineFilter] = []
    rest: list[Planned] = []
    levels = level_mask_of(query)
    own_level = not any(_may_write_level(planned.stage) for planned in kept)
    changed = False
    for planned in kept:
        changed = changed or isinstance(planned.stage, _CHANGE_LINES)
        if isinstance(planned.stage, LineFilter) and not changed:
            first.append(planned.stage)
        elif isinstance(planned.stage, LabelFilter) and own_level:
            mask, test = _without_levels(planned.stage.test)
            levels = levels & mask
            if test is not None:
                rest.append(Planned(LabelFilter(test), planned.wanted, planned.errors))
        else:
            rest.append(planned)
    templates = any(isinstance(planned.stage, LineFormat | LabelFormat) for planned in rest)
    # The filters that moved to the front may have been all that the last stages were for.
    if len(rest) < len(kept) and rest:
        rest, reads_level = _needed([planned.stage for planned in rest])
    return Plan(
        tuple(first), levels, tuple(rest), tuple(implied_by(planned.stage for planned in rest)), reads_level, templates
    )


def _needed(stages: Iterable[Stage]) -> tuple[list[Planned], bool]:
    """Return the stages that decide which lines pass, and whether the severity is read."""
    needs = _Needs()
    kept: list[Planned] = []
    reads_level = False
    for stage in reversed(list(stages)):
        wanted = None if needs.labels is None else frozenset(needs.labels)
        planned = Planned(stage, wanted, needs.errors)
        if _walk_back(stage, needs):
            kept.append(planned)
            reads_level = reads_level or needs.labels is None or LEVEL in needs.labels
            reads_level = reads_level or (isinstance(stage, LabelFilter) and tests_level(stage.test))
    return kept[::-1], reads_level


def _walk_back(stage: Stage, needs: _Needs) -> bool:  # noqa: PLR0911 - one case for each kind of stage
    """Add what a stage reads to what is read behind it. Return whether the stage matters."""
    match stage:
        case LineFilter():
            needs.line = True
            return True
        case LabelFilter():
            needs.read(names_in(stage.test))
            needs.errors = needs.errors or reads_errors(stage.test)
            return True
        case Json() | Logfmt() | Regexp() | Pattern() | Unpack():
            fails = needs.errors and not isinstance(stage, Regexp | Pattern)
            changes = needs.line and isinstance(stage, Unpack)
            if not (fails or changes or needs.reads_any(_given_by(stage))):
                return False
            needs.line = True
            return True
        case Decolorize():
            return needs.line
        case LineFormat():
            return _format_line(stage, needs)
        case LabelFormat():
            return _format_labels(stage, needs)
        case Drop():
            names = {named.name for named in stage.labels}
            return needs.reads_any(names) or (needs.errors and not names.isdisjoint({ERROR, ERROR_DETAILS}))
        case Keep():
            always = {named.name for named in stage.labels if named.matcher is None}
            return needs.labels is None or bool(needs.labels - always)


def _format_line(stage: LineFormat, needs: _Needs) -> bool:
    if not (needs.line or needs.errors):
        return False
    _read_template(template_of(stage.template), needs)
    needs.line = True  # where the template fails, the line stays
    return True


def _format_labels(stage: LabelFormat, needs: _Needs) -> bool:
    touched = {assignment.name for assignment in stage.assignments}
    touched |= {assignment.value for assignment in stage.assignments if not assignment.is_template}
    templates = [template_of(assignment.value) for assignment in stage.assignments if assignment.is_template]
    if not (needs.reads_any(touched) or (needs.errors and templates)):
        return False
    needs.read(assignment.value for assignment in stage.assignments if not assignment.is_template)
    for template in templates:
        _read_template(template, needs)
    return True


def _read_template(template: Template, needs: _Needs) -> None:
    needs.read(template.labels)
    if template.reads_all:
        needs.labels = None
        needs.errors = True
    needs.line = needs.line or template.reads_line


@functools.lru_cache(maxsize=64)
def template_of(text: str) -> Template:
    """Return a template that the parser of queries has accepted."""
    from hallucino_tui.logs.query.template import parse_template  # noqa: PLC0415 - few queries have one

    return parse_template(text)


def _given_by(stage: Stage) -> set[str] | None:
    """Return the labels that a stage may set, None for any."""
    names: set[str] = set()
    if isinstance(stage, Json | Logfmt):
        names = {extraction.name for extraction in stage.extractions}
    elif isinstance(stage, Regexp):
        names = set(read(stage.pattern).names)
    elif isinstance(stage, Pattern):
        names = {part.name for part in parse_pattern(stage.pattern) if isinstance(part, Capture) and part.name}
    return names | {name + SUFFIX for name in names} if names else None


def _may_write_level(stage: Stage) -> bool:
    if isinstance(stage, LabelFormat):
        names = {assignment.name for assignment in stage.assignments}
        return LEVEL in names | {assignment.value for assignment in stage.assignments if not assignment.is_template}
    return isinstance(stage, Keep) or (isinstance(stage, Drop) and any(named.name == LEVEL for named in stage.labels))


def _without_levels(test: Test) -> tuple[NDArray[np.bool_], Test | None]:
    """Take the tests of the severity out that always have to pass; return which severities do, and the other tests."""
    if isinstance(test, LevelTest):
        return level_test_mask(test), None
    if isinstance(test, Matcher) and test.name == LEVEL:
        return level_mask(test), None
    if isinstance(test, And):
        left_mask, left = _without_levels(test.left)
        right_mask, right = _without_levels(test.right)
        both = And(left, right) if left is not None and right is not None else left or right
        return left_mask & right_mask, both
    return np.ones(8, np.bool_), test
