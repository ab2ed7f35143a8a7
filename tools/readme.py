"""Writes the README's lists that are made from the code: keys, settings. ``python -m tools.readme`` puts them in."""

from __future__ import annotations

import sys
from pathlib import Path

from hallucino_tui.config.keys import KEYS, PRESETS, Where, shown
from hallucino_tui.config.settings import describe_settings

README = Path(__file__).parents[1] / "README.md"
_PLACES = {
    Where.ANYWHERE: "Anywhere outside a field",
    Where.LOGS: "Logs",
    Where.TREE: "Cluster tree",
    Where.ASSISTANT: "Assistant",
    Where.SENDING: "Before something is sent",
    Where.DETAIL: "One line whole",
    Where.FILTERS: "List of filters",
    Where.PATTERNS: "List of patterns",
    Where.NOTEBOOK: "Incident notebook",
    Where.MODELS: "List of models",
    Where.LIST: "Lists",
    Where.TEXT: "Texts in pop-ups",
    Where.QUESTION: "Questions",
}


def keys_table() -> str:
    """Return the list of keys."""
    lines = ["| where | keys | what | name |", "|---|---|---|---|"]
    for where, place in _PLACES.items():
        for number, key in enumerate(key for key in KEYS if key.where is where):
            chords = " ".join(_code(shown(chord)) for chord in key.keys)
            lines.append(f"| {'' if number else place} | {chords} | {key.help or key.title} | `{key.id}` |")
    return "\n".join(lines)


def presets_table() -> str:
    """Return what the presets change."""
    lines = ["| preset | name | keys |", "|---|---|---|"]
    for preset, changes in PRESETS.items():
        for number, (id_, keys) in enumerate(changes.items()):
            chords = " ".join(_code(shown(chord)) for chord in keys.split())
            lines.append(f"| {'' if number else preset} | `{id_}` | {chords} |")
    return "\n".join(lines)


def settings_table() -> str:
    """Return the list of settings."""
    lines = ["| setting | default | what | variable |", "|---|---|---|---|"]
    for path, default, text in describe_settings():
        if path[0] != "keys":
            value = f"`{default!r}`".replace("'", '"')
            variable = "HALLUCINO_" + "_".join(path).upper()
            lines.append(f"| `{'.'.join(path)}` | {value} | {text} | `{variable}` |")
    return "\n".join(lines)


TABLES = {"keys": keys_table, "presets": presets_table, "settings": settings_table}


def with_tables(text: str) -> str:
    """Return a README's text with all lists as the code has them now."""
    for name, make in TABLES.items():
        begin, end = f"<!-- {name}: made by tools/readme.py -->", f"<!-- /{name} -->"
        if begin not in text or end not in text:
            raise ValueError(f"the README has no place for {name}: {begin} ... {end}")
        before, _, after = text.partition(begin)
        text = f"{before}{begin}\n{make()}\n{end}{after.partition(end)[2]}"
    return text


def _code(chord: str) -> str:
    return f"`{chord}`" if "`" not in chord else f"`` {chord} ``"


if __name__ == "__main__":
    README.write_text(with_tables(README.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write("README.md is up to date.\n")
