"""Numbers that lines give for the same thing, and whether they rise or fall."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hallucino_tui.assistant.grounding.reading.line import Line
    from hallucino_tui.assistant.grounding.reading.numbers import Number

_MOST = 40
CHANGE: Final = re.compile(r"\bfrom (\d+(?:\.\d+)?) to (\d+(?:\.\d+)?)\b")


def trends_of(lines: Sequence[Line]) -> frozenset[str]:
    """Return whether what lines give numbers for rises or falls: `INCREASE`, `DECREASE`, both or none."""
    found: set[str] = set()
    pairs = [(float(match[1]), float(match[2])) for line in lines[:_MOST] for match in CHANGE.finditer(line.text)]
    if len(lines) > 1:
        ordered = sorted(lines[:_MOST], key=lambda line: (line.when or 0.0, line.number))
        pairs += [pair for _, some in by_key(ordered) for pair in itertools.pairwise(one.value for one in some)]
    for one, other in pairs:
        if one != other:
            found.add("INCREASE" if one < other else "DECREASE")
    return frozenset(found)


def by_key(lines: Sequence[Line]) -> Iterator[tuple[str, list[Number]]]:
    """Give the numbers of different lines that the same word stands before, or behind, with that word."""
    found: dict[tuple[str, str], list[Number]] = defaultdict(list)
    for line in lines[:_MOST]:
        seen: set[tuple[str, str]] = set()
        for other in line.numbers:
            for key in (("before", other.before), ("after", other.after[0] if other.after else "")):
                if key[1] and key not in seen:
                    seen.add(key)
                    found[key].append(other)
    for (_, word), numbers in found.items():
        yield word, numbers
