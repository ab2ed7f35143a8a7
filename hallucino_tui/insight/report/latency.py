"""How long things take: durations in lines, template by template, before and in the trouble."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from hallucino_tui.insight.report.evidence import LineCitation
from hallucino_tui.insight.report.grouping import group_by
from hallucino_tui.insight.report.looks import look_at
from hallucino_tui.insight.report.quoting import at, quote
from hallucino_tui.insight.report.statements import Bars, Section, Statement, Trend

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from hallucino_tui.insight.report.scene import Scene
    from hallucino_tui.insight.report.trouble import Troubles

_NUMBER: Final = r"([0-9]+(?:\.[0-9]+)?)"
_UNIT: Final = r"(ns|us|µs|ms|milliseconds?|msec|seconds?|secs?|s|min|m)?"
_NAMES: Final = (
    r"duration(?:_?ms|_?s|_?seconds|_?us|_?ns)?|took(?:_?ms)?|elapsed(?:_?ms|_?s)?|latency(?:_?ms|_?s|_?us)?|"
    r"response_?time(?:_?ms)?|request_?time|upstream_response_time|resp_?time|time_?taken|total_time|rt|urt|ms|rtt|"
    r"query_?time|cost|exec(?:ution)?_?time(?:_?ms)?|runtime(?:_?ms)?|wait(?:_?ms|_time)|lag(?:_?ms)?|dur"
)
_FORMS: Final = (
    # The engine's regular expressions: no look-around.
    rf'(?i)(?:^|[^A-Za-z0-9_])({_NAMES})"?[=:] ?"?{_NUMBER} ?{_UNIT}(?:[^A-Za-z0-9_.]|$)',
    (
        rf"(?i)(?:^|[ (\[,;])(in|took|after|elapsed|duration|for) {_NUMBER} ?"
        r"(ns|us|µs|ms|milliseconds?|msec|seconds?|secs?|s)(?:[^A-Za-z0-9_]|$)"
    ),
    r"(?i)(?:^|[ (\[,;])(max|avg|mean|p50|p90|p95|p99)[ =]([0-9]+(?:\.[0-9]+)?) ?(ns|us|ms|s)(?:[^A-Za-z0-9_]|$)",
)
_SCALES: Final = {
    "ns": 1e-6, "us": 1e-3, "µs": 1e-3, "ms": 1.0, "msec": 1.0, "millisecond": 1.0, "milliseconds": 1.0,
    "s": 1e3, "sec": 1e3, "secs": 1e3, "second": 1e3, "seconds": 1e3, "m": 6e4, "min": 6e4,
}  # fmt: skip
_IN_SECONDS: Final = re.compile(r"(?i)^(?:rt|urt|request_?time|upstream_response_time|total_time|.*_s|.*_?seconds)$")
_OTHER_UNITS: Final = re.compile(r"(?i)_?(ns|us)$")
_LONGEST: Final = 4000
_FEWEST: Final = 8
_MOST: Final = 10
_MOST_KINDS: Final = 400
_MOST_LINES: Final = 50_000
_SLOWER: Final = 1.5
_LEAST_MORE_MS: Final = 5.0
_TREND_PARTS: Final = 48


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """Durations that lines of one template of one workload tell.

    Attributes:
        workload: Index of the workload.
        template: Number of the template.
        name: What the duration is called.
        rows: The n indices of lines (int64).
        values: n durations in milliseconds.
        raw: n durations as they are written, without a unit.
    """

    workload: int
    template: int
    name: str
    rows: NDArray[np.int64]
    values: NDArray[np.float64]
    raw: pl.Series


def tell_latency(scene: Scene, troubles: Troubles) -> tuple[list[Statement], list[Bars | Trend]]:
    """Return what became slow, the worst first, then what is slowest anyway; and a chart of each that became slow."""
    told = [_tell(scene, one, troubles.onset) for one in measure(scene)]
    told.sort(key=lambda one: (-one[0], one[1].text))
    charts: list[Bars | Trend] = [chart for _, _, chart in told[:3] if chart is not None]
    return [statement for _, statement, _ in told[:_MOST]], charts


def measure(scene: Scene) -> Iterator[Measured]:
    """Read the durations of all templates whose first line has one."""
    evidence = scene.evidence
    numbers = np.flatnonzero(scene.counts)
    if not len(numbers):
        return
    examples = pl.Series([text[:_LONGEST] for text in scene.examples(numbers.tolist())], dtype=pl.String)
    for form in _FORMS:
        has = examples.str.contains(form).to_numpy()
        wanted = np.zeros(len(evidence.miner_templates) + 1, np.bool_)
        wanted[numbers[has]] = True
        # The first form that fits a template reads it.
        numbers, examples = numbers[~has], examples.filter(pl.Series(~has))
        rows = np.flatnonzero(wanted[evidence.templates])
        if len(rows):
            yield from _read(scene, rows, form)


def _read(scene: Scene, rows: NDArray[np.int64], form: str) -> Iterator[Measured]:
    """Read the durations of some lines, for those templates and workloads that have most of them."""
    evidence = scene.evidence
    keys = evidence.templates[rows].astype(np.int64) * (len(scene.workloads) + 1) + scene.of_line[rows]
    kinds = group_by(keys)
    inverse = kinds.of
    chosen = [group for group in kinds.largest(_MOST_KINDS) if kinds.counts[group] >= _FEWEST]
    # Of very many lines, each n-th has percentiles much like those of all.
    step = kinds.counts // _MOST_LINES + 1
    wanted = np.zeros(len(kinds.keys), np.bool_)
    wanted[chosen] = True
    mine = np.flatnonzero(wanted[inverse] & (np.arange(len(rows)) % step[inverse] == 0))
    rows, inverse = rows[mine], inverse[mine]
    found = evidence.lines.text.gather(rows).str.slice(0, _LONGEST).str.extract_groups(form).struct.unnest()
    names, values, units = (found.to_series(place) for place in range(3))
    default = names.replace_strict({name: _default(name) for name in names.drop_nulls().unique()}, default=1.0)
    scales = units.str.to_lowercase().replace_strict(_SCALES, default=None, return_dtype=pl.Float64).fill_null(default)
    milliseconds = (values.cast(pl.Float64, strict=False) * scales).to_numpy()
    known = np.flatnonzero(np.isfinite(milliseconds))
    order = known[np.argsort(inverse[known], kind="stable")]
    for own in np.split(order, np.flatnonzero(np.diff(inverse[order])) + 1):
        durations = milliseconds[own]
        # What is always the same is no measurement but a setting.
        if len(own) >= _FEWEST and durations.min() < durations.max():
            first, name = int(rows[own[0]]), str(names[int(own[0])])
            workload, template = int(scene.of_line[first]), int(evidence.templates[first])
            yield Measured(workload, template, name, rows[own], durations, values.gather(own))


def _default(name: str) -> float:
    """Return the milliseconds of the unit that a name implies; of programs that say nothing, most mean milliseconds."""
    if match := _OTHER_UNITS.search(name):
        return _SCALES[match[1].lower()]
    return 1e3 if _IN_SECONDS.match(name) else 1.0


def _tell(scene: Scene, one: Measured, onset: int | None) -> tuple[float, Statement, Bars | Trend | None]:
    workload = scene.workloads[one.workload]
    query = look_at(scene, one.workload, one.template)
    moments = scene.moments[one.rows]
    cut = len(one.rows) if onset is None else int(np.searchsorted(moments, onset))
    before, after = one.values[:cut], one.values[cut:]
    slowest = int(np.argmax(one.values))
    example = scene.text(int(one.rows[slowest]))
    said = f"The slowest: {quote(one.raw[slowest])}, {_ms(one.values[slowest])}{at(scene.time(int(one.rows[slowest])))}"
    cited = [LineCitation(int(one.rows[slowest]))]
    label = f"{workload}: {quote(one.name)} in {quote(_kind(scene, one, example))}"
    if len(before) >= _FEWEST and len(after) >= _FEWEST:
        past, now = _percentiles(before), _percentiles(after)
        rises = now[1] / max(past[1], 0.5)
        cited += [
            LineCitation(int(one.rows[_at_percentile(part, 95) + first])) for part, first in ((before, 0), (after, cut))
        ]
        slower = rises >= _SLOWER and now[1] - past[1] >= _LEAST_MORE_MS
        word = "slower" if slower else "no slower" if rises > 1 / _SLOWER else "faster"
        text = (
            f"{label} is {word} than before: p50 {_ms(now[0])} (before {_ms(past[0])}), p95 {_ms(now[1])} "
            f"({_ms(past[1])}), p99 {_ms(now[2])} ({_ms(past[2])}), {len(after):,} lines ({len(before):,}). {said}."
        )
        weight = 100 + rises * np.log10(now[1] + 1) if slower else np.log10(now[1] + 1)
        chart = _trend(scene, one, workload) if slower else None
        time = scene.time(int(one.rows[cut]))
    else:
        now = _percentiles(one.values)
        cited.append(LineCitation(int(one.rows[_at_percentile(one.values, 95)])))
        text = f"{label}: p50 {_ms(now[0])}, p95 {_ms(now[1])}, p99 {_ms(now[2])}, {len(one.values):,} lines. {said}."
        weight, chart, time = np.log10(now[1] + 1), None, scene.time(int(one.rows[slowest]))
    unique = tuple(dict.fromkeys(cited))
    return float(weight), Statement(text, workload, unique, time, Section.LATENCY, query, len(one.values)), chart


def _kind(scene: Scene, one: Measured, example: str) -> str:
    """Return the words of a line that stand in all cited lines: the longest constant part of its template."""
    text = scene.evidence.miner_templates[one.template].text
    parts = [part.strip(" \"'{}(),:=[]") for part in re.split(r"<[^<>]*>", text)]
    inside = [part for part in parts if len(part) > 2 and part in example]
    return max(inside, key=len, default=one.name)


def _percentiles(values: NDArray[np.float64]) -> tuple[float, float, float]:
    found = np.percentile(values, (50, 95, 99))
    return float(found[0]), float(found[1]), float(found[2])


def _at_percentile(values: NDArray[np.float64], percent: int) -> int:
    """Return the index of the value nearest to a percentile."""
    return int(np.argmin(np.abs(values - np.percentile(values, percent))))


def _ms(value: float) -> str:
    if value >= 10_000:
        return f"{value / 1000:,.1f} s"
    return f"{value:,.0f} ms" if value >= 10 else f"{value:.1f} ms"


def _trend(scene: Scene, one: Measured, workload: str) -> Trend:
    span = max(scene.stop - scene.start, 1)
    parts = np.minimum((scene.moments[one.rows] - scene.start) * _TREND_PARTS // (span + 1), _TREND_PARTS - 1)
    highest = np.zeros(_TREND_PARTS)
    np.maximum.at(highest, parts, one.values)
    return Trend(f"{workload}, slowest {one.name} in ms", tuple(highest.tolist()), scene.start, scene.stop)
