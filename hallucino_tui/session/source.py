"""What the hub needs of a source of lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.logs.batch import Batch
    from hallucino_tui.logs.file_body import Part
    from hallucino_tui.logs.notice import Notice
    from hallucino_tui.session.receipts import Receipt

Item: TypeAlias = "Batch | Notice | Part"
"""What a source brings: lines, something that happened between them, or lines that stay in a file."""


class LogSource(Protocol):
    """Something that brings lines. It reads its own sockets or files all the time; the hub asks on its own tick.

    All methods are called on the loop that source and hub share.
    """

    def take(self) -> Sequence[Item]:
        """Return what came since the last call.

        Lines of one stream are in order, and so are a stream's notices between its lines.
        """
        ...

    def receipts(self) -> Sequence[Receipt]:
        """Return the live receipts of all streams that this source ever opened."""
        ...
