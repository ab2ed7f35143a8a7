"""Reads a query token by token, and says what is wrong where it stops."""

from __future__ import annotations

import re
from typing import Final

from hallucino_tui.logs.query.ast import Matcher, MatchOp
from hallucino_tui.logs.query.errors import QueryError
from hallucino_tui.logs.query.regex import check_regex, is_plain_choice
from hallucino_tui.logs.query.regex_tree import RegexSyntaxError
from hallucino_tui.logs.query.tokens import KEYWORDS, Token, tokens_of

PLAIN_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Reader:
    """The tokens of a query, one ahead at a time.

    Attributes:
        text: The query.
        ahead: The next token.
        last: The token before it.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._tokens = tokens_of(text)
        self.last = Token("start", "", 0)
        self.ahead = self._advance()

    def take(self) -> Token:
        """Go on by a token, and return it."""
        token = self.last = self.ahead
        if token.kind != "end":
            self.ahead = self._advance()
        return token

    def expect(self, kind: str, wanted: str) -> Token:
        """Go on by a token that has to be of a kind; `wanted` says what it is in words."""
        if self.ahead.kind != kind:
            raise self.unexpected(self.ahead, wanted)
        return self.take()

    def name(self, wanted: str) -> Token:
        """Go on by the name of a label."""
        if self.ahead.kind in KEYWORDS:
            raise self.error(
                f'"{self.ahead.text}" is a word of the language and cannot be the name of a label', self.ahead, wanted
            )
        return self.expect("word", wanted)

    def matcher(self, name: Token, op: Token, *, as_filter: bool = False) -> Matcher:
        """Go on by the text that a label is compared with.

        Args:
            name: The label.
            op: How it is compared.
            as_filter: Whether it is a label filter: Loki writes some of these differently.
        """
        token = self.expect("string", "text in quotes")
        match_op, value = MatchOp(op.kind), str(token.value)
        is_regex = match_op in {MatchOp.MATCHES, MatchOp.NOT_MATCHES}
        if is_regex:
            self.check_regex(token)
        # Loki reads its own canonical form again before it runs a query. It quotes other names there, and refuses
        # quoted names here.
        if not PLAIN_NAME.fullmatch(name.text) and not (
            as_filter and match_op is MatchOp.MATCHES and not is_plain_choice(value)
        ):
            raise self.error(f"{name.text} cannot be the name of a label", name, "letters from A to Z, digits and _")
        return Matcher(name.text, match_op, value)

    def check_regex(self, token: Token) -> None:
        """Check the regular expression that a string is."""
        try:
            check_regex(str(token.value))
        except RegexSyntaxError as error:
            if token.text.startswith("`") or "\\" not in token.text:
                raise QueryError(error.what, token.column + 1 + error.position, query=self.text) from None
            raise self.error(str(error), token) from None

    def error(self, what: str, token: Token, expected: str = "") -> QueryError:
        """Make an error at a token."""
        return QueryError(what, token.column, expected, self.text)

    def unexpected(self, token: Token, expected: str) -> QueryError:
        """Make an error that says that a token does not belong here."""
        what = "the text ends here" if token.kind == "end" else f"{_shown(token.text)} does not belong here"
        return self.error(what, token, expected)

    def _advance(self) -> Token:
        try:
            return next(self._tokens)
        except QueryError as error:
            error.query = self.text
            raise


def _shown(text: str) -> str:
    short = text if len(text) <= 40 else text[:39] + "…"
    return short if short.startswith(('"', "`")) else f'"{short}"'
