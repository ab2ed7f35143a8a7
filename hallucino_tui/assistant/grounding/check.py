"""Checks an answer claim by claim against the lines that it cites.

No model and no network: the same answer and the same lines give the same verdicts, in well under a millisecond a claim.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding.claim import Checked, Claim, Source, Verdict
from hallucino_tui.assistant.grounding.lexicon.words import spelled_out, tamed, tokens
from hallucino_tui.assistant.grounding.reading.absence import absent_in
from hallucino_tui.assistant.grounding.reading.anchors import names_of_lines, parts_of_lines
from hallucino_tui.assistant.grounding.reading.cut import cut
from hallucino_tui.assistant.grounding.reading.line import Line, flat, read_line
from hallucino_tui.assistant.grounding.reading.sentences import without_citations
from hallucino_tui.assistant.grounding.reading.statement import read_statement, without_marks
from hallucino_tui.assistant.grounding.rules import (
    cause,
    entities,
    facts,
    figures,
    guesses,
    happenings,
    moments,
    order,
    orders,
    polarity,
    relative,
    roles,
    sense,
    wellness,
)
from hallucino_tui.assistant.grounding.rules.evidence import marks_of
from hallucino_tui.assistant.grounding.rules.lookup import mentioned, unknown_of
from hallucino_tui.assistant.grounding.rules.stitch import stitched
from hallucino_tui.assistant.grounding.rules.story import workloads_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.grounding.reading.absence import Absent
    from hallucino_tui.assistant.grounding.reading.cut import Piece
    from hallucino_tui.assistant.grounding.reading.statement import Statement

NO_CITATION: Final = "no line is cited, so nothing could be checked"
ONLY_REPEATS: Final = "it only repeats lines"
ONLY_NUMBERS: Final = "it only names lines and says nothing about them"
_NO_LINE: Final = "No line is cited."
_RANKS: Final = (Verdict.SUPPORTED, Verdict.DOUBTFUL, Verdict.UNSUPPORTED)
_LONGEST: Final = 4_000
"""Characters of a claim. Some rules look from each word to the end, so what a model never stops saying takes long."""
_MOST_LINES: Final = 200
# What a claim only tells the time by.
_WHEN: Final = re.compile(
    r"\b(?:after|before|since|until|till|following|despite) (?:the |its |this |that )?$", re.IGNORECASE
)


def check(answer: str, sources: Mapping[int, Source] | Sequence[Source]) -> Checked:
    """Check an answer.

    Args:
        answer: Markdown, one claim a line, or JSON.
        sources: What its citations name; of a sequence the first is ``L1``.

    Returns:
        Its claims with their verdicts.
    """
    named = dict(sources) if isinstance(sources, Mapping) else dict(enumerate(sources, start=1))
    pieces = cut(answer)
    checker = _Checker(named, tuple(dict.fromkeys(number for piece in pieces for number in piece.citations)))
    judged = ((piece, checker.claim(piece)) for piece in pieces)
    # A title is short of words, and what follows it says them in full.
    claims = tuple(claim for piece, claim in judged if not (piece.is_title and claim.verdict is Verdict.DOUBTFUL))
    return Checked(claims, _problem(answer, claims, checker))


class _Checker:
    """Checks claims; every line is taken apart once.

    Args:
        sources: What citations name.
        cited: What the answer cites anywhere.
    """

    def __init__(self, sources: dict[int, Source], cited: tuple[int, ...]) -> None:
        self._sources = sources
        self._cited = [number for number in cited if number in sources][:_MOST_LINES]
        self._used: set[int] = set()
        self._before: list[int] = []
        self.has_searched = False
        self._lines: dict[int, Line] = {}
        self._known: frozenset[str] | None = None
        self._pods: frozenset[str] | None = None
        self._spoken: frozenset[str] | None = None

    def claim(self, piece: Piece) -> Claim:
        """Check one claim."""
        verdict, reason = self._judge(piece)
        self._before = [number for number in piece.citations if number in self._sources] or self._before
        return Claim(piece.text, piece.start, piece.end, piece.citations, verdict, reason)

    def line(self, number: int) -> Line:
        """Return a line, taken apart."""
        if number not in self._lines:
            self._lines[number] = read_line(number, self._sources[number])
        return self._lines[number]

    def _judge(self, piece: Piece) -> tuple[Verdict, str]:
        if missing := [number for number in piece.citations if number not in self._sources]:
            return Verdict.UNSUPPORTED, f"There is no line L{missing[0]}."
        if len(piece.text) > _LONGEST:
            return Verdict.UNSUPPORTED, f"A claim of {len(piece.text):,} characters is too long to be checked."
        text = tamed(piece.text)
        bare = spelled_out(without_marks(without_citations(text)))
        if not any(letter.isalpha() for letter in bare):
            no_words = "It says nothing about the lines that it names." if piece.citations else _NO_LINE
            return Verdict.UNSUPPORTED, no_words
        absent = absent_in(bare, is_cited=bool(piece.citations))
        if absent and (absent.is_known or not piece.citations):
            found = self._search(absent)
            if found[0] is Verdict.UNSUPPORTED or not absent.has_rest:
                return found
            return max(found, self._weigh(piece, absent.rest), key=lambda one: _RANKS.index(one[0]))
        return self._weigh(piece, text)

    def _search(self, absent: Absent) -> tuple[Verdict, str]:
        """Look in all lines for what is said to be in none."""
        self.has_searched = self.has_searched or bool(absent.things)
        found, is_certain = mentioned(absent, self._sources, self.line)
        if not found and (unknown := unknown_of(absent, self._sources, self.line)):
            return Verdict.DOUBTFUL, f"No line is about `{unknown}`, so none shows that it did not happen."
        if not found:
            return Verdict.SUPPORTED, ""
        return Verdict.UNSUPPORTED if is_certain else Verdict.DOUBTFUL, _sentence(found)

    def _weigh(self, piece: Piece, text: str) -> tuple[Verdict, str]:
        """Judge what a claim says by the lines that it cites; a summary may stand on those of the whole answer."""
        if piece.citations:
            return self._compare(self._without_lead(text, piece.citations), piece.citations)
        if guesses.guesses(text):
            return Verdict.DOUBTFUL, "It is a guess, and no line is cited."
        if piece.is_summary and self._cited:
            statement = read_statement(text, lines := [self.line(number) for number in self._cited])
            if guesses.sums_up(statement, lines):
                found = self._compare(text, tuple(self._cited))
                if found[0] is Verdict.SUPPORTED:
                    return found
        return Verdict.UNSUPPORTED, _NO_LINE

    def _without_lead(self, text: str, citations: tuple[int, ...]) -> str:
        """Return a text with a blank `a minute later` if its lines are that much later than the claim before."""
        others = [self.line(number) for number in sorted(self._used.difference(citations))[:_MOST_LINES]]
        text = relative.without_distance(text, [self.line(number) for number in citations[:1]], others)
        lead = guesses.LATER.search(text)
        if lead is None or not self._before:
            return text
        lines = [self.line(number) for number in (*self._before, *citations)[:_MOST_LINES]]
        if figures.wrong_number(read_statement(lead[0], lines), lines, self._stretch):
            return text
        return text[: lead.start()] + " " * (lead.end() - lead.start()) + text[lead.end() :]

    def _compare(self, text: str, citations: tuple[int, ...]) -> tuple[Verdict, str]:
        """Judge a text by lines."""
        lines = [self.line(number) for number in citations[:_MOST_LINES]]
        self._used.update(citations)
        statement = read_statement(text, lines)
        others = self._others(citations)
        hard = (
            facts.missing_quote(statement, lines, others)
            or facts.missing_name(statement, lines, self._names(), others, self._parts())
            or facts.not_of_all(statement, lines)
            or entities.wrong_workload(statement, lines, self._workloads())
            or entities.wrong_value(statement, lines)
            or moments.wrong_time(statement, lines)
            or figures.wrong_number(statement, lines, self._stretch)
            or orders.obeyed(statement, lines)
            or (statement.is_english and wellness.all_well(statement, lines))
            or (statement.is_english and polarity.contrary(statement, _about(statement, lines)))
            or (statement.is_english and order.wrong_order(statement, lines))
            or roles.wrong_role(statement, lines)
        )
        is_guess = bool(hard) and guesses.is_guessed(text, hard)
        if hard and not (is_guess and guesses.has_told(statement)):
            return Verdict.DOUBTFUL if is_guess else Verdict.UNSUPPORTED, _sentence(hard)
        wrong = cause.wrong_cause(statement, lines) if statement.is_english else None
        if wrong is not None:
            return Verdict.UNSUPPORTED if wrong.is_hard else Verdict.DOUBTFUL, _sentence(wrong.reason)
        marks = marks_of(statement, lines)
        weak = (
            sense.unsaid(statement, lines, marks)
            or happenings.unsaid_happening(statement, lines, marks)
            or sense.too_much(statement, lines)
            or stitched(statement, lines, self._names(), marks)
        )
        return (Verdict.DOUBTFUL, _sentence(weak)) if weak else (Verdict.SUPPORTED, "")

    def _stretch(self, first: int, last: int) -> list[Line]:
        """Return the lines from one to another."""
        return [self.line(number) for number in range(first, last + 1) if number in self._sources]

    def _others(self, cited: tuple[int, ...]) -> list[Line]:
        return [line for number, line in self._lines.items() if number in self._used and number not in cited]

    def _names(self) -> frozenset[str]:
        if self._known is None:
            pods = frozenset(name for name in self._workloads() if name.isalpha())
            self._known = names_of_lines(self._sources.values()) | pods
        return self._known

    def _parts(self) -> frozenset[str]:
        if self._spoken is None:
            self._spoken = parts_of_lines(self._sources.values())
        return self._spoken

    def _workloads(self) -> frozenset[str]:
        if self._pods is None:
            self._pods = frozenset[str]().union(*(workloads_of(source.text) for source in self._sources.values()))
        return self._pods


def _about(statement: Statement, lines: list[Line]) -> list[Line]:
    """Return the lines that have what the claim names; all if it names nothing, or no line has it all."""
    named = [
        unit.borne
        for unit in statement.units
        if unit.is_name and unit.borne and not _WHEN.search(statement.bare[: unit.start])
    ]
    places = frozenset(range(len(lines))).intersection(*named)
    return [lines[place] for place in sorted(places)] if places else lines


def _sentence(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:]}."


def _problem(answer: str, claims: tuple[Claim, ...], checker: _Checker) -> str:
    if not claims:
        return ONLY_NUMBERS if without_citations(tamed(answer)).strip(" \n,;.-*") == "" and answer.strip() else ""
    if not any(claim.citations for claim in claims) and not checker.has_searched:
        return NO_CITATION
    if all(not tokens(without_citations(tamed(claim.text))) for claim in claims):
        return ONLY_NUMBERS
    copied = sum(_is_copy(claim, checker) for claim in claims)
    return ONLY_REPEATS if copied >= 2 and copied * 5 >= len(claims) * 4 else ""


def _is_copy(claim: Claim, checker: _Checker) -> bool:
    """Say whether a claim is a line, or most of one, word for word."""
    if claim.verdict is Verdict.UNSUPPORTED:
        return False
    said = flat(without_citations(tamed(claim.text))).strip(" .,:;*_-|()[]")
    if len(said.split()) < 5:
        return False
    return any(said in line.flat and len(said) * 2 >= len(line.flat) for line in map(checker.line, claim.citations))
