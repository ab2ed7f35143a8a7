"""List, then watch: keeps one collection of objects up to date for as long as it runs."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeVar

import aiohttp
import msgspec

from hallucino_tui.logs.lines import LineCutter
from hallucino_tui.session.backoff import Backoff
from hallucino_tui.session.inventory import Watching
from hallucino_tui.sources.kubernetes.client import Status, api_error
from hallucino_tui.sources.kubernetes.errors import ApiError, ClusterError, NotKubernetesError
from hallucino_tui.sources.kubernetes.objects import ListMeta, ObjectMeta

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.session.clock import Clock
    from hallucino_tui.sources.kubernetes.client import Client

PAGE: Final = 500
_WATCH_SECONDS: Final = 290
_SILENCE: Final = 150.0
"""Seconds without a byte after which a watch counts as dead: bookmarks come about once a minute."""
_POLL_SECONDS: Final = 5.0
_FORBIDDEN_SECONDS: Final = 60.0


class HasMeta(Protocol):
    """An object of the API."""

    @property
    def metadata(self) -> ObjectMeta:
        """Its metadata."""
        ...


T = TypeVar("T", bound=HasMeta)
T_contra = TypeVar("T_contra", bound=HasMeta, contravariant=True)


class Sink(Protocol[T_contra]):
    """Hears of what a reflector sees."""

    def replace(self, items: Sequence[T_contra]) -> None:
        """Take a complete list."""
        ...

    def put(self, item: T_contra) -> None:
        """Take an object that is new or changed."""
        ...

    def remove(self, item: T_contra) -> None:
        """Note that an object is gone."""
        ...

    def report(self, watching: Watching, note: str) -> None:
        """Note how well the collection is known, with a sentence if something is wrong."""
        ...


class _Bookmark(msgspec.Struct):
    metadata: ObjectMeta


class _Event(msgspec.Struct):
    type: str
    object: msgspec.Raw


class _Expired(Exception):  # noqa: N818 - it is no failure, it is the normal end of a watch that grew too old
    """The version to watch from is too old: list again."""


@dataclass(slots=True)
class Reflector(Generic[T]):
    """Keeps a sink up to date with one collection.

    Attributes:
        client: Speaks to the API server.
        path: The collection.
        kind: The type of its objects.
        sink: Hears of them.
        clock: Waits.
        selector: A label selector; "" for all.
        fields: A field selector; "" for all.
    """

    client: Client
    path: str
    kind: type[T]
    sink: Sink[T]
    clock: Clock
    selector: str = ""
    fields: str = ""
    _backoff: Backoff = field(default_factory=Backoff)
    _version: str = ""
    _hurry: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def _selectors(self) -> dict[str, str]:
        named = {"labelSelector": self.selector, "fieldSelector": self.fields}
        return {name: value for name, value in named.items() if value}

    def hurry(self) -> None:
        """Connect again now: the machine slept, or its network changed."""
        self._hurry.set()

    async def run(self) -> None:
        """List and watch until cancelled; never gives up."""
        while True:
            try:
                await self._list()
                started = self.clock.monotonic()
                await self._watch_until_expired()
                if self.clock.monotonic() - started < 1.0:
                    await self._wait(self._backoff.next())
            except ApiError as error:
                await self._refused(error)
            except ClusterError as error:
                self.sink.report(Watching.RETRYING, str(error))
                await self._wait(self._backoff.next())

    async def _list(self) -> None:
        """Read the whole collection, page by page."""
        list_type: Any = msgspec.defstruct("List", [("items", list[self.kind]), ("metadata", ListMeta)])
        items: list[T] = []
        token = ""
        limit = {"limit": str(PAGE)}
        while True:
            params = limit | self._selectors
            if token:
                params["continue"] = token
            try:
                page = await self.client.get(self.path, list_type, params)
            except ApiError as error:
                if error.status == 410 and token:
                    # The pages before are of a state that the server has forgotten: from the start, and in one piece,
                    # or a list that takes longer than the server remembers would never end.
                    items.clear()
                    token, limit = "", {}
                    continue
                raise
            items.extend(page.items)
            token = page.metadata.continue_
            if not token:
                break
        self._version = page.metadata.resource_version
        self.sink.replace(items)
        self.sink.report(Watching.WATCHED, "")

    async def _watch_until_expired(self) -> None:
        """Watch again and again from the last version that was seen."""
        while True:
            started = self.clock.monotonic()
            try:
                await self._watch()
            except _Expired:
                return
            except ApiError as error:
                if error.status == 410:
                    return
                if error.status in {403, 405}:
                    await self._poll(error)
                raise
            if self.clock.monotonic() - started < 1.0:
                await self._wait(self._backoff.next())
            else:
                self._backoff.reset()

    async def _watch(self) -> None:
        """Watch once; return when the server ends the watch or the connection breaks."""
        params = {
            "watch": "1",
            "allowWatchBookmarks": "true",
            "resourceVersion": self._version,
            "timeoutSeconds": str(_WATCH_SECONDS),
        } | self._selectors
        cutter = LineCutter()
        async with self.client.open(self.path, params) as response:
            reading = asyncio.ensure_future(self._read(response, cutter))
            hurry = asyncio.ensure_future(self._hurry.wait())
            try:
                await asyncio.wait({reading, hurry}, return_when=asyncio.FIRST_COMPLETED)
                if reading.done():
                    reading.result()
            finally:
                self._hurry.clear()
                for task in (reading, hurry):
                    task.cancel()
                await asyncio.gather(reading, hurry, return_exceptions=True)

    async def _read(self, response: aiohttp.ClientResponse, cutter: LineCutter) -> None:
        try:
            while True:
                async with asyncio.timeout(_SILENCE):
                    chunk = await response.content.readany()
                if not chunk:
                    return
                for line in cutter.feed(chunk).split(b"\n"):
                    if line:
                        self._apply(line)
        except (aiohttp.ClientError, OSError, TimeoutError):
            return  # cut, or silent for too long: either way the next watch goes on from the last version

    def _apply(self, line: bytes) -> None:
        try:
            event = msgspec.json.decode(line, type=_Event)
            if event.type == "ERROR":
                error = api_error(msgspec.json.decode(event.object, type=Status))
                if error.status == 410:
                    raise _Expired
                raise error
            if event.type == "BOOKMARK":
                self._version = msgspec.json.decode(event.object, type=_Bookmark).metadata.resource_version
                return
            item = msgspec.json.decode(event.object, type=self.kind)
        except msgspec.DecodeError as error:
            raise NotKubernetesError(f"The cluster sent a watch event that is no JSON of its kind: {error}.") from error
        self._version = item.metadata.resource_version
        if event.type == "DELETED":
            self.sink.remove(item)
        else:
            self.sink.put(item)

    async def _poll(self, refusal: ApiError) -> None:
        """List again and again, where watching is not allowed. Returns only by an error of the listing."""
        while True:
            self.sink.report(
                Watching.POLLED, f"no right to watch, so this is read every {_POLL_SECONDS:.0f} s ({refusal.message})"
            )
            await self._wait(_POLL_SECONDS)
            await self._list()

    async def _refused(self, error: ApiError) -> None:
        if error.status == 403:
            self.sink.report(Watching.FORBIDDEN, str(error))
            await self._wait(_FORBIDDEN_SECONDS)
            return
        if error.status != 410:
            self.sink.report(Watching.RETRYING, str(error))
        await self._wait(self._backoff.next(error.retry_after))

    async def _wait(self, seconds: float) -> None:
        """Wait, but no longer than until somebody is in a hurry."""
        sleeping = asyncio.ensure_future(self.clock.sleep(seconds))
        hurry = asyncio.ensure_future(self._hurry.wait())
        try:
            await asyncio.wait({sleeping, hurry}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._hurry.clear()
            for task in (sleeping, hurry):
                task.cancel()
            await asyncio.gather(sleeping, hurry, return_exceptions=True)
