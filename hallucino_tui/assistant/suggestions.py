"""What an answer suggests to do: queries to look at next, and commands, which are text to copy and never run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.citations import PATTERN
from hallucino_tui.assistant.structured import CATEGORIES
from hallucino_tui.logs.query.errors import QueryError
from hallucino_tui.logs.query.parser import parse
from hallucino_tui.logs.query.plain import is_query
from hallucino_tui.logs.text import copied

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_QUERIES: Final = 6
_MOST_COMMANDS: Final = 12
_LONGEST: Final = 2000
"""Characters of a line of an answer that are looked at."""

_SPAN: Final = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_FENCE: Final = re.compile(r"[ \t]*(`{3,8}|~{3,8})[ \t]*([\w+-]*)[ \t]*")
_ITEM: Final = re.compile(r"[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+")
_SHELLS: Final = frozenset({"", "sh", "shell", "bash", "zsh", "console", "text"})
_COMMAND: Final = re.compile(
    r"(?:\$ |# )?((?:sudo )?(?:kubectl|helm|curl|docker|crictl|journalctl|systemctl|psql|redis-cli|istioctl|argocd|"
    r"flux|aws|gcloud|az|dig|nslookup|openssl|oc|stern|k9s|logcli|promtool|nc|ping|ss|df|du|top|free|ps|grep|jq)"
    r"(?: .*)?)"
)
_CATEGORY: Final = re.compile(rf"(?im)^[\s>*_#-]*category[\s*_]*[:=][\s*_`]*({'|'.join(CATEGORIES)})\b")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A query that an answer suggests.

    Attributes:
        text: What one sees there.
        query: The query; pseudonyms may stand in it.
    """

    text: str
    query: str


def find_queries(answer: str) -> tuple[Suggestion, ...]:
    """Return the queries in code of an answer that this program can run, at most six of them."""
    found: dict[str, str] = {}
    for text, code, language in _codes(answer):
        query = code.strip()
        if language not in _SHELLS and language not in {"logql", "promql"}:
            continue
        if query and query not in found and _is_query(query):
            found[query] = text
    return tuple(Suggestion(text or query, query) for query, text in list(found.items())[:_MOST_QUERIES])


def find_commands(answer: str) -> tuple[str, ...]:
    """Return the shell commands in code of an answer, as text that is safe to paste."""
    found: dict[str, None] = {}
    for _, code, language in _codes(answer):
        match = _COMMAND.fullmatch(code.strip()) if language in _SHELLS else None
        if match:
            found[copied(match[1])] = None
    return tuple(found)[:_MOST_COMMANDS]


def find_category(answer: str) -> str:
    """Return the last category that an answer names: ``incident``, ``preventive_action`` or ``normal``; "" for none."""
    found: list[str] = _CATEGORY.findall(answer)
    return found[-1].lower() if found else ""


def _is_query(text: str) -> bool:
    if not is_query(text):
        return False
    try:
        query = parse(text)
    except QueryError:
        return False
    return bool(query.matchers or query.stages)


def _codes(answer: str) -> Iterator[tuple[str, str, str]]:
    """Yield all code of an answer: the words beside it, the code, one line of it each, and its language."""
    fence, language, words = "", "", ""
    for line in answer.splitlines():
        match = _FENCE.fullmatch(line[:_LONGEST])
        if fence:
            if match and match[1].startswith(fence) and not match[2]:
                fence = ""
            elif len(line) <= _LONGEST:
                yield words, line, language
        elif match:
            fence, language = match[1], match[2].lower()
        elif len(line) <= _LONGEST:
            words = _words(line)
            for span in _SPAN.finditer(line):
                yield words, span[2], ""


def _words(line: str) -> str:
    """Return what a line of an answer says besides code and citations."""
    text = _SPAN.sub("", _ITEM.sub("", line, count=1))
    return " ".join(PATTERN.sub("", text).split()).strip(" :–-,;()")
