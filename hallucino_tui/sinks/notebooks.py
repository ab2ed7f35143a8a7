"""Notebooks in a folder, one file each: a change is there whole or not at all, and nobody's change is written over."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import secrets
import time
from typing import TYPE_CHECKING, Final

import msgspec

from hallucino_tui.session.notebook import FORMAT, VERSION, Listed, Notebook, NotebookError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from pathlib import Path

_ENDING: Final = ".json"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_PATIENCE: Final = 5.0
"""Seconds that another program may take to write."""

_MOST_NAMES: Final = 1000


class _Head(msgspec.Struct):
    """What every version of the file has."""

    format: str = ""
    version: int = 0


class NotebookFolder:
    """Keeps notebooks for their owner alone."""

    def __init__(self, folder: Path, patience: float = _PATIENCE) -> None:
        """Prepare; the folder is made when something is kept.

        Args:
            folder: Where they are.
            patience: For how many seconds another program may write before it is given up.
        """
        self._folder = folder
        self._patience = patience

    def list(self) -> Sequence[Listed]:
        """Return all notebooks, the one that was changed last first; what cannot be looked at is one with a problem."""
        try:
            # Not glob: it finds nothing where nothing may be read, and says nothing.
            names = [path.stem for path in self._folder.iterdir() if path.suffix == _ENDING]
        except FileNotFoundError:
            return []
        except OSError as error:
            return [Listed("", problem=f"The notebooks in {self._folder} cannot be listed ({_why(error)}).")]
        names = [name for name in names if _NAME.fullmatch(name)]
        return sorted(map(self._listed, names), key=lambda one: (-one.changed, one.name))

    def load(self, name: str) -> Notebook:
        """Read a notebook.

        Raises:
            NotebookError: There is none of that name, or it is none.
        """
        if not _NAME.fullmatch(name):
            raise NotebookError(f"{name!r} is no name of a notebook: hallucino notebook list tells the names.")
        path = self._path(name)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise NotebookError(
                f"There is no notebook {name} in {self._folder}: hallucino notebook list tells the names."
            ) from None
        except OSError as error:
            raise NotebookError(f"The notebook {path} cannot be read ({_why(error)}).") from error
        return msgspec.structs.replace(_decode(path, data), name=name)

    def add(self, notebook: Notebook) -> Notebook:
        """Keep a new notebook under a name like its own that is free; return it with that name.

        Raises:
            NotebookError: It cannot be written.
        """
        with self._alone():
            for number in range(1, _MOST_NAMES):
                name = notebook.name if number == 1 else f"{notebook.name}-{number}"
                if not self._path(name).exists():
                    named = msgspec.structs.replace(notebook, name=name)
                    self._write(named)
                    return named
        raise NotebookError(f"There are too many notebooks named {notebook.name} in {self._folder}: move some away.")

    def change(self, known: Notebook, change: Callable[[Notebook], Notebook]) -> Notebook:
        """Change a notebook as it is kept now, whoever changed it meanwhile; return what is kept then.

        Args:
            known: What is known of it: its name says which, and it is kept anew if somebody took its file away.
            change: What to do.

        Raises:
            NotebookError: It cannot be read or written: what was kept before is still there.
        """
        with self._alone():
            current = self.load(known.name) if self._path(known.name).exists() else known
            changed = change(current)
            self._write(changed)
            return changed

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}{_ENDING}"

    def _listed(self, name: str) -> Listed:
        try:
            notebook = self.load(name)
        except NotebookError as error:
            return Listed(name, problem=str(error))
        return Listed(name, notebook.title, notebook.changed, len(notebook.entries))

    @contextlib.contextmanager
    def _alone(self) -> Generator[None]:
        """Keep other programs from writing; what one that was killed had begun to write is swept away."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if self._folder.stat().st_mode & 0o077:
                self._folder.chmod(0o700)
            lock = os.open(self._folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise self._cannot(error) from error
        try:
            self._wait_for(lock)
            with contextlib.suppress(OSError):
                for left in self._folder.glob(".*.tmp"):
                    left.unlink(missing_ok=True)
            yield
        finally:
            os.close(lock)  # gives it back, too

    def _wait_for(self, lock: int) -> None:
        deadline = time.monotonic() + self._patience
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise NotebookError(
                        f"Another Hallucino holds the notebooks in {self._folder} and does not let go: nothing was "
                        "kept; end it, or go on there."
                    ) from None
                time.sleep(0.02)
            except OSError as error:
                raise self._cannot(error) from error
            else:
                return

    def _write(self, notebook: Notebook) -> None:
        """Write a file beside the old one and put it in its place, so that a crash leaves the one or the other."""
        path = self._path(notebook.name)
        beside = self._folder / f".{notebook.name}.{secrets.token_hex(8)}.tmp"
        try:
            file = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with os.fdopen(file, "wb") as stream:
                stream.write(msgspec.json.encode(notebook) + b"\n")
                stream.flush()
                os.fsync(stream.fileno())
            beside.replace(path)
            _settle(self._folder)
        except OSError as error:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)
            raise self._cannot(error) from error

    def _cannot(self, error: OSError) -> NotebookError:
        return NotebookError(
            f"The notebook cannot be kept in {self._folder} ({_why(error)}): nothing was changed; make room there, or "
            "copy what matters."
        )


def _settle(folder: Path) -> None:
    """Let the disk remember the new name, too; not every file system can be told so."""
    with contextlib.suppress(OSError):
        place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(place)
        finally:
            os.close(place)


def _decode(path: Path, data: bytes) -> Notebook:
    try:
        head = msgspec.json.decode(data, type=_Head)
        if head.format != FORMAT:
            raise NotebookError(f"{path} is no notebook of Hallucino: it is left alone.")
        if head.version > VERSION:
            raise NotebookError(
                f"{path} was written by a newer Hallucino (format {head.version}, this one knows {VERSION}): update it."
            )
        return msgspec.json.decode(data, type=Notebook)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotebookError(f"{path} is broken, and no notebook any more: it is left as it is.") from error


def _why(error: OSError) -> str:
    return error.strerror or type(error).__name__
