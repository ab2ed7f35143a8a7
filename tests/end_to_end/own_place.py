"""A place of its own for a run of the program, in which every file can be looked at afterwards."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pseudo_terminal import Terminal, hallucino

ROOT = Path(__file__).parents[2]
_FOLDERS = {
    "HOME": "home",
    "XDG_CONFIG_HOME": "home/.config",
    "XDG_STATE_HOME": "home/.local/state",
    "XDG_CACHE_HOME": "home/.cache",
    "XDG_DATA_HOME": "home/.local/share",
    "XDG_RUNTIME_DIR": "run",
    "TMPDIR": "tmp",
}
_END_OF_SCREEN = b"\x1b[?1049l"
# What is done before the program starts: one of its functions breaks, with a value in its hands.
_BREAK = """
import asyncio, importlib, pathlib, sys
module = importlib.import_module({module!r})
def broken(*given, **named):
    secret = pathlib.Path({secret!r}).read_text()
    try:
        raise KeyError(secret)
    except KeyError as error:
        error.add_note("noted: " + secret)
        raise LookupError("it was " + secret) from error
owner, _, name = {name!r}.rpartition(".")
async def awaited(*given, **named):
    return broken(*given, **named)
async def left_alone(*given):
    asyncio.get_running_loop().create_task(awaited())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return await original(*given)
place = getattr(module, owner) if owner else module
original = getattr(place, name)
setattr(place, name, dict(called=broken, awaited=awaited, left_alone=left_alone)[{how!r}])
"""
_RUN = "import sys\nfrom hallucino_tui.cli import main\nsys.exit(main())\n"


@dataclass(frozen=True, slots=True)
class Breaking:
    """A function that is to break.

    Attributes:
        module: Where it is.
        name: Its name there, with its class in front if it has one.
        secret: A file with what it has in its hands.
        how: Whether it is called or awaited; or whether it leaves something behind, which breaks, and goes on.
    """

    module: str
    name: str
    secret: Path
    how: Literal["called", "awaited", "left_alone"] = "awaited"

    @property
    def code(self) -> str:
        return _BREAK.format(module=self.module, name=self.name, secret=str(self.secret), how=self.how)


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended, and what it printed."""

    code: int
    out: bytes
    err: bytes


class OwnPlace:
    """Folders for all that a program keeps, and runs of it there."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.here = base / "here"
        self.environment = {name: str(base / folder) for name, folder in _FOLDERS.items()}
        self.environment |= {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
        for folder in (*_FOLDERS.values(), "here"):
            (base / folder).mkdir(parents=True, exist_ok=True, mode=0o700)

    @property
    def state(self) -> Path:
        return Path(self.environment["XDG_STATE_HOME"]) / "hallucino"

    def run(self, *arguments: str, breaking: Breaking | None = None, given: bytes = b"") -> Ran:
        """Run a command to its end."""
        done = subprocess.run(
            [*_command(breaking), *arguments],
            cwd=self.here,
            env={**os.environ, **self.environment},
            input=given,
            capture_output=True,
            timeout=100,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    @contextmanager
    def screen(self, *arguments: str, breaking: Breaking | None = None) -> Generator[Terminal]:
        """Run it in a terminal."""
        before = "import os\nimport hallucino_tui\n" + f"os.chdir({str(self.here)!r})\n"
        command = _command(breaking, before)
        with hallucino(*arguments, command=command, environment=self.environment) as terminal:
            yield terminal

    def files(self) -> dict[str, bytes]:
        """Return all that is in it: each file's name with its bytes, and the names themselves."""
        found = {str(path.relative_to(self.base)): path for path in self.base.rglob("*")}
        contents = {name: path.read_bytes() for name, path in found.items() if path.is_file()}
        return {**contents, "names": "\n".join(found).encode()}

    def modes(self) -> dict[str, int]:
        """Return the rights of all that the program keeps between runs."""
        return {
            str(path.relative_to(self.state)): stat.S_IMODE(path.stat().st_mode)
            for path in (self.state, *self.state.rglob("*"))
        }


def left_behind(terminal: Terminal) -> bytes:
    """Return what a terminal gets besides the screen: what stands there afterwards, titles, the clipboard."""
    screen, _, after = terminal.raw.rpartition(_END_OF_SCREEN)
    commands = [part.partition(b"\x07")[0].partition(b"\x1b")[0] for part in screen.split(b"\x1b]")[1:]]
    before = screen.partition(b"\x1b[?1049h")[0]
    return b"\n".join((before, *commands, after))


def _command(breaking: Breaking | None, before: str = "") -> Sequence[str]:
    return [sys.executable, "-c", before + ("" if breaking is None else breaking.code) + _RUN]
