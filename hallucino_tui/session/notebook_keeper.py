"""The notebook that is open in a sitting: every change is on the disk before anybody hears that it was made."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import msgspec

from hallucino_tui.logs.moment import NANOSECONDS
from hallucino_tui.session.notebook import (
    AnswerEntry,
    Notebook,
    NotebookError,
    Shelf,
    with_entry,
    with_note,
    with_title,
)
from hallucino_tui.session.notebook_secrets import Settling, in_all_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import tzinfo

    from hallucino_tui.assistant.redact import Redactor
    from hallucino_tui.session.notebook import Listed
    from hallucino_tui.session.notebook_drafts import Draft

_STILL_THE_SAME: Final = 4 * 3600 * NANOSECONDS
"""For how long after its last change a notebook is taken up again by itself."""


class Keeper:
    """Holds one notebook, and begins one when the first thing is kept. Waits for its disk; used by one thread."""

    def __init__(self, shelf: Shelf, redactor: Redactor, now: Callable[[], int], zone: tzinfo | None = None) -> None:
        """Prepare; nothing is read yet.

        Args:
            shelf: Where notebooks are.
            redactor: Replaces secrets in what is typed and in what is kept.
            now: Tells the time, in nanoseconds since the epoch.
            zone: The zone of names that are made of times; None for the local one.
        """
        self.redactor = redactor
        self.notebook: Notebook | None = None
        self._shelf = shelf
        self._now = now
        self._zone = zone
        self._given: dict[str, str] = {}

    def list(self) -> Sequence[Listed]:
        """Return all notebooks, the one that was changed last first."""
        return self._shelf.list()

    def resume(self) -> Notebook | None:
        """Return the notebook that is open; before any is, open the last one if that is of the last hours.

        Raises:
            NotebookError: It cannot be read.
        """
        if self.notebook is None:
            recent = next((one for one in self._shelf.list() if not one.problem), None)
            if recent is not None and 0 <= self._now() - recent.changed < _STILL_THE_SAME:
                self.open(recent.name)
        return self.notebook

    def open(self, name: str) -> Notebook:
        """Open another notebook.

        Raises:
            NotebookError: It cannot be read; the one that was open stays so.
        """
        self.notebook = self._shelf.load(name)
        self._given = {}
        return self.notebook

    def begin(self) -> Notebook:
        """Begin a new notebook.

        Raises:
            NotebookError: It cannot be written.
        """
        now = self._now()
        moment = datetime.fromtimestamp(now // NANOSECONDS, UTC).astimezone(self._zone)
        fresh = Notebook(
            name=f"{moment:%Y%m%d-%H%M%S}", title=f"Incident {moment:%Y-%m-%d %H:%M}", made=now, changed=now
        )
        self.notebook = self._shelf.add(fresh)
        self._given = {}
        return self.notebook

    def add(self, draft: Draft) -> Notebook:
        """Keep something in the notebook that is open.

        Raises:
            NotebookError: It cannot be kept.
        """
        notebook = self.resume() or self.begin()
        moment = self._now()
        entry = msgspec.structs.replace(draft.entry, moment=moment)
        settling: Settling | None = None

        def put(current: Notebook) -> Notebook:
            nonlocal settling
            settling = Settling(current.pseudonyms, self._given)
            own = settling
            origin = f"{moment}-{current.next_id}" if draft.is_foreign else ""

            def settle(text: str) -> str:
                return own.settle(text, draft.restore, origin)

            def redact(text: str) -> str:
                return own.redact(text, self.redactor, settle)

            def ours(text: str) -> str:
                return own.settle(text, self.redactor.restore, "")

            if isinstance(entry, AnswerEntry):
                # Nobody vouches for an answer: a question was typed. The report and its lines are redacted by now.
                theirs = in_all_texts(msgspec.structs.replace(entry, report="", more=[]), redact)
                settled = msgspec.structs.replace(
                    theirs,
                    question=own.redact(entry.question, self.redactor, settle, is_typed=True),
                    report=ours(entry.report),
                    more=[in_all_texts(one, ours) for one in entry.more],
                )
            else:
                settled = in_all_texts(entry, settle)
            return with_entry(msgspec.structs.replace(current, pseudonyms=own.numbers), settled)

        kept = self._change(notebook, put)
        if settling is not None:
            self._given = settling.given
        return kept

    def note(self, id_: int, text: str) -> Notebook:
        """Write a note to an entry; "" takes it away.

        Raises:
            NotebookError: It cannot be kept.
        """
        return self._type(text, lambda notebook, note: with_note(notebook, id_, note))

    def rename(self, title: str) -> Notebook:
        """Give the incident another name.

        Raises:
            NotebookError: It cannot be kept.
        """
        return self._type(title, with_title)

    def change(self, change: Callable[[Notebook], Notebook]) -> Notebook:
        """Change the notebook that is open.

        Raises:
            NotebookError: None is open, or it cannot be kept.
        """
        return self._change(self._open(), change)

    def _type(self, text: str, change: Callable[[Notebook, str], Notebook]) -> Notebook:
        """Put in what the user typed: it may hold what was copied from a line."""
        settling: Settling | None = None

        def put(current: Notebook) -> Notebook:
            nonlocal settling
            settling = own = Settling(current.pseudonyms, self._given)
            typed = own.redact(text, self.redactor, is_typed=True)
            return change(msgspec.structs.replace(current, pseudonyms=own.numbers), typed)

        kept = self._change(self._open(), put)
        if settling is not None:
            self._given = settling.given
        return kept

    def _open(self) -> Notebook:
        if self.notebook is None:
            raise NotebookError("No notebook is open: keep a line first, or open one.")
        return self.notebook

    def _change(self, notebook: Notebook, change: Callable[[Notebook], Notebook]) -> Notebook:
        def dated(current: Notebook) -> Notebook:
            return msgspec.structs.replace(change(current), changed=max(self._now(), current.changed))

        self.notebook = self._shelf.change(notebook, dated)
        return self.notebook
