"""A loop in a thread of its own."""

import asyncio
import threading

import pytest

from hallucino_tui.session.engine import Engine


def test_work_runs_in_another_thread_and_its_result_comes_back() -> None:
    engine = Engine()
    engine.start()

    async def work() -> str:
        await asyncio.sleep(0)
        return threading.current_thread().name

    async def fail() -> None:
        raise LookupError("no such thing")

    try:
        assert engine.submit(work()).result(10) == "engine"
        with pytest.raises(LookupError, match="no such thing"):
            engine.submit(fail()).result(10)
    finally:
        engine.stop()


def test_what_is_posted_runs_in_order() -> None:
    engine = Engine()
    engine.start()
    seen: list[int] = []
    done = threading.Event()
    for number in range(50):
        engine.post(lambda number=number: seen.append(number))
    engine.post(done.set)
    assert done.wait(10)
    engine.stop()
    assert seen == list(range(50))


def test_what_is_submitted_before_the_start_waits_for_it() -> None:
    engine = Engine()

    async def work() -> int:
        return 7

    future = engine.submit(work())
    assert not future.done()
    engine.start()
    assert future.result(10) == 7
    engine.stop()


def test_stopping_cancels_what_runs_and_waits_until_it_has_cleaned_up() -> None:
    engine = Engine()
    engine.start()
    running, ends = threading.Event(), []

    async def forever() -> None:
        running.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.01)
            ends.append("cleaned up")

    future = engine.submit(forever())
    assert running.wait(10)
    engine.stop()
    assert ends == ["cleaned up"]
    assert future.cancelled()
    engine.stop()  # a second time is no harm


def test_an_engine_that_never_started_stops_too() -> None:
    Engine().stop()
