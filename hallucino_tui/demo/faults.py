"""Everything that can go wrong, switched on by whoever holds the server and never over HTTP."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from hallucino_tui.demo.access import AccessRules, Denial
from hallucino_tui.demo.streams import Cut, FollowStream, Streams, WatchStream

if TYPE_CHECKING:
    from collections.abc import Callable

    from hallucino_tui.demo.pods import Container
    from hallucino_tui.demo.world import World

AnswerKind = Literal["401", "403", "410", "429", "500", "504", "html", "reset"]
"""``410`` is an expired list or token, and for a watch an ERROR event; ``html`` is a page with status 200; ``reset``
closes the connection without an answer."""


@dataclass(slots=True)
class _Planned:
    kind: AnswerKind
    left: int
    path: re.Pattern[str]
    retry_after: int = 1


@dataclass(slots=True)
class _Delay:
    seconds: float
    left: int | None
    path: re.Pattern[str]


@dataclass(slots=True)
class _Inotify:
    """Which follows get the error that the node has no file watcher left."""

    next_follows: int = 0
    limit: int | None = None
    open: dict[str, int] = field(default_factory=dict[str, int])


class Faults:
    """The server's misbehaviour, all of it off at first. Not safe for threads.

    Attributes:
        streams: The open streams.
        access: The user's rights.
        nodes_down: Nodes whose kubelet refuses connections: their logs answer 500.
        nodes_starting: Nodes whose kubelet has just started: their logs answer 404.
    """

    def __init__(self, world: World, streams: Streams, renew_token: Callable[[], str]) -> None:
        self.streams = streams
        self.access = AccessRules()
        self.nodes_down: set[str] = set()
        self.nodes_starting: set[str] = set()
        self._world = world
        self._renew_token = renew_token
        self._planned: list[_Planned] = []
        self._delays: list[_Delay] = []
        self._inotify = _Inotify()
        self._frozen_containers: set[tuple[str, str, str]] = set()

    # What happens to streams that are open.

    def follows(self, namespace: str = "", pod: str = "", container: str = "") -> list[FollowStream]:
        """Return the open follows, all or only those of a namespace, pod or container."""
        return [
            stream
            for stream in self.streams.follows
            if namespace in {"", stream.container.pod.namespace}
            and pod in {"", stream.container.pod.name}
            and container in {"", stream.container.spec.name}
        ]

    def watches(self, plural: str = "", namespace: str | None = None) -> list[WatchStream]:
        """Return the open watches, all or only those of a resource and of a namespace ("" is the whole cluster)."""
        return [
            stream
            for stream in self.streams.watches
            if plural in {"", stream.resource.plural} and namespace in {None, stream.namespace}
        ]

    def cut_follows(self, how: Cut = Cut.ABRUPT, *, namespace: str = "", pod: str = "", container: str = "") -> int:
        """Cut open follows; return how many."""
        chosen = self.follows(namespace, pod, container)
        for stream in chosen:
            stream.end(how)
        return len(chosen)

    def cut_watches(self, how: Cut = Cut.ABRUPT, plural: str = "") -> int:
        """Cut open watches; return how many."""
        chosen = self.watches(plural)
        for stream in chosen:
            stream.end(how)
        return len(chosen)

    def expire_watches(self, plural: str = "") -> int:
        """End open watches with an ERROR event of code 410; return how many."""
        chosen = self.watches(plural)
        for stream in chosen:
            stream.expired = True
            stream.wake.set()
        return len(chosen)

    def freeze_follows(self, *, namespace: str = "", pod: str = "", container: str = "") -> int:
        """Send nothing any more on open follows, whose sockets stay open; return how many."""
        chosen = self.follows(namespace, pod, container)
        for stream in chosen:
            stream.freeze()
        return len(chosen)

    def freeze_watches(self, plural: str = "") -> int:
        """Say nothing any more on open watches, whose sockets stay open; return how many."""
        chosen = self.watches(plural)
        for stream in chosen:
            stream.freeze()
        return len(chosen)

    def freeze_container(self, container: Container) -> None:
        """Freeze every follow of a container, open or to come, until it is thawed."""
        self._frozen_containers.add(_address(container))
        self.freeze_follows(namespace=container.pod.namespace, pod=container.pod.name, container=container.spec.name)

    def thaw(self) -> None:
        """Let everything frozen go on."""
        self._frozen_containers.clear()
        for stream in (*self.streams.follows, *self.streams.watches):
            stream.freeze(frozen=False)

    def restart_kubelets(self) -> int:
        """End all follows cleanly although the containers run on, as restarting kubelets do; return how many."""
        return self.cut_follows(Cut.CLEAN)

    def starts_frozen(self, container: Container) -> bool:
        """Tell whether a new follow of a container is frozen from the start."""
        return _address(container) in self._frozen_containers

    # What answers are replaced by.

    def answer_next(self, kind: AnswerKind, count: int = 1, *, path: str = "", retry_after: int = 1) -> None:
        """Answer the next requests with an error.

        Args:
            kind: Which one.
            count: How many requests.
            path: Only requests whose path and query match this regular expression anywhere.
            retry_after: Seconds that a 429 asks to wait.
        """
        self._planned.append(_Planned(kind, count, re.compile(path), retry_after))

    def plans(self, kind: AnswerKind) -> bool:
        """Tell whether an error of a kind still waits for its request."""
        return any(planned.kind == kind for planned in self._planned)

    def take_answer(self, path: str) -> tuple[AnswerKind, int] | None:
        """Return the error that a request has to be answered with and its seconds to wait, or None; counts it."""
        for planned in self._planned:
            if planned.left > 0 and planned.path.search(path):
                planned.left -= 1
                if planned.left == 0:
                    self._planned.remove(planned)
                return planned.kind, planned.retry_after
        return None

    def delay(self, seconds: float, *, path: str = "", count: int | None = None) -> None:
        """Let answers to matching requests begin late; `count` None means all of them from now on."""
        self._delays.append(_Delay(seconds, count, re.compile(path)))

    def take_delay(self, path: str) -> float:
        """Return the seconds by which the answer to a request has to begin late; counts it."""
        for planned in self._delays:
            if planned.path.search(path) and planned.left != 0:
                if planned.left is not None:
                    planned.left -= 1
                return planned.seconds
        return 0.0

    def clear(self) -> None:
        """Take back every planned answer, delay and denial, and thaw what is frozen."""
        self._planned.clear()
        self._delays.clear()
        self.nodes_down.clear()
        self.nodes_starting.clear()
        self._inotify = _Inotify(open=self._inotify.open)
        self.allow_all()
        self.thaw()

    # Rights and identity.

    def deny(self, verb: str = "", resource: str = "", namespace: str = "") -> None:
        """Take rights away; an empty argument means any. A right in the whole cluster goes with any namespace."""
        self.access.denials.append(Denial(verb, resource, namespace))

    def allow_only(self, *namespaces: str) -> None:
        """Leave rights in these namespaces alone, and none in the cluster as a whole."""
        self.access.only_namespaces = frozenset(namespaces)

    def allow_all(self) -> None:
        """Give all rights back."""
        self.access.denials.clear()
        self.access.only_namespaces = None

    def expire_token(self) -> str:
        """Let the token become invalid and return the one that is valid now; open streams go on."""
        return self._renew_token()

    # What nodes do.

    def break_inotify(self, follows: int = 1) -> None:
        """Let the next follows end after the backlog with the text that the node has no file watcher left."""
        self._inotify.next_follows += follows

    @property
    def breaks_inotify(self) -> bool:
        """Whether a broken file watcher still waits for its follow."""
        return self._inotify.next_follows > 0

    def limit_inotify(self, per_node: int | None) -> None:
        """Let every node have only so many file watchers, one for each follow; real nodes have 128 by default."""
        self._inotify.limit = per_node

    def takes_watcher(self, node: str) -> bool:
        """Take a file watcher of a node for a follow; return False if there is none. Give it back when it ends."""
        if self._inotify.next_follows > 0:
            self._inotify.next_follows -= 1
            return False
        taken = self._inotify.open.get(node, 0)
        if self._inotify.limit is not None and taken >= self._inotify.limit:
            return False
        self._inotify.open[node] = taken + 1
        return True

    def gives_watcher(self, node: str) -> None:
        """Give a file watcher back."""
        self._inotify.open[node] -= 1

    def lose_log(self, container: Container, *, previous: bool = False) -> None:
        """Remove a container's log from its node; reading it gives an error inside of a successful answer."""
        instance = container.previous if previous else container.current or container.previous
        if instance is None:
            raise ValueError(f"container {container.spec.name} has no such log")
        instance.log_lost = True

    def compact(self) -> None:
        """Forget all past changes: older watches and continue tokens are too old from now on."""
        self._world.state.compact()


def _address(container: Container) -> tuple[str, str, str]:
    return container.pod.namespace, container.pod.name, container.spec.name
