"""A model adapter against a server that a test makes."""

from __future__ import annotations

from typing import Any

from fake_server import FakeServer, Handler, serving

from hallucino_tui.assistant.prompts import Message
from hallucino_tui.models.endpoint import Endpoint
from hallucino_tui.models.openai_chat import OpenAIChat
from hallucino_tui.session.chat import Event, Failed, Request

MESSAGES = (Message("system", "be short"), Message("user", "what?"))
ASKED = Request(MESSAGES)
SCHEMA = {"type": "object", "properties": {"claims": {"type": "array"}}}
WITH_SCHEMA = Request(MESSAGES, SCHEMA)
KEY = "sk-" + "t" * 24


def chat(server: FakeServer, model: str = "m", patience: float = 5.0, **more: Any) -> OpenAIChat:
    agreed = more.pop("agreed", ())
    return OpenAIChat(Endpoint("openai", server.url, model, KEY, patience=patience, **more), agreed)


async def asked(model: OpenAIChat, request: Request = ASKED) -> list[Event]:
    return [event async for event in model.stream(request)]


async def events_of(handler: Handler, request: Request = ASKED, **more: Any) -> list[Event]:
    async with serving(handler) as server:
        model = chat(server, **more)
        found = await asked(model, request)
        await model.close()
    return found


async def failure_of(handler: Handler, **more: Any) -> Failed:
    """The failure at the end, which is one sentence without a key."""
    last = (await events_of(handler, **more))[-1]
    assert isinstance(last, Failed)
    assert KEY not in last.sentence
    assert "Traceback" not in last.sentence
    assert "\n" not in last.sentence
    assert last.sentence.endswith(".") or last.sentence.endswith(")")
    return last
