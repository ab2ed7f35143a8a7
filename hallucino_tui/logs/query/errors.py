"""What is wrong with a query, said so that one can mend it."""

from __future__ import annotations


class QueryError(ValueError):
    """A text that is not a query. ``str()`` is one sentence: where, what, and what was expected.

    Attributes:
        what: What is wrong, as the beginning of a sentence without its full stop.
        column: Where, counted in characters from 1 for the whole text.
        expected: What should stand there; may be "".
        query: The text.
    """

    def __init__(self, what: str, column: int, expected: str = "", query: str = "") -> None:
        self.what = what
        self.column = column
        self.expected = expected
        self.query = query
        super().__init__(what, column, expected, query)

    def __str__(self) -> str:
        wanted = f"; expected {self.expected}" if self.expected else ""
        return f"At column {self.column}: {self.what}{wanted}."
