"""What a rule of redaction is, how a pseudonym looks, and which rules there are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

PSEUDONYM: Final = re.compile(r"<(?:secret:[a-z0-9-]+|email|ip|host|user):[0-9]+>")
"""Finds what stands for something that was replaced."""

PSEUDONYM_GATES: Final = ("<secret:", "<email:", "<ip:", "<host:", "<user:")
"""A text without any of them holds no pseudonym."""

_PLAIN_KINDS: Final = frozenset({"email", "ip", "host", "user"})


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of secret.

    Attributes:
        kind: Its name in pseudonyms, for example ``aws-key``.
        gates: Lower-case ASCII literals; a line without any of them is not looked at.
        pattern: Finds it, in a time that grows no faster than the line. Groups named as in `VALUE_GROUPS` mark what is
            replaced; without them the whole match is.
        is_real: Says of what was found whether it is one; None if the pattern is sure.
        needs: Characters one of which has to stand behind the first gate; "" if none has to.
    """

    kind: str
    gates: tuple[str, ...]
    pattern: re.Pattern[str]
    is_real: Callable[[str], bool] | None = None
    needs: str = ""

    def has_gate(self, lowered: str) -> bool:
        """Say whether a lower-case line holds any of the gates."""
        for gate in self.gates:  # noqa: SIM110 - quicker than a generator, and each line comes by here
            if gate in lowered:
                return True
        return False

    def is_met(self, lowered: str) -> bool:
        """Say whether what the rule needs stands somewhere behind the first of its gates."""
        last = max(lowered.rfind(char) for char in self.needs)
        return any(lowered.find(gate, 0, last) >= 0 for gate in self.gates)


VALUE_GROUPS: Final = ("secret", "double", "single", "escaped", "open", "bare")


def pseudonym(kind: str, number: int) -> str:
    """Return the pseudonym of the nth secret of a kind."""
    return f"<{kind}:{number}>" if kind in _PLAIN_KINDS else f"<secret:{kind}:{number}>"


def by_look(kind: str, gates: str, pattern: str) -> Rule:
    """Return a rule for something that is known wherever it stands.

    Args:
        kind: Its kind.
        gates: Literals, with spaces between them.
        pattern: A regular expression; letters mean what they are.
    """
    return Rule(kind, tuple(gates.split()), re.compile(pattern, re.ASCII))


def by_place(
    kind: str, gates: str, pattern: str, *, is_real: Callable[[str], bool] | None = None, needs: str = ""
) -> Rule:
    """Return a rule for something that is known by what stands around it.

    Args:
        kind: Its kind.
        gates: Literals, with spaces between them.
        pattern: A regular expression; letters mean either case, a dot any character.
        is_real: Says of what was found whether it is one.
        needs: Characters one of which has to stand behind the first gate.
    """
    # A pseudonym is matched first and kept: what looks like a name with a value in it is none.
    flags = re.ASCII | re.IGNORECASE | re.DOTALL
    return Rule(kind, tuple(gates.split()), re.compile(f"{PSEUDONYM.pattern}|{pattern}", flags), is_real, needs)


# Values that only say that there is or is no secret; replacing them would take the meaning and protect nothing.
HARMLESS: Final = re.compile(
    r"(?i)\s*(?:null|none|nil|true|false|yes|no|unset|empty|undefined|missing|invalid|expired|redacted|masked|hidden"
    r"|\*+|x{3,}|\.{3}|-+|\[(?:redacted|masked|filtered|hidden|secret)\]?|<[a-z][a-z _-]{0,30}>|\$\{?\w+\}?|%\w+%"
    rf"|\{{\{{[^{{}}]*\}}?\}}?|{PSEUDONYM.pattern})\s*\Z"
)
