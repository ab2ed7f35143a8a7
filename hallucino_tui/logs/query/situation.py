"""Where in a query one is after some tokens: what the completion of a query goes by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from hallucino_tui.logs.query.ast import LineOp

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hallucino_tui.logs.query.tokens import Token


@dataclass(frozen=True, slots=True)
class Situation:
    """Where one is.

    Attributes:
        place: What comes next: see the table below.
        name: The label that is being compared.
        op: The comparison.
    """

    place: str
    name: str = ""
    op: str = ""


_LINE_FILTERS: Final = dict.fromkeys(LineOp, "text")
_ONWARD: Final = {"|": "stage", ")": "pipeline", **_LINE_FILTERS}
_MATCHES: Final = ("=", "!=", "=~", "!~")
_VALUES: Final = ("string", "number", "duration", "size", "word")

_MOVES: Final[dict[str, dict[str, str]]] = {
    "start": {"{": "selector name", "(": "start", "|": "stage", **_LINE_FILTERS},
    "selector name": {"word": "selector op", "}": "pipeline"},
    "selector op": dict.fromkeys(_MATCHES, "selector value"),
    "selector value": {"string": "selector next"},
    "selector next": {",": "selector name", "}": "pipeline"},
    "pipeline": _ONWARD,
    "text": {"string": "text next", "ip": "ip"},
    "text next": {"or": "text", **_ONWARD},
    "ip": {"(": "ip", "string": "ip", ")": "text next"},
    "stage": {
        "word": "filter op", "(": "filter name", "json": "extract", "logfmt": "extract", "drop": "names",
        "keep": "names", "label_format": "assign", "regexp": "text", "pattern": "text", "line_format": "text",
        "unpack": "pipeline", "decolorize": "pipeline",
    },
    "filter name": {"word": "filter op", "(": "filter name"},
    "filter op": dict.fromkeys((*_MATCHES, "==", "<", "<=", ">", ">="), "filter value"),
    "filter value": {
        **dict.fromkeys(_VALUES, "filter next"), "ip": "filter ip", **dict.fromkeys("+-", "filter value"),
    },
    "filter ip": {"(": "filter ip", "string": "filter ip", ")": "filter next"},
    "filter next": {
        **_ONWARD, **dict.fromkeys(("and", "or", ",", "("), "filter name"), ")": "filter next", "word": "filter op",
    },
    "extract": {"flag": "extract", "word": "extract next", **_ONWARD},
    "extract next": {**_ONWARD, ",": "extract", "=": "extract path"},
    "extract path": {"string": "extract next"},
    "names": {"word": "names next"},
    "names next": {**_ONWARD, ",": "names", **dict.fromkeys(_MATCHES, "names value")},
    "names value": {"string": "names end"},
    "names end": {**_ONWARD, ",": "names"},
    "assign": {"word": "assign op"},
    "assign op": {"=": "assign target"},
    "assign target": {"word": "assign next", "string": "assign next"},
    "assign next": {**_ONWARD, ",": "assign"},
}  # fmt: skip
"""What comes next after a token of some kind, by what was to come before it."""

_NOWHERE: Final = "nowhere"


def situation_after(tokens: Iterable[Token]) -> Situation:
    """Say where one is; the place is "nowhere" after what makes no sense."""
    situation = Situation("start")
    for token in tokens:
        place = _MOVES.get(situation.place, {}).get(token.kind, _NOWHERE)
        if token.kind == "word" and not situation.place.endswith("value"):
            situation = replace(situation, name=token.text)
        elif place.endswith("value"):
            situation = replace(situation, op=token.kind)
        situation = replace(situation, place=place)
    return situation
