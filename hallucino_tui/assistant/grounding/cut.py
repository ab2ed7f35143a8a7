"""Cuts an answer into its claims: Markdown, one claim a line, or JSON."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from hallucino_tui.assistant.citations import find_loosely
from hallucino_tui.assistant.grounding.sentences import NEXT_SECTION, claimed_part, sentence_spans, without_citations
from hallucino_tui.assistant.grounding.words import tamed

if TYPE_CHECKING:
    from collections.abc import Iterator

_FENCE: Final = re.compile(r"^\s{0,3}(?:```|~~~)")
_HEADING: Final = re.compile(r"^\s{0,3}#{1,6}\s|^\s*(?:\*\*|__)[^*_]+(?:\*\*|__):?\s*$|^[^.\[(`]{1,50}:\s*$")
_UNDERLINE: Final = re.compile(r"^\s*(?:=+|-{3,}|\*{3,}|_{3,})\s*$")
_BULLET: Final = re.compile(r"^\s*(?:[-*+\u2022]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?")
_ROW: Final = re.compile(r"^\s*\|.*\|\s*$")
_RULE: Final = re.compile(r"^[\s|:\-]+$")
_WHOLE: Final = re.compile(r"[.!?:;\])\u3002][\"'*_`)]*\s*$")
_LABELLED: Final = re.compile(r"^\W*[A-Z][\w /-]{1,40}:\s*$")
_TEXT_KEYS: Final = ("text", "claim", "statement", "summary", "what", "sentence")


class Piece(NamedTuple):
    """A claim that is not checked yet.

    Attributes:
        text: As it stands.
        start: Where it begins.
        end: Where it ends.
        citations: What it cites, in its order.
    """

    text: str
    start: int
    end: int
    citations: tuple[int, ...]


class _Block(NamedTuple):
    """A stretch of an answer: ``bullet``, ``row``, ``heading``, ``line`` (a claim as a whole) or ``text``."""

    kind: str
    start: int
    end: int


def cut(answer: str) -> list[Piece]:
    """Return the claims of an answer in order."""
    in_json = _cut_json(answer) if answer.lstrip().startswith(("{", "[{")) else None
    if in_json is not None:
        return in_json
    plain = tamed(answer)
    return [piece._replace(text=answer[piece.start : piece.end]) for piece in _cut_markdown(plain)]


def _cut_markdown(answer: str) -> list[Piece]:
    pieces: list[Piece] = []
    is_next = False
    for block in _blocks(answer):
        if block.kind == "heading":
            is_next = bool(NEXT_SECTION.search(without_citations(answer[block.start : block.end])))
            if not cited(answer[block.start : block.end]):
                continue
        pieces += _cut_block(answer, block, is_next=is_next)
    return pieces


def cited(text: str) -> tuple[int, ...]:
    """Return the numbers that a text cites, in order, each once."""
    return tuple(dict.fromkeys(number for one in find_loosely(text) for number in one.numbers))


def _cut_block(answer: str, block: _Block, *, is_next: bool) -> Iterator[Piece]:
    text = answer[block.start : block.end]
    if block.kind in {"line", "row"}:
        yield from _piece(answer, block.start, block.end, cited(text))
        return
    inherited = cited(text) if block.kind == "bullet" else ()
    for begin, end in sentence_spans(text):
        own = cited(text[begin:end])
        part = claimed_part(text[begin:end], in_next_section=is_next, is_cited=bool(own))
        if part >= 0:
            yield from _piece(answer, block.start + begin + part, block.start + end, own or inherited)


def _piece(answer: str, start: int, end: int, citations: tuple[int, ...]) -> Iterator[Piece]:
    text = answer[start:end]
    start += len(text) - len(text.lstrip())
    text = text.strip()
    if text:
        yield Piece(text, start, start + len(text), citations)


def _blocks(answer: str) -> Iterator[_Block]:
    lines = list(_physical_lines(answer))
    has_lines_alone = _is_line_by_line([answer[start:end] for start, end in lines])
    pending: _Block | None = None
    for start, end in lines:
        line = answer[start:end]
        kind = _kind(line)
        if kind == "text" and has_lines_alone:
            kind = "line" if line.strip() else "blank"
        if kind == "text" and pending is not None and pending.kind in {"text", "bullet"}:
            pending = pending._replace(end=end)
            continue
        if pending is not None:
            yield pending
            pending = None
        if kind in {"text", "bullet"}:
            marker = _BULLET.match(line)
            pending = _Block(kind, start + (marker.end() if marker else 0), end)
        elif kind in {"line", "row", "heading"}:
            yield _Block(kind, start, end)
    if pending is not None:
        yield pending


def _physical_lines(answer: str) -> Iterator[tuple[int, int]]:
    """Give the lines outside code and table heads as start and end; a line that is left out reads as a blank one."""
    start = 0
    fenced = False
    spans: list[tuple[int, int]] = []
    for line in answer.splitlines(keepends=True):
        end = start + len(line)
        body_end = start + len(line.rstrip("\r\n"))
        if _FENCE.match(line):
            fenced = not fenced
            spans.append((start, start))
        else:
            spans.append((start, start) if fenced else (start, body_end))
        start = end
    for index, (begin, end) in enumerate(spans):
        following = answer[slice(*spans[index + 1])] if index + 1 < len(spans) else ""
        is_head = _ROW.match(answer[begin:end]) and _RULE.match(following) and "-" in following
        yield (begin, begin) if is_head else (begin, end)


def _kind(line: str) -> str:
    if not line.strip() or _UNDERLINE.match(line):
        return "blank"
    if _ROW.match(line):
        return "blank" if _RULE.match(line) else "row"
    if _BULLET.match(line):
        return "bullet"
    if _HEADING.match(line) or _LABELLED.match(line):
        return "heading"
    return "blank" if line.lstrip().startswith(("<!--", "![")) else "text"


def _is_line_by_line(lines: list[str]) -> bool:
    """Say whether each line is one claim: no Markdown, most lines cite, and each of them is whole."""
    full = [line for line in lines if line.strip()]
    if len(full) < 2 or any(_kind(line) != "text" for line in full) or len(full) < len(lines) * 0.9:
        return False
    citing = [line for line in full if find_loosely(line)]
    whole = [line for line in full if _WHOLE.search(line) and _count_citing_sentences(line) <= 1]
    return len(citing) * 2 >= len(full) and len(whole) >= len(full) * 0.8


def _count_citing_sentences(line: str) -> int:
    return sum(bool(find_loosely(line[start:end])) for start, end in sentence_spans(line))


def _cut_json(answer: str) -> list[Piece] | None:
    """Return the claims of an answer in JSON: every object with a text and lines; None if it is no JSON."""
    try:
        tree: object = json.loads(answer)
    except ValueError:
        return None
    pieces: list[Piece] = []
    at = 0
    for text, numbers in _statements(tree):
        written = json.dumps(text, ensure_ascii=False)[1:-1]
        found = answer.find(written, at)
        if found < 0:
            written = json.dumps(text)[1:-1]
            found = answer.find(written, at)
        start = max(found, at)
        at = start + (len(written) if found >= 0 else 0)
        pieces.append(Piece(text, start, at, tuple(dict.fromkeys((*numbers, *cited(tamed(text)))))))
    return pieces


def _statements(tree: object) -> Iterator[tuple[str, tuple[int, ...]]]:
    if isinstance(tree, list):
        for item in cast(list[object], tree):
            yield from _statements(item)
    elif isinstance(tree, dict):
        branch = cast(dict[str, object], tree)
        numbers = tuple(
            number
            for key in ("lines", "citations", "cites", "evidence", "ids")
            if isinstance(named := branch.get(key), list)
            for one in cast(list[object], named)
            for number in (cited(tamed(str(one))) or ((one,) if isinstance(one, int) else ()))
        )
        for key, value in branch.items():
            if (
                key in _TEXT_KEYS
                and isinstance(value, str)
                and claimed_part(tamed(value), in_next_section=False, is_cited=True) >= 0
            ):
                yield value, numbers
            elif not isinstance(value, str) and not NEXT_SECTION.search(key.replace("_", " ")):
                yield from _statements(value)
