"""Severities and what else the level column of a line says. Knows no arrays, so that a screen can draw without them."""

from __future__ import annotations

import enum
import functools
import re
from typing import Final


class Level(enum.IntEnum):
    """Severities in ascending order. `UNKNOWN` is a line that says nothing of its severity."""

    UNKNOWN = 0
    TRACE = 1
    DEBUG = 2
    INFO = 3
    NOTICE = 4
    WARN = 5
    ERROR = 6
    FATAL = 7


LEVEL_BITS: Final = 7
"""The bits of a level code that hold the severity; the others are flags."""

CONTINUED: Final = 8
"""Flag of a level code: the line goes on with the record that its stream began before (frames of a stack trace)."""

NOT_A_LINE: Final = 64
"""Codes of the level column from here on are rows that no source wrote: dividers."""

_WORDS: Final = {
    "trace": Level.TRACE, "trc": Level.TRACE, "trac": Level.TRACE, "verbose": Level.TRACE, "finest": Level.TRACE,
    "debug": Level.DEBUG, "dbg": Level.DEBUG, "dbug": Level.DEBUG, "d": Level.DEBUG, "fine": Level.DEBUG,
    "info": Level.INFO, "inf": Level.INFO, "information": Level.INFO, "informational": Level.INFO, "log": Level.INFO,
    "i": Level.INFO, "audit": Level.INFO, "config": Level.INFO,
    "notice": Level.NOTICE, "note": Level.NOTICE,
    "warn": Level.WARN, "warning": Level.WARN, "wrn": Level.WARN, "w": Level.WARN,
    "error": Level.ERROR, "err": Level.ERROR, "eror": Level.ERROR, "erro": Level.ERROR, "e": Level.ERROR,
    "severe": Level.ERROR,
    "fatal": Level.FATAL, "ftl": Level.FATAL, "crit": Level.FATAL, "critical": Level.FATAL, "panic": Level.FATAL,
    "alert": Level.FATAL, "emerg": Level.FATAL, "emergency": Level.FATAL, "f": Level.FATAL, "dpanic": Level.FATAL,
}  # fmt: skip
_NUMBERS: Final = {
    "1": Level.TRACE,
    "2": Level.DEBUG,
    "3": Level.INFO,
    "4": Level.WARN,
    "5": Level.ERROR,
    "6": Level.FATAL,
}


@functools.lru_cache(maxsize=4096)
def level_of(token: str) -> Level:
    """Return the level that a captured word stands for; `Level.UNKNOWN` for a word that is none."""
    if token.startswith("HTTP/"):
        return Level.ERROR if token[-3] == "5" else Level.WARN
    if len(token) == 2 and token.isdigit():
        return _NUMBERS.get(token[0], Level.UNKNOWN)
    if re.match(r"[IWEF]\d", token):
        return _WORDS[token[0].lower()]
    if token.startswith("Traceback"):
        return Level.ERROR
    word = token.strip("[]: ").lower()
    return _WORDS.get(word.split(" ", maxsplit=1)[0], Level.UNKNOWN)


def level_named(name: str) -> Level | None:
    """Return the level that a user calls `name`, or None if there is no such level."""
    word = name.strip().lower()
    return Level.UNKNOWN if word in {"unknown", ""} else _WORDS.get(word)
