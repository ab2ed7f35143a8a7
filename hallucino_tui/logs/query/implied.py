"""What label filters say about the text of lines before anything is read out of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.logs.query.ast import (
    Json,
    LabelFilter,
    LineFilter,
    LineOp,
    LineTerm,
    Logfmt,
    Matcher,
    MatchOp,
    Pattern,
    Regexp,
)
from hallucino_tui.logs.query.label_names import ERROR, ERROR_DETAILS, LEVEL
from hallucino_tui.logs.query.label_test_parts import parts_of
from hallucino_tui.logs.query.regex import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hallucino_tui.logs.query.ast import Stage

_SAME_IN_ANY_NOTATION: Final = re.compile(r"[A-Za-z0-9_.:@+-]{2,}")
"""Texts that can be written in a JSON or a logfmt line only as they are, or with the escape below."""
_ESCAPED: Final = r"\\u"
_OWN: Final = frozenset({LEVEL, ERROR, ERROR_DETAILS})


def implied_by(stages: Iterable[Stage]) -> Iterator[tuple[str, LineFilter]]:
    """Give line filters that must hold for a label filter to hold: a value that was found in a line stands there.

    Args:
        stages: Stages of which the first ones see lines as they came.

    Yields:
        The label, and the line filter; it need not hold for lines of streams that have the label themselves.
    """
    for stage in stages:
        if isinstance(stage, LabelFilter):
            for test in parts_of(stage.test):
                if (
                    isinstance(test, Matcher)
                    and test.op is MatchOp.EQUAL
                    and _SAME_IN_ANY_NOTATION.fullmatch(test.value)
                    and test.name not in _OWN
                ):
                    yield test.name, LineFilter(LineOp.MATCHES, (LineTerm(f"{escape(test.value)}|{_ESCAPED}"),))
        elif not isinstance(stage, Json | Logfmt | Regexp | Pattern):
            return
