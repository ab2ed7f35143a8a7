"""Each question stays with the model it was prepared for, and each run comes to an end, whatever happens meanwhile."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from session_world import NOON, FakeLogs, ScriptedModel, hub_of, unlike_any_other

from hallucino_tui.assistant.tasks import Task
from hallucino_tui.logs.snapshot import ViewSnapshot
from hallucino_tui.session.answer import Grounded
from hallucino_tui.session.asking import Asking, Prepared, Repacked
from hallucino_tui.session.chat import (
    Cancelled,
    Capabilities,
    Delta,
    Done,
    Event,
    Failed,
    Failure,
    Request,
    Started,
    Told,
    Usage,
)
from hallucino_tui.session.material import StoreGround

WHOLE = [Started(), Delta("It broke [L1]."), Done()]
TOO_LONG = Failed(Failure.TOO_LONG, "That is too much.")


@dataclass
class Hooked(ScriptedModel):
    """Lets a test do something in the middle: `before_capabilities` once, `before_end` before the last event."""

    before_capabilities: Callable[[], Any] | None = None
    before_end: Callable[[], Any] | None = None
    price: float | None = None
    scripts: list[list[Event]] = field(default_factory=list)

    async def capabilities(self) -> Capabilities:
        hook, self.before_capabilities = self.before_capabilities, None
        if hook is not None and (waiting := hook()) is not None:
            await waiting
        return await super().capabilities()

    async def stream(self, request: Request) -> AsyncIterator[Event]:
        self.asked.append(list(request.messages))
        *first, last = self.scripts.pop(0) if self.scripts else self.script
        for event in first:
            yield event
        hook, self.before_end = self.before_end, None
        if hook is not None:
            await hook()
        yield last

    def cost(self, usage: Usage) -> float | None:
        return self.price


@dataclass
class World:
    """Somebody who asks, with models to choose from."""

    asking: Asking
    view: ViewSnapshot
    models: list[Any]
    chosen: int = 0

    def choose(self, place: int) -> None:
        self.chosen = place
        self.asking.forget_model()

    async def prepare(self, question: str = "") -> Prepared:
        rows = self.view.rows(0, len(self.view))
        return await self.asking.begin(self.view.store, rows, Task.ASK if question else Task.SUMMARISE, question)


async def world(*models: Any, agreed: tuple[str, ...] = (), lines: int = 20) -> World:
    logs = FakeLogs()
    hub, heard = hub_of(logs)
    logs.write("web-1", *map(unlike_any_other, range(lines)), times=range(NOON, NOON + lines))
    await hub.tick()

    def make() -> Any:
        return here.models[here.chosen]

    here = World(Asking(make, logs.table, set(agreed), "new-host"), heard.last.view, list(models))  # type: ignore[arg-type]
    return here


async def test_the_users_word_is_asked_for_the_model_that_gets_the_question() -> None:
    first = Hooked(WHOLE, host="new.example", before_capabilities=lambda: here.choose(1))
    here = await world(first, Hooked(WHOLE, host="agreed.example"), agreed=("agreed.example",))
    ready = await here.prepare()
    assert (ready.question.host, ready.needs_word) == ("new.example", True)
    assert (await here.prepare()).question.host == "agreed.example"


async def test_a_question_that_was_too_long_is_sent_again_to_the_model_that_refused_it() -> None:
    reached, go_on = asyncio.Event(), asyncio.Event()

    async def wait() -> None:
        reached.set()
        await go_on.wait()

    refusing = Hooked(
        WHOLE, host="agreed.example", scripts=[[Started(), TOO_LONG], WHOLE], before_end=wait, caveat="It is small."
    )
    other = Hooked(WHOLE, host="new.example", prompts={"summarise": "Other words."})
    here = await world(refusing, other, agreed=("agreed.example",), lines=3000)
    ready = await here.prepare()
    heard: list[Any] = []
    run = asyncio.create_task(here.asking.send(ready.question, heard.append))
    await reached.wait()
    here.choose(1)
    further = await here.asking.follow_up("And then?")
    assert further is not None
    assert (further.question.host, further.needs_word) == ("new.example", True)
    go_on.set()
    assert (await run)[0] == Done()
    assert (len(refusing.asked), len(other.asked)) == (2, 0)
    assert "Other words." not in refusing.asked[1][1].text
    repacked = next(event for event in heard if isinstance(event, Repacked)).prepared
    assert (repacked.question.host, repacked.needs_word) == ("agreed.example", False)
    assert "It is small." in repacked.notes


async def test_a_model_that_is_chosen_while_a_key_command_runs_is_the_one_that_is_asked() -> None:
    here = await world(Hooked(WHOLE, name="one"), Hooked(WHOLE, name="two"))
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> Any:
        chosen = here.models[here.chosen]
        begun.set()
        assert go_on.wait(20)
        return chosen

    here.asking._make_model = slow
    making = asyncio.create_task(here.asking.model())
    await asyncio.to_thread(begun.wait, 20)
    here.choose(1)
    go_on.set()
    assert (await making).name == "two"
    assert (await here.asking.model()).name == "two"


async def test_an_answer_costs_what_the_model_that_gave_it_takes() -> None:
    here = await world(Hooked(WHOLE, price=1.0), Hooked(WHOLE, price=7.0))
    assert here.asking.cost(Usage(1, 1)) is None
    ready = await here.prepare()
    costs: list[float | None] = []

    def hear(event: object) -> None:
        if isinstance(event, Delta):
            here.choose(1)
            costs.append(here.asking.cost(Usage(1, 1)))

    await here.asking.send(ready.question, hear)
    further = await here.asking.follow_up("Why?")
    assert further is not None
    costs.append(here.asking.cost(Usage(1, 1)))
    await here.asking.send(further.question, hear)
    assert costs == [1.0, 1.0, 7.0]


@pytest.mark.parametrize("where", ["capabilities", "stream", "repacked"])
async def test_what_nobody_expected_ends_in_one_sentence_without_what_was_in_it(
    where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise RuntimeError("password=" + "hunter2" * 3)

    async def fail_later() -> None:
        fail()

    model = Hooked(WHOLE, scripts=[[Started(), TOO_LONG], WHOLE])
    here = await world(model, lines=3000)
    ready = await here.prepare()
    if where == "capabilities":
        model.before_capabilities = fail
    elif where == "stream":
        model.before_end = fail_later
    else:
        monkeypatch.setattr(StoreGround, "write", lambda *_: fail_later())
    heard: list[Any] = []
    end, _ = await here.asking.send(ready.question, heard.append)
    assert isinstance(end, Failed)
    assert end.failure is Failure.DEFECT
    assert "RuntimeError" in end.sentence
    assert "hunter2" not in end.sentence
    assert heard[-1] == end
    if where != "repacked":
        assert await here.asking.follow_up("Why?") is not None


async def test_who_cancels_while_a_question_becomes_smaller_keeps_the_talk(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = asyncio.Event()

    async def hang(text: str) -> int:
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError

    model = Hooked(WHOLE)
    here = await world(model, lines=3000)
    ready = await here.prepare()
    before = ready.question.packing
    model.scripts, count = [[Started(), TOO_LONG]], model.count_tokens
    monkeypatch.setattr(model, "count_tokens", hang)
    run = asyncio.create_task(here.asking.send(ready.question, lambda _: None))
    await begun.wait()
    assert here.asking.cancel()
    assert await run == (Cancelled(), "")
    monkeypatch.setattr(model, "count_tokens", count)
    again = await here.asking.follow_up("Why?")
    assert again is not None
    assert again.question.packing is ready.question.packing is before
    assert not again.is_new


async def test_an_answer_is_checked_even_if_it_is_cancelled_while_that_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    from hallucino_tui.session import ask

    begun, go_on, ground = threading.Event(), threading.Event(), ask.ground

    def slow(*arguments: Any) -> Grounded:
        begun.set()
        assert go_on.wait(20)
        return ground(*arguments)

    monkeypatch.setattr(ask, "ground", slow)
    here = await world(Hooked(WHOLE))
    ready = await here.prepare()
    heard: list[Any] = []
    run = asyncio.create_task(here.asking.send(ready.question, heard.append))
    await asyncio.to_thread(begun.wait, 20)
    for _ in range(2):
        assert here.asking.cancel()
        await asyncio.sleep(0)
    go_on.set()
    assert await run == (Done(), "It broke [L1].")
    assert [type(event) for event in heard] == [Started, Delta, Grounded, Done]


async def test_an_answer_that_cannot_be_checked_any_more_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from hallucino_tui.session import ask

    reached = asyncio.Event()

    async def for_ever(*arguments: Any) -> Grounded:
        reached.set()
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(ask, "_grounded", for_ever)
    here = await world(Hooked(WHOLE))
    ready = await here.prepare()
    heard: list[Any] = []
    run = asyncio.create_task(here.asking.send(ready.question, heard.append))
    await reached.wait()
    for task in asyncio.all_tasks():
        if task.get_name() == "check":
            task.cancel()
    assert (await run)[0] == Done()
    assert isinstance(heard[-2], Told)
    assert "was not checked" in heard[-2].sentence


async def test_a_run_that_is_cancelled_before_it_begins_ends_too() -> None:
    here = await world(Hooked(WHOLE))
    ready = await here.prepare()
    heard: list[Any] = []
    run = asyncio.create_task(here.asking.send(ready.question, heard.append))
    asyncio.get_running_loop().call_soon(here.asking.cancel)
    assert await run == (Cancelled(), "")
    assert heard == [Cancelled()]
