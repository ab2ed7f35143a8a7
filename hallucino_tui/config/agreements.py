"""The hosts that the user agreed to send lines to, kept between runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from pathlib import Path


class Agreements:
    """Hosts that need no question any more."""

    def __init__(self, path: Path) -> None:
        """Read what was agreed to before; a file that is missing or broken means nothing was.

        Args:
            path: The file that remembers.
        """
        self._path = path
        try:
            self._hosts = set(msgspec.json.decode(path.read_bytes(), type=list[str]))
        except (OSError, msgspec.DecodeError):
            self._hosts: set[str] = set()

    def __contains__(self, host: str) -> bool:
        return host in self._hosts

    def add(self, host: str) -> None:
        """Remember a host.

        Raises:
            OSError: It cannot be written; it holds for this run all the same.
        """
        self._hosts.add(host)
        self._write()

    def remove(self, host: str) -> None:
        """Forget a host: the user is asked again before lines go there.

        Raises:
            OSError: It cannot be written; it holds for this run all the same.
        """
        if host in self._hosts:
            self._hosts.remove(host)
            self._write()

    def _write(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path.touch(mode=0o600)
        self._path.write_bytes(msgspec.json.encode(sorted(self._hosts)))
