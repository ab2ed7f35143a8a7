"""What a regular expression comes down to: whether it matches nothing at all, and whether it is just a list of texts.

The second decides how Loki writes a label filter: it turns a list of texts into plain comparisons and forgets that
there was a regular expression. So the canonical form quotes ``x=~"foo|bar"``, but ``x=~`f[ou]+` `` stands in backticks.
The tree has to be brought into the shape that Go gives it first: common beginnings of alternatives are taken out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from hallucino_tui.logs.query.regex_tree import EMPTY, Kind, Node

_ONE_CHARACTER: Final = frozenset({Kind.CLASS, Kind.ANY, Kind.ANY_WITH_NEWLINE})
_MOST_PIECES: Final = 3
_DEEPEST: Final = 60
_LONGEST_TEXT: Final = 40
_ENDLESS: Final = Node(Kind.CLASS)
"""Stands for alternatives that share ever longer beginnings: nobody writes them, and they are no list of texts."""


def matches_empty(node: Node) -> bool:
    """Say whether the expression, anchored at both ends, matches the empty text."""
    if node.kind in {Kind.EMPTY, Kind.EDGE}:
        return True
    if node.kind is Kind.REPEAT:
        return not node.least or matches_empty(node.parts[0])
    if node.kind is Kind.ALTERNATE:
        return any(map(matches_empty, node.parts))
    return node.kind in {Kind.GROUP, Kind.CONCAT} and all(map(matches_empty, node.parts))


def is_list_of_texts(node: Node) -> bool:
    """Say whether Loki would compare a label with some texts instead of running this expression."""
    return _is_simple(factored(node))


def factored(node: Node) -> Node:
    """Bring a tree into the shape that Go gives it."""
    if not node.parts:
        return node
    parts = [factored(part) for part in node.parts]
    if node.kind is Kind.ALTERNATE:
        return _factor(_merge_neighbours(parts), 0)
    if node.kind is Kind.REPEAT:
        if not node.most and node.most is not None:
            return EMPTY
        if (node.least, node.most) == (1, 1):
            return parts[0]
    return replace(node, parts=tuple(parts))


def _is_one_character(node: Node) -> bool:
    return node.kind in _ONE_CHARACTER or (node.kind is Kind.LITERAL and len(node.text) == 1)


def _merge_neighbours(branches: list[Node]) -> list[Node]:
    """Make one class of alternatives side by side that are one character each."""
    merged: list[Node] = []
    for branch in branches:
        if merged and _is_one_character(branch) and _is_one_character(merged[-1]):
            merged[-1] = Node(Kind.CLASS, f"{merged[-1].text}|{branch.text}"[:_LONGEST_TEXT])
        else:
            merged.append(branch)
    return merged


def _factor(branches: list[Node], depth: int) -> Node:
    """Take common beginnings out of alternatives."""
    if depth > _DEEPEST:
        return _ENDLESS
    branches = _factor_by_text(branches, depth)
    branches = _factor_by_class(branches, depth)
    branches = _merge_neighbours(branches)
    kept = [
        branch
        for index, branch in enumerate(branches)
        if branch.kind is not Kind.EMPTY or index + 1 == len(branches) or branches[index + 1].kind is not Kind.EMPTY
    ]
    return kept[0] if len(kept) == 1 else Node(Kind.ALTERNATE, parts=tuple(kept))


def _factor_by_text(branches: list[Node], depth: int) -> list[Node]:
    result: list[Node] = []
    run: list[Node] = []
    common, case = "", False
    for branch in branches:
        text, ignore_case = _leading_text(branch)
        shared = _shared(common, text) if run and ignore_case == case else ""
        if shared:
            run.append(branch)
            common = shared
        else:
            result.extend(_joined(run, Node(Kind.LITERAL, common, ignore_case=case), depth))
            run, common, case = [branch], text, ignore_case
    return [*result, *_joined(run, Node(Kind.LITERAL, common, ignore_case=case), depth)]


def _joined(run: list[Node], common: Node, depth: int) -> list[Node]:
    if len(run) < 2:
        return run
    rests = _merge_neighbours([_without_text(branch, len(common.text)) for branch in run])
    flat = [part for rest in rests for part in (rest.parts if rest.kind is Kind.ALTERNATE else (rest,))]
    return [Node(Kind.CONCAT, parts=(common, _factor(flat, depth + 1)))]


def _leading_text(node: Node) -> tuple[str, bool]:
    first = node.parts[0] if node.kind is Kind.CONCAT else node
    return (first.text, first.ignore_case) if first.kind is Kind.LITERAL else ("", False)


def _shared(left: str, right: str) -> str:
    length = next((index for index, pair in enumerate(zip(left, right, strict=False)) if pair[0] != pair[1]), None)
    return left[: min(len(left), len(right)) if length is None else length]


def _without_text(node: Node, length: int) -> Node:
    if node.kind is Kind.LITERAL:
        return replace(node, text=node.text[length:]) if len(node.text) > length else EMPTY
    first = _without_text(node.parts[0], length)
    return _concat((first, *node.parts[1:]) if first.kind is not Kind.EMPTY else node.parts[1:])


def _concat(parts: tuple[Node, ...]) -> Node:
    if not parts:
        return EMPTY
    return parts[0] if len(parts) == 1 else Node(Kind.CONCAT, parts=parts)


def _factor_by_class(branches: list[Node], depth: int) -> list[Node]:
    result: list[Node] = []
    run: list[Node] = []
    for branch in branches:
        if run and _begins_with_class(branch) and _first(run[0]) == _first(branch):
            run.append(branch)
        else:
            result.extend(_joined_by_class(run, depth))
            run = [branch]
    return [*result, *_joined_by_class(run, depth)]


def _first(node: Node) -> Node:
    return node.parts[0] if node.kind is Kind.CONCAT else node


def _begins_with_class(node: Node) -> bool:
    first = _first(node)
    if first.kind is Kind.REPEAT:
        return first.least == first.most and _is_one_character(first.parts[0])
    return _is_one_character(first)


def _joined_by_class(run: list[Node], depth: int) -> list[Node]:
    if len(run) < 2:
        return run
    rests = [_concat(branch.parts[1:]) if branch.kind is Kind.CONCAT else EMPTY for branch in run]
    return [Node(Kind.CONCAT, parts=(_first(run[0]), _factor(rests, depth + 1)))]


def _is_any_number_of_any(node: Node) -> bool:
    return node.kind is Kind.REPEAT and (node.least, node.most) == (0, None) and node.parts[0].kind is Kind.ANY


def _is_simple(node: Node) -> bool:
    if node.kind in {Kind.EMPTY, Kind.LITERAL}:
        return True
    if node.kind is Kind.GROUP:
        return _is_simple(node.parts[0])
    if node.kind is Kind.ALTERNATE:
        return all(_is_simple(_without_group(part)) for part in node.parts)
    if node.kind is Kind.CONCAT:
        return _is_simple_concat(node, has_base=False)
    return node.kind is Kind.REPEAT and node.most is None and node.least <= 1 and node.parts[0].kind is Kind.ANY


def _without_group(node: Node) -> Node:
    return node.parts[0] if node.kind is Kind.GROUP else node


def _is_simple_concat(node: Node, *, has_base: bool) -> bool:
    parts = [part for part in map(_without_group, node.parts) if part.kind is not Kind.EMPTY]
    if len(parts) > _MOST_PIECES:
        return False
    literals = 0
    found, ignore_case = False, False
    for part in parts:
        if part.kind is Kind.LITERAL:
            literals += 1
            if literals > 1:
                return False
            has_base, ignore_case = True, part.ignore_case
        elif part.kind is Kind.ALTERNATE and has_base:
            if not all(_is_simple_ending(end, ignore_case=ignore_case) for end in part.parts):
                return False
            found = True
        elif not _is_any_number_of_any(part):
            return False
    return found or has_base


def _is_simple_ending(node: Node, *, ignore_case: bool) -> bool:
    if node.ignore_case and not ignore_case:
        return False
    if node.kind is Kind.CONCAT:
        return _is_simple_concat(node, has_base=True)
    return node.kind in {Kind.EMPTY, Kind.LITERAL} or _is_any_number_of_any(node)
