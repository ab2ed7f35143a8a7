"""Says which words of messages are variables, from the words of other messages."""

from __future__ import annotations

from itertools import compress
from operator import ne
from typing import TYPE_CHECKING, Final

from hallucino_tui.insight.templates.marks import VARIABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hallucino_tui.insight.templates.tokens import Tokens

_NEVER: Final = 1 << 30
_MOST_POSITIONS: Final = 32
_NAMING: Final = frozenset(
    {"user", "for", "host", "from", "to", "by", "on", "at", "file", "path", "package", "name", "domain"}
)
_QUOTES: Final = frozenset({"=", '"', "'"})
_AROUND_VALUES: Final = _QUOTES | {"(", "["}
_CROWD: Final = 24
_CROWD_WORDS: Final = 8


def may_vary(token: str) -> bool:
    """Say whether a token is a word or a variable, and not what stands between words."""
    return token == VARIABLE or token[0].isalnum() or len(token) > 2


def fits(pattern: Tokens, learned: set[int], tokens: Tokens) -> bool:
    """Say whether a message of as many tokens belongs to a template.

    Args:
        pattern: The template's tokens.
        learned: Positions at which any word will do.
        tokens: Those of the message.
    """
    return all(
        position in learned and may_vary(tokens[position])
        for position in compress(range(len(tokens)), map(ne, pattern, tokens))
    )


def positions_with_keys(tokens: Tokens) -> Iterator[tuple[int, int]]:
    """Return for each position that may turn out to be a variable what all messages share that differ only there."""
    hashes = [hash((position, token)) for position, token in enumerate(tokens)]
    whole = len(tokens)
    for each in hashes:
        whole ^= each
    positions = [position for position, token in enumerate(tokens) if may_vary(token)]
    return ((position, hash((position, whole ^ hashes[position]))) for position in positions[:_MOST_POSITIONS])


def enough(tokens: Tokens, position: int, constants: int, *, is_variable: bool) -> int:
    """Return how many different words have to be seen at a position for it to be a variable.

    The fewer words a message has, and the less they look like a name or a value there, the more it takes: words of
    prose say what happened.

    Args:
        tokens: The message.
        position: Of the word.
        constants: How many words of the message have letters.
        is_variable: Whether one of the words seen there is a variable.
    """
    before = tokens[position - 1] if position else ""
    if constants <= 1 or (position + 1 < len(tokens) and tokens[position + 1] == "="):
        return _NEVER
    is_naming = position > 1 and tokens[position - 2].lower() in _NAMING
    if is_variable and (before in _AROUND_VALUES or is_naming):
        return 2
    if position == 0:
        return 16
    if is_variable or before in _QUOTES or is_naming:
        return 4
    if not tokens[position].isalpha():
        return 5
    return 6 if constants > 2 else 8


def skeleton(tokens: Tokens) -> int:
    """Return what messages share that differ in words only."""
    return hash(tuple("" if token[0].isalpha() else token for token in tokens))


def find_crowds(messages: list[tuple[Tokens, int]]) -> Iterator[tuple[set[int], list[int]]]:
    """Find many messages that differ in several words at once: a position with many different words is a variable.

    Args:
        messages: Tokens of messages of one build, and the numbers of their templates.

    Returns:
        Positions that are variables, and numbers of templates that differ only there.
    """
    length = len(messages[0][0])
    words = [position for position in range(length) if any(tokens[position][0].isalpha() for tokens, _ in messages)]
    varying = {position for position in words if len({tokens[position] for tokens, _ in messages}) * 4 >= len(messages)}
    parts: dict[Tokens, list[tuple[Tokens, int]]] = {}
    for tokens, number in messages:
        rest = tuple(token for position, token in enumerate(tokens) if position not in varying)
        parts.setdefault(rest, []).append((tokens, number))
    for rest, members in parts.items():
        constants = sum(1 for token in rest if token[0].isalpha())
        if len(members) < _CROWD or constants < max(2, len(varying)):
            continue
        if all(len({tokens[position] for tokens, _ in members}) >= _CROWD_WORDS for position in varying):
            yield varying, [number for _, number in members]
