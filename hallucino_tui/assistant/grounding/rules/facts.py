"""Hard evidence: quotations and names of a claim have to stand in its lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding.lexicon import meaning, products
from hallucino_tui.assistant.grounding.lexicon.words import stem
from hallucino_tui.assistant.grounding.reading import anchors
from hallucino_tui.assistant.grounding.reading.statement import label
from hallucino_tui.assistant.grounding.reading.templates import groups_of
from hallucino_tui.assistant.grounding.reading.users import other_user
from hallucino_tui.assistant.grounding.rules import composed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hallucino_tui.assistant.grounding.reading.line import Line
    from hallucino_tui.assistant.grounding.reading.statement import Statement, Unit

_NAME_PLACE: Final = re.compile(r"(?:^\W*|[:;,] |\b(?:from|by|to|with|of|in|for|on) )(?:the )?$", re.IGNORECASE)
# What something was not need not stand in lines: `by A rather than by B`, `not B but A`.
_CONTRAST: Final = re.compile(
    r"\b(?:rather than|instead of|as opposed to|in contrast to|unlike|different from|other than|not)"
    r"(?: (?:by|from|to|in|on|at|of|with|for|the|an?|user|account|host|node|pod|container))* $",
    re.IGNORECASE,
)

_ALL: Final = re.compile(r"\b(?:all|both|each|every)\b(?! but| except| of the other)", re.IGNORECASE)
_PAUSE: Final = re.compile(r"[,;:()]|\b(?:and|but|or|while|except|than|not)\b")
_BEHIND: Final = re.compile(r"\b(?:in|on|at|from|to|by|of|for)(?: the)?(?: [a-z]+)? $")
_MANY: Final = 2


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


def _is_part(name: anchors.Name, lines: Sequence[Line], parts: frozenset[str]) -> bool:
    """Say whether a name is a part, known from other lines, of the product that lines are of: HDFS of Hadoop."""
    whole = products.PARTS.get(low := name.text.lower())
    return (
        low in parts and whole is not None and any(meaning.PRODUCTS[whole].search(line.text.lower()) for line in lines)
    )


def missing_name(
    statement: Statement,
    lines: Sequence[Line],
    known: frozenset[str],
    others: Iterable[Line],
    parts: frozenset[str] = frozenset(),
) -> str:
    """Say which name the lines do not have; "" if they have all.

    Args:
        statement: The claim.
        lines: What it cites.
        known: Plain words that are names somewhere in what was sent.
        others: Lines that it does not cite.
        parts: The parts of products that are named somewhere in what was sent.
    """
    for name in statement.names:
        if name.text.lower() in meaning.PRODUCTS and (not _has_product(lines) or _is_part(name, lines, parts)):
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


def not_of_all(statement: Statement, lines: Sequence[Line]) -> str:
    """Say which name all of some lines alike are said to have, though one of them has another: `all in rack R22`."""
    every = _ALL.search(statement.bare)
    if every is None or len(lines) < _MANY or len(groups_of(lines)) > 1:
        return ""
    for name in statement.names:
        between = statement.bare[every.end() : name.start]
        if name.start < every.end() or not any(map(str.isdigit, name.text)) or _PAUSE.search(between):
            continue
        if not _BEHIND.search(between):
            continue
        own = re.compile(rf"(?<!\w){re.escape(name.text)}(?!\w)", re.IGNORECASE)
        other = re.compile(r"(?<!\w)" + re.sub(r"\d+", r"\\d+", re.escape(name.text)) + r"(?!\w)", re.IGNORECASE)
        lacking = [line for line in lines if not own.search(line.text)]
        if len(lacking) < len(lines) and (line := next((one for one in lacking if other.search(one.text)), None)):
            return f"L{line.number} is not of `{name.text}`"
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
