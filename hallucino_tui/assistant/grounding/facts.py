"""Hard evidence: quotations, names, times and numbers of a claim have to stand in its lines."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding import anchors, derived, meaning, times
from hallucino_tui.assistant.grounding.numbers import Number, roles_of
from hallucino_tui.assistant.grounding.same import is_same
from hallucino_tui.assistant.grounding.statement import label
from hallucino_tui.assistant.grounding.users import other_user
from hallucino_tui.assistant.grounding.words import stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hallucino_tui.assistant.grounding.line import Line
    from hallucino_tui.assistant.grounding.statement import Statement, Unit

_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY: Final = re.compile(r"\b(?:" + "|".join(_WEEKDAYS) + r")\b", re.IGNORECASE)
_ON_DAY: Final = re.compile(r"\bon the (?P<day>\d\d?)(?:st|nd|rd|th)\b(?! (?:attempt|try|time|row|line|of|re))")
_ORDINALS: Final = ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_TURN: Final = re.compile(r"\b(?:the|a) (?P<nth>" + "|".join(_ORDINALS) + r") time\b", re.IGNORECASE)
_PARTS: Final = {"half": 1 / 2, "a half": 1 / 2, "a third": 1 / 3, "a quarter": 1 / 4, "two thirds": 2 / 3}
_PART: Final = re.compile(
    r"\b(?P<part>half|a half|a third|a quarter|two thirds) of (?:the |all |its )*(?P<whole>\d[\d,]*)(?! ?[kmg]?i?b\b)",
    re.IGNORECASE,
)
_PAIR: Final = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?) (of|to|>|<) (\d+(?:\.\d+)?)(?![\w.])")
_NAME_PLACE: Final = re.compile(r"(?:^\W*|[:;,] |\b(?:from|by|to|with|of|in|for|on) )(?:the )?$", re.IGNORECASE)
_NO_KEYS: Final = frozenset(
    map(
        stem,
        {
            *(
                "after",
                "than",
                "about",
                "over",
                "under",
                "took",
                "lasted",
                "with",
                "for",
                "and",
                "in",
                "a",
                "an",
                "the",
            ),
            *("least", "most", "only", "between", "every", "tried"),
        },
    )
)
_GRAMMAR: Final = frozenset(
    {"and", "or", "the", "a", "an", "of", "with", "than", "is", "was", "were", "are", "for", "by", "in", "at"}
)


def missing_quote(statement: Statement, lines: Sequence[Line], others: Iterable[Line]) -> str:
    """Say which quotation the lines do not have; "" if they have all."""
    for quote in statement.quotes:
        if any(anchors.is_quoted_in(quote.text, line) for line in lines):
            continue
        if _is_number_quoted(quote.text, lines):
            continue
        if other := next((line for line in others if anchors.is_quoted_in(quote.text, line)), None):
            return f"`{_short(quote.text)}` stands in L{other.number}, not in {label(lines)}"
        return f"`{_short(quote.text)}` is not quoted from {label(lines)}"
    return ""


def _is_number_quoted(quote: str, lines: Sequence[Line]) -> bool:
    parts = re.fullmatch(r"([\w.\-]+)\s*[=: ]\s*([\w.\-]+)", quote)
    return parts is not None and any(
        anchors.is_quoted_in(parts[1], line) and anchors.is_quoted_in(parts[2], line) for line in lines
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
        if any(anchors.has_name(name, line) for line in lines) or _is_explained(name, lines):
            continue
        other = next((line for line in others if anchors.has_name(name, line)), None)
        where = f" (it does in L{other.number})" if other else ""
        return f"`{_short(name.text)}` does not occur in {label(lines)}{where}"
    strangers = [other_user(statement.bare, line, known) for line in lines]
    if strangers and all(strangers):
        return f"`{strangers[0]}` does not occur in {label(lines)}"
    for unit in statement.units:
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


def wrong_time(statement: Statement, lines: Sequence[Line]) -> str:
    """Say which time or date is not that of the lines; "" if all are."""
    there = [clock.seconds for line in lines for clock in line.clocks]
    spans = _intervals(statement.clocks)
    inside = {clock for pair in spans for clock in pair if _are_inside(pair, lines)}
    for clock in statement.clocks:
        if clock in inside or any(times.is_near(clock, seconds) for seconds in there):
            continue
        if clock.relation == "before" and any(seconds <= clock.seconds for seconds in there):
            continue
        if clock.relation == "after" and any(seconds >= clock.seconds for seconds in there):
            continue
        return f"`{statement.text[clock.start : clock.end].strip()}` is not the time of {label(lines)}"
    return _wrong_date(statement, lines)


def _wrong_date(statement: Statement, lines: Sequence[Line]) -> str:
    there = [date for line in lines for date in line.dates]
    for date in statement.dates:
        if not any(
            (date.month, date.day) == (other.month, other.day)
            and (not date.year or not other.year or date.year == other.year)
            for other in there
        ):
            return f"`{statement.text[date.start : date.end].strip()}` is not the date of {label(lines)}"
    for match in _ON_DAY.finditer(statement.bare):
        if there and not any(date.day == int(match["day"]) for date in there):
            return f"`{match[0].strip()}` is not the day of {label(lines)}"
    for match in _WEEKDAY.finditer(statement.bare):
        name = match[0].lower()
        days = {_WEEKDAYS[(line.day - 1) % 7] for line in lines if line.day and line.dates and line.dates[0].year}
        if not any(re.search(rf"\b{name[:3]}", line.text, re.IGNORECASE) for line in lines) and name not in days:
            return f"`{match[0]}` is not the day of {label(lines)}"
    return ""


def _intervals(clocks: list[times.Clock]) -> list[tuple[times.Clock, times.Clock]]:
    return [pair for pair in itertools.pairwise(clocks) if pair[0].relation == "from" and pair[1].relation == "to"]


def _are_inside(pair: tuple[times.Clock, times.Clock], lines: Sequence[Line]) -> bool:
    first, last = pair
    own = [line.clocks[0].seconds for line in lines if line.clocks]
    return bool(own) and all(first.seconds <= seconds < last.seconds + last.unit for seconds in own)


def wrong_number(statement: Statement, lines: Sequence[Line]) -> str:
    """Say which number the lines do not have, or not in its role; "" if they bear all."""
    for match in _PAIR.finditer(statement.text):
        turned = re.compile(rf"(?<![\w.]){re.escape(match[3])} {match[2]} {re.escape(match[1])}(?![\w.])")
        if any(turned.search(line.text) for line in lines):
            return f"{label(lines)} says it the other way round than `{match[0]}`"
    if turn := _wrong_turn(statement, lines):
        return turn
    for number in statement.numbers:
        if number.is_word and not number.kind and (number.value <= 1 or (number.bound != "=" and number.value == 2)):
            continue
        if _is_borne(number, statement, lines):
            continue
        written = statement.text[number.start : number.end].strip()
        same = any(is_same(number, other) for line in lines for other in line.numbers)
        if same:
            role = f" as {number.before}" if roles_of(number.before) else " in this role"
            return f"`{written}` occurs in {label(lines)}, but not{role}"
        return f"`{written}` does not occur in {label(lines)}"
    return ""


def _wrong_turn(statement: Statement, lines: Sequence[Line]) -> str:
    """Say which `for the fifth time` no line counts, or which `half of 100` is another part of it; "" if none."""
    for match in _TURN.finditer(statement.bare):
        value = _ORDINALS.index(match["nth"].lower()) + 2
        counts: set[float] = {len(lines), *(line.source.count for line in lines)}
        counts.update(number.value for line in lines for number in line.numbers)
        if value not in counts:
            return f"`{match[0]}` does not occur in {label(lines)}"
    for match in _PART.finditer(statement.bare):
        whole = float(match["whole"].replace(",", ""))
        there = [number.value for line in lines for number in line.numbers if not number.kind]
        if whole in there and not any(abs(value / whole - _PARTS[match["part"].lower()]) < 0.06 for value in there):
            return f"`{match[0]}` is not what {label(lines)} says"
    return ""


def borne_numbers(statement: Statement, lines: Sequence[Line]) -> list[tuple[Number, list[int]]]:
    """Return the numbers of a claim that stand in some of its lines, with the places of these lines."""
    found: list[tuple[Number, list[int]]] = []
    for number in statement.numbers:
        places = [
            place for place, line in enumerate(lines)
            if any(is_same(number, other) and _fits(number, other, line) for other in line.numbers)
            or derived.is_money(number, [line])
        ]  # fmt: skip
        if places and not number.is_word:
            found.append((number, places))
    return found


def _is_borne(number: Number, statement: Statement, lines: Sequence[Line]) -> bool:
    if any(is_same(number, other) and _fits(number, other, line) for line in lines for other in line.numbers):
        return True
    if derived.is_derived(number, statement, lines):
        return True
    written = statement.text[number.start : number.end].replace(",", "").strip("- ")
    if number.kind or number.is_word:
        return False
    if "." in written and any(anchors.has_text(written, line) for line in lines):
        return True
    loose = any(written in line.digits for line in lines) and not any(
        is_same(number, other) for line in lines for other in line.numbers
    )
    return loose and (len(written) >= 3 or not number.roles)


def _fits(claimed: Number, there: Number, line: Line) -> bool:
    """Say whether a number of a line may have the role that a claim gives it."""
    behind = {word for word in claimed.after if word not in _GRAMMAR}
    if claimed.before and (claimed.before == there.before or claimed.before in there.after[:2]):
        return True
    if there.before and (there.before in behind or (there.before in claimed.ahead and there.before not in _NO_KEYS)):
        return True
    if behind & set(there.after[:2]):
        return not (roles_of(claimed.before) - {"count"} and roles_of(there.before) - {"count"})
    if claimed.roles and there.roles and not claimed.roles & there.roles:
        return False
    if (set(there.after[:2]) - _GRAMMAR) & set(claimed.following):
        return True
    return not _is_said_otherwise(claimed, line)


def _is_said_otherwise(claimed: Number, line: Line) -> bool:
    """Say whether a line gives another number for the very thing that a claim has a number for."""
    beside = list(itertools.takewhile(lambda word: word not in _GRAMMAR, claimed.after))
    first = claimed.after[0] if claimed.after and claimed.after[0] not in _GRAMMAR else ""
    key = claimed.before if claimed.before not in _NO_KEYS else ""
    is_code = claimed.ahead[-1:] == ("cod",)
    for other in line.numbers:
        said = other.before if other.before not in _NO_KEYS else ""
        if (
            (is_code and other.ahead[-1:] == ("cod",))
            or (key and key == said)
            or (said and not claimed.kind and said in beside)
            or (first and other.after and first == other.after[0])
        ) and not is_same(claimed, other):
            return True
    return False


def _short(text: str) -> str:
    plain = text.replace("`", "'").replace("\n", " ")
    return plain if len(plain) <= 60 else plain[:57] + "..."
