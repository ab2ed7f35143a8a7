"""Themes: colours by what they mean, from TOML files, as plain data."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final

import msgspec

from hallucino_tui.config.paths import theme_folders

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Colour = Annotated[str, msgspec.Meta(pattern=r"\A#[0-9a-fA-F]{6}\Z")]


class ThemeError(ValueError):
    """A theme cannot be used; ``str(error)`` says which and why."""


class Surfaces(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Backgrounds and what is written on them."""

    background: Colour
    panel: Colour
    raised: Colour
    text: Colour
    muted: Colour
    accent: Colour
    border: Colour
    border_focused: Colour
    cursor: Colour
    selection: Colour
    match: Colour
    match_text: Colour


class Levels(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The severities of lines."""

    trace: Colour
    debug: Colour
    info: Colour
    notice: Colour
    warn: Colour
    error: Colour
    fatal: Colour


class States(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """How pods and streams are, and what dividers speak of."""

    good: Colour
    pending: Colour
    bad: Colour
    done: Colour
    gap: Colour
    control: Colour


class Theme(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One theme.

    Attributes:
        name: What settings call it.
        dark: Whether its backgrounds are darker than its text.
        surfaces: Backgrounds and text.
        levels: Severities.
        states: Health.
        streams: Colours that tell streams apart; any number from four on.
    """

    name: str
    dark: bool
    surfaces: Surfaces
    levels: Levels
    states: States
    streams: Annotated[tuple[Colour, ...], msgspec.Meta(min_length=4)]


@dataclass(frozen=True, slots=True)
class Themes:
    """All themes that were found, and what was wrong with the others."""

    by_name: dict[str, Theme]
    problems: tuple[str, ...] = ()


def load_themes(folders: Iterable[Path] | None = None) -> Themes:
    """Read all themes; a broken file of the user is reported and left out.

    Args:
        folders: Where to look; a later folder overrides an earlier one. None for the usual places.
    """
    found: dict[str, Theme] = {}
    problems: list[str] = []
    for folder in theme_folders() if folders is None else folders:
        for path in sorted(folder.glob("*.toml")):
            try:
                theme = read_theme(path)
            except ThemeError as error:
                problems.append(str(error))
            else:
                found[theme.name] = theme
    return Themes(found, tuple(problems))


def read_theme(path: Path) -> Theme:
    """Read one theme.

    Raises:
        ThemeError: The file cannot be read or is no theme.
    """
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Theme)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ThemeError(f"The theme {path} is left out: {error}.") from error


_HEX: Final = re.compile(r"#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})\Z")


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours as WCAG 2 defines it, from 1 to 21."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    match = _HEX.match(colour)
    if match is None:
        raise ValueError(f"{colour!r} is no colour")
    channels = [int(part, 16) / 255 for part in match.groups()]
    red, green, blue = [
        channel / 12.92 if channel <= 0.03928 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels
    ]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
