"""Log files with a secret of each kind in them, and a search for whatever is left of any of these."""

from __future__ import annotations

import functools
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.secrets_left import PIECE, forms_of, found_in, made_up, pieces_of

# The table of planted secrets is kept beside the rules that find them.
sys.path.append(str(Path(__file__).parents[1] / "assistant"))

from test_redact_planted import PLANTED, Maker, grown

if TYPE_CHECKING:
    from collections.abc import Mapping

WORD = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_BASE64_PIECE = PIECE * 4 // 3 + 2
"""So many letters of Base64 hold `PIECE` characters, wherever they begin."""


@dataclass(frozen=True, slots=True)
class PlantedLogs:
    """Log files with secrets.

    Attributes:
        files: Their paths.
        secrets: The secrets, each by its kind and number.
        typed: A secret that is in none of the files, for a user to type.
        lines: How many lines there are.
    """

    files: tuple[Path, ...]
    secrets: Mapping[str, str]
    typed: str
    lines: int

    def left_in(self, texts: Mapping[str, bytes]) -> dict[str, list[str]]:
        """Return what is left of any secret in texts, by their names: whole, in pieces, encoded."""
        decoded = {name: data.decode("utf-8", "replace") for name, data in texts.items()}
        return found_in(self._pieces(), decoded)

    def _pieces(self) -> set[str]:
        found: set[str] = set()
        for secret in (*self.secrets.values(), self.typed):
            for form in forms_of(secret):
                found |= pieces_of(form, PIECE if form == secret else _BASE64_PIECE)
        return found - _what_every_such_secret_has()


def plant(folder: Path, seed: int = 4) -> PlantedLogs:
    """Write log files; each secret is remembered as made up.

    Args:
        folder: Where.
        seed: Other secrets for another seed.
    """
    folder.mkdir(parents=True)
    secrets: dict[str, str] = {}
    lines: list[str] = []
    alone: list[str] = []
    for number, one in enumerate(PLANTED):
        kind, line, secret = grown(one, seed * 1000 + number)
        secrets[f"{kind} {number}"] = made_up(secret)
        # A line of YAML is one by itself, and a key that was cut off hides what comes behind it.
        if line.startswith("  ") or kind == "private-key":
            alone.append(line)
            continue
        level = ("INFO", "ERROR", "WARN")[number % 3]
        lines.append(f"2026-11-23T12:{number // 60:02}:{number % 60:02}Z {level} worker {number}: {line}")
    path = folder / "shop.log"
    path.write_text("".join(f"{line}\n" for line in lines))
    files = [path]
    for number, line in enumerate(alone):
        files.append(folder / f"alone-{number}.log")
        files[-1].write_text(f"{line}\n")
    # A file may have a secret in its name, which stands beside each of its lines.
    kind, name, _ = grown(next(one for one in PLANTED if one[0] == "github-token"), seed)
    secrets[f"{kind} in a name"] = made_up(name.rpartition("/x-access-token:")[2].partition("@")[0])
    files.append(folder / f"{secrets[f'{kind} in a name']}.log")
    files[-1].write_text("2026-11-23T12:02:00Z ERROR a line of its own\n")
    typed = made_up("q7" + Maker(seed).of(WORD, 20))
    return PlantedLogs(tuple(files), secrets, typed, len(lines) + len(alone) + 1)


@functools.cache
def _what_every_such_secret_has() -> frozenset[str]:
    """Return pieces that tell nothing, for they stand in whatever is planted in that way: names, beginnings."""
    common: set[str] = set()
    for one in PLANTED:
        first, second = (_all_pieces(grown(one, seed)[2]) for seed in (1, 2))
        common |= first & second
    return frozenset(common)


def _all_pieces(secret: str) -> set[str]:
    return {piece for form in forms_of(secret) for piece in pieces_of(form, PIECE if form == secret else _BASE64_PIECE)}
