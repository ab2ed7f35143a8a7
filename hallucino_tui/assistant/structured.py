"""Answers that a server holds to a JSON schema: what the schema is, and Markdown made of the JSON while it comes.

With a schema a model can cite no line that was not sent, and every statement has a place for its citations.
"""

from __future__ import annotations

import importlib
import json
import re
from typing import TYPE_CHECKING, Any, Final, cast

from hallucino_tui.assistant.citations import find_citations
from hallucino_tui.assistant.tasks import Task
from hallucino_tui.logs.text import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MOST_IN_ENUM: Final = 240
"""OpenAI refuses enums with more than 250 values whose text is long; then a pattern has to do."""

_STEPS: Final = frozenset({"steps"})
_LOOKS: Final = frozenset({"looks"})
_HEADINGS: Final = {
    "answer": "",
    "happened": "What happened",
    "meaning": "What it means",
    "differences": "What is different",
    "status": "Where it stands",
    "cause": "Likely cause",
    "evidence": "What speaks for it",
    "around": "What was around it",
    "only_first": "Only in part A",
    "only_second": "Only in part B",
    "impact": "Impact",
    "problems": "Problems",
    "steps": "What to do",
    "next": "What happens next",
    "looks": "What to look at next",
}
_PARTS: Final = {
    Task.SUMMARISE: ("happened", "impact", "problems", "cause", "steps", "looks", "category"),
    Task.CAUSE: ("cause", "evidence", "impact", "steps", "looks", "category"),
    Task.EXPLAIN: ("meaning", "around", "steps", "looks"),
    Task.ASK: ("answer", "looks"),
    Task.COMPARE: ("differences", "only_first", "only_second", "looks"),
    Task.UPDATE: ("status", "impact", "cause", "next"),
}
CATEGORIES: Final = ("incident", "preventive_action", "normal")
_ID: Final = re.compile(r"\[?L?(\d{1,6})\]?")
_SOMETIMES: Final = 64
"""What has come is read again when it has grown by this part of itself, so that long answers stay linear."""


def schema_for(task: Task, ids: int) -> dict[str, Any]:
    """Return the JSON schema of an answer.

    Only what OpenAI's, Azure's and llama.cpp's servers all take is in it.

    Args:
        task: What is wanted.
        ids: How many ids there are, from ``L1`` on.
    """
    one: dict[str, Any] = {"type": "string"}
    if 0 < ids <= _MOST_IN_ENUM:
        one["enum"] = [f"L{number}" for number in range(1, ids + 1)]
    else:
        one["pattern"] = "^L[1-9][0-9]{0,5}$"
    text = {"type": "string"}
    lines = {"type": "array", "items": {"$ref": "#/$defs/id"}}
    kinds = {"statement": {"text": text, "lines": lines}}
    parts: dict[str, Any] = {}
    for part in _PARTS[task]:
        if part == "category":
            parts[part] = {"type": "string", "enum": list(CATEGORIES)}
            continue
        kind = "step" if part in _STEPS else "look" if part in _LOOKS else "statement"
        if kind == "step":
            kinds[kind] = {"text": text, "lines": lines, "command": text}
        elif kind == "look":
            kinds[kind] = {"text": text, "query": text}
        parts[part] = {"type": "array", "items": {"$ref": f"#/$defs/{kind}"}}
    return _object(parts) | {"$defs": {"id": one} | {name: _object(fields) for name, fields in kinds.items()}}


def _object(fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


class Rendering:
    """Makes Markdown of an answer while it comes. What is given out is never taken back.

    What is no JSON is passed through: some servers take a schema and ignore it.
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._size = 0
        self._read = 0
        self._given = ""
        self._is_json: bool | None = None

    def feed(self, delta: str) -> str:
        """Take a piece of the answer; return what can be shown more than before, "" for nothing yet."""
        if self._is_json is False:
            return delta
        self._pieces.append(delta)
        self._size += len(delta)
        if self._is_json is None:
            text = self._text()
            self._is_json = _begins_json(text)
            if self._is_json is False:
                return self._pass_on(text)
        if not self._is_json or self._size - self._read < max(self._size // _SOMETIMES, 1):
            return ""
        self._read = self._size
        return self._more(final=False)

    def finish(self) -> str:
        """Return what is left when no more comes; JSON that was cut is shown as far as it goes."""
        if self._is_json is False or not self._size:
            return ""
        if self._is_json is None:
            return self._pass_on(self._text())
        return self._more(final=True)

    def _text(self) -> str:
        text = "".join(self._pieces)
        self._pieces = [text]
        return text

    def _pass_on(self, text: str) -> str:
        self._is_json = False
        self._pieces = []
        return text

    def _more(self, *, final: bool) -> str:
        text = self._text()
        body = text[text.index("{") :]
        whole, tail = _whole(body) if final or body.rstrip().endswith(("}", "```")) else (None, "")
        drawings = [_draw(whole, whole=True)] if whole is not None else _drawings(body, final=final)
        if not drawings:
            if not final and _from_json() is None:
                return ""
            # It is no JSON after all. If some of it was shown as such, the whole follows as it came.
            return self._pass_on("\n\n" + text if self._given else text)
        drawn = max((one for one in drawings if one.startswith(self._given)), key=len, default=self._given)
        more = drawn[len(self._given) :]
        self._given += more
        if final and tail.strip("` \n"):
            more += f"\n\n{tail.strip()}"
        return more


def _begins_json(text: str) -> bool | None:
    """Say whether an answer is JSON, None while that cannot be told."""
    start = text.lstrip()
    if start.startswith("`") or not start:
        head, newline, rest = start.partition("\n")
        if not newline:
            return None if "```json".startswith(head.rstrip().lower()) else False
        if head.strip().lower() not in {"```", "```json"}:
            return False
        start = rest.lstrip()
    if not start or not start[1:].lstrip():
        return None if start in {"", "{"} or start[:1] == "{" else False
    return start[0] == "{" and start[1:].lstrip()[0] in '"}'


def _from_json() -> Callable[..., Any] | None:
    """Return what reads JSON that is not all there, and comes with the client of the models; None without it."""
    try:
        return importlib.import_module("jiter").from_json
    except ImportError:
        return None


def _whole(body: str) -> tuple[dict[str, Any] | None, str]:
    """Return the object at the beginning of a text and what stands behind it; None if it is not whole."""
    try:
        found, end = json.JSONDecoder().raw_decode(body)
    except (ValueError, RecursionError):
        return None, ""
    return cast("dict[str, Any]", found), body[end:]


def _drawings(body: str, *, final: bool) -> list[str]:
    """Return what can be drawn of JSON that is not whole; empty if it is no JSON.

    Args:
        body: The JSON.
        final: Whether no more comes; then what is complete in its last statement counts as the whole of it.
    """
    read = _from_json()
    if read is None:
        return []
    try:
        data = body.encode("utf-8", "replace")
        drawn = [_draw(read(data, partial_mode="trailing-strings"), whole=False)]
        return [*drawn, _draw(read(data, partial_mode="on"), whole=True)] if final else drawn
    except (ValueError, RecursionError):
        return []


def _draw(answer: dict[str, Any], *, whole: bool) -> str:
    """Return an answer as Markdown. The last thing in it is only begun if the answer is not whole."""
    out: list[str] = []
    for place, (part, value) in enumerate(answer.items(), start=1):
        is_open = not whole and place == len(answer)
        if part == "category" and value in CATEGORIES and not is_open:
            out.append(f"{_gap(out)}category: {value}\n")
        elif part in _HEADINGS and isinstance(value, list):
            _draw_part(out, part, cast("list[Any]", value), is_open=is_open)
    return "".join(out)


def _draw_part(out: list[str], part: str, items: list[Any], *, is_open: bool) -> None:
    heading = _HEADINGS[part]
    for place, item in enumerate(items, start=1):
        fields = cast("dict[str, Any]", item) if isinstance(item, dict) else {"text": item}
        drawn = "".join(_draw_item(part, fields, is_open=is_open and place == len(items)))
        if not drawn:
            continue
        if heading is not None:
            out.append(_gap(out) + (f"### {heading}\n\n" if heading else ""))
            heading = None
        out.append(drawn)


def _gap(out: list[str]) -> str:
    if not out:
        return ""
    return "" if out[-1].endswith("\n\n") else "\n"


def _draw_item(part: str, item: dict[str, Any], *, is_open: bool) -> Iterator[str]:
    text = _one_line(item.get("text"))
    if not text:
        return
    # A mark at the end is held back: citations stand before it, so that they belong to the sentence.
    said = text.rstrip(".!?…")
    yield f"- {said}"
    if is_open:
        return
    if part in _LOOKS:
        query = _one_line(item.get("query"))
        yield f": {_code(query)}\n" if query else f"{text[len(said) :]}\n"
        return
    yield f"{_cited(text, item.get('lines'))}{text[len(said) :]}\n"
    command = item.get("command")
    if part in _STEPS and isinstance(command, str) and command.strip():
        lines = command.replace("```", "'''").strip().splitlines()
        yield "\n  ```sh\n" + "".join(f"  {shown(line)}\n" for line in lines) + "  ```\n\n"


def _one_line(value: object) -> str:
    """Return text as one harmless line; of text that goes on, a beginning."""
    return " ".join(shown(" ".join(value.split())).split()) if isinstance(value, str) else ""


def _cited(text: str, lines: object) -> str:
    """Return the citations of a statement that do not stand in its text already."""
    if not isinstance(lines, list):
        return ""
    there = {number for one in find_citations(text) for number in one.numbers}
    found = (_ID.fullmatch(one) for one in cast("list[Any]", lines) if isinstance(one, str))
    numbers = dict.fromkeys(int(match[1]) for match in found if match)
    more = [f"L{number}" for number in numbers if number not in there]
    return f" [{', '.join(more)}]" if more else ""


def _code(text: str) -> str:
    """Return text as a code span, whatever backticks are in it."""
    if "`" not in text:
        return f"`{text}`"
    fence = "`" * (max(map(len, re.findall("`+", text))) + 1)
    return f"{fence} {text} {fence}"
