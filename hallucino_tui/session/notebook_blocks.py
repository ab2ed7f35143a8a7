"""What an entry of a notebook says, piece by piece, whoever writes it down: the screen, Markdown, HTML."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from hallucino_tui.assistant.citations import find_citations
from hallucino_tui.logs.moment import NANOSECONDS
from hallucino_tui.session.notebook import AnswerEntry, Entry, KeptLine, LinesEntry, ViewEntry

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import tzinfo

    from hallucino_tui.session.notebook import KeptTimeline

_BARS: Final = " ▁▂▃▄▅▆▇█"
_MOST_BARS: Final = 60
_MARKS: Final = {"supported": "✔", "doubtful": "⚠", "unsupported": "✖"}


class Block(NamedTuple):
    """One piece.

    Attributes:
        kind: ``note``: the user's words; ``fact``: something with a name; ``lines``: lines of logs; ``answer``: what a
            model wrote, or the report without one.
        title: What it is.
        text: What it says.
    """

    kind: Literal["note", "fact", "lines", "answer"]
    title: str
    text: str


def stamp(time: int | None, zone: tzinfo | None = UTC, form: str = "%Y-%m-%d %H:%M:%S") -> str:
    """Return a time as a reader knows it; "" for none, ``?`` for one that no calendar has.

    Args:
        time: Nanoseconds since the epoch.
        zone: The zone; None for the local one.
        form: How it is written.
    """
    if time is None:
        return ""
    try:
        return datetime.fromtimestamp(time // NANOSECONDS, UTC).astimezone(zone).strftime(form)
    except (OverflowError, OSError, ValueError):
        return "?"


def exact(time: int | None) -> str:
    """Return a time in UTC to the nanosecond; "" for none."""
    if time is None:
        return ""
    second = stamp(time, UTC, "%Y-%m-%dT%H:%M:%S")
    return second if second == "?" else f"{second}.{time % NANOSECONDS:09d}Z"


def kind_of(entry: Entry) -> str:
    """Return what an entry is, in one word."""
    return "lines" if isinstance(entry, LinesEntry) else "view" if isinstance(entry, ViewEntry) else "answer"


def gist_of(entry: Entry) -> str:
    """Return what an entry is about, in one line."""
    match entry:
        case LinesEntry():
            first = entry.lines[0].text if entry.lines else ""
            return first if len(entry.lines) == 1 else f"{_plural(len(entry.lines), 'line')}: {first}"
        case ViewEntry():
            what = (
                entry.query or ", ".join([*entry.streams[:2], *([entry.level] if entry.level else [])]) or "all lines"
            )
            return f"{entry.shown:,} of {entry.of:,} lines: {what}"
        case AnswerEntry():
            return f"{entry.question.strip().splitlines()[0] if entry.question.strip() else 'answer'}" + (
                f" ({entry.verdict})" if entry.verdict else ""
            )


def blocks_of(entry: Entry) -> list[Block]:
    """Return all that an entry says."""
    note = [Block("note", "note", entry.note)] if entry.note else []
    match entry:
        case LinesEntry():
            return [*note, *_of_lines(entry)]
        case ViewEntry():
            return [*note, *_of_view(entry)]
        case AnswerEntry():
            return [*note, *_of_answer(entry)]


def whole(entry: Entry) -> str:
    """Return all that an entry says as text."""
    parts: list[str] = []
    for block in blocks_of(entry):
        if block.kind == "fact":
            parts.append(f"{block.title}: {block.text}")
        else:
            parts.append(f"\n── {block.title} ──\n{block.text}")
    return "\n".join(parts).strip("\n")


def line_text(line: KeptLine) -> str:
    """Return a line with when and where it was written, as one line."""
    cut = f" … [cut: {line.size:,} bytes]" if line.size else ""
    text = line.text.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\r")
    return " ".join(part for part in (exact(line.time), line.source, text + cut) if part)


def _of_lines(entry: LinesEntry) -> list[Block]:
    left = [_fact("not kept", f"{_plural(entry.left_out, 'more line')} of the selection")] if entry.left_out else []
    return [*_places(entry.lines), *left, _lines(_plural(len(entry.lines), "line"), entry.lines)]


def _of_view(entry: ViewEntry) -> list[Block]:
    facts = [
        ("cluster", entry.context),
        ("read", entry.choice),
        ("chosen", ", ".join(entry.streams)),
        ("query", entry.query),
        *(("filter" if one.on else "filter, switched off", one.text) for one in entry.filters),
        ("filters", "only marked what they let through" if entry.marked_only else ""),
        ("level", f"{entry.level} and worse" if entry.level else ""),
        ("from", exact(entry.since)),
        ("until", exact(entry.until)),
        ("showed", f"{entry.shown:,}{'' if entry.counted else ' or more'} of {_plural(entry.of, 'line')}"),
    ]
    blocks = [_fact(title, text) for title, text in facts if text]
    if entry.timeline is not None:
        blocks += _timeline(entry.timeline)
    what = "all lines" if len(entry.lines) >= entry.shown else f"the newest {_plural(len(entry.lines), 'line')}"
    return [*blocks, *([_lines(what, entry.lines)] if entry.lines else [])]


def _of_answer(entry: AnswerEntry) -> list[Block]:
    who = f"{entry.model} at {entry.host}" if entry.host else entry.model
    facts = [("question", entry.question), ("answered by", who or "no model"), ("checked", entry.verdict)]
    blocks = [_fact(title, text) for title, text in facts if text]
    if entry.report:
        blocks.append(Block("answer", "report without a model", entry.report))
    if entry.answer or not entry.report:
        blocks.append(Block("answer", "answer of the model" if entry.report else "answer", entry.answer))
    doubts = [claim for claim in entry.claims if claim.verdict != "supported"]
    blocks += [_fact(f"{_MARKS.get(one.verdict, '?')} {one.verdict}", _doubt(one.text, one.reason)) for one in doubts]
    return [*blocks, *_cited(entry)]


def _cited(entry: AnswerEntry) -> list[Block]:
    """Return the lines that an answer and the report above it rest on, and all that was sent."""
    sent = {number: _one_line(one.text) for number, one in enumerate(entry.sent, start=1)}
    known = sent | {one.number: _one_line(one.text) for one in entry.more if one.number not in sent}
    said = {number for one in find_citations(entry.answer) for number in one.numbers}
    said |= {number for claim in entry.claims for number in claim.citations}
    cited = said | {number for one in find_citations(entry.report) for number in one.numbers}
    some = [f"[L{number}] {known[number]}" for number in sorted(cited) if number in known]
    blocks = [Block("lines", "cited lines", "\n".join(some))] if some else []
    gone = sorted(cited - known.keys())
    unsent = [number for number in gone if entry.model and number in said]
    for title, numbers in (
        ("cited, but never sent", unsent),
        ("cited, but not kept", [number for number in gone if number not in unsent]),
    ):
        if numbers:
            words = ", ".join(f"L{number}" for number in numbers[:20])
            blocks.append(_fact(title, words + (" …" if len(numbers) > 20 else "")))
    if not sent.keys() <= cited:
        texts = "\n".join(f"[L{number}] {text}" for number, text in sent.items())
        blocks.append(Block("lines", f"all that was sent: {_plural(len(sent), 'entry', 'entries')}", texts))
    return blocks


def _places(lines: Sequence[KeptLine]) -> list[Block]:
    """Return where lines come from, so that they can be found again."""
    places: dict[str, None] = {}
    for line in lines:
        labels = line.labels
        names = [labels.get(name, "") for name in ("cluster", "namespace", "pod", "container")]
        places[labels.get("filename", "") or "/".join(filter(None, names)) or line.source] = None
    times = [line.time for line in lines if line.time is not None]
    span = [_fact("from", exact(min(times))), _fact("until", exact(max(times)))] if times else []
    return [_fact("where", ", ".join(filter(None, places))), *span] if any(places) else span


def _timeline(timeline: KeptTimeline) -> list[Block]:
    sums = [sum(bucket) for bucket in timeline.counts]
    step = -(-len(sums) // _MOST_BARS) if sums else 1
    bars = [sum(sums[place : place + step]) for place in range(0, len(sums), step)]
    most = max(bars, default=0)
    drawn = "".join(_BARS[0 if not bar else 1 + bar * 7 // most] for bar in bars)
    stop = timeline.start + len(sums) * timeline.width
    names = (("warning", ""), ("error", ""), ("fatal line", ""))
    worse = [sum(max(bucket[place], 0) for bucket in timeline.counts) for place in (1, 2, 3)]
    told = ", ".join(_plural(count, one, several) for count, (one, several) in zip(worse, names, strict=True) if count)
    return [
        _fact("timeline", f"{exact(timeline.start)} to {exact(stop)}" + (f": {told}" if told else "")),
        *([_fact("lines by time", f"▕{drawn}▏ at most {most:,}")] if most > 0 and min(bars) >= 0 else []),
    ]


def _lines(title: str, lines: Iterable[KeptLine]) -> Block:
    return Block("lines", title, "\n".join(map(line_text, lines)))


def _fact(title: str, text: str) -> Block:
    return Block("fact", title, _one_line(text))


def _doubt(claim: str, reason: str) -> str:
    return f"{claim.strip()} ({reason})" if reason else claim.strip()


def _one_line(text: str) -> str:
    return " ".join(text.split("\n")).replace("\r", " ")


def _plural(count: int, word: str, several: str = "") -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {several or word + 's'}"
