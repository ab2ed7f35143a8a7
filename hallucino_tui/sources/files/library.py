"""Files as the session knows them: what a cluster is for containers, a library is for files."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from hallucino_tui.logs.moment import NANOSECONDS
from hallucino_tui.session.cluster import ContextInfo, SourceError
from hallucino_tui.session.collect import source_of
from hallucino_tui.session.inventory import Inventory, NamespaceState, Pod, Watching, Workload
from hallucino_tui.session.nodes import NodeKind
from hallucino_tui.session.receipts import StreamState

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hallucino_tui.insight.cluster_events import ClusterEvent, PodFacts
    from hallucino_tui.logs.batch import Batch
    from hallucino_tui.logs.notice import Notice
    from hallucino_tui.session.choice import Choice
    from hallucino_tui.session.nodes import NodeKey
    from hallucino_tui.session.receipts import Receipt
    from hallucino_tui.sources.files.log_source import FileLogs

NAME: Final = "files"
_NO_EARLIER_RUN: Final = "A file has no earlier run: open the rotated one beside it, too."


class FileLibrary:
    """Some files that are being read. In the tree a folder stands for a namespace, and a file for a pod."""

    def __init__(self, logs: FileLogs) -> None:
        """Begin to read.

        Args:
            logs: Reads the files; its ``run`` is called here.
        """
        self.name = NAME
        self.logs = logs
        self._inventory = Inventory(NAME)
        self._task = asyncio.create_task(logs.run(), name="files")

    @property
    def namespace(self) -> str:
        """The folder of the first file."""
        return next((_folder(receipt) for receipt in self.logs.receipts()), ".")

    @property
    def inventory(self) -> Inventory:
        """The files as they are now."""
        for receipt in self.logs.receipts():
            folder, path = _folder(receipt), receipt.stream.labels["filename"]
            failed = receipt.state is StreamState.FAILED
            name = source_of(receipt.stream)
            self._inventory.set_namespace(folder, NamespaceState(Watching.WATCHED))
            self._inventory.put(Pod(folder, name, path, Workload("Pod", name), reason=receipt.detail if failed else ""))
        return self._inventory

    def watch(self, choice: Choice) -> None:
        """Do nothing: all files were named."""

    def watch_namespace(self, namespace: str) -> None:
        """Do nothing: all files were named."""

    def begin(self, pod: Pod, container: str) -> None:
        """Do nothing: all files are read from the start."""

    def observe(self, uid: str, pod: Pod | None) -> None:
        """Do nothing: files are looked at by who reads them."""

    def events(self) -> Sequence[ClusterEvent]:
        """Return nothing: files tell nothing of a cluster."""
        return ()

    def pod_facts(self) -> Sequence[PodFacts]:
        """Return nothing: files tell nothing of pods."""
        return ()

    async def read_older(self, slots: Sequence[tuple[str, str]]) -> Sequence[Batch | Notice]:  # noqa: ARG002
        """Return nothing: a file is read from its first line on."""
        return ()

    async def read_previous(self, uid: str, container: str) -> Sequence[Batch | Notice]:  # noqa: ARG002
        """Refuse.

        Raises:
            SourceError: Always.
        """
        raise SourceError(_NO_EARLIER_RUN)

    async def describe(self, key: NodeKey) -> str:
        """Return what is known of a file, or of the files of a folder."""
        receipts = [one for one in self.logs.receipts() if key.path[0] in {_folder(one), one.stream.labels["filename"]}]
        if not receipts:
            raise SourceError("This file is not open any more.")
        if key.kind is NodeKind.NAMESPACE:
            return "\n".join(f"{one.stream.title}  {one.lines:,} lines  {one.state}" for one in receipts)
        return _facts(receipts[0])

    async def close(self) -> None:
        """Stop reading."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


class FileLibraries:
    """Opens the one library that a command line names."""

    def __init__(self, make: Callable[[], FileLogs]) -> None:
        """Prepare.

        Args:
            make: Makes what reads the files, on the loop that it will run on.
        """
        self._make = make

    async def contexts(self) -> Sequence[ContextInfo]:
        """Return the one thing that is open."""
        return [ContextInfo(NAME, "", "", "", current=True)]

    async def open(self, context: str | None) -> FileLibrary:  # noqa: ARG002 - there is only one
        """Begin to read the files."""
        return FileLibrary(self._make())


def _folder(receipt: Receipt) -> str:
    return str(PurePath(receipt.stream.labels["filename"]).parent)


def _facts(receipt: Receipt) -> str:
    last = "" if not receipt.last_line else _moment(receipt.last_line)
    facts = {
        "Name": receipt.stream.labels["filename"],
        "State": f"{receipt.state} {receipt.detail}".strip(),
        "Lines": f"{receipt.lines:,}",
        "Bytes of text": f"{receipt.bytes:,}",
        "Last read": last,
    }
    return "\n".join(f"{name:<14} {value}" for name, value in facts.items() if value)


def _moment(time: int) -> str:
    return f"{datetime.fromtimestamp(time // NANOSECONDS, UTC).astimezone():%Y-%m-%d %H:%M:%S %z}"
