"""Which containers are read: the choice and the tree's additions, held against what there is, within a bound."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from hallucino_tui.session.inventory import ContainerState
from hallucino_tui.session.nodes import NodeKey
from hallucino_tui.session.tree import keys_above

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hallucino_tui.session.choice import Choice
    from hallucino_tui.session.inventory import Container, Inventory, Pod

MOST_STREAMS: Final = 300


class ContainerLogs(Protocol):
    """Reads containers."""

    def begin(self, pod: Pod, container: str) -> None:
        """Begin to read a container; nothing happens if it is read already."""
        ...

    def observe(self, uid: str, pod: Pod | None) -> None:
        """Take a newer state of a pod; None if it is gone."""
        ...


class _Wanted(NamedTuple):
    """Containers of a pod that were asked for and are not read."""

    pod: Pod
    running: tuple[Container, ...]
    ended: tuple[Container, ...]


@dataclass(slots=True)
class Reading:
    """Decides which containers are read, and passes pods' states on to who reads them.

    Attributes:
        choice: What was chosen at the start.
        logs: Reads containers.
        most: How many may be read at once.
        added: Nodes of the tree whose containers are read as well.
        note: One sentence if something that was asked for is not read, "" otherwise.
    """

    choice: Choice
    logs: ContainerLogs
    most: int = MOST_STREAMS
    added: set[NodeKey] = field(default_factory=set[NodeKey])
    note: str = ""
    _read: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    _waiting: dict[str, _Wanted] = field(default_factory=dict[str, _Wanted])
    _asked: int = 0
    _passed_over: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    _refused: str = ""

    def add(self, keys: set[NodeKey], inventory: Inventory) -> None:
        """Read the containers of more nodes, whatever else waits; nodes that are too much are not remembered."""
        self._refused = ""
        picked = [
            wanted
            for pod in (inventory.pods() if keys else ())
            if (wanted := self._unread(pod, [one for one in pod.containers if keys & {*keys_above(pod, one.name)}]))
        ]
        open_now = self._count_open(inventory)
        running = sum(len(wanted.running) for wanted in picked)
        if running and open_now + running > self.most:
            self._refused = self._refusal(open_now + running)
        else:
            self.added |= keys
            self._begin(picked, self.most - open_now)
            for one in picked:
                self._look_at(one.pod.uid, one.pod)
        self._begin_waiting(inventory)

    def update(self, inventory: Inventory, changes: Mapping[str, Pod | None]) -> None:
        """Take what changed in the inventory: begin what is new, pass on the rest.

        Args:
            inventory: What there is now.
            changes: Pods that are new or changed, by UID; None for those that are gone.
        """
        for uid, pod in changes.items():
            self.logs.observe(uid, pod)
            self._look_at(uid, pod)
        self._begin_waiting(inventory)

    def wants(self, pod: Pod, container: str) -> bool:
        """Say whether a container is among those that were asked for."""
        return self.choice.takes(pod, container) or any(key in self.added for key in keys_above(pod, container))

    def _look_at(self, uid: str, pod: Pod | None) -> None:
        """Note what of a pod waits to be read."""
        before = self._waiting.pop(uid, None)
        self._asked -= 0 if before is None else len(before.running)
        if pod is None:
            self._passed_over.pop(uid, None)
        elif wanted := self._unread(pod, [one for one in pod.containers if self._is_new(pod, one)]):
            self._waiting[uid] = wanted
            self._asked += len(wanted.running)

    def _is_new(self, pod: Pod, container: Container) -> bool:
        passed_over = container.name in self._passed_over.get(pod.uid, ()) and _is_over(pod, container)
        return not passed_over and self.wants(pod, container.name)

    def _unread(self, pod: Pod, containers: Sequence[Container]) -> _Wanted | None:
        unread = [one for one in containers if (pod.uid, one.name) not in self._read]
        running = tuple(one for one in unread if not _is_over(pod, one))
        return _Wanted(pod, running, tuple(one for one in unread if _is_over(pod, one))) if unread else None

    def _begin_waiting(self, inventory: Inventory) -> None:
        """Begin to read what waits if all of it that still runs fits, and say what is not read."""
        open_now = self._count_open(inventory) if self._waiting else 0
        if self._asked and open_now + self._asked > self.most:
            self.note = self._refused or self._refusal(open_now + self._asked)
            return
        self._begin(list(self._waiting.values()), self.most - open_now)
        self._waiting.clear()
        self._asked = 0
        self.note = self._refused or self._passed_over_note()

    def _begin(self, wanted: Sequence[_Wanted], room: int) -> None:
        """Begin to read; what still runs comes before what has ended, and of that the newest before the others."""
        running = [(one.pod, container) for one in wanted for container in one.running]
        ended = [(one.pod, container) for one in wanted for container in one.ended]
        ended.sort(key=lambda pair: -pair[0].created)
        left = max(room - len(running), 0)
        for pod, container in running + ended[:left]:
            self._read.add((pod.uid, container.name))
            self._passed_over.get(pod.uid, set[str]()).discard(container.name)
            self.logs.begin(pod, container.name)
        for pod, container in ended[left:]:
            self._passed_over.setdefault(pod.uid, set()).add(container.name)

    def _refusal(self, asked: int) -> str:
        return (
            f"{asked} containers were asked for and at most {self.most} can be read at once: choose fewer, "
            "with -n NAMESPACE, -l LABEL=VALUE or KIND/NAME, or pick some in the tree."
        )

    def _passed_over_note(self) -> str:
        left = sum(map(len, self._passed_over.values()))
        if not left:
            return ""
        what = "1 container that has ended is" if left == 1 else f"{left} containers that have ended are"
        return f"{what} not read: choose fewer to see {'it' if left == 1 else 'them'}."

    def _count_open(self, inventory: Inventory) -> int:
        count = 0
        for uid, name in self._read:
            pod = inventory.get(uid)
            container = None if pod is None else pod.container(name)
            count += pod is not None and container is not None and not _is_over(pod, container)
        return count


def _is_over(pod: Pod, container: Container) -> bool:
    """Whether a container has ended and will not run again, as far as can be seen."""
    return pod.finished or (container.state is ContainerState.TERMINATED and container.instance.exit_code == 0)
