"""Where files live."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import platformdirs

_NAME: Final = "hallucino"
_HERE: Final = Path(__file__).resolve().parent.parent


def config_folder() -> Path:
    """Return the folder of what the user writes: settings, themes, keys. It may not exist."""
    return platformdirs.user_config_path(_NAME, appauthor=False)


def state_folder() -> Path:
    """Return the folder of what the program remembers. It may not exist."""
    return platformdirs.user_state_path(_NAME, appauthor=False)


def settings_file() -> Path:
    """Return the settings file. It may not exist."""
    return config_folder() / "settings.toml"


def notebook_folder() -> Path:
    """Return the folder of incident notebooks. It may not exist."""
    return state_folder() / "notebooks"


def theme_folders() -> tuple[Path, ...]:
    """Return the folders that themes are looked for in; a later one overrides an earlier one."""
    packaged, checkout = _HERE / "themes", _HERE.parent / "themes"
    shipped = packaged if packaged.is_dir() else checkout
    return shipped, config_folder() / "themes"
