"""Kubeconfig files as tests need them, and the search for secrets in what an error says."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Any

import yaml

SERVER = "https://cluster.invalid:6443"


def config(
    name: str = "one", *, cluster: dict[str, Any] | None = None, user: Any = None, context: dict[str, Any] | None = None
) -> dict[str, Any]:
    """A kubeconfig with one context, its cluster and its user, all of one name."""
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": name,
        "clusters": [{"name": name, "cluster": {"server": SERVER} | (cluster or {})}],
        "users": [{"name": name, "user": {} if user is None else user}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name} | (context or {})}],
    }


def write(path: Path, content: Any) -> str:
    """Write a kubeconfig; return its path as a command line has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content))
    return str(path)


def all_text(error: BaseException) -> str:
    """All that anybody could see of an error: its sentence, and what a log of it would hold."""
    return f"{error}\n{error!r}\n" + "".join(traceback.format_exception(error))


def program(path: Path, script: str) -> str:
    """Write a shell script that can be run; return its path."""
    write(path, f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    return str(path)


def state_of(path: str) -> tuple[bytes, int, int]:
    """All of a file that writing to it would change."""
    about = Path(path).stat()
    return Path(path).read_bytes(), about.st_mtime_ns, about.st_mode


def names_in(folder: Path) -> set[str]:
    return {one.name for one in folder.iterdir()}
