"""Follows one container of one pod through cuts, rotations and restarts, for as long as the pod exists."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from hallucino_tui.logs.moment import NANOSECONDS
from hallucino_tui.logs.notice import NoticeKind
from hallucino_tui.session.backoff import Backoff
from hallucino_tui.session.inventory import ContainerState
from hallucino_tui.session.receipts import Receipt, StreamState
from hallucino_tui.sources.kubernetes.endings import how_it_ended, kind_of_ending, started_again
from hallucino_tui.sources.kubernetes.errors import ApiError, ClusterError
from hallucino_tui.sources.kubernetes.instance_log import InstanceLog, OtherInstanceError
from hallucino_tui.sources.kubernetes.log_request import Ended, Ending, Slot, Start, pod_path
from hallucino_tui.sources.kubernetes.objects import PodObject, to_pod
from hallucino_tui.sources.kubernetes.outlet import Outlet
from hallucino_tui.sources.kubernetes.run_before import read_quietly, recent_run_before
from hallucino_tui.sources.kubernetes.streams import make_stream

if TYPE_CHECKING:
    from hallucino_tui.logs.stream import StreamTable
    from hallucino_tui.session.clock import Clock
    from hallucino_tui.session.inventory import Container, Instance, Pod
    from hallucino_tui.sources.kubernetes.client import Client

_POLL_SECONDS: Final = 2.0
_FOLLOW_AGAIN_SECONDS: Final = 60.0
_FORBIDDEN_SECONDS: Final = 60.0
_LOOK_AGAIN_SECONDS: Final = 60.0
_WHOLE_LOG: Final = Start(tail=None)


@dataclass(slots=True)
class Shared:
    """What all followers of a cluster share.

    Attributes:
        client: Speaks to the API server.
        clock: Tells the time.
        table: Numbers the streams.
        cluster: The cluster's name, for the streams' labels.
        opening: Lets only so many answers be opened at once.
        quiet: Seconds without a line after which a follow is probed.
        longest_wait: No wait before trying again is longer, in seconds.
        runs_before: Whether a run that ended shortly before a container is read for the first time is read, too.
    """

    client: Client
    clock: Clock
    table: StreamTable
    cluster: str
    opening: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(20))
    quiet: float = 30.0
    longest_wait: float = 30.0
    runs_before: bool = False


class Follower:
    """Brings the lines of one container, whatever instance of it runs."""

    def __init__(self, shared: Shared, pod: Pod, container: str, start: Start) -> None:
        """Prepare; `run` does the work.

        Args:
            shared: What all followers share.
            pod: The pod as it was last seen.
            container: The container's name.
            start: Where the first reading begins.
        """
        self.slot = Slot(pod.uid, container)
        self.outlet = Outlet(Receipt(make_stream(shared.cluster, pod, container, "")), shared.clock)
        self._shared = shared
        self._pod = pod
        self._gone = False
        self._name = container
        self._start = start
        self._log: InstanceLog | None = None
        self._restarts = 0
        self._may_lack = False
        self._over = False
        self._changed = asyncio.Event()
        self._backoff = Backoff(longest=shared.longest_wait)
        self.outlet.state(StreamState.WAITING)

    @property
    def over(self) -> bool:
        """Whether nothing more will ever come."""
        return self._over

    @property
    def log(self) -> InstanceLog | None:
        """The log that is being read; None before the container's first start."""
        return self._log

    def observe(self, pod: Pod | None) -> None:
        """Take a newer state of the pod; None if it is gone."""
        if pod is None:
            self._gone = True
        else:
            self._pod = pod
        self._changed.set()

    def hurry(self) -> None:
        """Look at once whether the connection is alive: the machine slept, or its network changed."""
        self._changed.set()
        if self._log is not None:
            self._log.hurry()

    async def run(self) -> None:
        """Read until the pod is gone or nothing in it will run again."""
        while not self._over:
            self._changed.clear()
            try:
                await self._step()
            except OtherInstanceError:
                continue  # the pod was read anew when this was found out, so the next step sees the restart
            except ApiError as error:
                await self._refused(error)
            except ClusterError as error:
                self._interrupted(str(error))
                await self._wait(self._backoff.next())

    async def _step(self) -> None:
        """Do what the container's state asks for."""
        container = self._pod.container(self._name)
        if self._gone:
            self._finish("the pod is gone")
        elif container is None or not container.instance.container_id:
            if self._pod.finished:
                self._finish("never started")
            else:
                await self._wait_for_change(StreamState.WAITING, container.reason if container else "")
        else:
            log = await self._log_of(container)
            if container.state is ContainerState.RUNNING:
                await self._follow(log)
            else:
                await self._read_to_the_end(log, container)

    async def _follow(self, log: InstanceLog) -> None:
        before = log.position.time
        ended = await log.follow()
        if log.position.time != before:
            self._backoff.reset()
        if ended.ending is Ending.TOO_MANY_FILES:
            await self._poll(log, ended)
            return
        self._may_lack = ended.ending is not Ending.CLEAN
        if ended.ending is not Ending.CLEAN:
            log.interrupt()
            self.outlet.state(StreamState.RECONNECTING, ended.words or "the connection was cut")
        await self._refresh()
        container = self._pod.container(self._name)
        if self._gone or container is None or container.instance.container_id != log.container_id:
            return
        if container.state is ContainerState.RUNNING:
            log.interrupt()
            self._may_lack = True
            self.outlet.state(StreamState.RECONNECTING, ended.words or "the connection was closed")
            await self._wait(self._backoff.next())

    async def _poll(self, log: InstanceLog, ended: Ended) -> None:
        """Read again and again, where the node has no watcher left to follow with."""
        text = f"the node cannot follow ({ended.words}): read every {_POLL_SECONDS:.0f} s instead"
        self.outlet.note(log.stream, self._after(log, 0), NoticeKind.ERROR, text)
        until = self._shared.clock.monotonic() + _FOLLOW_AGAIN_SECONDS
        while self._shared.clock.monotonic() < until:
            if (await log.read_rest()).ending is Ending.CUT:
                log.interrupt()
            self.outlet.state(StreamState.POLLING, "the node has no watcher left")
            container = self._pod.container(self._name)
            if self._gone or container is None or container.state is not ContainerState.RUNNING:
                return
            await self._wait(_POLL_SECONDS)

    async def _read_to_the_end(self, log: InstanceLog, container: Container) -> None:
        """Read what an ended instance left; then wait for the next one."""
        how = how_it_ended(container.instance)
        if not log.complete:
            ended = await log.read_rest(final=True)
            if ended.ending is Ending.CUT:
                log.interrupt()
                await self._wait(self._backoff.next())
                return
            self._close(log, container.instance, ended.words)
        if self._pod.finished:
            self._finish(how)
        elif container.instance.exit_code == 0 and container.state is ContainerState.TERMINATED:
            await self._wait_for_change(StreamState.ENDED, how)
        else:
            await self._wait_for_change(StreamState.WAITING, container.reason or how)

    async def _log_of(self, container: Container) -> InstanceLog:
        """Return the log of the current instance, closing the book on those before it."""
        old, instance, previous = self._log, container.instance, container.previous
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
            self.outlet.receipt.gaps += 1
            text = f"lines may be missing here: {self._name} was started again {max(skipped, 0) + 1} times meanwhile"
            self.outlet.note(old.stream, self._after(old, 0), NoticeKind.GAP, text)
        if previous is None or not readable:
            return self._begin(old, instance, container.restarts, previous)
        between = self._begin(old, previous, container.restarts - 1)
        await self._read_previous(between, previous)
        return self._begin(between, instance, container.restarts, previous)

    async def _first_log(self, container: Container) -> InstanceLog:
        """Return the log of the first instance that is read, below the one before it if that ended just now."""
        instance, restarts, now = container.instance, container.restarts, self._shared.clock.now()
        before = recent_run_before(container, self._start, now) if self._shared.runs_before else None
        if before is None:
            self._log, self._restarts = self._new_log(instance.container_id, self._start), restarts
            return self._log
        log = self._new_log(before.container_id, self._start)
        is_whole = await read_quietly(log)
        self.outlet.receipt.gaps += not is_whole
        self._close(
            log, before, "" if is_whole else "lines may be missing here: the connection was cut again and again"
        )
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
            self.outlet.receipt.stream = self._shared.table[old.stream]
        old.container_id = container.instance.container_id
        self._restarts = container.restarts
        words = started_again(self._name, container.restarts, container.previous)
        self.outlet.note(old.stream, container.instance.started, NoticeKind.RESTART, words)
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
        log = self._log = self._new_log(instance.container_id, start)
        self._restarts = restarts
        self._may_lack = False
        time = max(instance.started, self._after(old, 0))
        self.outlet.note(log.stream, time, NoticeKind.RESTART, started_again(self._name, restarts, before))
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
            self.outlet.receipt.gaps += 1
        self._close(log, instance, ended.words and f"lines may be missing here: {ended.words}")

    def _close(self, log: InstanceLog, instance: Instance, words: str) -> None:
        """Note that an instance's log was read to its end, and how the instance ended."""
        log.complete = True
        self._backoff.reset()
        if words:
            kind = NoticeKind.GAP if words.startswith("lines") else NoticeKind.ERROR
            self.outlet.note(log.stream, self._after(log, 0), kind, words)
        text = f"{self._name} ended: {how_it_ended(instance)}"
        self.outlet.note(log.stream, self._after(log, instance.finished), kind_of_ending(instance), text)

    def _new_log(self, container_id: str, start: Start) -> InstanceLog:
        shared = self._shared
        stream = make_stream(shared.cluster, self._pod, self._name, container_id)
        self.outlet.receipt.stream = stream
        return InstanceLog(
            client=shared.client,
            clock=shared.clock,
            outlet=self.outlet,
            opening=shared.opening,
            is_still=self._is_still,
            pod=self._pod,
            container=self._name,
            stream=shared.table.number(stream),
            container_id=container_id,
            start=start,
            quiet=shared.quiet,
        )

    async def _is_still(self, container_id: str, previous: bool) -> bool:
        await self._refresh()
        container = self._pod.container(self._name)
        if container is None:
            return False
        instance = container.previous if previous else container.instance
        return instance is not None and instance.container_id == container_id

    async def _refresh(self) -> None:
        """Read the pod anew: how an answer ended does not tell whether the container did."""
        try:
            raw = await self._shared.client.get(pod_path(self._pod.namespace, self._pod.name), PodObject)
        except ApiError as error:
            if error.status == 404:
                self._gone = True
            elif error.status != 403:
                raise
            return  # without the right to get a pod, what the watch says has to do
        if raw.metadata.uid == self._pod.uid:
            self._pod = to_pod(raw)
        else:
            self._gone = True

    async def _refused(self, error: ApiError) -> None:
        if error.status == 403:
            self.outlet.state(StreamState.FORBIDDEN, error.message)
            await self._wait(_FORBIDDEN_SECONDS)
            return
        if error.status == 404:
            # It may be the pod that is gone, or only a kubelet that restarts.
            await self._refresh_quietly()
        if error.status == 400:
            self.outlet.state(StreamState.WAITING, error.message)
            await self._refresh_quietly()
            await self._wait(self._backoff.next())
            return
        if not self._gone:
            self._interrupted(error.message)
            await self._wait(self._backoff.next(error.retry_after))

    async def _refresh_quietly(self) -> None:
        try:
            await self._refresh()
        except ClusterError as error:
            self._interrupted(str(error))

    def _interrupted(self, why: str) -> None:
        if self._log is not None:
            self._log.interrupt()
        self.outlet.state(StreamState.RECONNECTING, why)

    def _finish(self, detail: str) -> None:
        log = self._log
        if log is not None and not log.complete and self._gone and self._may_lack:
            self.outlet.receipt.gaps += 1
            text = "lines may be missing here: the pod went away while the connection was gone"
            self.outlet.note(log.stream, self._after(log, 0), NoticeKind.GAP, text)
        self.outlet.state(StreamState.ENDED, detail)
        self._over = True

    def _after(self, log: InstanceLog, time: int) -> int:
        """Return `time`, or the time of the last line if that is later: a divider stands behind it."""
        last = log.position.time if log.position.line is not None else 0
        return max(time, last) or self._shared.clock.now()

    async def _wait_for_change(self, state: StreamState, detail: str) -> None:
        """Wait until the pod changes; look for oneself from time to time, for the watch may be down."""
        self.outlet.state(state, detail)
        if not await self._wait(_LOOK_AGAIN_SECONDS):
            await self._refresh()

    async def _wait(self, seconds: float) -> bool:
        """Wait for some seconds, or until the pod changes or somebody is in a hurry; return whether that was so."""
        changed = asyncio.ensure_future(self._changed.wait())
        sleeping = asyncio.ensure_future(self._shared.clock.sleep(seconds))
        try:
            await asyncio.wait({changed, sleeping}, return_when=asyncio.FIRST_COMPLETED)
            return self._changed.is_set()
        finally:
            for task in (changed, sleeping):
                task.cancel()
            await asyncio.gather(changed, sleeping, return_exceptions=True)
