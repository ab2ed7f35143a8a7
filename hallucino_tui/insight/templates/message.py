"""What of a folded line its template is about: not its head, and of JSON and logfmt only what people wrote there."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from hallucino_tui.insight.templates.heads import end_of_head
from hallucino_tui.insight.templates.marks import EPOCH, NUMBER, SERVER_ERROR, VARIABLE

_NAMES: Final = "msg|message|@m|@mt|short_message|MESSAGE|log|text"
_REASONS: Final = "err|error|errors|exception|cause|error_message|exc_info"
_TEXT: Final = r'"(?:[^"\\]|\\.)*"'
_SAID: Final = re.compile(rf'"(?:{_NAMES})"\s*:\s*(?=")(?:{_TEXT}|.*\Z)', re.DOTALL)
_REASON: Final = re.compile(rf'"(?:{_REASONS})"\s*:\s*(?=")(?:{_TEXT}|.*\Z)', re.DOTALL)
_FIELD: Final = re.compile(rf'({_TEXT})\s*:\s*({_TEXT}|[^\s"{{}}\[\],][^,{{}}\[\]"]*|\[[^\[\]{{}}]*\])')
_TELLING: Final = frozenset({'"event"', '"event_type"', '"type"', '"kind"', '"action"', '"reason"', '"operation"'})
_LOGFMT_SAID: Final = re.compile(rf'(?<!\S)(?:msg|message|event)=(?:{_TEXT}|[^\s"()]+(?!\S))')
_LOGFMT_REASON: Final = re.compile(rf'(?<!\S)(?:err|error|reason|cause)=(?:{_TEXT}|[^\s"]+)')
_FAILED: Final = re.compile(rf'"?\bstatus(?:_code)?"?[=:] ?"?{SERVER_ERROR}')
_CUT_OFF: Final = re.compile(rf"[^\s{VARIABLE}]*{VARIABLE}\Z")
_PAIRS: Final = re.compile(r"(?<!\S)[A-Za-z_][\w.-]*=")
_LOGFMT_LEAST: Final = 2
_BLANKS: Final = " \t\r\n\f"
_BINARY: Final = 8
"""A line is no text if one of so many characters is none. Nothing more is said of it."""


class Message(NamedTuple):
    """What a template is about.

    Attributes:
        text: A part of the folded line, or parts of it in their order with a `VARIABLE` between.
        is_line: Whether the line begins with it.
        is_end: Whether the line ends with it.
    """

    text: str
    is_line: bool
    is_end: bool


def message_of(folded: str) -> Message:
    """Return the message of a folded line."""
    if folded.count("\ufffd") * _BINARY > len(folded):
        return Message(VARIABLE, is_line=False, is_end=False)
    if folded.endswith(VARIABLE):
        folded = _CUT_OFF.sub(VARIABLE, folded)
    begin = 0 if folded.lstrip().startswith("{") else end_of_head(folded)
    text = folded[begin:].replace(EPOCH, NUMBER)
    if text.lstrip().startswith("{") and '"' in text:
        return Message(_of_json(text), is_line=False, is_end=False)
    if "=" in text and (said := _of_logfmt(text)):
        return Message(said, is_line=False, is_end=False)
    stripped = text.strip(_BLANKS)
    return Message(stripped, is_line=not begin and text.startswith(stripped), is_end=text.endswith(stripped))


def _of_json(text: str) -> str:
    said = _SAID.search(text)
    if said is None:
        return _FIELD.sub(_field, text.strip(_BLANKS))
    return _joined(said, _REASON.search(text), _FAILED.search(text))


def _field(match: re.Match[str]) -> str:
    """Keep the name of a field, and its value if it says what kind of line this is."""
    return match[0] if match[1] in _TELLING else match[0][: match.start(2) - match.start()] + VARIABLE


def _of_logfmt(text: str) -> str:
    said = _LOGFMT_SAID.search(text)
    if said is None or len(_PAIRS.findall(text)) < _LOGFMT_LEAST:
        return ""
    return _joined(said, _LOGFMT_REASON.search(text), _FAILED.search(text))


def _joined(*matches: re.Match[str] | None) -> str:
    """Return what was found, in the order in which it stands in the line."""
    spans = sorted((match.start(), match.end()) for match in matches if match)
    line = next(match for match in matches if match).string
    parts: list[str] = []
    end = 0
    for start, stop in spans:
        if start >= end:
            parts.append(line[start:stop])
            end = stop
    return VARIABLE.join(parts)
