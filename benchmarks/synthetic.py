"""Lines at a chosen rate without a server: bytes as the log API sends them, through everything behind the socket."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from hallucino_tui.logs.moment import format_prefix
from hallucino_tui.session.cluster import ContextInfo, SourceError
from hallucino_tui.session.inventory import (
    Container,
    ContainerState,
    Instance,
    Inventory,
    NamespaceState,
    Pod,
    Watching,
    Workload,
)
from hallucino_tui.session.receipts import Receipt, StreamState
from hallucino_tui.sources.kubernetes.log_source import parse_pieces
from hallucino_tui.sources.kubernetes.outlet import Piece
from hallucino_tui.sources.kubernetes.streams import make_stream

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hallucino_tui.logs.batch import Batch
    from hallucino_tui.logs.notice import Notice
    from hallucino_tui.logs.stream import StreamTable
    from hallucino_tui.session.choice import Choice

BODIES = (
    '{"time":"2026-11-23T12:00:00.000Z","level":"info","logger":"storefront","msg":"request","path":"/api/cart","ms":%d}',
    "2026-11-23 12:00:00,000 WARNING pricing.importer: row %d: price changed by more than a quarter",
    "I1123 12:00:00.000000       1 controller.go:117] syncing shop/checkout attempt %d",
    'level=error ts=2026-11-23T12:00:00Z msg="pool timeout" waited=%d err="no connection"',
    '10.1.2.3 - - [23/Nov/2026:12:00:00 +0000] "GET /healthz HTTP/1.1" 200 2 "-" "kube-probe/1.33" %d',
    "2026-11-23T12:00:00.000Z  INFO 1 --- [checkout] [nio-8080-exec-7] com.example.shop.OrderService : order %d done",
)
"""What containers write; about 110 bytes a line, a sixth of them warnings and a sixth errors."""

_PREFIX = len(format_prefix(0))

BLOCK = 2000
"""Lines of one stream that come together, as one read of a socket would bring them."""


@dataclass
class Generator:
    """A source that brings so many lines a second, however often it is asked.

    Attributes:
        table: Numbers the streams.
        streams: How many containers write.
        rate: Lines a second, of all of them together.
        total: It ends after so many.
    """

    table: StreamTable
    streams: int
    rate: float
    total: int
    known: list[Receipt] = field(default_factory=list)
    sent: int = 0
    raw_bytes: int = 0
    began: float = 0.0
    _numbers: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        for index in range(self.streams):
            pod = pod_of(index)
            stream = make_stream("bench", pod, "app", "c1")
            self._numbers.append(self.table.number(stream))
            self.known.append(Receipt(stream, StreamState.LIVE))
        self._turn = itertools.cycle(range(self.streams))
        self._templates = [_template(shift) for shift in range(len(BODIES))]

    def take(self) -> Sequence[Batch | Notice]:
        """Return what is due by now."""
        now = time.monotonic()
        self.began = self.began or now
        due = min(int((now - self.began) * self.rate), self.total) - self.sent
        pieces = [self._piece(min(BLOCK, due - start)) for start in range(0, due, BLOCK)]
        if not pieces:
            return ()
        self.sent += due
        return parse_pieces(pieces, time.time_ns())

    def receipts(self) -> Sequence[Receipt]:
        """Return the streams' receipts."""
        return self.known

    def _piece(self, lines: int) -> Piece:
        index = next(self._turn)
        text, starts, places = self._templates[index % len(BODIES)]
        # Only the times differ from block to block: writing them takes no time that others would want.
        block = text[: starts[lines]].copy()
        block[places[: lines * _PREFIX]] = np.tile(
            np.frombuffer(format_prefix(time.time_ns()).encode(), np.uint8), lines
        )
        self.raw_bytes += len(block) - lines * (_PREFIX + 2)
        self.known[index].lines += lines
        return Piece(self._numbers[index], block.tobytes())


def _template(shift: int) -> tuple[NDArray[np.uint8], list[int], NDArray[np.int64]]:
    """Return a block of lines with empty times, where each line starts, and where the bytes of the times go."""
    lines = [BODIES[(index + shift) % len(BODIES)] % (index * 37 % 10_007) for index in range(BLOCK)]
    text = "".join(f"{'0' * _PREFIX} {line}\n" for line in lines).encode()
    starts = np.cumsum([0, *(len(line) + _PREFIX + 2 for line in lines)])
    places = (starts[:-1, None] + np.arange(_PREFIX)).ravel()
    return np.frombuffer(text, np.uint8), starts.tolist(), places


def pod_of(index: int) -> Pod:
    """Return one of the pods that write."""
    app = Container("app", state=ContainerState.RUNNING, instance=Instance("c1"), ready=True)
    name = f"writer-{index:03d}"
    return Pod("bench", name, f"uid-{name}", Workload("Deployment", "writer"), phase="Running", containers=(app,))


class SyntheticCluster:
    """A cluster whose containers are a generator."""

    name = namespace = "bench"

    def __init__(self, generator: Generator) -> None:
        self.logs = generator
        self.inventory = Inventory("bench")

    def watch(self, choice: Choice) -> None:  # noqa: ARG002
        """Know all pods at once."""
        self.inventory.set_namespace("bench", NamespaceState(Watching.WATCHED))
        for index in range(self.logs.streams):
            self.inventory.put(pod_of(index))

    def watch_namespace(self, namespace: str) -> None:
        """There is only one."""

    def begin(self, pod: Pod, container: str) -> None:
        """They write from the start."""

    def observe(self, uid: str, pod: Pod | None) -> None:
        """They never change."""

    async def read_older(self, slots: Sequence[tuple[str, str]]) -> Sequence[Batch | Notice]:  # noqa: ARG002
        """There is nothing older."""
        return ()

    async def read_previous(self, uid: str, container: str) -> Sequence[Batch | Notice]:  # noqa: ARG002
        """There was no run before."""
        raise SourceError("There was no run before.")

    async def describe(self, key: object) -> str:  # noqa: ARG002
        """There is nothing to say."""
        return ""

    async def close(self) -> None:
        """Nothing to close."""


class SyntheticClusters:
    """Opens that one cluster."""

    def __init__(self, generator: Generator) -> None:
        self._generator = generator

    async def contexts(self) -> Sequence[ContextInfo]:
        """Return the one there is."""
        return [ContextInfo("bench", "bench", "bench", "bench", current=True)]

    async def open(self, context: str | None) -> SyntheticCluster:  # noqa: ARG002
        """Open it."""
        return SyntheticCluster(self._generator)
