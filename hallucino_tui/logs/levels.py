"""The severity of a line, read from its text."""

from __future__ import annotations

import enum
import functools
import re
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray


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

# A field that names the level decides, wherever it stands: a message may speak of other levels.
_FIELD: Final = r'(?i)\b(?:log_?level|level|lvl|severity)"?[=:] ?"?([a-z]+|[1-6]0\b)'
_MARK: Final = (
    r"((?:^[IWEF]\d{4} \d\d:)"  # klog: E0312 02:13:45.212192
    r"|\b(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|CRITICAL|FATAL|PANIC|SEVERE|ALERT|EMERG)\b"
    r"|\bLOG:  "  # PostgreSQL
    r"|\[(?:trace|debug|info|notice|warn|warning|error|crit|alert|emerg|fatal)\]"  # nginx, httpd
    r"|^panic: |^fatal error: |^Traceback \(most recent call"  # Go, Python
    r'|HTTP/[0-9.]+" [45]\d\d\b)'  # access logs: the status is all they have
)

# Frames and causes of stack traces, and the exception line under the record that reports it.
_CONTINUATION: Final = (
    r"^(?:\s+(?:at |\.\.\. \d+ |File \"|\^|~|\|)|Caused by: |Suppressed: |\s{4}\S"
    r"|(?:[\w$]+\.)*[A-Z][\w$]*(?:Exception|Error|Throwable)(?::|$)|(?:[a-z_][\w$]*\.)+[A-Z][\w$]*(?::|$)"
    r"|During handling of the above|goroutine \d+ \[)"
)

_TRACE: Final = "Traceback (most recent call last)"


def detect_levels(lines: pl.Series) -> NDArray[np.uint8]:
    """Return the level code of each line (uint8).

    Args:
        lines: n strings.
    """
    tokens = lines.str.extract(_FIELD, 1)
    codes = _classify(tokens)
    unknown = np.flatnonzero(codes == Level.UNKNOWN)
    if len(unknown):
        rest = lines if len(unknown) == len(lines) else lines.gather(unknown)
        codes[unknown] = _classify(rest.str.extract(_MARK, 1))
    return codes


def detect_continuations(lines: pl.Series) -> NDArray[np.bool_]:
    """Say of each line (without a level of its own) whether it goes on with the record before it.

    Args:
        lines: n strings.
    """
    return lines.str.contains(_CONTINUATION).to_numpy()


def detect_traces(lines: pl.Series) -> NDArray[np.bool_]:
    """Say of each line whether a trace-back begins there that may belong to an error in front of it.

    Args:
        lines: n strings.
    """
    return lines.str.starts_with(_TRACE).to_numpy()


def _classify(tokens: pl.Series) -> NDArray[np.uint8]:
    """Map captured words to codes by way of the few distinct ones."""
    distinct = tokens.drop_nulls().unique().to_list()
    codes = np.zeros(len(tokens), np.uint8)
    by_code: dict[Level, list[str]] = {}
    for token in distinct:
        if level := level_of(token):
            by_code.setdefault(level, []).append(token)
    for level, words in by_code.items():
        codes[tokens.is_in(words).fill_null(value=False).to_numpy()] = level
    return codes


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
