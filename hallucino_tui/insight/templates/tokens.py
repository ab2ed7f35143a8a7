"""Cuts a folded message into tokens and tells which of them are variables whatever else is known."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from hallucino_tui.insight.templates.marks import MAYBE, NUMBER, SERVER_ERROR, VARIABLE
from hallucino_tui.insight.templates.masks import is_unit, is_value, mask

Tokens = tuple[str, ...]

_WORD: Final = r"""[^\s=:,;()\[\]{}<>"'|.\0]+"""
_TOKEN: Final = re.compile(
    rf"""\s+|[A-Za-z]:\\[^\s"'<>|;,\0]*|\.\.?/{_WORD}(?:\.{_WORD})*|\.\.+|(?<==)"[^"\\]*"|(?<==)'[^'\\]*'|{_WORD}(?:\.{_WORD})*|.""",
    re.DOTALL,
)
_EQUALS: Final = "="
_ROOT: Final = "/"
_TOLD: Final = frozenset({"msg", "message", "event", "err", "error", "reason", "cause", "exception", "detail", "desc"})
_LIST: Final = frozenset(" ,:.-/@|;")
_OPENS: Final = {"(": ")", "[": "]", '"': '"', "'": "'"}
_ENDS_VALUE: Final = frozenset(",;)]")
_MOST: Final = 400
"""A line of more tokens has a variable behind them."""
_LONGEST_PERIOD: Final = 12
_UNIT: Final = "\6"
_CACHED: Final = 1 << 16


def cut(message: str) -> tuple[Tokens, Tokens]:
    """Return the tokens of a folded message, and its words: see `Template`."""
    masked = mask(message)
    is_quoted = '="' in masked or "='" in masked
    found = _split(masked) if is_quoted else _TOKEN.findall(masked)
    tokens: list[str] = []
    words: list[str] = []
    for word, following in zip(found, [*found[1:], ""], strict=False):
        token = _token(word)
        if token == VARIABLE:
            if following == _EQUALS and NUMBER in word and VARIABLE not in word:
                token = word
        elif token == _UNIT:
            token = VARIABLE if tokens[-1:] == [" "] and tokens[-2:-1] == [VARIABLE] else word
        elif token == _ROOT and tokens[-1:] == [" "] and (not following or following.isspace()):
            token = VARIABLE
        tokens.append(token)
        words.append(word)
        if token == VARIABLE:
            _join_list(tokens, words)
        elif (token == _EQUALS or token in _OPENS) and _is_empty(token, following, tokens):
            tokens.append(VARIABLE)
            words.append("")
        if len(tokens) >= _MOST:
            tokens.append(VARIABLE)
            words.append(MAYBE)
            break
    if _may_repeat(tokens):
        _join_repeated(tokens, words)
    return tuple(tokens), tuple(words)


@lru_cache(_CACHED)
def _token(word: str) -> str:
    """Return the token of a word as far as it does not depend on the words around it."""
    if word.isspace():
        return " "
    if NUMBER in word or VARIABLE in word:
        return VARIABLE
    if word[0] in "\"'" and len(word) > 2:
        return VARIABLE if " " in word else word
    if is_unit(word):
        return _UNIT
    return VARIABLE if len(word) > 1 and SERVER_ERROR not in word and is_value(word) else word


def _split(message: str) -> list[str]:
    """Cut a text. What is quoted behind ``=`` stays one word, unless it is what somebody has to say."""
    words: list[str] = []
    for word in _TOKEN.findall(message):
        if len(word) > 1 and word[0] in "\"'" and len(words) > 1 and words[-2] in _TOLD:
            inner = _TOKEN.findall(word[1:-1])
            words += [word[0], *inner, word[0]]
        else:
            words.append(word)
    return words


def _is_empty(token: str, following: str, before: list[str]) -> bool:
    """Say whether a value is missing behind a token: ``user= tty=``, `` ()``, ``""``."""
    if token == _EQUALS:
        missing = not following or following.isspace() or following in _ENDS_VALUE
        return missing and len(before) > 1 and before[-2][-1].isalnum()
    return following == _OPENS[token] and (len(before) < 2 or before[-2] in {" ", "=", ":"})


def _join_list(tokens: list[str], words: list[str]) -> None:
    """Make one variable of two at the end with nothing but a separator between them."""
    before = len(tokens) - 2
    while before >= 0 and tokens[before] in _LIST and len(tokens) - 1 - before <= 2:
        before -= 1
    if 0 <= before < len(tokens) - 1 and tokens[before] == VARIABLE:
        words[before:] = ["".join(words[before:])]
        del tokens[before + 1 :]


def _may_repeat(tokens: list[str]) -> bool:
    """Say whether there are variables a short way apart with the same tokens around them."""
    places = [place for place, token in enumerate(tokens) if token == VARIABLE]
    return any(
        1 < later - place <= _LONGEST_PERIOD and _is_repeated(tokens, place, later - place)
        for index, place in enumerate(places)
        for later in places[index + 1 : index + 1 + _LONGEST_PERIOD // 2]
    )


def _is_repeated(tokens: list[str], place: int, period: int) -> bool:
    begin, end = place, place + 1
    while begin and tokens[begin - 1] == tokens[begin - 1 + period]:
        begin -= 1
    while end + period < len(tokens) and tokens[end] == tokens[end + period]:
        end += 1
    return end - begin >= period


def _join_repeated(tokens: list[str], words: list[str]) -> None:
    """Drop what repeats the tokens in front of it, if there is a variable in it."""
    end = 4
    while end <= len(tokens):
        period = _period(tokens, end)
        if not period:
            end += 1
            continue
        last = slice(end - period, end)
        kept = zip(tokens[last], words[last], strict=True)
        words[end - 2 * period : end] = [VARIABLE if token == VARIABLE else word for token, word in kept]
        del tokens[last]
        end -= period
        end = max(end, 4)


def _period(tokens: list[str], end: int) -> int:
    """Return of how many tokens those in front of a place are a repetition, 0 if they are none."""
    token = tokens[end - 1]
    for period in range(2, min(_LONGEST_PERIOD, end // 2) + 1):
        if tokens[end - 1 - period] == token:
            last = tokens[end - period : end]
            if last == tokens[end - 2 * period : end - period] and VARIABLE in last:
                return period
    return 0
