"""Names of pods and streams in the room that there is."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size


def fit_name(name: str, cells: int) -> str:
    """Fit a name into exactly so many cells; what differs between pods stands at both ends, so the middle goes."""
    if cell_len(name) <= cells:
        return set_cell_size(name, cells)
    tail = min(6, cells // 3)
    return set_cell_size(f"{name[: cells - tail - 1]}…{name[-tail:] if tail else ''}", cells)
