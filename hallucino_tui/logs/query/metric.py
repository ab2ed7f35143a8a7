"""Finds the log query in a metric query, so that one can be told what to ask instead."""

from __future__ import annotations

import itertools
from typing import Final

from hallucino_tui.logs.query.errors import QueryError
from hallucino_tui.logs.query.tokens import Token, tokens_of

_LONGEST_SHOWN: Final = 200


def log_query_inside(text: str) -> str:
    """Return the first log query inside of a metric query as it is written, "" if there is none to be seen."""
    try:
        tokens = list(itertools.islice(tokens_of(text), 1000))
    except QueryError:
        return ""
    begin = next((index for index, token in enumerate(tokens) if token.kind == "{"), None)
    if begin is None:
        return ""
    found = text[tokens[begin].start : _end(tokens[begin:])].strip()
    return found if len(found) <= _LONGEST_SHOWN else ""


def _end(tokens: list[Token]) -> int:
    """Return where the log query ends that begins with these tokens."""
    depth = 0
    for token, following in itertools.pairwise(tokens):
        depth += (token.kind == "(") - (token.kind == ")")
        if depth < 0 or token.kind == "range" or (token.kind == "|" and following.kind == "unwrap"):
            return token.start
    return tokens[-1].start
