"""The tests behind surprises: for each template, stream and group of streams, the probability of what is seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from hallucino_tui.insight.counting import log_chance_of_fewer, log_chance_of_more, share_of, threshold
from hallucino_tui.insight.tally import by_group
from hallucino_tui.logs.moment import NANOSECONDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hallucino_tui.insight.tally import Counts, Groups, Past, Selected

LEAST_CHANGE: Final = 1.5
"""A rate that changes by less is no surprise, however sure the change is: traffic comes and goes."""

_LEAST_PROOF: Final = 3.0
"""Lines, after dispersion, without which nothing can be called new or silent."""

_LEAST_HEARD: Final = 0.05
"""How long somebody must have listened before, as a share of the present, for anything to be compared."""

_SUCCESSION: Final = 120 * NANOSECONDS
"""A stream that began at most so long before another one ended may be there in its place."""


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """n tests of one sort.

    Attributes:
        log: Logarithm of the probability of what is seen, if nothing changed (float64).
        least: The smallest that each could be, whenever its lines came.
    """

    log: NDArray[np.float64]
    least: NDArray[np.float64]

    def of(self, some: NDArray[np.bool_]) -> Trial:
        """Return some of the tests."""
        return Trial(self.log[some], self.least[some])


@dataclass(frozen=True, slots=True, eq=False)
class TemplateTrials:
    """Tests of templates.

    Attributes:
        new: Never seen before, and then more than once.
        more: More often than before.
        fewer: Less often than before, or never again.
        now: Lines in the present.
    """

    new: Trial
    more: Trial
    fewer: Trial
    now: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class GroupTrials:
    """Tests of the share of errors in the lines of groups of streams.

    Attributes:
        more: A larger share than before.
        fewer: A smaller one.
        lines: Lines in the present.
        errors: Errors in the present.
    """

    more: Trial
    fewer: Trial
    lines: NDArray[np.float64]
    errors: NDArray[np.float64]


def bar(trials: Sequence[Trial], rate: float) -> float:
    """Return the logarithm that a probability must be under, for all tests of a family together."""
    return threshold(np.concatenate([trial.least for trial in trials]), rate)


def try_templates(past: Past, present: Selected) -> TemplateTrials:
    """Test each template."""
    now = np.bincount(present.templates, minlength=len(past.templates.lines)).astype(np.float64)
    scale = past.templates.dispersions
    heard = past.heard >= _LEAST_HEARD * present.span.seconds
    more, fewer = _rates(past.templates, now, past.heard, present.span.seconds)
    # What was never there before must have begun when it did: the later, the less likely by chance.
    first = np.full(len(now), present.span.stop, np.int64)
    first[present.templates[::-1]] = present.times[::-1]
    left = (present.span.stop - first) / NANOSECONDS / (past.heard + present.span.seconds)
    unseen = heard & (past.templates.lines == 0) & (now >= _LEAST_PROOF * scale)
    late = np.where(unseen, now / scale * np.log(np.clip(left, 1e-12, 1)), 0.0)
    able = heard & (past.templates.lines + now >= _LEAST_PROOF * scale)
    new = Trial(late, np.where(able, -np.inf, 0.0))
    return TemplateTrials(new, _only(more, heard), _only(fewer, heard), now)


def try_errors(past: Past, present: Selected, groups: Groups) -> GroupTrials:
    """Test the share of errors of each group; there is none to be compared where one of both spans has no lines."""
    lines, errors = by_group(present, groups)
    both = (past.groups.lines > 0) & (lines > 0)
    more, fewer = _rates(past.errors, errors, past.groups.lines, lines)
    return GroupTrials(_only(more, both), _only(fewer, both), lines, errors)


@dataclass(frozen=True, slots=True, eq=False)
class Silence:
    """Tests of how long streams (or groups of streams) have been silent.

    Attributes:
        trial: The tests.
        lines: Lines of each in the past.
        last: Time of the last line of each; 0 if it is not known.
        since: Seconds of silence.
    """

    trial: Trial
    lines: NDArray[np.float64]
    last: NDArray[np.int64]
    since: NDArray[np.float64]


def try_streams(before: Counts, past: Selected, present: Selected, groups: Groups) -> Silence:
    """Test each stream's silence at the end of the present.

    Args:
        before: Lines of each stream in the past.
        past: The lines of the past.
        present: The lines of the present.
        groups: The groups of the streams: one that another stream of its group goes on for is not silent.
    """
    size = len(before.lines)
    first, last = _ends((past, present), size)
    now = np.bincount(present.streams[present.heads], minlength=size)
    hole = max(present.span.start - past.span.stop, 0)
    silent = (present.span.stop - last) - np.where(last < past.span.stop, hole, 0)
    watched = (present.span.stop - first) - hole
    # The first line only says when to begin to watch.
    count = np.maximum(before.lines + now - 1, 0) / before.dispersions
    able = (before.lines > 0) & (count >= _LEAST_PROOF)
    left = np.divide(watched - silent, watched, out=np.ones(size), where=able & (watched > 0))
    log = np.where(able, count * np.log(np.clip(left, 1e-12, 1)), 0.0)
    log[_succeeded(first, last, before.lines + now, past, groups)] = 0.0
    return Silence(Trial(log, np.where(able, -np.inf, 0.0)), before.lines, last, silent / NANOSECONDS)


def try_groups(past: Past, present: Selected, groups: Groups) -> Silence:
    """Test each group's silence in the present against another day, of which no single line is known."""
    size = len(groups.names)
    owners = groups.of_stream[present.streams]
    last = np.zeros(size, np.int64)
    last[owners] = present.times
    silent = np.where(last > 0, present.span.stop - last, present.span.stop - present.span.start) / NANOSECONDS
    count = past.groups.lines / past.groups.dispersions
    able = count >= _LEAST_PROOF
    log = np.where(able, count * np.log(past.seconds / (past.seconds + silent)), 0.0)
    return Silence(Trial(log, np.where(able, -np.inf, 0.0)), past.groups.lines, last, silent)


def _rates(
    before: Counts,
    now: NDArray[np.float64],
    past: NDArray[np.float64] | float,
    present: NDArray[np.float64] | float,
) -> tuple[Trial, Trial]:
    """Test for a higher and for a lower rate."""
    left, right = before.lines / before.dispersions, now / before.dispersions
    above, below = share_of(past, present, LEAST_CHANGE), share_of(past, present, 1 / LEAST_CHANGE)
    with np.errstate(divide="ignore", invalid="ignore"):
        highest = np.nan_to_num((left + right) * np.log(above))
        lowest = np.nan_to_num((left + right) * np.log1p(-below))
    return (
        Trial(log_chance_of_more(left, right, above), highest),
        Trial(log_chance_of_fewer(left, right, below), lowest),
    )


def _only(trial: Trial, where: NDArray[np.bool_]) -> Trial:
    return Trial(np.where(where, trial.log, 0.0), np.where(where, trial.least, 0.0))


def _ends(parts: Sequence[Selected], size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the times of the first and the last line of each stream; lines are in the order of time."""
    first, last = np.full(size, np.iinfo(np.int64).max), np.zeros(size, np.int64)
    for part in reversed(parts):
        first[part.streams[::-1]] = part.times[::-1]
    for part in parts:
        last[part.streams] = part.times
    return np.where(last > 0, first, 0), last


def _succeeded(
    first: NDArray[np.int64], last: NDArray[np.int64], lines: NDArray[np.float64], past: Selected, groups: Groups
) -> NDArray[np.bool_]:
    """Say of each stream whether another one of its group began when it ended: a restart, a rollout."""
    # One that was there from the beginning began nowhere near; how near the beginning is near, its own pace says.
    pace = (last - first) / np.maximum(lines, 1)
    began = (last > 0) & (first - past.span.start > 5 * pace)
    newest = np.zeros(len(groups.names), np.int64)
    np.maximum.at(newest, groups.of_stream[began], first[began])
    return (last > 0) & (newest[groups.of_stream] > np.maximum(first, last - _SUCCESSION))
