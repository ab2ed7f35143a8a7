"""Statements that something is not in the lines: `the log does not say why`, `no login succeeded`.

No single line bears them, so they need no citation: all lines are searched for what is said to be absent.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from hallucino_tui.assistant.grounding.lexicon import meaning
from hallucino_tui.assistant.grounding.lexicon.words import stem, tokens
from hallucino_tui.assistant.grounding.reading import times

if TYPE_CHECKING:
    from collections.abc import Iterable

_LOG: Final = (
    r"(?:(?:the|these|those|this|all|any|given|cited|available|provided|supplied|shown|above|remaining|other|few|"
    r"\d+|log|of) ){0,6}(?:logs?|log[- ]?(?:lines?|entries|messages?|files?|data)|lines?|entries|entry|excerpts?|"
    r"records?|messages?|outputs?|snippets?|samples?|evidence|data|timeline|extract)\b"
)
_SAYS: Final = (
    r"(?:shows?|says?|tells?|explains?|reveals?|indicates?|states?|gives?|provides?|identif(?:y|ies)|names?|mentions?|"
    r"contains?|includes?|records?|lists?|reports?|specif(?:y|ies)|discloses?|covers?|suggests?|points? to|documents?|"
    r"describes?|clarif(?:y|ies)|captures?|refers? to|references?|hints? at|have|has|offers?|support|log|hold|mark|"
    r"prove|confirm|establish|mean|imply|make (?:it )?clear|let (?:us|one) (?:see|say|tell)|allow|settle|tie|connect)"
)
_ADVERB: Final = r"(?:(?:by (?:itself|themselves)|on (?:its|their) own|actually|directly|explicitly|really|even|itself|"
_ADVERB_REST: Final = r"themselves|alone|clearly|anywhere|necessarily|yet|further|also|otherwise) )*"
_NOT: Final = r"(?:(?:do|does|did|can|could|would) ?not|cannot|never|no longer|nowhere)"
_OF_LOG: Final = re.compile(
    rf"(?:\b{_LOG}(?: (?:shown|given|cited|available|here|provided|itself|themselves|alone|above|also|only|we have|"
    rf"in question)){{0,2}}|^\W*|\b(?:it|they|that|this|which)) {_NOT} {_ADVERB}{_ADVERB_REST}{_SAYS}\b"
    rf"|\b{_LOG} (?:\w+ly )?(?:{_SAYS}) (?=(?:no|nothing|neither|nobody|no one|not a single)\b)"
    rf"|\b(?:nothing|none|no (?:single )?(?:line|entry|record|message|log)s?|neither)(?: in| of)?(?: {_LOG})? "
    rf"(?:(?:ever|here|directly|explicitly|that) )*{_SAYS}\b"
    rf"|\b{_LOG} (?:is|are|stays?|remains?) silent (?:on|about|as to)\b"
    r"|\b(?:no|without(?: any)?|not any|never any) (?:\w+ )?(?:evidence|signs?|traces?|indications?|hints?|mention|"
    r"records?|proof) (?:of|that|for|why|who|how|whether|about|in|here)\b"
    rf"|\bI (?:(?:also|still|just|really|even) )?(?:{_NOT}(?: (?:also|yet|really|even))?|see|find|found|saw) "
    r"(?:(?:see|find|saw|found) )?(?=(?:any|an?|no|nothing|evidence|signs?)\b)",
    re.IGNORECASE,
)
# With these verbs a line may well mention the thing and still not settle it.
_PROVING: Final = re.compile(
    r"(?:prove|confirm|establish|explain\w*|clarif\w+|mean|imply|clear|allow|settle|support|suggests?|tie|connect|"
    r"evidence (?:of|that|for)|proof (?:of|that|for)|hints? at|indicates?|points? to)$",
    re.IGNORECASE,
)
_UNKNOWN: Final = re.compile(
    r"\b(?:is|are|was|were|remains?|stays?|left) (?:therefore |thus |still |also |otherwise )?(?:un(?:clear|known|"
    r"certain|explained|determined|resolved)|an open question|open to question|not (?:clear|known|certain|evident|"
    r"explained|established)|anyone's guess)\b"
    r"|\b(?:can ?not|could not|can not) (?:therefore |thus |yet |reliably )?be (?:determined|told|said|known|concluded|"
    r"inferred|derived|established|judged|assessed|estimated|seen from|answered|identified|verified|ruled out|settled|"
    r"read from|excluded|confirmed|proven|deduced|decided)\b"
    r"|\b(?:impossible|not possible|hard|difficult) to (?:say|tell|know|determine|conclude|judge)\b"
    r"|\b(?:not enough|too little|insufficient) (?:information|evidence|lines|data|context)\b"
    r"|\bwhether [^.;,]{3,80} (?:is|remains|stays) (?:still |left )?open\b"
    r"|\b(?:we|I|one) (?:do|can|could|does) ?not (?:know|tell|say|determine|conclude|see) (?=why|who|how|what|wh)",
    re.IGNORECASE,
)
# Of what is said of the thing itself, and not of the log, a cited line tells: `the key is not known [L3]`.
_OF_CAUSE: Final = re.compile(
    r"\b(?:why|whether|what|who|how|where|which|when|cause|reason|trigger|culprit|extent|origin|impact|effect|outcome|"
    r"unclear|open question|determined|concluded|inferred|assessed|judged|say|tell|enough|little)\b",
    re.IGNORECASE,
)
_NOT_SHOWN: Final = re.compile(
    r"(?P<thing>(?:[^\s,;:.]+ ){1,9}?)(?:(?:is|are|was|were|has been|have been) (?:not|never|nowhere) (?:\w+ly )?"
    r"(?:mentioned|shown|recorded|logged|visible|stated|documented|named|listed|captured|reported|seen|given|found|"
    rf"present|included|covered|contained|described)(?P<place> (?:\w+ )?(?:in|by|from|among|anywhere in) {_LOG})?"
    rf"|(?:does|do|did) not (?:appear|occur|show up|turn up|feature) (?P<there>(?:anywhere )?(?:in|among) {_LOG})"
    rf"|(?:is|are|was|were) (?:missing|absent) from (?P<gone>{_LOG}))",
    re.IGNORECASE,
)
_SURELY_LOGGED: Final = re.compile(
    r"\b(?:mentioned|shown|recorded|logged|visible|stated|documented|named|captured|reported)\b"
)
# `no other service is mentioned` is said of the log, whatever is cited; `no service was stopped` is not.
_NO_SHOWN: Final = re.compile(
    rf"\bno (?P<thing>(?:[^\s,;:.]+ ){{1,8}}?)(?:is|are|was|were|can be|could be) (?:\w+ly )?"
    rf"(?:(?:part of|among) {_LOG}|mentioned|shown|recorded|"
    r"logged|visible|stated|documented|named|listed|captured|reported|seen)\b(?! (?:as|to (?:be|have))\b)",
    re.IGNORECASE,
)
# `there is not a single refusal in the 32 lines`
_NONE_THERE: Final = re.compile(
    r"\b(?:there (?:(?:is|are|was|were) )?|there['\u2019]s )(?:no|not (?:an?|any|a single|one))(?: single)? "
    rf"(?P<thing>(?:[^\s,;:.]+ ){{1,6}}?)(?:(?:anywhere|at all) )?(?:in|among|within) {_LOG}",
    re.IGNORECASE,
)
_OTHER: Final = re.compile(r"\b(?:other|further|more|additional|else|another|new|similar|such)\b", re.IGNORECASE)
# `nothing was logged between 10:00 and 10:20`: the times of all lines show it.
_SILENCE: Final = re.compile(
    r"(?:,? ?(?:in|during|over|for) which (?:time )?)?\b(?:nothing(?: (?:else|at all))? (?:(?:is|was|were|gets|got) "
    r"(?:logged|recorded|written|reported)|happens|happened)|(?:there (?:is|are|was|were) )?no (?:log )?(?:lines?|"
    r"entries|entry|messages?|records?|events?|logs|activity)(?: at all)?(?: (?:is|are|was|were) (?:logged|recorded|"
    r"written|shown|seen))?|the log (?:is|was|stays|goes) silent)\b",
    re.IGNORECASE,
)
_NONE: Final = re.compile(
    r"(?:^\W*|[,;:] (?:and |but |so |yet |although |though )?|\b(?:and|but|although) )(?:(?:overall|however|so far|"
    r"still|also|importantly|notably|in (?:these|the) \w+|after that|afterwards),? )?"
    r"(?:there (?:is|are|was|were|have been|has been) (?:also |still )?(?:no|not any|nothing|nobody|not a single)"
    r"|(?:none of|not a single|not one)|nobody|no one|nothing|no(?! (?:longer|doubt|matter|wonder|sooner|later|more|"
    r"fewer|less|need|idea|way|surprise)\b))\b(?!,)",
    re.IGNORECASE,
)
_END: Final = re.compile(
    r"[;!?]|[.:](?=\s|$)|,(?! (?:[\w\-]+ ){0,3}[\w\-]+,? (?:or|nor) )|\s[\u2013\u2014-]\s|\b(?:hence|thus|therefore|"
    r"so(?! (?:much|many|few|little|far|long|often|late|early|quickly|soon|\w+ly)\b)|because|since (?:the|it|they)|"
    r"but|although|though|whereas|which|except|other than|besides|beyond|apart from|"
    r"(?<=\w )and (?:so|thus|therefore|hence|it|they|the|there|no|nothing|this|that))\b",
    re.IGNORECASE,
)
_JOINED: Final = re.compile(
    r"(?:,? \b(?:and|so|but|hence|thus|therefore|because|since|although|though|while|whereas|which|as|however|yet|"
    r"also|that is why|which is why)\b,?|[,;:])\s*$",
    re.IGNORECASE,
)
_WH: Final = re.compile(
    r"^\W*(?:(?:anything|nothing|something|more|much|information) )?(?:(?:about|on|as to|of) )?"
    r"(?:why|who|whom|whose|what|which|when|where|how|whether|if|by whom|from where|to whom)\b",
    re.IGNORECASE,
)
_SCOPE: Final = re.compile(
    r"\b(?:before|after|since|until|till|during|while|when|once|between|within|afterwards|later|any ?more|again|then|"
    r"following|prior to|at (?:that|the) time|from .{1,20} on|ever since|in the meantime|beforehand)\b",
    re.IGNORECASE,
)
_OR: Final = re.compile(r",? (?:or|nor|and) |, ", re.IGNORECASE)
_DESCRIBING: Final = re.compile(r"(?:ed|ing|ful|al|ous|ive|ic|able|ible|ent|ant)$")
_ANY: Final = re.compile(
    r"\b(?:no|not|none|nothing|nobody|never|cannot|neither|nowhere|silent|missing|absent|un\w+|impossible|hard|difficult|"
    r"little|insufficient|without|open|guess)\b",
    re.IGNORECASE,
)
# How logs are looked at, and no part of what is looked for.
_WORDS = """
visible seen see recorded logged mentioned shown found present appears occurred listed reported documented captured
apparent evident included named stated given excerpt snippet log line sign trace evidence further additional explicit
direct reference window sample whatsoever existence mention output extract
"""
SEEING: Final = frozenset(map(stem, _WORDS.split()))


class Absent(NamedTuple):
    """What a claim says not to be there.

    Attributes:
        things: What it is, each in the words of the claim.
        scope: In which time, in the words of the claim; "" if at any.
        silence: Between which times of day it has nothing logged at all; None if it does not say so.
        rest: The claim with blanks in place of all this.
        deeds: Those of the things that are said not to have happened at all, and not only not to be in the lines.
    """

    things: tuple[str, ...]
    scope: str
    silence: tuple[float, float] | None
    rest: str
    deeds: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether it can be looked for: a claim whose words for it say nothing is better weighed as a whole."""
        return bool(self.things or self.deeds or self.silence)

    @property
    def has_rest(self) -> bool:
        """Whether the claim says anything else."""
        return any(token.word not in meaning.LIGHT for token in tokens(self.rest))


def absent_in(text: str, *, is_cited: bool) -> Absent | None:
    """Return what a claim says not to be in the lines; None if it says nothing of the kind.

    Args:
        text: The claim, with blanks in place of citations and signs of Markdown, ``n't`` spelled out.
        is_cited: It has citations: then only words about the log count, a deed that was not done its lines must bear.
    """
    if not _ANY.search(text):
        return None
    things: list[str] = []
    deeds: list[str] = []
    scopes: list[str] = []
    rest = text
    silence = _times_of_silence(text)
    if silence is not None:
        rest = _blanked(rest, *silence[0].span())
    for start, end, thing, is_deed in _clauses(text, is_cited=is_cited):
        if rest[start:end] != text[start:end]:
            continue
        joined = _JOINED.search(rest, 0, start)
        rest = _blanked(rest, joined.start() if joined else start, end)
        scope = _SCOPE.search(thing)
        named = _alternatives(thing[: scope.start()] if scope and scope.start() else thing)
        things += named
        deeds += named if is_deed else []
        scopes += [thing[scope.start() :]] if scope else []
    if rest == text:
        return None
    return Absent(tuple(things), " ".join(scopes), silence[1:] if silence else None, rest, tuple(deeds))


def _blanked(text: str, start: int, end: int) -> str:
    return text[:start] + " " * (end - start) + text[end:]


def _times_of_silence(text: str) -> tuple[re.Match[str], float, float] | None:
    """Return where a claim says that nothing was logged, and between which times of day."""
    match = _SILENCE.search(text)
    clocks = times.clocks_of_claim(text) if match else []
    if match is None or len(clocks) != 2 or clocks[0].seconds >= clocks[1].seconds:
        return None
    return match, clocks[0].seconds + clocks[0].unit, clocks[1].seconds


def _clauses(text: str, *, is_cited: bool) -> Iterable[tuple[int, int, str, bool]]:
    """Give the clauses that deny something: where each begins and ends, what, and whether it is said not to have been.

    What cannot be looked for is "".
    """
    for match in _OF_LOG.finditer(text):
        end = _end_of(text, match.end())
        thing = text[match.end() : end]
        cannot = _PROVING.search(match[0].rstrip()) or _WH.match(thing) or _WH.search(match[0][-8:])
        yield match.start(), end, "" if cannot else thing, False
    for match in _UNKNOWN.finditer(text):
        start, end = _start_of(text, match.start()), _end_of(text, match.end())
        if not is_cited or _OF_CAUSE.search(text[start:end]):
            yield start, end, "", False
    for match in _NOT_SHOWN.finditer(text):
        is_of_log = match["place"] or match["there"] or match["gone"]
        if is_of_log or (not is_cited and _SURELY_LOGGED.search(match[0])):
            start = max(match.start("thing"), _start_of(text, match.end("thing")))
            thing = text[start : match.end("thing")]
            yield start, _end_of(text, match.end()), "" if _WH.match(thing) else thing, False
    for match in (*_NO_SHOWN.finditer(text), *_NONE_THERE.finditer(text)):
        thing = "" if match.re is _NO_SHOWN and _OTHER.search(match["thing"]) else match["thing"]
        yield match.start(), _end_of(text, match.end()), thing, False
    if not is_cited:
        for match in _NONE.finditer(text):
            end = _end_of(text, match.end())
            if _names_anything(text[match.end() : end]):
                yield match.start(), end, text[match.end() : end], True


def _end_of(text: str, start: int) -> int:
    # `which` ends a clause, but not as the first word of `does not say which user`.
    asked = _WH.match(text[start:])
    found = _END.search(text, start + asked.end() if asked else start)
    return found.start() if found else len(text)


def _start_of(text: str, end: int) -> int:
    ends = [match.end() for match in _END.finditer(text, 0, end)]
    return ends[-1] if ends else 0


def _alternatives(thing: str) -> list[str]:
    """Return `jobs` and `users` of `any jobs or users`; what cannot be told apart stays together."""
    if not thing.strip():
        return []
    parts = [part for part in _OR.split(thing) if part.strip()]
    if any(_DESCRIBING.search(part.strip()) or len(tokens(part)) > 3 for part in parts[:-1]):
        return [thing]
    return parts


def _names_anything(text: str) -> bool:
    return any(token.word not in meaning.LIGHT and token.stem not in SEEING for token in tokens(text)) or any(
        char.isdigit() for char in text
    )
