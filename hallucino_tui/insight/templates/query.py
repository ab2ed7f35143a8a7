"""Filters that keep or hide the lines of a template."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from hallucino_tui.insight.templates.marks import BLANK, EPOCH, MAYBE, NUMBER, SERVER_ERROR, VARIABLE
from hallucino_tui.insight.templates.template import JOINED
from hallucino_tui.logs.query.ast import LineFilter, LineOp, LineTerm
from hallucino_tui.logs.query.canonical import write
from hallucino_tui.logs.query.regex import escape

if TYPE_CHECKING:
    from hallucino_tui.insight.templates.template import Template

_GAPS: Final = frozenset({VARIABLE, BLANK, EPOCH, NUMBER, SERVER_ERROR})
_CAPTURE: Final = re.compile(r"<[A-Za-z_]\w*>")
_LONG: Final = 16
"""A text of so many characters is looked for anywhere in a line; a shorter one might be a part of something else."""
_TELLING: Final = 4
_NEGATED: Final = {
    LineOp.CONTAINS: LineOp.NOT_CONTAINS,
    LineOp.LIKE: LineOp.NOT_LIKE,
    LineOp.MATCHES: LineOp.NOT_MATCHES,
}


def can_filter(template: Template) -> bool:
    """Say whether there is anything in a template to tell its lines from others. If not, a filter keeps every line."""
    return not template.is_rest and (not template.words or "".join(_texts(template)) != "")


def query_of(template: Template) -> str:
    """Return a line filter that keeps all lines of a template, and hardly any other ones: see `can_filter`."""
    op, text = _filter(template)
    return write(LineFilter(op, (LineTerm(text),)))


def hiding_query_of(template: Template) -> str:
    """Return a line filter that hides what `query_of` keeps."""
    op, text = _filter(template)
    return write(LineFilter(_NEGATED[op], (LineTerm(text),)))


def _filter(template: Template) -> tuple[LineOp, str]:
    texts = _texts(template)
    said = "".join(texts)
    if not said:
        return LineOp.MATCHES, ".*" if template.words else r"^\s*$"
    if len(texts) == 1 and len(said) >= _LONG:
        return LineOp.CONTAINS, said
    if _is_pattern(template, texts):
        return LineOp.LIKE, "<_>".join(texts[0 if texts[0] else 1 :])
    return LineOp.MATCHES, _regex(template, texts)


def _is_pattern(template: Template, texts: list[str]) -> bool:
    """Say whether the texts of a template make a pattern that all its lines fit.

    In a pattern each text is looked for once, at the first place behind the one before it, and must not follow that one
    directly. So it may not end with a text, which could be there earlier as well; and short texts could be anywhere.
    """
    said = [text for text in texts if text]
    if len(texts) < 2 or texts[-1] or any(map(_CAPTURE.search, said)):
        return False
    if len(said) == 1:
        return True
    joined = any(left + right in template.example for left, right in pairwise(said))
    return not joined and all(len(text) >= _TELLING and any(map(str.isalpha, text)) for text in said)


def _texts(template: Template) -> list[str]:
    """Return what stands between the variables of a template. Each variable stands for one character at least.

    One that lines may have nothing for takes the character in front of it as well.
    """
    texts = [""]
    for mark in JOINED.sub(_variable, "".join(template.words)):
        if mark == MAYBE:
            texts[-1] = texts[-1][:-1]
            if texts[-1] or len(texts) == 1:
                texts.append("")
        elif mark not in _GAPS:
            texts[-1] += mark
        elif texts[-1] or len(texts) == 1:
            texts.append("")
    return texts


def _variable(match: re.Match[str]) -> str:
    return VARIABLE if match[0].strip(MAYBE) else MAYBE


def _regex(template: Template, texts: list[str]) -> str:
    begin = "^" if template.is_line and texts[0] else r"\b" if re.match("[A-Za-z0-9_]", texts[0]) else ""
    return begin + ".+".join(map(escape, texts)) + ("$" if template.is_end else "")
