"""Whole answers to questions that were asked before, in memory only."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from hallucino_tui.session.chat import ChatModel, Request

MOST_ANSWERS: Final = 64
MOST_BYTES: Final = 8 << 20


class Answers:
    """The last answers, up to a number and a size; the least recently used leave first."""

    def __init__(self, most: int = MOST_ANSWERS, most_bytes: int = MOST_BYTES) -> None:
        """Start with none.

        Args:
            most: How many are kept.
            most_bytes: How large all of them are together, as UTF-8.
        """
        self._most = most
        self._most_bytes = most_bytes
        self._bytes = 0
        self._texts: OrderedDict[bytes, bytes] = OrderedDict()

    def get(self, key: bytes) -> str | None:
        """Return the answer under a key, or None."""
        text = self._texts.get(key)
        if text is None:
            return None
        self._texts.move_to_end(key)
        return text.decode("utf-8", "surrogatepass")

    def put(self, key: bytes, text: str) -> None:
        """Keep an answer, unless it alone is too large."""
        content = text.encode("utf-8", "surrogatepass")
        self._bytes -= len(self._texts.pop(key, b""))
        if len(content) > self._most_bytes:
            return
        self._bytes += len(content)
        self._texts[key] = content
        while len(self._texts) > self._most or self._bytes > self._most_bytes:
            self._bytes -= len(self._texts.popitem(last=False)[1])


def key_of(model: ChatModel, request: Request) -> bytes:
    """Return what is the same only for the same question to the same model; the question cannot be read from it."""
    asked = msgspec.json.encode([model.host, model.name, model.body(request)], order="deterministic")
    return hashlib.blake2b(asked, digest_size=32).digest()
