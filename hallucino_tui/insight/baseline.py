"""What another day was like, in a form that can be saved: counts by template and group, no line of text."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

import numpy as np

from hallucino_tui.insight.tally import Counts, Past, group, past_of, select

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from hallucino_tui.insight.lines import Lines
    from hallucino_tui.insight.tally import Groups, Span

_FORM: Final = 1


class BaselineError(ValueError):
    """What was read is no baseline; ``str(error)`` says why."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a template or group.

    Attributes:
        lines: How many lines it had.
        dispersion: How bursty they were.
    """

    lines: float
    dispersion: float


@dataclass(frozen=True, slots=True)
class Baseline:
    """Another day.

    Attributes:
        seconds: How long it was watched.
        usual: How bursty a template is of which nothing is known.
        templates: By the templates' ids, which are the same in every run.
        groups: Lines by the name of a group of streams: namespace, workload, container.
        errors: Errors by that name.
    """

    seconds: float
    usual: float
    templates: Mapping[str, Known]
    groups: Mapping[str, Known]
    errors: Mapping[str, Known]

    @classmethod
    def of(cls, lines: Lines, templates: NDArray[np.int32], ids: Sequence[str], span: Span) -> Baseline:
        """Count a span.

        Args:
            lines: n lines.
            templates: The number of each line's template.
            ids: The id of each template, by its number.
            span: The span.
        """
        groups = group(lines.table)
        past = past_of(select(lines, templates, span), len(ids), groups)
        return cls(
            past.seconds,
            past.usual,
            _named(ids, past.templates),
            _named(groups.names, past.groups),
            _named(groups.names, past.errors),
        )

    def past(self, ids: Sequence[str], groups: Groups) -> Past:
        """Bring it into the order of this run's templates and groups.

        Args:
            ids: The id of each template of this run, by its number.
            groups: This run's groups.
        """
        return Past(
            self.seconds,
            np.full(len(ids), self.seconds),
            self.usual,
            _ordered(ids, self.templates, self.usual),
            _ordered(groups.names, self.groups, self.usual),
            _ordered(groups.names, self.errors, self.usual),
        )

    def to_json(self) -> dict[str, object]:
        """Return it as what JSON can hold."""
        return {
            "form": _FORM,
            "seconds": self.seconds,
            "usual": self.usual,
            "templates": _plain(self.templates),
            "groups": _plain(self.groups),
            "errors": _plain(self.errors),
        }

    @classmethod
    def from_json(cls, raw: object) -> Baseline:
        """Read what `to_json` gave.

        Raises:
            BaselineError: It is something else.
        """
        if not isinstance(raw, dict):
            raise BaselineError("It is no baseline: an object is expected.")
        fields = cast(dict[str, object], raw)
        if fields.get("form") != _FORM:
            raise BaselineError(f"It is no baseline of form {_FORM}.")
        return cls(
            _number(fields.get("seconds"), "seconds"),
            max(_number(fields.get("usual"), "usual"), 1.0),
            _read(fields.get("templates"), "templates"),
            _read(fields.get("groups"), "groups"),
            _read(fields.get("errors"), "errors"),
        )


def _named(names: Sequence[str], counts: Counts) -> dict[str, Known]:
    some = np.flatnonzero(counts.lines)
    named: dict[str, Known] = {}
    for number, lines, dispersion in zip(
        some.tolist(), counts.lines[some].tolist(), counts.dispersions[some].tolist(), strict=True
    ):
        before = named.get(names[number], Known(0, 1))
        named[names[number]] = Known(before.lines + lines, max(before.dispersion, dispersion))
    return named


def _ordered(names: Sequence[str], known: Mapping[str, Known], usual: float) -> Counts:
    none = Known(0, usual)
    rows = [known.get(name, none) for name in names]
    return Counts(np.array([one.lines for one in rows], float), np.array([one.dispersion for one in rows], float))


def _plain(known: Mapping[str, Known]) -> dict[str, list[float]]:
    return {name: [one.lines, round(one.dispersion, 4)] for name, one in known.items()}


def _read(raw: object, where: str) -> dict[str, Known]:
    if not isinstance(raw, dict):
        raise BaselineError(f"It is no baseline: {where} is no object.")
    known: dict[str, Known] = {}
    for name, pair in cast(dict[str, object], raw).items():
        if not isinstance(pair, list) or len(cast(list[object], pair)) != 2:
            raise BaselineError(f"It is no baseline: {where} holds something that is no pair of numbers.")
        lines, dispersion = cast(list[object], pair)
        known[name] = Known(_number(lines, where), max(_number(dispersion, where), 1.0))
    return known


def _number(raw: object, where: str) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not math.isfinite(raw) or raw < 0:
        raise BaselineError(f"It is no baseline: {where} holds something that is no count.")
    return float(raw)
