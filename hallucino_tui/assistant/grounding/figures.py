"""Whether the numbers of a claim stand in its lines, in the role that it gives them, or follow from them."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding import anchors, counting, derived, spans
from hallucino_tui.assistant.grounding.numbers import Number, roles_of
from hallucino_tui.assistant.grounding.same import is_same, is_timely
from hallucino_tui.assistant.grounding.statement import label
from hallucino_tui.assistant.grounding.templates import SAME, groups_of
from hallucino_tui.assistant.grounding.words import stem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hallucino_tui.assistant.grounding.line import Line
    from hallucino_tui.assistant.grounding.statement import Statement

_ORDINALS: Final = ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_TURN: Final = re.compile(r"\b(?:the|a) (?P<nth>" + "|".join(_ORDINALS) + r") time\b", re.IGNORECASE)
_ONCE: Final = re.compile(r"\b(?:(?:only|just|exactly|precisely) once|a single time)\b(?!,)", re.IGNORECASE)
_PARTS: Final = {"half": 1 / 2, "a half": 1 / 2, "a third": 1 / 3, "a quarter": 1 / 4, "two thirds": 2 / 3}
_PART: Final = re.compile(
    r"\b(?P<part>half|a half|a third|a quarter|two thirds) of (?:the |all |its )*(?P<whole>\d[\d,]*)(?! ?[kmg]?i?b\b)",
    re.IGNORECASE,
)
_PAIR: Final = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?) (of|to|>|<) (\d+(?:\.\d+)?)(?![\w.])")
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
_ROUNDED: Final = 10
_NEAR: Final = 30
_GRAMMAR: Final = frozenset(
    {"and", "or", "the", "a", "an", "of", "with", "than", "is", "was", "were", "are", "for", "by", "in", "at"}
)


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
    if turn := _wrong_turn(statement, lines):
        return turn
    for number in statement.numbers:
        if number.is_word and not number.kind and (number.value <= 1 or (number.bound != "=" and number.value == 2)):
            continue
        if _is_borne(number, statement, lines) or (
            stretch and counting.is_range_counted(number, statement, lines, stretch)
        ):
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
    if (once := _ONCE.search(statement.bare)) and len(lines) > 1 and len(groups_of(lines, SAME)) == 1:
        return f"{label(lines)} tell of it more often than `{once[0]}`"
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
            if any(is_same(number, other) and _fits(number, other, line, statement) for other in line.numbers)
            or derived.is_money(number, [line])
        ]  # fmt: skip
        if places and not number.is_word:
            found.append((number, places))
    return found


def _is_borne(number: Number, statement: Statement, lines: Sequence[Line]) -> bool:
    # That some lines name a thing by the same number is no count.
    is_count = len(lines) > 1 and counting.is_count(number, statement)
    if is_count and counting.is_stated(number, statement, lines):
        return True
    is_span = number.kind == "time" and spans.is_between(number, statement) and len(spans.moments_of(lines)) > 1
    if any(
        is_same(number, other)
        and (other.kind or not is_span)
        and not (other.is_name and (is_count or (number.kind == "time" and not is_timely(other))))
        and _fits(number, other, line, statement)
        for line in lines
        for other in line.numbers
    ):
        return True
    if derived.is_derived(number, statement, lines) or _is_rounded(number, lines):
        return True
    written = statement.text[number.start : number.end].replace(",", "").strip("- ")
    if number.kind or number.is_word:
        # `within a minute` of a line that has no other time beside its own.
        return number.is_word and number.value == number.step and len(spans.moments_of(lines)) < 2
    if "." in written and any(anchors.has_text(written, line) for line in lines):
        return True
    loose = any(written in line.digits for line in lines) and not any(
        is_same(number, other) for line in lines for other in line.numbers
    )
    return loose and (len(written) >= 3 or not number.roles)


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


def _fits(claimed: Number, there: Number, line: Line, statement: Statement) -> bool:
    """Say whether a number of a line may have the role that a claim gives it."""
    behind = {word for word in claimed.after if word not in _GRAMMAR}
    if claimed.before and (claimed.before == there.before or claimed.before in there.after[:2]):
        return True
    if there.before and (there.before in behind or (there.before in claimed.ahead and there.before not in _NO_KEYS)):
        # `task 4` is not four tasks.
        return not (there.is_name and not claimed.kind and there.before == counting.noun_of(claimed, statement.text))
    if behind & set(there.after[:2]):
        return not (roles_of(claimed.before) - {"count"} and roles_of(there.before) - {"count"})
    if claimed.roles and there.roles and not claimed.roles & there.roles:
        return False
    # A name, as `CPU` is one, may say what is counted, too.
    named = {token.stem for token in statement.words if 0 <= token.start - claimed.end < _NEAR}
    # A number without a name of its own may be what the claim calls it, if the claim has the other one, too.
    own = () if there.before else tuple(other for other in statement.numbers if other is not claimed)
    near = {*claimed.following, *(named if claimed.is_word else ())}
    return bool((set(there.after[:2]) - _GRAMMAR) & near) or not _is_said_otherwise(claimed, line, own)


def _is_said_otherwise(claimed: Number, line: Line, own: Sequence[Number]) -> bool:
    """Say whether a line gives another number, not of ``own``, for the very thing that a claim has a number for."""
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
        ) and not any(is_same(one, other) for one in (claimed, *own)):
            return True
    return False
