"""The run of a container that ended shortly before it was read for the first time: the reader wants to see its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hallucino_tui.logs.moment import NANOSECONDS
from hallucino_tui.session.inventory import ContainerState
from hallucino_tui.sources.kubernetes.errors import ApiError
from hallucino_tui.sources.kubernetes.history import OLDER_LINES
from hallucino_tui.sources.kubernetes.log_request import Ending

if TYPE_CHECKING:
    from hallucino_tui.session.inventory import Container, Instance
    from hallucino_tui.sources.kubernetes.instance_log import InstanceLog
    from hallucino_tui.sources.kubernetes.log_request import Start

_RECENT: Final = 3600 * NANOSECONDS
_TRIES: Final = 3


def run_before(container: Container) -> Instance | None:
    """Return the run before the current one, or None if the cluster knows of none that has ended."""
    before = container.previous
    if before is None or container.state is ContainerState.WAITING or not before.finished:
        return None
    return before if before.container_id and before.container_id != container.instance.container_id else None


def recent_run_before(container: Container, start: Start, now: int) -> Instance | None:
    """Return the run before the current one if it belongs to what is to be read: it ended within the last hour.

    Where fewer lines are asked for than the reader gets who asks for that run, it is left to the reader to ask.

    Args:
        container: The container.
        start: Where its reading begins.
        now: The time, in nanoseconds since the epoch.
    """
    before = run_before(container)
    is_asked_for = start.tail is None or start.tail >= OLDER_LINES
    if before is None or not is_asked_for or now - before.finished > _RECENT:
        return None
    return before if start.since is None or before.finished >= start.since * NANOSECONDS else None


async def read_quietly(log: InstanceLog) -> bool:
    """Read the log of a run before as far as it is still there; nobody asked for it, so nothing is said of what is not.

    Returns:
        Whether it could be read to its end, if it is there.

    Raises:
        ClusterError: The cluster does not answer.
        OtherInstanceError: The container was started again meanwhile.
    """
    for _ in range(_TRIES):
        try:
            ended = await log.read_rest(previous=True)
        except ApiError as error:
            if error.status not in {400, 403, 404}:
                raise
            return True
        if ended.ending is not Ending.CUT:
            return True
        log.interrupt()
    return False
