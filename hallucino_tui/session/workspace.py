"""One sitting at a cluster: what is watched, what is read, and what of it shows."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hallucino_tui.logs.batch import Batch
from hallucino_tui.logs.filters import Filter
from hallucino_tui.session.cluster import SourceError
from hallucino_tui.session.collect import source_of
from hallucino_tui.session.filtering import NOTHING, Understood, understand
from hallucino_tui.session.hidden import count_hidden
from hallucino_tui.session.hub import TICK, Hub, HubSnapshot
from hallucino_tui.session.inventory import InventorySnapshot
from hallucino_tui.session.narrowing import Narrow
from hallucino_tui.session.nodes import NodeKey, NodeKind
from hallucino_tui.session.patterns import Patterns
from hallucino_tui.session.reading import Reading
from hallucino_tui.session.reporting import Reporter, Surroundings
from hallucino_tui.session.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hallucino_tui.insight.categories import Categories
    from hallucino_tui.logs.spilled import Spill
    from hallucino_tui.logs.store import Bounds
    from hallucino_tui.logs.stream import StreamTable
    from hallucino_tui.session.choice import Choice
    from hallucino_tui.session.clock import Clock
    from hallucino_tui.session.cluster import Cluster, Clusters, ContextInfo
    from hallucino_tui.session.receipts import Receipt


@dataclass(frozen=True, slots=True)
class WorkspaceSnapshot:
    """What there is to see at one moment.

    Attributes:
        hub: The lines.
        inventory: The cluster.
        context: The name of the cluster.
        choice: What is read, in few words.
        namespaces: The namespaces that were chosen.
        selection: Which streams show.
        narrow: Which lines show.
        understood: The filters of it, as they were understood.
        problem: One sentence about what is in the way; "" if nothing is.
        busy: What is being done just now, "" if nothing is.
    """

    hub: HubSnapshot = field(default_factory=HubSnapshot)
    inventory: InventorySnapshot = field(default_factory=InventorySnapshot)
    context: str = ""
    choice: str = ""
    namespaces: tuple[str, ...] = ()
    selection: Selection = field(default_factory=Selection)
    narrow: Narrow = field(default_factory=Narrow)
    understood: Understood = NOTHING
    problem: str = ""
    busy: str = ""


class Workspace:
    """Everything about one sitting, on the engine's loop. Commands are called there, too."""

    def __init__(
        self,
        clusters: Clusters,
        table: StreamTable,
        choice: Choice,
        clock: Clock,
        listener: Callable[[WorkspaceSnapshot], None],
        bounds: Bounds | None = None,
        spill: Spill | None = None,
    ) -> None:
        """Prepare; `run` does the work.

        Args:
            clusters: Opens clusters.
            table: Numbers the streams.
            choice: What to read.
            clock: Tells the time.
            listener: Hears of every change, at most once a tick, on the engine's loop.
            bounds: How much to keep.
            spill: Keeps on a disk what leaves memory; None to give it up.
        """
        self.hub = Hub(table, clock, self._hear_hub, bounds, spill)
        self.patterns = Patterns(self.hub.store, table, clock)
        self.reporter = Reporter(self.patterns, table, self.surroundings)
        self._clusters = clusters
        self._choice = choice
        self._listener = listener
        self._cluster: Cluster | None = None
        self._reading: Reading | None = None
        self._snapshot = WorkspaceSnapshot(choice=str(choice))
        self._told = self._snapshot
        self._opened = 0
        self._wanted = 0
        self._open_problem = ""

    async def run(self, context: str | None) -> None:
        """Open a cluster and work until cancelled.

        Args:
            context: The context to open; None for the current one.
        """
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self.hub.run(), name="hub")
                group.create_task(self._pump(), name="inventory")
                group.create_task(self.patterns.run(), name="patterns")
                await self.open(context)
        finally:
            if self._cluster is not None:
                await self._cluster.close()

    async def open(self, context: str | None) -> None:
        """Leave the cluster that is open, if any, and open another. Lines that are here stay."""
        self._open_problem = ""
        self._change(busy=f"connecting to {context or 'the cluster'} …", problem="")
        self._wanted += 1
        wanted = self._wanted
        try:
            cluster = await self._clusters.open(context)
        except SourceError as error:
            if wanted != self._wanted:
                return  # somebody chose another one meanwhile
            self._open_problem = str(error)
            self._change(busy="", problem=self._open_problem)
            return
        if wanted != self._wanted:
            await cluster.close()
            return
        old, self._cluster = self._cluster, cluster
        self._opened += 1
        if old is not None:
            self.hub.remove(old.logs)
            await old.close()
        choice = self._choice
        if not choice.namespaces and not choice.all_namespaces:
            choice = replace(choice, namespaces=(cluster.namespace,))
        self._reading = Reading(choice, cluster)
        self.hub.add(cluster.logs)
        cluster.watch(choice)
        self._change(
            busy="",
            context=cluster.name,
            choice=str(choice),
            namespaces=choice.namespaces,
            inventory=cluster.inventory.snapshot(),
            selection=Selection(cluster.name),
        )
        self._apply_filter()

    def sort_by(self, categories: Categories) -> None:
        """Sort patterns by other rules than those that are built in; before any were sorted."""
        self.patterns.sort_by(categories)
        self.reporter.categories = categories

    async def contexts(self) -> Sequence[ContextInfo]:
        """Return the clusters that could be opened."""
        return await self._clusters.contexts()

    def expand(self, key: NodeKey) -> None:
        """Get what is in a node of the tree."""
        if key.kind is NodeKind.NAMESPACE and self._cluster is not None:
            self._cluster.watch_namespace(key.path[0])

    def narrow(self, narrow: Narrow) -> None:
        """Show what a narrowing lets through, reading chosen containers first if they are not read yet."""
        selection = replace(narrow.selection, cluster=self._snapshot.selection.cluster)
        understood = self._snapshot.understood
        if narrow.texts != self._snapshot.narrow.texts:
            understood = understand(narrow.texts)
            if understood.problem:
                # What is typed is not finished, or wrong: what held before goes on to hold, and the reader is told.
                understood = replace(self._snapshot.understood, problem=understood.problem)
        self._change(narrow=replace(narrow, selection=selection), selection=selection, understood=understood)
        if self._cluster is not None and self._reading is not None:
            for key in selection.keys:
                self.expand(key)
            self._reading.add(set(selection.keys), self._cluster.inventory)
        self._apply_filter()

    async def read_older(self) -> int:
        """Read lines before the oldest ones of what shows; return how many came.

        Raises:
            SourceError: They cannot be read.
        """
        if self._cluster is None:
            return 0
        if self.hub.store.older_is_full:
            raise SourceError("The room for older lines is used up: filter by time or choose fewer containers.")
        streams = [one.stream for one in self._cluster.logs.receipts() if self._snapshot.selection(one.stream)]
        slots = [(one.labels["pod_uid"], one.labels["container"]) for one in streams if "pod_uid" in one.labels]
        self._change(busy="reading older lines …")
        try:
            items = await self._cluster.read_older(slots)
        finally:
            self._change(busy="")
        self.hub.add_older(items)
        return sum(len(item) for item in items if isinstance(item, Batch))

    async def read_previous(self, key: NodeKey) -> None:
        """Read the run before the current one of all containers under a pod or container.

        Raises:
            SourceError: There is none, or it cannot be read.
        """
        cluster = self._cluster
        if cluster is None or key.kind not in {NodeKind.POD, NodeKind.CONTAINER}:
            raise SourceError("A previous run belongs to a pod or a container: choose one.")
        pod = cluster.inventory.get(key.path[0])
        if pod is None:
            raise SourceError("This pod is gone, and its logs with it.")
        names = key.path[1:] or tuple(one.name for one in pod.containers if one.previous is not None)
        if not names:
            raise SourceError(f"No container of {pod.name} was started again, so there is no previous run.")
        for name in names:
            self.hub.add_older(await cluster.read_previous(pod.uid, name))

    async def describe(self, key: NodeKey) -> str:
        """Return what there is to say of a node of the tree.

        Raises:
            SourceError: It cannot be read.
        """
        if self._cluster is None:
            raise SourceError("No cluster is open.")
        return await self._cluster.describe(key)

    async def count_hidden(self, text: str) -> int | None:
        """Return how many lines a filter hides by itself; None if there are too many to count."""
        return await count_hidden(self._snapshot.hub.view.store, self.hub.table, text)

    def surroundings(self) -> Surroundings:
        """Return what is known besides the lines."""
        gaps = tuple(
            f"{source_of(one.stream)}: lines may be missing ({one.gaps:,} possible gaps)."
            for one in self.receipts()
            if one.gaps
        )
        if self._cluster is None:
            return Surroundings(gaps=gaps)
        return Surroundings(self._cluster.events(), self._cluster.pod_facts(), gaps)

    def receipts(self) -> list[Receipt]:
        """Return a copy of the receipt of every stream."""
        return self.hub.receipts()

    def _apply_filter(self) -> None:
        selection, narrow = self._snapshot.selection, self._snapshot.narrow
        streams = selection if selection.keys or self._opened > 1 else None
        queries = self._snapshot.understood.queries if narrow.matches_only else ()
        self.hub.show(Filter(streams, narrow.level, queries, narrow.since, narrow.until, narrow.whole_records))

    async def _pump(self) -> None:
        """Once a tick, hand what changed in the inventory to the reading, and tell the listener."""
        while True:
            cluster, reading = self._cluster, self._reading
            if cluster is not None and reading is not None:
                changes = cluster.inventory.take_changes()
                if changes:
                    reading.update(cluster.inventory, changes)
                self._change(inventory=cluster.inventory.snapshot(), problem=self._open_problem or reading.note)
            self._tell()
            await asyncio.sleep(TICK)

    def _hear_hub(self, hub: HubSnapshot) -> None:
        self.patterns.hear(hub.view.store)
        self._change(hub=hub)
        self._tell()

    def _change(self, **changes: object) -> None:
        """Put new values into the snapshot; values that are the same make no new one, so that nobody is told."""
        if any(not _same(getattr(self._snapshot, name), value) for name, value in changes.items()):
            self._snapshot = replace(self._snapshot, **changes)  # pyright: ignore[reportArgumentType]

    def _tell(self) -> None:
        if self._snapshot is not self._told:
            self._told = self._snapshot
            self._listener(self._snapshot)


def _same(old: object, new: object) -> bool:
    return old is new or (isinstance(new, str) and old == new)
