"""What a query consists of. ``str(query)`` is its canonical form, the same that Loki gives.

A query is a selector of streams and a pipeline of stages. A line runs through the stages from left to right; each may
let it through or not, give it more labels, or change what is shown of it.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hallucino_tui.logs.severity import Level


class MatchOp(enum.StrEnum):
    """How a label's text is compared. A label that is missing counts as "". Regular expressions are anchored."""

    EQUAL = "="
    NOT_EQUAL = "!="
    MATCHES = "=~"
    NOT_MATCHES = "!~"


class LineOp(enum.StrEnum):
    """How a line's text is tested. Regular expressions and patterns may match anywhere in the line."""

    CONTAINS = "|="
    NOT_CONTAINS = "!="
    MATCHES = "|~"
    NOT_MATCHES = "!~"
    LIKE = "|>"
    NOT_LIKE = "!>"


class CompareOp(enum.StrEnum):
    """How a label's value is compared with a number, a duration, a size or a level."""

    EQUAL = "="
    NOT_EQUAL = "!="
    LESS = "<"
    LESS_EQUAL = "<="
    GREATER = ">"
    GREATER_EQUAL = ">="


class Node:
    """A part of a query; ``str()`` writes it in its canonical form."""

    __slots__ = ()

    def __str__(self) -> str:
        from hallucino_tui.logs.query.canonical import write  # noqa: PLC0415 - it knows all the classes below

        return write(self)


@dataclass(frozen=True, slots=True)
class Matcher(Node):
    """A test of one label as text: in a selector, in a label filter, in ``drop`` and ``keep``."""

    name: str
    op: MatchOp
    value: str


@dataclass(frozen=True, slots=True)
class LineTerm(Node):
    """One text of a line filter; `ip` if it was written ``ip("...")``: an address, a range or a CIDR block."""

    text: str
    ip: bool = False


@dataclass(frozen=True, slots=True)
class LineFilter(Node):
    """Passes lines by their text. Several terms are joined by ``or``; a negative filter wants none of them."""

    op: LineOp
    terms: tuple[LineTerm, ...]


@dataclass(frozen=True, slots=True)
class Extraction(Node):
    """A label and where it comes from: a JSON expression such as ``a.b[0]``, or the name of a logfmt key."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Json(Node):
    """``json``: every property becomes a label (nested ones joined by ``_``, arrays left out), or only those named."""

    extractions: tuple[Extraction, ...] = ()


@dataclass(frozen=True, slots=True)
class Logfmt(Node):
    """``logfmt``: every ``key=value`` becomes a label, or only those named."""

    strict: bool = False
    keep_empty: bool = False
    extractions: tuple[Extraction, ...] = ()


@dataclass(frozen=True, slots=True)
class Regexp(Node):
    """``regexp``: every named group of a regular expression becomes a label."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Pattern(Node):
    """``pattern``: every ``<name>`` of a pattern becomes a label; ``<_>`` stands for anything."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Unpack(Node):
    """``unpack``: text properties of a JSON object become labels, its ``_entry`` becomes the line."""


@dataclass(frozen=True, slots=True)
class Decolorize(Node):
    """``decolorize``: colour sequences are taken out of the line."""


@dataclass(frozen=True, slots=True)
class NumberTest(Node):
    """Compares a label's value as a number."""

    name: str
    op: CompareOp
    value: float


@dataclass(frozen=True, slots=True)
class DurationTest(Node):
    """Compares a label's value as a duration (``1h30m``), in nanoseconds."""

    name: str
    op: CompareOp
    value: int


@dataclass(frozen=True, slots=True)
class BytesTest(Node):
    """Compares a label's value as a size (``20MB``), in bytes.

    `written` is how the user wrote it; it does not count when two are compared. The canonical form is rounded, as
    Loki's is: 1KiB becomes 1.0kB.
    """

    name: str
    op: CompareOp
    value: int
    written: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class IpTest(Node):
    """Tests whether a label's value is an address within a pattern: an address, a range or a CIDR block."""

    name: str
    negated: bool
    pattern: str


@dataclass(frozen=True, slots=True)
class LevelTest(Node):
    """Compares the severity of the line: ``level >= warn``. Our own extension of the language.

    Lines without a severity pass only ``level = unknown``, and ``!=`` of any other level.
    """

    op: CompareOp
    level: Level


@dataclass(frozen=True, slots=True)
class And(Node):
    """Both have to pass; written as ``and``, a comma, or just side by side."""

    left: Test
    right: Test


@dataclass(frozen=True, slots=True)
class Or(Node):
    """One of the two has to pass."""

    left: Test
    right: Test


Test = Matcher | NumberTest | DurationTest | BytesTest | IpTest | LevelTest | And | Or


@dataclass(frozen=True, slots=True)
class LabelFilter(Node):
    """Passes lines by their labels."""

    test: Test


@dataclass(frozen=True, slots=True)
class LineFormat(Node):
    """``line_format``: shows a text made from labels in the place of the line (Go's template notation)."""

    template: str


@dataclass(frozen=True, slots=True)
class Assignment(Node):
    """One part of ``label_format``: a template's text, or the name of the label that is renamed."""

    name: str
    value: str
    is_template: bool


@dataclass(frozen=True, slots=True)
class LabelFormat(Node):
    """``label_format``: renames labels and makes new ones."""

    assignments: tuple[Assignment, ...]


@dataclass(frozen=True, slots=True)
class Named(Node):
    """A label that ``drop`` or ``keep`` names, maybe only where it matches."""

    name: str
    matcher: Matcher | None = None


@dataclass(frozen=True, slots=True)
class Drop(Node):
    """``drop``: takes labels away."""

    labels: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Keep(Node):
    """``keep``: takes all other labels away."""

    labels: tuple[Named, ...]


Stage = (
    LineFilter
    | Json
    | Logfmt
    | Regexp
    | Pattern
    | Unpack
    | Decolorize
    | LabelFilter
    | LineFormat
    | LabelFormat
    | Drop
    | Keep
)


@dataclass(frozen=True, slots=True)
class Query(Node):
    """A whole query. Without matchers it is about all streams: the selector may be left out."""

    matchers: tuple[Matcher, ...] = ()
    stages: tuple[Stage, ...] = ()
