"""The questions of one sitting: what needs the user's word, and one run at a time."""

import asyncio
import threading
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from session_world import NOON, SECOND, FakeLogs, ScriptedModel, hub_of, unlike_any_other

from hallucino_tui.assistant.prompts import Prompts
from hallucino_tui.assistant.redact import Redactor
from hallucino_tui.assistant.tasks import Task
from hallucino_tui.logs.snapshot import ViewSnapshot
from hallucino_tui.logs.stream import StreamTable
from hallucino_tui.session.answer import Grounded, Restorer
from hallucino_tui.session.asking import Asking, Confirm, Prepared, Repacked
from hallucino_tui.session.chat import Cancelled, Delta, Done, End, Event, Failed, Failure, Started
from hallucino_tui.session.reporting import Surroundings, Written

WHOLE = [Started(), Delta("It broke [L1]."), Done()]


async def lines() -> tuple[ViewSnapshot, StreamTable]:
    logs = FakeLogs()
    hub, heard = hub_of(logs)
    logs.write("web-1", "ERROR pool is empty", "ready", times=[NOON, NOON + SECOND])
    logs.divide("web-1", "lines may be missing", NOON + SECOND // 2)
    await hub.tick()
    return heard.last.view, logs.table


async def prepared(asking: Asking, view: ViewSnapshot, question: str = "") -> Prepared:
    task = Task.ASK if question else Task.SUMMARISE
    return await asking.begin(view.store, view.rows(0, len(view)), task, question)


async def make(model: ScriptedModel, agreed: set[str] | None = None, confirm: Confirm = "new-host"):
    view, table = await lines()
    return Asking(lambda: model, table, set() if agreed is None else agreed, confirm), view  # type: ignore[arg-type]


async def test_a_question_is_prepared_with_what_can_be_counted() -> None:
    asking, view = await make(ScriptedModel(WHOLE))
    ready = await prepared(asking, view, "Why?")
    assert ready.question.title == "Why?"
    assert [view.store.find(row) is not None for row in ready.question.packing.rows] == [True, True]
    assert ready.cited == ready.question.packing.rows
    assert "- 1 × error `ERROR pool is empty` [L1]" in ready.counted
    assert "lines may be missing" not in ready.question.text
    assert ready.is_new
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
    assert not second.is_new
    assert second.question.messages[2].text == "It broke [L1]."


async def test_an_update_is_made_of_the_lines_and_answers_before_it() -> None:
    asking, view = await make(ScriptedModel(WHOLE))
    assert await asking.update() is None
    first = await prepared(asking, view)
    await asking.send(first.question, lambda _: None)
    update = await asking.update()
    assert update is not None
    assert (update.question.task, update.question.title) == (Task.UPDATE, "Incident update")
    assert [message.role for message in update.question.messages] == ["system", "user", "assistant", "user"]


async def test_a_comparison_has_both_parts() -> None:
    asking, view = await make(ScriptedModel(WHOLE))
    rows = view.rows(0, len(view))
    ready = await asking.begin(view.store, rows[:1], Task.COMPARE, other_rows=rows[1:])
    assert set(ready.question.packing.rows) == {rows[0], rows[2]}


async def test_what_is_known_besides_the_lines_is_asked_about_too_with_ids_that_name_no_row() -> None:
    asking, view = await make(ScriptedModel(WHOLE))
    asking.surroundings = lambda: Surroundings(gaps=("web-1/app: lines may be missing (2 possible gaps).",))
    ready = await prepared(asking, view)
    assert "lines may be missing (2 possible gaps)" in ready.question.text
    assert -1 in ready.question.packing.rows
    assert ready.cited == ready.question.packing.rows


async def test_the_report_is_written_with_the_ids_of_what_is_sent() -> None:
    view, table = await lines()
    cited_ids: list[tuple[int, ...]] = []

    async def report(store: object, rows: Sequence[int], cited: Sequence[int] = ()) -> Written:
        cited_ids.append(tuple(cited))
        return Written("### Report", (*cited, rows[0]), is_incident=True)

    model = ScriptedModel(WHOLE)
    asking = Asking(lambda: model, table, set(), "never", report)  # type: ignore[arg-type]
    ready = await prepared(asking, view)
    assert ready.counted == "### Report"
    assert cited_ids == [ready.question.packing.rows]
    heard: list[object] = []
    await asking.send(ready.question, heard.append)
    assert any(isinstance(event, Grounded) for event in heard)


async def test_a_question_that_became_smaller_comes_with_a_report_by_its_new_ids() -> None:
    logs = FakeLogs()
    hub, heard_by = hub_of(logs)
    logs.write("web-1", *map(unlike_any_other, range(3000)), times=range(NOON, NOON + 3000))
    await hub.tick()
    model = ScriptedModel([Failed(Failure.TOO_LONG, "too much")])
    asking = Asking(lambda: model, logs.table, set(), "never")  # type: ignore[arg-type]
    ready = await prepared(asking, heard_by.last.view)
    before = ready.question.packing
    heard: list[object] = []
    await asking.send(ready.question, heard.append)
    smaller = next(event for event in heard if isinstance(event, Repacked)).prepared
    assert smaller.question is ready.question
    assert smaller.cited == ready.question.packing.rows != before.rows
    assert "### Counted" in smaller.counted
    assert smaller.is_new


async def test_problems_of_prompts_and_what_the_model_is_are_told() -> None:
    asking, view = await make(ScriptedModel(WHOLE, caveat="It is a toy."))
    asking.prompts = Prompts({"summarise": "Say it."}, ("The prompt x.md is empty.",))
    ready = await prepared(asking, view)
    assert ready.notes == ("The prompt x.md is empty.", "It is a toy.")
    assert ready.question.messages[1].text.endswith("\n\nSay it.")


async def test_another_model_is_asked_once_it_was_chosen_also_in_the_same_talk() -> None:
    view, table = await lines()
    models = [ScriptedModel(WHOLE, name="one"), ScriptedModel(WHOLE, name="two")]
    made = iter(models)
    asking = Asking(lambda: next(made), table, set(), "never")  # type: ignore[arg-type]
    first = await prepared(asking, view)
    await asking.send(first.question, lambda _: None)
    asking.forget_model()
    second = await asking.follow_up("Why?")
    assert second is not None
    assert (first.question.model, second.question.model) == ("one", "two")
    await asking.send(second.question, lambda _: None)
    assert [len(model.asked) for model in models] == [1, 1]
    await asking.close()
    assert [model.closed for model in models] == [True, True]


async def test_pseudonyms_are_turned_back_for_the_screen_only_even_if_they_come_in_pieces() -> None:
    secret = "Hq7zTk" + "2vXw9pLm"
    logs = FakeLogs()
    hub, heard_by = hub_of(logs)
    logs.write("web-1", f"password={secret}", times=[NOON])
    await hub.tick()
    view = heard_by.last.view
    answer = "It is <secret:password:1> and < 5 [L1]."
    model = ScriptedModel([Started(), *map(Delta, answer), Done()])
    asking = Asking(lambda: model, logs.table, set(), "never")  # type: ignore[arg-type]
    ready = await prepared(asking, view)
    restorer = asking.restorer()
    shown: list[str] = []

    def hear(event: object) -> None:
        if isinstance(event, Delta):
            shown.append(restorer.feed(event.text))

    assert await asking.send(ready.question, hear) == (Done(), answer)
    restored = f"It is {secret} and < 5 [L1]."
    assert "".join(shown) + restorer.finish() == restored
    again = await asking.follow_up("Why?")
    assert again is not None
    assert secret not in again.question.text


@given(st.text(st.sampled_from(list("<secret:password:1> x"))), st.integers(1, 4))
def test_a_restorer_changes_nothing_but_pseudonyms(text: str, size: int) -> None:
    restorer = Restorer(Redactor())
    pieces = [restorer.feed(text[start : start + size]) for start in range(0, len(text), size)]
    assert "".join(pieces) + restorer.finish() == text


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
