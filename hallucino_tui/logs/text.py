"""Log text made harmless: control bytes are shown, never obeyed."""

from __future__ import annotations

import re
from typing import Final

_PICTURES: Final = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "\u2421"}
"""C0 controls and DEL as the control pictures of Unicode, one cell each."""
_ON_SCREEN: Final = {code: picture for code, picture in _PICTURES.items() if code != ord("\t")}
_TO_PASTE: Final = {code: picture for code, picture in _ON_SCREEN.items() if code != ord("\n")}

# Characters that are invisible, break lines, turn the writing direction, or that terminals may take for commands.
_TREACHEROUS: Final = (
    "\x80-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f\u2028-\u202f\u205f-\u206f\u3164"
    "\ufeff\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff\ud800-\udfff"
)
_NUMBERED: Final = re.compile(f"[{_TREACHEROUS}]")
# Terminals disagree on how wide these make a picture; without them a cell is a cell.
_JOINERS: Final = re.compile("[\u200d\ufe00-\ufe0f]")
_PLAIN: Final = re.compile(r"[\x20-\x7e]*\Z")


def shown(text: str) -> str:
    """Return text that a terminal draws and does not obey.

    Control bytes become their pictures, treacherous characters their number, for example ``<U+202E>``. A tab stays a
    tab: how wide it is depends on where it stands.
    """
    if _PLAIN.match(text):
        return text
    return _NUMBERED.sub(_numbered, _JOINERS.sub("", text.translate(_ON_SCREEN)))


def shown_lines(text: str) -> str:
    """Return text of several lines that a terminal draws and does not obey; newlines stay."""
    return "\n".join(map(shown, text.split("\n")))


def copied(text: str) -> str:
    """Return text that is safe to paste: control bytes other than tab and newline are replaced."""
    if _PLAIN.match(text):
        return text
    return _NUMBERED.sub("\ufffd", text.translate(_TO_PASTE))


def _numbered(match: re.Match[str]) -> str:
    return f"<U+{ord(match[0]):04X}>"
