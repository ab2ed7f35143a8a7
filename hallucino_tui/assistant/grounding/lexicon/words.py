"""Words of lines and claims, and their stems."""

from __future__ import annotations

import functools
import re
from typing import Final, NamedTuple

# CamelCase and snake_case come apart, so that `PacketResponder` is both of its words.
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_A-Za-z]+")
_NOT: Final = re.compile(r"n['\u2019]t\b")
_CANNOT: Final = re.compile(r"\bcan['\u2019]t\b", re.IGNORECASE)
_ENDLESS: Final = re.compile(r"[!-~]{401,}")
# `honour` is `honor`, but `hour` and `four` are as they are.
_BRITISH: Final = re.compile(r"(?<=\w{3})(?<!det)our(?=(?:s|ed|ing|able|ite|ites|less)?$)")
_IRREGULAR: Final = {
    form: root
    for root, forms in (
        ("send", "sent"),
        ("lose", "lost"),
        ("run", "ran"),
        ("break", "broke broken"),
        ("begin", "began"),
        ("write", "wrote written"),
        ("take", "took taken"),
        ("keep", "kept"),
        ("leave", "left left-open"),
        ("rise", "rose"),
        ("fall", "fell"),
        ("grow", "grew"),
        ("throw", "threw thrown"),
        ("hang", "hung"),
        ("bind", "bound"),
        ("die", "died dying"),
        ("shrink", "shrank"),
        ("data", "data"),
        ("choose", "chose"),
        ("child", "children"),
        ("give", "gave"),
        ("know", "knew known"),
        ("speak", "spoke"),
        ("sleep", "slept"),
        ("hold", "held"),
        ("read", "read"),
        ("shut", "shutting"),
        ("make", "made"),
        ("see", "saw"),
        ("lead", "led"),
        ("go", "went"),
        ("come", "came"),
        ("deny", "denied denial"),
        ("try", "tried tries"),
        ("retry", "retries retried"),
        ("speed", "speed"),
        ("need", "need"),
        ("feed", "feed"),
        ("this", "this"),
        ("status", "status"),
        ("process", "process"),
        ("redis", "redis"),
        ("dns", "dns"),
        ("tls", "tls"),
        ("access", "access"),
        ("address", "address"),
        ("bus", "bus"),
        ("string", "string"),
        ("king", "king"),
        ("thing", "thing"),
        ("ring", "ring"),
        ("ping", "ping"),
        ("user", "user users"),
        ("file", "file files"),
        ("during", "during"),
        ("number", "number"),
        ("server", "server servers"),
        ("node", "node nodes"),
        ("order", "order orders"),
        ("worker", "worker workers"),
        ("checkout", "checkout"),
        ("ready", "ready readiness"),
        ("already", "already"),
        ("news", "news"),
        ("leave", "leaves"),
        ("successor", "successor successors"),
    )
    for form in forms.split()
}
_ENDINGS: Final = (
    ("izations", 4), ("isations", 4), ("ization", 4), ("isation", 4),
    ("ations", 4), ("ation", 4), ("ating", 4), ("ated", 4), ("ates", 4), ("ate", 4), ("ization", 4), ("izing", 4),
    ("ized", 4), ("ised", 4), ("ising", 4), ("ize", 4), ("ise", 4), ("ments", 4), ("ment", 4), ("ions", 4), ("ion", 4),
    ("ings", 3), ("ing", 3), ("ures", 4), ("ure", 4), ("ies", 3), ("ied", 3), ("ers", 4), ("er", 4), ("ors", 5),
    ("or", 5), ("ed", 3), ("als", 4), ("al", 4), ("ables", 4), ("able", 4), ("ives", 4), ("ive", 4), ("ly", 3),
    ("ness", 4), ("es", 4), ("s", 3), ("e", 3), ("y", 3),
)  # fmt: skip


class Token(NamedTuple):
    """One word.

    Attributes:
        word: In lower case.
        stem: Its stem.
        start: Where it begins in the text that was cut.
        end: Where it ends.
    """

    word: str
    stem: str
    start: int
    end: int


@functools.lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return the stem of a word in lower case; words of one family mostly share it."""
    word = _BRITISH.sub("or", word) if "our" in word else word
    if regular := _IRREGULAR.get(word):
        return regular if regular in {word, *_IRREGULAR} else stem(regular)
    for ending, least in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= least and not (ending == "s" and word.endswith("ss")):
            rest = word[: -len(ending)]
            if ending in {"ing", "ed", "er", "ings", "ers"} and len(rest) > 3 and rest[-1] == rest[-2] != "s":
                rest = rest[:-1]
            rest = rest[:-1] if len(rest) > 3 and rest[-1] in "ey" else rest
            return rest[:-1] if rest.endswith("ll") else rest
    return word[:-1] if word.endswith("ll") else word


def tamed(text: str) -> str:
    """Return a text as long as before, with blanks in place of what no word has: all behind its first 400 characters.

    Patterns that look back and forth take the square of a word's length; nobody names anything that long.
    """
    return _ENDLESS.sub(lambda match: match[0][:400] + " " * (len(match[0]) - 400), text)


def spelled_out(text: str) -> str:
    """Return a text in which ``n't`` is ``not``."""
    return _NOT.sub(" not", _CANNOT.sub("cannot", text)) if "t" in text else text


def tokens(text: str) -> list[Token]:
    """Return the words of a text in order; numbers and signs are none."""
    found: list[Token] = []
    for match in _WORD.finditer(text):
        word = match[0].lower()
        if len(word) > 1 or word in {"i", "a"}:
            found.append(Token(word, stem(word), match.start(), match.end()))
    return found
