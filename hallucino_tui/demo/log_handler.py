"""Logs: which container, which instance, from where on, and in which words it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from hallucino_tui.demo.encoding import quote
from hallucino_tui.demo.list_handler import parse_int
from hallucino_tui.demo.logfile import LogReader
from hallucino_tui.demo.resources import PODS
from hallucino_tui.demo.routing import Target, flag
from hallucino_tui.demo.status_errors import bad_request, invalid, kubelet_not_ready, kubelet_refused, not_found
from hallucino_tui.demo.timeformat import SECOND, parse_rfc3339, rfc3339

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hallucino_tui.demo.faults import Faults
    from hallucino_tui.demo.pods import Container, Instance, Pod
    from hallucino_tui.demo.world import World

NO_WATCHER = b"failed to create fsnotify watcher: too many open files"
"""What a node without file watchers writes into the answer after the backlog."""

_WAITING = {
    "ErrImagePull": "image can't be pulled",
    "ImagePullBackOff": "trying and failing to pull image",
}


@dataclass(frozen=True, slots=True)
class LogOptions:
    """What a request for a log asks for.

    Attributes:
        container: Name of the container, "" for the only one.
        follow: Whether to go on with what is written later.
        previous: Whether the instance before is meant.
        timestamps: Whether lines carry their time.
        since_ns: Leave out what was written before, nanoseconds since the epoch; always a whole second if it was
            given as a time.
        since_seconds: The same as an age.
        tail: Only so many pieces at the end.
        limit: Only so many bytes.
    """

    container: str
    follow: bool
    previous: bool
    timestamps: bool
    since_ns: int | None
    since_seconds: int | None
    tail: int | None
    limit: int | None


@dataclass(frozen=True, slots=True)
class OpenLog:
    """A log that can be read."""

    container: Container
    instance: Instance
    reader: LogReader


def parse_log_options(query: Mapping[str, str], pod: str) -> LogOptions:
    """Read the options of a log request.

    Raises:
        ApiError: 400, one of them cannot be read; 422, one of them is not allowed.
    """
    since_time = _parse_time(query["sinceTime"]) if query.get("sinceTime") else None
    numbers = {
        name: parse_int(query[name]) if name in query else None for name in ("sinceSeconds", "tailLines", "limitBytes")
    }
    if since_time is not None and numbers["sinceSeconds"] is not None:
        problem = "Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified"
        raise invalid("PodLogOptions", pod, "[]", problem, forbids=True)
    for name, least in (("tailLines", 0), ("limitBytes", 1), ("sinceSeconds", 1)):
        value = numbers[name]
        if value is not None and value < least:
            bound = "greater than or equal to 0" if least == 0 else "greater than 0"
            raise invalid("PodLogOptions", pod, name, f"Invalid value: {value}: must be {bound}")
    if query.get("stream", "All") != "All":
        raise invalid("PodLogOptions", pod, "stream", "Forbidden: may not be specified", forbids=True)
    return LogOptions(
        container=query.get("container", ""),
        follow=flag(query, "follow"),
        previous=flag(query, "previous"),
        timestamps=flag(query, "timestamps"),
        since_ns=since_time,
        since_seconds=numbers["sinceSeconds"],
        tail=numbers["tailLines"],
        limit=numbers["limitBytes"],
    )


def _parse_time(text: str) -> int:
    try:
        return parse_rfc3339(text) // SECOND * SECOND  # the server hands whole seconds to the node
    except ValueError as error:
        raise bad_request(str(error)) from None


class LogHandler:
    """Finds the log that a request means."""

    def __init__(self, world: World, faults: Faults, clock: Callable[[], int]) -> None:
        self._world = world
        self._faults = faults
        self._clock = clock

    def open(self, target: Target, query: Mapping[str, str]) -> OpenLog | bytes | None:
        """Open a log.

        Returns:
            The log; or text that stands for it where the node has lost it; or None for a pod without a node, which
            is answered by 204.

        Raises:
            ApiError: It is refused.
        """
        options = parse_log_options(query, target.name)
        pod = self._world.find_pod(target.namespace, target.name)
        if pod is None:
            raise not_found(PODS, target.name)
        container = self._choose(pod, options.container)
        if not pod.node:
            return None
        self._check_node(pod, container, options)
        instance = _instance(container, previous=options.previous)
        if instance.log_lost:
            return f"unable to retrieve container logs for {instance.address}".encode()
        since = options.since_ns
        if options.since_seconds is not None:
            since = self._clock() - options.since_seconds * SECOND
        reader = LogReader(
            instance.log,
            timestamps=options.timestamps,
            since_ns=since,
            tail=options.tail,
            limit=options.limit,
            follow=options.follow,
        )
        return OpenLog(container, instance, reader)

    @staticmethod
    def _choose(pod: Pod, name: str) -> Container:
        regular = pod.of_kind("regular")
        if name:
            try:
                return pod.container(name)
            except KeyError:
                raise bad_request(f"container {name} is not valid for pod {pod.name}") from None
        if len(regular) == 1:
            return regular[0]
        names = " ".join(container.spec.name for container in regular)
        message = f"a container name must be specified for pod {pod.name}, choose one of: [{names}]"
        init = pod.of_kind("init", "sidecar")
        if init:
            message += f" or one of the init containers: [{' '.join(container.spec.name for container in init)}]"
        raise bad_request(message)

    def _check_node(self, pod: Pod, container: Container, options: LogOptions) -> None:
        if pod.node not in self._world.nodes:
            raise not_found(PODS, pod.node)  # the real server names the node, and calls it a pod
        if pod.node in self._faults.nodes_starting:
            raise kubelet_not_ready(pod.name)
        if pod.node in self._faults.nodes_down:
            path = f"/containerLogs/{pod.namespace}/{pod.name}/{container.spec.name}"
            asked = _node_query(options)
            raise kubelet_refused(pod.node, f"{path}?{asked}" if asked else path)


def _node_query(options: LogOptions) -> str:
    """Return the query that the server asks the node with."""
    asked = {
        "follow": "true" if options.follow else "",
        "limitBytes": "" if options.limit is None else str(options.limit),
        "previous": "true" if options.previous else "",
        "sinceSeconds": "" if options.since_seconds is None else str(options.since_seconds),
        "sinceTime": "" if options.since_ns is None else rfc3339(options.since_ns),
        "tailLines": "" if options.tail is None else str(options.tail),
        "timestamps": "true" if options.timestamps else "",
    }
    return urlencode({name: value for name, value in asked.items() if value})


def _instance(container: Container, *, previous: bool) -> Instance:
    """Return the instance whose log is meant.

    Raises:
        ApiError: 400, there is none.
    """
    what = f"container {quote(container.spec.name)} in pod {quote(container.pod.name)}"
    if previous:
        if container.previous is None:
            raise bad_request(f"previous terminated {what} not found")
        return container.previous
    instance = container.current or container.previous
    if instance is None:
        reason = container.waiting[0]
        raise bad_request(f"{what} is waiting to start: {_WAITING.get(reason, reason)}")
    return instance
