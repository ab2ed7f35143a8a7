"""The program as a user runs it: keys in, a screen out."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from own_place import OwnPlace
from pseudo_terminal import Terminal, hallucino

from hallucino_tui.demo.serve import DemoCluster, ServeOptions

HEAVY = {
    "kubernetes",
    "openai",
    "polars",
    "aiohttp",
    "numpy",
    "nanoarrow",
    "pydantic",
    "httpx2",
    "yaml",
    "cryptography",
    "zstandard",
}

pytestmark = pytest.mark.timeout(240)


def test_the_demo_opens_shows_an_incident_and_ends_by_a_key() -> None:
    with hallucino("demo", size=(120, 30)) as terminal:
        terminal.until("live")
        terminal.until("storefront")
        terminal.until("following")
        terminal.send("&pricing.importer\r")
        terminal.until('& |~ "(?i)pricing')
        terminal.until(lambda: all("pricing.impor" in line for line in pane(terminal)))
        terminal.send("\x7f")
        terminal.until(lambda: "(?i)pricing" not in terminal.text)
        terminal.send("?")
        terminal.until("Anywhere outside a field")
        terminal.send("\x1b")
        terminal.until(lambda: "Anywhere outside a field" not in terminal.text)
        terminal.send("q")
        terminal.until("Leave?")
        terminal.send("y")
        assert terminal.wait() == 0
    assert b"stopped by a defect" not in terminal.raw


def test_it_is_usable_at_80_by_24_and_follows_a_new_size() -> None:
    with hallucino("demo", size=(80, 24)) as terminal:
        terminal.until("live")
        terminal.until("following")
        terminal.until(lambda: len(pane(terminal)) > 18)
        terminal.send("\x14")  # ctrl+t
        terminal.until("▾  shop")
        terminal.send("\x14")
        terminal.until("following")
        terminal.resize(160, 50)
        terminal.until(lambda: "▾  shop" in terminal.text and "following" in terminal.text)
        assert len(terminal.lines) == 50


def test_nothing_heavy_is_imported_before_the_first_frame(tmp_path: Path) -> None:
    code = (
        "import json, os, sys\n"
        "import hallucino_tui.ui.bridge as bridge\n"
        "from hallucino_tui.cli import main\n"
        "def start(self):\n"
        f"    open({str(tmp_path / 'modules')!r}, 'w').write(json.dumps(sorted(sys.modules)))\n"
        "    os._exit(0)\n"
        "bridge.Bridge.start = start\n"
        "main([])\n"
    )
    with hallucino(command=[sys.executable, "-c", code]) as terminal:
        code = terminal.wait()
    assert code == 0, terminal.text
    assert "hallucino" in terminal.text
    assert "summarise" in terminal.text
    modules = {name.partition(".")[0] for name in json.loads((tmp_path / "modules").read_text())}
    assert "textual" in modules
    assert not modules & {
        "kubernetes",
        "openai",
        "polars",
        "aiohttp",
        "numpy",
        "nanoarrow",
        "pydantic",
        "httpx2",
        "yaml",
    }


def test_without_a_kubeconfig_the_screen_says_what_to_do() -> None:
    with hallucino(environment={"KUBECONFIG": "/nowhere/config"}) as terminal:
        terminal.until("There is no kubeconfig at /nowhere/config")
        terminal.until("hallucino demo")
        terminal.send("q")
        assert terminal.wait() == 0
    assert b"stopped by a defect" not in terminal.raw


def test_without_colours_nothing_is_coloured() -> None:
    with hallucino("demo", environment={"NO_COLOR": "1"}) as terminal:
        terminal.until("live")
        terminal.until("following")
    # Whole sequences only: the program is left in the middle of what it draws.
    styles = set(re.findall(rb"\x1b\[([0-9;]*)m", terminal.raw))
    colours = {colour for style in styles for colour in re.findall(rb"[34]8;2;(\d+);(\d+);(\d+)", style)}
    assert colours
    assert not [colour for colour in colours if len(set(colour)) != 1]


async def test_pods_that_come_and_go_do_so_in_the_tree_and_their_lines_in_the_pane(tmp_path: Path) -> None:
    kubeconfig = tmp_path / "kubeconfig"
    async with DemoCluster(ServeOptions(empty=True, kubeconfig=kubeconfig)) as cluster:
        cluster.world.add_node("node-1")
        cluster.world.add_namespace("shop")
        first = cluster.world.add_pod("shop", "first")
        first.container().write(b"a line of the first\n")
        with hallucino("--kubeconfig", str(kubeconfig), "-n", "shop") as terminal:
            await until(terminal, "a line of the first")
            second = cluster.world.add_pod("shop", "second")
            second.container().write(b"a line of the second\n")
            await until(terminal, "a line of the second")
            await until(terminal, lambda: tree(terminal) == ["first", "second"])
            cluster.world.remove_pod(first)
            await until(terminal, lambda: tree(terminal) == ["second"])
            # What was read of a pod stays when the pod goes.
            assert "a line of the first" in terminal.text


async def test_leaving_with_a_stream_open_ends_at_once(tmp_path: Path) -> None:
    kubeconfig = tmp_path / "kubeconfig"
    async with DemoCluster(ServeOptions(kubeconfig=kubeconfig)) as cluster:
        with hallucino("--kubeconfig", str(kubeconfig), "-n", "shop") as terminal:
            await until(terminal, "live")
            terminal.send("\x03")
            await until(terminal, "once more")
            terminal.send("\x03")
            assert await asyncio.to_thread(terminal.wait) == 130
        async with asyncio.timeout(20):
            await cluster.streams.until(follows=0, watches=0)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_that_ends_it_leaves_the_terminal_as_it_was(tmp_path: Path, number: signal.Signals) -> None:
    place = OwnPlace(tmp_path)
    with place.screen("demo") as terminal:
        terminal.until("storefront")
        assert list((tmp_path / "tmp").iterdir())
        os.kill(terminal.pid, number)
        assert terminal.wait() == 128 + number
    *_, drawn = terminal.raw.partition(b"\x1b[?1049h")
    for mode in (b"?1049", b"?1000", b"?1003", b"?1006", b"?1004", b"?2004"):  # the other screen, mouse, focus, pastes
        assert drawn.rfind(b"\x1b[%sl" % mode) > drawn.rfind(b"\x1b[%sh" % mode), mode
    assert drawn.rfind(b"\x1b[?25h") > drawn.rfind(b"\x1b[?25l")  # the cursor
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_prompt_that_is_misspelt_is_told_at_the_start(tmp_path: Path) -> None:
    place = OwnPlace(tmp_path)
    prompts = Path(place.environment["XDG_CONFIG_HOME"]) / "hallucino" / "prompts"
    prompts.mkdir(parents=True)
    (prompts / "sumarise.md").write_text("Be short.")
    (place.here / "app.log").write_text("INFO ready\n")
    with place.screen("open", "app.log") as terminal:
        terminal.until("summarise.md")  # the nearest name


def test_a_window_that_is_closed_ends_it_and_leaves_nothing(tmp_path: Path) -> None:
    place = OwnPlace(tmp_path)
    with place.screen("demo") as terminal:
        terminal.until("storefront")
        terminal.hang_up()
        assert terminal.wait() == 128 + signal.SIGHUP
    assert list((tmp_path / "tmp").iterdir()) == []


async def until(terminal: Terminal, condition: str | Callable[[], object]) -> None:
    """Wait in another thread, for the cluster lives on this one's loop."""
    await asyncio.to_thread(terminal.until, condition)


def pane(terminal: Terminal) -> list[str]:
    """The lines of the log pane that hold something."""
    rows = [line.partition("▕")[2] or line for line in terminal.lines[3:-2]]  # below the timeline
    return [row for row in rows if row.strip(" │┃▏▕")]


def tree(terminal: Terminal) -> list[str]:
    """The names in the tree under the namespace."""
    rows = [line.partition("▕")[0] for line in terminal.lines[1:-1]]
    return [row.strip(" ▸▾●◐✖○").split()[0] for row in rows if row.startswith("   ") and row.strip(" ▸▾●◐✖○")]
