"""What the cluster holds: objects by kind, one counter of revisions, and a window of past changes to watch."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from operator import attrgetter
from typing import TYPE_CHECKING, Literal, NamedTuple

from hallucino_tui.demo.encoding import JsonObject, encode
from hallucino_tui.demo.resources import STORED, Resource

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Sequence

Key = str
"""Where an object stands in lists: ``namespace/name``, or only the name where there are no namespaces."""

WINDOW = 2048
"""Changes of one kind that a watch can still be given."""

FIRST_REVISION = 184_200
"""Where the counter begins, so that a small number is always too old."""


def key_of(namespace: str, name: str) -> Key:
    """Return the key of an object; `namespace` is "" for kinds without namespaces."""
    return f"{namespace}/{name}" if namespace else name


class Stored:
    """One state of one object, never changed after it was made; its bytes are made once, when first asked for.

    Attributes:
        resource: Its kind.
        key: Where it stands.
        revision: The revision that made this state.
        item: The object without ``kind`` and ``apiVersion``.
    """

    __slots__ = ("_encoded", "_metadata", "item", "key", "resource", "revision")

    def __init__(self, resource: Resource, item: JsonObject, revision: int) -> None:
        metadata: JsonObject = item["metadata"]
        metadata["resourceVersion"] = str(revision)
        self.resource = resource
        self.key: Key = key_of(metadata.get("namespace", ""), metadata["name"])
        self.revision = revision
        self.item = item
        self._encoded: bytes | None = None
        self._metadata: bytes | None = None

    @property
    def encoded(self) -> bytes:
        """The object as an item of a list, without its kind."""
        if self._encoded is None:
            self._encoded = encode(self.item)
        return self._encoded

    @property
    def full(self) -> bytes:
        """The object as it stands alone, with its kind."""
        return b'{"kind":"%b","apiVersion":"%b",%b' % (
            self.resource.kind.encode(),
            self.resource.api_version.encode(),
            self.encoded[1:],
        )

    def partial(self, version: str) -> bytes:
        """The object's metadata alone, as a PartialObjectMetadata of the given version (``v1`` or ``v1beta1``)."""
        if self._metadata is None:
            self._metadata = encode(self.item["metadata"])
        head = b'{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/%b","metadata":' % version.encode()
        return head + self._metadata + b"}"

    def at_revision(self, revision: int) -> Stored:
        """Return the same object under another revision, as a watch shows what has left its selection."""
        return Stored(self.resource, {**self.item, "metadata": dict(self.item["metadata"])}, revision)


class Change(NamedTuple):
    """One entry of a journal; `before` is the state that it replaced, if there was one."""

    revision: int
    kind: Literal["ADDED", "MODIFIED", "DELETED"]
    stored: Stored
    before: Stored | None


class LapsedError(Exception):
    """A watch asks for changes that are no longer kept."""


class Journal:
    """The changes of one kind, oldest first, numbered from 0 for ever; the oldest leave when there are too many.

    Attributes:
        floor: Changes after this revision are all here.
    """

    def __init__(self, floor: int) -> None:
        self.floor = floor
        self._changes: list[Change] = []
        self._dropped = 0
        self._listeners: set[asyncio.Event] = set()

    @property
    def end(self) -> int:
        """The number that the next change will get."""
        return self._dropped + len(self._changes)

    def append(self, change: Change) -> None:
        """Add a change and wake everybody who listens."""
        self._changes.append(change)
        if len(self._changes) >= 2 * WINDOW:
            self.drop(WINDOW)
        for listener in self._listeners:
            listener.set()

    def drop(self, keep: int) -> None:
        """Forget all but the last `keep` changes."""
        surplus = len(self._changes) - keep
        if surplus > 0:
            self.floor = self._changes[surplus - 1].revision
            del self._changes[:surplus]
            self._dropped += surplus

    def position(self, revision: int) -> int:
        """Return the number of the first change after `revision`."""
        return self._dropped + bisect_right(self._changes, revision, key=attrgetter("revision"))

    def read(self, number: int) -> Sequence[Change]:
        """Return the changes from `number` on.

        Raises:
            LapsedError: Some of them are no longer kept.
        """
        if number < self._dropped:
            raise LapsedError
        return self._changes[number - self._dropped :]

    def listen(self, event: asyncio.Event) -> None:
        """Set `event` at every change from now on."""
        self._listeners.add(event)

    def forget(self, event: asyncio.Event) -> None:
        """Set `event` no longer."""
        self._listeners.discard(event)


class ClusterState:
    """All objects. Not safe for threads: everything happens on the server's event loop.

    Attributes:
        revision: The last revision given out.
    """

    def __init__(self) -> None:
        self.revision = FIRST_REVISION
        self._objects: dict[Resource, dict[Key, Stored]] = {resource: {} for resource in STORED}
        self._keys: dict[Resource, list[Key]] = {resource: [] for resource in STORED}
        self._journals = {resource: Journal(self.revision) for resource in STORED}

    def put(self, resource: Resource, item: JsonObject) -> Stored:
        """Add or replace an object.

        Args:
            resource: Its kind.
            item: The object without kind; must not be changed by the caller any more. Its resource version is set.

        Returns:
            The new state.
        """
        self.revision += 1
        stored = Stored(resource, item, self.revision)
        objects = self._objects[resource]
        before = objects.get(stored.key)
        objects[stored.key] = stored
        if before is None:
            insort(self._keys[resource], stored.key)
        self._journals[resource].append(
            Change(self.revision, "ADDED" if before is None else "MODIFIED", stored, before)
        )
        return stored

    def delete(self, resource: Resource, namespace: str, name: str) -> bool:
        """Remove an object; tell whether there was one."""
        key = key_of(namespace, name)
        before = self._objects[resource].pop(key, None)
        if before is None:
            return False
        keys = self._keys[resource]
        del keys[bisect_left(keys, key)]
        self.revision += 1
        self._journals[resource].append(Change(self.revision, "DELETED", before.at_revision(self.revision), before))
        return True

    def get(self, resource: Resource, namespace: str, name: str) -> Stored | None:
        """Return an object, or None."""
        return self._objects[resource].get(key_of(namespace, name))

    def list(self, resource: Resource, namespace: str = "", *, revision: int | None = None) -> Sequence[Stored]:
        """Return the objects of a kind in the order of their keys.

        Args:
            resource: The kind.
            namespace: Only this namespace; "" means all.
            revision: As they were at this revision, which must not be older than the journal's floor.
        """
        if revision is not None and revision < self.revision:
            return self._list_at(resource, namespace, revision)
        keys = self._keys[resource]
        if namespace:
            keys = keys[bisect_left(keys, f"{namespace}/") : bisect_left(keys, f"{namespace}0")]  # "0" follows "/"
        objects = self._objects[resource]
        return [objects[key] for key in keys]

    def count(self, resource: Resource) -> int:
        """Return how many objects of a kind there are."""
        return len(self._keys[resource])

    def journal(self, resource: Resource) -> Journal:
        """Return the past changes of a kind."""
        return self._journals[resource]

    def compact(self) -> None:
        """Forget all past changes: every older watch and continue token is too old from now on."""
        for journal in self._journals.values():
            journal.drop(0)
            journal.floor = self.revision

    def _list_at(self, resource: Resource, namespace: str, revision: int) -> Sequence[Stored]:
        journal = self._journals[resource]
        objects = dict(self._objects[resource])
        for change in reversed(journal.read(journal.position(revision))):
            if change.before is None:
                objects.pop(change.stored.key, None)
            else:
                objects[change.before.key] = change.before
        prefix = f"{namespace}/" if namespace else ""
        return [objects[key] for key in sorted(objects) if key.startswith(prefix)]
