"""The stages of a query on single lines: what is shown of the lines that a view has found.

It says the same as `evaluate.Matching` about which lines pass, slowly but with all that a line becomes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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
    Unpack,
)
from hallucino_tui.logs.query.line_state import Item, LineState
from hallucino_tui.logs.query.line_steps import (
    DecolorizeStep,
    DropStep,
    KeepStep,
    LabelFilterStep,
    LabelFormatStep,
    LineFilterStep,
    LineFormatStep,
)
from hallucino_tui.logs.query.parse_steps import (
    JsonPathsStep,
    JsonStep,
    LogfmtKeysStep,
    LogfmtStep,
    PatternStep,
    RegexpStep,
    UnpackStep,
)
from hallucino_tui.logs.query.selector import level_mask_of, stream_matches

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hallucino_tui.logs.query.ast import Query, Stage
    from hallucino_tui.logs.query.parse_steps import Step
    from hallucino_tui.logs.severity import Level


@dataclass(frozen=True, slots=True)
class Processed:
    """A line as it is shown.

    Attributes:
        line: Its text.
        labels: All its labels: those of the stream, ``level``, what the stages found, and ``__error__``.
    """

    line: str
    labels: dict[str, str]


class Pipeline:
    """Applies a query to single lines. Any thread may use it."""

    def __init__(self, query: Query) -> None:
        self._matches = stream_matches(query)
        self._levels = level_mask_of(query)
        self._steps = [step_of(stage) for stage in query.stages]

    def run(self, line: str, labels: Mapping[str, str], time: int, level: Level) -> Processed | None:
        """Return what a line becomes, or None if it does not pass.

        Args:
            line: Its text.
            labels: The labels of its stream.
            time: Nanoseconds since the epoch.
            level: Its severity.
        """
        return self.run_all([Item(line, labels, time, level)])[0]

    def run_all(self, items: Sequence[Item]) -> list[Processed | None]:
        """Return what each of n lines becomes. For many lines this is quicker than one by one."""
        states = [LineState(item) for item in items]
        passed = [
            state for state, item in zip(states, items, strict=True) if self._levels[item.level] and self._selects(item)
        ]
        shown = {id(state): Processed(state.line, state.labels()) for state in self.survivors(passed)}
        return [shown.get(id(state)) for state in states]

    def survivors(self, states: list[LineState]) -> list[LineState]:
        """Apply the stages, without the selector, and return the lines that pass; they are changed."""
        for step in self._steps:
            if not states:
                break
            states = step.run(states)
        return states

    def _selects(self, item: Item) -> bool:
        return all(match.test_one(item.labels.get(name, "")) for name, match in self._matches)


def step_of(stage: Stage) -> Step:  # noqa: C901, PLR0911 - one line for each kind of stage
    """Return what applies a stage to single lines."""
    match stage:
        case LineFilter():
            return LineFilterStep(stage)
        case LabelFilter():
            return LabelFilterStep(stage)
        case Json():
            return JsonPathsStep(stage) if stage.extractions else JsonStep()
        case Logfmt():
            return LogfmtKeysStep(stage) if stage.extractions else LogfmtStep(stage)
        case Regexp():
            return RegexpStep(stage)
        case Pattern():
            return PatternStep(stage)
        case Unpack():
            return UnpackStep()
        case Decolorize():
            return DecolorizeStep()
        case LineFormat():
            return LineFormatStep(stage)
        case LabelFormat():
            return LabelFormatStep(stage)
        case Drop():
            return DropStep(stage)
        case Keep():
            return KeepStep(stage)
