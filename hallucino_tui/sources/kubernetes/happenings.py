"""What a cluster did, as dividers between the lines that are read: each at its time, once there are lines around it."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final, NamedTuple

from hallucino_tui.logs.moment import NANOSECONDS
from hallucino_tui.logs.notice import Notice, NoticeKind
from hallucino_tui.logs.stream import Stream
from hallucino_tui.session.inventory import ContainerState
from hallucino_tui.sources.kubernetes.endings import how_it_ended, kind_of_ending, started_again
from hallucino_tui.sources.kubernetes.event_store import EventStore, News
from hallucino_tui.sources.kubernetes.event_words import notice_kind, sentence
from hallucino_tui.sources.kubernetes.pod_facts import facts_of, restarts_of
from hallucino_tui.sources.kubernetes.run_before import recent_run_before, run_before
from hallucino_tui.sources.kubernetes.streams import make_stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hallucino_tui.insight.cluster_events import ClusterEvent, PodFacts
    from hallucino_tui.logs.stream import StreamTable
    from hallucino_tui.session.clock import Clock
    from hallucino_tui.session.inventory import Inventory, Pod
    from hallucino_tui.sources.kubernetes.event_objects import EventObject
    from hallucino_tui.sources.kubernetes.log_request import Start

_MOST: Final = 5000
_SETTLED_SECONDS: Final = 5.0
"""After so long the lines that were asked for at the start are there, and what lies before them stays out of sight."""


class _Waiting(NamedTuple):
    """A divider that may have its place later: when its stream is read, and lines from before its time came.

    Attributes:
        notice: The divider, if it is about one container that is read.
        news: The event, if it is one.
    """

    notice: Notice | None = None
    news: News | None = None


class Happenings:
    """Collects what a cluster did. Belongs to the loop that it was made on."""

    def __init__(self, cluster: str, table: StreamTable, inventory: Inventory, clock: Clock) -> None:
        """Start with nothing heard.

        Args:
            cluster: The cluster's name, for the streams' labels.
            table: Numbers the streams.
            inventory: The pods that are there.
            clock: Tells the time.
        """
        self._cluster = cluster
        self._table = table
        self._inventory = inventory
        self._clock = clock
        self._store = EventStore()
        self._began = clock.now()
        self._first_lines: float | None = None
        self._pods: dict[str, str] = {}
        self._workloads: dict[tuple[str, str], Pod] = {}
        self._namespaces: set[str] = set()
        self._endings: dict[tuple[str, str, str, int], ClusterEvent] = {}
        self._fresh: list[_Waiting] = []
        self._waiting: deque[_Waiting] = deque(maxlen=_MOST)
        self._looked: tuple[int | None, bool] = (None, False)
        self._changed = False
        self.on_nodes: Callable[[], None] = lambda: None
        """Called when pods are read on another node."""

    def events(self) -> list[ClusterEvent]:
        """Return what the cluster told so far, and what its pods say of ended runs, the earliest first."""
        for pod in self._inventory.pods():
            self._note_endings(pod)
        found = [*self._store.events(), *self._endings.values()]
        return sorted(found, key=lambda event: event.time)

    def pods(self) -> list[PodFacts]:
        """Return what the pods that are there say of themselves."""
        return [facts_of(pod) for pod in self._inventory.pods()]

    @property
    def nodes(self) -> set[str]:
        """The nodes of all pods that are read."""
        return {node for node in self._pods.values() if node}

    def hear(self, objects: Iterable[EventObject]) -> None:
        """Take events that are new or changed."""
        self._wait(_Waiting(news=news) for news in self._store.take(objects))

    def add(self, key: str, event: ClusterEvent) -> None:
        """Take something else that happened, under a key that makes it the same as an earlier one."""
        news = self._store.add(key, event)
        self._wait([_Waiting(news=news)] if news is not None else [])

    def read(self, pod: Pod, container: str, start: Start) -> None:
        """Note that a container is read from now on; its pod may still tell of a run long before.

        Args:
            pod: The pod.
            container: The container's name.
            start: Where its reading begins.
        """
        self._note_node(pod)
        self._workloads.setdefault((pod.namespace, pod.workload.name), pod)
        self._namespaces.add(pod.namespace)
        self._changed = True
        self._wait(_Waiting(notice) for notice in self._run_before(pod, container, start))

    def observe(self, pod: Pod) -> None:
        """Take a newer state of a pod."""
        if pod.uid in self._pods:
            self._note_node(pod)
            self._note_endings(pod)

    def take(self, earliest: int | None) -> list[Notice]:
        """Return the dividers that have their place by now.

        Args:
            earliest: The time of the earliest line that was read; None while there is none.
        """
        if earliest is not None and self._first_lines is None:
            self._first_lines = self._clock.monotonic()
        state = earliest, self._is_settled()
        looks, self._fresh = self._fresh, []
        if self._waiting and (state != self._looked or self._changed):
            looks = [*self._waiting, *looks]
            self._waiting.clear()
        self._looked, self._changed = state, False
        taken: list[Notice] = []
        for waiting in looks:
            notice = waiting.notice or (self._place(waiting.news, *state) if waiting.news is not None else None)
            if notice is not None and self._is_among(notice.time, earliest):
                taken.append(notice)
            else:
                self._waiting.append(waiting)
        return taken

    def _note_node(self, pod: Pod) -> None:
        before = self._pods.get(pod.uid, "")
        self._pods[pod.uid] = pod.node
        if pod.node != before:
            self._changed = True
            self.on_nodes()

    def _note_endings(self, pod: Pod) -> None:
        """Keep what a pod says of ended runs: it remembers no more than two of each container."""
        if all(one.previous is None and one.state is not ContainerState.TERMINATED for one in pod.containers):
            return
        for event in restarts_of([facts_of(pod)]):
            self._endings[event.namespace, event.pod, event.container, event.time] = event
        while len(self._endings) > _MOST:
            del self._endings[next(iter(self._endings))]

    def _wait(self, items: Iterable[_Waiting]) -> None:
        for item in items:
            if item.news is None or notice_kind(item.news.event) is not None:
                self._fresh.append(item)

    def _is_settled(self) -> bool:
        return self._first_lines is not None and self._clock.monotonic() - self._first_lines > _SETTLED_SECONDS

    def _is_among(self, time: int, earliest: int | None) -> bool:
        return time >= self._began - NANOSECONDS or (earliest is not None and time >= earliest)

    def _place(self, news: News, earliest: int | None, is_settled: bool) -> Notice | None:
        """Return the divider of an event, or None as long as nothing that it is about is read."""
        event = news.event
        # Of what goes on since long before the first line, the reader hears where it was seen last.
        is_late = news.again or (is_settled and not self._is_among(event.time, earliest))
        time = event.last_time if is_late else event.time
        if not self._is_among(time, earliest):
            return None
        kind, stream = notice_kind(event), self._stream_of(news)
        if kind is None or stream is None:
            return None
        return Notice(self._table.number(stream), time, kind, sentence(event, since=is_late))

    def _stream_of(self, news: News) -> Stream | None:
        """Return the stream that an event's divider goes to, or None if what it is about is not read."""
        event = news.event
        place = event.namespace, event.workload
        if event.object_kind == "Node":
            return self._stream(event, {"node": event.object_name}) if event.object_name in self.nodes else None
        pod = self._inventory.get(news.uid) if event.object_kind == "Pod" else None
        if pod is not None and pod.uid not in self._pods:
            return None
        if pod is not None:
            labels = dict(make_stream(self._cluster, pod, event.container, "").labels)
            return self._stream(event, labels)
        other = self._workloads.get(place) if event.workload else None
        if other is None and (event.workload or event.namespace not in self._namespaces or not event.is_warning):
            return None
        labels = {"namespace": event.namespace, "workload": event.workload}
        if other is not None:
            labels["workload_kind"] = other.workload.kind
            labels["app"] = make_stream(self._cluster, other, "", "").labels["app"]
        if event.object_kind == "Pod":
            labels |= {"pod": event.object_name, "pod_uid": news.uid, "container": event.container}
        return self._stream(event, labels)

    def _stream(self, event: ClusterEvent, labels: dict[str, str]) -> Stream:
        named = {"cluster": self._cluster} | {name: value for name, value in labels.items() if value}
        is_workload = event.object_kind not in {"Pod", "Node"} and bool(event.workload)
        title = event.workload if is_workload else event.object_name
        kind = "Workload" if is_workload else event.object_kind
        place = event.namespace, kind, title, labels.get("pod_uid", ""), event.container
        identity = ("kubernetes", self._cluster, "event", *place)
        return Stream(identity, named, title=title, part=event.container)

    def _run_before(self, pod: Pod, name: str, start: Start) -> list[Notice]:
        """Return the dividers of a restart that was too long ago for its run before to be read."""
        container = pod.container(name)
        previous = None if container is None else run_before(container)
        if container is None or previous is None or recent_run_before(container, start, self._clock.now()):
            return []
        instance = container.instance
        stream = self._table.number(make_stream(self._cluster, pod, name, instance.container_id))
        again = started_again(name, container.restarts, previous)
        return [
            Notice(stream, previous.finished, kind_of_ending(previous), f"{name} ended: {how_it_ended(previous)}"),
            Notice(stream, max(instance.started, previous.finished), NoticeKind.RESTART, again),
        ]
