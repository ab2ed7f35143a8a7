"""A cited line, taken apart once for all claims that cite it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding.lexicon import meaning
from hallucino_tui.assistant.grounding.lexicon.words import spelled_out, tamed, tokens
from hallucino_tui.assistant.grounding.reading import times
from hallucino_tui.assistant.grounding.reading.numbers import Number, digits_of, numbers_of_line

if TYPE_CHECKING:
    from hallucino_tui.assistant.grounding.claim import Source
    from hallucino_tui.assistant.grounding.lexicon.words import Token

_SIGNS: Final = re.compile(r"[\\\"'`\u2018\u2019\u201c\u201d\u00b4]")
_SPACES: Final = re.compile(r"\s+")
_NOTHING: Final = re.compile(r"[\W_]+")
_NOT: Final = frozenset(
    {"not", "no", "never", "cannot", "without", "unable", "couldn", "nor", "neither", "nobody", "nothing"}
)
_NOT_TO: Final = frozenset({"fail", "refus"})
_STOPS: Final = re.compile(r"[.,;:()\[\]{}]\s|[;()]|->")
# Digits alone may be a port, a size or anything: they tie lines only where `_KEY` finds them. The name of a pod ties no
# two of its lines.
_ID: Final = re.compile(r"(?<![\w.])(?!\d+(?![\w.]))(?!\d+\.(?!\w))(?=[\w.@/\-]*\d)[\w@][\w.@\-]{4,}")
_NULL: Final = re.compile(r"(?<!\w)(?:null|None|nil|undefined|unset|N/A|<none>|n/a|empty)(?!\w)")
# The name of the source file that wrote a line says nothing of what happened.
_SOURCE_FILE: Final = re.compile(r"\b[\w/\-]+\.(?:go|py|java|cc?|cpp|rs|[jt]s|rb|scala|kt):\d+\b")
# `Follower@63]`: where in the source it was written.
_PLACE: Final = re.compile(r"(?<=[A-Za-z])@\d+(?=\])")
_INITIALS: Final = re.compile(r"(?<![A-Za-z])[A-Z]{2,4}(?![a-z])")
_KEY: Final = re.compile(
    r"(?:\[|\b(?:pid|id|order|job|task|tid|process|row|worker)[_id]*[=: \"]{1,3})(\d{3,})(?!\w)|"
    r"(?:\bport |[\w\])]:)(\d{5})(?![\w:])",
    re.IGNORECASE,
)
_POD: Final = re.compile(r"-[0-9a-f]{6,10}-[a-z0-9]{5}$")
_HEAD: Final = re.compile(r"^(?:\S*\d\d:\d\d:\d\d\S*|\d{4}-\d\d-\d\dT?\S*|\W|[A-Z][a-z]{2} +\d+|\d+)+\s*")
# Of a longer line the end is only searched for quotations.
_MOST: Final = 20_000
_MOST_NUMBERS: Final = 400
REACH: Final = 4


def flat(text: str) -> str:
    """Return a text as quotes are compared: lower case, no quotation marks, no backslashes, one space for any white."""
    return _SPACES.sub(" ", _SIGNS.sub("", text)).strip().lower()


@dataclass(frozen=True, slots=True)
class Line:
    """A line that claims may rest on.

    Attributes:
        number: Its number.
        source: What it is.
        text: Its text.
        flat: As quotes are compared.
        compact: Letters and digits alone.
        words: Its words in order.
        stems: The stems of them.
        ideas: What it speaks of.
        numbers: Its numbers, none of its times among them.
        digits: All runs of digits but those of times.
        clocks: Its times of day, its own first.
        day: Its day as an ordinal; 0 if unknown.
        dates: The dates in it.
        denied: Stems that stand under a ``not`` each time they occur.
        ids: Names with digits in them, by which lines belong together.
        groups: The groups of words that say the same of which it has a word, its ideas among them.
        initials: What it writes in capitals, in lower case: `rm` of `RMCommunicator`.
    """

    number: int
    source: Source
    text: str
    flat: str
    compact: str
    words: tuple[Token, ...]
    stems: frozenset[str]
    ideas: frozenset[str]
    numbers: tuple[Number, ...]
    digits: frozenset[str]
    clocks: tuple[times.Clock, ...]
    day: int
    dates: tuple[times.Date, ...]
    denied: frozenset[str]
    ids: frozenset[str]
    initials: frozenset[str]
    groups: frozenset[str]

    @property
    def has_zero(self) -> bool:
        """Whether it counts none of something, or has nothing where something could be."""
        return _NULL.search(self.text) is not None or any(number.value == 0 for number in self.numbers)

    @property
    def when(self) -> float | None:
        """Its time in seconds; only to be compared with lines that have a day, too, or have none as well."""
        if self.source.first is not None:
            return self.source.first / 1e9
        return self.day * times.DAY + self.clocks[0].seconds if self.clocks else None

    @property
    def until(self) -> float | None:
        """The time of the last line that it stands for."""
        return self.source.last / 1e9 if self.source.last is not None else self.when


def read_line(number: int, source: Source) -> Line:
    """Take a line apart."""
    whole = source.text if source.body in source.text else f"{source.text} {source.body}"
    text = spelled_out(tamed(whole[:_MOST]))
    low = text.lower()
    words = tuple(tokens(text))
    stems = frozenset(token.stem for token in words)
    clocks = tuple(times.clocks_of_line(text))
    day, dates = times.day_of_line(text, list(clocks))
    timeless = _PLACE.sub(" ", times.without_times(text))
    if source.first is not None:
        clocks = (*_clocks_of(source), *clocks)
    ideas = meaning.ideas_of_line(text, low, stems)
    files = [match.span() for match in _SOURCE_FILE.finditer(text)]
    return Line(
        number=number,
        source=source,
        text=text,
        flat=flat(spelled_out(whole)),
        compact=_NOTHING.sub("", low),
        words=words,
        stems=stems,
        ideas=ideas,
        groups=meaning.groups_of_line(text, words, ideas),
        numbers=tuple(numbers_of_line(timeless)[:_MOST_NUMBERS]),
        digits=digits_of(timeless),
        clocks=clocks,
        day=day,
        dates=tuple(dates),
        denied=denied(text, [token for token in words if not _is_in(token, files)]),
        initials=frozenset(capitals.lower() for capitals in _INITIALS.findall(text)),
        ids=frozenset(one for one in (*_ID.findall(timeless), *_keys_of(timeless)) if not _POD.search(one)),
    )


def _keys_of(text: str) -> list[str]:
    return [match[1] or match[2] for match in _KEY.finditer(text)]


def _is_in(token: Token, spans: list[tuple[int, int]]) -> bool:
    return any(start <= token.start < end for start, end in spans)


def _clocks_of(source: Source) -> list[times.Clock]:
    found: list[times.Clock] = []
    for moment in (source.first, source.last):
        if moment is not None:
            at = dt.datetime.fromtimestamp(moment // 1_000_000_000, dt.UTC)
            seconds = at.hour * 3600 + at.minute * 60 + at.second + moment % 1_000_000_000 / 1e9
            found.append(times.Clock(seconds, 1e-3, 0, 0))
    return found


def denied(text: str, words: tuple[Token, ...] | list[Token]) -> frozenset[str]:
    """Return the stems that only occur under a ``not`` or the like."""
    under: set[str] = set()
    free: set[str] = set()
    left, last_end = 0, 0
    for index, token in enumerate(words):
        if left and _STOPS.search(text, last_end, token.start):
            left = 0
        last_end = token.end
        if token.word in _NOT or (token.stem in _NOT_TO and _is_to(words, index)):
            left = REACH
            continue
        (under if left else free).add(token.stem)
        if left and token.word not in meaning.LIGHT:
            left -= 1
    return frozenset(under - free)


def _is_to(words: tuple[Token, ...] | list[Token], index: int) -> bool:
    return index + 1 < len(words) and words[index + 1].word == "to"
