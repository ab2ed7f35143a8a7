"""The names of keys: which there are, and how a key is named of which only the character was written."""

from __future__ import annotations

import string
import unicodedata
from typing import Final

_MODIFIERS: Final = frozenset({"ctrl", "alt", "shift", "super", "hyper", "meta"})
_WORDS: Final = """
    up down left right home end insert delete pageup pagedown escape tab enter backspace space
    menu pause print_screen caps_lock num_lock scroll_lock iso_level3_shift iso_level5_shift kp_begin
    add subtract multiply divide decimal equal separator lower_volume mute_volume raise_volume
    media_fast_forward media_pause media_play media_play_pause media_record media_reverse media_rewind media_stop
    media_track_next media_track_previous left_alt left_control left_hyper left_meta left_shift left_super
    right_alt right_control right_hyper right_meta right_shift right_super
"""
_NAMED: Final = frozenset([*_WORDS.split(), *(f"f{number}" for number in range(1, 36))])
_SHORT: Final = {
    "solidus": "slash", "reverse_solidus": "backslash", "commercial_at": "at", "hyphen_minus": "minus",
    "plus_sign": "plus", "low_line": "underscore",
}  # fmt: skip


def chord_named(chord: str) -> str:
    """Return a key by the name that it has when it is pressed, ``question_mark`` for ``?``; "" if it is no key."""
    before, _, rest = chord[:-1].rpartition("+")  # the last character may be a plus itself
    base = _base(rest + chord[-1:])
    modifiers = before.split("+") if before else []
    if not base or not _MODIFIERS.issuperset(modifiers):
        return ""
    return "+".join([*modifiers, base])


def _base(key: str) -> str:
    if len(key) == 1:
        return _name(key) if key.isprintable() else ""
    return key if key in _NAMED or key in _PUNCTUATION or _is_character(key) else ""


def _name(character: str) -> str:
    if character.isalnum():
        return character
    name = unicodedata.name(character, "").lower().replace("-", "_").replace(" ", "_")
    return _SHORT.get(name, name)


def _is_character(name: str) -> bool:
    try:
        return _name(unicodedata.lookup(name.replace("_", " "))) == name
    except KeyError:
        return False


_PUNCTUATION: Final = frozenset(map(_name, string.punctuation))
