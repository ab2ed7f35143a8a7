"""What templates are compiled to: functions that compute a value or write something, and ways to put them together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final, cast

from hallucino_tui.logs.query.template_functions import METHODS, Param
from hallucino_tui.logs.query.template_run import ROOT, Run
from hallucino_tui.logs.query.template_time import GoTime
from hallucino_tui.logs.query.template_values import Labels, TemplateFailure, is_true, type_name

if TYPE_CHECKING:
    from collections.abc import Sequence

Step = Callable[[Run, object], object]
"""Writes something or sets a variable; gets the evaluation and what ``.`` is."""

Value = Callable[[Run, object], object]
"""Computes something from the same."""

_TYPES: Final = {Param.TEXT: str, Param.INT: int, Param.FLOAT: float, Param.TIME: GoTime}


class EndLoop(Exception):  # noqa: N818 - it is no error
    """``break``."""


class NextRound(Exception):  # noqa: N818 - it is no error
    """``continue``."""


def field(receiver: Value, names: Sequence[str]) -> Value:
    """Compute a field of a field of ... a value."""

    def computing(run: Run, dot: object) -> object:
        value = receiver(run, dot)
        for place, name in enumerate(names):
            if value is ROOT:
                value = run.labels.get(name, "")
            elif isinstance(value, dict):
                missing = "" if isinstance(value, Labels) else None
                value = cast("dict[str, object]", value).get(name, missing)
            elif isinstance(value, GoTime) and name in METHODS and len(METHODS[name].params) == 1:
                value = METHODS[name].call(value)
            elif value is not None or place:
                raise TemplateFailure(f"{type_name(value)} has no field {name}")
        return value

    return computing


def checked(value: Value, param: Param) -> Value:
    """Compute a value that has to be of a type."""
    if param is Param.ANY:
        return value
    wanted = _TYPES[param]

    def computing(run: Run, dot: object) -> object:
        result = value(run, dot)
        if type(result) is not wanted:
            raise TemplateFailure(f"a value should be {param.value}, but is {type_name(result)}")
        return result

    return computing


def failing(message: str) -> Value:
    """Fail: what is wrong is known before, but to Loki it is no reason to refuse a query."""

    def computing(_run: Run, _dot: object) -> object:
        raise TemplateFailure(message)

    return computing


def showing(value: Value) -> Step:
    """Write a value."""
    return lambda run, dot: run.show(value(run, dot))


def setting(value: Value, slots: Sequence[int]) -> Value:
    """Give a value to variables."""

    def computing(run: Run, dot: object) -> object:
        result = value(run, dot)
        for slot in slots:
            run.variables[slot] = result
        return result

    return computing


def choosing(values: Sequence[Value], *, stops_at: bool) -> Value:
    """Compute the first value that is true (or false), or the last one."""

    def computing(run: Run, dot: object) -> object:
        result: object = None
        for value in values:
            result = value(run, dot)
            if is_true(result) is stops_at:
                break
        return result

    return computing


def jumping(jump: type[Exception]) -> Step:
    """Leave a round of a loop."""

    def step(_run: Run, _dot: object) -> None:
        raise jump

    return step


def run_all(steps: Iterable[Step], run: Run, dot: object) -> None:
    """Do one step after the other."""
    for step in steps:
        step(run, dot)


def elements(run: Run, value: object, targets: int) -> Iterable[tuple[object, object]]:
    """List what ``range`` goes through: keys or indexes, and values, for so many variables.

    Raises:
        TemplateFailure: It cannot go through the value, or that would take too long.
    """
    if value is None:
        return ()
    if isinstance(value, list):
        return enumerate(cast("list[object]", value))
    if isinstance(value, dict):
        run.spend(len(cast("dict[str, object]", value)))
        return sorted(cast("dict[str, object]", value).items(), key=lambda pair: pair[0])
    if isinstance(value, int) and not isinstance(value, bool) and targets < 2:
        return ((None, number) for number in range(value))
    raise TemplateFailure(f"range cannot go through {type_name(value)}")
