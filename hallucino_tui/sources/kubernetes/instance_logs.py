"""The logs of one container's instances, one after the other, with what is known of the seams between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hallucino_tui.logs.moment import NANOSECONDS
from hallucino_tui.logs.notice import NoticeKind
from hallucino_tui.sources.kubernetes.endings import how_it_ended, kind_of_ending, started_again
from hallucino_tui.sources.kubernetes.errors import ApiError, ClusterError
from hallucino_tui.sources.kubernetes.instance_log import InstanceLog
from hallucino_tui.sources.kubernetes.log_request import Ended, Ending, Start
from hallucino_tui.sources.kubernetes.run_before import read_quietly, recent_run_before
from hallucino_tui.sources.kubernetes.streams import make_stream

if TYPE_CHECKING:
    from hallucino_tui.session.backoff import Backoff
    from hallucino_tui.session.inventory import Container, Instance
    from hallucino_tui.sources.kubernetes.followed_pod import FollowedPod
    from hallucino_tui.sources.kubernetes.outlet import Outlet
    from hallucino_tui.sources.kubernetes.shared import Shared

_WHOLE_LOG: Final = Start(tail=None)


class InstanceLogs:
    """Knows which instance's log is read, and reads what is left of those before it.

    Attributes:
        current: The log that is read; None before the container's first start.
        may_lack: Whether lines may be missing at its end: the connection was cut.
    """

    def __init__(
        self, shared: Shared, outlet: Outlet, backoff: Backoff, pod: FollowedPod, container: str, start: Start
    ) -> None:
        """Prepare.

        Args:
            shared: What all followers share.
            outlet: Takes lines and notices.
            backoff: Begins anew when a log was read to its end.
            pod: The pod.
            container: The container's name.
            start: Where the first reading begins.
        """
        self.current: InstanceLog | None = None
        self.may_lack = False
        self._shared = shared
        self._outlet = outlet
        self._backoff = backoff
        self._pod = pod
        self._name = container
        self._start = start
        self._restarts = 0

    async def of(self, container: Container) -> InstanceLog:
        """Return the log of the current instance, closing the book on those before it."""
        old, instance, previous = self.current, container.instance, container.previous
        if old is None:
            return await self._first_log(container)
        if old.container_id == instance.container_id:
            return old
        if instance.started and old.position.time >= instance.started + NANOSECONDS:
            return await self._mistaken(old, container)
        if previous is not None and previous.container_id == old.container_id:
            await self._read_previous(old, previous)
            return self._begin(old, instance, container.restarts, previous)
        skipped = container.restarts - self._restarts - 1
        readable = previous is not None and bool(previous.container_id) and skipped > 0
        if not old.complete or skipped > int(readable):
            self._outlet.receipt.gaps += 1
            text = f"lines may be missing here: {self._name} was started again {max(skipped, 0) + 1} times meanwhile"
            self._outlet.note(old.stream, self.after(old, 0), NoticeKind.GAP, text)
        if previous is None or not readable:
            return self._begin(old, instance, container.restarts, previous)
        between = self._begin(old, previous, container.restarts - 1)
        await self._read_previous(between, previous)
        return self._begin(between, instance, container.restarts, previous)

    def close(self, log: InstanceLog, instance: Instance, words: str) -> None:
        """Note that an instance's log was read to its end, and how the instance ended."""
        log.complete = True
        self._backoff.reset()
        if words:
            kind = NoticeKind.GAP if words.startswith("lines") else NoticeKind.ERROR
            self._outlet.note(log.stream, self.after(log, 0), kind, words)
        text = f"{self._name} ended: {how_it_ended(instance)}"
        self._outlet.note(log.stream, self.after(log, instance.finished), kind_of_ending(instance), text)

    def after(self, log: InstanceLog, time: int) -> int:
        """Return `time`, or the time of the last line if that is later: a divider stands behind it."""
        last = log.position.time if log.position.line is not None else 0
        return max(time, last) or self._shared.clock.now()

    async def _first_log(self, container: Container) -> InstanceLog:
        """Return the log of the first instance that is read, below the one before it if that ended just now."""
        instance, restarts, now = container.instance, container.restarts, self._shared.clock.now()
        before = recent_run_before(container, self._start, now) if self._shared.runs_before else None
        if before is None:
            self.current, self._restarts = self._new_log(instance.container_id, self._start), restarts
            return self.current
        log = self._new_log(before.container_id, self._start)
        is_whole = await read_quietly(log)
        self._outlet.receipt.gaps += not is_whole
        self.close(log, before, "" if is_whole else "lines may be missing here: the connection was cut again and again")
        return self._begin(log, instance, restarts, before, self._start)

    async def _mistaken(self, old: InstanceLog, container: Container) -> InstanceLog:
        """Put right that lines of the current instance were taken for those of the one before.

        The node knows of a restart up to a second before the cluster does, so a log that was opened in that second may
        be the next one already.
        """
        if container.previous is not None and container.previous.container_id:
            log = self._new_log(container.previous.container_id, _WHOLE_LOG)
            # Should the reading break off, the next one goes on from there.
            log.position = old.before_gap = old.before_gap or log.position
            await self._read_previous(log, container.previous)
            self._outlet.receipt.stream = self._shared.table[old.stream]
        old.container_id = container.instance.container_id
        self._restarts = container.restarts
        words = started_again(self._name, container.restarts, container.previous)
        self._outlet.note(old.stream, container.instance.started, NoticeKind.RESTART, words)
        return old

    def _begin(
        self,
        old: InstanceLog,
        instance: Instance,
        restarts: int,
        before: Instance | None = None,
        start: Start = _WHOLE_LOG,
    ) -> InstanceLog:
        """Start the log of a later instance, with a divider that says how the run before ended, if that is known."""
        log = self.current = self._new_log(instance.container_id, start)
        self._restarts = restarts
        self.may_lack = False
        time = max(instance.started, self.after(old, 0))
        self._outlet.note(log.stream, time, NoticeKind.RESTART, started_again(self._name, restarts, before))
        return log

    async def _read_previous(self, log: InstanceLog, instance: Instance) -> None:
        """Read the rest of an instance that is the container's previous one."""
        if log.complete:
            return
        try:
            ended = await log.read_rest(previous=True)
        except ApiError as error:
            if error.status != 400:
                raise
            ended = Ended(Ending.SERVER_ERROR, error.message)
        if ended.ending is Ending.CUT:
            log.interrupt()
            raise ClusterError("The connection was cut while the log of the run before was read.")
        if ended.words:
            self._outlet.receipt.gaps += 1
        self.close(log, instance, ended.words and f"lines may be missing here: {ended.words}")

    def _new_log(self, container_id: str, start: Start) -> InstanceLog:
        shared = self._shared
        stream = make_stream(shared.cluster, self._pod.pod, self._name, container_id)
        self._outlet.receipt.stream = stream
        return InstanceLog(
            client=shared.client,
            clock=shared.clock,
            outlet=self._outlet,
            opening=shared.opening,
            is_still=self._pod.is_still,
            pod=self._pod.pod,
            container=self._name,
            stream=shared.table.number(stream),
            container_id=container_id,
            start=start,
            quiet=shared.quiet,
        )
