"""When questions were asked, kept between runs, for models that allow only so many of them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from pathlib import Path

KEPT_SECONDS: Final = 86_400
"""No limit looks further back."""
_MOST: Final = 100_000


class Quotas:
    """The times of questions to each model, within the last day. Holds no word of them.

    Several runs share the file: it is read anew each time. Two of them that write in the same instant may count one
    question less.
    """

    def __init__(self, path: Path) -> None:
        """Prepare; a file that is missing or broken means that nothing was asked.

        Args:
            path: The file that remembers.
        """
        self._path = path

    def times(self, name: str, now: float) -> list[float]:
        """Return when a model was asked, oldest first.

        Args:
            name: The model.
            now: The time, in seconds since the epoch: what is older than a day or lies in the future is left out.
        """
        return _recent(self._read().get(name, []), now)

    def add(self, name: str, now: float) -> None:
        """Remember that a model is asked now.

        Raises:
            OSError: It cannot be written.
        """
        asked = self._all(now)
        asked[name] = [*asked.get(name, []), now]
        self._write(asked)

    def drop_newest(self, name: str, now: float) -> None:
        """Forget the last time that a model was asked.

        Raises:
            OSError: It cannot be written.
        """
        asked = self._all(now)
        if asked.get(name):
            asked[name] = asked[name][:-1]
            self._write(asked)

    def _all(self, now: float) -> dict[str, list[float]]:
        return {name: _recent(times, now) for name, times in self._read().items()}

    def _write(self, asked: dict[str, list[float]]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        new.touch(mode=0o600)
        new.write_bytes(msgspec.json.encode({other: times for other, times in asked.items() if times}))
        new.replace(self._path)

    def _read(self) -> dict[str, list[float]]:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, list[float]])
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            return {}


def _recent(times: list[float], now: float) -> list[float]:
    return sorted(time for time in times if now - KEPT_SECONDS < time <= now)[-_MOST:]
