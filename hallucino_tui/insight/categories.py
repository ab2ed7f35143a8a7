"""What a template or an event is to somebody on duty: an incident, something to do before it hurts, or normal.

Rules decide, in their order, and say which one did: those of the user first, then those of `category_rules`. They run
in the engine's regular expressions, in linear time, on columns of templates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from hallucino_tui.config.settings import SettingsError
from hallucino_tui.insight.category_rules import DENIED, FINE, LEVEL, NOTABLE, RULES, Category, Rule
from hallucino_tui.insight.cluster_events import ClusterEvent, EventKind
from hallucino_tui.logs.query.regex import for_engine
from hallucino_tui.logs.query.regex_tree import RegexSyntaxError
from hallucino_tui.logs.severity import LEVEL_BITS, Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from hallucino_tui.config.settings import CategorySettings

__all__ = ["Categories", "Category", "Verdict"]

_LONGEST: Final = 4096
"""Characters of a line that are looked at."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided.

    Attributes:
        category: The category.
        rule: The name of the rule that decided.
    """

    category: Category
    rule: str


_NORMAL: Final = Verdict(Category.NORMAL, RULES[-1].name)


class Categories:
    """Sorts templates and events.

    Args:
        user_rules: The user's own rules, which are asked first.

    Raises:
        SettingsError: One of them has a wrong regular expression.
    """

    def __init__(self, user_rules: Iterable[CategorySettings] = ()) -> None:
        self._own = tuple(Rule(rule.name, _checked(rule), Category(rule.category)) for rule in user_rules)

    def of_template(self, template: str, example: str, level: Level) -> Verdict:
        """Sort one template. `of_templates` is much faster for many."""
        return self.of_templates([template], [example], [level])[0]

    def of_templates(self, templates: Sequence[str], examples: Sequence[str], levels: Sequence[Level]) -> list[Verdict]:
        """Sort n templates.

        Args:
            templates: Their texts.
            examples: A line of each.
            levels: The worst level of each.
        """
        verdicts = [_NORMAL] * len(templates)
        lines = pl.Series(examples, dtype=pl.String).str.slice(0, _LONGEST)
        open_ = np.ones(len(templates), np.bool_)
        if self._own:
            texts = pl.Series(templates, dtype=pl.String).str.slice(0, _LONGEST)
            for rule in self._own:
                holds = open_ & (_contains(texts, rule.pattern) | _contains(lines, rule.pattern))
                _decide(verdicts, rule, holds, open_)
        codes = np.array([int(level) & LEVEL_BITS for level in levels], np.uint8)
        open_ &= (codes >= Level.WARN) | _contains(lines, NOTABLE)
        if open_.any():
            said = lines.str.replace(LEVEL, " ").str.replace_all(DENIED, FINE)
            for rule in RULES:
                able = np.flatnonzero(open_ & _has_level(rule, codes))
                if len(able):
                    holds = np.zeros(len(templates), np.bool_)
                    holds[able] = _contains(said.gather(able), rule.pattern) if rule.pattern else True
                    _decide(verdicts, rule, holds, open_)
        return verdicts

    def of_event(self, event: ClusterEvent) -> Verdict:
        """Sort something that a cluster did."""
        line = f"{event.reason}: {event.message}"[:_LONGEST]
        own = next((rule for rule in self._own if _contains(pl.Series([line]), rule.pattern)[0]), None)
        if own is not None:
            return Verdict(own.category, own.name)
        if event.kind in _ALWAYS:
            return Verdict(Category.INCIDENT, f"Kubernetes reason {event.reason}")
        if event.exit_code:
            return Verdict(Category.INCIDENT, f"exit code {event.exit_code}")
        if event.reason in _BEFORE_IT_HURTS:
            return Verdict(Category.PREVENTIVE, f"Kubernetes reason {event.reason}")
        if event.is_warning:
            category = Category.INCIDENT if event.kind in _IF_WARNED else Category.PREVENTIVE
            return Verdict(category, f"Kubernetes warning {event.reason}")
        return _NORMAL


_ALWAYS: Final = frozenset({EventKind.OOM_KILLED, EventKind.BACK_OFF, EventKind.EVICTED})
_IF_WARNED: Final = frozenset(
    {
        EventKind.RESTART,
        EventKind.PROBE_FAILED,
        EventKind.IMAGE,
        EventKind.CONFIG,
        EventKind.SCHEDULING,
        EventKind.NODE,
        EventKind.VOLUME,
        EventKind.JOB,
    }
)
_BEFORE_IT_HURTS: Final = frozenset(
    {
        "CPUThrottlingHigh",
        "EvictionThresholdMet",
        "FreeDiskSpaceFailed",
        "ImageGCFailed",
        "NodeHasDiskPressure",
        "NodeHasInsufficientMemory",
        "NodeHasPIDPressure",
        "PolicyViolation",
    }
)


def _decide(verdicts: list[Verdict], rule: Rule, holds: NDArray[np.bool_], still_open: NDArray[np.bool_]) -> None:
    verdict = Verdict(rule.category, rule.name)
    for index in np.flatnonzero(holds).tolist():
        verdicts[index] = verdict
    still_open &= ~holds


def _has_level(rule: Rule, codes: NDArray[np.uint8]) -> NDArray[np.bool_]:
    unknown = codes == Level.UNKNOWN
    inside = (codes >= rule.least) & (codes <= rule.most)
    return inside | unknown if rule.unknown else inside & ~unknown


def _contains(texts: pl.Series, pattern: str) -> NDArray[np.bool_]:
    return texts.str.contains(pattern).to_numpy()


def _checked(rule: CategorySettings) -> str:
    try:
        return for_engine(rule.pattern)
    except RegexSyntaxError as error:
        raise SettingsError(f"The pattern of the category {rule.name!r} in the settings is wrong: {error}.") from error
