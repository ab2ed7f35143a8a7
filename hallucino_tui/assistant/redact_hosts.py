"""Names of hosts, found again where nothing around them says that they are any."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.redact_rules import PSEUDONYM

if TYPE_CHECKING:
    import polars as pl

_SHORTEST: Final = 3
_MOST: Final = 4096
_WORD: Final = re.compile(rf"{PSEUDONYM.pattern}|[\w-]+(?:\.[\w-]+)*", re.ASCII)
_TELLING: Final = re.compile(r"(?=.*[A-Za-z])(?=.*[0-9._-])[\w.-]+", re.ASCII)


class KnownHosts:
    """Remembers hosts by where they surely were one: in a URL, behind an @, with a domain.

    A name that may be a word of any sentence, as ``payments`` is, stays where it is one.
    """

    __slots__ = ("_names",)

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._names)

    def add(self, host: str, name: str) -> None:
        """Remember a host and its pseudonym."""
        if len(host) >= _SHORTEST and len(self._names) < _MOST and _TELLING.fullmatch(host):
            self._names[host] = name

    def replaced_in(self, line: str) -> str:
        """Return a line with the hosts that are known by now replaced, in a time that grows no faster than the line."""
        return _WORD.sub(self._replaced, line) if self._names else line

    def rows(self, text: pl.Series) -> list[int]:
        """Return which of n lines (String) may hold any of them."""
        if not self._names:
            return []
        found: list[int] = text.str.contains_any(list(self._names)).fill_null(value=False).arg_true().to_list()
        return found

    def _replaced(self, match: re.Match[str]) -> str:
        word = match[0]
        if name := self._names.get(word):
            return name
        # As in db-1.log, and in db-1.shop where only db-1 is known.
        first, dot, rest = word.partition(".")
        return f"{self._names[first]}.{rest}" if dot and first in self._names else word
