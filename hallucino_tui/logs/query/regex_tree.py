"""What a regular expression consists of."""

from __future__ import annotations

import enum
import itertools
from dataclasses import dataclass
from typing import Final


class RegexSyntaxError(ValueError):
    """A text that is no regular expression. ``str()`` is a sentence without its full stop.

    Attributes:
        what: What is wrong.
        position: The index of the character where it goes wrong.
    """

    def __init__(self, what: str, position: int) -> None:
        self.what = what
        self.position = position
        super().__init__(what, position)

    def __str__(self) -> str:
        return f"{self.what} (at character {self.position + 1} of the regular expression)"


class Kind(enum.Enum):
    """What a node of the tree is."""

    EMPTY = enum.auto()
    LITERAL = enum.auto()
    CLASS = enum.auto()
    ANY = enum.auto()
    """Any character but a newline."""
    ANY_WITH_NEWLINE = enum.auto()
    EDGE = enum.auto()
    """The begin or the end of the text or of a line, or not a word's edge: true for an empty text."""
    WORD_EDGE = enum.auto()
    GROUP = enum.auto()
    REPEAT = enum.auto()
    CONCAT = enum.auto()
    ALTERNATE = enum.auto()


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a regular expression.

    Attributes:
        kind: What it is.
        text: The characters of a literal, the name of a group, or how a class is written.
        ignore_case: Whether a literal matches in any case.
        parts: What it is made of.
        least: How often a repeated part has to be there.
        most: How often it may be there, None for any number.
    """

    kind: Kind
    text: str = ""
    ignore_case: bool = False
    parts: tuple[Node, ...] = ()
    least: int = 1
    most: int | None = 1


@dataclass(frozen=True, slots=True)
class Syntax:
    r"""A whole regular expression.

    Attributes:
        tree: Its tree.
        names: The names of its groups, from left to right.
        is_portable: Whether Python's `re` reads the same text in the same way, but for a leading ``(?i)``.
        for_engine: The same in Rust's notation. Braces, ``\Q`` and octal numbers mean something else there, and the
            classes ``\d \s \w`` are those of ASCII in Go.
    """

    tree: Node
    names: tuple[str, ...]
    is_portable: bool
    for_engine: str


EMPTY: Final = Node(Kind.EMPTY)


def concat(nodes: list[Node]) -> Node:
    """Put nodes one after the other. Literals side by side become one."""
    merged: list[Node] = []
    for (kind, ignore_case), run in itertools.groupby(nodes, lambda node: (node.kind, node.ignore_case)):
        if kind is Kind.LITERAL:
            merged.append(Node(kind, "".join(node.text for node in run), ignore_case=ignore_case))
        elif kind is not Kind.EMPTY:
            merged.extend(part for node in run for part in (node.parts if kind is Kind.CONCAT else (node,)))
    if not merged:
        return EMPTY
    return merged[0] if len(merged) == 1 else Node(Kind.CONCAT, parts=tuple(merged))


def alternate(branches: list[Node]) -> Node:
    """Make alternatives of nodes."""
    if len(branches) == 1:
        return branches[0]
    flat = [part for branch in branches for part in (branch.parts if branch.kind is Kind.ALTERNATE else (branch,))]
    return Node(Kind.ALTERNATE, parts=tuple(flat))


def fits(node: Node, budget: int) -> bool:
    """Say whether repetitions in each other multiply to no more than `budget`."""
    if node.kind is Kind.REPEAT and (node.least, node.most) not in {(0, 1), (0, None), (1, None)}:
        count = node.least if node.most is None else node.most
        if not count:
            return True
        if count > budget:
            return False
        budget //= count
    return all(fits(part, budget) for part in node.parts)
