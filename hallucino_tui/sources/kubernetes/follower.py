"""Follows one container of one pod through cuts, rotations and restarts, for as long as the pod exists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hallucino_tui.logs.notice import NoticeKind
from hallucino_tui.session.backoff import Backoff
from hallucino_tui.session.inventory import ContainerState
from hallucino_tui.session.receipts import Receipt, StreamState
from hallucino_tui.sources.kubernetes.endings import how_it_ended
from hallucino_tui.sources.kubernetes.errors import ApiError, ClusterError
from hallucino_tui.sources.kubernetes.followed_pod import FollowedPod
from hallucino_tui.sources.kubernetes.instance_log import InstanceLog, OtherInstanceError
from hallucino_tui.sources.kubernetes.instance_logs import InstanceLogs
from hallucino_tui.sources.kubernetes.log_request import Ended, Ending, Slot, Start
from hallucino_tui.sources.kubernetes.outlet import Outlet
from hallucino_tui.sources.kubernetes.streams import make_stream

if TYPE_CHECKING:
    from hallucino_tui.session.inventory import Container, Pod
    from hallucino_tui.sources.kubernetes.shared import Shared

_POLL_SECONDS: Final = 2.0
_FOLLOW_AGAIN_SECONDS: Final = 60.0
_FORBIDDEN_SECONDS: Final = 60.0
_LOOK_AGAIN_SECONDS: Final = 60.0


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
        self._clock = shared.clock
        self._backoff = Backoff(longest=shared.longest_wait)
        self._pod = FollowedPod(shared.client, shared.clock, pod, container)
        self._logs = InstanceLogs(shared, self.outlet, self._backoff, self._pod, container, start)
        self._over = False
        self.outlet.state(StreamState.WAITING)

    @property
    def over(self) -> bool:
        """Whether nothing more will ever come."""
        return self._over

    @property
    def log(self) -> InstanceLog | None:
        """The log that is being read; None before the container's first start."""
        return self._logs.current

    def observe(self, pod: Pod | None) -> None:
        """Take a newer state of the pod; None if it is gone."""
        self._pod.observe(pod)

    def hurry(self) -> None:
        """Look at once whether the connection is alive: the machine slept, or its network changed."""
        self._pod.hurry()
        if self.log is not None:
            self.log.hurry()

    async def run(self) -> None:
        """Read until the pod is gone or nothing in it will run again."""
        while not self._over:
            self._pod.look()
            try:
                await self._step()
            except OtherInstanceError:
                continue  # the pod was read anew when this was found out, so the next step sees the restart
            except ApiError as error:
                await self._refused(error)
            except ClusterError as error:
                self._interrupted(str(error))
                await self._pod.wait(self._backoff.next())

    async def _step(self) -> None:
        """Do what the container's state asks for."""
        container = self._pod.container
        if self._pod.gone:
            self._finish("the pod is gone")
        elif container is None or not container.instance.container_id:
            if self._pod.pod.finished:
                self._finish("never started")
            else:
                await self._wait_for_change(StreamState.WAITING, container.reason if container else "")
        else:
            log = await self._logs.of(container)
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
        self._logs.may_lack = ended.ending is not Ending.CLEAN
        if ended.ending is not Ending.CLEAN:
            log.interrupt()
            self.outlet.state(StreamState.RECONNECTING, ended.words or "the connection was cut")
        await self._pod.refresh()
        container = self._pod.container
        if self._pod.gone or container is None or container.instance.container_id != log.container_id:
            return
        if container.state is ContainerState.RUNNING:
            log.interrupt()
            self._logs.may_lack = True
            self.outlet.state(StreamState.RECONNECTING, ended.words or "the connection was closed")
            await self._pod.wait(self._backoff.next())

    async def _poll(self, log: InstanceLog, ended: Ended) -> None:
        """Read again and again, where the node has no watcher left to follow with."""
        text = f"the node cannot follow ({ended.words}): read every {_POLL_SECONDS:.0f} s instead"
        self.outlet.note(log.stream, self._logs.after(log, 0), NoticeKind.ERROR, text)
        until = self._clock.monotonic() + _FOLLOW_AGAIN_SECONDS
        while self._clock.monotonic() < until:
            if (await log.read_rest()).ending is Ending.CUT:
                log.interrupt()
            self.outlet.state(StreamState.POLLING, "the node has no watcher left")
            container = self._pod.container
            if self._pod.gone or container is None or container.state is not ContainerState.RUNNING:
                return
            await self._pod.wait(_POLL_SECONDS)

    async def _read_to_the_end(self, log: InstanceLog, container: Container) -> None:
        """Read what an ended instance left; then wait for the next one."""
        how = how_it_ended(container.instance)
        if not log.complete:
            ended = await log.read_rest(final=True)
            if ended.ending is Ending.CUT:
                log.interrupt()
                await self._pod.wait(self._backoff.next())
                return
            self._logs.close(log, container.instance, ended.words)
        if self._pod.pod.finished:
            self._finish(how)
        elif container.instance.exit_code == 0 and container.state is ContainerState.TERMINATED:
            await self._wait_for_change(StreamState.ENDED, how)
        else:
            await self._wait_for_change(StreamState.WAITING, container.reason or how)

    async def _refused(self, error: ApiError) -> None:
        if error.status == 403:
            self.outlet.state(StreamState.FORBIDDEN, error.message)
            await self._pod.wait(_FORBIDDEN_SECONDS)
            return
        if error.status == 404:
            # It may be the pod that is gone, or only a kubelet that restarts.
            await self._refresh_quietly()
        if error.status == 400:
            self.outlet.state(StreamState.WAITING, error.message)
            await self._refresh_quietly()
            await self._pod.wait(self._backoff.next())
            return
        if not self._pod.gone:
            self._interrupted(error.message)
            await self._pod.wait(self._backoff.next(error.retry_after))

    async def _refresh_quietly(self) -> None:
        try:
            await self._pod.refresh()
        except ClusterError as error:
            self._interrupted(str(error))

    def _interrupted(self, why: str) -> None:
        if self.log is not None:
            self.log.interrupt()
        self.outlet.state(StreamState.RECONNECTING, why)

    def _finish(self, detail: str) -> None:
        log = self.log
        if log is not None and not log.complete and self._pod.gone and self._logs.may_lack:
            self.outlet.receipt.gaps += 1
            text = "lines may be missing here: the pod went away while the connection was gone"
            self.outlet.note(log.stream, self._logs.after(log, 0), NoticeKind.GAP, text)
        self.outlet.state(StreamState.ENDED, detail)
        self._over = True

    async def _wait_for_change(self, state: StreamState, detail: str) -> None:
        """Wait until the pod changes; look for oneself from time to time, for the watch may be down."""
        self.outlet.state(state, detail)
        if not await self._pod.wait(_LOOK_AGAIN_SECONDS):
            await self._pod.refresh()
