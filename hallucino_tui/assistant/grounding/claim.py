"""A claim of an answer, and what came of checking it."""

from __future__ import annotations

import enum
from collections import Counter
from dataclasses import dataclass


class Verdict(enum.StrEnum):
    """How well a claim stands on the lines that it cites."""

    SUPPORTED = "supported"
    DOUBTFUL = "doubtful"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Source:
    """What a citation names.

    Attributes:
        text: The whole line as it was sent, time and source in front of it.
        body: The line's own words; "" if they are not known apart.
        count: How many lines it stands for.
        first: The time of the first of them in nanoseconds since the epoch; None if it is not known.
        last: The time of the last of them.
    """

    text: str
    body: str = ""
    count: int = 1
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of an answer.

    Attributes:
        text: What it says, with its citations, as it stands in the answer.
        start: Where it begins in the answer.
        end: Where it ends.
        citations: The numbers of the lines that it cites, in its order.
        verdict: Whether they say so.
        reason: Why, one sentence; "" for a claim that is supported.
    """

    text: str
    start: int
    end: int
    citations: tuple[int, ...]
    verdict: Verdict
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """A checked answer.

    Attributes:
        claims: All claims in their order.
        problem: What is wrong with the answer as a whole: it cites nothing, or only copies lines; "" for nothing.
    """

    claims: tuple[Claim, ...] = ()
    problem: str = ""

    def count(self, verdict: Verdict) -> int:
        """Return how many claims have a verdict."""
        return Counter(claim.verdict for claim in self.claims)[verdict]

    @property
    def is_supported(self) -> bool:
        """Whether something of it is supported, nothing unsupported, and nothing is wrong with it as a whole."""
        return bool(self.count(Verdict.SUPPORTED)) and not self.problem and not self.count(Verdict.UNSUPPORTED)

    @property
    def words(self) -> str:
        """The line for the head of an answer, for example ``11 of 12 claims supported, 1 doubtful``."""
        if not self.claims:
            return self.problem or "nothing is claimed"
        counts = [f"{self.count(Verdict.SUPPORTED)} of {len(self.claims)} claims supported"]
        counts += [
            f"{self.count(verdict)} {verdict}"
            for verdict in (Verdict.DOUBTFUL, Verdict.UNSUPPORTED)
            if self.count(verdict)
        ]
        return ", ".join(counts) + (f"; {self.problem}" if self.problem else "")
