"""Claims that only guess, and summaries that name no line: how far either may be followed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.grounding.reading.line import Line
    from hallucino_tui.assistant.grounding.reading.statement import Statement, Unit

_GUESS: Final = re.compile(
    r"\b(?:may|might|could (?:have|be|also|well|point|mean|indicate|hint|explain)|would (?:explain|fit|mean|point|"
    r"suggest|account for|be consistent)|possibl[ey]|perhaps|maybe|probabl[ey]|likely|presumabl[ey]|apparently|seems?|"
    r"seemingly|suspect(?:ed)?|suggest(?:s|ing)?|hints?(?:ing)? (?:at|to)|points? (?:to|at|toward)|pointing to|"
    r"consistent with|indicative of|ha(?:s|ve|d) the (?:look|feel|appearance) of|reads? like|"
    r"looks? like|as if|plausibl[ey]|conceivabl[ey]|plausible|appears? to|"
    r"(?:i|we) (?:think|believe|assume|guess)|in all likelihood|compatible with|speaks? for)\b",
    re.IGNORECASE,
)
# What is said to be so much later is reckoned from the claim before it.
LATER: Final = re.compile(
    r"(?<!\w)(?:(?:about|around|roughly|some|nearly|almost|only|just|less than|more than|over|approximately|not even|"
    r"barely|at most|at least|~) ){0,3}(?:[\d.,]+|an?|half an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|"
    r"fifteen|twenty|thirty|forty|fifty)[ -]?(?:ms|s|min|h|milliseconds?|seconds?|minutes?|hours?) (?:later|"
    r"afterwards?|earlier|after that|before that)\b,?",
    re.IGNORECASE,
)
_TOLD: Final = 2.0
_NAMED: Final = re.compile(r"^`([A-Za-z]+)` (?:does not occur|is not|stands)")
_BOLD: Final = re.compile(
    r"\b(?:because|since|due to|caused?|causing|as a result|result(?:ed|ing|s)?|led|leads?|leading|triggered|reason|"
    r"all|every|only|never|always|none|nothing|nobody|no|not|entire\w*|complete\w*|whole|first|last)\b",
    re.IGNORECASE,
)


def guesses(text: str) -> bool:
    """Say whether a claim says of itself that it is a guess."""
    return _GUESS.search(text) is not None


def is_guessed(text: str, reason: str) -> bool:
    """Say whether what is missing in the lines is a plain word or a short form behind a `may point to`.

    Args:
        text: The claim.
        reason: Why it was found to be wrong.
    """
    named, guess = _NAMED.match(reason), _GUESS.search(text)
    return bool(named and guess and text.find(named[1], guess.end()) >= 0)


def has_told(statement: Statement) -> bool:
    """Say whether a claim has told enough that lines bear when it begins to guess at what that may mean."""
    guess = _GUESS.search(statement.text)
    if guess is None:
        return False
    return sum(unit.weight for unit in statement.units if unit.firm and unit.end <= guess.start()) >= _TOLD


def is_behind_guess(unit: Unit, statement: Statement) -> bool:
    """Say whether a part of a claim stands behind a `might`, in front of which enough is told that lines bear."""
    guess = _GUESS.search(statement.text)
    return guess is not None and guess.end() <= unit.start and has_told(statement)


def sums_up(statement: Statement, lines: Sequence[Line]) -> bool:
    """Say whether all that a summary names and says stands in lines word by word, and it adds no cause and no `all`."""
    if _BOLD.search(statement.text) or not statement.is_english:
        return False
    told = [unit for unit in statement.units if unit.weight >= 1]
    borne = [unit for unit in told if unit.firm]
    return bool(lines) and len(borne) >= 2 and len(borne) == len(told)
