"""All files that are open as one source of lines."""

from __future__ import annotations

import asyncio
import os
import stat
from pathlib import PurePath
from typing import TYPE_CHECKING, Final, TypeVar

from hallucino_tui.logs.notice import NoticeKind
from hallucino_tui.logs.stream import Stream
from hallucino_tui.logs.time_formats.detect import detect
from hallucino_tui.session.receipts import Receipt, StreamState
from hallucino_tui.sources.files.errors import cannot_read
from hallucino_tui.sources.files.follow import Follower
from hallucino_tui.sources.files.instances import instance_of
from hallucino_tui.sources.files.outlet import Change, Outlet, size_of
from hallucino_tui.sources.files.paths import STDIN, short_titles
from hallucino_tui.sources.files.pipe import PipeReader
from hallucino_tui.sources.files.reader import FileReader
from hallucino_tui.sources.files.subject import Rules, Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
    from datetime import tzinfo
    from pathlib import Path

    from hallucino_tui.logs.batch import Batch
    from hallucino_tui.logs.file_body import Part
    from hallucino_tui.logs.notice import Notice
    from hallucino_tui.logs.stream import StreamTable
    from hallucino_tui.session.clock import Clock
    from hallucino_tui.sources.files.outlet import Item
    from hallucino_tui.sources.files.subject import Index

LOOK_SECONDS: Final = 0.25
"""Time between two looks at followed files."""

_STEP_BYTES: Final = 8 << 20
_STEP_ITEMS: Final = 16

_Result = TypeVar("_Result")


class FileLogs:
    """Reads files, archives, pipes and standard input. Belongs to the loop that it runs on.

    A path is one stream, whatever files it leads to in the course of time: one writer writes them.

    Attributes:
        ready: Set when all files were read once to the end that they had then. Pipes do not count: they may never end.
    """

    def __init__(  # noqa: PLR0913 - what can be chosen of a source
        self,
        table: StreamTable,
        clock: Clock,
        paths: Sequence[Path],
        *,
        follow: bool,
        zone: tzinfo,
        index: Index | None = None,
        binary: bool = False,
        stdin: int = 0,
    ) -> None:
        """Read nothing yet.

        Args:
            table: Numbers the streams.
            clock: Tells the time. `now` and `monotonic` are asked in threads, too.
            paths: What to read, from `hallucino_tui.sources.files.paths.expand`.
            follow: Whether to go on at the end of plain files.
            zone: What times without a zone mean.
            index: Reads what plain files hold at first; None to read it like everything else.
            binary: Whether bytes that are no text are read all the same.
            stdin: The descriptor that `STDIN` means. It is not closed.
        """
        self.ready = asyncio.Event()
        self._stdin = stdin
        self._outlet = Outlet(clock)
        rules = Rules(clock, zone, detect, follow, binary, index)
        self._rules = rules
        self._subjects: list[Subject] = []
        self._receipts: dict[int, Receipt] = {}
        self._readers: list[FileReader] = []
        for path, title in zip(paths, short_titles(paths), strict=True):
            stream = _stream(path, title)
            number = table.number(stream)
            self._subjects.append(Subject(path, title, number, rules, prefixed=instance_of(path) is not None))
            self._receipts[number] = Receipt(stream, since=clock.now())

    def take(self) -> Sequence[Batch | Part | Notice]:
        """Return what came since the last call."""
        return self._outlet.take()

    def receipts(self) -> Sequence[Receipt]:
        """Return the receipts of all paths, in the order in which they were given."""
        return list(self._receipts.values())

    def untimed(self) -> frozenset[int]:
        """Return the numbers of the streams of which no line told a time so far."""
        return frozenset(one.stream for one in self._subjects if one.times is None or not one.times.told)

    @property
    def progress(self) -> tuple[int, int]:
        """Bytes of files that were read at first, and how many there are; archives count as they lie on the disk."""
        return sum(reader.done for reader in self._readers), sum(reader.size for reader in self._readers)

    async def wait_ready(self) -> None:
        """Wait until all files were read once."""
        await self.ready.wait()

    async def run(self) -> None:
        """Read everything; return when nothing is left that more lines could come from.

        That is the end of all files and pipes, or never if there are plain files and they are followed. When this is
        cancelled, unfinished last lines are given, and `take` has them.
        """
        pipes = await _in_thread(lambda: {subject.path for subject in self._subjects if _is_pipe(subject.path)})
        async with asyncio.TaskGroup() as group:
            for subject in self._subjects:
                if subject.path in pipes:
                    group.create_task(self._run_pipe(subject), name=f"read {subject.title}")
            group.create_task(
                self._run_files([subject for subject in self._subjects if subject.path not in pipes]), name="read files"
            )

    async def _run_files(self, subjects: list[Subject]) -> None:
        self._readers = [FileReader(subject) for subject in subjects]
        followers: list[Follower] = []
        try:
            await _in_thread(lambda: _in_order_of_age(self._readers))
            # One after the other, the oldest first: lines then come nearly in order of time.
            await self._drive((reader.subject, reader.begin()) for reader in self._readers)
            followers = self._followers()
            self.ready.set()
            while followers:
                await self._rules.clock.sleep(LOOK_SECONDS)
                await self._drive((follower.subject, follower.step()) for follower in followers)
        finally:
            for one in (*self._readers, *followers):
                self._put_all(one.subject, one.close())

    def _followers(self) -> list[Follower]:
        """Return what goes on with the files that can go on."""
        if not self._rules.follow:
            return []
        followers: list[Follower] = []
        for reader in self._readers:
            if not reader.archive:
                followers.append(Follower(reader.subject, reader.generation, reader.failed))
                reader.generation = None
        return followers

    async def _run_pipe(self, subject: Subject) -> None:
        receipt = self._receipts[subject.stream]
        own = subject.path != STDIN
        fd = -1
        try:
            # Without O_NONBLOCK this would wait for a writer.
            fd = os.open(subject.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC) if own else self._stdin
            await PipeReader(subject, fd, receipt, self._outlet).run()
        except OSError as error:
            self._put_all(subject, _failure(subject, str(cannot_read(subject.path, error))))
        except Exception as error:  # noqa: BLE001 - root of a task: a defect must not end the others, or hide
            self._put_all(subject, _failure(subject, _defect(error)))
        finally:
            if own and fd >= 0:
                os.close(fd)

    async def _drive(self, work: Iterable[tuple[Subject, Iterator[Item]]]) -> None:
        """Hand over what some work yields, done in threads, no faster than it is taken."""
        everything = _chained(work)
        try:
            while True:
                await self._outlet.room()
                step, more = await _in_thread(lambda: _some(everything))
                for subject, item in step:
                    self._outlet.put(self._receipts[subject.stream], item)
                if not more:
                    return
        finally:
            everything.close()

    def _put_all(self, subject: Subject, items: Iterable[Item]) -> None:
        for item in items:
            self._outlet.put(self._receipts[subject.stream], item)


def _stream(path: Path, title: str) -> Stream:
    identity = ("file", "-" if path == STDIN else str(path.absolute()))
    labels = {"filename": str(path)}
    instance = instance_of(path)
    if instance is None:
        return Stream(identity, labels, title=title)
    # Folders in front tell pods of one name apart that lie in several of them.
    return Stream(identity, labels | instance.labels, str(PurePath(title).with_name(instance.pod)), instance.part)


def _is_pipe(path: Path) -> bool:
    try:
        return path == STDIN or stat.S_ISFIFO(path.stat().st_mode)
    except OSError:  # reading it says why
        return False


def _in_order_of_age(readers: list[FileReader]) -> None:
    """Sort readers by when their files were last written, and give each a time of its own for lines without one."""
    ages = {id(reader): reader.look() for reader in readers}
    readers.sort(key=lambda reader: ages[id(reader)])
    last = 0
    for reader in readers:
        last = reader.subject.latest = max(ages[id(reader)], last + 1)


def _chained(work: Iterable[tuple[Subject, Iterator[Item]]]) -> Generator[tuple[Subject, Item], None, None]:
    for subject, items in work:
        try:
            for item in items:
                yield subject, item
        except Exception as error:  # noqa: BLE001 - a defect with one file must not end the others, or hide
            for item in _failure(subject, _defect(error)):
                yield subject, item


def _some(everything: Iterator[tuple[Subject, Item]]) -> tuple[list[tuple[Subject, Item]], bool]:
    """Return the next items, and whether there may be more. Runs in a thread."""
    step: list[tuple[Subject, Item]] = []
    size = 0
    for subject, item in everything:
        step.append((subject, item))
        size += size_of(item)
        if size >= _STEP_BYTES or len(step) >= _STEP_ITEMS:
            return step, True
    return step, False


def _failure(subject: Subject, sentence: str) -> list[Item]:
    return [subject.note(NoticeKind.ERROR, sentence), Change(StreamState.FAILED, sentence)]


def _defect(error: Exception) -> str:
    return f"A defect in Hallucino stopped it: {error!r}; please report it."


async def _in_thread(work: Callable[[], _Result]) -> _Result:
    """Do work in a thread; when cancelled, wait for the thread before what it works on is closed."""
    task = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
