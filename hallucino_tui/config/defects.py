"""What happens when the program itself is wrong: one sentence for the user, the rest into a private file."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

from hallucino_tui import __version__
from hallucino_tui.config.paths import state_folder

if TYPE_CHECKING:
    from pathlib import Path


def report_defect(error: BaseException) -> str:
    """Write where a defect is to a file that only its owner can read; return the sentence for the user.

    The file holds places in the code and the kind of the error, and no values: a value may be a secret.
    """
    kind = type(error).__name__
    places = "".join(traceback.format_list(traceback.extract_tb(error.__traceback__)))
    path = state_folder() / "defect.txt"
    try:
        _write(path, f"Hallucino {__version__}\n{kind}\n{places}")
    except OSError:
        return f"Hallucino stopped by a defect of its own ({kind}). Please report it."
    return f"Hallucino stopped by a defect of its own ({kind}). Please report it, with the file {path}."


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
