"""Lines that try to harm whoever shows them: none of it is obeyed, and what is saved is what came."""

from __future__ import annotations

import asyncio
import base64
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pseudo_terminal import Terminal, hallucino

from hallucino_tui.demo.scenario.hostile import LINES, LONG_LINE, add_hostile
from hallucino_tui.demo.serve import DemoCluster, ServeOptions

pytestmark = pytest.mark.timeout(240)

# What Textual itself writes: colours, cursor, modes, the kitty keyboard protocol, the pointer's shape.
OWN = re.compile(rb"\x1b\[[0-9;?<>=$]*[A-Za-z]|\x1b\]22;[a-z-]*(?:\x1b\\|\x07)|\x1b\[\?[0-9;]*\$p|\x1b[=>78]|[\r\n]")
MODES_OF_THE_LINES = (b"\x1b[2J", b"\x1b[?1049h\x1b[?1000h\x1bP")
ALL = b"".join(line + b"\n" for line in LINES) + b"x" * LONG_LINE + b"\n"


async def test_hostile_lines_are_drawn_copied_and_described_harmlessly_and_saved_byte_for_byte(tmp_path: Path) -> None:
    kubeconfig, saved = tmp_path / "kubeconfig", tmp_path / "saved.log"
    async with DemoCluster(ServeOptions(empty=True, kubeconfig=kubeconfig)) as cluster:
        cluster.world.add_node("node-1")
        cluster.world.add_namespace("default")
        add_hostile(cluster.world)
        with hallucino("--kubeconfig", str(kubeconfig), "--tail", "100000", "hostile") as terminal:
            await until(terminal, lambda: f"of {len(LINES) + 1}" in terminal.text or "lines" in terminal.text)
            terminal.send("g")
            await until(terminal, "␛[31mred␛[0m ␛[2J␛[H the screen is gone, if you obey")
            await until(terminal, "[bold]markup[/] [/] [@click=app.quit]click[/]")
            await until(terminal, "right to left <U+202E>edoc siht")
            terminal.send("wd")
            await until(terminal, "Container:  hostile")
            terminal.send("G")
            await until(terminal, "[bold]an event[/]")
            terminal.send("\x1b")
            await until(terminal, lambda: "Container:  hostile" not in terminal.text)
            terminal.send("w")
            before_copy = terminal.raw
            terminal.send(f"\x13\x15{saved}\r")
            await until(terminal, lambda: saved.exists() and saved.stat().st_size >= len(ALL))
            terminal.send("gvjjjjy")
            await until(terminal, lambda: b"\x1b]52;c;" in terminal.raw)
            await until(terminal, "copied")
        rest = OWN.sub(b"", re.sub(rb"\x1b[^\x1b]*\Z", b"", before_copy))
        assert re.findall(rb".{0,20}[\x00-\x1f\x7f].{0,20}", rest) == []
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", before_copy.decode("utf-8", "ignore"))
        assert not any(mode in terminal.raw for mode in MODES_OF_THE_LINES)
        copied = base64.b64decode(re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]+)", terminal.raw)[-1]).decode()
        assert copied.split("\n")[1] == "␛]52;c;aGFybQ==␇ a clipboard, if you obey"
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", copied)
        assert saved.read_bytes() == ALL


async def test_the_headless_command_gives_the_bytes_to_a_pipe_and_pictures_to_a_terminal(tmp_path: Path) -> None:
    kubeconfig = tmp_path / "kubeconfig"
    async with DemoCluster(ServeOptions(empty=True, kubeconfig=kubeconfig)) as cluster:
        cluster.world.add_node("node-1")
        cluster.world.add_namespace("default")
        add_hostile(cluster.world)
        command = ["logs", "--kubeconfig", str(kubeconfig), "hostile"]
        piped = await asyncio.to_thread(
            subprocess.run, [sys.executable, "-m", "hallucino_tui", *command], capture_output=True, check=True
        )
        assert piped.stdout == ALL
        with hallucino(*command) as terminal:
            assert await asyncio.to_thread(terminal.wait) == 0
    assert b"a clipboard, if you obey" in terminal.raw
    assert b"\x1b" not in terminal.raw
    assert not [byte for byte in terminal.raw.replace(b"\r\n", b"").replace(b"\t", b"") if byte < 0x20]


async def until(terminal: Terminal, condition: str | Callable[[], object]) -> None:
    """Wait in another thread, for the cluster lives on this one's loop."""
    await asyncio.to_thread(terminal.until, condition)
