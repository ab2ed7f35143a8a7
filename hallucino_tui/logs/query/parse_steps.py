"""Stages that make labels from single lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import polars as pl

from hallucino_tui.logs.query.json_line import JsonError, JsonLine, Kind, label_text, unescape
from hallucino_tui.logs.query.json_path import parse_json_path
from hallucino_tui.logs.query.json_paths import read_paths
from hallucino_tui.logs.query.json_properties import read_properties
from hallucino_tui.logs.query.label_names import JSON_ERROR, LOGFMT_ERROR, REPLACEMENT, SUFFIX, label_name
from hallucino_tui.logs.query.logfmt_key import parse_logfmt_key
from hallucino_tui.logs.query.logfmt_line import read_pairs
from hallucino_tui.logs.query.patterns import Capture, parse_pattern
from hallucino_tui.logs.query.regex import for_engine

if TYPE_CHECKING:
    from hallucino_tui.logs.query.ast import Json, Logfmt, Pattern, Regexp
    from hallucino_tui.logs.query.line_state import LineState

_ENTRY: Final = "_entry"
_NOT_PACKED: Final = "expecting json object(6), but it is not"


class Step(Protocol):
    """One stage of a pipeline."""

    def run(self, lines: list[LineState]) -> list[LineState]:
        """Do to some lines what the stage does, and return those that pass."""
        ...


def offer(line: LineState, name: str, value: str) -> None:
    """Give a line a label that was found in it, unless some stage has set that before: what comes first stays.

    If the stream has a label of that name, the new one gets another.
    """
    free = name + SUFFIX if line.came_with(name) else name
    if name and not line.was_set(free):
        line.put(free, value)


class JsonStep:
    """``json`` without arguments."""

    def run(self, lines: list[LineState]) -> list[LineState]:
        """Read the lines."""
        for line in lines:
            properties = read_properties(line.line)
            for name, value in properties.found:
                offer(line, name, value)
            if properties.fault:
                line.fail(JSON_ERROR, properties.fault)
        return lines


class JsonPathsStep:
    """``json`` that names what it wants."""

    def __init__(self, stage: Json) -> None:
        self._names = [extraction.name for extraction in stage.extractions]
        self._paths = [parse_json_path(extraction.path) for extraction in stage.extractions]

    def run(self, lines: list[LineState]) -> list[LineState]:
        """Read the lines."""
        for line in lines:
            if line.line[:1] in {"{", "[", '"'}:
                self._read(line)
            elif line.line:
                line.fail(JSON_ERROR, "")
        return lines

    def _read(self, line: LineState) -> None:
        values = read_paths(line.line, self._paths)
        for name, value in zip(self._names, values.found, strict=True):
            if value is not None:
                line.put(name + SUFFIX if line.came_with(name) else name, value)
        for name in self._names:
            if line.get(name) is None:
                line.put(name, "")
        if values.fault:
            line.fail(JSON_ERROR, values.fault)


class LogfmtStep:
    """``logfmt`` without names."""

    def __init__(self, stage: Logfmt) -> None:
        self._strict = stage.strict
        self._keep_empty = stage.keep_empty

    def run(self, lines: list[LineState]) -> list[LineState]:
        """Read the lines."""
        for line in lines:
            pairs = read_pairs(line.line, strict=self._strict)
            for key, value in pairs.found:
                if value or self._keep_empty:
                    offer(line, label_name(key), value.replace(REPLACEMENT, " "))
            if pairs.fault:
                line.fail(LOGFMT_ERROR, pairs.fault)
        return lines


class LogfmtKeysStep:
    """``logfmt`` that names what it wants. Here the last value of a key counts, and those that are missing are ""."""

    def __init__(self, stage: Logfmt) -> None:
        self._strict = stage.strict
        self._keys = {extraction.name: parse_logfmt_key(extraction.path) for extraction in stage.extractions}

    def run(self, lines: list[LineState]) -> list[LineState]:
        """Read the lines."""
        for line in lines:
            for name in self._keys:
                if not line.came_with(name):
                    line.put(name, "")
            pairs = read_pairs(line.line, strict=self._strict)
            for key, value in pairs.found:
                self._take(line, label_name(key), "" if REPLACEMENT in value else value)
            if pairs.fault:
                line.fail(LOGFMT_ERROR, pairs.fault)
        return lines

    def _take(self, line: LineState, key: str, value: str) -> None:
        names = [name for name, wanted in self._keys.items() if wanted == key]
        for name in names or ([key] if key in self._keys else []):
            line.put(name + SUFFIX if line.came_with(name) else name, value)


class RegexpStep:
    """``regexp``."""

    def __init__(self, stage: Regexp) -> None:
        self._pattern = for_engine(stage.pattern)

    def run(self, lines: list[LineState]) -> list[LineState]:
        """Read the lines."""
        texts = pl.Series([line.line for line in lines], dtype=pl.String)
        found = texts.str.contains(self._pattern).to_list()
        groups = texts.str.extract_groups(self._pattern).struct.unnest().to_dict(as_series=False)
        named = {name: values for name, values in groups.items() if not name.isdecimal()}
        for index, line in enumerate(lines):
            if found[index]:
                for name, values in named.items():
                    offer(line, name, values[index] or "")
        return lines


class PatternStep:
    """``pattern``."""

    def __init__(self, stage: Pattern) -> None:
        self._parts = parse_pattern(stage.pattern)

    def run(self, lines: list[LineState]) -> list[LineState]:
        """Read the lines."""
        for line in lines:
            for name, value in self._captures(line.line):
                offer(line, name, value)
        return lines

    def _captures(self, line: str) -> list[tuple[str, str]]:
        parts = self._parts
        first = parts[0]
        if not line or (isinstance(first, str) and not line.startswith(first)):
            return []
        found: list[tuple[str, str]] = []
        position = len(first) if isinstance(first, str) else 0
        rest = parts[1:] if isinstance(first, str) else parts
        for index in range(0, len(rest), 2):
            literal = rest[index + 1] if index + 1 < len(rest) else None
            end = line.find(literal, position) if isinstance(literal, str) else -1
            capture = rest[index]
            if isinstance(capture, Capture) and capture.name:
                found.append((capture.name, line[position : end if end >= 0 else None]))
            if end < 0:
                break
            position = end + len(str(literal))
        return found


class UnpackStep:
    """``unpack``."""

    def run(self, lines: list[LineState]) -> list[LineState]:
        """Read the lines, and put in their place what is packed in them."""
        for line in lines:
            if line.line.startswith("{"):
                self._unpack(line)
            elif line.line:
                line.fail(JSON_ERROR, _NOT_PACKED)
        return lines

    def _unpack(self, line: LineState) -> None:
        entry: str | None = None
        found: list[tuple[str, str]] = []
        reader = JsonLine(line.line)
        try:
            for key, value in reader.members(0, len(line.line)):
                if value.kind is not Kind.STRING:
                    continue
                raw = line.line[value.start : value.stop]
                if key == _ENTRY:
                    entry = _unescaped(raw)
                else:
                    found.append((key, label_text(raw)))
        except JsonError as error:
            line.fail(JSON_ERROR, str(error))
            return
        if entry is None:
            return
        line.line = entry
        taken = [(label_name(key + SUFFIX if line.came_with(key) else key), value) for key, value in found]
        for name, value in [(name, value) for name, value in taken if name and not line.was_set(name)]:
            line.put(name, value)


def _unescaped(raw: str) -> str:
    text = unescape(raw)
    if text is None:
        raise JsonError("Encountered an invalid escape sequence in a string")
    return text
