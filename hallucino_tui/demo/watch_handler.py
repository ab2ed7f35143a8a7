"""Watches: what there is, what changes, bookmarks, and the end when a revision is too old."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hallucino_tui.demo.cluster import Change, LapsedError, Stored
from hallucino_tui.demo.encoding import Form, JsonObject, Representation, encode
from hallucino_tui.demo.list_handler import one, parse_int, parse_revision, selection, stored_kind, table
from hallucino_tui.demo.resources import K8S_EVENTS
from hallucino_tui.demo.routing import Target, flag
from hallucino_tui.demo.status_errors import expired_watch, invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hallucino_tui.demo.cluster import ClusterState

BOOKMARK_SECONDS = 60.0
"""Time between bookmarks."""

_DEFAULT_TIMEOUT = 45 * 60
_LAST_BOOKMARK = 2.0
"""A last bookmark is sent so many seconds before the end."""

_FIELD = "resourceVersionMatch"


@dataclass(frozen=True, slots=True)
class WatchOptions:
    """What a watch asks for.

    Attributes:
        since: The revision to go on from; None means that what there is comes first.
        initial_end: Whether a bookmark marks the end of what there is.
        bookmarks: Whether bookmarks are wanted.
        timeout: Seconds after which the watch ends.
    """

    since: int | None
    initial_end: bool
    bookmarks: bool
    timeout: float


def parse_options(query: Mapping[str, str]) -> WatchOptions:
    """Read the options of a watch.

    Raises:
        ApiError: One of them cannot be read or is not allowed.
    """
    text = query.get("resourceVersion", "")
    initial = flag(query, "sendInitialEvents")
    if "sendInitialEvents" in query and query.get(_FIELD) != "NotOlderThan":
        problem = "Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"
        raise invalid("ListOptions", "", _FIELD, problem, group="meta.k8s.io", forbids=True)
    if query.get(_FIELD) and "sendInitialEvents" not in query:
        problem = "Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"
        raise invalid("ListOptions", "", _FIELD, problem, group="meta.k8s.io", forbids=True)
    revision = parse_revision(text)
    seconds = parse_int(query["timeoutSeconds"]) if query.get("timeoutSeconds") else 0
    return WatchOptions(
        since=revision if revision and not initial else None,
        initial_end=initial,
        bookmarks=flag(query, "allowWatchBookmarks"),
        timeout=float(seconds or _DEFAULT_TIMEOUT),
    )


class WatchSession:
    """One watch: turns the journal's changes into the events that this client is to see."""

    def __init__(
        self,
        state: ClusterState,
        target: Target,
        query: Mapping[str, str],
        form: Representation,
        clock: Callable[[], int],
    ) -> None:
        self.options = parse_options(query)
        self._state = state
        self._target = target
        self._form = form
        self._clock = clock
        self._include = query.get("includeObject", "")
        self._columns = True
        selected = selection(target, query)
        named = target.name
        self._passes: Callable[[JsonObject], bool] = selected or (lambda _item: True)
        prefix = f"{target.namespace}/" if target.namespace else ""
        self._in_scope: Callable[[Stored], bool] = lambda stored: (
            stored.key == prefix + named if named else stored.key.startswith(prefix)
        )
        self.journal = state.journal(stored_kind(target.resource))
        self._next: int | None = None

    def first(self) -> list[bytes]:
        """Return the frames that come at once: everything there is, or why there will be nothing.

        Raises:
            LapsedError: The revision is too old; `too_old` is the frame to send.
        """
        if self.options.since is not None:
            if self.options.since < self.journal.floor:
                raise LapsedError
            return []
        self._next = self.journal.end
        kind = stored_kind(self._target.resource)
        objects = self._state.list(kind, self._target.namespace)
        frames = [
            self._frame("ADDED", stored) for stored in objects if self._in_scope(stored) and self._passes(stored.item)
        ]
        if self.options.initial_end and self.options.bookmarks:
            frames.append(self.bookmark(initial_end=True))
        return frames

    def more(self) -> list[bytes]:
        """Return the frames of what has changed since.

        Raises:
            LapsedError: This client was too slow; what it has missed is no longer kept.
        """
        if self._next is None:
            since = self.options.since or 0
            if since > self._state.revision:
                return []  # a revision of the future: nothing is said until it has come
            self._next = self.journal.position(since)
        changes = self.journal.read(self._next)
        self._next = self.journal.end
        frames: list[bytes] = []
        for change in changes:
            if self._in_scope(change.stored):
                frames += self._seen(change)
        return frames

    def too_old(self) -> bytes:
        """Return the frame that ends a watch whose revision is gone."""
        status = expired_watch(self.options.since or self.journal.floor, self.journal.floor)
        return b'{"type":"ERROR","object":' + encode(status) + b"}\n"

    def bookmark(self, *, initial_end: bool = False) -> bytes:
        """Return a bookmark at the present revision."""
        metadata: JsonObject = {"resourceVersion": str(self._state.revision)}
        if initial_end:
            metadata["annotations"] = {"k8s.io/initial-events-end": "true"}
        body: JsonObject
        if self._form.form is Form.TABLE:
            body = {"kind": "Table", "apiVersion": f"meta.k8s.io/{self._form.version}"}
            body |= {"metadata": metadata, "columnDefinitions": None, "rows": []}
        elif self._form.form is Form.METADATA:
            body = {"kind": "PartialObjectMetadata", "apiVersion": f"meta.k8s.io/{self._form.version}"}
            body |= {"metadata": metadata}
        else:
            resource = self._target.resource
            body = {"kind": resource.kind, "apiVersion": resource.api_version, "metadata": metadata}
            body |= resource.empty
        return b'{"type":"BOOKMARK","object":' + encode(body) + b"}\n"

    def _seen(self, change: Change) -> list[bytes]:
        """Return how a change looks through the selectors: objects can enter and leave the selection."""
        before = change.before is not None and self._passes(change.before.item)
        after = change.kind != "DELETED" and self._passes(change.stored.item)
        if after:
            return [self._frame("MODIFIED" if before else "ADDED", change.stored)]
        if before and change.before is not None:
            return [self._frame("DELETED", change.before.at_revision(change.revision))]
        return []

    def _frame(self, kind: str, stored: Stored) -> bytes:
        resource = self._target.resource
        if self._form.form is Form.TABLE:
            metadata: JsonObject = {"resourceVersion": str(stored.revision)}
            shown = (self._clock(), self._include)
            parts = table([stored], resource, self._form, metadata, shown, columns=self._columns)
            self._columns = False
        elif resource is not K8S_EVENTS and self._form.form is Form.PLAIN:
            return b'{"type":"%b","object":%b}\n' % (kind.encode(), stored.full)
        else:
            parts = one(stored, resource, self._form, 0, "")
        return b'{"type":"%b","object":%b}\n' % (kind.encode(), b"".join(parts))


class Pace:
    """When a watch's next bookmark is due and when it ends."""

    def __init__(self, options: WatchOptions) -> None:
        loop = asyncio.get_running_loop()
        self._now = loop.time
        self._end = self._now() + options.timeout
        self._bookmarks = options.bookmarks
        self._last_sent = options.timeout <= _LAST_BOOKMARK  # the real server sends none when time is as short
        self._next = self._now() + BOOKMARK_SECONDS

    @property
    def over(self) -> bool:
        """Whether the watch's time is over."""
        return self._now() >= self._end

    def bookmark_due(self) -> bool:
        """Tell whether a bookmark has to be sent now; counts it as sent."""
        if not self._bookmarks:
            return False
        now = self._now()
        if not self._last_sent and now >= self._end - _LAST_BOOKMARK:
            self._last_sent = True
            return True
        if now >= self._next:
            self._next = now + BOOKMARK_SECONDS
            return True
        return False

    def remaining(self) -> float:
        """Return the seconds until something is due."""
        due = [self._end]
        if self._bookmarks:
            due.append(self._next)
            if not self._last_sent:
                due.append(self._end - _LAST_BOOKMARK)
        return max(0.0, min(due) - self._now())
