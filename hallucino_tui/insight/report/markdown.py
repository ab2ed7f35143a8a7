"""A report as Markdown that is read in a terminal of 80 columns."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from hallucino_tui.insight.report.quoting import clock, plain, quote
from hallucino_tui.insight.report.statements import Bars, Purpose, Section, Trend
from hallucino_tui.insight.wording import how_many

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hallucino_tui.insight.report.evidence import Citation, Evidence
    from hallucino_tui.insight.report.statements import Report, Statement

_TITLES: Final = {
    Section.CAUSE: "Likely first cause",
    Section.TIMELINE: "What happened",
    Section.WORKLOADS: "Affected workloads",
    Section.ERRORS: "Errors",
    Section.WARNINGS: "Warnings",
    Section.SURPRISES: "Otherwise than before",
    Section.LATENCY: "How long things take",
    Section.SATURATION: "What is full",
    Section.LOGINS: "Logins",
    Section.ACCESS: "Refused",
    Section.SCANS: "Scans",
}
_NAMES: Final = {Purpose.GENERAL: "Report", Purpose.PERFORMANCE: "Performance", Purpose.SECURITY: "Security"}
_EIGHTHS: Final = " ▏▎▍▌▋▊▉█"
_HEIGHTS: Final = " ▁▂▃▄▅▆▇█"
_WIDEST: Final = 36
_MOST_CITED: Final = 6
# In prose that no log text stands in outside of code, these are still what somebody may have named a workload.
_MARKS: Final = str.maketrans({mark: f"\\{mark}" for mark in "\\*_[]<>#|~"} | {"&": "&amp;"})


def to_markdown(report: Report, evidence: Evidence, cite: Callable[[Citation], str]) -> str:
    """Write a report.

    Args:
        report: The report.
        evidence: What it was made from.
        cite: Returns the label of a citation, for example ``L12`` or ``checkout:12``; stands in square brackets.
    """
    parts = [f"### {_NAMES[report.purpose]}", "", _summary(report, evidence)]
    for section in Section:
        own = [one for one in report.statements if one.section is section]
        if own:
            parts += ["", f"**{_TITLES[section]}**", "", *(_item(one, cite) for one in own)]
    if not report.statements:
        parts += ["", "Nothing stands out."]
    for chart in report.charts:
        drawn = _bars(chart) if isinstance(chart, Bars) else _trend(chart)
        parts += ["", f"**{_prose(chart.title)}**", "", "```text", *drawn, "```"]
    if report.next_looks:
        parts += ["", "**Where to look next**", ""]
        parts += [f"- {_prose(one.text)}: {quote(one.query, 400)}" for one in report.next_looks]
    if report.gaps:
        parts += ["", "**What could not be read**", "", *(f"- {_prose(plain(gap))}" for gap in report.gaps)]
    return "\n".join(parts)


def _summary(report: Report, evidence: Evidence) -> str:
    lines = evidence.lines
    word = "An incident" if report.is_incident else "No incident"
    since = f" since {clock(report.onset)} UTC" if report.is_incident and report.onset is not None else ""
    events = f" and {how_many(report.event_count, 'event')}" if report.event_count else ""
    streams = how_many(len(np.unique(lines.streams)), "stream")
    return f"{word}{since}. {how_many(report.line_count, 'line')} of {streams}{events}."


def _item(statement: Statement, cite: Callable[[Citation], str]) -> str:
    labels = [_prose(plain(cite(one))) for one in statement.citations[:_MOST_CITED]]
    more = len(statement.citations) - _MOST_CITED
    # The brackets must not make a link of what follows.
    cited = " ".join(f"\\[{label}\\]" for label in dict.fromkeys(labels)) + (f" +{more}" if more > 0 else "")
    return f"- {_prose(statement.text)} {cited}".rstrip()


def _prose(text: str) -> str:
    """Return a sentence as Markdown: what stands between backticks as it is, no mark outside of them means anything."""
    parts: list[str] = []
    rest = text
    while rest:
        start = rest.find("`")
        if start < 0:
            break
        length = len(rest[start:]) - len(rest[start:].lstrip("`"))
        fence = "`" * length
        stop = _closing(rest, start + length, fence)
        if stop < 0:
            break
        parts += [rest[:start].translate(_MARKS), rest[start : stop + length]]
        rest = rest[stop + length :]
    return "".join([*parts, rest.translate(_MARKS).replace("`", "\\`")])


def _closing(text: str, start: int, fence: str) -> int:
    """Return where a run of as many backticks as the fence begins; -1 if there is none."""
    place = text.find(fence, start)
    while place >= 0:
        end = place
        while end < len(text) and text[end] == "`":
            end += 1
        if end - place == len(fence):
            return place
        place = text.find(fence, end)
    return -1


def _bars(chart: Bars) -> list[str]:
    most = max(chart.values, default=0.0)
    shown = [plain(label)[:24] for label in chart.labels]
    width = max((len(label) for label in shown), default=0)
    lines: list[str] = []
    for label, value in zip(shown, chart.values, strict=True):
        whole = value / most * _WIDEST if most else 0.0
        full, part = divmod(round(whole * 8), 8)
        bar = "█" * full + (_EIGHTHS[part] if part else "")
        lines.append(f"{label:<{width}} {bar or '▏'} {value:,.0f}{chart.unit and ' ' + chart.unit}")
    return lines


def _trend(chart: Trend) -> list[str]:
    most = max(chart.values, default=0.0)
    drawn = "".join(_HEIGHTS[math.ceil(value / most * 8) if most else 0] for value in chart.values)
    ends: Sequence[str] = (clock(chart.start), clock(chart.stop))
    middle = f"most {most:,.0f}".center(max(len(drawn) - len(ends[0]) - len(ends[1]), 0))
    return [drawn, f"{ends[0]}{middle or ' '}{ends[1]}"]
