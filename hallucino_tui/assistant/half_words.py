"""Quotations that were cut before their secrets were replaced: half a secret is no secret to any rule."""

from __future__ import annotations

import re
from typing import Final

CUT: Final = "…"
_LAST_WORD: Final = re.compile(rf"(?<![^\s`{CUT}])[^\s`{CUT}]++{CUT}")


def without_half_words(text: str) -> str:
    """Return text without the last word in front of each sign that something was cut, unless it is only letters."""
    return _LAST_WORD.sub(_without_half, text)


def _without_half(match: re.Match[str]) -> str:
    word = match[0].removesuffix(CUT)
    half = max(word.rfind('"'), word.rfind("'")) + 1
    return match[0] if word[half:].isalpha() else word[:half] + CUT
