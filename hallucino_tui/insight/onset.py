"""Where a quiet past ends, for reports that nobody gave a baseline for.

Each template that warns, or speaks of trouble, is tested for a change at the end of each window of the logs, with its
bursts within both parts taken into account. If one of them changed for the worse, with the stated rate of false alarms
over all templates and windows together, the earliest such change is the onset. A log without one has no onset.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from hallucino_tui.insight.counting import WINDOWS, log_chance_of_more, share_of
from hallucino_tui.insight.tally import Span, group, select
from hallucino_tui.insight.trials import LEAST_CHANGE
from hallucino_tui.insight.trouble_words import TROUBLE
from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.logs.severity import Level

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hallucino_tui.insight.lines import Lines
    from hallucino_tui.insight.tally import Selected

_FIRST_SPLIT: Final = 3
"""Windows that a past has at least."""

_LEAST_LINES: Final = 3
_SCALES: Final = (1, 2, 4, 8)
_NEAR: Final = 2
"""Windows before a change in which a first line of other trouble belongs to it."""

_JOINED: Final = 0.01
"""Probability under which first lines of other trouble before a change came by chance, and do not belong to it."""

_LEFT_OUT: Final = (0.001, 0.01, 0.1)
"""Shares of the lines, the oldest, without which is looked again if they cover half of the time or more."""

_MOST_LINES: Final = 100_000


def find_onset(lines: Lines, templates: NDArray[np.int32], rate: float = 0.01) -> int | None:
    """Return the time at which trouble begins, in nanoseconds since the epoch; None if there is none.

    Args:
        lines: n lines.
        templates: The number of each line's template.
        rate: Probability of finding an onset where there is none.
    """
    known = lines.times[lines.times != NO_TIME]
    if len(known) < _LEAST_LINES or known[0] == known[-1]:
        return None
    spans = _spans(known)
    found = (_find(lines, templates, span, rate / len(spans)) for span in spans)
    return next((onset for onset in found if onset is not None), None)


def _spans(times: NDArray[np.int64]) -> list[Span]:
    """Return the whole of the logs, and what is left if few old lines that make it long are left out."""
    spans = [Span(int(times[0]), int(times[-1]) + 1)]
    for share in _LEFT_OUT:
        start = int(times[int(share * len(times))])
        if spans[-1].stop - start < (spans[-1].stop - spans[-1].start) / 2:
            spans.append(Span(start, spans[-1].stop))
    return spans


def _find(lines: Lines, templates: NDArray[np.int32], span: Span, rate: float) -> int | None:
    selected = select(lines, templates, span)
    trouble = _of_trouble(lines, selected)
    counts = np.bincount(selected.templates, minlength=len(trouble))
    bad = np.flatnonzero(trouble & (counts >= _LEAST_LINES))
    if not len(bad):
        return None
    place = np.full(int(selected.templates.max()) + 1, -1, np.int64)
    place[bad] = np.arange(len(bad))
    places = place[selected.templates]
    mine = places >= 0
    windows = selected.windows()
    cells = np.bincount(places[mine] * WINDOWS + windows[mine], minlength=len(bad) * WINDOWS)
    begins = _begins(lines, selected, windows, places, len(bad))
    log = _log_chances(cells.reshape(len(bad), WINDOWS).astype(np.float64), begins)
    best = log.argmin(axis=1)
    sure = np.flatnonzero(log.min(axis=1) < np.log(rate / log.size))
    if not len(sure):
        return None
    first = sure[np.argmin(best[sure])]
    change = _refined(selected, places == first, int(best[first]) + 1)
    return _with_what_led_to_it(selected, _first_lines(selected, trouble), change)


def _of_trouble(lines: Lines, selected: Selected) -> NDArray[np.bool_]:
    """Say of each template whether it tells of trouble."""
    size = int(selected.templates.max()) + 1
    worst = np.zeros(size, np.uint8)
    np.maximum.at(worst, selected.templates, selected.levels)
    example = np.full(size, -1, np.int64)
    example[selected.templates] = selected.index
    silent = np.flatnonzero((example >= 0) & (worst == Level.UNKNOWN))
    if len(silent):
        texts = lines.text.gather(example[silent]).str.slice(0, 2000)
        worst[silent[texts.str.contains(TROUBLE).to_numpy()]] = Level.WARN
    return worst >= Level.WARN


def _begins(
    lines: Lines, selected: Selected, windows: NDArray[np.int64], places: NDArray[np.int64], size: int
) -> NDArray[np.int64]:
    """Return in which window each template could have been seen first: nobody listened to its writers before."""
    groups = group(lines.table)
    owners = groups.of_stream[selected.streams]
    heard = np.zeros(len(groups.names), np.int64)
    heard[owners[::-1]] = windows[::-1]
    begins = np.full(size, WINDOWS, np.int64)
    mine = places >= 0
    np.minimum.at(begins, places[mine], heard[owners[mine]])
    return begins


def _log_chances(counts: NDArray[np.float64], begins: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return for each template and each window the probability of what follows, if nothing changed behind it.

    Args:
        counts: Lines in each window, shape (n, WINDOWS).
        begins: The first window in which each template could have been seen (n integers).

    Returns:
        Logarithms, shape (n, WINDOWS - 1).
    """
    splits = np.arange(1, WINDOWS)
    before = counts.cumsum(axis=1)[:, :-1]
    after = counts.sum(axis=1, keepdims=True) - before
    past = np.maximum(splits - begins[:, np.newaxis], 0).astype(np.float64)
    scale = np.ones_like(before)
    for width in _SCALES:
        wide = counts.reshape(len(counts), -1, width).sum(axis=2)
        within = _dispersion_within(wide)
        np.maximum(scale, within[:, np.clip(splits // width - 1, 0, within.shape[1] - 1)], out=scale)
    share = share_of(past, np.broadcast_to((WINDOWS - splits).astype(np.float64), past.shape), LEAST_CHANGE)
    log = log_chance_of_more(before / scale, after / scale, share)
    return np.where(past >= _FIRST_SPLIT, log, 0.0)


def _dispersion_within(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how bursty counts are on both sides of each split, shape (n, windows - 1)."""
    width = counts.shape[1]
    length = np.arange(1, width, dtype=np.float64)
    sums, squares = counts.cumsum(axis=1), (counts**2).cumsum(axis=1)
    left = _spread(sums[:, :-1], squares[:, :-1], length)
    right = _spread(sums[:, -1:] - sums[:, :-1], squares[:, -1:] - squares[:, :-1], width - length)
    return (left + right) / max(width - 2, 1)


def _spread(
    sums: NDArray[np.float64], squares: NDArray[np.float64], length: NDArray[np.float64]
) -> NDArray[np.float64]:
    mean = sums / length
    return np.divide(squares - sums * mean, mean, out=np.zeros_like(mean), where=mean > 0)


def _refined(selected: Selected, mine: NDArray[np.bool_], split: int) -> int:
    """Return with which of a template's lines the change near the end of a window begins."""
    span = selected.span
    width = (span.stop - span.start) / WINDOWS
    times = selected.times[mine]
    low, high = span.start + (split - 2) * width, span.start + (split + 2) * width
    near = np.flatnonzero((times >= low) & (times < high))[:_MOST_LINES]
    before = near.astype(np.float64)
    past = (times[near] - span.start).astype(np.float64)
    share = share_of(past, span.stop - span.start - past, LEAST_CHANGE)
    return int(times[near[log_chance_of_more(before, len(times) - before, share).argmin()]])


def _first_lines(selected: Selected, trouble: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return when each sort of trouble was first seen, ascending; frames of stack traces are no sort of their own."""
    mine = trouble[selected.templates] & selected.heads
    first = np.full(len(trouble), selected.span.stop, np.int64)
    first[selected.templates[mine][::-1]] = selected.times[mine][::-1]
    return np.sort(first[first < selected.span.stop])


def _with_what_led_to_it(selected: Selected, first: NDArray[np.int64], change: int) -> int:
    """Move an onset back to where other sorts of trouble, each rare, began to be seen more often than before."""
    start = selected.span.start
    first = first[first < change]
    if not len(first) or change <= start:
        return change
    before = np.arange(len(first), dtype=np.float64)
    share = share_of((first - start).astype(np.float64), (change - first).astype(np.float64), LEAST_CHANGE)
    log = log_chance_of_more(before, len(first) - before, share)
    onset = int(first[log.argmin()]) if log.min() < np.log(_JOINED) else change
    width = (selected.span.stop - start) / WINDOWS
    return int(first[first >= onset - _NEAR * width].min(initial=onset))
