"""A model that fails as often as a test wants, and a clock that only moves when somebody waits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from hallucino_tui.assistant.prompts import Message
from hallucino_tui.session.chat import Capabilities, Delta, Done, Event, Request, Started, Usage

NOON = 1_795_435_200 * 10**9  # 2026-11-23T12:00:00Z
ASKED = Request((Message("user", "what?"),))
WHOLE = (Started(), Delta("It "), Delta("broke."), Usage(12, 3), Done())


@dataclass
class MovingClock:
    """Moves on when somebody waits."""

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    waiting: asyncio.Event = field(default_factory=asyncio.Event)
    stands: bool = False

    def now(self) -> int:
        return NOON + round(self.seconds * 1e9)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.waiting.set()
        if self.stands:
            await asyncio.Event().wait()
        self.seconds += seconds
        await asyncio.sleep(0)


@dataclass
class MoodyModel:
    """Ends as it is told to, one time after the other, and then well."""

    ends: list[tuple[Event, ...]] = field(default_factory=list)
    name: str = "moody"
    host: str = "llm.example"
    answer_tokens: int = 100
    caveat: str = "it is moody"
    prompts: dict[str, str] = field(default_factory=dict)
    asked: int = 0
    closed: int = 0
    extra: dict[str, Any] = field(default_factory=dict)

    async def capabilities(self) -> Capabilities:
        return Capabilities(4096)

    async def count_tokens(self, text: str) -> int:
        return len(text)

    def body(self, request: Request) -> dict[str, Any]:
        return {"messages": [list(message) for message in request.messages], "answer": request.answer, **self.extra}

    def cost(self, usage: Usage) -> float | None:
        return usage.prompt_tokens * 2.0

    async def stream(self, request: Request) -> AsyncIterator[Event]:
        self.asked += 1
        for event in self.ends.pop(0) if self.ends else WHOLE:
            yield event

    async def close(self) -> None:
        self.closed += 1
