"""Entries before it is known how long they may be: what they will say, and what that costs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import numpy as np

from hallucino_tui.assistant.bodies import CUT, LONGEST, cut
from hallucino_tui.assistant.instructions import looks_like_instruction
from hallucino_tui.assistant.neutralise import neutralise
from hallucino_tui.assistant.packed import Entry
from hallucino_tui.assistant.tokens import most_tokens
from hallucino_tui.logs.moment import NANOSECONDS, NO_TIME

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

WIDTHS: Final = (LONGEST, 450, 340, 260, 200, 160, 130, 105, 85, 70, 55)
"""Characters that lines may be cut to, the most first."""

INSTRUCTIVE: Final = "(instructive)"
"""Stands in an entry whose line looks like an instruction to the model."""
_LIKE_MARK: Final = re.compile(r"[(\uff08\u207d\ufe59]\s*(instructive)\s*[)\uff09\u207e\ufe5a]", re.IGNORECASE)

_LEVEL: Final = re.compile(
    r"\b(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|CRITICAL|FATAL|PANIC|SEVERE|ALERT|EMERG)\b"
)
# A thread or the like in brackets, and the package in front of a logger's name.
_BRACKETS: Final = r"\[(?:[^\[\]]|\[[^\[\]]*\]){16,}\] *(?:- )?"
_PACKAGE: Final = r"(?:[a-z_][\w$-]*\.){2,}(?=[A-Z])"
_SHORT_BRACKETS: Final = r"\]?:? +(?:\[[^\[\]]{1,15}\] +)?"
_BEFORE_MESSAGE: Final = re.compile(rf"(?<=[A-Z])({_SHORT_BRACKETS})(?:{_BRACKETS}(?:{_PACKAGE})?|{_PACKAGE})")
_WITHIN: Final = 160
"""So many characters of a line may come before its level."""
_DIGITS: Final = 6
"""So many digits in front of a level are a time or something like it, and no sentence."""
_NARROW: Final = 160
"""Where so few characters are sent of each line, what stands in front of the level is not among them."""

_CLOCK: Final = "%H:%M:%S"
_FRAME_TOKENS: Final = 8
"""Tokens of ``[L123] `` and the line break."""
_CUT_TOKENS: Final = 3


class Moments:
    """Writes times as short as they can be told apart.

    Args:
        times: The times of all lines, `NO_TIME` for none (int64).
        others: Further times that will be written.
    """

    def __init__(self, times: NDArray[np.int64], others: Iterable[int] = ()) -> None:
        known = times[times != NO_TIME]
        self.first = int(known.min()) if len(known) else None
        self.last = int(known.max()) if len(known) else None
        self._is_whole = bool((known % NANOSECONDS == 0).all())
        self._form = _CLOCK
        if all_times := [time for time in (self.first, self.last, *others) if time is not None]:
            first, last = _date(min(all_times)), _date(max(all_times))
            if first.date() != last.date():
                self._form = f"%m-%d {_CLOCK}" if first.year == last.year else f"%Y-%m-%d {_CLOCK}"

    @property
    def day(self) -> str:
        """The day, or the first and the last day; "" if no time is known."""
        if self.first is None or self.last is None:
            return ""
        first, last = f"{_date(self.first):%Y-%m-%d}", f"{_date(self.last):%Y-%m-%d}"
        return first if first == last else f"{first} to {last}"

    @property
    def whole(self) -> str:
        """From when to when all lines are, with the day; "" if no time is known. The day is not said twice."""
        if self.first is None or self.last is None:
            return ""
        is_one_day = _date(self.first).date() == _date(self.last).date()
        return f"{self.range(self.first, self.last, _CLOCK if is_one_day else '')} UTC, {self.day}"

    def at(self, time: int) -> str:
        """Return a time: with milliseconds, unless all times are whole seconds."""
        text = f"{_date(time):{self._form}}"
        return text if self._is_whole else f"{text}.{time % NANOSECONDS // 1_000_000:03d}"

    def range(self, first: int, last: int, form: str = "") -> str:
        """Return from when to when, in seconds, or in minutes over several days; one time if that is the same."""
        form = form or self._form
        form = form if form == _CLOCK else form.removesuffix(":%S")
        begin, end = f"{_date(first):{form}}", f"{_date(last):{form}}"
        return begin if begin == end else f"{begin}..{end}"


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry whose words are not cut yet.

    Attributes:
        place: By what it is ordered among those of its part.
        part: In which part of the text it stands.
        head: What stands in front of its words, with a blank behind; "" for nothing.
        body: Its words.
        row: See `Entry`.
        kind: See `Entry`.
        count: See `Entry`.
        first: See `Entry`.
        last: See `Entry`.
        source: See `Entry`.
    """

    place: int
    part: int
    head: str
    body: str
    row: int = -1
    kind: str = "line"
    count: int = 1
    first: int | None = None
    last: int | None = None
    source: str = ""

    @property
    def core(self) -> str:
        """The words with little in front of the message: no time and host before a level, no long thread or package."""
        level = _LEVEL.search(self.body, 0, _WITHIN)
        if level is None:
            return self.body
        front = self.body[: level.start()]
        rest = _BEFORE_MESSAGE.sub(rf"\1{CUT}", self.body[level.start() :], count=1)
        return (CUT if sum(map(str.isdigit, front)) >= _DIGITS else front) + rest

    def entry(self, width: int) -> Entry:
        """Return the entry, with its words cut to about so many characters."""
        # Cutting and joining may make a token out of two halves that were none.
        body = _unmarked(neutralise(cut(self.core if width <= _NARROW else self.body, width)))
        gives_orders = looks_like_instruction(self.body)
        mark = f"{INSTRUCTIVE} " if gives_orders else ""
        text = neutralise(_unmarked(self.head) + mark + body)
        return Entry(text, body, self.row, self.kind, self.count, self.first, self.last, self.source, gives_orders)


@dataclass(frozen=True, slots=True, eq=False)
class Costs:
    """What n drafts cost, without writing them.

    Attributes:
        heads: Tokens in front of the words (n numbers).
        bodies: Tokens of the whole words.
        lengths: Characters of the whole words.
        cores: Tokens of the words without what stands in front of the level.
        core_lengths: Characters of these.
    """

    heads: NDArray[np.float64]
    bodies: NDArray[np.float64]
    lengths: NDArray[np.float64]
    cores: NDArray[np.float64]
    core_lengths: NDArray[np.float64]

    @classmethod
    def of(cls, drafts: Sequence[Draft]) -> Costs:
        """Return the costs of drafts."""
        bodies, cores = [draft.body for draft in drafts], [draft.core for draft in drafts]
        prices = [
            (
                _FRAME_TOKENS + most_tokens(draft.head),
                price := most_tokens(body),
                max(len(body), 1),
                price if core is body else most_tokens(core),
                max(len(core), 1),
            )
            for draft, body, core in zip(drafts, bodies, cores, strict=True)
        ]
        return cls(*np.array(prices, np.float64).reshape(-1, 5).T)

    def at(self, width: int) -> NDArray[np.float64]:
        """Return what each costs if its words are cut to so many characters."""
        is_narrow = width <= _NARROW
        bodies, lengths = (self.cores, self.core_lengths) if is_narrow else (self.bodies, self.lengths)
        shares = np.minimum(1.0, width / lengths)
        return self.heads + bodies * shares + np.where(lengths > width, _CUT_TOKENS, 0)

    def widest(self, indices: NDArray[np.int64], budget: float, least: int) -> int | None:
        """Return to how many characters some of them can be cut so that they fit; None if not even the least will do.

        Args:
            indices: Which of them.
            budget: What they may cost together.
            least: The fewest characters.
        """
        for width in WIDTHS:
            if width >= least and float(self.at(width)[indices].sum()) <= budget:
                return width
        return None


def _unmarked(text: str) -> str:
    """Return text in which nothing passes for the mark."""
    return _LIKE_MARK.sub(r"'\1'", text)


def _date(time: int) -> datetime:
    return datetime.fromtimestamp(time // NANOSECONDS, UTC)
