"""A claim, taken apart: what it quotes, names, counts and says, and which of its lines bears each part."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding.lexicon import meaning
from hallucino_tui.assistant.grounding.lexicon.words import spelled_out, tokens
from hallucino_tui.assistant.grounding.reading import anchors, forms, times
from hallucino_tui.assistant.grounding.reading.heads import without_head
from hallucino_tui.assistant.grounding.reading.line import denied
from hallucino_tui.assistant.grounding.reading.sentences import without_citations
from hallucino_tui.assistant.grounding.reading.spelled import numbers_of_claim
from hallucino_tui.assistant.grounding.reading.trends import trends_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.grounding.lexicon.words import Token
    from hallucino_tui.assistant.grounding.reading.line import Line
    from hallucino_tui.assistant.grounding.reading.numbers import Number

# Of these words hardly an English sentence has none.
_COMMON = "the a an of was were is are and has had have been by from with at for on its it as that this not after be"
_ENGLISH: Final = frozenset(_COMMON.split())
# `more than six hours` says how exact a number is, and nothing else.
_BOUNDS: Final = re.compile(
    r"(?:(?:no |not )?(?:more|less) than|at least|at most|over|above|under|up to) (?:an? |half |some |\d|one|two|"
    r"three|four|five|six|seven|"
    r"eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|ninety)",
    re.IGNORECASE,
)
_TRENDS: Final = frozenset({"INCREASE", "DECREASE"})
# `were left` is said of what remains, not of who went.
_REST: Final = re.compile(r"\b(?:is|are|was|were|be|nothing|none|no \w+|slots?|space|room|memory)\s*$", re.IGNORECASE)
_MARKS: Final = re.compile(r"[*_]{2,}|\|")
# Units that short are no words.
_FULL: Final = 3
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
        groups: The groups of words that say the same to which it belongs.
        firm: Which of the cited lines have it by its own word or idea, not only by a word of the same group.
        borne: Which of the cited lines, by their place, have it.
        kind: What a name looks like.
    """

    text: str
    stem: str
    ideas: frozenset[str]
    start: int
    end: int
    weight: float = 1.0
    is_name: bool = False
    borne: frozenset[int] = frozenset()
    groups: frozenset[str] = frozenset()
    firm: frozenset[int] = frozenset()
    kind: str = ""

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


def read_statement(claim: str, lines: Sequence[Line]) -> Statement:
    """Take a claim apart and find the lines that bear its parts."""
    cited = spelled_out(without_marks(without_head(claim, lines)))
    text = without_citations(cited)
    quotes = anchors.quotes_in(text)
    bare = _blanked(text, [(quote.start, quote.end) for quote in quotes])
    clocks, dates = times.clocks_of_claim(bare), times.dates_of_claim(bare)
    bare = _blanked(bare, [(one.start, one.end) for one in (*clocks, *dates)])
    names = anchors.names_in(bare)
    numberless = _blanked(bare, [(name.start, name.end) for name in names if name.kind != "role"])
    words = tokens(text)
    plain = [token for token in words if numberless[token.start : token.end].lower() == token.word]
    statement = Statement(
        text, cited, numberless, words, quotes, names, clocks, dates, numbers_of_claim(numberless), [],
        denied(text, words), is_english=_is_english(words, plain),
    )  # fmt: skip
    statement.units = sorted(
        [*_names(names), *_phrases_and_words(numberless, plain, statement.numbers)], key=lambda unit: unit.start
    )
    loose = list(meaning.loose_phrases_in(words))
    for unit in statement.units:
        unit.groups = meaning.groups_of(unit.stem) if unit.stem else frozenset()
        for first, last, names in loose:
            if words[first].start < unit.end and unit.start <= words[last].start and not unit.is_name:
                unit.groups |= names
        unit.firm = unit.borne = frozenset(place for place, line in enumerate(lines) if _bears(unit, line))
        said = unit.groups | unit.ideas
        if said:
            loosely = (place for place, line in enumerate(lines) if said & line.groups)
            unit.borne |= frozenset(loosely)
        if not unit.borne and unit.stem:
            unit.firm = unit.borne = frozenset(
                place
                for place, line in enumerate(lines)
                if forms.has_compound(unit, words, line) or forms.has_cut(unit, words, line)
            )
        if not unit.borne and unit.stem and not unit.ideas:
            unit.firm = unit.borne = forms.by_root(unit.text, lines)
        if not unit.borne and (said & _TRENDS) and said & trends_of(lines):
            unit.firm = unit.borne = frozenset(range(len(lines)))
        if not unit.borne and unit.ideas & {"RECOVER", "RESTART"}:
            unit.firm = unit.borne = _recovery(lines)
    return statement


def without_marks(text: str) -> str:
    """Return a text with blanks in place of what only makes it bold or a table."""
    return _MARKS.sub(lambda match: " " * len(match[0]), text)


def _blanked(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _is_english(words: list[Token], plain: list[Token]) -> bool:
    """Say whether words are English, going by the plain ones: names are of no language."""
    known = sum(token.word in _ENGLISH for token in words)
    said = sum(token.word in meaning.LIGHT or bool(meaning.concepts_of(token.stem)) for token in plain)
    return all(token.word.isascii() for token in words) and (
        len(words) < 4 or known > 0 or (bool(plain) and said * 2 >= len(plain))
    )


def _names(names: list[anchors.Name]) -> list[Unit]:
    return [
        Unit(name.text, "", frozenset(), name.start, name.end, is_name=True, kind=name.kind)
        for name in names
        if not (name.kind == "caps" and name.text in {"API", "ID", "UTC", "IP", "THE", "AND", "HTTP"})
    ]


def _phrases_and_words(text: str, words: list[Token], numbers: list[Number]) -> list[Unit]:
    found: list[Unit] = []
    phrases, silent = meaning.phrases_in(text.lower()), meaning.silent_in(text)
    for start, end, ideas in phrases:
        if _BOUNDS.match(text, start):
            continue
        found.append(Unit(text[start:end], "", ideas, start, end))
    for token in words:
        if any(start <= token.start < end for start, end, *_ in (*phrases, *silent)):
            continue
        if any(one.start < token.start < one.end for one in numbers if one.kind and len(token.word) < _FULL):
            # The `MiB` of `64 MiB`.
            continue
        if token.word in meaning.LIGHT or (token.stem in meaning.LIGHT and not meaning.concepts_of(token.stem)):
            continue
        is_rest = token.word == "left" and _REST.search(text[: token.start]) is not None
        ideas = frozenset[str]() if is_rest else meaning.concepts_of(token.stem)
        weight = 0.5 if is_rest or ideas & meaning.WEAK else 1.0
        found.append(Unit(token.word, token.stem, ideas, token.start, token.end, weight))
    return found


def _bears(unit: Unit, line: Line) -> bool:
    if unit.is_name:
        return anchors.has_name(anchors.Name(unit.text, unit.kind, unit.start, unit.end), line)
    if unit.ideas & line.ideas or (unit.stem and unit.stem in line.stems):
        return True
    low = unit.text.lower()
    if (product := meaning.PRODUCTS.get(low)) and product.search(line.text.lower()):
        return True
    return len(unit.stem) >= 4 and unit.stem in line.compact


def _recovery(lines: Sequence[Line]) -> frozenset[int]:
    """Return the lines that are good behind a bad one, the last or one of readiness: they tell of a recovery."""
    places = sorted(range(len(lines)), key=lambda place: (lines[place].when or 0.0, lines[place].number))
    bad = [lines[one].ideas & NEGATIVE or lines[one].denied or "not" in lines[one].compact for one in places]
    found: list[int] = []
    for index, place in enumerate(places):
        line = lines[place]
        good = {"READY", "START", "SUCCESS", "OPEN"} if index == len(places) - 1 else {"READY"}
        if line.ideas & NEGATIVE - {"STOP", "CRASH"} or line.denied:
            continue
        found += [place] if any(bad[:index]) and line.ideas & good else []
    return frozenset(found)


def label(lines: Sequence[Line]) -> str:
    """Return how a reason speaks of lines: ``L3``, ``L3 and L5``, ``the cited lines``."""
    names = [f"L{line.number}" for line in lines]
    return names[0] if len(names) == 1 else " and ".join(names) if len(names) == 2 else "the cited lines"
