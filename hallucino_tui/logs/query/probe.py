"""What to look for first: a search that is quick over many lines at once, and finds every line that matches.

Lines lie in memory one after the other with nothing between them, so what is looked for may not ask where a line begins
or ends. Mostly it is a text that each match contains.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hallucino_tui.logs.query.regex import escape, read
from hallucino_tui.logs.query.regex_shape import matches_empty
from hallucino_tui.logs.query.regex_tree import Kind, Node

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHORTEST: Final = 2
_MOST_TEXTS: Final = 64


@dataclass(frozen=True, slots=True)
class Probe:
    """A search that finds every line that matches, maybe more.

    Attributes:
        text: What to look for. It never matches an empty text.
        literal: Whether `text` is plain text; otherwise it is a regular expression in Rust's notation.
    """

    text: str
    literal: bool

    @property
    def pattern(self) -> str:
        """The same as a regular expression."""
        return escape(self.text) if self.literal else f"(?:{self.text})"


@dataclass(frozen=True, slots=True)
class Reach:
    """What can be said of a regular expression at a glance.

    Attributes:
        matches_all: Whether it matches every text.
        probe: What finds the lines that match, or None if only a look at each line does.
    """

    matches_all: bool
    probe: Probe | None


def reach_of(pattern: str) -> Reach:
    """Return what can be said of a regular expression that a query may hold."""
    syntax = read(pattern)
    nodes = list(_walk(syntax.tree))
    has_edges = any(node.kind in {Kind.EDGE, Kind.WORD_EDGE} for node in nodes)
    if matches_empty(syntax.tree):
        return Reach(not has_edges, None)
    texts = _required(syntax.tree)
    if texts is not None:
        return Reach(matches_all=False, probe=_probe(texts))
    # What has no end would be followed far beyond the end of the line.
    is_long = any(node.kind is Kind.REPEAT and node.most is None for node in nodes)
    return Reach(matches_all=False, probe=None if has_edges or is_long else Probe(syntax.for_engine, literal=False))


def _probe(texts: list[Node]) -> Probe:
    if len(texts) == 1 and not texts[0].ignore_case:
        return Probe(texts[0].text, literal=True)
    return Probe("|".join(_written(node) for node in texts), literal=False)


def _written(node: Node) -> str:
    return f"(?i:{escape(node.text)})" if node.ignore_case else escape(node.text)


def _required(node: Node) -> list[Node] | None:
    """Return texts of which one is in every match, or None if there are none that are worth it."""
    if node.kind is Kind.LITERAL:
        return [node] if len(node.text) >= _SHORTEST else None
    if node.kind is Kind.GROUP or (node.kind is Kind.REPEAT and node.least):
        return _required(node.parts[0])
    found = [_required(part) for part in node.parts]
    if node.kind is Kind.CONCAT:
        return max((texts for texts in found if texts is not None), key=_worth, default=None)
    if node.kind is Kind.ALTERNATE:
        texts = [text for branch in found if branch is not None for text in branch]
        return texts if None not in found and len(texts) <= _MOST_TEXTS else None
    return None


def _worth(texts: list[Node]) -> tuple[int, int]:
    """Rank texts: few are better than many, long ones better than short ones."""
    return -len(texts), min(len(text.text) - text.ignore_case for text in texts)


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for part in node.parts:
        yield from _walk(part)
