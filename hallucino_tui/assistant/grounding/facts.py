"""Hard evidence: quotations and names of a claim have to stand in its lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding import anchors, composed, meaning
from hallucino_tui.assistant.grounding.statement import label
from hallucino_tui.assistant.grounding.users import other_user
from hallucino_tui.assistant.grounding.words import stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hallucino_tui.assistant.grounding.line import Line
    from hallucino_tui.assistant.grounding.statement import Statement, Unit

_NAME_PLACE: Final = re.compile(r"(?:^\W*|[:;,] |\b(?:from|by|to|with|of|in|for|on) )(?:the )?$", re.IGNORECASE)
# What something was not need not stand in lines: `by A rather than by B`, `not B but A`.
_CONTRAST: Final = re.compile(
    r"\b(?:rather than|instead of|as opposed to|in contrast to|unlike|different from|other than|not)"
    r"(?: (?:by|from|to|in|on|at|of|with|for|the|an?|user|account|host|node|pod|container))* $",
    re.IGNORECASE,
)


def missing_quote(statement: Statement, lines: Sequence[Line], others: Iterable[Line]) -> str:
    """Say which quotation the lines do not have; "" if they have all."""
    for quote in statement.quotes:
        if any(anchors.is_quoted_in(quote.text, line) for line in lines):
            continue
        if _is_number_quoted(quote.text, lines) or any(composed.is_composed(quote.text, line) for line in lines):
            continue
        if other := next((line for line in others if anchors.is_quoted_in(quote.text, line)), None):
            return f"`{_short(quote.text)}` stands in L{other.number}, not in {label(lines)}"
        return f"`{_short(quote.text)}` is not quoted from {label(lines)}"
    return ""


def _is_number_quoted(quote: str, lines: Sequence[Line]) -> bool:
    parts = re.fullmatch(r"([\w.\-]+)\s*[=: ]\s*([\w.\-]+)", quote)
    return parts is not None and any(
        anchors.is_quoted_in(parts[1], line)
        and anchors.is_quoted_in(parts[2], line)
        and not composed.has_other_value(parts[1], parts[2], line)
        for line in lines
    )


def missing_name(statement: Statement, lines: Sequence[Line], known: frozenset[str], others: Iterable[Line]) -> str:
    """Say which name the lines do not have; "" if they have all.

    Args:
        statement: The claim.
        lines: What it cites.
        known: Plain words that are names somewhere in what was sent.
        others: Lines that it does not cite.
    """
    for name in statement.names:
        if name.text.lower() in meaning.PRODUCTS and not _has_product(lines):
            continue
        if _CONTRAST.search(statement.bare[: name.start]):
            continue
        if any(anchors.has_name(name, line) for line in lines) or _is_explained(name, lines):
            continue
        other = next((line for line in others if anchors.has_name(name, line)), None)
        where = f" (it does in L{other.number})" if other else ""
        return f"`{_short(name.text)}` does not occur in {label(lines)}{where}"
    strangers = [other_user(statement.bare, line, known) for line in lines]
    if strangers and all(strangers):
        return f"`{strangers[0]}` does not occur in {label(lines)}"
    for unit in statement.units:
        if _CONTRAST.search(statement.bare[: unit.start]):
            continue
        if not unit.is_name and unit.text in known and _is_missing(unit, statement, lines):
            return f"`{unit.text}` does not occur in {label(lines)}"
        if not unit.borne and unit.text in meaning.PRODUCTS and not unit.is_name and _has_product(lines):
            return f"`{unit.text}` does not occur in {label(lines)}"
    return ""


def _is_missing(unit: Unit, statement: Statement, lines: Sequence[Line]) -> bool:
    """Say whether lines lack a plain word that is a name elsewhere; a common word counts only where a name stands."""
    if not unit.ideas:
        return not unit.borne or not any(_has_word(unit, line) for line in lines)
    like_a_name = _NAME_PLACE.search(statement.bare[: unit.start]) is not None
    return like_a_name and not any(unit.stem in line.stems or unit.stem in line.compact for line in lines)


def _has_word(unit: Unit, line: Line) -> bool:
    """Say whether a line has a name itself, not only something that means the same."""
    product = meaning.PRODUCTS.get(unit.text)
    is_known = product is not None and product.search(line.text.lower()) is not None
    return is_known or unit.stem in line.stems or unit.stem in line.compact


def _has_product(lines: Sequence[Line]) -> bool:
    """Say whether lines are known to be those of some product."""
    return any(pattern.search(line.text.lower()) for pattern in meaning.PRODUCTS.values() for line in lines)


def _is_explained(name: anchors.Name, lines: Sequence[Line]) -> bool:
    """Say whether a name in capitals or CamelCase is an idea of the lines, as `OOMKilled` is of exit code 137."""
    if name.text.startswith("SIG") and any(anchors.has_exit(line) for line in lines):
        return False
    low = name.text.lower()
    ideas = meaning.concepts_of(stem(low)) | meaning.concepts_of(low)
    return bool(ideas) and any(ideas & line.ideas for line in lines)


def _short(text: str) -> str:
    plain = text.replace("`", "'").replace("\n", " ")
    return plain if len(plain) <= 60 else plain[:57] + "..."
