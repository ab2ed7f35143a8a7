"""Values that were replaced somewhere, found again where no rule finds them: in what a user types."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.redact_rules import PSEUDONYM

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SHORTEST: Final = 6
"""Characters; what is shorter may stand anywhere by chance."""


def values_in(text: str, secrets: Mapping[str, str], restore: Callable[[str], str]) -> dict[str, str]:
    """Return the values that stand in a text, each with its pseudonym.

    Args:
        text: The text.
        secrets: What each pseudonym stands for; others may stand in that.
        restore: Turns these back.
    """
    found: dict[str, str] = {}
    for name, secret in secrets.items():
        # To look for each is quicker than one expression for all: few of them are there.
        if len(secret) >= SHORTEST and secret in text:
            found[secret] = name
        if "<" in secret and len(shown := restore(secret)) >= SHORTEST and shown in text:
            found[shown] = name
    return found


def with_values(text: str, names: Mapping[str, str]) -> str:
    """Return a text in which values are replaced, the longest first; what stands in a pseudonym stays.

    Args:
        text: The text.
        names: What each value becomes; it may be empty.
    """
    if not names:
        return text
    longest_first = sorted(names, key=len, reverse=True)
    pattern = re.compile("|".join((PSEUDONYM.pattern, *map(re.escape, longest_first))))
    return pattern.sub(lambda match: names.get(match[0], match[0]), text)


def kind_of(name: str) -> str:
    """Return the kind of a pseudonym."""
    return name[1:-1].rpartition(":")[0].removeprefix("secret:")
