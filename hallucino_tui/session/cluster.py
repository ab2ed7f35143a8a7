"""What the session needs of a cluster, whatever brings it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.insight.cluster_events import ClusterEvent, PodFacts
    from hallucino_tui.logs.batch import Batch
    from hallucino_tui.logs.notice import Notice
    from hallucino_tui.session.choice import Choice
    from hallucino_tui.session.inventory import Inventory, Pod
    from hallucino_tui.session.nodes import NodeKey
    from hallucino_tui.session.source import LogSource


class SourceError(Exception):
    """Something could not be done; ``str(error)`` says what, why, and what to do."""


@dataclass(frozen=True, slots=True)
class ContextInfo:
    """A cluster that could be read.

    Attributes:
        name: The context's name.
        cluster: The cluster that it leads to.
        user: As whom.
        namespace: Where it begins.
        current: Whether it is the one that is used when none is named.
    """

    name: str
    cluster: str
    user: str
    namespace: str
    current: bool


class Cluster(Protocol):
    """A cluster that is being read. Belongs to the loop that it was opened on."""

    @property
    def name(self) -> str:
        """The name that the reader knows it by."""
        ...

    @property
    def namespace(self) -> str:
        """The namespace that its context names."""
        ...

    @property
    def inventory(self) -> Inventory:
        """What there is, as far as it is watched."""
        ...

    @property
    def logs(self) -> LogSource:
        """The lines of the containers that are read."""
        ...

    def watch(self, choice: Choice) -> None:
        """Watch namespaces, and the pods that a choice may mean."""
        ...

    def watch_namespace(self, namespace: str) -> None:
        """Watch the pods of one more namespace."""
        ...

    def begin(self, pod: Pod, container: str) -> None:
        """Begin to read a container."""
        ...

    def observe(self, uid: str, pod: Pod | None) -> None:
        """Pass on a newer state of a pod to what reads its containers."""
        ...

    def events(self) -> Sequence[ClusterEvent]:
        """Return what the cluster did as far as it tells, the earliest first."""
        ...

    def pod_facts(self) -> Sequence[PodFacts]:
        """Return what the pods that are watched say of themselves."""
        ...

    async def read_older(self, slots: Sequence[tuple[str, str]]) -> Sequence[Batch | Notice]:
        """Read lines before those that are known.

        Args:
            slots: Pod UID and container of what is read.

        Raises:
            SourceError: None of them could be read.
        """
        ...

    async def read_previous(self, uid: str, container: str) -> Sequence[Batch | Notice]:
        """Read the run of a container before its current one.

        Raises:
            SourceError: There is none, or it cannot be read.
        """
        ...

    async def describe(self, key: NodeKey) -> str:
        """Return what there is to say of a node of the tree, its events among it, as plain text.

        Raises:
            SourceError: It cannot be read.
        """
        ...

    async def close(self) -> None:
        """End all connections."""
        ...


class Clusters(Protocol):
    """Opens clusters by the names of contexts."""

    async def contexts(self) -> Sequence[ContextInfo]:
        """Return what can be opened.

        Raises:
            SourceError: It cannot be told.
        """
        ...

    async def open(self, context: str | None) -> Cluster:
        """Open a cluster; None for the current context.

        Raises:
            SourceError: It cannot be opened.
        """
        ...
