"""Label and field selectors of list and watch."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from hallucino_tui.demo.encoding import JsonObject, quote
from hallucino_tui.demo.status_errors import bad_request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_TOKEN = re.compile(r"\s*(==|=|!=|!|\(|\)|,|>|<|[^\s=!(),<>]+)")
_END = ""
_SYMBOLS = frozenset(("==", "=", "!=", "!", "(", ")", ",", ">", "<", _END))


@dataclass(frozen=True, slots=True)
class Requirement:
    """One condition on one label or field.

    Attributes:
        key: Name of the label or path of the field.
        operator: ``in``, ``notin``, ``exists``, ``missing``, ``>`` or ``<``.
        values: The values, sorted; empty for ``exists`` and ``missing``.
    """

    key: str
    operator: str
    values: tuple[str, ...] = ()

    def holds(self, value: str | None) -> bool:
        """Tell whether a label with `value` (None where there is none) meets this."""
        if self.operator == "in":
            return value is not None and value in self.values
        if self.operator == "notin":
            return value is None or value not in self.values
        if self.operator in {"exists", "missing"}:
            return (value is not None) == (self.operator == "exists")
        if value is None or not re.fullmatch(r"[+-]?\d+", value):
            return False
        bound = int(self.values[0])
        return int(value) > bound if self.operator == ">" else int(value) < bound


class _LabelParser:
    """A reader of the selector grammar, one token ahead."""

    def __init__(self, text: str) -> None:
        self._tokens = [match[1] for match in _TOKEN.finditer(text)]
        self._position = 0

    def parse(self) -> tuple[Requirement, ...]:
        requirements: list[Requirement] = []
        while self._peek() != _END:
            requirements.append(self._requirement())
            following = self._next()
            if following == _END:
                break
            if following != ",":
                raise ValueError(f"found '{following}', expected: ',' or 'end of string'")
            if self._peek() in _SYMBOLS - {"!"}:
                raise ValueError(f"found '{self._peek()}', expected: identifier after ','")
        return tuple(requirements)

    def _peek(self) -> str:
        return self._tokens[self._position] if self._position < len(self._tokens) else _END

    def _next(self) -> str:
        token = self._peek()
        self._position += 1
        return token

    def _requirement(self) -> Requirement:
        negated = self._peek() == "!"
        if negated:
            self._next()
        key = self._next()
        if key in _SYMBOLS:
            raise ValueError(f"unable to parse requirement: found '{key}', expected: identifier")
        if negated or self._peek() in {_END, ","}:
            return Requirement(key, "missing" if negated else "exists")
        operator = self._next()
        if operator in {"=", "==", "!="}:
            return Requirement(key, "notin" if operator == "!=" else "in", (self._exact_value(),))
        if operator in {"in", "notin"}:
            return Requirement(key, operator, self._values())
        if operator in {">", "<"}:
            return Requirement(key, operator, (self._number(operator),))
        raise ValueError(f"unable to parse requirement: found '{operator}', expected: in, notin, =, ==, !=, gt, lt")

    def _exact_value(self) -> str:
        if self._peek() in {_END, ","}:
            return ""
        value = self._next()
        if value in _SYMBOLS:
            raise ValueError(f"unable to parse requirement: found '{value}', expected: identifier")
        return value

    def _number(self, operator: str) -> str:
        value = self._exact_value()
        if not re.fullmatch(r"[+-]?\d+", value):
            raise ValueError(
                f"unable to parse requirement: values[0]: Invalid value: {quote(value)}: "
                f"for '{'Gt' if operator == '>' else 'Lt'}', the value must be an integer"
            )
        return value

    def _values(self) -> tuple[str, ...]:
        if (opening := self._next()) != "(":
            raise ValueError(f"unable to parse requirement: found '{opening}' expected: '('")
        values: set[str] = set()
        while True:
            values.add(self._next() if self._peek() not in _SYMBOLS else "")
            following = self._next()
            if following == ")":
                return tuple(sorted(values))
            if following != ",":
                raise ValueError(f"unable to parse requirement: found '{following}', expected: ',' or ')'")


def parse_labels(text: str) -> tuple[Requirement, ...]:
    """Return the conditions of a label selector, for example ``app=checkout,tier in (web,api),!canary``.

    Raises:
        ApiError: 400, the text is no selector.
    """
    try:
        return _LabelParser(text).parse()
    except ValueError as error:
        raise bad_request(str(error)) from None


def parse_fields(text: str, allowed: tuple[str, ...]) -> tuple[Requirement, ...]:
    r"""Return the conditions of a field selector, for example ``status.phase!=Running,spec.nodeName=worker-1``.

    Args:
        text: The selector; a backslash takes the meaning from ``\``, ``,`` and ``=``.
        allowed: What may be named beside the name and the namespace.

    Raises:
        ApiError: 400, the text is no selector or names a field that cannot be selected by.
    """
    requirements: list[Requirement] = []
    for term in re.findall(r"(?:\\.|[^,\\])+", text):
        match = re.fullmatch(r"((?:\\.|[^=!\\])+)(==|!=|=)((?:\\.|[^=\\])*)", cast("str", term))
        if match is None:
            raise bad_request(f"invalid selector: '{text}'; can't understand '{term}'")
        key, operator, value = match[1], match[2], re.sub(r"\\(.)", r"\1", match[3])
        if key not in {"metadata.name", "metadata.namespace", *allowed}:
            raise bad_request(f"field label not supported: {key}")
        requirements.append(Requirement(key, "notin" if operator == "!=" else "in", (value,)))
    return tuple(requirements)


def field_value(item: JsonObject, path: str) -> str:
    """Return the text of the field at `path` in an object, "" where it is not set."""
    if path == "source":
        return str(item.get("source", {}).get("component", "")) or str(item.get("reportingComponent", ""))
    value: Any = item
    for part in path.split("."):
        value = cast("JsonObject", value).get(part) if isinstance(value, dict) else None
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def build_filter(
    labels: tuple[Requirement, ...], fields: tuple[Requirement, ...]
) -> Callable[[JsonObject], bool] | None:
    """Return a test for objects, or None where every object passes."""
    if not labels and not fields:
        return None

    def passes(item: JsonObject) -> bool:
        own = cast("Mapping[str, str]", item["metadata"].get("labels") or {})
        return all(requirement.holds(own.get(requirement.key)) for requirement in labels) and all(
            requirement.holds(field_value(item, requirement.key)) for requirement in fields
        )

    return passes
