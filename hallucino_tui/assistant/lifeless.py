"""Markdown that others wrote, for a reader who draws it: a picture in it would be fetched, and tell somebody."""

from __future__ import annotations

import re
from typing import Final

# What makes a link, a picture or HTML of text. Each is broken so that it is none inside and outside of code: what is
# code and what is not, readers of Markdown do not agree on.
_LIVE: Final = (
    (re.compile(r"<(?=[A-Za-z/!?])"), "&lt;"),
    (re.compile(r"\](?=[(\[:])"), "] "),
    (re.compile(r"!(?=\[)"), "! "),
    (re.compile("://"), ": //"),
    (re.compile(r"(?i)\bwww\."), "www ."),
    (re.compile(r"(?i)\bmailto:"), "mailto :"),
)


def lifeless(text: str) -> str:
    """Return Markdown without links, pictures and HTML; all that they said stays as text."""
    for pattern, instead in _LIVE:
        text = pattern.sub(instead, text)
    return text
