"""Roles of numbers: whether a number of a line may be what a claim calls it."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding.lexicon import meaning
from hallucino_tui.assistant.grounding.lexicon.words import stem
from hallucino_tui.assistant.grounding.reading.numbers import roles_of
from hallucino_tui.assistant.grounding.reading.same import is_same
from hallucino_tui.assistant.grounding.rules import counting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.grounding.reading.line import Line
    from hallucino_tui.assistant.grounding.reading.numbers import Number
    from hallucino_tui.assistant.grounding.reading.statement import Statement

# Words in front of a number that do not name it.
NO_KEYS: Final = frozenset(
    map(
        stem,
        {
            *(
                "after",
                "than",
                "about",
                "over",
                "under",
                "took",
                "lasted",
                "with",
                "for",
                "and",
                "in",
                "a",
                "an",
                "the",
            ),
            *("least", "most", "only", "between", "every", "tried"),
        },
    )
)
_GRAMMAR: Final = frozenset(
    {"and", "or", "the", "a", "an", "of", "with", "than", "is", "was", "were", "are", "for", "by", "in", "at"}
)
CODE: Final = (stem("code"),)
_STATE: Final = re.compile(
    r" (?P<noun>[A-Za-z]+) (?:(?:was|were|are|is|got|(?:have|had|has) been) )?(?P<state>[a-z]+(?:ed|ing))\b"
)
_NEAR: Final = 30
_CLOSE: Final = 2


def fits(claimed: Number, there: Number, line: Line, statement: Statement) -> bool:
    """Say whether a number of a line may have the role that a claim gives it."""
    behind = {word for word in claimed.after if word not in _GRAMMAR}
    if _is_anothers(claimed, there, line, statement) or _is_of_other_state(claimed, there, line, statement):
        return False
    if claimed.before and (claimed.before == there.before or claimed.before in there.after[:2]):
        return True
    is_behind = there.before in behind or (there.before in claimed.ahead and there.before not in NO_KEYS)
    if there.before and is_behind:
        # `task 4` is not four tasks.
        return not (there.is_name and not claimed.kind and there.before == counting.noun_of(claimed, statement.text))
    if behind & set(there.after[:2]):
        return not (roles_of(claimed.before) - {"count"} and roles_of(there.before) - {"count"})
    if claimed.roles and there.roles and not claimed.roles & there.roles:
        return False
    # A name, as `CPU` is one, may say what is counted, too.
    named = {token.stem for token in statement.words if 0 <= token.start - claimed.end < _NEAR}
    # A number without a name of its own may be what the claim calls it, if the claim has the other one, too.
    own = () if there.before else tuple(other for other in statement.numbers if other is not claimed)
    near = {*claimed.following, *(named if claimed.is_word else ())}
    return bool((set(there.after[:2]) - _GRAMMAR) & near) or not _is_said_otherwise(claimed, line, own)


def _is_anothers(claimed: Number, there: Number, line: Line, statement: Statement) -> bool:
    """Say whether a claim gives a number the state of another one of its line, as of `82 sent, 11 waiting`."""
    own = {other.value for other in statement.numbers if other is not claimed}
    if claimed.before and claimed.before in there.after[:_CLOSE]:
        # `recycled 23 files` of `23 recycled`
        return False
    if not 0 < len(there.after) <= _CLOSE or there.after[-1] in claimed.after:
        return False
    return any(
        0 < len(other.after) <= _CLOSE and other.after[-1] in claimed.after and other.after[-1] not in there.after
        and other.value != there.value and other.value not in own
        for other in line.numbers
    )  # fmt: skip


def _is_of_other_state(claimed: Number, there: Number, line: Line, statement: Statement) -> bool:
    """Say whether a line counts things in one state, the claim in another that the line has of something else."""
    said = _STATE.match(statement.text, claimed.end)
    if said is None or len(there.after) < _CLOSE or there.after[0] != stem(said["noun"].lower()):
        return False
    state, own = stem(said["state"].lower()), there.after[1]
    alike = meaning.concepts_of(state) & meaning.concepts_of(own)
    is_state = any(token.stem == own and token.word.endswith(("ed", "ing")) for token in line.words)
    return is_state and state != own and not alike and state in line.stems and state not in there.after


def _is_said_otherwise(claimed: Number, line: Line, own: Sequence[Number]) -> bool:
    """Say whether a line gives another number, not of ``own``, for the very thing that a claim has a number for."""
    beside = list(itertools.takewhile(lambda word: word not in _GRAMMAR, claimed.after))
    first = claimed.after[0] if claimed.after and claimed.after[0] not in _GRAMMAR else ""
    key = claimed.before if claimed.before not in NO_KEYS else ""
    is_code = claimed.ahead[-1:] == CODE
    for other in line.numbers:
        said = other.before if other.before not in NO_KEYS else ""
        if (
            (is_code and other.ahead[-1:] == CODE)
            or (key and key == said)
            or (said and not claimed.kind and said in beside)
            or (first and other.after and first == other.after[0])
        ) and not any(is_same(one, other) for one in (claimed, *own)):
            return True
    return False
