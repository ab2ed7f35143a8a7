"""Numbers with their units and roles."""

from __future__ import annotations

import itertools
import re
from typing import Final, NamedTuple

from hallucino_tui.assistant.grounding.lexicon.units import MERE, POWERS, UNIT, UNITS, WORDS
from hallucino_tui.assistant.grounding.lexicon.words import stem

_CODES: Final = re.compile(r"[1-5]\d\ds")
_LASTING: Final = re.compile(
    r"(?:after|in|for|within|took|lasted|than|about|every|each|over|under|takes?|around|[=:><~(]|"
    r"\w ?= ?)\s*$",
    re.IGNORECASE,
)
NUMBER: Final = re.compile(
    r"(?=[-\d])(?<![\w./])(?<![\w\])]:)(?<![\w]-)(?P<n>-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?)"
    r"(?:(?<!\d{5})(?P<k>k)(?= [a-z])|(?: (?P<by>thousand|million|billion)\b)?(?:[ -]?(?:"
    + MERE
    + r")?(?P<u>"
    + UNIT
    + r"))?)"
    r"(?P<x>x|th|st|nd|rd)?(?![\w]|[.:/-]\d|:[a-z])",
    re.IGNORECASE,
)
_PORT: Final = re.compile(r"(?<=[\w\])]):(?P<n>\d{2,5})(?![\w:.])")
_HTTP_ANSWER: Final = re.compile(r"HTTP/\d(?:\.\d)?\\?\" (?P<n>\d{3})\b|-> (?P<m>\d{3}) in\b")
_OCLOCK: Final = re.compile(r"[ -](?:in the (?:morning|afternoon|evening)|o'clock|at night)\b")
_COMPOSED: Final = re.compile(r"(?<![\w.])(?:(\d+)h)?(\d+)m(\d+(?:\.\d+)?)s\b")
_OF: Final = re.compile(r"(?P<w>[A-Za-z]{3,})[ :=]+(?P<n>\d{1,6})/(?P<m>\d{1,6})(?![\w/])")
_DIGITS: Final = re.compile(r"(?<!\d\.)(?<!\d)\d+")
# `rss:4981kB`, where the unit shows that it is no port, and `0/3 nodes`.
_MEASURED: Final = re.compile(r"(?<=[A-Za-z]:)(?P<n>\d+(?:\.\d+)?)(?P<u>" + UNIT + r")(?P<x>)", re.IGNORECASE)
_PARTED: Final = re.compile(r"(?<![\w/.\-])(?P<n>\d{1,6})/(?P<m>\d{1,6})(?= [a-z])")
# `(x11)`, as events are counted, and `INFO:mailer:11 mails`, where the colon begins no port.
_TIMES: Final = re.compile(r"(?<!\w)x(?P<n>\d{1,9})(?!\w)")
_BEHIND_COLON: Final = re.compile(r"(?P<w>[A-Za-z]+):(?P<n>\d{1,9})(?:(?= [a-z])|(?![\w.:/-]))")
# A counted thing stands beside its number; behind these something else begins.
_NO_COUNTED: Final = frozenset(
    {"its", "their", "the", "a", "an", "to", "is", "was", "were", "had", "has", "for", "of", *map(stem, WORDS)}
)
_ABOUT: Final = re.compile(
    r"(?:about|around|approximately|approx\.?|roughly|some|nearly|almost|close to|~|circa|not quite|"
    r"just (?:over|under|above|"
    r"below|short of|shy of)|barely|an? (?:good|scant|full)|(?:an? )?(?:little|bit|touch|tad|"
    r"shade) (?:more than|less than|over|"
    r"under|above|below|short of)|slightly (?:more than|less than|over|under|above|below)|in the order of|an estimated)"
    r"\s*(?:an? )?$",
    re.IGNORECASE,
)
_MORE: Final = re.compile(
    r"(?:(?<!no )(?<!not )more than|over|at least|exceed\w*|above|longer than|beyond|greater than|>)\s*$", re.IGNORECASE
)
_LESS: Final = re.compile(
    r"(?:(?<!no )(?<!not )(?:less|fewer) than|no(?:t)? more than|at most|under|below|within|<)\s*$", re.IGNORECASE
)
_CUT: Final = re.compile(r"[;,()\[\]{}|<>\u2192]|\. | - ")
_JOIN: Final = re.compile(_CUT.pattern + r"|\b(?:and|but|or|while|then|with|from|on|in|at)\b")
# `just over` and `nearly` say on which side of the number the truth is.
_LEANS: Final = (
    (
        1,
        re.compile(
            r"(?:just (?:over|above|beyond|past)|\ba good|(?:little|bit|touch|tad|shade|slightly) "
            r"(?:more than|over|above|longer than|past))\s*(?:an? )?$",
            re.IGNORECASE,
        ),
    ),
    (
        -1,
        re.compile(
            r"(?:nearly|almost|not quite|just (?:under|below|short of|shy of)|\ba scant|(?:little|bit|touch|tad|shade|"
            r"slightly) (?:less than|under|below|short of|shy of))\s*(?:an? )?$",
            re.IGNORECASE,
        ),
    ),
)
# `task 4`, `worker #8`: the number is the name of one, no count of many.
_NAMING: Final = re.compile(r"[a-z](?<!s) #?$", re.IGNORECASE)
_BEFORE: Final = re.compile(
    r"([A-Za-z]+)[\W_]*?(?:(?:is|was|were|of|no|set|to|at|number|value|by|code|reached|equals)\W+){0,2}$"
)
_AFTER: Final = re.compile(r"[A-Za-z]+")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ROLES: Final = {
    role: frozenset(stem(word) for word in words.split())
    for role, words in {
        "port": "port",
        "status": "status statuscode http 200",
        "exit": "exit",
        "pid": "pid process tid",
        "uid": "uid euid",
        "count": "time times attempt attempts retry retries occurrence occurrences error errors failure failures "
        "request requests line lines row rows connection connections pod pods mail mails message messages event "
        "events worker workers thread threads order orders byte bytes buffers replicas endpoints services rejected",
        "version": "version",
        "state": "state",
        "slot": "slot",
        "id": "id",
        "row": "row",
        "line": "line column",
    }.items()
}
_COUNTED: Final = frozenset({"count"})
_KEYED_TIME: Final = frozenset({"ms", "took", "tookms", "millis"})


class Number(NamedTuple):
    """A number of a text.

    Attributes:
        value: As it is written; in seconds or bytes where it has such a unit.
        kind: ``time``, ``size``, ``percent`` or "".
        before: The stem of the word that names it, in front of it; "".
        after: The stems of up to three words behind it, what it counts among them.
        start: Where it begins.
        end: Where it ends.
        step: How exact it is written, in the unit of the value.
        bound: ``=``, ``~``, ``>`` or ``<``.
        is_word: It is spelled out.
        ahead: The stems of up to three words in front of it.
        following: The stems of the words behind it, up to the end of the clause.
        lean: 1 if the truth is said to be a little above, -1 for a little below.
        is_name: It stands behind a noun as the name of one thing, as in ``task 4``.
    """

    value: float
    kind: str
    before: str
    after: tuple[str, ...]
    start: int
    end: int
    step: float = 1.0
    bound: str = "="
    is_word: bool = False
    ahead: tuple[str, ...] = ()
    following: tuple[str, ...] = ()
    lean: int = 0
    is_name: bool = False

    @property
    def roles(self) -> frozenset[str]:
        """What the number may be, as far as its neighbours say."""
        behind = itertools.takewhile(lambda word: word not in _NO_COUNTED, self.after)
        counted = frozenset[str]().union(*map(roles_of, behind)) & _COUNTED
        if self.kind:
            return frozenset()
        return (roles_of(self.before) - _COUNTED) | counted


def roles_of(word_stem: str) -> frozenset[str]:
    """Return the roles that a word gives to a number beside it."""
    return frozenset(role for role, stems in _ROLES.items() if word_stem in stems)


def neighbours(text: str, start: int, end: int) -> tuple[str, tuple[str, ...]]:
    """Return the stem of the word in front of a part of a text, and those of up to three words behind it."""
    pieces = [piece for piece in _CUT.split(text[max(0, start - 40) : start]) if piece]
    left = pieces[-1] if pieces and not text[max(0, start - 2) : start].endswith(("(", "[", ", ", "; ", "{")) else ""
    right = _JOIN.split(text[end : end + 40], maxsplit=1)[0]
    before = _BEFORE.search(left)
    return (
        stem(_CAMEL.split(before[1])[-1].lower()) if before else "",
        tuple(stem(word.lower()) for word in _AFTER.findall(right)[:3]),
    )


def _stems(text: str) -> tuple[str, ...]:
    return tuple(stem(word.lower()) for word in _AFTER.findall(text))


def lean_of(before: str) -> int:
    """Return 1 if a number behind this text is said to be a little too low, -1 for too high, else 0."""
    return next((side for side, pattern in _LEANS if pattern.search(before[-24:])), 0)


def bound_of(before: str) -> str:
    """Return how a number behind this text is meant: ``=``, ``~``, ``>`` or ``<``."""
    tail = before[-24:]
    return "~" if _ABOUT.search(tail) else ">" if _MORE.search(tail) else "<" if _LESS.search(tail) else "="


def read_number(text: str, match: re.Match[str], *, is_word: bool = False, is_line: bool = False) -> Number | None:
    """Return a number that was found in a line or in a claim; None if it is none, as in `5th` and `two o'clock`."""
    groups, written = match.groupdict(), match["n"].lower()
    if is_word and _OCLOCK.match(text, match.end()):
        return None
    if is_word:
        parts = re.split(r"[- ]", written.strip(" -"))
        by = WORDS.get((match["by"] or match["of"] or "").lower(), 1.0)
        value, step = (sum(WORDS.get(part, 0.0) for part in parts) + (0.5 if match["half"] else 0.0)) * by, 1.0
    else:
        plain = written.replace(",", "")
        value, step = float(plain), 10.0 ** -len(plain.partition(".")[2])
        if match["x"] and match["x"].lower() != "x":
            return None
        by = POWERS.get((groups.get("by") or groups.get("k") or "").lower(), 1.0)
        value, step = value * by, step * by
    unit = (match["u"] or "").lower()
    is_code = unit == "s" and not (is_word or is_line) and _CODES.fullmatch(match[0]) is not None
    if is_code and not _LASTING.search(text[: match.start()]):
        # `nothing but 200s`: answers, not seconds.
        unit = ""
    kind, factor = UNITS.get(unit) or UNITS.get(unit.rstrip("s")) or ("", 1.0)
    if is_word and written == "half" and not match["of"]:
        step = 0.1
    if unit == "m" and match["u"] == "M":
        kind, factor = "", 1.0
    before, after = neighbours(text, match.start(), match.end())
    # How it is meant and what follows is asked of the numbers of claims only.
    bound, lean = ("=", 0) if is_line else (bound_of(text[: match.start()]), lean_of(text[: match.start()]))
    return Number(
        value * factor, kind, before, after, match.start(), match.end(), step * factor, bound,
        is_word=is_word,
        ahead=_stems(_CUT.split(text[max(0, match.start() - 40) : match.start()])[-1])[-3:],
        following=() if is_line else _stems(_CUT.split(text[match.end() : match.end() + 60], maxsplit=1)[0]),
        lean=lean,
        is_name=is_line and not kind and _NAMING.search(text[max(0, match.start() - 4) : match.start()]) is not None,
    )  # fmt: skip


def numbers_of_line(text: str) -> list[Number]:
    """Return the numbers of a line from which times were taken out."""
    found = [number for match in NUMBER.finditer(text) if (number := read_number(text, match, is_line=True))]
    if answer := _HTTP_ANSWER.search(text):
        found = [
            one._replace(before="status") if one.start in {answer.start("n"), answer.start("m")} else one
            for one in found
        ]
    for match in _COMPOSED.finditer(text):
        value = int(match[1] or 0) * 3600 + int(match[2]) * 60 + float(match[3])
        found.append(Number(value, "time", "", (), match.start(), match.end()))
    for match in _OF.finditer(text):
        for group in ("n", "m"):
            found.append(
                Number(float(match[group]), "", stem(match["w"].lower()), (), match.start(group), match.end(group))
            )
    found += [
        Number(float(match["n"]), "", "", ("time",), match.start("n"), match.end("n"))
        for match in _TIMES.finditer(text)
    ]
    found += [
        Number(
            float(match["n"]),
            "",
            stem(_CAMEL.split(match["w"])[-1].lower()),
            neighbours(text, *match.span("n"))[1],
            *match.span("n"),
        )
        for match in _BEHIND_COLON.finditer(text)
    ]
    found += [number for match in _MEASURED.finditer(text) if (number := read_number(text, match, is_line=True))]
    for match in _PARTED.finditer(text):
        for group in ("n", "m"):
            span = match.span(group)
            found.append(Number(float(match[group]), "", "", neighbours(text, *match.span())[1], *span))
    for match in _PORT.finditer(text):
        found.append(Number(float(match["n"]), "", "port", (), match.start(), match.end()))
    return [_with_key_unit(number) for number in found]


def _with_key_unit(number: Number) -> Number:
    if number.kind == "" and number.before in _KEYED_TIME:
        return number._replace(value=number.value / 1000, kind="time", step=number.step / 1000)
    return number


def digits_of(text: str) -> frozenset[str]:
    """Return all runs of digits of a text."""
    return frozenset(_DIGITS.findall(text))
