"""No secret gets into a notebook, and each keeps one pseudonym in it, in whichever sitting it was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import msgspec

from hallucino_tui.assistant.redact import PSEUDONYM

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Mapping

    from hallucino_tui.assistant.redact import Redactor
    from hallucino_tui.session.notebook import Notebook

T = TypeVar("T")

_FIXED: Final = frozenset({"type", "level", "kind", "verdict", "format", "name"})
"""Fields whose words are the program's own."""


class Settling:
    """Gives the secrets of something that is put into a notebook numbers that are free there. Used once.

    Whoever found a secret counts from 1: a redactor of this sitting, one of another sitting whose secrets are long
    forgotten, the one of a question. In the notebook a number means one secret only, and a secret that is known has
    one number.
    """

    def __init__(self, numbers: Mapping[str, int], given: Mapping[str, str]) -> None:
        """Prepare.

        Args:
            numbers: The highest number that each kind of pseudonym has in the notebook.
            given: The pseudonyms that this sitting gave before.
        """
        self.numbers = dict(numbers)
        self.given = dict(given)

    def settle(self, text: str, restore: Callable[[str], str], origin: str) -> str:
        """Return a text with the notebook's pseudonyms in place of somebody else's.

        Args:
            text: The text.
            restore: Turns their pseudonyms back; one that it does not know it leaves alone.
            origin: Names them: a pseudonym that they do not know themselves means one thing in all that they say.
        """

        def own(match: re.Match[str]) -> str:
            kind, secret = match[0][1:-1].rpartition(":")[0], restore(match[0])
            key = f"{origin}\0{secret}" if secret == match[0] else f"\0{kind}\0{secret}"
            if key not in self.given:
                self.numbers[kind] = self.numbers.get(kind, 0) + 1
                self.given[key] = f"<{kind}:{self.numbers[kind]}>"
            return self.given[key]

        return PSEUDONYM.sub(own, _writable(text))

    def redact(self, text: str, redactor: Redactor, keep: Callable[[str], str] = str, *, is_typed: bool = False) -> str:
        """Return a text without secrets, in which pseudonyms stand already.

        Args:
            text: The text; a private key in it may go over many lines.
            redactor: Replaces the secrets between them.
            keep: Returns what becomes of each of them; the notebook's own stay.
            is_typed: Whether the user typed it: what was replaced elsewhere may stand in it where no rule finds it.
        """
        # Line by line: a quote that nothing closes ends with its line.
        pieces = [piece for line in text.split("\n") for piece in (*_around_pseudonyms(line), "\n")][:-1]
        raw = [piece for piece in pieces if _is_raw(piece)]
        made = iter(redactor.redact_all(raw))
        return "".join(
            self._settled(next(made), redactor, is_typed=is_typed)
            if _is_raw(piece)
            else piece
            if piece == "\n"
            else keep(piece)
            for piece in pieces
        )

    def _settled(self, text: str, redactor: Redactor, *, is_typed: bool) -> str:
        return self.settle(redactor.known(text) if is_typed else text, redactor.restore, "")


def redacted(notebook: Notebook, redactor: Redactor) -> Notebook:
    """Return a notebook in which a redactor's rules were applied once more, for example stricter ones.

    Args:
        notebook: The notebook; what was replaced when it was kept stays replaced.
        redactor: A redactor that nothing else uses.
    """
    settling = Settling(notebook.pseudonyms, {})
    changed = in_all_texts(notebook, lambda text: settling.redact(text, redactor))
    return msgspec.structs.replace(changed, pseudonyms=settling.numbers)


def in_all_texts(part: T, change: Callable[[str], str]) -> T:
    """Return a struct in which every text that came from elsewhere is changed."""
    return msgspec.convert(_walk(msgspec.to_builtins(part), change), type(part))


def _around_pseudonyms(line: str) -> list[str]:
    """Return a line as pieces: what is no pseudonym, and each pseudonym."""
    pieces: list[str] = []
    end = 0
    for match in PSEUDONYM.finditer(line):
        pieces += (line[end : match.start()], match[0])
        end = match.end()
    return [piece for piece in (*pieces, line[end:]) if piece]


def _is_raw(piece: str) -> bool:
    return piece != "\n" and PSEUDONYM.fullmatch(piece) is None


def _writable(text: str) -> str:
    """Return a text that a file can hold: half a character, as a server may send one, is no character."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _walk(value: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401 - what JSON is made from
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        inner = cast("dict[str, Any]", value)
        return {key: part if key in _FIXED else _walk(part, change) for key, part in inner.items()}
    if isinstance(value, list | tuple):
        return [_walk(part, change) for part in cast("list[Any]", value)]
    return value
