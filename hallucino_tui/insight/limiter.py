"""Says each surprise once, however often it is found while its cause lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hallucino_tui.logs.moment import NANOSECONDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hallucino_tui.insight.surprise import Surprise, SurpriseKind

QUIET: Final = 600
"""Seconds without a surprise after which it is one again."""


class Limiter:
    """Lets a surprise pass that was not there in the last minutes.

    Args:
        quiet: Seconds after which what was gone is news again.
    """

    def __init__(self, quiet: float = QUIET) -> None:
        self._quiet = int(quiet * NANOSECONDS)
        self._last: dict[tuple[SurpriseKind, int | None, str], int] = {}

    def admit(self, surprises: Iterable[Surprise], now: int) -> list[Surprise]:
        """Return those that are news.

        Args:
            surprises: What was found in the present that ends now.
            now: Nanoseconds since the epoch, never less than at the call before.
        """
        self._last = {subject: time for subject, time in self._last.items() if now - time <= self._quiet}
        news: list[Surprise] = []
        for surprise in surprises:
            subject = (surprise.kind, surprise.template, surprise.subject)
            if subject not in self._last:
                news.append(surprise)
            self._last[subject] = now
        return news
