"""How a run of a container ended, in few words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hallucino_tui.logs.moment import NANOSECONDS
from hallucino_tui.logs.notice import NoticeKind

if TYPE_CHECKING:
    from hallucino_tui.session.inventory import Instance

OUT_OF_MEMORY: Final = "OOMKilled"
"""The reason of a run that the node killed for want of memory."""


def describe_ending(exit_code: int | None, reason: str) -> str:
    """Return how a run ended: ``exit code 137, OOMKilled``."""
    if exit_code is None:
        return reason or "its end was not seen"
    return f"exit code {exit_code}" + (f", {reason}" if reason else "")


def how_it_ended(instance: Instance) -> str:
    """Return how a run ended and after how long: ``exit code 137, OOMKilled after 3 min``."""
    if instance.exit_code is None:
        return "its end was not seen"
    lasted = (instance.finished - instance.started) // NANOSECONDS if instance.started and instance.finished else 0
    after = f" after {_long(lasted)}" if lasted else ""
    return describe_ending(instance.exit_code, instance.reason) + after


def kind_of_ending(instance: Instance) -> NoticeKind:
    """Return the kind of the divider that stands where a run ended."""
    return NoticeKind.OOM if instance.reason == OUT_OF_MEMORY else NoticeKind.END


def started_again(container: str, restarts: int, before: Instance | None) -> str:
    """Return the words of the divider that stands where the next run begins."""
    how = "" if before is None or before.exit_code is None else f" after {_reason(before)}"
    return f"{container} started again (restart {restarts}){how}"


def _reason(instance: Instance) -> str:
    return describe_ending(instance.exit_code, instance.reason)


def _long(seconds: int) -> str:
    """Return a duration in the unit that says most in few digits."""
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
