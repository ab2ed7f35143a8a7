"""The severity of a line, read from its text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from hallucino_tui.logs.severity import Level, level_of

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray


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
    distinct: list[str] = tokens.drop_nulls().unique().to_list()
    levels = {token: int(level) for token in distinct if (level := level_of(token))}
    if not levels:
        return np.zeros(len(tokens), np.uint8)
    import polars as pl  # noqa: PLC0415 - it takes long to import

    # One call for all words: each step in Polars costs a tenth of a millisecond before it begins.
    codes = tokens.replace_strict(list(levels), list(levels.values()), default=0, return_dtype=pl.UInt8)
    return codes.to_numpy(writable=True)
