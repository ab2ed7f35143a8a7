"""Who and what a claim speaks of: pods and workloads, and the values that lines give to keys, as ``provider=x``."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding.lexicon import meaning
from hallucino_tui.assistant.grounding.lexicon.words import stem
from hallucino_tui.assistant.grounding.reading import anchors
from hallucino_tui.assistant.grounding.reading.statement import label
from hallucino_tui.assistant.grounding.rules.story import workloads_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.grounding.reading.line import Line
    from hallucino_tui.assistant.grounding.reading.statement import Statement

_WORKLOAD: Final = re.compile(
    r"\b(?i:an?|the|one|another|its?|this|that|which|each|by|from|in|"
    r"of) (?:\w+ )?(?P<name>[a-z][a-z0-9\-]{2,40}?)(?:'s)? "
    r"(?:pods?|containers?|deployments?|replica ?sets?|workloads?|replicas?)\b"
)
_SPEAKER: Final = re.compile(
    r"(?:^\W*|[;:,.] |\b(?:and|but|while|where) )(?:the )?(?P<name>[A-Za-z][a-z0-9\-]{2,40}) (?:itself )?"
    r"(?:logs|logged|logging|warns|warned|complains|complained|reports|reported|announces|announced|notes|noted)\b"
    r"|\b(?:logged|reported|warned of|announced|written|raised|thrown|said) (?:by|"
    r"in) (?:the )?(?P<by>[a-z][a-z0-9\-]{2,40})"
    r"(?= (?:at|on|in|and|while|when|pod|container)\b|\W*$|[,;.])",
    re.IGNORECASE,
)
_PAIR: Final = re.compile(
    r"(?<![\w\-.])\"?(?P<key>[A-Za-z][\w\-]{2,30})\"?(?:=|: ?(?=\"))(?P<value>\"[^\"\n]{1,60}\"|[^\s,;\"'()]{1,60})"
)
_NO_ADJECTIVE: Final = re.compile(r"(?:ed|ing|ly|est|ful|less|ous|ish|th|rd|nd|ive|able)$")
_NO_NAMES: Final = frozenset(
    {
        "new",
        "old",
        "same",
        "other",
        "own",
        "single",
        "second",
        "whole",
        "main",
        "init",
        "sidecar",
        "kubernetes",
        "affected",
    }
)
# Shorter names stand in longer ones by chance: `admin` in `pgadmin`.
_LONG: Final = 8
# Keys that a name may stand before.
_KEYS: Final = frozenset(
    {"queue", "topic", "namespace", "bucket", "table", "database", "provider", "tenant", "cluster", "stream", "channel"}
)
_GAP: Final = re.compile(r"[ :=`'\"]{1,3}(?:(?:is|was|named|called|of|name) )?[`'\"]?(?P<said>[A-Za-z][\w.\-]*\w)")


def wrong_workload(statement: Statement, lines: Sequence[Line], known: frozenset[str]) -> str:
    """Say which pod, container or workload a claim speaks of though its lines are of another; "" if none.

    Args:
        statement: The claim.
        lines: What it cites.
        known: The workloads of all lines that were sent.
    """
    there = [workloads_of(line.text) for line in lines]
    if not all(there):
        return ""
    for match in _WORKLOAD.finditer(statement.bare):
        name = match["name"]
        if _is_plain(name, known) or any(_has(name, line) for line in lines):
            continue
        return f"`{name}` does not occur in {label(lines)}"
    everything = frozenset[str]().union(*there)
    for match in _SPEAKER.finditer(statement.bare):
        name = (match["name"] or match["by"]).lower()
        if name in known and not any(name in one for one in everything):
            return f"{label(lines)} is not of `{name}`"
    return ""


def _is_plain(name: str, known: frozenset[str]) -> bool:
    """Say whether a word in front of `pod` tells what kind of pod it is, and not whose."""
    if name in known:
        return False
    return (
        name in _NO_NAMES
        or name in meaning.LIGHT
        or stem(name) in meaning.LIGHT
        or bool(meaning.concepts_of(stem(name)) or meaning.groups_of(stem(name)))
        or _NO_ADJECTIVE.search(name) is not None
    )


def _has(name: str, line: Line) -> bool:
    joined = name.replace("-", "")
    is_joined = ("-" in name or len(joined) >= _LONG) and joined in line.compact
    return anchors.has_text(name, line) or is_joined or stem(name) in line.stems


@functools.lru_cache(maxsize=4096)
def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Return the keys of a line with their values, in lower case."""
    return tuple((match["key"].lower(), match["value"].strip('"').lower()) for match in _PAIR.finditer(text))


def wrong_value(statement: Statement, lines: Sequence[Line]) -> str:
    """Say which value a claim has for a key to which its lines give another, as `provider stripe`; "" if none."""
    low = statement.text.lower()
    for line in lines:
        for key, value in _pairs(line.text):
            if name := _name_before(key, value, low, lines):
                return f"the {key} in {label([line])} is `{value}`, not `{name}`"
            at = low.find(key)
            if at < 0 or not value[:1].isalpha():
                continue
            said = _GAP.match(low, at + len(key))
            if said is None or (at and low[at - 1].isalnum()):
                continue
            name = said["said"]
            if _is_strange(name, lines):
                return f"the {key} in {label([line])} is `{value}`, not `{name}`"
    return ""


def _name_before(key: str, value: str, low: str, lines: Sequence[Line]) -> str:
    """Return what a claim puts before a key as its value, as `the invoices queue`, if no line has that; "" if none."""
    if key not in _KEYS or not value[:1].isalpha():
        return ""
    found = re.search(rf"\b(?:the|a|an|in|of|from|on|to) (?P<name>[a-z][\w\-]{{2,}}) {re.escape(key)}\b", low)
    if found is None or found["name"] in _NO_NAMES or not _is_strange(found["name"], lines):
        return ""
    # `the work queue` says what kind of queue it is; `the invoices queue` which one.
    is_kind = bool(meaning.groups_of(stem(found["name"]))) and not found["name"].endswith("s")
    return "" if is_kind else found["name"]


def _is_strange(name: str, lines: Sequence[Line]) -> bool:
    """Say whether a word can be a name, and no line has it."""
    return not (
        name in meaning.LIGHT
        or stem(name) in meaning.LIGHT
        or meaning.concepts_of(stem(name))
        or _NO_ADJECTIVE.search(name)
        or any(_has(name, line) for line in lines)
    )
