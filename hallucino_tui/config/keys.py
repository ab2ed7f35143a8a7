"""The keys in effect. Bindings, footer, help screen, command palette and README's list are made from them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from hallucino_tui.config.chords import chord_named
from hallucino_tui.config.key import Key, Where
from hallucino_tui.config.key_table import KEYS, LOOKS, PRESETS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["KEYS", "LOOKS", "PRESETS", "Key", "KeysError", "Where", "duplicates", "keys_for", "shown"]


class KeysError(ValueError):
    """A user's keys cannot be used; ``str(error)`` says which and why."""


def keys_for(preset: str, overrides: Mapping[str, str] | None = None) -> tuple[Key, ...]:
    """Return the table with a preset and a user's own keys over it.

    Args:
        preset: Name of a preset.
        overrides: Keys by id, several of them separated by spaces; "" takes the key away.

    Raises:
        KeysError: An id or a key is unknown, or a key would mean two things in one place.
    """
    changes = {**PRESETS[preset], **(overrides or {})}
    known = {key.id for key in KEYS}
    for id_ in changes:
        if id_ not in known:
            raise KeysError(f"The settings' keys name {id_!r}, which is no key's name: see the list in the README.")
    table = tuple(replace(key, keys=_chords(key.id, changes[key.id])) if key.id in changes else key for key in KEYS)
    if twice := duplicates(table):
        first, second, chord = twice[0]
        raise KeysError(f"The key {chord} would mean both {first} and {second}: give one of them another key.")
    return table


def _chords(id_: str, written: str) -> tuple[str, ...]:
    chords = {chord: chord_named(chord) for chord in written.split()}
    if wrong := next((chord for chord, named in chords.items() if not named), ""):
        raise KeysError(
            f"The settings give {id_} the key {wrong!r}, which is no key: write it like ctrl+f, f5 or slash."
        )
    return tuple(chords.values())


def duplicates(table: Iterable[Key]) -> list[tuple[str, str, str]]:
    """Return pairs of ids that one key would trigger in one place, with that key."""
    taken: dict[tuple[Where, str], str] = {}
    found: list[tuple[str, str, str]] = []
    for key in table:
        for chord in key.keys:
            other = taken.setdefault((key.where, chord), key.id)
            if other != key.id:
                found.append((other, key.id, chord))
    return found


_NAMES: Final = {
    "question_mark": "?", "colon": ":", "slash": "/", "ampersand": "&", "less_than_sign": "<", "greater_than_sign": ">",
    "vertical_line": "|", "left_square_bracket": "[", "right_square_bracket": "]", "apostrophe": "'",
    "quotation_mark": '"', "equals_sign": "=", "exclamation_mark": "!", "plus": "+", "minus": "-",
    "escape": "esc", "pagedown": "PgDn", "pageup": "PgUp", "left": "←", "right": "→", "up": "↑", "down": "↓",
    "home": "Home", "end": "End",
}  # fmt: skip


def shown(chord: str) -> str:
    """Return a key as a reader knows it."""
    return _NAMES.get(chord, chord)
