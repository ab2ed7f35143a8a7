"""What stands in front of a message: time, host, process, level, thread, logger. Templates are about what follows."""

from __future__ import annotations

import re
from typing import Final

from hallucino_tui.insight.templates.marks import EPOCH

_WITHIN: Final = 160
"""So many characters of a folded line may come before the time ends."""
_MOST_FIELDS: Final = 8
_NEAR: Final = 40

_MONTH: Final = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_DAY: Final = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_CLOCK: Final = r"0:0:0(?::0)?(?:[.,]0)?Z?(?: ?[+-]0(?::0)?\b)?"
_FULL_DATE: Final = (
    rf"(?:{_DAY},? )?(?:0-0-0[T _-]|0/0/0[T :-]|0/{_MONTH}/0:|0 {_MONTH} 0:? |{_MONTH}\s+0 (?:0 )?|0\.0\.0[ -])"
)
_DATE: Final = rf"(?:{_FULL_DATE}|0-0[ :-]|0\.0 |[IWF]?0[ T:-])"
_TIME: Final = re.compile(
    rf"(?:{_DATE})?{_CLOCK}(?: (?:0|[A-Z]{{3,4}} 0)(?=\]))?|0-0-0-0\.0\.0\.0|^0 0(?= 0 [A-Z])"
    rf"|^\[ *0\.0\](?= )|^{EPOCH}\.0(?= )|(?<=[\s\[(]){EPOCH}(?:\.0)?(?=[\s\])])"
)
_TIMES: Final = ("0:0:0", "-0.0.0", "0 0 0 ", "[ ", EPOCH)
"""One of these texts is in every time."""
_FULL_TIME: Final = re.compile(rf"{_FULL_DATE}{_CLOCK}|0-0-0-0\.0\.0\.0")
_NAMED_MONTH: Final = re.compile(_MONTH)
_LEVEL: Final = (
    "(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|CRITICAL|FATAL|PANIC|SEVERE|ALERT|EMERG|FAILURE"
    r"|Trace|Debug|Info|Information|Notice|Warn|Warning|Error|Critical|Fatal|[VDIWEF](?= [\w.]+:))"
)
_PLAIN: Final = re.compile(r"[A-Za-z]?[a-z]+[,;:]?\Z|[A-Za-z]+[,;:]\Z")
_BETWEEN: Final = re.compile(r"\s+|[-|,]+(?=[\s|])|:(?=\s)|\]|[\w./-]+:0\] |\|(?:[^|\s]*\|)*|UTC(?= )|0 ---(?= )")
_BRACKETS: Final = re.compile(
    r"\[[^\s][^\n]{0,120}?\] - |\[[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*\](?=[\s:]|$)"  # Log4j's, then any
)
_BRACKETS_BEHIND: Final = re.compile(r" \[[^\[\]]*\](?= )")
_NUMBER: Final = re.compile(r"-?0(?=[\s|])")
_TO_LEVEL: Final = re.compile(rf"(?:[\w@:./-]+ ){{0,3}}\[?{_LEVEL}\]?(?=[\s|:])")
# A program with its process, or any name.
_PROGRAM: Final = r"(?:[\w.-]+ ){0,2}[A-Za-z_/][^\s:\[\]]*\[0\](?: \([^)]*\))?:(?=\s|$)"
_NAME: Final = _PROGRAM + r"|[A-Za-z_/][\w.$/@#()-]*(?: 0\.[\d.]+)?(?:\[[\w.-]*\])?:(?=\s|$)"
_LOGGER: Final = re.compile(rf"{_NAME}|[\w.$:/]+(?: \*0)? +- |[\w-]+(?:\.[\w-]+)+(?= \[)|[\w.$/\[\]]+ +: ")
_HOST: Final = re.compile(rf" +[^\s:\[\]]+ +(?={_NAME})")
_BLANKS: Final = re.compile(" *")


def end_of_head(line: str) -> int:
    """Return where the message of a folded line begins, 0 for a line that has no time of its own."""
    time = _find_time(line)
    if time is None:
        return 0
    position = time.end()
    host = _HOST.match(line, position) if _NAMED_MONTH.search(time[0]) else None
    position = host.end() if host else _skip_fields(line, position)
    if logger := _LOGGER.match(line, position):
        position = logger.end()
        while brackets := _BRACKETS_BEHIND.match(line, position):
            position = brackets.end()
    blanks = _BLANKS.match(line, position)
    position = blanks.end() if blanks else position
    is_between_words = line[position - 1 : position + 1].isidentifier()
    return position if position < len(line) and not is_between_words else 0


def _find_time(line: str) -> re.Match[str] | None:
    """Return the last of the times that a line begins with."""
    begin = line[:_WITHIN]
    if not any(text in begin for text in _TIMES):
        return None
    found = _TIME.search(line, 0, _WITHIN)
    if found is None or not _may_precede(line[: found.start()], 3 if EPOCH in found[0] else 1):
        return None
    while (further := _FULL_TIME.search(line, found.end(), _WITHIN)) and further.start() - found.end() < _NEAR:
        found = further
    return found


def _may_precede(text: str, most: int) -> bool:
    """Say whether a text may be the fields in front of a time: a sentence may not."""
    fields = text.split()
    if not fields:
        return True
    plain = sum(1 for field in fields if _PLAIN.match(field))
    return plain <= most and len(fields) <= _MOST_FIELDS and not _PLAIN.match(fields[0])


def _skip_fields(line: str, position: int) -> int:
    """Return where the fields behind a time end: numbers and names up to the level, then names in brackets."""
    level = None
    while True:
        field = _BETWEEN.match(line, position) or _BRACKETS.match(line, position)
        if field is None and level is None:
            field = level = _TO_LEVEL.match(line, position)
            field = field or _NUMBER.match(line, position)
        if field is None or field.end() == position:
            return position
        position = field.end()
