"""Whether the numbers of a claim stand in its lines, in the role that it gives them, or follow from them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding.reading import anchors
from hallucino_tui.assistant.grounding.reading.numbers import Number, roles_of
from hallucino_tui.assistant.grounding.reading.same import is_same, is_timely
from hallucino_tui.assistant.grounding.reading.statement import label
from hallucino_tui.assistant.grounding.reading.templates import SAME, groups_of, repeats_of
from hallucino_tui.assistant.grounding.rules import counting, derived, pairs, spans
from hallucino_tui.assistant.grounding.rules.fitting import CODE, NO_KEYS, fits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hallucino_tui.assistant.grounding.reading.line import Line
    from hallucino_tui.assistant.grounding.reading.statement import Statement

_ORDINALS: Final = ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_TURN: Final = re.compile(r"\b(?:the|a) (?P<nth>" + "|".join(_ORDINALS) + r") time\b", re.IGNORECASE)
_ONCE: Final = re.compile(r"\b(?:(?:only|just|exactly|precisely) once|a single time)\b(?!,)", re.IGNORECASE)
_TWICE: Final = re.compile(r"\b(?:twice|two times)\b(?! (?:as|the|a|an|per)\b)", re.IGNORECASE)
_PAUSE: Final = re.compile(r"[,;:](?=\s)|\b(?:and|but|before|after|while|then)\b")
_PARTS: Final = {"half": 1 / 2, "a half": 1 / 2, "a third": 1 / 3, "a quarter": 1 / 4, "two thirds": 2 / 3}
_PART: Final = re.compile(
    r"\b(?P<part>half|a half|a third|a quarter|two thirds) of (?:the |all |its )*(?P<whole>\d[\d,]*)(?! ?[kmg]?i?b\b)",
    re.IGNORECASE,
)
_PAIR: Final = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?) (of|to|>|<) (\d+(?:\.\d+)?)(?![\w.])")
# What something was not, or is only measured by.
_CONTRAST: Final = re.compile(
    r"\b(?:rather than|instead of|as opposed to)(?: (?:with|by|of|at|on|an?|the|code|status|signal|port|to|in))* $",
    re.IGNORECASE,
)
_FAR: Final = re.compile(
    r"\b(?:far|well|much|way|nowhere near|considerably) (?:(?P<less>below|under|smaller than|less than|shorter than|"
    r"lower than|fewer than)|above|over|beyond|larger than|more than|longer than|higher than) (?:the )?(?:usual )?$",
    re.IGNORECASE,
)
_ROUNDED: Final = 10
_LASTING: Final = re.compile(
    r"\b(?:for|lasted|took|takes|after) (?:about |roughly |only |nearly |almost |over )?$", re.IGNORECASE
)
# So many digits has a moment in seconds since 1970, which lines are taken to be timed by.
_EPOCH: Final = 9


def wrong_number(
    statement: Statement, lines: Sequence[Line], stretch: Callable[[int, int], list[Line]] | None = None
) -> str:
    """Say which number the lines do not have, or not in its role; "" if they bear all.

    Args:
        statement: The claim.
        lines: What it cites.
        stretch: Gives all lines from one to another, those between two cited ones; None if they count for nothing.
    """
    for match in _PAIR.finditer(statement.text):
        turned = re.compile(rf"(?<![\w.]){re.escape(match[3])} {match[2]} {re.escape(match[1])}(?![\w.])")
        if any(turned.search(line.text) for line in lines):
            return f"{label(lines)} says it the other way round than `{match[0]}`"
    if wrong := pairs.wrong_pair(statement, lines) or _wrong_turn(statement, lines):
        return wrong
    for number in statement.numbers:
        if number.is_word and not number.kind and (number.value <= 1 or (number.bound != "=" and number.value == 2)):
            continue
        if _is_borne(number, statement, lines) or (
            stretch and counting.is_range_counted(number, statement, lines, stretch)
        ):
            continue
        if _CONTRAST.search(statement.text[: number.start]) or _is_far(number, statement, lines):
            continue
        written = statement.text[number.start : number.end].strip()
        same = any(is_same(number, other) for line in lines for other in line.numbers)
        if same:
            role = f" as {number.before}" if roles_of(number.before) else " in this role"
            return f"`{written}` occurs in {label(lines)}, but not{role}"
        return f"`{written}` does not occur in {label(lines)}"
    return ""


def _is_far(number: Number, statement: Statement, lines: Sequence[Line]) -> bool:
    """Say whether all that lines measure is on the side of a number that a claim has it on: `far below 64 MiB`."""
    far = _FAR.search(statement.text[: number.start])
    own = [other for other in statement.numbers if other is not number and other.kind == number.kind]
    if far is None or not number.kind:
        return False
    if not any(is_same(one, other) for one in own for line in lines for other in line.numbers):
        return False
    is_less = far["less"] is not None
    return all(one.value < number.value if is_less else one.value > number.value for one in own)


def _wrong_turn(statement: Statement, lines: Sequence[Line]) -> str:
    """Say which `for the fifth time` no line counts, or which `half of 100` is another part of it; "" if none."""
    for match in _TURN.finditer(statement.bare):
        value = _ORDINALS.index(match["nth"].lower()) + 2
        counts: set[float] = {len(lines), *(line.source.count for line in lines)}
        counts.update(number.value for line in lines for number in line.numbers)
        if value not in counts:
            return f"`{match[0]}` does not occur in {label(lines)}"
    if twice := _not_twice(statement, lines):
        return twice
    if (once := _ONCE.search(statement.bare)) and len(lines) > 1 and len(groups_of(lines, SAME)) == 1:
        return f"{label(lines)} tell of it more often than `{once[0]}`"
    for match in _PART.finditer(statement.bare):
        whole = float(match["whole"].replace(",", ""))
        there = [number.value for line in lines for number in line.numbers if not number.kind]
        if whole in there and not any(abs(value / whole - _PARTS[match["part"].lower()]) < 0.06 for value in there):
            return f"`{match[0]}` is not what {label(lines)} says"
    return ""


def _not_twice(statement: Statement, lines: Sequence[Line]) -> str:
    """Say what a claim has happen as often as it cites lines, though fewer of them have it: `state 8 came twice`."""
    match = _TWICE.search(statement.bare)
    if match is None or len(lines) != 2 or any(line.source.count > 1 or repeats_of(line) > 1 for line in lines):
        return ""
    begin = max((stop.end() for stop in _PAUSE.finditer(statement.bare, 0, match.start())), default=0)
    if any(number.value == 2 for line in lines for number in line.numbers):
        return ""
    for number, places in borne_numbers(statement, lines):
        key = number.ahead[-1:]
        is_own = begin <= number.start < match.start() and key and key[0] not in NO_KEYS
        if is_own and len(places) < len(lines) and all(_has_key(line, key) for line in lines):
            return f"only {label([lines[places[0]]])} has `{statement.text[number.start : number.end]}`"
    deed = next((unit for unit in statement.units if unit.end == match.start() - 1), None)
    if deed is not None and deed.text.endswith("ed") and len(deed.borne) == 1:
        return f"only {label([lines[min(deed.borne)]])} tells of `{deed.text}`"
    return ""


def _has_key(line: Line, key: tuple[str, ...]) -> bool:
    return any(other.ahead[-1:] == key or (other.before,) == key for other in line.numbers)


def borne_numbers(statement: Statement, lines: Sequence[Line]) -> list[tuple[Number, list[int]]]:
    """Return the numbers of a claim that stand in some of its lines, with the places of these lines."""
    found: list[tuple[Number, list[int]]] = []
    for number in statement.numbers:
        places = [
            place for place, line in enumerate(lines)
            if any(is_same(number, other) and fits(number, other, line, statement) for other in line.numbers)
            or derived.is_money(number, [line])
        ]  # fmt: skip
        if places and not number.is_word:
            found.append((number, places))
    return found


def _is_borne(number: Number, statement: Statement, lines: Sequence[Line]) -> bool:
    # That some lines name a thing by the same number is no count.
    is_count = len(lines) > 1 and counting.is_count(number, statement)
    # `three workers exited with code 3`: that number is the code.
    is_taken = is_count and number.is_word and _is_taken(number, statement)
    if is_taken or (is_count and counting.is_stated(number, statement, lines)):
        return not is_taken or derived.is_derived(number, statement, lines)
    is_span = number.kind == "time" and spans.is_between(number, statement) and len(spans.moments_of(lines)) > 1
    if any(
        is_same(number, other)
        and (other.kind or not is_span)
        and not (other.is_name and (is_count or (number.kind == "time" and not is_timely(other))))
        and fits(number, other, line, statement)
        for line in lines
        for other in line.numbers
    ):
        return True
    written = statement.text[number.start : number.end].replace(",", "").strip("- ")
    if (
        derived.is_derived(number, statement, lines)
        or _is_rounded(number, lines)
        or any(_has_in_name(written, number, line) for line in lines)
    ):
        return True
    if number.kind or number.is_word:
        # `within a minute` of a line that has no other time beside its own.
        is_told = any(
            other.kind == "time" and other.before == number.before for line in lines for other in line.numbers
        )
        is_lasting = _LASTING.search(statement.text[: number.start]) is not None
        is_loose = number.is_word and number.value == number.step and not (is_told or is_lasting)
        return is_loose and len(spans.moments_of(lines)) < 2
    if "." in written and any(anchors.has_text(written, line) for line in lines):
        return True
    loose = any(written in line.digits for line in lines) and not any(
        is_same(number, other) for line in lines for other in line.numbers
    )
    return loose and (len(written) >= 3 or not number.roles)


def _is_taken(number: Number, statement: Statement) -> bool:
    """Say whether a claim has the same value once more, in digits and behind a word that it belongs to."""
    return any(
        other is not number
        and other.value == number.value
        and not (other.kind or other.is_word)
        and (other.ahead[-1:] == CODE or bool(roles_of((other.ahead or ("",))[-1]) - {"count"}))
        for other in statement.numbers
    )


def _has_in_name(written: str, number: Number, line: Line) -> bool:
    """Say whether a line has a number as its time in seconds, or with zeros in a name: `job_1_m_000002` for task 2."""
    if len(written) >= _EPOCH and written in line.text:
        return True
    is_plain = bool(number.before) and not number.kind and written.isdigit()
    return is_plain and re.search(rf"_0+{written}(?![0-9])", line.text) is not None


def _is_rounded(number: Number, lines: Sequence[Line]) -> bool:
    """Say whether a line has a number in full of which a claim gives the whole, as 731 is of 731.219."""
    return (
        not number.kind
        and number.step == 1.0
        and number.value >= _ROUNDED
        and any(
            other.step < 1.0 and -0.5 <= number.value - other.value + 0.5 <= 1.0
            for line in lines
            for other in line.numbers
        )
    )
