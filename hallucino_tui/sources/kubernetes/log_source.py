"""All followers of a cluster as one source of lines."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import numpy as np

from hallucino_tui.logs.batch import Batch
from hallucino_tui.logs.lines import parse_timestamped
from hallucino_tui.logs.notice import Notice, NoticeKind
from hallucino_tui.session.receipts import StreamState
from hallucino_tui.sources.kubernetes.follower import Follower
from hallucino_tui.sources.kubernetes.log_request import Slot, Start
from hallucino_tui.sources.kubernetes.outlet import Piece

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hallucino_tui.session.inventory import Pod
    from hallucino_tui.session.receipts import Receipt
    from hallucino_tui.sources.kubernetes.happenings import Happenings
    from hallucino_tui.sources.kubernetes.shared import Shared

_BEAT_SECONDS: Final = 2.0
_ASLEEP_SECONDS: Final = 8.0
"""A beat that is so much later than it should be means that the machine, or this process, slept."""


class KubernetesLogs:
    """Follows containers. Belongs to the loop that it runs on."""

    def __init__(self, shared: Shared) -> None:
        """Start with no container.

        Args:
            shared: What all followers share.
        """
        self._shared = shared
        self._followers: dict[Slot, Follower] = {}
        self._tasks: dict[Slot, asyncio.Task[None]] = {}
        self._left: list[Follower] = []
        self._by_stream: dict[int, Receipt] = {}
        self._earliest: int | None = None
        self.happenings: Happenings | None = None
        """What the cluster did, among the lines; None to leave it out."""

    def set_pace(self, *, quiet: float, longest_wait: float) -> None:
        """Set how soon a quiet follow is looked at, and the longest wait before trying again, for followers to come.

        Args:
            quiet: Seconds without a line.
            longest_wait: Seconds.
        """
        self._shared.quiet, self._shared.longest_wait = quiet, longest_wait

    def follow(self, pod: Pod, container: str, start: Start) -> None:
        """Begin to read a container; nothing happens if it is read already."""
        slot = Slot(pod.uid, container)
        if slot not in self._followers:
            follower = self._followers[slot] = Follower(self._shared, pod, container, start)
            self._tasks[slot] = asyncio.create_task(self._run(follower), name=f"follow {pod.name}/{container}")
            if self.happenings is not None:
                self.happenings.read(pod, container, start)

    async def leave(self, slot: Slot) -> None:
        """Stop reading a container. What it brought stays."""
        follower = self._followers.pop(slot, None)
        if follower is not None:
            self._left.append(follower)
            task = self._tasks.pop(slot)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def observe(self, uid: str, pod: Pod | None) -> None:
        """Pass on a newer state of a pod; None if it is gone."""
        if self.happenings is not None and pod is not None:
            self.happenings.observe(pod)
        containers = [slot for slot in self._followers if slot.uid == uid]
        for slot in containers:
            self._followers[slot].observe(pod)

    def hurry(self) -> None:
        """Look at once whether all connections are alive."""
        for follower in self._followers.values():
            follower.hurry()

    @property
    def opening(self) -> asyncio.Semaphore:
        """Lets only so many answers be opened at once."""
        return self._shared.opening

    def follower(self, slot: Slot) -> Follower | None:
        """Return who reads a container, if anybody does."""
        return self._followers.get(slot)

    async def watch_for_sleep(self, woke: Callable[[], None]) -> None:
        """Notice when the machine, or this process, slept, and call `woke` then. Runs until cancelled."""
        clock = self._shared.clock
        while True:
            wall, steady = clock.now(), clock.monotonic()
            await clock.sleep(_BEAT_SECONDS)
            late = max((clock.now() - wall) / 1e9, clock.monotonic() - steady) - _BEAT_SECONDS
            if late > _ASLEEP_SECONDS:
                woke()

    async def close(self) -> None:
        """Stop reading everything."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        self._tasks.clear()

    def receipts(self) -> Sequence[Receipt]:
        """Return the receipts of all containers that were ever read."""
        return [follower.outlet.receipt for follower in (*self._left, *self._followers.values())]

    def take(self) -> Sequence[Batch | Notice]:
        """Return what came since the last call: one batch for all streams as far as notices allow."""
        queues = [follower.outlet.items for follower in (*self._left, *self._followers.values())]
        queues = [queue for queue in queues if queue]
        taken: list[Batch | Notice] = []
        while queues:
            pieces: list[Piece] = []
            notices: list[Notice] = []
            for queue in queues:
                # Lines up to a stream's next notice go into one batch with those of the other streams.
                while queue and isinstance(queue[0], Piece):
                    pieces.append(queue.popleft())  # pyright: ignore[reportArgumentType] - it was just looked at
                if queue:
                    notices.append(queue.popleft())  # pyright: ignore[reportArgumentType]
            if pieces:
                taken.extend(self._parse(pieces))
            taken.extend(notices)
            queues = [queue for queue in queues if queue]
        if self.happenings is not None:
            taken.extend(self.happenings.take(self._earliest))
        return taken

    def note_times(self, batch: Batch) -> None:
        """Note from when on there are lines."""
        if len(batch):
            first = int(batch.times.min())
            self._earliest = first if self._earliest is None else min(first, self._earliest)

    async def _run(self, follower: Follower) -> None:
        try:
            await follower.run()
        except Exception as error:  # noqa: BLE001 - root of a task: one stream's defect must not end the others, or hide
            follower.outlet.state(StreamState.FAILED, f"a defect in Hallucino stopped it: {error!r}; please report it")

    def _parse(self, pieces: list[Piece]) -> list[Batch | Notice]:
        items = parse_pieces(pieces, self._shared.clock.now())
        for item in items:
            if isinstance(item, Batch):
                self.note_times(item)
                self._count(item)
        return items

    def _count(self, batch: Batch) -> None:
        """Add the lines of a batch to the receipts."""
        if not len(batch):
            return
        lines = np.bincount(batch.streams)
        sizes = np.bincount(batch.streams, weights=np.diff(batch.offsets))
        for number in np.flatnonzero(lines).tolist():
            receipt = self._receipt(number)
            if receipt is not None:
                receipt.lines += int(lines[number])
                receipt.bytes += int(sizes[number])

    def _receipt(self, number: int) -> Receipt | None:
        """Return the receipt that a stream counts for: its container's."""
        if number not in self._by_stream:
            identity = self._shared.table[number].identity[:-1]
            for receipt in self.receipts():
                if receipt.stream.identity[:-1] == identity:
                    self._by_stream[number] = receipt
        return self._by_stream.get(number)


def parse_pieces(pieces: list[Piece], now: int) -> list[Batch | Notice]:
    """Parse whole lines of several streams in one go.

    Args:
        pieces: The lines with their prefixes.
        now: The time of what the server said instead of lines, in nanoseconds.

    Returns:
        One batch, and a notice for each line without a time: words of the server.
    """
    block = np.frombuffer(b"".join([piece.lines for piece in pieces]), np.uint8)
    ends = np.cumsum([len(piece.lines) for piece in pieces], dtype=np.int64)
    batch, odd = parse_timestamped(block, ends, np.array([piece.stream for piece in pieces], np.uint32))
    said = [
        Notice(stream, now, NoticeKind.ERROR, f"the server said: {words.decode('utf-8', 'replace')[:300]}")
        for stream, words in odd
    ]
    return [batch, *said]
