"""What is different from before: new templates, surges and drops, silence, a change in the share of errors.

The present is compared with a past: the time before, or another day that was saved. Each template, stream and group of
streams is tested for its own change (`hallucino_tui.insight.trials`), with counts that were freed of bursts
(`hallucino_tui.insight.counting`). The stated rate is the probability that one call on a quiet log returns anything at
all. It is shared out over everything that is tested: half for templates that warn or worse, a quarter for the other
templates, a quarter for streams and groups. A template gives one surprise at most, however many lines it has.

A change by less than half of the rate before is none. A single new line is none either: that is how logs are. What is
new but no surprise by these rules is what `find_unseen` returns.
"""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from hallucino_tui.insight import wording
from hallucino_tui.insight.baseline import Baseline
from hallucino_tui.insight.evidence_lines import Evidence
from hallucino_tui.insight.onset import find_onset
from hallucino_tui.insight.tally import Span, group, measure_streams, past_of, select
from hallucino_tui.insight.trials import bar, try_errors, try_groups, try_streams, try_templates
from hallucino_tui.logs.severity import Level

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from hallucino_tui.insight.lines import Lines
    from hallucino_tui.insight.tally import Groups, Past, Selected

__all__ = ["Baseline", "Span", "Surprise", "SurpriseKind", "find_onset", "find_surprises", "find_unseen"]

RATE: Final = 0.01
"""Probability of any false alarm in one comparison of quiet logs."""

_LEAST_SILENCE: Final = 5.0
"""Seconds. Containers are read one after the other, and a writer holds lines back until a buffer is full."""

_OF_SEVERE, _OF_OTHERS, _OF_STREAMS = 0.5, 0.25, 0.25


class SurpriseKind(enum.StrEnum):
    """What changed."""

    NEW = "new"
    SURGE = "surge"
    DROP = "drop"
    SILENCE = "silence"
    ERROR_RATIO = "error-ratio"


@dataclass(frozen=True, slots=True)
class Surprise:
    """Something that changed.

    Attributes:
        kind: What.
        template: The number of the template; None if it is about a stream.
        stream: The index of the stream; None if it is about lines of several.
        time: Its first moment, in nanoseconds since the epoch.
        text: The evidence in one phrase.
        lines: Indices of lines that prove it.
        probability: Bound of the probability of what is seen, had nothing changed: of this one test.
        severity: The worst level of its lines.
        subject: The name of the stream or of the group of streams that it is about; "" if it is about a template.
    """

    kind: SurpriseKind
    template: int | None
    stream: int | None
    time: int
    text: str
    lines: tuple[int, ...]
    probability: float
    severity: Level
    subject: str = ""


def find_surprises(
    lines: Lines,
    templates: NDArray[np.int32],
    baseline: Span | Baseline,
    current: Span,
    rate: float = RATE,
    ids: Sequence[str] = (),
) -> list[Surprise]:
    """Find what is different from before, the most surprising first.

    Args:
        lines: n lines.
        templates: The number of each line's template.
        baseline: What to compare with.
        current: What to look at.
        rate: Probability of any false alarm.
        ids: The id of each template, by its number; needed for another day only.
    """
    look = _Look.at(lines, templates, baseline, current, ids)
    if look is None:
        return []
    found = [*_of_templates(look, rate), *_of_streams(look, rate * _OF_STREAMS)]
    return [surprise for _, surprise in sorted(found, key=lambda one: (one[0], -one[1].severity, one[1].time))]


def find_unseen(
    lines: Lines, templates: NDArray[np.int32], baseline: Span | Baseline, current: Span, ids: Sequence[str] = ()
) -> list[Surprise]:
    """Find every template that was never seen before, the worst first, however few lines it has: no alarm is meant.

    Of a stack trace the exception counts, its frames do not. For the arguments see `find_surprises`.
    """
    look = _Look.at(lines, templates, baseline, current, ids)
    if look is None:
        return []
    trials = try_templates(look.past, look.present)
    some = np.flatnonzero((look.past.templates.lines == 0) & (trials.now > 0))
    evidence = Evidence(look.present, some)
    unseen = [
        _template(look, evidence, SurpriseKind.NEW, int(number), float(min(trials.new.log[number], 0.0)))
        for number in evidence.without_frames(some, lines.text)
    ]
    return sorted(unseen, key=lambda one: (-one.severity, one.time))


@dataclass(frozen=True, slots=True, eq=False)
class _Look:
    """What is compared."""

    lines: Lines
    groups: Groups
    past: Past
    before: Selected | None
    present: Selected

    @classmethod
    def at(
        cls,
        lines: Lines,
        templates: NDArray[np.int32],
        baseline: Span | Baseline,
        current: Span,
        ids: Sequence[str],
    ) -> _Look | None:
        """Count; None if there is nothing to compare."""
        groups = group(lines.table)
        present = select(lines, templates, current)
        size = max(int(templates.max(initial=-1)) + 1, len(ids))
        if isinstance(baseline, Baseline):
            if len(ids) < size:
                raise ValueError("Another day can be compared with by the templates' ids only.")
            before, past = None, baseline.past(ids, groups)
        else:
            before = select(lines, templates, baseline)
            past = past_of(before, size, groups, present)
        if not past.templates.lines.any() or past.seconds <= 0 or current.seconds <= 0:
            return None
        return cls(lines, groups, past, before, present)


def _of_templates(look: _Look, rate: float) -> Iterator[tuple[float, Surprise]]:
    trials = try_templates(look.past, look.present)
    worst = np.zeros(len(trials.now), np.uint8)
    for part in (look.before, look.present):
        if part is not None:
            np.maximum.at(worst, part.templates, part.levels)
    severe = worst >= Level.WARN
    kinds = {SurpriseKind.NEW: trials.new, SurpriseKind.SURGE: trials.more, SurpriseKind.DROP: trials.fewer}
    bars = np.empty(len(severe))
    for family, share in ((severe, _OF_SEVERE), (~severe, _OF_OTHERS)):
        bars[family] = bar([trial.of(family) for trial in kinds.values()], rate * share)
    logs = np.stack([trial.log for trial in kinds.values()])
    best = logs.argmin(axis=0)
    log = logs.min(axis=0)
    alarms = np.flatnonzero(log < bars)
    evidence = Evidence(look.present, alarms, look.before)
    alarms = evidence.without_frames(alarms, look.lines.text)
    names: list[SurpriseKind] = list(kinds)
    for number in alarms.tolist():
        kind = names[int(best[number])]
        if kind is SurpriseKind.SURGE and not look.past.templates.lines[number]:
            kind = SurpriseKind.NEW
        yield float(log[number]), _template(look, evidence, kind, number, float(log[number]))


def _template(look: _Look, evidence: Evidence, kind: SurpriseKind, number: int, log: float) -> Surprise:
    before = float(look.past.templates.lines[number])
    span = look.present.span
    heard = float(look.past.heard[number])
    expected = before * span.seconds / heard if heard else 0.0
    begins = evidence.surge(number, expected) if kind is SurpriseKind.SURGE else 0
    shown = evidence.last_before(number) if kind is SurpriseKind.DROP else evidence.from_on(number, begins)
    now = evidence.count(number)
    time = span.start if kind is SurpriseKind.DROP else evidence.time(number, begins)
    return Surprise(
        kind,
        number,
        evidence.only_stream(number),
        time,
        wording.of_rates(now, span.seconds, before, heard),
        shown,
        math.exp(log),
        evidence.severity(number),
    )


def _of_streams(look: _Look, rate: float) -> Iterator[tuple[float, Surprise]]:
    ratio = try_errors(look.past, look.present, look.groups)
    if look.before is None:
        silence = try_groups(look.past, look.present, look.groups)
    else:
        counts = measure_streams(look.before, len(look.lines.table), look.past.usual)
        silence = try_streams(counts, look.before, look.present, look.groups)
    limit = bar([ratio.more, ratio.fewer, silence.trial], rate)
    for number in np.flatnonzero((silence.trial.log < limit) & (silence.since >= _LEAST_SILENCE)).tolist():
        log = float(silence.trial.log[number])
        yield log, _silence(look, number, log, float(silence.since[number]), float(silence.lines[number]))
    for number in np.flatnonzero(np.minimum(ratio.more.log, ratio.fewer.log) < limit).tolist():
        log = float(min(ratio.more.log[number], ratio.fewer.log[number]))
        rises = bool(ratio.more.log[number] < ratio.fewer.log[number])
        now = (float(ratio.errors[number]), float(ratio.lines[number]))
        yield log, _errors(look, number, log, now, rises=rises)


def _silence(look: _Look, number: int, log: float, since: float, lines: float) -> Surprise:
    parts = [part for part in (look.before, look.present) if part is not None]
    if look.before is None:
        owners, name, stream = (
            [look.groups.of_stream[part.streams] for part in parts],
            look.groups.names[number].strip("/"),
            None,
        )
    else:
        owners, stream = [part.streams for part in parts], number
        name = _title(look, number)
    mine = np.concatenate([part.index[owner == number] for part, owner in zip(parts, owners, strict=True)])
    shown = tuple(mine[-3:].tolist())
    time = int(look.lines.times[shown[-1]]) if shown else look.present.span.start
    return Surprise(
        SurpriseKind.SILENCE,
        None,
        stream,
        time,
        wording.of_silence(name, since, lines, look.past.seconds),
        shown,
        math.exp(log),
        Level.WARN,
        name,
    )


def _errors(look: _Look, number: int, log: float, now: tuple[float, float], *, rises: bool) -> Surprise:
    present, name = look.present, look.groups.names[number].strip("/")
    mine = (look.groups.of_stream[present.streams] == number) & present.heads
    wrong = mine & (present.levels >= Level.ERROR)
    shown = np.flatnonzero(wrong if rises else mine)
    streams = np.unique(present.streams[mine])
    before = (float(look.past.errors.lines[number]), float(look.past.groups.lines[number]))
    return Surprise(
        SurpriseKind.ERROR_RATIO,
        None,
        int(streams[0]) if len(streams) == 1 else None,
        int(present.times[shown[0]]),
        wording.of_errors(name, now, before),
        tuple(present.index[shown[:5]].tolist()),
        math.exp(log),
        Level(int(present.levels[wrong].max(initial=0))) if rises else Level.INFO,
        name,
    )


def _title(look: _Look, number: int) -> str:
    stream = look.lines.table[number]
    return "/".join(part for part in (stream.title, stream.part) if part) or "/".join(stream.identity)
