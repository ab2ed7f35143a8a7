"""Users: whether a claim speaks of another one than its line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding.lexicon import meaning
from hallucino_tui.assistant.grounding.lexicon.words import stem

if TYPE_CHECKING:
    from hallucino_tui.assistant.grounding.reading.line import Line

_USER_THERE: Final = re.compile(
    r"\b(?:user[ =:\"'\\]+|(?:password|publickey|gssapi|interactive/pam) for (?:invalid user )?|account[ =:\"']+)"
    r"(?P<name>(?!name\b)\w[\w\-]{1,30})\b"
    r"|(?<=[\s\]])(?P<at>[a-z_][\w\-]{1,30})@[a-z_][\w\-]*(?= )",
    re.IGNORECASE,
)
_USER_HERE: Final = re.compile(
    r"(?<![\w\-])(?P<one>(?!non|un|in|pre)[a-z]\w{2,30})(?=(?:'s)? (?:account|user|login|password)\b)|"
    r"\b(?:account|user)(?: ?names?)? (?P<two>(?!names?\b)[a-z][\w\-]{2,30})\b",
    re.IGNORECASE,
)
# `the user who was told so is shop`: only for names that stand somewhere in what was sent.
_USER_IS: Final = re.compile(
    r"\b(?:user|account)\b[^.;:]{0,80}? (?:is|was) (?P<name>(?!not\b)[a-z][\w\-]{2,30})(?=\W*$|,)", re.IGNORECASE
)
# Accounts that most machines have; as words they mean other things, too.
_ACCOUNTS: Final = frozenset(
    {"root", "admin", "guest", "nobody", "daemon", "operator", "backup", "mail", "news", "test", "bin", "postgres"}
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


def other_user(text: str, line: Line, known: frozenset[str]) -> str:
    """Return which user a claim speaks of, if the line has another one and does not know that one; "" otherwise.

    Args:
        text: The claim without its names and numbers.
        line: A line that it cites.
        known: Plain words that are names somewhere in what was sent.
    """
    if "user" not in text and "account" not in text and "password" not in text and "login" not in text:
        return ""
    there = {(match["name"] or match["at"]).lower() for match in _USER_THERE.finditer(line.text)}
    low = text.lower()
    if not there or any(_is_word(one, low) for one in there):
        return ""
    for match in _USER_HERE.finditer(text):
        name = (match["one"] or match["two"]).lower()
        is_known = match["two"] is not None and (name in known or name in meaning.PRODUCTS or name in _ACCOUNTS)
        is_near = match["two"] is not None and any(one.startswith(name) or name.startswith(one) for one in there)
        is_name = is_known or is_near or not (name in meaning.LIGHT or meaning.concepts_of(stem(name)))
        # The name of a program may well stand in the line of it; a user of that name does not.
        is_there = name in there or (_is_word(name, line.flat) and not is_known)
        if is_name and name not in _NO_USERS and not is_there:
            return name
    said = _USER_IS.search(text)
    return said["name"].lower() if said and said["name"].lower() in known - there else ""


def _is_word(name: str, text: str) -> bool:
    """Say whether a text has a name, not as a part of a longer one: `admin` is not in `pgadmin`."""
    return re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", text) is not None
