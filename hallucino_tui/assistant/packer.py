"""Packs some material: drafts everything that might be sent once, and arranges as much of it as a goal allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from hallucino_tui.assistant.bodies import LONGEST, bodies
from hallucino_tui.assistant.choose import find_kinds
from hallucino_tui.assistant.draft import Costs, Draft, Moments
from hallucino_tui.assistant.facts import FACT_PART, choose_facts, draft_facts, most_telling, width_of
from hallucino_tui.assistant.neutralise import neutralise
from hallucino_tui.assistant.packed import Entry, Packing
from hallucino_tui.assistant.tokens import most_tokens
from hallucino_tui.assistant.told import FACTS, LINES, Told, head, part_heading, part_name
from hallucino_tui.logs.moment import NO_TIME

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from hallucino_tui.assistant.material import Material
    from hallucino_tui.assistant.redact import Redactor

_LEAST_WHOLE: Final = 200
"""If lines have to be cut to fewer characters than this for all to fit, one line stands for all that are alike."""
_LEAST_ALL: Final = 105
"""If kinds of lines have to be cut to fewer characters than this for all to fit, some are left out."""
_LEAST: Final = (85, 70, 55)
"""Characters to which lines are cut to choose what is left out: fewer if severe lines would be left out else."""
_FACT_WIDTH: Final = 260
_FACT_SHARE: Final = 0.25
_LEAST_ENTRY: Final = 12
"""Tokens that no entry is below."""
_MOST_CHARACTERS: Final = 6
"""Characters of a log that one token holds at the very most, in the mean."""
_SHORT: Final = 600
"""Tokens of a goal below which only what is needed is said of the whole."""


@dataclass(frozen=True, slots=True)
class Arranged:
    """A packing whose tokens are not counted yet.

    Attributes:
        text: All of it.
        entries: The entries in it.
        kinds: Which kinds of lines have an entry (int64).
        is_all: Whether nothing is left out or cut for want of room.
    """

    text: str
    entries: tuple[Entry, ...]
    kinds: NDArray[np.int64]
    is_all: bool


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What is sent: drafts with the characters they are cut to, and which kinds and how many facts that are."""

    drafts: list[tuple[Draft, int]]
    kinds: NDArray[np.int64]
    facts: int
    is_whole: bool
    is_all: bool


class Packer:
    """Some material, drafted.

    Args:
        material: What there is.
        redactor: Replaces secrets.
        budget: Most tokens that will ever be wanted.
    """

    def __init__(self, material: Material, redactor: Redactor, budget: int) -> None:
        self._material = material
        self._moments = Moments(material.times, [fact.time for fact in material.facts if fact.time is not None])
        self._kinds = find_kinds(material)
        self._streams = np.unique(material.streams)
        streams: list[int] = self._streams.tolist()
        self._names = {stream: neutralise(redactor.redact(material.sources[stream])) for stream in streams}
        self._source = self._only_source(budget)
        self._facts = draft_facts(most_telling(material.facts), redactor, self._moments)
        self._fact_costs = Costs.of(self._facts)
        self._whole = self._draft_lines(redactor) if self._may_fit(budget) else []
        self._whole_costs = Costs.of(self._whole)
        self._reserve = 0
        self._candidates = self._kinds.most_important(budget // _LEAST_ENTRY)
        self._last = self._candidates[self._kinds.has_further[self._candidates]]
        self._of_kinds, self._further = self._draft_kinds(redactor)
        self._kind_costs = Costs.of(self._of_kinds)
        self._further_costs = Costs.of(self._further)

    def arrange(self, goal: int) -> Arranged:
        """Return what may be sent within about so many tokens."""
        chosen = self._choose(goal - (self._reserve or (60 if goal < _SHORT else 130)))
        ordered = sorted(chosen.drafts, key=lambda one: (one[0].part, one[0].place))
        entries = tuple(draft.entry(width) for draft, width in ordered)
        told = Told(
            lines=len(self._material),
            covered=int(self._kinds.totals[chosen.kinds].sum()),
            left_out=len(self._kinds) - len(chosen.kinds),
            facts=len(self._material.facts) - chosen.facts,
            source=self._source,
            several=not chosen.is_whole,
        )
        lines = head(told, entries, self._moments, len(self._streams), is_short=goal < _SHORT)
        self._reserve = most_tokens("\n".join(lines)) + 2
        part: int | None = None
        for number, ((draft, _), entry) in enumerate(zip(ordered, entries, strict=True), start=1):
            if draft.part != part:
                part = draft.part
                lines += self._heading(part, is_whole=chosen.is_whole)
            lines.append(f"[L{number}] {entry.text}")
        return Arranged("\n".join(lines) if entries else "", entries, chosen.kinds, chosen.is_all)

    def packing(self, arranged: Arranged | None, tokens: int, secrets: int) -> Packing:
        """Return the packing of what was arranged; None for nothing.

        Args:
            arranged: What is sent.
            tokens: How many tokens it is.
            secrets: How many different secrets were replaced in it.
        """
        kinds = self._kinds
        kept = arranged.kinds if arranged else np.zeros(0, np.int64)
        return Packing(
            text=arranged.text if arranged else "",
            entries=arranged.entries if arranged else (),
            lines=len(self._material),
            covered=int(kinds.totals[kept].sum()),
            severe=int(kinds.is_severe.sum()),
            severe_kept=int(kinds.is_severe[kept].sum()),
            left_out=len(kinds) - len(kept),
            secrets=secrets,
            tokens=tokens,
        )

    def _choose(self, room: float) -> _Chosen:
        return self._choose_lines(room) or self._choose_kinds(room)

    def _choose_lines(self, room: float) -> _Chosen | None:
        """Choose all lines; None if they do not fit."""
        if len(self._whole) < len(self._material):
            return None
        for share in (1.0, _FACT_SHARE, 0.0):
            facts, spent = choose_facts(self._facts, self._fact_costs, room, share, LONGEST)
            left = room - spent
            everything = np.arange(len(self._whole))
            if width := self._whole_costs.widest(everything, left, _LEAST_WHOLE):
                drafts = [(draft, width) for draft in self._whole] + [(self._facts[fact], LONGEST) for fact in facts]
                is_all = width == LONGEST and len(facts) == len(self._material.facts)
                return _Chosen(drafts, np.arange(len(self._kinds)), len(facts), is_whole=True, is_all=is_all)
        return None

    def _choose_kinds(self, room: float) -> _Chosen:
        facts, spent = choose_facts(self._facts, self._fact_costs, room, _FACT_SHARE, _FACT_WIDTH)
        left = room - spent
        places, width = self._choose_places(left)
        left -= float(self._kind_costs.at(width)[places].sum())
        kept: list[int] = places.tolist()
        drafts = [self._of_kinds[place] for place in kept]
        further = self._choose_further(left, width, self._candidates[places])
        drafts += further
        told = [self._facts[fact] for fact in facts]
        return _Chosen(
            [(draft, width) for draft in drafts] + [(draft, width_of(draft, _FACT_WIDTH)) for draft in told],
            self._candidates[places],
            len(facts),
            is_whole=False,
            is_all=width == LONGEST and len(kept) == len(self._kinds) and len(further) == len(self._further),
        )

    def _choose_places(self, room: float) -> tuple[NDArray[np.int64], int]:
        """Choose kinds, as indices in those that were drafted, and to how many characters their lines are cut."""
        everything = np.arange(len(self._candidates))
        has_all = len(self._candidates) == len(self._kinds)
        if has_all and (width := self._kind_costs.widest(everything, room, _LEAST_ALL)):
            return everything, width
        places = everything[:0]
        for least in _LEAST:
            costs = np.full(len(self._kinds), np.inf)
            costs[self._candidates] = self._kind_costs.at(least)
            kept = self._kinds.choose(costs, room)
            places = np.searchsorted(self._candidates, kept)
            if self._kinds.is_severe[kept].sum() == self._kinds.is_severe.sum():
                break
        return places, self._kind_costs.widest(places, room, _LEAST[-1]) or _LEAST[-1]

    def _choose_further(self, room: float, width: int, kinds: NDArray[np.int64]) -> list[Draft]:
        """Choose the last lines of severe kinds that have an entry, if any room is left."""
        chosen: list[Draft] = []
        shown: list[bool] = np.isin(self._last, kinds).tolist()
        for draft, price, is_shown in zip(self._further, self._further_costs.at(width).tolist(), shown, strict=True):
            if is_shown and price <= room:
                room -= price
                chosen.append(draft)
        return chosen

    def _heading(self, part: int, *, is_whole: bool) -> list[str]:
        if part == FACT_PART:
            return [FACTS]
        if self._material.spans:
            return [part_heading(self._material, self._moments, part, alone=not is_whole)]
        return [LINES] if self._facts else []

    def _only_source(self, budget: int) -> str:
        """Return the name that all entries would repeat, if that took a tenth of the budget."""
        if len(self._streams) != 1:
            return ""
        name = self._names[int(self._streams[0])]
        return name if most_tokens(name) * min(len(self._kinds), len(self._material)) > budget / 10 else ""

    def _may_fit(self, budget: int) -> bool:
        """Say whether all lines might fit: if not, they need not be drafted."""
        count = len(self._material)
        if count * _LEAST_ENTRY > budget:
            return False
        characters = int(self._material.text.str.len_chars().clip(0, _LEAST_WHOLE).sum() or 0)
        return count * _LEAST_ENTRY + characters / _MOST_CHARACTERS <= budget

    def _draft_lines(self, redactor: Redactor) -> list[Draft]:
        material = self._material
        indices = np.arange(len(material))
        parts = (
            np.maximum(np.searchsorted(material.spans, indices, side="right") - 1, 0) if material.spans else indices * 0
        )
        texts = bodies(material, indices, redactor)
        return [
            self._line(place, part, text)
            for place, part, text in zip(indices.tolist(), parts.tolist(), texts, strict=True)
        ]

    def _draft_kinds(self, redactor: Redactor) -> tuple[list[Draft], list[Draft]]:
        """Draft an entry for each kind that might be sent, and for the last line of each severe one."""
        kinds = self._kinds
        ends = kinds.last_severe[self._last]
        texts = bodies(self._material, np.concatenate([kinds.shown[self._candidates], ends]), redactor)
        parts: list[int] = kinds.part.tolist()
        numbers: list[int] = self._candidates.tolist()
        drafts = [self._kind(kind, parts[kind], text) for kind, text in zip(numbers, texts, strict=False)]
        last: list[int] = self._last.tolist()
        further = [
            self._line(place, parts[kind], text)
            for place, kind, text in zip(ends.tolist(), last, texts[len(numbers) :], strict=True)
        ]
        return drafts, further

    def _line(self, place: int, part: int, body: str) -> Draft:
        material = self._material
        time, source = int(material.times[place]), self._names[int(material.streams[place])]
        known = None if time == NO_TIME else time
        when = "" if known is None else self._moments.at(time)
        return Draft(
            place, part, _joined((when, "" if self._source else source)), body, int(material.rows[place]),
            first=known, last=known, source=source,
        )  # fmt: skip

    def _kind(self, kind: int, part: int, body: str) -> Draft:
        kinds, place = self._kinds, int(self._kinds.shown[kind])
        counts: list[int] = kinds.counts[kind].tolist()
        total = sum(counts)
        if total == 1:
            return self._line(place, part, body)
        first, last = int(kinds.first[kind]), int(kinds.last[kind])
        several = int(kinds.sources[kind])
        source = f"{several} sources" if several > 1 else self._names[int(self._material.streams[place])]
        times = f"x{total}"
        if part >= len(counts):
            times = ", ".join(f"{part_name(number)} x{count}" for number, count in enumerate(counts))
        when = "" if first == NO_TIME else self._moments.range(first, last)
        return Draft(
            int(kinds.begins[kind]),
            part,
            _joined((times, when, "" if self._source else source)),
            body,
            int(self._material.rows[place]),
            count=total,
            first=None if first == NO_TIME else first,
            last=None if first == NO_TIME else last,
            source=source,
        )


def _joined(words: Iterable[str]) -> str:
    return "".join(f"{word} " for word in words if word)
