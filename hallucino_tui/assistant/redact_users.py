"""The user's own rules of redaction: in the engine's regular expressions, which always end in linear time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.redact_rules import PSEUDONYM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import polars as pl

    from hallucino_tui.config.settings import RedactionRule

# These stand around what was found. Unicode promises that no text holds them; a line that does loses them.
_BEGIN, _MIDDLE, _END = "\ufdd0", "\ufdd1", "\ufdd2"
_MARKED: Final = re.compile(f"{_BEGIN}([^{_MIDDLE}]*){_MIDDLE}([^{_END}]*){_END}")
_GROUP: Final = re.compile(r"\(\?P?<secret>")


class RedactionError(ValueError):
    """A rule of the user cannot be used; ``str(error)`` is the sentence that says why."""


class UserRules:
    """Finds what the user's rules say, over columns of lines.

    Args:
        rules: The rules.

    Raises:
        RedactionError: The pattern of one is no regular expression, or one that may take for ever.
    """

    def __init__(self, rules: Iterable[RedactionRule]) -> None:
        self._rules = [(_kind(rule.name), *_checked(rule)) for rule in rules]

    def __bool__(self) -> bool:
        return bool(self._rules)

    def replace(self, text: pl.Series, name: Callable[[str, str], str]) -> pl.Series:
        """Return n lines with what the rules find replaced, rule by rule.

        Args:
            text: n lines (String).
            name: Takes a kind and a secret, and returns its pseudonym.
        """
        import polars as pl  # noqa: PLC0415 - the program starts without it

        text = text.str.replace_all(f"[{_BEGIN}{_MIDDLE}{_END}]", "")
        for kind, pattern, group in self._rules:
            marked = text.str.replace_all(pattern, f"{_BEGIN}${{0}}{_MIDDLE}{group}{_END}")
            rows = marked.str.contains(_BEGIN, literal=True).fill_null(value=False).arg_true()
            if len(rows):
                lines = [
                    _MARKED.sub(lambda match, kind=kind: _replaced(match[1], match[2], kind, name), line)
                    for line in marked.gather(rows).to_list()
                ]
                text = text.clone().scatter(rows, pl.Series(lines, dtype=pl.String))
        return text


def _replaced(whole: str, secret: str, kind: str, name: Callable[[str, str], str]) -> str:
    if not whole.strip() or PSEUDONYM.fullmatch(whole):
        return whole
    if not secret.strip():
        return name(kind, whole)
    return name(kind, secret).join(whole.split(secret))


def _kind(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "rule"


def _checked(rule: RedactionRule) -> tuple[str, str]:
    """Return a rule's pattern for the engine, and what writes out its group."""
    import polars as pl  # noqa: PLC0415 - the program starts without it

    from hallucino_tui.logs.query.regex import for_engine  # noqa: PLC0415 - it needs the engine
    from hallucino_tui.logs.query.regex_tree import RegexSyntaxError  # noqa: PLC0415 - as above

    try:
        pattern = f"{PSEUDONYM.pattern}|(?:{for_engine(rule.pattern)})"
        pl.Series([""]).str.contains(pattern)
    except RegexSyntaxError as error:
        raise RedactionError(f"The redaction rule {rule.name!r} has a wrong pattern: {error}.") from error
    except pl.exceptions.ComputeError as error:
        raise RedactionError(
            f"The redaction rule {rule.name!r} has a pattern that is too large: write a shorter one."
        ) from error
    return pattern, "${secret}" if _GROUP.search(pattern) else ""
