"""Keeps the interpreter's garbage collector from holding up the screen.

A full collection looks at every object there is, and no other thread runs meanwhile: with the 5,000 pods of a large
cluster in memory that takes more than 100 ms. Nearly all of these objects live long and are freed by their reference
count, so what has survived for some seconds is taken out of the collector's sight. Cycles that end up there are looked
for rarely.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from hallucino_tui.session.clock import Clock

_THRESHOLDS: Final = (5_000, 10, 1_000)
_SETTLE_SECONDS: Final = 5.0
_LOOK_SECONDS: Final = 900.0


async def keep_pauses_short(clock: Clock) -> None:
    """Take long-lived objects out of the collector's sight, again and again, until cancelled."""
    gc.set_threshold(*_THRESHOLDS)
    looked = clock.monotonic()
    while True:
        await clock.sleep(_SETTLE_SECONDS)
        if clock.monotonic() - looked > _LOOK_SECONDS:
            looked = clock.monotonic()
            gc.unfreeze()
            gc.collect()
        else:
            gc.collect(0)
        gc.freeze()
