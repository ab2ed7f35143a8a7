"""What the model can be asked for."""

from __future__ import annotations

import enum


class Task(enum.StrEnum):
    """What is wanted of lines. The value is the name of its prompt's file."""

    SUMMARISE = "summarise"
    EXPLAIN = "explain"
    CAUSE = "cause"
    ASK = "ask"
    COMPARE = "compare"
    UPDATE = "update"
