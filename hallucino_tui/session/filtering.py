"""From what was typed to what lines are tested for, and back: the canonical form, what to highlight, what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.logs.query.ast import Query
    from hallucino_tui.logs.query.plain import Needle


@dataclass(frozen=True, slots=True)
class Understood:
    """Filters that were understood.

    Attributes:
        queries: What lines have to pass.
        canonical: The same as one reads it, "" for no filter.
        needles: What stands out in the lines that pass.
        problem: One sentence about the first filter that was not understood; "" if all were.
    """

    queries: tuple[Query, ...] = ()
    canonical: str = ""
    needles: tuple[Needle, ...] = ()
    problem: str = ""


NOTHING = Understood()


def understand(texts: Sequence[str]) -> Understood:
    """Understand filters as they were typed. May import what takes long: not for the screen's loop."""
    if not texts:
        return NOTHING
    from hallucino_tui.logs.query.errors import QueryError  # noqa: PLC0415 - only once there is a filter
    from hallucino_tui.logs.query.plain import needles, parse_filter  # noqa: PLC0415

    queries: list[Query] = []
    problem = ""
    for text in texts:
        try:
            queries.append(parse_filter(text))
        except QueryError as error:
            problem = problem or str(error)
    return Understood(
        tuple(queries),
        "  &  ".join(map(str, queries)),
        tuple(needle for query in queries for needle in needles(query)),
        problem,
    )


def search_queries(text: str) -> tuple[Query, ...]:
    """Return what a search looks for: a query, or else the typed text as one phrase, whatever its case.

    Raises:
        QueryError: It looks like a query and is none.
    """
    from hallucino_tui.logs.query.ast import LineFilter, LineOp, LineTerm, Query  # noqa: PLC0415 - only when searching
    from hallucino_tui.logs.query.plain import is_query, parse_filter  # noqa: PLC0415
    from hallucino_tui.logs.query.regex import escape  # noqa: PLC0415

    if is_query(text):
        return (parse_filter(text),)
    return (Query((), (LineFilter(LineOp.MATCHES, (LineTerm(f"(?i){escape(text)}"),)),)),)
