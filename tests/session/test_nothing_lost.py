"""What does not go with a question is said, what its numbers mean is what the model saw, and no value slips out."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from session_world import NOON, FakeLogs, ScriptedModel, hub_of, material_of, unlike_any_other

from hallucino_tui.assistant.tasks import Task
from hallucino_tui.assistant.tokens import most_tokens
from hallucino_tui.session.ask import ask
from hallucino_tui.session.asking import Asking
from hallucino_tui.session.chat import Delta, Done, Started
from hallucino_tui.session.conversation import Conversation, Question

WHOLE = [Started(), Delta("The pool is empty [L1]."), Done()]
LINES = [f"error number {number} in worker {number * 7} of a kind {unlike_any_other(number)}" for number in range(300)]
LONG = "and " + "why " * 1900


async def answered(conversation: Conversation, question: Question) -> None:
    await ask(conversation, question, lambda _: None)


def numbers_mean_what_is_sent(question: Question) -> bool:
    sent = dict(re.findall(r"^\[L(\d+)\] (.*)$", question.messages[1].text, re.MULTILINE))
    return sent == {str(number): entry.text for number, entry in enumerate(question.packing.entries, start=1)}


@given(st.lists(st.tuples(st.sampled_from(["short?", LONG, ""]), st.booleans()), max_size=5))
def test_numbers_mean_the_lines_that_are_sent_whichever_questions_were_sent_before(turns: list[Any]) -> None:
    async def talk() -> None:
        conversation = Conversation(ScriptedModel(WHOLE, size=4000))
        question = await conversation.begin(material_of(*LINES))
        assert numbers_mean_what_is_sent(question)
        await answered(conversation, question)
        for words, is_sent in turns:
            further = await conversation.follow_up(words)
            assert numbers_mean_what_is_sent(further)
            if is_sent:
                await answered(conversation, further)
                assert conversation.packing is further.packing

    asyncio.run(talk())


async def test_a_question_that_was_packed_anew_and_not_sent_changes_nothing_but_what_its_own_numbers_mean() -> None:
    logs = FakeLogs()
    hub, heard = hub_of(logs)
    logs.write("web-1", *LINES, times=range(NOON, NOON + len(LINES)))
    await hub.tick()
    view = heard.last.view
    asking = Asking(lambda: ScriptedModel(WHOLE, size=4000), logs.table, set(), "never")  # type: ignore[arg-type]
    first = await asking.begin(view.store, view.rows(0, len(view)))
    await asking.send(first.question, lambda _: None)
    declined = await asking.follow_up(LONG)
    assert declined is not None
    assert declined.is_new
    assert declined.cited == declined.question.packing.rows != first.cited
    further = await asking.follow_up("short?")
    assert further is not None
    # The panel was told what the declined question's numbers mean, and has to be told anew.
    assert further.is_new
    assert further.cited == further.question.packing.rows == first.cited
    assert further.question.packing is first.question.packing
    again = await asking.follow_up("shorter?")
    assert again is not None
    assert not again.is_new


async def test_what_is_forgotten_of_a_talk_is_said() -> None:
    conversation = Conversation(ScriptedModel([Started(), Delta("word " * 900), Done()], size=4096))
    question = await conversation.begin(material_of("pool is empty"), Task.ASK, "first?")
    assert question.notes == ()
    said = 0
    for number in range(1, 6):
        await answered(conversation, question)
        before = sum(message.role == "assistant" for message in conversation.messages)
        question = await conversation.follow_up(f"question {number}")
        left_out = before - sum(message.role == "assistant" for message in question.messages)
        assert bool(question.notes) == bool(left_out)
        if left_out:
            said += 1
            assert re.search(r"no room for (all that|what) was said before", question.notes[0])
    assert said


async def test_lines_that_are_packed_anew_for_a_further_question_are_said() -> None:
    conversation = Conversation(ScriptedModel(WHOLE, size=4000))
    await answered(conversation, await conversation.begin(material_of(*LINES)))
    further = await conversation.follow_up(LONG)
    assert "goes without it" in further.notes[0]
    assert f"packed anew, {len(further.packing.entries)} entries for 300 lines" in further.notes[1]


async def test_a_question_that_is_too_long_is_cut_between_words_and_that_is_said() -> None:
    conversation = Conversation(ScriptedModel(WHOLE, size=100_000))
    question = await conversation.begin(material_of("pool is empty"), Task.ASK, "whether " * 1100)
    assert 7900 < len(question.asked.words) <= 8000
    assert question.asked.words.endswith("whether")
    (note,) = question.notes
    assert f"the first {len(question.asked.words):,} of its 8,799 characters" in note
    logs = FakeLogs()
    hub, heard = hub_of(logs)
    logs.write("web-1", "pool is empty", times=[NOON])
    await hub.tick()
    view = heard.last.view
    asking = Asking(lambda: ScriptedModel(WHOLE, size=100_000), logs.table, set(), "never")  # type: ignore[arg-type]
    ready = await asking.begin(view.store, view.rows(0, len(view)), Task.ASK, "whether " * 1100)
    assert ready.notes == (note,)


@pytest.mark.parametrize("inside", [4, 12, 20, 30])
async def test_a_secret_at_the_place_where_a_question_is_cut_is_not_halved(inside: int) -> None:
    secret = "ghp_" + "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"
    words = "why " * 2500
    conversation = Conversation(ScriptedModel(WHOLE, size=100_000))
    question = await conversation.begin(
        material_of("x"), Task.ASK, f"{words[: 8000 - inside - 1]} {secret} and is it the cause?"
    )
    assert secret[:4] not in question.text


async def test_a_value_that_lines_hide_is_hidden_in_the_users_words_too() -> None:
    value = "hunter" + "Two99"
    conversation = Conversation(ScriptedModel(WHOLE))
    question = await conversation.begin(
        material_of(f"login password={value} failed"), Task.ASK, f"where else is {value} used?"
    )
    assert value not in question.text
    assert question.messages[1].text.endswith("where else is <secret:password:1> used?")
    await answered(conversation, question)
    further = await conversation.follow_up(f"and {value}, since when?")
    assert value not in further.text
    assert further.messages[-1].text == "and <secret:password:1>, since when?"


@given(st.sampled_from(list(Task)), st.integers(600, 40_000), st.integers(1, 300))
def test_the_schema_is_counted_wherever_one_is_sent_and_takes_no_more_than_its_part(
    task: Task, size: int, lines: int
) -> None:
    model = ScriptedModel(WHOLE, size=size, answer_tokens=300, schema=True)
    question = asyncio.run(Conversation(model).begin(material_of(*LINES[:lines]), task, "why?"))
    messages = sum(most_tokens(message.text) for message in question.messages)
    schema = 0
    if question.request.schema is not None:
        schema = most_tokens(json.dumps(question.request.schema, separators=(",", ":")))
        assert schema <= size / 4
    assert question.tokens >= messages + schema
    if size > 2000:
        assert question.tokens + (question.request.answer or 300) <= size


async def test_a_small_context_gets_a_schema_that_names_no_ids_and_a_tiny_one_none() -> None:
    schemas: list[Any] = []
    for size in (16_000, 4000, 1200):
        model = ScriptedModel(WHOLE, size=size, schema=True)
        question = await Conversation(model).begin(material_of(*LINES[:200]))
        schema = question.request.schema
        schemas.append(None if schema is None else next(iter(set(schema["$defs"]["id"]) - {"type"})))
    assert schemas == ["enum", "pattern", None]
