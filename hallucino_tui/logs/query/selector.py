"""The selector of a query: which streams it is about, and which severities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hallucino_tui.logs.query.label_names import LEVEL
from hallucino_tui.logs.query.text_match import TextMatch, level_mask
from hallucino_tui.logs.severity import Level

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hallucino_tui.logs.query.ast import Query


def stream_matches(query: Query) -> list[tuple[str, TextMatch]]:
    """Return the tests of labels of streams."""
    return [(matcher.name, TextMatch(matcher)) for matcher in query.matchers if matcher.name != LEVEL]


def level_mask_of(query: Query) -> NDArray[np.bool_]:
    """Say of each severity whether the selector lets its lines through: eight truth values."""
    mask = np.ones(len(Level), np.bool_)
    for matcher in query.matchers:
        if matcher.name == LEVEL:
            mask &= level_mask(matcher)
    return mask
