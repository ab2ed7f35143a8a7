"""Looks for secrets that tests made up in what the program left behind: in its files and in what was printed."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

PIECE = 8
"""So many characters of a secret in a row give it away."""

_LEAST = 10
_LEAST_DIFFERENT = 6
_MOST_MADE_UP = 5_000
_MOST_BYTES = 64 << 20
_MADE_UP: dict[str, None] = {}

_OWN_FOLDERS = frozenset({"notebooks", "prompts-cache"})
_OWN_NAMES = frozenset({"defect.txt", "agreed-hosts.json", "asked-models.json"})
_EXPORTS = (".md", ".html", ".htm")


def made_up(secret: str, most: int = _MOST_MADE_UP) -> str:
    """Remember a secret, which must be found nowhere at the end of the run; return it.

    Args:
        secret: The secret. What is too short, or has too few different characters, is not looked for: it may stand
            anywhere.
        most: Once so many are known, it is not remembered any more.
    """
    if len(secret) >= _LEAST and len(set(secret)) >= _LEAST_DIFFERENT and len(_MADE_UP) < most:
        _MADE_UP[secret] = None
    return secret


def all_made_up() -> tuple[str, ...]:
    """Return what was made up so far."""
    return tuple(_MADE_UP)


def pieces_of(secret: str, size: int = PIECE) -> set[str]:
    """Return all pieces of a secret that are so long, and the secret itself if it is shorter."""
    if len(secret) <= size:
        return {secret}
    return {secret[at : at + size] for at in range(len(secret) - size + 1)}


def forms_of(secret: str) -> set[str]:
    """Return a secret as it may be written: as it is, in a URL, in Base64 at each place that it may have in it."""
    return {secret, quote(secret, safe=""), *_in_base64(secret)}


def _in_base64(secret: str) -> Iterator[str]:
    data = secret.encode()
    for before in range(3):
        text = base64.b64encode(b"\0" * before + data).decode()
        # Its first and last letters hold bits of what stands beside it.
        whole = text[(before * 8 + 5) // 6 : (before + len(data)) * 8 // 6]
        yield whole
        yield whole.replace("+", "-").replace("/", "_")


def found_in(patterns: Iterable[str], texts: Mapping[str, str]) -> dict[str, list[str]]:
    """Return which of n patterns stand in which of m texts, by the texts' names; texts with none are left out.

    One pass over the texts, however many patterns there are.
    """
    import polars as pl

    wanted = sorted({one for one in patterns if one})
    if not wanted or not texts:
        return {}
    hits = pl.Series(list(texts.values()), dtype=pl.String).str.extract_many(wanted, overlapping=True).to_list()
    return {name: sorted(set(hit)) for name, hit in zip(texts, hits, strict=True) if hit}


def files_of_the_program(base: Path) -> Iterator[Path]:
    """Yield the files under a folder of tests that the program wrote, as far as their names tell."""
    for folder, _, names in os.walk(base):
        parts = Path(folder).relative_to(base).parts
        is_own = "hallucino" in parts and "config" not in parts and ".config" not in parts
        is_own = is_own or not _OWN_FOLDERS.isdisjoint(parts)
        for name in names:
            if is_own or name in _OWN_NAMES or name.endswith(_EXPORTS):
                yield Path(folder, name)


def secrets_left(base: Path, printed: Mapping[str, str]) -> list[str]:
    """Return one sentence for each place where a secret that was made up was left.

    Args:
        base: The folder that tests worked in.
        printed: What was printed, by the name of the test.
    """
    if not _MADE_UP:
        return []
    texts = {f"printed by {name}": text for name, text in printed.items()}
    texts |= {str(path): text for path in files_of_the_program(base) if (text := _text_of(path))}
    found = found_in((form for secret in _MADE_UP for form in forms_of(secret)), texts)
    return [f"{len(hits)} secrets that a test made up are left in {place}: {hits[:3]}" for place, hits in found.items()]


def _text_of(path: Path) -> str:
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > _MOST_BYTES:
            return ""
        return path.read_bytes().decode("utf-8", "replace")
    except OSError:  # a test took the right to read it away, or a thread of one its file
        return ""
