"""The numbers of claims, in digits and in words."""

from __future__ import annotations

import re
from typing import Final

from hallucino_tui.assistant.grounding.lexicon.units import MERE, PARTS, UNIT, UNITS, WORDS
from hallucino_tui.assistant.grounding.reading.numbers import NUMBER, Number, bound_of, lean_of, neighbours, read_number

_ONES: Final = "one|two|three|four|five|six|seven|eight|nine"
_SPELLED: Final = re.compile(
    rf"\b(?<!several )(?<!few )(?<!many )(?P<n>half (?=a dozen)|half[- ](?=dozen)|(?:twenty|thirty|forty|fifty|sixty|"
    rf"seventy|eighty|ninety)[- ](?:{_ONES})|" + "|".join(sorted(WORDS, key=len, reverse=True)) + r")"
    r"(?:(?<=[ -])(?:a )?(?P<of>dozen)\b|\b(?: (?P<by>dozen|hundred|thousand)\b)?)(?! (?:of them|another|or more)\b)"
    r"(?P<half> and a half)?(?:[ -](?:" + MERE + r")?(?P<u>" + UNIT + r"))?",
    re.IGNORECASE,
)
_PART: Final = r"half|quarter|third|fifth|tenth|hundredth|thousandth"
_FRACTION: Final = re.compile(
    rf"\b(?P<w>an?|{_ONES}|ten|eleven|twelve|\d+) (?P<u>{UNIT})?\s?and "
    rf"(?P<c>an?|one|two|three)[- ](?P<f>half|(?:quarter|third)s?)(?: (?P<v>{UNIT}))?"
    rf"|\b(?:(?P<d>an?|{_ONES}|\d)[- ])?(?P<g>(?:{_PART})s?)(?: (?:of )?(?:an? |one )|[ -](?=min|h|sec|day))"
    rf"(?P<x>{UNIT})",
    re.IGNORECASE,
)
# `a minute later`, `within an hour`; neither `ten a minute` nor `a second attempt`.
_ONE_UNIT: Final = re.compile(
    r"(?:(?P<by>\b(?:within|in|for|after|than|about|around|under|over|nearly|almost|took|takes|lasted|only|just|roughly|"
    r"some|barely|exactly|up to|close to)) )?\b(?P<a>an?) (?:"
    + MERE
    + r")?(?P<u>millisecond|second|minute|hour|day|week)\b(?P<by2> (?:later|apart|earlier|after|before|long|or so|"
    r"passed|elapsed|had)\b|"
    r"(?= and [\w.]+ (?:millisecond|second|minute|hour)))?(?=[ .,;:)]|$)"
    r"(?! and (?:a|one|two|three)[ -](?:half|quarter|third))",
    re.IGNORECASE,
)
# Behind `a second` there is no noun.
_NO_NOUN: Final = re.compile(
    r" ?(?:$|[.,;:)]|(?:and|or|per|to|between|from|for|until|passed|elapsed|when|while|on|by|is|was|lies?|later|apart|"
    r"earlier|after|before|long|had|at|in|in total|as|it|the|both)\b)",
    re.IGNORECASE,
)
_STATUS: Final = re.compile(
    r"\b(?:an?|with|returned|returns|answered|got|gets|responded|HTTP|status(?: code)?)\s+(?:an? |"
    r"HTTP |status |status code |error )*(?P<n>[1-5]\d\d)\b(?! \w*(?:byte|row|line|ms|sec|second|"
    r"minute|thread|connection|mail)s?\b)",
    re.IGNORECASE,
)
_STATUS_ERRORS: Final = re.compile(
    r"(?<![\w.,])(?P<n>[1-5]\d\d) (?:errors?|answers?|responses?|replies|status(?:es)?|codes?)\b", re.IGNORECASE
)
_AND: Final = re.compile(r"\s?(?:,|and|, and)?\s?")


def _fraction(text: str, match: re.Match[str]) -> Number | None:
    """Return `a minute and three quarters`, `two and a half hours`, `half a second` or `two tenths of a second`."""
    unit = (match["u"] or match["v"] or match["x"] or "").lower()
    kind, factor = UNITS.get(unit) or UNITS.get(unit.rstrip("s")) or ("", 1.0)
    if not kind:
        return None
    part = PARTS[(match["g"] or match["f"]).lower().rstrip("s")]
    many = _value(match["d"] if match["g"] else match["c"])
    value = many * part + (0.0 if match["g"] else _value(match["w"]))
    before = text[: match.start()]
    return Number(
        value * factor, kind, *neighbours(text, *match.span()), *match.span(), min(part, 0.25) * factor,
        bound_of(before), is_word=True, lean=lean_of(before),
    )  # fmt: skip


def _value(word: str | None) -> float:
    return float(word) if word and word.isdigit() else WORDS.get((word or "").lower(), 1.0)


def _one_unit(text: str, match: re.Match[str]) -> Number | None:
    """Return `a minute` where it is a span of time."""
    unit = match["u"].lower()
    if not (match["by"] or match["by2"] is not None) or (unit == "second" and not _NO_NOUN.match(text, match.end("u"))):
        return None
    kind, factor = UNITS[unit]
    before = text[: match.start("a")]
    bound = "<" if (match["by"] or "").lower() == "in" else bound_of(before)
    span = (match.start("a"), match.end("u"))
    return Number(factor, kind, *neighbours(text, *span), *span, factor, bound, is_word=True, lean=lean_of(before))


def numbers_of_claim(text: str) -> list[Number]:
    """Return the numbers of a claim, written in digits or in words."""
    parts = [number for match in _FRACTION.finditer(text) if (number := _fraction(text, match))]
    found = [
        number
        for match in NUMBER.finditer(text)
        if (number := read_number(text, match)) and not any(one.start <= number.start < one.end for one in parts)
    ]
    found += parts
    found += [
        number
        for match in _ONE_UNIT.finditer(text)
        if (number := _one_unit(text, match)) and not any(one.start <= number.start < one.end for one in found)
    ]
    found += [
        number
        for match in _SPELLED.finditer(text)
        if (number := read_number(text, match, is_word=True))
        and not any(one.start <= number.start < one.end for one in found)
    ]
    for match in _STATUS_ERRORS.finditer(text):
        found = [one._replace(before="status") if one.start == match.start("n") else one for one in found]
    for match in _STATUS.finditer(text):
        found = [one._replace(before="status") if one.start == match.start("n") else one for one in found]
    return _composed(_with_ends(sorted(found, key=lambda number: number.start), text), text)


def _with_ends(numbers: list[Number], text: str) -> list[Number]:
    """Return numbers with what `from 0 waiting mails to 11` counts said of its second number, too."""
    found: list[Number] = []
    for number in numbers:
        last = found[-1] if found else None
        if (
            last
            and not number.kind
            and not last.kind
            and re.search(r"\bto\s+(?:just |only |about )?$", text[last.end : number.start])
            and re.search(r"\bfrom\s+(?:just |only |about )?$", text[: last.start])
            and not set(number.after) & set(last.after)
        ):
            found.append(number._replace(before=last.before, after=(*last.after, *number.after)[:3]))
        else:
            found.append(number)
    return found


def _composed(numbers: list[Number], text: str) -> list[Number]:
    """Return numbers with `two minutes and 17 seconds` as one."""
    found: list[Number] = []
    for number in numbers:
        last = found[-1] if found else None
        if (
            last
            and last.kind == number.kind == "time"
            and number.value < last.step
            and last.bound == "="
            and _AND.fullmatch(text, last.end, number.start)
            # `for a minute half a minute later` are two.
            and (text[last.end : number.start].strip() or text[number.start].isdigit())
        ):
            found[-1] = last._replace(value=last.value + number.value, end=number.end, step=number.step)
        else:
            found.append(number)
    return found
