"""Lines that servers write in a form of their own, access logs and klog's head, with the stages that read them."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_REQUEST: Final = r'"[A-Z]{3,10} [^\s"]+ HTTP/[0-9.]+" [1-5][0-9][0-9]'
_COMMON: Final = re.compile(
    rf'\S+ \S+ \S+ \[[^\[\]"]*\] {_REQUEST} (?:[0-9]+|-)(?P<words> "[^"]*" "[^"]*")?(?P<rest>.)?'
)
_ANY: Final = re.compile(rf'[^"]*{_REQUEST}(?P<bytes> [0-9]+(?= |$))?(?P<rest> .)?')
_KLOG: Final = r"^[IWEF][0-9]{4} [0-9:.]+ +(?P<thread>[0-9]+) (?P<source>[^ \]]+)\] ?(?P<message>.*)"
_KLOG_LINE: Final = re.compile(_KLOG)
_CAPTURE: Final = re.compile(r"<([A-Za-z_][A-Za-z0-9_]*)>")
_NONE: Final = "-"


class Reading(NamedTuple):
    """What a line holds, and the stage of a query that reads it."""

    values: dict[str, str]
    stage: str


def access_fields(line: str) -> Reading | None:
    """Return what a line of an access log says: method, path, status and what else there is; None for other lines."""
    pattern = _access_pattern(line)
    if pattern is None:
        return None
    values = {name: value for name, value in _capture(pattern, line).items() if value not in {"", _NONE}}
    return Reading(values, f"pattern `{pattern}`")


def klog_fields(line: str) -> Reading | None:
    """Return what the head of a klog line says, None for other lines."""
    match = _KLOG_LINE.match(line)
    if match is None:
        return None
    return Reading({name: value for name, value in match.groupdict().items() if value}, f"regexp `{_KLOG}`")


def _access_pattern(line: str) -> str | None:
    common = _COMMON.match(line)
    if common is not None:
        pattern = '<client> <_> <user> [<_>] "<method> <path> <protocol>" <status> <bytes>'
        if common["words"]:
            return f'{pattern} "<referer>" "<agent>"' + ("<_>" if common["rest"] else "")
        return pattern + (" <_>" if common["rest"] else "")
    other = _ANY.match(line)
    if other is None:
        return None
    head = "" if line.startswith('"') else "<_>"
    return (
        f'{head}"<method> <path> <protocol>" <status>'
        + (" <bytes>" if other["bytes"] else "")
        + (" <_>" if other["rest"] else "")
    )


def _capture(pattern: str, line: str) -> dict[str, str]:
    """Return what the captures of a pattern hold: each ends where the text behind it comes first."""
    found: dict[str, str] = {}
    first, *parts = _CAPTURE.split(pattern)
    line = line.removeprefix(first)
    for name, text in zip(parts[::2], parts[1::2], strict=True):
        held, _, line = line.partition(text) if text else (line, "", "")
        if name != "_":
            found[name] = held
    return found
