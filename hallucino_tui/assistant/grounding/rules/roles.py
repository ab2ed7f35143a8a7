"""Roles: who did it to whom, from where to where, and which of several is called what."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding.lexicon import meaning
from hallucino_tui.assistant.grounding.lexicon.words import stem
from hallucino_tui.assistant.grounding.reading.statement import label
from hallucino_tui.assistant.grounding.rules.mixed import VERB

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.grounding.reading.line import Line
    from hallucino_tui.assistant.grounding.reading.statement import Statement, Unit

_ROLE_WORDS: Final = {
    "from": "from", "src": "from", "source": "from", "rhost": "from", "client": "from", "sender": "from",
    "to": "to", "dest": "to", "destination": "to", "target": "to", "into": "to", "toward": "to", "towards": "to",
    "upstream": "to", "old": "old", "previous": "old", "former": "old", "new": "new",
}  # fmt: skip
_AGAINST: Final = {"from": "to", "to": "from", "old": "new", "new": "old"}
_ROLE_BEFORE: Final = re.compile(r"([A-Za-z]+)[\s:=\"/]*(?:the |address |node |host |server |port |of )*[\s\"/`(]*$")
# `denied to 10.0.0.1`: whom something is given or refused to is where the request came from.
_GIVEN: Final = re.compile(
    r"\b(?:denied|refused|forbidden|closed|granted|shown|served|barred|returned|given|available|allowed|open|replied|"
    r"answered|blocked|off limits|responded|gave \w+|send back|sent back)(?: (?:entry|access|a?n? ?\w+))?\s*$",
    re.IGNORECASE,
)
# `to` tells where something went only behind a word that moves it: not in `belonged to`, `up to`, `due to`.
_MOVES: Final = re.compile(
    r"(?:sen[dt]|serv|deliver|transfer|transmi|cop[yi]|connect|forward|replicat|writ|wrote|stream|ship|pass|mov|request|"
    r"dial|talk|upload|link|socket|rout|prox[iy]|relay|push|head|bound|chang|switch|redirect|migrat|"
    r"schedul|assign|bind|ping|packet|path|call|travel)\w*",
    re.IGNORECASE,
)
_TO: Final = re.compile(r"\bto\b[^\w]*(?:(?:the|address|node|host|server|port|of) )*[\s\"/`(]*$", re.IGNORECASE)
_WORDS: Final = re.compile(r"[A-Za-z][\w\-]*")
_REACH: Final = 9
# Two words in front of something with digits in it name it.
_LABELLED: Final = re.compile(r"(?<![\w.])(?P<title>[A-Za-z]{3,} [A-Za-z]{4,}) (?P<value>(?=[\w.:/\-]*\d)[\w.:/\-]*\w)")
_SAID_BY: Final = re.compile(r"\b(?:logged|raised|reported|issued|written|emitted|recorded) by (?:the )?`?")
# In `the connection from A was closed` it is not A that was closed.
_IS_SUBJECT: Final = re.compile(
    r"(?:^\W*|[,;:.] |\b(?:and|but|while|because|since|when|whereas) )(?:the |an? )?"
    r"(?:(?!(?:of|in|on|at|from|to|by|for|with|as)\b)[A-Za-z]+ )?`?$",
    re.IGNORECASE,
)
_DID: Final = re.compile(
    r" (?P<be>(?:was|were|is|are|got) )?(?P<verb>[a-z]{2,}(?:ed|nt|ld|ve))\b(?! (?:to|by|from)\b)", re.IGNORECASE
)
_PART_OF: Final = re.compile(
    r"\b(?P<noun>[A-Za-z]{3,}) (?P<part>\d+) (?:of|in|on) (?:the )?(?:(?!and\b)[a-z]+ )?"
    r"(?P<whole>`?[\w.\-]*[/_\d][\w./\-]*)"
)
_ACTS: Final = frozenset(
    {
        "KILL",
        "CONNECT",
        "REFUSE",
        "SEND",
        "CHANGE",
        "EVICT",
        "DELETE",
        "INTERRUPT",
        "REQUEST",
        "LOCK",
        "DISCONNECT",
        "WAIT",
        "STOP",
    }
)


def wrong_role(statement: Statement, lines: Sequence[Line]) -> str:
    """Say who or what a claim gives the part of another; "" if nobody."""
    for unit in statement.units:
        if not unit.is_name or not unit.borne:
            continue
        before = statement.text[: unit.start]
        role = _role_before(before)
        if role == "to" and _TO.search(before) and not _is_moved(before):
            continue
        against = _AGAINST.get(role or "")
        if not against:
            continue
        roles = set[str]().union(*(_roles_there(unit.text, lines[place]) for place in unit.borne))
        if against in roles and role not in roles:
            where = label([lines[place] for place in sorted(unit.borne)])
            return f"`{unit.text}` is not `{role}` but `{against}` in {where}"
    return (
        _swapped(statement, lines)
        or _received(statement, lines)
        or _other_end(statement, lines)
        or _other_labelled(statement, lines)
        or _of_another(statement, lines)
    )


def _received(statement: Statement, lines: Sequence[Line]) -> str:
    """Say who is told to have done what in the line was done to it: `c4 delivered it` over `delivered to c4`."""
    for name in statement.units:
        did = _DID.match(statement.text, name.end) if name.is_name and name.borne else None
        if did is None or not _IS_SUBJECT.search(statement.text[: name.start]):
            continue
        verb, own = stem(did["verb"].lower()), re.escape(name.text.lower())
        sign = "by" if did["be"] else "to"
        done = [
            (line, match)
            for line in (lines[place] for place in name.borne)
            for match in re.finditer(
                rf"\b(?P<verb>[a-z]+) {sign} (?:the |an? )?(?:[a-z]+ )?{own}(?!\w)", line.text.lower()
            )
            if stem(match["verb"]) == verb
        ]
        if done and all(len(_places_in(line.text.lower(), name.text.lower())) == 1 for line, _ in done):
            return f"{label([done[0][0]])} says `{done[0][1][0]}`"
    return ""


def _other_end(statement: Statement, lines: Sequence[Line]) -> str:
    """Say which of two names a claim puts behind a `to` or `from` that its line has before the other one."""
    names = [unit for unit in statement.units if unit.is_name and unit.borne and any(map(str.isdigit, unit.text))]
    low = statement.text.lower()
    for said in _SAID_BY.finditer(low):
        name = next((unit for unit in names if unit.start == said.end()), None)
        if name is not None and all(_preposition(lines[place].text, name.text) == {"to"} for place in name.borne):
            return f"{label([lines[min(name.borne)]])} is not by `{name.text}`, it only has it behind a `to`"
    for one in names:
        before = _ROLE_BEFORE.search(low[max(0, one.start - 40) : one.start])
        word = before[1] if before else ""
        if word not in {"to", "from"} or _GIVEN.search(statement.text[: one.start - len(before[0] if before else "")]):
            continue
        for other in names:
            if other.end > one.start or other.borne != one.borne:
                continue
            there = [
                (_preposition(lines[place].text, one.text), _preposition(lines[place].text, other.text))
                for place in one.borne
            ]
            if all(word not in own and theirs == {word} for own, theirs in there):
                return f"it is `{word} {other.text}` in {label([lines[min(one.borne)]])}, not `{word} {one.text}`"
    return ""


def _preposition(text: str, name: str) -> set[str]:
    """Return the prepositions that stand before a name in a line, "" for none."""
    return {
        (
            found[1].lower()
            if (found := _ROLE_BEFORE.search(text[max(0, at - 40) : at])) and found[1].lower() in {"to", "from"}
            else ""
        )
        for at in _places_in(text.lower(), name.lower())
    }


def _other_labelled(statement: Statement, lines: Sequence[Line]) -> str:
    """Say which name a claim gives a label that a line gives another one, as `bad datanode 10.0.0.2:50010`."""
    names = [unit for unit in statement.units if unit.is_name and any(map(str.isdigit, unit.text))]
    low = statement.text.lower()
    for line in lines if names else ():
        for match in _LABELLED.finditer(line.text):
            title, value = match["title"].lower(), match["value"].lower()
            if title not in low or value in low or _is_light(title):
                continue
            for name in names:
                own = re.escape(name.text.lower())
                is_here = re.search(rf"{title} (?:is |was |named |called )?`?{own}", low) or re.search(
                    rf"{own}`? (?:is |was |were |as |being |became |(?:turned|turns) out (?:to be )?|"
                    rf"proved (?:to be )?|to be |(?:named|marked|called|reported|flagged|declared) |"
                    rf"an? |the )+{title}\b",
                    low,
                )
                there = line.text.lower()
                is_titled = any(f"{title} {name.text.lower()}" in one.text.lower() for one in lines)
                if is_here and name.text.lower() in there.replace(value, "") and not is_titled:
                    return f"the {title} in L{line.number} is `{match['value']}`, not `{name.text}`"
    return ""


def _is_light(title: str) -> bool:
    """Say whether the words of a label tell nothing: `connection to`, `failed for`."""
    return any(word in meaning.LIGHT or VERB.fullmatch(word) for word in title.split())


def _of_another(statement: Statement, lines: Sequence[Line]) -> str:
    """Say what a line has a number of, or in, if a claim has it of another thing, as `block 984 of wal.50`."""
    for match in _PART_OF.finditer(statement.text):
        whole = match["whole"].strip("`'\".,;)").lower()
        having = [line for line in lines if re.search(rf"(?<![\w.]){match['part']}(?![\w.]*\d)", line.text)]
        for line in having:
            there = re.search(
                rf"\b{match['noun']} {match['part']} (?:of|in|on) (?:\w+ )?(?P<whole>\S*[\d/_]\S*)",
                line.text,
                re.IGNORECASE,
            )
            if there and not any(whole in one.text.lower() for one in having):
                return f"{match['noun']} {match['part']} in L{line.number} is that of `{there['whole']}`"
    return ""


def _is_moved(text: str) -> bool:
    """Say whether the verb before a `to` at the end of a text, or a noun without one, moves something."""
    for word in reversed(_WORDS.findall(re.split(r"[;:,](?=\s)", text)[-1])[:-1][-_REACH:]):
        if _MOVES.fullmatch(word):
            return True
        if VERB.fullmatch(word.lower()):
            return False
    return False


def _role_before(text: str) -> str | None:
    found = _ROLE_BEFORE.search(text[-40:])
    if found and found[1].lower() == "to" and _GIVEN.search(text[: len(text[:-40]) + found.start()]):
        return None
    return _ROLE_WORDS.get(found[1].lower()) if found else None


def _roles_there(name: str, line: Line) -> set[str]:
    return {
        role
        for match in re.finditer(rf"(?<![\w.]){re.escape(name)}(?![\w])", line.text, re.IGNORECASE)
        if (role := _role_before(line.text[: match.start()]))
    }


def _swapped(statement: Statement, lines: Sequence[Line]) -> str:
    """Say whether somebody did to another what in the line the other did to them."""
    for verb in statement.units:
        if not verb.stem or not verb.ideas & _ACTS:
            continue
        before = [unit for unit in statement.units if unit.end <= verb.start and unit.borne]
        after = [unit for unit in statement.units if unit.start >= verb.end and unit.borne]
        if not before or not after:
            continue
        actor, patient = before[-1], after[0]
        if actor.ideas or patient.ideas:
            continue
        if re.match(r"\s*by\b", statement.text[verb.end :]):
            actor, patient = patient, actor
        for line in lines:
            if _acts_reversed(actor, verb, patient, line):
                return f"in L{line.number} it is the other way round"
    return ""


def _acts_reversed(actor: Unit, verb: Unit, patient: Unit, line: Line) -> bool:
    verbs = [token for token in line.words if token.stem == verb.stem]
    if len(verbs) != 1:
        return False
    low, at = line.text.lower(), verbs[0].start
    ones, twos = _places_in(low, actor.text.lower()), _places_in(low, patient.text.lower())
    if not ones or not twos:
        return False
    if re.match(r"\s*by\b", line.text[verbs[0].end :]) is not None:
        ones, twos = twos, ones
    # A name may be there more than once, as in `[RecvWorker:7:Manager$RecvWorker@765] - Interrupting SendWorker`.
    return max(twos) < at < min(ones)


def _places_in(text: str, name: str) -> list[int]:
    return [match.start() for match in re.finditer(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", text)]
