"""The kubeconfig by which clients find the demo cluster, and the care not to touch anybody else's."""

from __future__ import annotations

import base64
import os
import tempfile
from pathlib import Path
from typing import Any, cast

import yaml

NAME = "hallucino-demo"
"""Name of the cluster, the user and the context."""

_MARK = {"name": NAME, "extension": {"written-by": "hallucino demo"}}
_HEAD = "# Written by `hallucino demo` for a cluster that lives in its process. Safe to delete.\n"


class ForeignKubeconfigError(Exception):
    """The file exists and was not written by the demo; it is left as it is."""


def render_kubeconfig(url: str, ca_pem: bytes, token: str, namespace: str) -> str:
    """Return the text of a kubeconfig for the demo cluster."""
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "extensions": [_MARK],
        "current-context": NAME,
        "clusters": [
            {
                "name": NAME,
                "cluster": {"server": url, "certificate-authority-data": base64.b64encode(ca_pem).decode()},
            }
        ],
        "users": [{"name": NAME, "user": {"token": token}}],
        "contexts": [{"name": NAME, "context": {"cluster": NAME, "user": NAME, "namespace": namespace}}],
    }
    return _HEAD + yaml.safe_dump(content, sort_keys=False)


def check_kubeconfig_path(path: Path) -> None:
    """Make sure that a kubeconfig may be written to a path.

    Raises:
        ForeignKubeconfigError: There is something else.
    """
    if os.path.lexists(path) and not is_ours(path):
        raise ForeignKubeconfigError(f"{path} exists and was not written by the demo; choose another file")


def is_ours(path: Path) -> bool:
    """Tell whether a file is a kubeconfig that the demo wrote and that nobody has added to."""
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > 1 << 20:
            return False
        loaded: object = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return False
    if not isinstance(loaded, dict):
        return False
    content = cast("dict[str, Any]", loaded)
    if _MARK not in (content.get("extensions") or []):
        return False
    entries: list[Any] = [entry for part in ("clusters", "users", "contexts") for entry in content.get(part) or ()]
    return all(isinstance(entry, dict) and cast("dict[str, Any]", entry).get("name") == NAME for entry in entries)


def write_kubeconfig(path: Path, text: str) -> None:
    """Write a kubeconfig that its owner alone may read, all of it at once.

    Raises:
        ForeignKubeconfigError: There is something else at `path`.
        OSError: It cannot be written.
    """
    check_kubeconfig_path(path)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # made with mode 0600
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def remove_kubeconfig(path: Path, token: str) -> None:
    """Remove a kubeconfig if it is still the one that was written with `token`."""
    if is_ours(path) and token in path.read_text(encoding="utf-8"):
        path.unlink(missing_ok=True)
