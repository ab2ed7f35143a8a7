"""Which notebook is meant: by its name, or by what the incident is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hallucino_tui.session.notebook import NotebookError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.session.notebook import Listed

_MOST_NAMED: Final = 5


def name_meant(wanted: str, listed: Sequence[Listed]) -> str:
    """Return the name of the notebook that is meant.

    Args:
        wanted: Its name; or its title or how that begins, in capitals or not.
        listed: All notebooks.

    Returns:
        The name; what is wanted itself if no notebook is called so.

    Raises:
        NotebookError: Several are called so.
    """
    if any(one.name == wanted for one in listed):
        return wanted
    title = _folded(wanted)
    found = [one for one in listed if _folded(one.title) == title and title]
    found = found or [one for one in listed if _folded(one.title).startswith(title) and title]
    if len(found) > 1:
        names = ", ".join(f"{one.name} ({one.title})" for one in found[:_MOST_NAMED])
        more = f" and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
        raise NotebookError(f"Several notebooks are called {wanted!r}: name one of {names}{more}.")
    return found[0].name if found else wanted


def _folded(title: str) -> str:
    return " ".join(title.split()).casefold()
