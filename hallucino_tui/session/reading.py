"""Which containers are read: the choice and the tree's additions, held against what there is, within a bound."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from hallucino_tui.session.inventory import ContainerState
from hallucino_tui.session.tree import NodeKey, keys_above

if TYPE_CHECKING:
    from collections.abc import Mapping

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

    def add(self, keys: set[NodeKey], inventory: Inventory) -> None:
        """Read the containers of more nodes, as far as the bound allows."""
        self.added |= keys
        self.update(inventory, {pod.uid: pod for pod in inventory.pods()})

    def update(self, inventory: Inventory, changes: Mapping[str, Pod | None]) -> None:
        """Take what changed in the inventory: begin what is new, pass on the rest.

        Args:
            inventory: What there is now.
            changes: Pods that are new or changed, by UID; None for those that are gone.
        """
        wanted: list[tuple[Pod, Container]] = []
        for uid, pod in changes.items():
            self.logs.observe(uid, pod)
            if pod is not None:
                wanted.extend((pod, one) for one in pod.containers if self._is_new(pod, one))
        if wanted:
            self._begin(wanted, inventory)

    def wants(self, pod: Pod, container: str) -> bool:
        """Say whether a container is among those that were asked for."""
        return self.choice.takes(pod, container) or any(key in self.added for key in keys_above(pod, container))

    def _is_new(self, pod: Pod, container: Container) -> bool:
        return (pod.uid, container.name) not in self._read and self.wants(pod, container.name)

    def _begin(self, wanted: list[tuple[Pod, Container]], inventory: Inventory) -> None:
        """Begin to read; what still runs comes before what has ended."""
        open_now = self._count_open(inventory)
        running = [(pod, one) for pod, one in wanted if not _is_over(pod, one)]
        if open_now + len(running) > self.most:
            self._refuse(open_now + len(running))
            return
        ended = sorted((pair for pair in wanted if _is_over(*pair)), key=lambda pair: -pair[0].created)
        room = self.most - open_now - len(running)
        for pod, container in running + ended[:room]:
            self._read.add((pod.uid, container.name))
            self.logs.begin(pod, container.name)
        left = len(ended) - room
        self.note = f"{left} containers that have ended are not read: choose fewer to see them." if left > 0 else ""

    def _refuse(self, asked: int) -> None:
        self.note = (
            f"{asked} containers were asked for and at most {self.most} can be read at once: choose fewer, "
            "with -n NAMESPACE, -l LABEL=VALUE or KIND/NAME, or pick some in the tree."
        )

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
