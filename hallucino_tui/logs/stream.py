"""Where lines come from: the identity of a stream and the labels that a query can name."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NO_LABELS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, eq=False)
class Stream:
    """One sequence of lines that one writer wrote: a container instance, a file.

    Attributes:
        identity: What makes it this stream and no other. For a container: source, cluster, pod UID, container and
            container ID; names alone repeat (a StatefulSet's pod comes back under its old name).
        labels: What a selector can name, for example ``namespace``, ``pod``, ``container``. Missing means "".
        title: The long name that a reader knows it by, for example the pod.
        part: The short name inside of the title, for example the container. May be empty.
    """

    identity: tuple[str, ...]
    labels: Mapping[str, str] = field(default_factory=lambda: NO_LABELS)
    title: str = ""
    part: str = ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Stream) and other.identity == self.identity

    def __hash__(self) -> int:
        return hash(self.identity)


class StreamTable:
    """Gives each stream a small number, for ever. Only one thread adds; any thread may read.

    Numbers count from 0 in the order of arrival and are what the store keeps for each line.
    """

    __slots__ = ("_numbers", "_streams")

    def __init__(self) -> None:
        self._streams: list[Stream] = []
        self._numbers: dict[tuple[str, ...], int] = {}

    def number(self, stream: Stream) -> int:
        """Return the number of `stream`, giving it the next free one if it is new."""
        number = self._numbers.get(stream.identity)
        if number is None:
            number = len(self._streams)
            self._streams.append(stream)
            self._numbers[stream.identity] = number
        return number

    def find(self, stream: Stream) -> int | None:
        """Return the number of `stream`, or None if no line or notice of it was ever announced."""
        return self._numbers.get(stream.identity)

    def __getitem__(self, number: int) -> Stream:
        return self._streams[number]

    def __len__(self) -> int:
        return len(self._streams)

    def __iter__(self) -> Iterator[Stream]:
        return iter(self._streams.copy())
