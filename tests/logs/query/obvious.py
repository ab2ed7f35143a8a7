"""A slow and obvious evaluator of the query language: one line, one stage, one label after the other.

It knows the language and nothing of the engine, and is what the engine is held against.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hallucino_tui.logs.query import ast
from tests.logs.query import obvious_json, obvious_text
from tests.logs.query.obvious_labels import ERROR, Line, compares, passes

if TYPE_CHECKING:
    from collections.abc import Callable

    from hallucino_tui.logs.severity import Level

COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
PLACE = re.compile(r"\{\{\s*\.([A-Za-z_][A-Za-z0-9_]*)\s*\}\}")


def evaluate(query: ast.Query, line: str, labels: dict[str, str], level: Level) -> tuple[str, dict[str, str]] | None:
    """Return the shown line and its labels, or None if it does not pass.

    Args:
        query: What is asked for.
        line: The text.
        labels: The labels of its stream.
        level: Its severity; the label ``level`` is its name.
    """
    if not all(compares(matcher, labels.get(matcher.name, "")) for matcher in query.matchers):
        return None
    state = Line(line, labels, level)
    for stage in query.stages:
        if not STAGES[type(stage)](stage, state):
            return None
    return state.line, state.shown_labels()


# Lines


def line_filter(stage: ast.LineFilter, state: Line) -> bool:
    tests: dict[ast.LineOp, tuple[Callable[[str, str], bool], bool]] = {
        ast.LineOp.CONTAINS: (lambda text, line: text in line, True),
        ast.LineOp.NOT_CONTAINS: (lambda text, line: text in line, False),
        ast.LineOp.MATCHES: (lambda text, line: re.search(text, line) is not None, True),
        ast.LineOp.NOT_MATCHES: (lambda text, line: re.search(text, line) is not None, False),
        ast.LineOp.LIKE: (obvious_text.looks_like, True),
        ast.LineOp.NOT_LIKE: (obvious_text.looks_like, False),
    }
    test, wanted = tests[stage.op]
    for term in stage.terms:
        found = obvious_text.has_address(state.line, term.text) if term.ip else test(term.text, state.line)
        if found:
            return wanted
    return not wanted


def decolorize(_: ast.Decolorize, state: Line) -> bool:
    state.line = COLOUR.sub("", state.line)
    return True


def line_format(stage: ast.LineFormat, state: Line) -> bool:
    state.line = fill(stage.template, state.shown_labels())
    return True


def fill(template: str, labels: dict[str, str]) -> str:
    """Put labels into a template that has nothing but ``{{.name}}`` and text."""
    return PLACE.sub(lambda place: labels.get(place[1], ""), template)


# Fields


def json_fields(stage: ast.Json, state: Line) -> bool:
    if stage.extractions:
        return json_paths(stage, state)
    if not flatten(state.line, [], state):
        state.fail("JSONParserErr")
    return True


def flatten(text: str, path: list[str], state: Line) -> bool:
    """Make labels of an object, and say whether all of it could be read."""
    read = obvious_json.read_object(text)
    for key, value in read.members:
        if value.kind == "object":
            if not flatten(value.raw, [*path, key], state):
                return False
        elif value.kind in {"string", "number", "boolean"}:
            parts = [part.strip() for part in [*path, key] if part.strip()]
            state.extract(obvious_text.label_name("_".join(parts)), value.label)
    return not read.broken


def json_paths(stage: ast.Json, state: Line) -> bool:
    if not state.line:
        return True
    if state.line[0] not in '{["':
        state.fail("JSONParserErr")
        return True
    for extraction in stage.extractions:
        try:
            value = obvious_json.follow(state.line, obvious_json.steps(extraction.path))
        except obvious_json.Broken:
            value = None
            state.fail("JSONParserErr")
        if value is not None:
            state.put(state.free(extraction.name), value.label)
    for extraction in stage.extractions:
        if extraction.name not in state.labels:
            state.put(extraction.name, "")
    return True


def logfmt_fields(stage: ast.Logfmt, state: Line) -> bool:
    pairs, pieces = obvious_text.scan_logfmt(state.line)
    if stage.strict and False in pieces:
        pairs = pairs[: pieces.index(False)]
        state.fail("LogfmtParserErr")
    named = [(obvious_text.label_name(key), value) for key, value in pairs]
    if stage.extractions:
        return logfmt_names(stage, named, state)
    for name, value in named:
        if name and (value or stage.keep_empty):
            state.extract(name, value)
    return True


def logfmt_names(stage: ast.Logfmt, pairs: list[tuple[str, str]], state: Line) -> bool:
    wanted = {extraction.name: extraction.path for extraction in stage.extractions}
    for name in wanted:
        if name not in state.own:
            state.put(name, "")
    for key, value in pairs:
        # A key that nobody asks for, but that is called like one of the new labels, ends up in it all the same.
        names = [name for name, path in wanted.items() if path == key] or [key]
        for name in names:
            if name in wanted:
                state.put(state.free(name), value)
    return True


def regexp_groups(stage: ast.Regexp, state: Line) -> bool:
    match = re.search(stage.pattern, state.line)
    if match is not None:
        for name, value in match.groupdict(default="").items():
            state.extract(name, value)
    return True


def pattern_captures(stage: ast.Pattern, state: Line) -> bool:
    for name, value in obvious_text.capture(stage.pattern, state.line).items():
        state.extract(name, value)
    return True


def unpack(_: ast.Unpack, state: Line) -> bool:
    if not state.line:
        return True
    read = obvious_json.read_object(state.line)
    entry = None
    texts: list[tuple[str, str]] = []
    bad = read.broken or state.line[0] != "{"
    for key, value in read.members:
        if value.kind != "string":
            continue
        if key == "_entry":
            entry = obvious_json.unescape(value.raw)
            bad |= entry is None
        elif state.free(obvious_text.label_name(key)) not in state.taken:
            texts.append((state.free(obvious_text.label_name(key)), value.label))
    if bad:
        state.fail("JSONParserErr")
    elif entry is not None:
        for name, text in texts:
            state.put(name, text)
        state.line = entry
    return True


# Labels


def label_filter(stage: ast.LabelFilter, state: Line) -> bool:
    return passes(stage.test, state)


def label_format(stage: ast.LabelFormat, state: Line) -> bool:
    before: dict[str, str] = {}
    for assignment in stage.assignments:
        if assignment.is_template:
            # All templates of a stage see the labels as they were at the first of them that found any.
            before = before or state.shown_labels()
            state.put(assignment.name, fill(assignment.value, before))
        elif assignment.value in state.labels:
            state.put(assignment.name, state.labels[assignment.value])
            # A label that is renamed to itself is gone.
            del state.labels[assignment.value]
    return True


def drop(stage: ast.Drop, state: Line) -> bool:
    for named in stage.labels:
        if named.matcher is None or compares(named.matcher, state.text(named.name)):
            state.labels.pop(named.name, None)
            if named.name == ERROR:
                state.error = ""
    return True


def keep(stage: ast.Keep, state: Line) -> bool:
    def kept(name: str, value: str) -> bool:
        return any(
            named.name == name and (named.matcher is None or compares(named.matcher, value)) for named in stage.labels
        )

    # An error stays in any case.
    state.labels = {name: value for name, value in state.labels.items() if kept(name, value)}
    return True


STAGES: dict[type, Callable[..., bool]] = {
    ast.LineFilter: line_filter,
    ast.Decolorize: decolorize,
    ast.LineFormat: line_format,
    ast.Json: json_fields,
    ast.Logfmt: logfmt_fields,
    ast.Regexp: regexp_groups,
    ast.Pattern: pattern_captures,
    ast.Unpack: unpack,
    ast.LabelFilter: label_filter,
    ast.LabelFormat: label_format,
    ast.Drop: drop,
    ast.Keep: keep,
}
