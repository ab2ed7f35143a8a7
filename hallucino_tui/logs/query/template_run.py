"""What is known while a template is evaluated for one line, and the bounds on what it may cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hallucino_tui.logs.query.template_values import Labels, TemplateFailure, check_size, write_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hallucino_tui.logs.query.template_functions import Function

ROOT: Final = object()
"""Stands for all labels where they need not be put together."""

_MOST_WORK: Final = 1 << 22
_COST_OF_STEP: Final = 256
_COST_OF_GROWTH: Final = 8


class Run:
    """The evaluation of a template for one line.

    Attributes:
        labels: The labels of the line.
        line: Its text.
        time: Nanoseconds since the epoch.
        variables: The values of the variables.
        written: The pieces of the output.
    """

    __slots__ = ("_left", "_size", "labels", "line", "time", "variables", "written")

    def __init__(self, labels: Mapping[str, str], line: str, time: int, slots: int) -> None:
        self.labels = labels
        self.line = line
        self.time = time
        self.variables: list[object] = [ROOT] * slots
        self.written: list[str] = []
        self._size = 0
        self._left = _MOST_WORK

    def write(self, text: str) -> None:
        """Write a text.

        Raises:
            TemplateFailure: The output becomes too long.
        """
        self._size += len(text)
        check_size(self._size)
        self.written.append(text)

    def show(self, value: object) -> None:
        """Write a value.

        Raises:
            TemplateFailure: The output becomes too long.
        """
        if not isinstance(value, str):
            value = "<no value>" if value is None else write_value(value)
        self.write(value)

    def spend(self, cost: int) -> None:
        """Count some work: about a character of a text that is looked at.

        Raises:
            TemplateFailure: It is more than one line is worth.
        """
        self._left -= cost + _COST_OF_STEP
        if self._left < 0:
            raise TemplateFailure("it would take too long")

    def call(self, name: str, function: Function, values: Sequence[object]) -> object:
        """Call a function of templates.

        Raises:
            TemplateFailure: It fails.
        """
        cost = sum(len(value) for value in values if isinstance(value, str))
        self.spend(cost + function.cost)
        try:
            result = function.call(*values)
        except ArithmeticError:
            raise TemplateFailure(f"{name}: the numbers are out of range") from None
        except ValueError as error:
            raise TemplateFailure(f"{name}: {error}") from None
        if isinstance(result, str):
            check_size(len(result))
            self._left -= _COST_OF_GROWTH * max(len(result) - cost, 0)
        return result

    def whole(self, value: object) -> object:
        """Put all labels together if that is what a value stands for."""
        return Labels(self.labels) if value is ROOT else value
