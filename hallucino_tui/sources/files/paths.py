"""From what the user typed to the files that are read."""

from __future__ import annotations

import glob
import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hallucino_tui.sources.files.errors import FilesError, cannot_read
from hallucino_tui.sources.files.instances import FORM, instances_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

STDIN: Final = Path("-")
"""Stands for standard input among paths."""

_NUMBERS: Final = re.compile(r"(\d+)")


def expand(arguments: Sequence[str], *, as_given: bool = False) -> list[Path]:
    """Return the files that some arguments mean, in natural order (``log.2`` before ``log.10``), none twice.

    An argument is a file, a pattern (``*.log``, ``logs/**/*.log``), a folder of saved logs of container instances
    (only files that are called ``POD__CONTAINER__N.log`` are taken) or ``-`` for standard input. A file of which the
    name looks like a pattern is a file. Directories that a pattern matches are left out; files that it matches and that
    may not be read stay in, unless there is no other one: the source says of each why it is not read.

    Args:
        arguments: What the user typed.
        as_given: Whether the files of one argument stand before those of the next, whatever their names.

    Raises:
        FilesError: An argument means nothing that can be read.
    """
    found: dict[Path, Path] = {}
    for argument in arguments:
        for path in sorted(_meant(argument), key=natural_key):
            found.setdefault(path if path == STDIN else Path(os.path.realpath(path)), path)
    return list(found.values()) if as_given else sorted(found.values(), key=natural_key)


def natural_key(path: Path) -> tuple[tuple[str, int], ...]:
    """Return what sorts paths so that numbers in names count as numbers."""
    parts = _NUMBERS.split(str(path))
    return tuple(("", int(part)) if index % 2 else (part, 0) for index, part in enumerate(parts))


def short_titles(paths: Sequence[Path]) -> list[str]:
    """Return a name for each path: its own, with as many folders in front as tell it from the others."""
    depths = [1] * len(paths)
    while True:
        titles = [_tail(path, depth) for path, depth in zip(paths, depths, strict=True)]
        longer = [
            titles.count(title) > 1 and depth < len(path.parts)
            for title, path, depth in zip(titles, paths, depths, strict=True)
        ]
        if not any(longer):
            return titles
        depths = [depth + more for depth, more in zip(depths, longer, strict=True)]


def refuse_what_is_no_file(path: Path, mode: int, *, pipes: bool = True) -> None:
    """Raise the sentence for what holds no lines.

    Args:
        path: What the user calls it.
        mode: Its ``st_mode``.
        pipes: Whether a pipe will do.

    Raises:
        FilesError: It is a directory, a device or a socket, or a pipe where it has to be a file.
    """
    if stat.S_ISDIR(mode):
        raise FilesError(f"{path} is a directory: name its files, for example {path / '*.log'}.")
    if stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
        raise FilesError(f"{path} is a device: only files and pipes can be read; use - for standard input.")
    if stat.S_ISFIFO(mode):
        if not pipes:
            raise FilesError(f"{path} is a pipe by now and no file: open it again.")
    elif not stat.S_ISREG(mode):
        raise FilesError(f"{path} is a socket: only files and pipes can be read.")


def _meant(argument: str) -> Iterable[Path]:
    path = STDIN if argument == str(STDIN) else Path(argument).expanduser()
    if path == STDIN:
        return [path]
    if glob.has_magic(argument) and not os.path.lexists(path):
        return _matches(str(path))
    if path.is_dir():
        return _saved(path)
    _check(path)
    return [path]


def _saved(folder: Path) -> list[Path]:
    try:
        files = instances_in(folder)
        if files:
            return files
        deeper = next((inner for inner in sorted(folder.iterdir()) if inner.is_dir() and instances_in(inner)), None)
    except OSError as error:
        raise cannot_read(folder, error) from error
    if deeper is not None:
        raise FilesError(f"{folder} holds no files called {FORM}, and {deeper} does: name that folder.")
    raise FilesError(f"{folder} is a directory: name its files, for example {folder / '*.log'}.")


def _matches(pattern: str) -> list[Path]:
    everything = [Path(name) for name in glob.iglob(pattern, recursive=True)]  # noqa: PTH207 - pathlib refuses absolute patterns
    if not everything:
        raise FilesError(f"Nothing matches {pattern}: check the folder and the pattern.")
    files: list[Path] = []
    problem: FilesError | None = None
    readable = 0
    for path in everything:
        try:
            _check(path)
            readable += 1
        except FilesError as error:
            if path.is_dir():
                continue
            problem = problem or error
        files.append(path)
    if readable:
        return files
    if problem is not None:
        raise problem
    raise FilesError(f"{pattern} matches only directories: name their files, for example {Path(pattern) / '*.log'}.")


def _check(path: Path) -> None:
    try:
        mode = path.stat().st_mode
        refuse_what_is_no_file(path, mode)
        if stat.S_ISREG(mode):  # to open a pipe would wait for its writer, or take it away from its reader
            os.close(os.open(path, os.O_RDONLY | os.O_CLOEXEC))
    except OSError as error:
        raise cannot_read(path, error) from error


def _tail(path: Path, depth: int) -> str:
    return "stdin" if path == STDIN else str(Path(*path.parts[-depth:]))
