"""Which ideas words and phrases stand for, and what follows from what."""

from __future__ import annotations

import functools
import re
from typing import Final

from hallucino_tui.assistant.grounding import lexicon
from hallucino_tui.assistant.grounding.words import stem, tokens


def _entries(text: str) -> list[str]:
    """Return the entries of a part of the lexicon; an indented line goes on with the one before it."""
    return text.replace("\n    ", " ").strip().splitlines()


def _concepts() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    words: dict[str, set[str]] = {}
    phrases: dict[str, set[str]] = {}
    for line in _entries(lexicon.CONCEPTS):
        name, *members = line.split()
        for member in members:
            if "_" in member:
                phrases.setdefault(member.replace("_", " "), set()).add(name)
            else:
                words.setdefault(stem(member), set()).add(name)
    return (
        {word: frozenset(names) for word, names in words.items()},
        {phrase: frozenset(names) for phrase, names in phrases.items()},
    )


def _implied() -> dict[str, frozenset[str]]:
    direct: dict[str, set[str]] = {}
    for line in lexicon.IMPLIES.strip().splitlines():
        name, *others = line.split()
        direct.setdefault(name, set()).update(others)
    # One further step: two are more than most claims can bear.
    return {
        name: frozenset(others.union(*(direct.get(other, set()) for other in others & {"OOM", "CRASH", "TIMEOUT"})))
        for name, others in direct.items()
    }


_WORDS, _PHRASES = _concepts()
_IMPLIED: Final = _implied()
_PHRASE: Final = re.compile(
    r"\b(?:" + "|".join(phrase.replace(" ", "[ _-]+") for phrase in sorted(_PHRASES, key=len, reverse=True)) + r")\b"
)
_SPACES: Final = re.compile(r"[ _-]+")
LIGHT: Final = frozenset(lexicon.LIGHT.split()) | frozenset(stem(word) for word in lexicon.LIGHT.split())
_STATUS: Final = re.compile(
    r"(?:HTTP/[\d.]+\\?\" |[sS]tatus(?:[cC]ode)?\W{1,4}|-> |load: |answered (?:with )?)(?P<status>[45]\d\d)\b"
)
_NO_ERRORS: Final = re.compile(
    r"(?<![\d.])(?:0|no) (?:\w+ )?(?:errors?|failures?|failed|warnings?|rejected)\b|\b(?:errors?|"
    r"failures?|failed|rejected)[=:] ?0\b"
)
_HTTP: Final = re.compile(r"\b(?:GET|POST|PUT|DELETE|HEAD|PATCH|HTTP)\b")
STRONG: Final = lexicon.STRONG
MEDIUM: Final = lexicon.MEDIUM
WEAK: Final = lexicon.WEAK
PRODUCTS: Final = {name: re.compile(pattern) for name, pattern in lexicon.PRODUCTS.items()}


def _opposites() -> dict[str, frozenset[str]]:
    against: dict[str, set[str]] = {}
    for line in _entries(lexicon.OPPOSITES):
        left, right = ({stem(word) if "_" not in word else word for word in side.split()} for side in line.split("|"))
        for one in left:
            against.setdefault(one, set()).update(right)
        for one in right:
            against.setdefault(one, set()).update(left)
    return {one: frozenset(others) for one, others in against.items()}


OPPOSITES: Final = _opposites()


def concepts_of(word_stem: str) -> frozenset[str]:
    """Return the ideas that a word may stand for; none for most words."""
    return _WORDS.get(word_stem, frozenset())


def phrases_in(low: str) -> list[tuple[int, int, frozenset[str]]]:
    """Return the known phrases of a text in lower case: start, end, ideas."""
    return [
        (match.start(), match.end(), _PHRASES[_SPACES.sub(" ", match[0])])
        for match in _PHRASE.finditer(low)
        if _SPACES.sub(" ", match[0]) in _PHRASES
    ]


def ideas_of_line(text: str, low: str, stems: frozenset[str]) -> frozenset[str]:
    """Return all ideas of a line, and what follows from them."""
    found: set[str] = set()
    if _NO_ERRORS.search(low):
        low = _NO_ERRORS.sub(" ", low)
        stems = frozenset(token.stem for token in tokens(low))
    for one in stems:
        if one in _WORDS:
            found |= _WORDS[one]
    for _, _, names in phrases_in(low):
        found |= names
    if _HTTP.search(text):
        found.add("HTTP")
    if status := _STATUS.search(text):
        found |= {"HTTP", "SERVERERROR" if status["status"][0] == "5" else "BADSTATUS"}
        found |= {"UNAVAILABLE"} if status["status"] in {"502", "503", "504"} else set()
        found |= {"TIMEOUT"} if status["status"] == "504" else set()
    return closed(frozenset(found))


@functools.lru_cache(maxsize=4096)
def closed(ideas: frozenset[str]) -> frozenset[str]:
    """Return ideas together with what follows from them."""
    return ideas.union(*(_IMPLIED.get(idea, frozenset()) for idea in ideas)) if ideas else ideas
