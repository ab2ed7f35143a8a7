"""The engine as the screen sees it, without a screen: files, filters, and how long until their lines are there."""

from __future__ import annotations

import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from hallucino_tui.logs.stream import StreamTable
from hallucino_tui.session.choice import Choice
from hallucino_tui.session.clock import SystemClock
from hallucino_tui.session.engine import Engine
from hallucino_tui.session.narrowing import FilterText, Narrow
from hallucino_tui.session.workspace import Workspace, WorkspaceSnapshot
from hallucino_tui.sources.files.index import index_plain
from hallucino_tui.sources.files.library import FileLibraries
from hallucino_tui.sources.files.log_source import FileLogs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hallucino_tui.logs.store import Bounds

T = TypeVar("T")
_PATIENCE = 300.0


class Sitting:
    """One workspace on files, in the engine's own thread."""

    def __init__(self, paths: list[Path], bounds: Bounds | None = None, buckets: int = 0) -> None:
        """Begin to read.

        Args:
            paths: The files.
            bounds: How much to keep in memory; None for the program's own bound.
            buckets: Of the timeline; 0 for none.
        """
        self.engine, self.table = Engine(), StreamTable()
        self.snapshot = WorkspaceSnapshot()
        self._text = ""
        self._news = threading.Condition()
        clock = SystemClock()
        index = partial(index_plain, exact=len(paths) > 1)

        def make() -> FileLogs:
            from datetime import UTC

            return FileLogs(self.table, clock, paths, follow=True, zone=UTC, index=index)

        self.workspace: Any = None
        self.engine.start()
        self.began = time.perf_counter()
        self.engine.submit(self._run(lambda: FileLibraries(make), clock, bounds, buckets))

    async def _run(self, libraries: Callable[[], Any], clock: Any, bounds: Any, buckets: int) -> None:
        self.workspace = Workspace(libraries(), self.table, Choice(), clock, self._hear, bounds)
        self.workspace.hub.want_timeline(buckets)
        await self.workspace.run(None)

    def _hear(self, snapshot: WorkspaceSnapshot) -> None:
        with self._news:
            self.snapshot = snapshot
            self._news.notify_all()

    def until(self, condition: Callable[[WorkspaceSnapshot], bool], began: float | None = None) -> float:
        """Wait until something holds; return seconds since `began`, by default since the reading began."""
        with self._news:
            if not self._news.wait_for(lambda: condition(self.snapshot), _PATIENCE):
                raise TimeoutError("the engine did not get there")
        return time.perf_counter() - (self.began if began is None else began)

    def ready(self, lines: int) -> float:
        """Wait until all lines can be read, searched and jumped about in; return seconds since the reading began."""
        return self.until(lambda now: now.hub.view.store.lines >= lines)

    def settled(self) -> float:
        """Wait until times and severities of all lines are known; return seconds since the reading began."""
        return self.until(
            lambda now: now.hub.view.store.lines > 0 and now.hub.unsettled == 0 and now.hub.timeline.complete
        )

    def filter(self, text: str) -> tuple[float, float, int]:
        """Show what a filter lets through; return seconds to the first lines, to all, and how many these are."""
        if text == self._text:
            return 0.0, 0.0, self.snapshot.hub.view.matched
        self._text = text
        generation = self.snapshot.hub.view.generation
        narrow = Narrow((FilterText(text),)) if text else Narrow()
        began = time.perf_counter()
        self.engine.post(partial(self.workspace.narrow, narrow))
        first = self.until(
            lambda now: now.hub.view.generation > generation and (now.hub.view.scanned > 0 or now.hub.view.complete),
            began,
        )
        total = self.until(lambda now: now.hub.view.generation > generation and now.hub.view.complete, began)
        return first, total, self.snapshot.hub.view.matched

    def close(self) -> None:
        """End it."""
        self.engine.stop()
