"""The engine, and the evaluator that it is held against, give the answers that a real Loki 3.7 gave."""

from __future__ import annotations

import base64
import functools
import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hallucino_tui.logs.query.parser import parse
from hallucino_tui.logs.query.pipeline import Pipeline
from tests.logs.query.obvious import evaluate
from tests.logs.query.obvious_store import Filled

if TYPE_CHECKING:
    from collections.abc import Callable

    from hallucino_tui.logs.query import ast
    from tests.logs.query.obvious_store import Stored

GOLDEN = Path(__file__).parents[2] / "golden" / "loki"
PUSHES = ["005-push-json", "006-push-json-gzip", "007-push-duplicate-ts-and-line"]
ANSWERS = sorted(path.stem for path in GOLDEN.glob("*.json") if path.stem[:3].isdigit() and path.stem not in PUSHES)

NOT_COMPARED = {
    "service_name": "Loki makes it up from other labels when it takes a line in",
    "detected_level": "the severity is called level here, and more kinds of lines have one",
    "level": "the severity is called level here, and more kinds of lines have one",
    "__error_details__": "its words are those of the library that Loki reads JSON with",
}
DEVIATIONS = {
    "060-pipe-label-format": (
        ("lvl=level,", "lvl=level_extracted,"),
        "a field called level is level_extracted, as level is the severity of every line",
    ),
    "062-pipe-keep": (
        ("level", "level_extracted"),
        "a field called level is level_extracted, as level is the severity of every line",
    ),
    "065-pipe-detected-level": (("detected_level", "level"), "the severity that was found in a line is called level"),
}
"""Queries that are written in another way to ask the same: what is replaced by what, and why."""
TEMPLATE_FUNCTIONS = {"059-pipe-line-format"}
"""Answers that rest on functions in templates, which the evaluator knows nothing of."""

Line = tuple[int, str, tuple[tuple[str, str], ...]]


def recorded(name: str) -> Any:
    return json.loads((GOLDEN / f"{name}.json").read_bytes())


def pushed() -> dict[tuple[tuple[str, str], ...], dict[tuple[int, str], None]]:
    """Return what was pushed, by labels, times and lines; Loki keeps one of each.

    The further labels of single lines count as labels of their stream.
    """
    streams: dict[tuple[tuple[str, str], ...], dict[tuple[int, str], None]] = {}
    for name in PUSHES:
        request = recorded(name)["request"]
        body = request.get("json")
        if body is None:
            body = json.loads(gzip.decompress(base64.b64decode(request["body_base64"])))
        for stream in body["streams"]:
            for time, line, *more in stream["values"]:
                labels = tuple(sorted((stream["stream"] | (more[0] if more else {})).items()))
                streams.setdefault(labels, {})[int(time), line] = None
    return streams


@functools.cache
def filled() -> Filled:
    streams = pushed()
    made = Filled(dict(labels) for labels in streams)
    for number, entries in enumerate(streams.values()):
        made.add(number, [line.encode() for _, line in entries], [time for time, _ in entries])
    return made


def comparable(labels: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, value) for name, value in labels.items() if name not in NOT_COMPARED))


def answered(name: str) -> list[Line]:
    """Return the lines of an answer: time, text, labels. A field called ``level`` has the name that it has here."""
    found: list[Line] = []
    for stream in recorded(name)["response"]["body"]["data"]["result"]:
        for time, line, *categories in stream["values"]:
            labels = dict(stream["stream"])
            for category in categories[:1]:
                labels |= category.get("structuredMetadata", {}) | category.get("parsed", {})
            if "level" in labels:
                labels["level_extracted"] = labels["level"]
            found.append((int(time), line, comparable(labels)))
    return sorted(found)


def cut(found: list[tuple[Stored, Line]], parameters: dict[str, str]) -> list[Line]:
    """Return as many lines as were asked for, from the end that was asked for."""
    forward = parameters.get("direction", "backward").lower() == "forward"
    found.sort(key=lambda one: one[0].time, reverse=not forward)
    return sorted(line for _, line in found[: int(parameters.get("limit", "100"))])


def ask(name: str, run: Callable[[ast.Query, Stored], tuple[str, dict[str, str]] | None]) -> list[Line]:
    """Return the lines that `run` lets through, of all that were pushed."""
    parameters = recorded(name)["request"]["params"]
    old, new = DEVIATIONS[name][0] if name in DEVIATIONS else ("", "")
    query = parse(parameters["query"].replace(old, new) if old else parameters["query"])
    found: list[tuple[Stored, Line]] = []
    for line in filled().lines():
        shown = run(query, line)
        if shown is not None:
            found.append((line, (line.time, shown[0], comparable(shown[1]))))
    return cut(found, parameters)


@pytest.mark.parametrize("name", [name for name in ANSWERS if name not in TEMPLATE_FUNCTIONS])
def test_the_obvious_evaluator_gives_lokis_answer(name: str) -> None:
    got = ask(name, lambda query, line: evaluate(query, line.text, dict(line.labels), line.level))
    assert got == answered(name)


@pytest.mark.parametrize("name", ANSWERS)
def test_the_pipeline_of_one_line_gives_lokis_answer(name: str) -> None:
    pipelines: dict[ast.Query, Pipeline] = {}

    def run(query: ast.Query, line: Stored) -> tuple[str, dict[str, str]] | None:
        if line.place not in filled().found(query):
            return None
        pipeline = pipelines.setdefault(query, Pipeline(query))
        made = pipeline.run(line.text, line.labels, line.time, line.level)
        return None if made is None else (made.line, dict(made.labels))

    assert ask(name, run) == answered(name)


def test_nothing_is_listed_as_a_deviation_that_is_none() -> None:
    assert set(ANSWERS) >= DEVIATIONS.keys() | TEMPLATE_FUNCTIONS
