"""Files on the screen's side of things: the tree, what is known of a file, rows that are read when somebody looks."""

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC
from functools import partial
from pathlib import Path

import pytest

from hallucino_tui.logs.stream import StreamTable
from hallucino_tui.session.choice import Choice
from hallucino_tui.session.clock import SystemClock
from hallucino_tui.session.cluster import SourceError
from hallucino_tui.session.hub import Hub
from hallucino_tui.session.narrowing import FilterText, Narrow
from hallucino_tui.session.nodes import namespace_key, pod_key
from hallucino_tui.session.workspace import Workspace, WorkspaceSnapshot
from hallucino_tui.sources.files.index import index_plain
from hallucino_tui.sources.files.library import FileLibraries
from hallucino_tui.sources.files.log_source import FileLogs


class Sitting:
    def __init__(self, paths: list[Path]) -> None:
        self.table = StreamTable()
        self.now = WorkspaceSnapshot()
        self._news = asyncio.Event()
        clock = SystemClock()

        def make() -> FileLogs:
            index = partial(index_plain, exact=len(paths) > 1)
            return FileLogs(self.table, clock, paths, follow=True, zone=UTC, index=index)

        self.workspace = Workspace(FileLibraries(make), self.table, Choice(), clock, self._hear)

    def _hear(self, snapshot: WorkspaceSnapshot) -> None:
        self.now = snapshot
        self._news.set()

    async def until(self, condition) -> None:
        async with asyncio.timeout(30):
            while not condition(self.now):
                self._news.clear()
                await self._news.wait()

    def texts(self) -> list[str]:
        view = self.now.hub.view
        places = [view.store.find(row) for row in view.rows(0, len(view))]
        return [place[0].line(place[1]).decode() for place in places if place is not None]


@asynccontextmanager
async def opened(*paths: Path):
    sitting = Sitting(list(paths))
    task = asyncio.create_task(sitting.workspace.run(None))
    try:
        await sitting.until(lambda now: now.context == "files")
        yield sitting
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
def two(tmp_path: Path) -> list[Path]:
    one, other = tmp_path / "one.log", tmp_path / "other.log"
    one.write_text("2026-03-12T10:00:01Z a\n2026-03-12T10:00:03Z c\n")
    other.write_text("2026-03-12T10:00:02Z b\n2026-03-12T10:00:04Z d\n")
    return [one, other]


async def test_files_are_merged_by_time_and_followed(two: list[Path]) -> None:
    async with opened(*two) as sitting:
        await sitting.until(lambda now: now.hub.view.matched == 4)
        assert [text[-1] for text in sitting.texts()] == ["a", "b", "c", "d"]
        with two[0].open("a") as file:
            file.write("2026-03-12T10:00:05Z e\n")
        await sitting.until(lambda now: now.hub.view.matched == 5)
        assert sitting.texts()[-1].endswith("e")


async def test_a_folder_and_its_files_stand_in_the_tree_and_choose_what_shows(two: list[Path]) -> None:
    async with opened(*two) as sitting:
        await sitting.until(lambda now: now.hub.view.matched == 4)
        folder = str(two[0].parent)
        await sitting.until(lambda now: folder in now.inventory.groups)
        assert {pod.name for pod in sitting.now.inventory.pods()} == {"one.log", "other.log"}
        only = sitting.now.selection.only(pod_key(str(two[1])))
        sitting.workspace.narrow(Narrow(selection=only))
        await sitting.until(lambda now: now.hub.view.matched == 2)
        assert [text[-1] for text in sitting.texts()] == ["b", "d"]
        sitting.workspace.narrow(Narrow((FilterText('{filename=~".*one.log"} |= "c"'),)))
        await sitting.until(lambda now: now.hub.view.matched == 1)


async def test_what_is_known_of_a_file_is_told(two: list[Path]) -> None:
    async with opened(*two) as sitting:
        await sitting.until(lambda now: now.hub.view.matched == 4)
        told = await sitting.workspace.describe(pod_key(str(two[0])))
        assert str(two[0]) in told
        assert "other.log" in await sitting.workspace.describe(namespace_key(str(two[0].parent)))
        with pytest.raises(SourceError, match="not open any more"):
            await sitting.workspace.describe(pod_key("elsewhere"))
        assert await sitting.workspace.read_older() == 0


async def test_rows_that_are_in_no_memory_are_brought_when_somebody_wants_to_see_them(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_text("2026-03-12T10:00:01Z a\n" * 100)
    table = StreamTable()
    logs = FileLogs(table, SystemClock(), [path], follow=False, zone=UTC, index=index_plain)
    await logs.run()
    hub = Hub(table, SystemClock(), lambda _: None)
    for part in logs.take():
        hub.store.add_part(part)
    store = hub.store.snapshot()
    rows = store.chunks[0].rows.tolist()
    missing = store.missing(rows)
    assert missing == {rows[0] >> 16}
    assert store.time(rows[5]) == store.segments[rows[0] >> 16].first_time
    hub.bring(missing)
    await hub.tick()
    assert hub.store.snapshot().missing(rows) == frozenset()
