"""Work that a screen starts and does not wait for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ParamSpec

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from textual.screen import Screen

P = ParamSpec("P")


def start(
    screen: Screen[Any],
    group: str,
    work: Callable[P, Coroutine[object, object, object]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> None:
    """Call an async function and let it run; in a group that has a name, only the newest goes on.

    The function is called when the work begins: a coroutine that is made before and cancelled at once would never run.
    """
    screen.run_worker(partial(work, *args, **kwargs), group=group or "default", exclusive=bool(group))
