"""Times of day and dates, as lines and claims write them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final, NamedTuple

_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_MONTH: Final = (
    r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_STAMP: Final = re.compile(
    r"(?:(?:(?<![\d:])|(?<=/\d{4}:))(?P<h>[01]?\d|2[0-3]):(?P<m>[0-5]\d):"
    r"(?P<s>[0-5]\d)(?:[.,](?P<f>\d{1,9}))?(?![\d:])(?:Z|"
    r"\+0000)?"
    r"|(?<=\d-)(?P<h2>[01]\d|2[0-3])\.(?P<m2>[0-5]\d)\.(?P<s2>[0-5]\d)(?:\.(?P<f2>\d{1,9}))?)"
)
_COMPACT: Final = re.compile(r"^(?P<y>\d\d)(?P<mo>\d\d)(?P<d>\d\d) (?P<h>\d\d)(?P<m>\d\d)(?P<s>\d\d) ")
_DATES: Final = (
    re.compile(r"(?<!\d)(?P<y>\d{4})[-/.](?P<mo>\d\d?)[-/.](?P<d>\d\d?)(?!\d)"),
    re.compile(r"^(?P<y>\d\d)/(?P<mo>\d\d)/(?P<d>\d\d)(?= )"),
    re.compile(r"(?<!\d)(?P<d>\d\d?)[ /]" + _MONTH.format("mon") + r"(?:[ /,]+(?P<y>\d{4}))?(?!\w)", re.IGNORECASE),
    re.compile(
        r"(?<!\w)" + _MONTH.format("mon") + r" +(?P<d>\d\d?)(?:st|nd|rd|th)?(?!\d|:\d)(?:,? +(?P<y>\d{4})(?!\d))?",
        re.IGNORECASE,
    ),
    re.compile(r"(?<!\w)[IWEF](?P<mo>\d\d)(?P<d>\d\d) (?=\d\d:)"),
)
# `1 and 7 November`, `the 1st to the 7th of November`: the month stands behind the last day only.
_DAYS: Final = re.compile(
    r"(?<![\d:.,])(?P<days>(?:(?:the )?\d\d?(?:st|nd|rd|th)?(?:, (?:and )?| and | or | to |\u2013|-))+)(?:the )?"
    r"\d\d?(?:st|nd|rd|th)?(?: of)? " + _MONTH.format("mon") + r"(?!\w)",
    re.IGNORECASE,
)
# `November 1 and 7`, `Nov 12/13`, `November 1st to 7th`: the month stands in front of the first day only.
_LATER_DAYS: Final = re.compile(
    r"(?<!\w)" + _MONTH.format("mon") + r" +(?:the )?\d\d?(?:st|nd|rd|th)?"
    r"(?P<days>(?:(?:, and | and | or | to |\u2013|-|/)(?:the )?\d\d?(?:st|nd|rd|th)?(?![%\w]|[:.]\d|,\d| \w+s\b))+)",
    re.IGNORECASE,
)
_EPOCH: Final = re.compile(r"(?<![\w.-])(?<!\w:)1[0-9]{9}(?:\d{3})?(?![\w.:-])")
_CLOCK: Final = re.compile(
    r"(?:(?<![\d:.\w+])|(?<=\dT)|(?<=/\d{4}:))(?P<h>[01]?\d|2[0-3]):(?P<m>[0-5]\d)"
    r"(?::(?P<s>[0-5]\d)(?:[.,](?P<f>\d{1,9}))?)?(?![\d:])"
    r"(?:\s?(?P<half>[ap])\.?m\b\.?)?(?:\s?(?:UTC|GMT|Z)\b|[+-]\d\d:?\d\d\b)?",
    re.IGNORECASE,
)
_HOUR: Final = re.compile(r"(?<![\d:.])(?P<h>1[0-2]|[1-9])\s?(?P<half>[ap])\.?m\b\.?", re.IGNORECASE)
_HOURS: Final = ("twelve", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven")
_SPOKEN: Final = re.compile(
    r"\b(?:(?P<part>half past|(?:a )?quarter past|(?:a )?quarter to) )?(?P<hour>" + "|".join(_HOURS) + r"|1[0-2]|[1-9])"
    r"(?P<mark> o['\u2019]clock)?(?: (?:in the (?P<day>morning|afternoon|evening)|(?P<night>at night)))?"
    r"(?P<half>\s?[ap]\.?m\b\.?)?",
    re.IGNORECASE,
)
_WORDS: Final = re.compile(r"\b(?P<word>noon|midday|midnight)\b", re.IGNORECASE)
_LOOSE: Final = re.compile(
    r"(?:about|around|approximately|roughly|circa|near|nearly|close to|towards?|~)\s*$",
    re.IGNORECASE,
)
_JUST: Final = re.compile(
    r"(?:shortly|just|right|immediately|soon|a (?:bit|little|moment)|(?:a few |some |several )(?:minutes|"
    r"seconds|moments)|\bmoments) (?P<side>before|after|past)\s*$",
    re.IGNORECASE,
)
_BOUND: Final = re.compile(r"\b(before|until|by|till|after|since|from|between|and|to|-|\u2013)\s*$", re.IGNORECASE)
_BOUNDS: Final = {
    "by": "by",
    **dict.fromkeys(("before", "until", "till"), "before"),
    **dict.fromkeys(("after", "since"), "after"),
    **dict.fromkeys(("from", "between"), "from"),
    **dict.fromkeys(("and", "to", "-", "\u2013"), "to"),
}
_ANY: Final = re.compile(
    r"\d:\d\d|\d ?[aApP]\.?[mM]\b|noon|mid(?:night|day)|clock\b|(?:half|quarter) (?:past|to)\b|"
    r"in the (?:morning|afternoon|evening)|at night",
    re.IGNORECASE,
)
DAY: Final = 86_400.0


class Clock(NamedTuple):
    """A time of day.

    Attributes:
        seconds: Since midnight.
        unit: How exact it is, in seconds: 60 for ``12:06``.
        start: Where it stands.
        end: Where it ends.
        is_word: It is written as ``noon`` or ``midnight``.
        relation: ``at``, ``about``, ``by``, ``before``, ``after``, ``soon before``, ``soon after``, ``from`` or ``to``.
        is_either: It may be meant before noon or after.
    """

    seconds: float
    unit: float
    start: int
    end: int
    relation: str = "at"
    is_word: bool = False
    is_either: bool = False


class Date(NamedTuple):
    """A day; the year is 0 where none is written."""

    year: int
    month: int
    day: int
    start: int
    end: int


def _clock(match: re.Match[str], relation: str = "at") -> Clock:
    groups = match.groupdict()
    if groups.get("h2"):
        groups = {"h": groups["h2"], "m": groups["m2"], "s": groups["s2"], "f": groups["f2"]}
    hour = int(groups["h"])
    if half := groups.get("half"):
        hour = hour % 12 + (12 if half.lower() == "p" else 0)
    fraction = groups.get("f")
    unit = 10.0 ** -len(fraction) if fraction else 1.0 if groups.get("s") else 60.0 if groups.get("m") else 3600.0
    seconds = hour * 3600 + int(groups.get("m") or 0) * 60 + int(groups.get("s") or 0)
    return Clock(seconds + (float(f"0.{fraction}") if fraction else 0.0), unit, match.start(), match.end(), relation)


def dates_in(text: str) -> list[Date]:
    """Return the dates of a text."""
    found: list[Date] = []
    for pattern in _DATES:
        for match in pattern.finditer(text):
            groups = match.groupdict()
            year = int(groups.get("y") or 0)
            month = int(groups["mo"]) if groups.get("mo") else _MONTHS[str(groups["mon"])[:3].lower()]
            if 1 <= month <= 12 and 1 <= int(groups["d"]) <= 31:
                found.append(
                    Date(year + (2000 if 0 < year < 100 else 0), month, int(groups["d"]), match.start(), match.end())
                )
    return found


def dates_of_claim(text: str) -> list[Date]:
    """Return the dates of a claim; several days may share a month."""
    found = dates_in(text)
    for match in (*_DAYS.finditer(text), *_LATER_DAYS.finditer(text)):
        month = _MONTHS[match["mon"][:3].lower()]
        found += [
            Date(0, month, int(day[0]), match.start("days") + day.start(), match.start("days") + day.end())
            for day in re.finditer(r"\d+", match["days"])
            if 1 <= int(day[0]) <= 31
        ]
    return found


def clocks_of_line(text: str) -> list[Clock]:
    """Return the times of day of a line; without any, those of its first date in seconds since the epoch."""
    if compact := _COMPACT.match(text):
        return [_clock(compact)]
    found = [_clock(match) for match in _STAMP.finditer(text)]
    if not found:
        for match in _EPOCH.finditer(text):
            seconds = int(match[0][:10]) + (int(match[0][10:]) / 1000 if match[0][10:] else 0)
            found.append(Clock(seconds % DAY, 1.0, match.start(), match.end()))
    return found


def day_of_line(text: str, clocks: list[Clock]) -> tuple[int, list[Date]]:
    """Return the day of a line as an ordinal, 0 if it has none, and all dates in it."""
    dates = dates_in(text)
    if not dates and (compact := _COMPACT.match(text)):
        dates = [Date(2000 + int(compact["y"]), int(compact["mo"]), int(compact["d"]), 0, 6)]
    if not dates and clocks and (epoch := _EPOCH.search(text)):
        day = dt.datetime.fromtimestamp(int(epoch[0][:10]), dt.UTC)
        dates = [Date(day.year, day.month, day.day, *epoch.span())]
    if not dates:
        return 0, []
    first = dates[0]
    try:
        return dt.date(first.year or 2000, first.month, first.day).toordinal(), dates
    except ValueError:
        return 0, dates


def without_times(text: str) -> str:
    """Return a line with blanks in place of its times and dates, so that their digits count for nothing else."""
    text = _COMPACT.sub(" " * 14, text)
    for pattern in (*_DATES[:1], _STAMP, *_DATES[1:], _EPOCH):
        text = pattern.sub(_blank, text)
    return text


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def clocks_of_claim(text: str) -> list[Clock]:
    """Return the times of day of a claim, and how each is meant."""
    found: list[Clock] = []
    if not _ANY.search(text):
        return found
    found += [_clock(match, _relation(text[: match.start()])) for match in _CLOCK.finditer(text)]
    for match in _HOUR.finditer(text):
        if not any(clock.start <= match.start() < clock.end for clock in found):
            found.append(_clock(match, _relation(text[: match.start()])))
    for match in _WORDS.finditer(text):
        seconds = 0.0 if match["word"].lower() == "midnight" else DAY / 2
        found.append(Clock(seconds, 60.0, match.start(), match.end(), _relation(text[: match.start()]), is_word=True))
    found += [
        clock
        for match in _SPOKEN.finditer(text)
        if (clock := _spoken(match, text)) and not any(one.start < clock.end and clock.start < one.end for one in found)
    ]
    return sorted(found, key=lambda clock: clock.start)


def _spoken(match: re.Match[str], text: str) -> Clock | None:
    """Return `nine o'clock`, `half past five in the morning` or `eight at night`; None where a number is no hour."""
    if not (match["part"] or match["mark"] or match["day"] or match["night"]):
        return None
    hour = int(match["hour"]) if match["hour"].isdigit() else _HOURS.index(match["hour"].lower())
    part = (match["part"] or "").lower()
    seconds = hour % 12 * 3600.0 + (1800.0 if "half" in part else 900.0 if "past" in part else -900.0 if part else 0.0)
    day = (match["day"] or match["night"] or match["half"] or "").lower().strip()
    is_late = day.startswith(("p", "afternoon", "evening")) or (day == "at night" and 6 <= hour < 12)
    # Without a word for it, it may be either half of the day.
    is_open = not day
    return Clock(
        (seconds + (DAY / 2 if is_late else 0.0)) % DAY, 60.0, match.start(), match.end(),
        _relation(text[: match.start()]), is_word=True, is_either=is_open,
    )  # fmt: skip


def _relation(before: str) -> str:
    tail = before[-32:]
    if just := _JUST.search(tail):
        return "soon before" if just["side"].lower() == "before" else "soon after"
    if _LOOSE.search(tail):
        return "about"
    bound = _BOUND.search(tail)
    return _BOUNDS[bound[1].lower()] if bound else "at"


def is_near(clock: Clock, seconds: float) -> bool:
    """Say whether a time of a line is what a claim means: cut or rounded to what the claim writes, or about it."""
    gap = seconds - clock.seconds
    if clock.relation == "by" and -max(60.0, clock.unit) <= gap <= 0:
        return True
    day = DAY / 2 if clock.is_either else DAY
    gap = (gap + day / 2) % day - day / 2
    # Seconds are read off, nobody rounds them.
    is_read = clock.unit <= 1 and clock.relation == "at"
    low, high = -1e-6 if is_read else -clock.unit / 2 - 1e-6, clock.unit - 1e-9
    if clock.relation in {"about", "soon before", "soon after"}:
        # `shortly after noon` is less exact than `shortly after 12:00`, and this than `shortly after 12:00:00`.
        slack = 1200.0 if clock.is_word else max(clock.unit, 300.0 if clock.unit >= 60 else 5.0)
        slack = slack if clock.relation == "about" else max(slack, 600.0 if clock.unit >= 60 else 60.0)
        low = 0.0 if clock.relation == "soon after" else -slack
        high = clock.unit if clock.relation == "soon before" else slack
    return low <= gap <= high
