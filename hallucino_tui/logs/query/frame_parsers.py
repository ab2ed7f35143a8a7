"""Stages that make labels, on many lines at once. Only labels that are read later are made."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hallucino_tui.logs.query.json_fields import JsonField, label_field, may_hold, nothing, path_field
from hallucino_tui.logs.query.json_path import parse_json_path
from hallucino_tui.logs.query.json_shape import OBJECT, WHOLE
from hallucino_tui.logs.query.label_names import JSON_ERROR, SUFFIX
from hallucino_tui.logs.query.logfmt_fields import LogfmtField, is_simple
from hallucino_tui.logs.query.logfmt_key import parse_logfmt_key
from hallucino_tui.logs.query.patterns import Capture, parse_pattern
from hallucino_tui.logs.query.regex import for_engine, read

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hallucino_tui.logs.query.ast import Json, Logfmt, Pattern, Regexp
    from hallucino_tui.logs.query.frame import Frame


class _Keys:
    """The keys whose values may become labels that are wanted."""

    def __init__(self, wanted: frozenset[str]) -> None:
        self.wanted = wanted

    def present(self, frame: Frame) -> list[str]:
        """Return the keys that matter for lines of these streams."""
        keys = [name for name in self.wanted if not frame.came_with(name).all()]
        renamed = [name.removesuffix(SUFFIX) for name in self.wanted if name.endswith(SUFFIX)]
        return list(dict.fromkeys(keys + [name for name in renamed if name and frame.came_with(name).any()]))

    def offer(self, frame: Frame, found: dict[str, pl.Series]) -> None:
        """Give the lines what was found in them. Where two keys want the same label, their order decides: set aside."""
        unsure = np.zeros(len(frame), np.bool_)
        for name, values in found.items():
            other = found.get(name + SUFFIX)
            if other is not None:
                unsure |= frame.came_with(name) & (values.is_not_null() & other.is_not_null()).to_numpy()
        for name, values in found.items():
            frame.offer(name, values, self.wanted)
        frame.set_aside(unsure)


class JsonColumns:
    """``json`` without arguments."""

    def __init__(self, wanted: frozenset[str], *, errors: bool) -> None:
        self._keys = _Keys(wanted)
        self._errors = errors
        names = wanted | {name.removesuffix(SUFFIX) for name in wanted if name.endswith(SUFFIX)}
        self._fields = {name: label_field(name) for name in names if name}

    def run(self, frame: Frame) -> None:
        """Read the lines."""
        lines = frame.lines
        objects = lines.str.contains(OBJECT).to_numpy()
        frame.fail(JSON_ERROR, ~objects)
        rows = np.flatnonzero(objects)
        some = lines if len(rows) == len(lines) else lines.gather(rows)
        unsure = np.zeros(len(rows), np.bool_)
        if self._errors and len(rows):
            unsure |= ~some.str.contains(WHOLE).to_numpy()
        found: dict[str, pl.Series] = {}
        for name in self._keys.present(frame) if len(rows) else ():
            field = self._fields[name]
            if field is None:
                unsure |= may_hold(name, some)
                continue
            values, doubtful = field.read(some)
            unsure |= doubtful
            found[name] = values if len(rows) == len(lines) else nothing(len(lines)).scatter(rows, values)
        aside = np.zeros(len(lines), np.bool_)
        aside[rows] = unsure
        _offer_sure(frame, self._keys, found, aside)


class JsonPathColumns:
    """``json`` that names what it wants."""

    def __init__(self, fields: list[tuple[str, JsonField]]) -> None:
        self._fields = fields

    @classmethod
    def of(cls, stage: Json, wanted: frozenset[str]) -> JsonPathColumns | None:
        """Return the stage, or None if that can only be done line by line."""
        fields: list[tuple[str, JsonField]] = []
        for extraction in stage.extractions:
            field = path_field(parse_json_path(extraction.path))
            if field is None:
                return None
            if wanted & {extraction.name, extraction.name + SUFFIX}:
                fields.append((extraction.name, field))
        return cls(fields)

    def run(self, frame: Frame) -> None:
        """Read the lines."""
        lines = frame.lines
        objects = lines.str.starts_with("{").to_numpy()
        others = lines.str.contains(r'^["\[]').to_numpy()
        frame.fail(JSON_ERROR, ~objects & ~others & (lines != "").to_numpy())
        unsure = others
        rows = np.flatnonzero(objects)
        some = lines.gather(rows)
        simple = some.str.contains(WHOLE).to_numpy()
        unsure[rows[~simple]] = True
        found: list[tuple[str, pl.Series]] = []
        for name, field in self._fields:
            values, doubtful = field.read(some)
            unsure[rows[doubtful]] = True
            found.append((name, nothing(len(lines)).scatter(rows, values)))
        for name, values in found:
            came = frame.came_with(name)
            given = values.is_not_null().to_numpy()
            frame.put(name, _only(values, ~came))
            frame.put(name + SUFFIX, _only(values, came))
            missing = objects & ~given & frame.get(name).is_null().to_numpy()
            frame.put(name, _only(pl.Series([""]).new_from_index(0, len(lines)), missing))
        frame.set_aside(unsure)


class LogfmtColumns:
    """``logfmt``, with or without names."""

    def __init__(self, stage: Logfmt, wanted: frozenset[str]) -> None:
        self._keys = _Keys(wanted)
        self._strict = stage.strict
        names = wanted | {name.removesuffix(SUFFIX) for name in wanted if name.endswith(SUFFIX)}
        self._fields = {name: _logfmt_field(name, strict=stage.strict) for name in names if name}

    @classmethod
    def of(cls, stage: Logfmt, wanted: frozenset[str], *, errors: bool) -> LogfmtColumns | LogfmtKeyColumns | None:
        """Return the stage, or None if that can only be done line by line."""
        if stage.extractions:
            return None if stage.strict else LogfmtKeyColumns.of_keys(stage, wanted)
        return None if stage.keep_empty or (stage.strict and errors) else cls(stage, wanted)

    def run(self, frame: Frame) -> None:
        """Read the lines."""
        lines = frame.lines
        unsure = np.zeros(len(lines), np.bool_)
        found: dict[str, pl.Series] = {}
        for name in self._keys.present(frame):
            field = self._fields[name]
            if field is None:
                unsure |= may_hold(name, lines)
                continue
            found[name], doubtful = field.read(lines)
            unsure |= doubtful
        _offer_sure(frame, self._keys, found, unsure)


class LogfmtKeyColumns:
    """``logfmt`` that names what it wants."""

    def __init__(self, fields: list[tuple[str, LogfmtField, LogfmtField | None]]) -> None:
        self._fields = fields

    @classmethod
    def of_keys(cls, stage: Logfmt, wanted: frozenset[str]) -> LogfmtKeyColumns | None:
        """Return the stage, or None if that can only be done line by line."""
        fields: list[tuple[str, LogfmtField, LogfmtField | None]] = []
        for extraction in stage.extractions:
            if not wanted & {extraction.name, extraction.name + SUFFIX}:
                continue
            key = parse_logfmt_key(extraction.path)
            field, own = _logfmt_field(key), _logfmt_field(extraction.name)
            if field is None or own is None:
                return None
            # A key that happens to be called like the label counts, too.
            fields.append((extraction.name, field, None if key == extraction.name else own))
        return cls(fields)

    def run(self, frame: Frame) -> None:
        """Read the lines."""
        lines = frame.lines
        unsure = np.zeros(len(lines), np.bool_)
        for name, field, own in self._fields:
            values, doubtful = field.read(lines)
            unsure |= doubtful | (field.count(lines) > 1)
            if own is not None:
                unsure |= own.count(lines) > 0
            came = frame.came_with(name)
            empty = values.fill_null("")
            frame.put(name, _only(empty, ~came))
            frame.put(name + SUFFIX, _only(values, came))
            unsure |= came & values.is_null().to_numpy() & (field.count(lines) > 0)
        frame.set_aside(unsure)


class RegexpColumns:
    """``regexp``."""

    def __init__(self, stage: Regexp, wanted: frozenset[str]) -> None:
        self._wanted = wanted
        self._pattern = for_engine(stage.pattern)
        self._names = [name for name in read(stage.pattern).names if wanted & {name, name + SUFFIX}]

    def run(self, frame: Frame) -> None:
        """Read the lines."""
        lines = frame.lines
        rows = np.flatnonzero(lines.str.contains(self._pattern).to_numpy())
        if not len(rows):
            return
        groups = lines.gather(rows).str.extract_groups(self._pattern).struct.unnest()
        for name in self._names:
            frame.offer(name, nothing(len(lines)).scatter(rows, groups[name].fill_null("")), self._wanted)


class PatternColumns:
    """``pattern``. Cutting lines at one literal after the other is ten times as fast as an expression with captures."""

    def __init__(self, stage: Pattern, wanted: frozenset[str]) -> None:
        self._wanted = wanted
        parts = parse_pattern(stage.pattern)
        names = [part.name if isinstance(part, Capture) else "" for part in parts]
        last = max((index for index, name in enumerate(names) if wanted & {name, name + SUFFIX}), default=-1)
        self._parts = parts[: last + 2]

    def run(self, frame: Frame) -> None:
        """Read the lines."""
        rest = frame.lines
        rest = _only(rest, (rest != "").to_numpy())
        parts = self._parts
        if parts and isinstance(parts[0], str):
            rest = _only(
                rest.str.strip_prefix(parts[0]), rest.str.starts_with(parts[0]).fill_null(value=False).to_numpy()
            )
            parts = parts[1:]
        for capture, literal in itertools.zip_longest(parts[::2], parts[1::2]):
            before = rest
            if isinstance(literal, str):
                cut = rest.str.splitn(literal, 2).struct.unnest()
                before, rest = cut.to_series(0), cut.to_series(1)
            if isinstance(capture, Capture) and capture.name:
                frame.offer(capture.name, before, self._wanted)


def _offer_sure(frame: Frame, keys: _Keys, found: dict[str, pl.Series], unsure: NDArray[np.bool_]) -> None:
    keys.offer(frame, found) if not unsure.any() else _offer_rest(frame, keys, found, unsure)


def _offer_rest(frame: Frame, keys: _Keys, found: dict[str, pl.Series], unsure: NDArray[np.bool_]) -> None:
    sure = pl.Series(~unsure)
    frame.set_aside(unsure)
    keys.offer(frame, {name: values.filter(sure) for name, values in found.items()})


def _only(values: pl.Series, mask: NDArray[np.bool_]) -> pl.Series:
    return values.zip_with(pl.Series(mask), nothing(len(values)))


def _logfmt_field(name: str, *, strict: bool = False) -> LogfmtField | None:
    return LogfmtField(name, strict=strict) if is_simple(name) else None
