"""A run that fails where nobody expected it still comes to an end on the screen."""

from __future__ import annotations

import asyncio
import queue
from typing import Any

import pytest

from hallucino_tui.logs.stream import StreamTable
from hallucino_tui.session.chat import Delta, Failed, Failure
from hallucino_tui.session.engine import Engine
from hallucino_tui.ui.bridge import Bridge, Parts
from hallucino_tui.ui.messages import AnswerEvent


class Listener:
    """Keeps what is posted to it."""

    def __init__(self) -> None:
        self.posted: queue.Queue[Any] = queue.Queue()

    def post_message(self, message: Any) -> None:
        self.posted.put(message)


class Failing:
    """Asks, and fails in the middle of the answer."""

    async def send(self, question: object, hear: Any) -> None:
        hear(Delta("half"))
        raise RuntimeError("password=" + "hunter2" * 3)


def no_parts(*arguments: Any) -> Any:
    raise AssertionError


def test_what_goes_wrong_in_a_run_is_heard_as_its_end_without_what_was_in_it() -> None:
    engine, listener = Engine(), Listener()
    engine.start()
    try:
        bridge = Bridge(Parts(engine, StreamTable(), no_parts, no_parts, no_parts), listener)  # type: ignore[arg-type]
        bridge._asking = Failing()  # type: ignore[assignment]
        run = bridge.send(None)  # type: ignore[arg-type]
        first, last = listener.posted.get(timeout=20), listener.posted.get(timeout=20)
    finally:
        engine.stop()
    assert isinstance(first, AnswerEvent)
    assert isinstance(last, AnswerEvent)
    assert (first.run, first.event) == (run, Delta("half"))
    assert last.run == run
    assert isinstance(last.event, Failed)
    assert last.event.failure is Failure.DEFECT
    assert "hunter2" not in last.event.sentence


@pytest.mark.parametrize("is_started", [True, False])
def test_a_run_that_ends_with_the_program_says_nothing(is_started: bool) -> None:
    class Waiting:
        async def send(self, question: object, hear: Any) -> None:
            hear(Delta("half"))
            await asyncio.Event().wait()

    engine, listener = Engine(), Listener()
    engine.start()
    bridge = Bridge(Parts(engine, StreamTable(), no_parts, no_parts, no_parts), listener)  # type: ignore[arg-type]
    if is_started:
        bridge._asking = Waiting()  # type: ignore[assignment]
    bridge.send(None)  # type: ignore[arg-type]
    if is_started:
        listener.posted.get(timeout=20)
    engine.stop()
    assert listener.posted.empty()
