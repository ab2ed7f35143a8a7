"""Draws the README's pictures: the program on the demo cluster, asking the toy model of the demo.

``make pictures`` needs the development tools and the model's packages, and a monospaced font (DejaVu Sans Mono).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import resvg_py

from hallucino_tui.cli.screen import make_app
from hallucino_tui.config.settings import Settings
from hallucino_tui.session.choice import Choice
from hallucino_tui.sources.kubernetes.cluster import KubernetesClusters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual.pilot import Pilot

    from hallucino_tui.ui.app import HallucinoApp

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
_FONT = "DejaVu Sans Mono"


def save(app: HallucinoApp, name: str) -> None:
    """Draw what is on the screen into a file."""
    svg = app.export_screenshot(title="hallucino")
    # The font that the drawing names comes from the web; nothing is fetched here.
    svg = re.sub(r"@font-face\s*\{[^}]*\}", "", svg).replace("Fira Code", _FONT)
    png = resvg_py.svg_to_bytes(svg_string=svg, font_dirs=["/usr/share/fonts", "/Library/Fonts"])
    (PICTURES / f"{name}.png").write_bytes(bytes(png))
    print(f"{name}.png")


@contextlib.contextmanager
def started(*command: str) -> Iterator[str]:
    """Run a program that says one line when it is ready; yield that line."""
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()


async def until(pilot: Pilot[int], condition: Callable[[], object], seconds: float = 120) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("it never came to that")
        await pilot.pause(0.1)


async def draw(kubeconfig: str) -> None:
    """Walk through the program and draw what there is to see."""
    settings = Settings()
    chosen = msgspec.structs.replace(settings.assistant.model, kind="local", answer=200)
    settings = msgspec.structs.replace(
        settings, assistant=msgspec.structs.replace(settings.assistant, model=chosen, confirm="always")
    )
    app = make_app(
        settings,
        Choice(namespaces=("shop", "payments")),
        lambda table, clock, ask: KubernetesClusters(kubeconfig, table, clock, ask=ask),
        None,
    )
    main = app.main_screen
    try:
        async with app.run_test(size=(150, 42)) as pilot:
            await until(pilot, lambda: main.pane.viewport.view.store.lines > 2000)
            await until(pilot, lambda: "pool" in _pane_text(app))
            main.cluster_tree.expand_keys({row.key for row in main.cluster_tree.rows if row.label == "checkout"})
            await pilot.press("5")
            await pilot.pause(2)
            save(app, "logs")
            await draw_insight(app, pilot)
            await pilot.press("ampersand", *"checkout", "enter", "l", "l")
            await pilot.pause(1)
            save(app, "filter")
            await pilot.press("k", "v", *["k"] * 11)
            await pilot.press("s")
            await until(pilot, lambda: app.screen is not main)
            await pilot.pause(0.5)
            save(app, "sending")
            await pilot.press("enter")
            await until(pilot, lambda: main.sending.text and not main.sending.running, 300)
            await pilot.press("escape", "tab", "n", "n")
            await pilot.pause(0.5)
            save(app, "answer")
            await draw_notebook(app, pilot)
            await pilot.press("ctrl+e", "0", "R")
            await pilot.pause(1)
            save(app, "receipts")
            await pilot.press("escape")
    finally:
        app.bridge.stop()
    await draw_narrow(settings, kubeconfig)


async def draw_insight(app: HallucinoApp, pilot: Pilot[int]) -> None:
    """Draw what is known without a model."""
    main = app.main_screen
    await until(pilot, lambda: "OOM" in _timeline_text(app))
    await pilot.press("r")
    await until(pilot, lambda: "first cause" in main.sending.text)
    await pilot.press("tab")
    await pilot.pause(1)
    save(app, "report")
    await pilot.press("ctrl+l")
    await until(pilot, lambda: app.screen is not main)
    await pilot.pause(3)
    save(app, "patterns")
    await pilot.press("escape", "ctrl+e", "ctrl+e")
    main.panels.focus("logs")
    main.pane.focus()
    await pilot.pause(0.5)


async def draw_notebook(app: HallucinoApp, pilot: Pilot[int]) -> None:
    """Draw a notebook with some lines, a view and an answer."""
    main = app.main_screen
    await pilot.press("K")
    main.pane.focus()
    await pilot.press("ctrl+k", "v", "k", "k", "K", "ctrl+n")
    await until(pilot, lambda: app.screen is not main)
    await pilot.pause(1)
    app.clear_notifications()
    await pilot.pause(0.5)
    save(app, "notebook")
    await pilot.press("escape")
    main.assistant.focus()
    await pilot.pause(0.5)


async def draw_narrow(settings: Settings, kubeconfig: str) -> None:
    """Draw the smallest screen."""
    app = make_app(
        settings, Choice(), lambda table, clock, ask: KubernetesClusters(kubeconfig, table, clock, ask=ask), None
    )
    try:
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: app.main_screen.pane.viewport.view.store.lines > 2000)
            await pilot.pause(1)
            save(app, "narrow")
    finally:
        app.bridge.stop()


def _pane_text(app: HallucinoApp) -> str:
    pane = app.main_screen.pane
    return "\n".join(pane.render_line(y).text for y in range(pane.size.height))


def _timeline_text(app: HallucinoApp) -> str:
    timeline = app.main_screen.timeline
    return "\n".join(timeline.render_line(y).text for y in range(timeline.size.height))


def main() -> None:
    """Start cluster and model, and draw."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        kubeconfig = str(Path(folder) / "kubeconfig")
        demo = ("hallucino_tui", "demo", "--serve", "--with-parent", "--kubeconfig", kubeconfig, "--speed", "2")
        os.environ["XDG_STATE_HOME"] = folder  # the notebook is none of the user's
        with started(*demo):
            asyncio.run(draw(kubeconfig))


if __name__ == "__main__":
    main()
