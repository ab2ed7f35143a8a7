"""The fields of one line that somebody looks at, and the queries that ask for their values.

Names and values are those that the query language gives them, so that what is shown can be filtered by.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from hallucino_tui.logs.json_text import MOST_TEXT, Branch, find_object, read_object, string_value
from hallucino_tui.logs.line_patterns import access_fields, klog_fields
from hallucino_tui.logs.logfmt_text import label_name, logfmt_pairs
from hallucino_tui.logs.query.go_strings import quote

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

Source = Literal["label", "json", "logfmt", "pattern", ""]
Kind = Literal["text", "number", "word", "array"]

LONGEST_VALUE: Final = 2000
"""Characters of a value that a query is made of; nobody wants to see a longer one in a line of filters."""

_FEWEST_PAIRS: Final = 2


@dataclass(frozen=True, slots=True)
class Field:
    """A name and a value.

    Attributes:
        name: The label that a query knows it by.
        value: What the label holds; "" for ``null``.
        kind: ``text``, ``number``, ``word`` (true, false, null) or ``array``.
        source: What gives it: a label of the stream, a stage of a query, or "" if no stage reads this line.
        stage: That stage as a query has it, without its bar.
        written: The value as it stands in the line, where it stands there in another way.
    """

    name: str
    value: str
    kind: Kind = "text"
    source: Source = ""
    stage: str = ""
    written: str = ""

    @property
    def filterable(self) -> bool:
        """Whether a query can ask for the value: it is no array, not too long, and there is something to look for."""
        sought = self.name if self.source else self.value
        return self.kind != "array" and len(self.value) <= LONGEST_VALUE and bool(sought)


def fields_of(line: str, most: int = 200, labels: Collection[str] = ()) -> tuple[Field, ...]:
    """Return the fields of a line, in its order.

    Args:
        line: The text; its first `MOST_TEXT` characters are looked at.
        most: How many fields are returned at most.
        labels: Names that the line's stream has; a field of such a name is called ``name_extracted``, as in a query.
    """
    found: dict[str, Field] = {}
    for field in _found(line, {*labels, "level"}, most):
        # The first of equal names holds, as in a query; an array and null give no label there.
        if field.name not in found or (_gives_none(found[field.name]) and not _gives_none(field)):
            found[field.name] = field
        if len(found) == most:
            break
    return tuple(found.values())


def label_fields(labels: Mapping[str, str]) -> tuple[Field, ...]:
    """Return the labels of a stream as fields; those that hold nothing are left out."""
    return tuple(Field(name, value, source="label") for name, value in labels.items() if value)


def stage_for(field: Field) -> str:
    """Return the stage of a query that gives a field, with its bar; "" if it needs none."""
    return f"| {field.stage}" if field.stage else ""


def filter_text(field: Field, *, exclude: bool = False) -> str:
    """Return the query for lines with a value, or for those without it.

    Raises:
        ValueError: No query can ask for it, see `Field.filterable`.
    """
    if not field.filterable:
        raise ValueError(f"Lines cannot be filtered by {field.name}.")
    operator = "!=" if exclude else "="
    if field.source == "label":
        return f"{{{field.name}{operator}{quote(field.value)}}}"
    if not field.stage:
        return f"{'!=' if exclude else '|='} {quote(field.written or field.value)}"
    return f"{stage_for(field)} | {field.name}{operator}{quote(field.value)}"


def values_of(names: Collection[str], line: str, labels: Mapping[str, str]) -> tuple[str, ...]:
    """Return what labels hold in one line, "" where there is no such label.

    Args:
        names: Labels of the stream, or fields of the line.
        line: The text.
        labels: Labels of the line's stream; they go before fields.
    """
    fields: dict[str, str] = {}
    if any(name not in labels for name in names):
        fields = {field.name: field.value for field in fields_of(line, labels=labels)}
    return tuple(labels.get(name) or fields.get(name, "") for name in names)


def _found(line: str, own: Collection[str], most: int) -> Iterator[Field]:
    root = read_object(line)
    if root is not None:
        yield from _flatten(root, line, Field("", "", source="json", stage="json"), own)
        return
    line = line[:MOST_TEXT]
    access = access_fields(line)
    if access is not None:
        yield from _named(access.values.items(), Field("", "", source="pattern", stage=access.stage), own)
        return
    embedded = find_object(line)
    if embedded is not None:
        yield from _flatten(embedded.root, line, Field("", ""), own)
        return
    klog = klog_fields(line)
    if klog is not None:
        yield from _named(klog.values.items(), Field("", "", source="pattern", stage=klog.stage), own)
    pairs = [(label_name(key), value) for key, value in logfmt_pairs(line, most) if value]
    if len(pairs) >= _FEWEST_PAIRS:
        yield from _named(pairs, Field("", "", source="logfmt", stage="logfmt"), own)


def _gives_none(field: Field) -> bool:
    return field.kind == "array" or (field.kind == "word" and not field.value)


def _named(values: Iterable[tuple[str, str]], like: Field, own: Collection[str]) -> Iterator[Field]:
    for name, value in values:
        kind: Kind = "number" if _is_number(value) else "text"
        yield replace(like, name=_extracted(name, own), value=value, kind=kind)


def _flatten(branch: Branch, text: str, like: Field, own: Collection[str], path: str = "") -> Iterator[Field]:
    """Return the fields of an object and of those inside of it, their names joined by ``_``."""
    for token, value in branch.items:
        key = string_value(token).strip()
        joined = f"{path}_{key}" if path and key else path or key
        if isinstance(value, Branch) and value.is_object:
            yield from _flatten(value, text, like, own, joined)
            continue
        name = _extracted(label_name(joined), own)
        if isinstance(value, Branch):
            yield replace(like, name=name, value=text[value.start : value.end], kind="array")
        elif value[0] == '"':
            yield replace(like, name=name, value=string_value(value), written=value[1:-1] if not like.stage else "")
        else:
            kind: Kind = "word" if value in {"true", "false", "null"} else "number"
            yield replace(like, name=name, value="" if value == "null" else value, kind=kind)


def _extracted(name: str, own: Collection[str]) -> str:
    return f"{name}_extracted" if name in own else name


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return value[-1:].isdigit()
