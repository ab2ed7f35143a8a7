"""What a template consists of, once it is read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Literal:
    """A text or a truth value in an action."""

    value: str | bool


@dataclass(frozen=True, slots=True)
class Number:
    """A number in an action: `whole` if it can be an int, `real` if it can be a float.

    Attributes:
        text: How it is written.
        whole: As an int, or None.
        real: As a float.
        is_float: Whether it is a float where both would do.
    """

    text: str
    whole: int | None
    real: float
    is_float: bool


@dataclass(frozen=True, slots=True)
class Nil:
    """``nil``."""


@dataclass(frozen=True, slots=True)
class Dot:
    """``.``, with the fields that are asked for: ``.a.b``."""

    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Variable:
    """``$x`` or ``$x.a``; `slot` is its number, 0 for ``$``, which are all labels."""

    slot: int
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """The name of a function; its arguments are beside it in the command."""

    name: str
    position: int


@dataclass(frozen=True, slots=True)
class Chain:
    """Fields of what stands before them: ``(fromJson .a).b``."""

    operand: Operand
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Command:
    """A value or a function, and its arguments."""

    operands: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Commands of which each gives its value to the next one as its last argument.

    Attributes:
        commands: From left to right.
        slots: The variables that the value goes to.
    """

    commands: tuple[Command, ...]
    slots: tuple[int, ...] = ()


Operand = Literal | Number | Nil | Dot | Variable | Call | Chain | Pipeline


@dataclass(frozen=True, slots=True)
class Text:
    """A text that is written as it is."""

    text: str


@dataclass(frozen=True, slots=True)
class Action:
    """``{{ pipeline }}``: writes a value, or sets a variable."""

    pipeline: Pipeline


@dataclass(frozen=True, slots=True)
class Branch:
    """``if`` and ``with``."""

    pipeline: Pipeline
    body: tuple[TemplateNode, ...]
    otherwise: tuple[TemplateNode, ...]
    sets_dot: bool


@dataclass(frozen=True, slots=True)
class Loop:
    """``range``."""

    pipeline: Pipeline
    body: tuple[TemplateNode, ...]
    otherwise: tuple[TemplateNode, ...]


@dataclass(frozen=True, slots=True)
class Jump:
    """``break`` and ``continue``."""

    ends_loop: bool


TemplateNode = Text | Action | Branch | Loop | Jump
