"""A selection as what a model gets: numbered, redacted, one physical line for each entry, within a budget of tokens.

If all lines fit, each is an entry of its own. If not, one line stands for all of its kind, and says for how many: what
is severe and what is rare comes with the most frequent, and what is left out is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.packed import Packing
from hallucino_tui.assistant.redact import PSEUDONYM
from hallucino_tui.assistant.tokens import most_tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from hallucino_tui.assistant.material import Material
    from hallucino_tui.assistant.packer import Arranged
    from hallucino_tui.assistant.redact import Redactor

_NEAR: Final = 0.95
"""A packing that fills so much of its budget is full."""
_TRIES: Final = 5
"""How often it is tried to come near: what counts may have to ask a server."""
_LEAST: Final = 24
"""Tokens with which nothing can be said."""


def pack(material: Material, redactor: Redactor, budget: int, count: Callable[[str], int] = most_tokens) -> Packing:
    """Choose what of some material is sent.

    Every kept line is redacted in the order of its stream, then made harmless, then cut. No step takes all lines one by
    one, so that a million lines are as good as some.

    Args:
        material: What there is.
        redactor: Replaces secrets.
        budget: Most tokens, as `count` counts them: it is never exceeded, by what is said of the whole neither.
        count: Returns how many tokens a text is, at most. It is called a few times with the whole text.
    """
    from hallucino_tui.assistant.packer import Packer  # noqa: PLC0415 - columns take long to import

    if not len(material) and not material.facts:
        return Packing("")
    hosts = redactor.hosts
    packer = Packer(material, redactor, budget)
    if redactor.hosts != hosts:
        # A name of a stream or a fact that was drafted before may hold a host that only a later line gave away.
        packer = Packer(material, redactor, budget)
    best, used = _fit(packer.arrange, budget, count)
    return packer.packing(best, used, _replaced(best.text, redactor) if best else 0)


def _replaced(text: str, redactor: Redactor) -> int:
    """Return how many different secrets were replaced in a text; what a log itself wrote like that is none."""
    return sum(redactor.restore(name) != name for name in set(PSEUDONYM.findall(text)))


def _fit(arrange: Callable[[int], Arranged], budget: int, count: Callable[[str], int]) -> tuple[Arranged | None, int]:
    """Return the fullest arrangement that a budget holds, and its tokens; None and 0 if it holds none."""
    best: Arranged | None = None
    most = 0
    goal = budget
    tries = 0
    while goal >= _LEAST and (tries < _TRIES or best is None):
        tries += 1
        arranged = arrange(goal)
        used = count(arranged.text) if arranged.text else 0
        if used <= budget:
            if best is None or used > most:
                best, most = arranged, used
            if arranged.is_all or used >= _NEAR * budget:
                break
            larger = int(goal * min(budget / max(used, 1), 2) * 0.98)
            if larger <= goal:
                break
            goal = larger
        else:
            smaller = int(goal * budget / used * 0.97)
            goal = min(smaller if tries < _TRIES else goal // 2, goal - 1)
    return (best, most) if best and best.text else (None, 0)
