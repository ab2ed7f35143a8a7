"""Characters that stand for something in folded lines, and among the tokens and words of templates."""

from __future__ import annotations

from typing import Final

VARIABLE: Final = "\0"
"""A variable. (A line that has this character of its own has a variable there.)"""

BLANK: Final = "\2"
"""Blanks that are not the same in all lines of a template."""

EPOCH: Final = "\3"
"""A number that may be a time in seconds, or in thousandths of them, since 1970."""

MAYBE: Final = "\4"
"""A variable that some lines have nothing for."""

SERVER_ERROR: Final = "\5"
"""A status of HTTP from 500 on."""

NUMBER: Final = "0"
"""Any other number, also one that is a part of a word."""
