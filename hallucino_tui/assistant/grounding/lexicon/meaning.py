"""Which ideas words and phrases stand for, and what follows from what."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding.lexicon import concepts, products, synonyms, views
from hallucino_tui.assistant.grounding.lexicon import groups as lexicon
from hallucino_tui.assistant.grounding.lexicon.words import stem, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hallucino_tui.assistant.grounding.lexicon.words import Token


def _entries(text: str) -> list[str]:
    """Return the entries of a part of the lexicon; an indented line goes on with the one before it."""
    return text.replace("\n    ", " ").strip().splitlines()


def _concepts(text: str) -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    words: dict[str, set[str]] = {}
    phrases: dict[str, set[str]] = {}
    for line in _entries(text):
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
    for line in concepts.IMPLIES.strip().splitlines():
        name, *others = line.split()
        direct.setdefault(name, set()).update(others)
    # One further step: two are more than most claims can bear.
    return {
        name: frozenset(others.union(*(direct.get(other, set()) for other in others & {"OOM", "CRASH", "TIMEOUT"})))
        for name, others in direct.items()
    }


_WORDS, _PHRASES = _concepts(concepts.CONCEPTS)
_LOOSE_WORDS, _LOOSE_PHRASES = _concepts(synonyms.SYNONYMS)
_IMPLIED: Final = _implied()
_PHRASE: Final = re.compile(
    r"\b(?:" + "|".join(phrase.replace(" ", "[ _-]+") for phrase in sorted(_PHRASES, key=len, reverse=True)) + r")\b"
)
_SPACES: Final = re.compile(r"[ _-]+")
_LIGHT: Final = frozenset((*lexicon.LIGHT.split(), *views.PLAIN.split()))
LIGHT: Final = _LIGHT | frozenset(map(stem, _LIGHT))
_SILENT: Final = re.compile(views.SILENT, re.IGNORECASE)
_STATUS: Final = re.compile(
    r"(?:HTTP/[\d.]+\\?\" |[sS]tatus(?:[cC]ode)?\W{1,4}|-> |load: |answered (?:with )?|"
    r"(?<= )(?=[45]\d\d=[1-9]))(?P<status>[45]\d\d)\b"
)
_NO_ERRORS: Final = re.compile(
    r"(?<![\d.])(?:0|no) (?:\w+ )?(?:errors?|failures?|failed|warnings?|rejected)\b|\b(?:errors?|"
    r"failures?|failed|rejected)[=:] ?0\b"
)
_EXIT: Final = re.compile(
    r"exit(?:ed|s)?(?: with)?[ _]?(?:code|status)?\W{1,3}(?P<code>\d{1,3})\b|signal\W{1,3}(?P<signal>\d{1,2})\b"
)
_EXIT_IDEAS: Final = {
    127: ("UNKNOWN",), 126: ("PERMISSION",), 134: ("CRASH",), 137: ("KILL",), 139: ("CRASH",), 143: ("KILL",),
}  # fmt: skip
_HTTP: Final = re.compile(r"\b(?:GET|POST|PUT|DELETE|HEAD|PATCH|HTTP)\b")
STRONG: Final = lexicon.STRONG
MEDIUM: Final = lexicon.MEDIUM
WEAK: Final = lexicon.WEAK
PRODUCTS: Final = {name: re.compile(pattern) for name, pattern in products.PRODUCTS.items()}


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


def _by_first_word() -> dict[str, list[tuple[tuple[str, ...], frozenset[str]]]]:
    found: dict[str, list[tuple[tuple[str, ...], frozenset[str]]]] = {}
    for phrase, names in _LOOSE_PHRASES.items():
        first, *rest = phrase.split()
        found.setdefault(first, []).append((tuple(rest), names))
    return found


_ADDRESS: Final = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]*\w)")
_PID: Final = re.compile(r"\w\[\d+\]:")
# A place in a trace, which nobody writes but for an error.
_FRAME: Final = re.compile(r"(?:\S+ ){0,2} *(?:File \"[^\"]+\", line \d+|at [\w.$<>]+\(|Traceback )")
_POD: Final = re.compile(r"-[0-9a-f]{6,10}-[a-z0-9]{5}\b|\bPod/")
_CODE: Final = re.compile(r"(?:HTTP/[\d.]+\\?\" |[sS]tatus(?:[cC]ode)?\W{1,4}|-> |load: |\) )(?P<code>[2-5]\d\d)\b")
_CODES: Final = {
    code: frozenset(names.split())
    for code, names in {
        "200": "SUCCESS", "201": "SUCCESS CREATE", "204": "SUCCESS", "301": "MOVE", "302": "MOVE", "400": "WRONG PARSE",
        "401": "AUTH REFUSE CREDENTIAL", "403": "PERMISSION REFUSE", "404": "UNKNOWN MISS", "408": "TIMEOUT",
        "409": "CONFLICT", "413": "EXCEED", "422": "WRONG", "429": "LIMIT EXCEED", "499": "DISCONNECT CLIENT",
        "500": "FAIL", "502": "UNREACHABLE", "503": "UNAVAILABLE", "504": "TIMEOUT SLOW",
    }.items()
}  # fmt: skip
_LOOSE_BY_FIRST: Final = _by_first_word()


def groups_of(word_stem: str) -> frozenset[str]:
    """Return the groups of words that say the same to which a word belongs; rules do not speak of them."""
    return _LOOSE_WORDS.get(word_stem, frozenset())


def loose_phrases_in(words: Sequence[Token]) -> Iterator[tuple[int, int, frozenset[str]]]:
    """Give the phrases of such groups in a text: the places of their first and last word, and the groups."""
    for place, token in enumerate(words):
        for rest, names in _LOOSE_BY_FIRST.get(token.word, ()):
            end = place + len(rest)
            if end < len(words) and all(words[place + step].word == word for step, word in enumerate(rest, start=1)):
                yield place, end, names


def groups_of_line(text: str, words: Sequence[Token], ideas: frozenset[str]) -> frozenset[str]:
    """Return the groups of words that a line has a word of, its ideas among them."""
    found = set(ideas)
    if _ADDRESS.search(text):
        found |= {"NODE", "ADDRESS", "CLIENT", "PEER", "SERVER"}
    if _HTTP.search(text) or "status" in text or "load:" in text:
        for match in _CODE.finditer(text):
            # An answer with a code ends its request.
            found |= _CODES.get(match["code"], frozenset()) | {"COMPLETE", "CLOSE"}
    if _PID.search(text[:160]):
        found.add("PROCESS")
    if _FRAME.match(text):
        found.add("FAIL")
    if _POD.search(text):
        found |= {"CONTAINER", "REPLICA"}
    for token in words:
        if token.word not in LIGHT and token.stem in _LOOSE_WORDS:
            found |= _LOOSE_WORDS[token.stem]
    for _, _, names in loose_phrases_in(words):
        found |= names
    return frozenset(found)


def phrases_in(low: str) -> list[tuple[int, int, frozenset[str]]]:
    """Return the known phrases of a text in lower case: start, end, ideas."""
    return [
        (match.start(), match.end(), _PHRASES[_SPACES.sub(" ", match[0])])
        for match in _PHRASE.finditer(low)
        if _SPACES.sub(" ", match[0]) in _PHRASES
    ]


def silent_in(text: str) -> list[tuple[int, int]]:
    """Return where a text has turns that say nothing, though their words alone would."""
    return [match.span() for match in _SILENT.finditer(text)]


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
    for match in _EXIT.finditer(low):
        code = int(match["code"]) if match["code"] else 128 + int(match["signal"])
        found |= {"SUCCESS", "COMPLETE"} if code == 0 else {"FAIL", "STOP", *_EXIT_IDEAS.get(code, ())}
    return closed(frozenset(found))


@functools.lru_cache(maxsize=4096)
def closed(ideas: frozenset[str]) -> frozenset[str]:
    """Return ideas together with what follows from them."""
    return ideas.union(*(_IMPLIED.get(idea, frozenset()) for idea in ideas)) if ideas else ideas
