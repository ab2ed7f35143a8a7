"""The questions of one sitting: what needs the user's word, and one run at a time."""

import asyncio
import threading

import pytest
from session_world import NOON, SECOND, FakeLogs, ScriptedModel, hub_of

from hallucino_tui.logs.snapshot import ViewSnapshot
from hallucino_tui.logs.stream import StreamTable
from hallucino_tui.session.asking import Asking, Confirm, Prepared
from hallucino_tui.session.chat import Cancelled, Delta, Done, End, Event, Failed, Failure, Started

WHOLE = [Started(), Delta("It broke [L1]."), Done()]


async def lines() -> tuple[ViewSnapshot, StreamTable]:
    logs = FakeLogs()
    hub, heard = hub_of(logs)
    logs.write("web-1", "ERROR pool is empty", "ready", times=[NOON, NOON + SECOND])
    logs.divide("web-1", "lines may be missing", NOON + SECOND // 2)
    await hub.tick()
    return heard.last.view, logs.table


async def prepared(asking: Asking, view: ViewSnapshot, question: str = "") -> Prepared:
    return await asking.begin(view.store, view.rows(0, len(view)), question)


async def make(model: ScriptedModel, agreed: set[str] | None = None, confirm: Confirm = "new-host"):
    view, table = await lines()
    return Asking(lambda: model, table, set() if agreed is None else agreed, confirm), view  # type: ignore[arg-type]


async def test_a_question_is_prepared_with_what_can_be_counted() -> None:
    asking, view = await make(ScriptedModel(WHOLE))
    ready = await prepared(asking, view, "Why?")
    assert ready.question.title == "Why?"
    assert [view.store.find(row) is not None for row in ready.question.packed.rows] == [True, True]
    assert "- 1 × error `ERROR pool is empty` [L1]" in ready.counted
    assert "lines may be missing" not in ready.question.text
    assert ready.problem == ""


@pytest.mark.parametrize(
    ("confirm", "agreed", "needs_word"),
    [
        ("always", set(), True),
        ("always", {"model.example"}, True),
        ("new-host", set(), True),
        ("new-host", {"other.example"}, True),
        ("new-host", {"model.example"}, False),
        ("never", set(), False),
    ],
)
async def test_when_the_user_is_asked_first(confirm: Confirm, agreed: set[str], needs_word: bool) -> None:
    asking, view = await make(ScriptedModel(WHOLE), agreed, confirm)
    assert (await prepared(asking, view)).needs_word is needs_word


async def test_a_host_that_was_agreed_to_is_asked_about_no_more() -> None:
    agreed: set[str] = set()
    asking, view = await make(ScriptedModel(WHOLE), agreed)
    assert (await prepared(asking, view)).needs_word
    asking.agree("model.example")
    assert agreed == {"model.example"}
    assert not (await prepared(asking, view)).needs_word


async def test_without_a_model_the_reason_is_told_and_nobody_is_asked() -> None:
    nobody = ScriptedModel([Failed(Failure.NO_MODEL, "No model is set up.")], host="", answer_tokens=0, size=0)
    asking, view = await make(nobody, confirm="always")
    ready = await prepared(asking, view)
    assert (ready.problem, ready.needs_word) == ("No model is set up.", False)
    assert "2 lines" in ready.counted


async def test_the_model_is_made_once_when_it_is_needed_and_in_another_thread() -> None:
    view, table = await lines()
    made: list[threading.Thread] = []

    def model() -> ScriptedModel:
        made.append(threading.current_thread())
        return ScriptedModel(WHOLE)

    asking = Asking(model, table, set(), "never")  # type: ignore[arg-type]
    assert made == []
    await prepared(asking, view)
    await prepared(asking, view)
    assert len(made) == 1
    assert made[0] is not threading.current_thread()


async def test_a_further_question_needs_a_first_one() -> None:
    asking, view = await make(ScriptedModel(WHOLE))
    assert await asking.follow_up("Why?") is None
    first = await prepared(asking, view)
    with pytest.raises(ValueError, match="prepared before it is sent"):
        await Asking(lambda: ScriptedModel(WHOLE), StreamTable(), set(), "never").send(first.question, print)  # type: ignore[arg-type]
    assert await asking.send(first.question, lambda _: None) == (Done(), "It broke [L1].")
    second = await asking.follow_up("Why?")
    assert second is not None
    assert second.counted == ""
    assert second.question.messages[2].text == "It broke [L1]."


async def test_a_new_question_cancels_the_one_that_runs_and_each_ends_once() -> None:
    model = ScriptedModel([Started(), Delta("half")], hold=True)
    asking, view = await make(model)
    heard: list[tuple[str, Event]] = []

    async def send(name: str, question: str) -> tuple[End, str]:
        ready = await prepared(asking, view, question)
        return await asking.send(ready.question, lambda event: heard.append((name, event)))

    first = asyncio.create_task(send("first", "one?"))
    await model.waiting.wait()
    model.script, model.hold = WHOLE, False
    assert await send("second", "two?") == (Done(), "It broke [L1].")
    assert await first == (Cancelled(), "half")
    ends = [(name, event) for name, event in heard if isinstance(event, Done | Failed | Cancelled)]
    assert sorted(ends, key=lambda end: end[0]) == [("first", Cancelled()), ("second", Done())]
    assert model.cancelled == 1


async def test_cancelling_says_whether_there_was_anything_to_cancel() -> None:
    model = ScriptedModel([Started()], hold=True)
    asking, view = await make(model)
    assert not asking.cancel()
    ready = await prepared(asking, view)
    run = asyncio.create_task(asking.send(ready.question, lambda _: None))
    await model.waiting.wait()
    assert asking.cancel()
    assert await run == (Cancelled(), "")
    assert not asking.cancel()


async def test_closing_cancels_and_closes_the_model() -> None:
    model = ScriptedModel([Started()], hold=True)
    asking, view = await make(model)
    ready = await prepared(asking, view)
    run = asyncio.create_task(asking.send(ready.question, lambda _: None))
    await model.waiting.wait()
    await asking.close()
    assert await run == (Cancelled(), "")
    assert (model.cancelled, model.closed) == (1, True)
    await Asking(lambda: model, StreamTable(), set(), "never").close()  # type: ignore[arg-type]
