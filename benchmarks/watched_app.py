"""The real app with somebody watching its loop. Runs in a pseudo-terminal; writes what it saw to a file as JSON."""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.widgets import Static

from benchmarks.synthetic import Generator, SyntheticClusters
from hallucino_tui.config.keys import keys_for
from hallucino_tui.config.settings import Settings
from hallucino_tui.config.themes import load_themes
from hallucino_tui.logs.stream import StreamTable
from hallucino_tui.session.clock import SystemClock
from hallucino_tui.session.engine import Engine
from hallucino_tui.session.garbage import keep_pauses_short
from hallucino_tui.ui.app import HallucinoApp
from hallucino_tui.ui.bridge import Parts

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.screen import Screen
    from textual.widget import Widget

    from hallucino_tui.ui.screens.main import MainScreen

BEAT = 0.01
"""Seconds between two beats of the timer whose lateness is measured."""


class Empty(App[None]):
    """An app that shows one empty widget."""

    CSS = "#logs { width: 1fr; height: 1fr; }"

    def compose(self) -> Any:
        """Make it."""
        yield Static(id="logs")


def resident() -> int:
    """Return the bytes of memory that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def repaints(screen: Screen[Any], widget: Widget, count: int = 120) -> list[float]:
    """Draw a whole widget again and again, down to the bytes for the terminal; return seconds for each."""
    seconds: list[float] = []
    for _ in range(count):
        widget.refresh()
        began = time.perf_counter()
        screen._compositor.update_widgets({widget})
        screen._compositor_refresh()
        seconds.append(time.perf_counter() - began)
        screen._dirty_widgets.clear()
    return seconds


class Watcher:
    """Measures how late a timer on the screen's loop is, and counts frames."""

    def __init__(self, app: App[Any]) -> None:
        self.late: list[float] = []
        self.frames = 0
        self._app = app
        display = app._display

        def counted(screen: Any, renderable: Any) -> None:
            self.frames += 1
            display(screen, renderable)

        app._display = counted  # type: ignore[method-assign]

    async def watch(self, seconds: float) -> None:
        """Beat for so long."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while (now := loop.time()) < until:
            due = now + BEAT
            await asyncio.sleep(BEAT)
            self.late.append(max(loop.time() - due, 0.0))


def make_app(options: argparse.Namespace) -> tuple[HallucinoApp, Generator | None]:
    """Return the app over a generator, or over a cluster with a kubeconfig."""
    from hallucino_tui.models.unset import NoModel
    from hallucino_tui.session.asking import Asking
    from hallucino_tui.session.choice import Choice
    from hallucino_tui.session.workspace import Workspace

    settings, table = Settings(), StreamTable()
    generator = None if options.kubeconfig else Generator(table, options.streams, options.rate, options.total)

    def make(listener: Callable[[Any], None]) -> Any:
        clock = SystemClock()
        if generator is not None:
            clusters: Any = SyntheticClusters(generator)
            choice = Choice()
        else:
            from hallucino_tui.sources.kubernetes.cluster import KubernetesClusters

            clusters = KubernetesClusters(options.kubeconfig, table, clock, tail=10)
            choice = Choice(all_namespaces=True, pattern=None, name="checkout", kind="Deployment")
        workspace = Workspace(clusters, table, choice, clock, listener)
        return workspace, Asking(lambda: NoModel("none"), table, set(), "never")  # type: ignore[arg-type]

    async def unused(*_: Any) -> Any:
        return 0

    engine = Engine()
    engine.submit(keep_pauses_short(SystemClock()))
    app = HallucinoApp(Parts(engine, table, make, unused, unused), settings, keys_for("default"), load_themes())
    return app, generator


async def observe(app: HallucinoApp, generator: Generator | None, options: argparse.Namespace) -> dict[str, Any]:
    """Watch the app and return what was seen."""
    main, watcher = app.main_screen, Watcher(app)
    await until(lambda: main.tree_is_there)
    if generator is None:
        return await observe_tree(app, watcher, options)
    if options.filter:
        main.narrowing.add(options.filter)
    # What is imported and allocated once, whatever the number of lines, is there after the first few seconds.
    await watcher.watch(options.seconds / 3)
    before = memory(main, generator)
    watcher.late.clear()
    watcher.frames = 0
    first, began = main.pane.viewport.view.store.received, time.perf_counter()
    await watcher.watch(options.seconds)
    seconds = time.perf_counter() - began
    store = main.pane.viewport.view.store
    seen: dict[str, Any] = {
        "lines_a_second": (store.received - first) / seconds,
        "frames_a_second": watcher.frames / seconds,
        "late": watcher.late,
    }
    generator.total = generator.sent
    await until(lambda: main.pane.viewport.view.store.received == generator.sent)
    after = memory(main, generator)
    seen["lines"] = after[0]
    seen["bytes_a_line"] = (after[1] - before[1]) / (after[0] - before[0])
    seen["repaints"] = repaints(main, main.pane)
    return seen


def memory(main: MainScreen, generator: Generator) -> tuple[int, int]:
    """Return how many lines there are, and the bytes of memory in use without their raw text."""
    gc.collect()
    return main.pane.viewport.view.store.lines, resident() - generator.raw_bytes


async def observe_tree(app: HallucinoApp, watcher: Watcher, options: argparse.Namespace) -> dict[str, Any]:
    """Watch the app on a large cluster, with a namespace of the tree open."""
    main = app.main_screen
    await until(lambda: main.snapshot is not None and sum(1 for _ in main.snapshot.inventory.pods()) >= options.pods)
    main.cluster_tree.expand_keys({row.key for row in main.cluster_tree.rows})
    first = main.snapshot.inventory.version if main.snapshot else 0
    await watcher.watch(options.seconds)
    last = main.snapshot.inventory.version if main.snapshot else 0
    pods = sum(1 for _ in main.snapshot.inventory.pods()) if main.snapshot else 0
    return {
        "late": watcher.late,
        "frames_a_second": watcher.frames / options.seconds,
        "updates": last - first,
        "rows": len(main.cluster_tree.rows),
        "pods": pods,
    }


async def until(condition: Callable[[], object]) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(120):
        while not condition():
            await asyncio.sleep(0.01)


def main() -> None:
    """Run, watch, write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--result", required=True)
    parser.add_argument("--empty", action="store_true")
    parser.add_argument("--kubeconfig", default="")
    parser.add_argument("--pods", type=int, default=0)
    parser.add_argument("--streams", type=int, default=50)
    parser.add_argument("--rate", type=float, default=200_000)
    parser.add_argument("--total", type=int, default=10**9)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--filter", default="")
    options = parser.parse_args()
    app: App[Any]
    if options.empty:
        app = Empty()

        async def work() -> dict[str, Any]:
            await until(lambda: app.query_one("#logs").size.height > 1)
            return {"repaints": repaints(app.screen, app.query_one("#logs"))}
    else:
        app, generator = make_app(options)

        async def work() -> dict[str, Any]:
            return await observe(app, generator, options)

    async def watched() -> None:
        seen: dict[str, Any] = {}
        try:
            seen = await work()
        finally:
            Path(options.result).write_text(json.dumps(seen))
            app.exit()

    app.call_later(lambda: app.run_worker(watched()))
    app.run()
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
