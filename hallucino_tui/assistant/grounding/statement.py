"""A claim, taken apart: what it quotes, names, counts and says, and which of its lines bears each part."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding import anchors, meaning, times
from hallucino_tui.assistant.grounding.line import denied
from hallucino_tui.assistant.grounding.numbers import Number, numbers_of_claim
from hallucino_tui.assistant.grounding.sentences import without_citations
from hallucino_tui.assistant.grounding.words import spelled_out, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.grounding.line import Line
    from hallucino_tui.assistant.grounding.words import Token

# Of these words hardly an English sentence has none.
_ENGLISH: Final = frozenset(
    {
        "the",
        "a",
        "an",
        "of",
        "was",
        "were",
        "is",
        "are",
        "and",
        "has",
        "had",
        "have",
        "been",
        "by",
        "from",
        "with",
        "at",
        "for",
        "on",
        "its",
        "it",
        "as",
        "that",
        "this",
        "not",
        "after",
        "be",
    }
)
# `a full block` and `91% full` do not say that something is full up.
_NO_FULL: Final = re.compile(r"(?:\ban?|%|\bpercent)\s*$", re.IGNORECASE)
_MARKS: Final = re.compile(r"[*_]{2,}|\|")
# Verdicts on text are given on ideas that are there without the word; these are there in any line that is bad.
NEGATIVE: Final = frozenset(
    {
        "FAIL",
        "REFUSE",
        "TIMEOUT",
        "UNREACHABLE",
        "LOSE",
        "UNAVAILABLE",
        "UNKNOWN",
        "FULL",
        "OOM",
        "CRASH",
        "DISCONNECT",
        "MISS",
        "SHORTAGE",
        "EXHAUST",
        "EXCEED",
        "SERVERERROR",
        "BADSTATUS",
        "CORRUPT",
        "INTERRUPT",
        "KILL",
        "DIE",
        "LEAK",
        "CANCEL",
        "STOP",
        "EXPIRE",
        "EMPTY",
        "UNEXPECTED",
        "IGNORE",
    }
)


@dataclass(slots=True)
class Unit:
    """A part of a claim that a line may bear: a word, a phrase or a name.

    Attributes:
        text: As it stands.
        stem: Its stem; "" for names and phrases.
        ideas: What it stands for.
        start: Where it begins.
        end: Where it ends.
        weight: How much it says.
        is_name: It is a name.
        borne: Which of the cited lines, by their place, have it.
    """

    text: str
    stem: str
    ideas: frozenset[str]
    start: int
    end: int
    weight: float = 1.0
    is_name: bool = False
    borne: frozenset[int] = frozenset()

    @property
    def is_strong(self) -> bool:
        """Whether it means something so definite that lines have to say it."""
        return bool(self.ideas & meaning.STRONG) and not self.ideas & meaning.WEAK


@dataclass(slots=True)
class Statement:
    """A claim.

    Attributes:
        text: Its text with blanks in place of citations and signs of Markdown; places in it are places in the claim.
        cited: Its text with its citations, as long as ``text``.
        bare: ``text`` with blanks in place of quotations, times and names.
        words: The words of ``text``.
        quotes: What it quotes.
        names: What it names.
        clocks: The times of day in it.
        dates: The dates in it.
        numbers: The other numbers in it.
        units: What it says, in order.
        denied: Stems that it only has under a ``not``.
        is_english: Its words can be compared with lines.
    """

    text: str
    cited: str
    bare: str
    words: list[Token]
    quotes: list[anchors.Quote]
    names: list[anchors.Name]
    clocks: list[times.Clock]
    dates: list[times.Date]
    numbers: list[Number]
    units: list[Unit]
    denied: frozenset[str]
    is_english: bool

    @property
    def is_negative(self) -> bool:
        """Whether anything in it denies, or tells of something bad."""
        return bool(self.denied) or any(unit.ideas & NEGATIVE for unit in self.units)


def read_statement(claim: str, lines: Sequence[Line]) -> Statement:
    """Take a claim apart and find the lines that bear its parts."""
    cited = spelled_out(_MARKS.sub(lambda match: " " * len(match[0]), claim))
    text = without_citations(cited)
    quotes = anchors.quotes_in(text)
    bare = _blanked(text, [(quote.start, quote.end) for quote in quotes])
    clocks, dates = times.clocks_of_claim(bare), times.dates_in(bare)
    bare = _blanked(bare, [(one.start, one.end) for one in (*clocks, *dates)])
    names = anchors.names_in(bare)
    numberless = _blanked(bare, [(name.start, name.end) for name in names if name.kind != "role"])
    words = tokens(text)
    plain = tokens(numberless)
    statement = Statement(
        text, cited, numberless, words, quotes, names, clocks, dates, numbers_of_claim(numberless), [],
        denied(text, words), is_english=_is_english(words),
    )  # fmt: skip
    statement.units = sorted([*_names(names), *_phrases_and_words(numberless, plain)], key=lambda unit: unit.start)
    for unit in statement.units:
        unit.borne = frozenset(place for place, line in enumerate(lines) if _bears(unit, line))
        if not unit.borne and unit.ideas & {"RECOVER", "RESTART"}:
            unit.borne = _recovery(lines)
    return statement


def _blanked(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _is_english(words: list[Token]) -> bool:
    known = sum(token.word in _ENGLISH for token in words)
    said = sum(token.word in meaning.LIGHT or bool(meaning.concepts_of(token.stem)) for token in words)
    return all(token.word.isascii() for token in words) and (len(words) < 4 or known > 0 or said * 2 >= len(words))


def _names(names: list[anchors.Name]) -> list[Unit]:
    return [
        Unit(name.text, "", frozenset(), name.start, name.end, is_name=True)
        for name in names
        if not (name.kind == "caps" and name.text in {"API", "ID", "UTC", "IP", "THE", "AND", "HTTP"})
    ]


def _phrases_and_words(text: str, words: list[Token]) -> list[Unit]:
    found: list[Unit] = []
    phrases = meaning.phrases_in(text.lower())
    for start, end, ideas in phrases:
        found.append(Unit(text[start:end], "", ideas, start, end))
    for token in words:
        if any(start <= token.start < end for start, end, _ in phrases):
            continue
        if token.word in meaning.LIGHT or (token.stem in meaning.LIGHT and not meaning.concepts_of(token.stem)):
            continue
        if token.word == "full" and _NO_FULL.search(text[: token.start]):
            continue
        ideas = meaning.concepts_of(token.stem)
        weight = 0.5 if ideas & meaning.WEAK else 1.0
        found.append(Unit(token.word, token.stem, ideas, token.start, token.end, weight))
    return found


def _bears(unit: Unit, line: Line) -> bool:
    if unit.is_name:
        return anchors.has_name(anchors.Name(unit.text, _kind_of(unit.text), unit.start, unit.end), line)
    if unit.ideas & line.ideas or (unit.stem and unit.stem in line.stems):
        return True
    low = unit.text.lower()
    if (product := meaning.PRODUCTS.get(low)) and product.search(line.text.lower()):
        return True
    return len(unit.stem) >= 4 and unit.stem in line.compact


def _recovery(lines: Sequence[Line]) -> frozenset[int]:
    """Return the last line if it is good and one before it is bad: together they tell of a recovery."""
    if len(lines) < 2 or lines[-1].ideas & NEGATIVE - {"STOP", "CRASH"} or lines[-1].denied:
        return frozenset()
    is_bad = any(line.ideas & NEGATIVE or line.denied or "not" in line.compact for line in lines[:-1])
    return (
        frozenset({len(lines) - 1})
        if is_bad and lines[-1].ideas & {"READY", "START", "SUCCESS", "OPEN"}
        else frozenset()
    )


def _kind_of(text: str) -> str:
    found = anchors.names_in(text)
    return found[0].kind if found else "role"


def label(lines: Sequence[Line]) -> str:
    """Return how a reason speaks of lines: ``L3``, ``L3 and L5``, ``the cited lines``."""
    names = [f"L{line.number}" for line in lines]
    return names[0] if len(names) == 1 else " and ".join(names) if len(names) == 2 else "the cited lines"
