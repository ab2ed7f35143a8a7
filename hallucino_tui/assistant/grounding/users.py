"""Users: whether a claim speaks of another one than its line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding import meaning
from hallucino_tui.assistant.grounding.words import stem

if TYPE_CHECKING:
    from hallucino_tui.assistant.grounding.line import Line

_USER_THERE: Final = re.compile(
    r"\b(?:user[ =:\"']+|password for (?:invalid user )?|account[ =:\"']+)(?P<name>(?!name\b)\w[\w\-]{1,30})\b",
    re.IGNORECASE,
)
_USER_HERE: Final = re.compile(
    r"(?<![\w\-])(?P<one>(?!non|un|in|pre)[a-z]\w{2,30})(?:'s)? (?:account|user|login|password)\b|"
    r"\b(?:account|user)(?: ?names?)? (?P<two>(?!names?\b)[a-z][\w\-]{2,30})\b",
    re.IGNORECASE,
)
_NO_USERS: Final = frozenset(
    {
        *("the", "this", "that", "local", "remote", "same", "system", "privileged", "anonymous", "normal", "ordinary"),
        *(
            "regular",
            "database",
            "unix",
            "ssh",
            "ftp",
            "pam",
            "linux",
            "valid",
            "existing",
            "super",
            "was",
            "tried",
            "had",
        ),
        *(
            "and",
            "for",
            "with",
            "from",
            "over",
            "whose",
            "correct",
            "login",
            "attempted",
            "repeated",
            "service",
            "console",
        ),
    }
)


def other_user(text: str, line: Line) -> str:
    """Return which user a claim speaks of, if the line has another one and does not know that one; "" otherwise."""
    if "user" not in text and "account" not in text and "password" not in text and "login" not in text:
        return ""
    there = {match["name"].lower() for match in _USER_THERE.finditer(line.text)}
    for match in _USER_HERE.finditer(text):
        name = (match["one"] or match["two"]).lower()
        is_name = name not in _NO_USERS and name not in meaning.LIGHT and not meaning.concepts_of(stem(name))
        if is_name and there and name not in line.flat and not any(one in text.lower() for one in there):
            return name
    return ""
