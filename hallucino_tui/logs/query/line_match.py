"""Line filters: which lines contain a text, match a regular expression, fit a pattern or name an address."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Final

import numpy as np

from hallucino_tui.logs.query.ast import LineFilter, LineOp, LineTerm
from hallucino_tui.logs.query.find_lines import find_lines, lines_at
from hallucino_tui.logs.query.ip import CANDIDATE, IpPattern, parse_ip_pattern
from hallucino_tui.logs.query.patterns import Parts, matches_lines, parse_pattern, to_regex
from hallucino_tui.logs.query.probe import Probe, reach_of
from hallucino_tui.logs.query.regex import escape, for_engine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import polars as pl
    from numpy.typing import NDArray

    from hallucino_tui.logs.segment import Columns

_NEGATIVE: Final = frozenset({LineOp.NOT_CONTAINS, LineOp.NOT_MATCHES, LineOp.NOT_LIKE})
_LARGE: Final = 64 << 10
_SMALL: Final = 4 << 10
"""Bytes that are searched at once: much where next to nothing is found, less where a little is."""
_SPARSE: Final = 0.01
_SOME: Final = 0.05
_WORTHWHILE: Final = 0.4
"""If more of the lines than that are left after a search in pieces, it was not worth it."""
_LONGEST_WAIT: Final = 64
_FEW: Final = 0.3
_SINGLE: Final = 16
"""So few lines are tested before Polars has begun."""


class LineMatch:
    """One line filter. Any thread may use it at any time."""

    def __init__(self, line_filter: LineFilter) -> None:
        self._negated = line_filter.op in _NEGATIVE
        self._terms = [_term(line_filter.op, term) for term in line_filter.terms]
        self._terms = _merged(self._terms)
        self._always = any(term.always for term in self._terms)
        self._probe = _joined(self._terms)
        # How many segments to go line by line before the search in pieces is tried again. Threads may overwrite each
        # other's numbers: a guess that is a little off costs time, nothing else.
        self._piece = _LARGE
        self._pause = 0
        self._wait = 1

    @property
    def keeps_all(self) -> bool:
        """Whether every line passes."""
        return self._always and not self._negated

    def test(self, lines: pl.Series) -> NDArray[np.bool_]:
        """Say of each of n lines whether it passes."""
        if self._always:
            return np.full(len(lines), not self._negated)
        found = np.zeros(len(lines), np.bool_)
        for term in self._terms:
            found |= term.test(lines)
        return ~found if self._negated else found

    def select(self, columns: Columns, start: int, stop: int, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return those of some rows whose lines pass.

        Args:
            columns: The segment.
            start: The first row.
            stop: Behind the last row.
            rows: Ascending indices within [`start`, `stop`).
        """
        if not len(rows) or self._always:
            return rows[:0] if self._negated and self._always else rows
        looked_at = self._promising(columns, start, stop, rows)
        if looked_at is rows:
            return rows[self.test(_many(columns, start, stop, rows))]
        if not self._negated:
            return looked_at[self.test(lines_at(columns, looked_at))] if len(looked_at) else looked_at
        failed = looked_at[~self.test(lines_at(columns, looked_at))] if len(looked_at) else looked_at
        kept = np.ones(stop - start, np.bool_)
        kept[failed - start] = False
        return rows[kept[rows - start]]

    def _promising(self, columns: Columns, start: int, stop: int, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the rows that may contain what is looked for; `rows` itself if it is quicker to look at all."""
        probe = self._probe
        if probe is None or len(rows) < _FEW * (stop - start) or stop - start < 256:
            return rows
        if self._pause > 0:
            self._pause -= 1
            return rows
        piece = self._piece
        found = find_lines(columns, start, stop, probe, piece)
        share = len(found) / (stop - start)
        if share > _WORTHWHILE:
            if piece == _SMALL:
                self._pause = self._wait
                self._wait = min(2 * self._wait, _LONGEST_WAIT)
            self._piece = _SMALL
            return rows
        self._wait = 1
        if share < _SPARSE or share > _SOME:
            self._piece = _LARGE if share < _SPARSE else _SMALL
        if len(rows) == stop - start:
            return found
        wanted = np.zeros(stop - start, np.bool_)
        wanted[rows - start] = True
        return found[wanted[found - start]]


class _Term:
    """One text of a line filter.

    Attributes:
        always: Whether every line matches.
        probe: Finds the lines that may match, or None.
    """

    always: bool = False
    probe: Probe | None = None

    def test(self, lines: pl.Series) -> NDArray[np.bool_]:
        """Say of each of n lines whether it matches."""
        raise NotImplementedError


class _Text(_Term):
    def __init__(self, text: str) -> None:
        self.always = not text
        self.text = text
        self.probe = Probe(text, literal=True) if text else None

    def test(self, lines: pl.Series) -> NDArray[np.bool_]:
        if len(lines) <= _SINGLE:
            return np.array([self.text in line for line in lines.to_list()], np.bool_)
        return lines.str.contains(self.text, literal=True).to_numpy()


class _Regex(_Term):
    def __init__(self, pattern: str) -> None:
        self.pattern = for_engine(pattern)
        reach = reach_of(pattern)
        self.always = reach.matches_all
        self.probe = reach.probe

    def test(self, lines: pl.Series) -> NDArray[np.bool_]:
        return lines.str.contains(self.pattern).to_numpy()


class _Choice(_Term):
    def __init__(self, terms: list[_Text | _Regex]) -> None:
        self.pattern = "|".join(_written(term) for term in terms)
        self.always = any(term.always for term in terms)
        self.probe = _joined(terms)

    def test(self, lines: pl.Series) -> NDArray[np.bool_]:
        return lines.str.contains(self.pattern).to_numpy()


class _Pattern(_Term):
    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.wider = to_regex(parts, whole_line=False)
        literals = [part for part in parts if isinstance(part, str)]
        self.probe = Probe(max(literals, key=len), literal=True) if literals else None

    def test(self, lines: pl.Series) -> NDArray[np.bool_]:
        return _test_rest(lines, self.wider, lambda rest: matches_lines(self.parts, rest).to_numpy())


class _Ip(_Term):
    def __init__(self, pattern: IpPattern) -> None:
        self.pattern = pattern
        fixed = _fixed_text(pattern)
        self.wider = escape(fixed) if fixed else CANDIDATE
        self.probe = Probe(fixed, literal=True) if fixed else None

    def test(self, lines: pl.Series) -> NDArray[np.bool_]:
        def one_by_one(rest: pl.Series) -> NDArray[np.bool_]:
            find = self.pattern.find_in
            return np.fromiter(map(find, rest.to_list()), np.bool_, len(rest))

        return _test_rest(lines, self.wider, one_by_one)


def _term(op: LineOp, term: LineTerm) -> _Term:
    if term.ip:
        return _Ip(parse_ip_pattern(term.text))
    if op in {LineOp.CONTAINS, LineOp.NOT_CONTAINS}:
        return _Text(term.text)
    if op in {LineOp.MATCHES, LineOp.NOT_MATCHES}:
        return _Regex(term.text)
    return _Pattern(parse_pattern(term.text))


def _merged(terms: list[_Term]) -> list[_Term]:
    """Make one expression of several texts and expressions: one search is quicker than many."""
    mergeable = [term for term in terms if isinstance(term, _Text | _Regex)]
    if len(mergeable) < 2:
        return terms
    others = [term for term in terms if not isinstance(term, _Text | _Regex)]
    return [_Choice(mergeable), *others]


def _written(term: _Text | _Regex) -> str:
    return escape(term.text) if isinstance(term, _Text) else f"(?:{term.pattern})"


def _joined(terms: Sequence[_Term]) -> Probe | None:
    """Return what finds the lines that any of the terms matches."""
    probes = [term.probe for term in terms if term.probe is not None]
    if len(probes) < len(terms):
        return None
    return probes[0] if len(probes) == 1 else Probe("|".join(probe.pattern for probe in probes), literal=False)


def _test_rest(lines: pl.Series, wider: str, test: Callable[[pl.Series], NDArray[np.bool_]]) -> NDArray[np.bool_]:
    """Apply a slow test only to the lines that a quick one leaves over."""
    found = lines.str.contains(wider).to_numpy(writable=True)
    rest = np.flatnonzero(found)
    if len(rest):
        found[rest] = test(lines.gather(rest))
    return found


def _many(columns: Columns, start: int, stop: int, rows: NDArray[np.int64]) -> pl.Series:
    return columns.series(start, stop) if len(rows) == stop - start else lines_at(columns, rows)


def _fixed_text(pattern: IpPattern) -> str:
    """Return the text that every IPv4 address within a pattern begins with; "" for none."""
    if not isinstance(pattern.first, ipaddress.IPv4Address):
        return ""
    first, last = str(pattern.first), str(pattern.last)
    if first == last:
        return first
    fixed: list[str] = []
    for left, right in zip(first.split("."), last.split("."), strict=True):
        if left != right:
            break
        fixed.append(left + ".")
    return "".join(fixed)
