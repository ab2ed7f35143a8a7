"""Cuts an answer into its claims: Markdown, one claim a line, or JSON."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from hallucino_tui.assistant.citations import find_loosely
from hallucino_tui.assistant.grounding.lexicon.words import tamed
from hallucino_tui.assistant.grounding.reading.sentences import NEXT_SECTION, sentence_spans, without_citations
from hallucino_tui.assistant.grounding.reading.speech import claimed_part, introduces, tells

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
# Where an answer sums itself up, as a heading or at the head of a sentence.
_SUMMARY: Final = re.compile(
    r"^\W*(?:tl;?\s?dr|(?:executive |short |brief )?summary|in (?:short|summary|brief|a nutshell)|to sum up|overview|"
    r"overall|conclusion|in conclusion|bottom line|short answer|short version|altogether|all in all)\b",
    re.IGNORECASE,
)
_BOLD_ALONE: Final = re.compile(r"^\s*(?:\*\*|__)[^*_\n]+(?<![.!])(?:\*\*|__)\s*:?\s*$")
_HEAD: Final = re.compile(r"^\s*(?:\*\*|__)[^*_\n]{1,60}(?:\*\*|__)")
# A sentence in bold at the head of a paragraph is its title.
_LEAD: Final = re.compile(r"^\s*(?:\*\*|__)[^*_\n`]{1,80}[.!](?:\*\*|__)\s*$")
_GOES_ON: Final = re.compile(r"^\W*(?:it|its|they|their|this|that|these|those|both|he|she)\b", re.IGNORECASE)
_TEXT_KEYS: Final = ("text", "claim", "statement", "summary", "what", "sentence")


class Piece(NamedTuple):
    """A claim that is not checked yet.

    Attributes:
        text: As it stands.
        start: Where it begins.
        end: Where it ends.
        citations: What it cites, in its order.
        is_summary: It sums up what the rest of the answer says.
        is_title: It is the title of its paragraph, which says it once more and in full.
    """

    text: str
    start: int
    end: int
    citations: tuple[int, ...]
    is_summary: bool = False
    is_title: bool = False


class _Block(NamedTuple):
    """A stretch of an answer: ``bullet``, ``row``, ``heading``, ``line`` (a claim as a whole) or ``text``."""

    kind: str
    start: int
    end: int
    indent: int = 0


class _Place(NamedTuple):
    """Where a block stands: under which heading, and what the points under it cite."""

    is_next: bool
    is_summary: bool
    below: tuple[int, ...]


def cut(answer: str) -> list[Piece]:
    """Return the claims of an answer in order."""
    in_json = _cut_json(answer) if answer.lstrip().startswith(("{", "[{")) else None
    if in_json is not None:
        return in_json
    plain = tamed(answer)
    return [piece._replace(text=answer[piece.start : piece.end]) for piece in _cut_markdown(plain)]


def _cut_markdown(answer: str) -> list[Piece]:
    pieces: list[Piece] = []
    is_next = is_summary = False
    blocks = list(_blocks(answer))
    for index, block in enumerate(blocks):
        text = answer[block.start : block.end]
        if block.kind == "heading":
            bare = without_citations(text)
            is_next, is_summary = bool(NEXT_SECTION.search(bare)), bool(_SUMMARY.match(bare))
            if not (cited(text) and tells(text)):
                continue
        elif _is_title(text, block, has_below=index + 1 < len(blocks) and _is_below(blocks[index + 1], block)):
            continue
        below = () if cited(text) else _cited_below(answer, blocks, index)
        pieces += _cut_block(answer, block, _Place(is_next, is_summary, below))
    return pieces


def _is_below(block: _Block, parent: _Block) -> bool:
    """Say whether a block is a point under another: indented below a bullet, or a list behind a text."""
    if parent.kind == "bullet":
        return block.kind == "bullet" and block.indent > parent.indent
    return parent.kind == "text" and block.kind in {"bullet", "row"}


def _is_title(text: str, block: _Block, *, has_below: bool) -> bool:
    """Say whether a bullet only is the title of what follows: `- **Lease renewal**`."""
    if block.kind != "bullet" or cited(text):
        return False
    if _BOLD_ALONE.match(text):
        return has_below or not tells(text)
    return has_below and not tells(text)


def _cited_below(answer: str, blocks: list[_Block], index: int) -> tuple[int, ...]:
    """Return what the points under a block cite: `Two pods were killed:` stands on the lines of its points."""
    parent = blocks[index]
    if parent.kind == "text" and not answer[parent.start : parent.end].rstrip(" *_").endswith(":"):
        return ()
    found: dict[int, None] = {}
    for block in blocks[index + 1 :]:
        if not _is_below(block, parent):
            break
        found.update(dict.fromkeys(cited(answer[block.start : block.end])))
    return tuple(found)


def cited(text: str) -> tuple[int, ...]:
    """Return the numbers that a text cites, in order, each once."""
    return tuple(dict.fromkeys(number for one in find_loosely(text) for number in one.numbers))


def _cut_block(answer: str, block: _Block, place: _Place) -> Iterator[Piece]:
    text = answer[block.start : block.end]
    if block.kind in {"line", "row"}:
        own = cited(text)
        if own or block.kind == "row" or claimed_part(text, in_next_section=False, is_cited=False) >= 0:
            yield from _piece(answer, block.start, block.end, own)
        return
    head = _HEAD.match(text)
    is_next = place.is_next or bool(head and NEXT_SECTION.search(head[0]))
    spans = sentence_spans(text)
    citing = [cited(text[begin:end]) for begin, end in spans]
    inherited = cited(text) if block.kind == "bullet" or not any(citing[:-1]) else ()
    before: tuple[int, ...] = ()
    for index, (begin, end) in enumerate(spans):
        sentence, own = text[begin:end], citing[index]
        if not own and not place.below and introduces(sentence):
            continue
        part = claimed_part(sentence, in_next_section=is_next, is_cited=bool(own))
        if part >= 0:
            is_summary = place.is_summary or bool(_SUMMARY.match(sentence))
            # `It had run for an hour.` speaks of what the sentence before it tells.
            lines = own or inherited or (before if _GOES_ON.match(sentence) else ()) or place.below
            is_title = index == 0 and not own and any(citing) and _LEAD.match(sentence) is not None
            if is_title and not tells(sentence):
                continue
            lines = cited(text) if is_title else lines
            start = block.start + begin + part
            for piece in _piece(answer, start, block.start + end, lines):
                yield piece._replace(is_summary=is_summary, is_title=is_title)
        before = own or before


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
            indent = len(line) - len(line.lstrip())
            pending = _Block(kind, start + (marker.end() if marker else 0), end, indent)
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
