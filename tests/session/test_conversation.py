"""Questions about lines: within the model's context, without secrets, and one end for each run."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from session_world import NOON, SECOND, ScriptedModel

from hallucino_tui.assistant.pack import Record
from hallucino_tui.assistant.prompts import prompt
from hallucino_tui.assistant.tokens import most_tokens
from hallucino_tui.session.ask import Conversation, Question, ask
from hallucino_tui.session.chat import Cancelled, Delta, Done, Event, Failed, Failure, Started, Usage

WHOLE = [Started(), Delta("It "), Delta("broke [L1]."), Usage(9, 3), Done()]
BUSY = Failed(Failure.BUSY, "ask again in 7 s.", 7.0)


def records(*texts: str) -> list[Record]:
    return [Record(number, NOON + number * SECOND, 0, "web-1/app", 3, text) for number, text in enumerate(texts)]


async def answered(conversation: Conversation, question: Question) -> list[Event]:
    heard: list[Event] = []
    await ask(conversation, question, heard.append)
    return heard


async def test_a_summary_sends_the_rules_the_lines_and_the_task_and_nothing_before_it_is_sent() -> None:
    model = ScriptedModel(WHOLE)
    question = await Conversation(model).begin(records("pool is empty", "pool is still empty"))
    assert model.asked == []
    assert [message.role for message in question.messages] == ["system", "user"]
    assert "[L2] 2026-11-23T12:00:01.000Z web-1/app pool is still empty" in question.messages[1].text
    assert question.messages[1].text.endswith(prompt("summarise"))
    assert (question.host, question.model, question.title) == ("model.example", "scripted", "Summary")
    assert question.packed.rows == (0, 1)
    assert question.tokens == sum(most_tokens(message.text) for message in question.messages)


async def test_what_can_be_shown_is_everything_that_is_sent() -> None:
    model = ScriptedModel(WHOLE)
    conversation = Conversation(model)
    question = await conversation.begin(records("pool is empty"), "Why?")
    await answered(conversation, question)
    assert model.asked == [question.messages]
    for message in question.messages:
        assert f"── {message.role} ──\n{message.text}" in question.text


async def test_no_secret_is_sent_neither_of_the_lines_nor_of_the_question() -> None:
    conversation = Conversation(ScriptedModel(WHOLE))
    question = await conversation.begin(records("password=q7one"), "Is password=q7one right, or token: q7two?")
    await answered(conversation, question)
    again = await conversation.follow_up("And secret=q7three?")
    assert "q7" not in question.text + again.text
    assert "password=<secret:password:1> right" in question.text
    assert question.packed.secrets == 2


@given(st.integers(4096, 20_000), st.integers(0, 400), st.text("why? ", max_size=120))
def test_a_question_and_its_answer_fit_into_the_context(context: int, count: int, words: str) -> None:
    async def begin() -> Question:
        model = ScriptedModel(WHOLE, size=context, answer_tokens=1000)
        return await Conversation(model).begin(records(*["a line of ordinary length, number 7"] * count), words)

    question = asyncio.run(begin())
    assert question.tokens + 1000 <= context
    assert len(question.packed.rows) + question.packed.left_out == count
    if question.packed.left_out:
        assert question.tokens > (context - 1000) * 0.8


async def test_an_unknown_context_is_taken_for_a_common_one() -> None:
    model = ScriptedModel(WHOLE, size=0)
    question = await Conversation(model).begin(records(*["y" * 100] * 400))
    assert 0.8 * 16_384 < question.tokens + model.answer_tokens <= 16_384


async def test_a_tiny_context_gets_some_lines_all_the_same() -> None:
    question = await Conversation(ScriptedModel(WHOLE, size=300)).begin(records(*["pool"] * 50))
    assert 0 < len(question.packed.rows) < 50


async def test_a_further_question_carries_what_was_said() -> None:
    conversation = Conversation(ScriptedModel(WHOLE))
    first = await conversation.begin(records("pool is empty"))
    await answered(conversation, first)
    second = await conversation.follow_up("Since when?")
    assert [message.role for message in second.messages] == ["system", "user", "assistant", "user"]
    assert second.messages[:2] == first.messages
    assert [message.text for message in second.messages[2:]] == ["It broke [L1].", "Since when?"]
    assert (second.title, second.packed) == ("Since when?", first.packed)
    await answered(conversation, second)
    third = await conversation.follow_up("Why?")
    assert [message.text for message in third.messages[2::2]] == ["It broke [L1].", "It broke [L1]."]


async def test_a_further_question_without_lines_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="begins with lines"):
        await Conversation(ScriptedModel(WHOLE)).follow_up("Why?")


async def test_a_further_question_forgets_the_oldest_turns_and_never_the_lines() -> None:
    model = ScriptedModel([Started(), Delta("word " * 500), Done()], size=4096)
    conversation = Conversation(model)
    first = question = await conversation.begin(records("pool is empty"), "question 0")
    for number in range(1, 6):
        await answered(conversation, question)
        question = await conversation.follow_up(f"question {number}")
        assert question.messages[:2] == first.messages
        assert question.messages[-1].text == f"question {number}"
        assert question.tokens + model.answer_tokens <= model.size
        roles = [message.role for message in question.messages[2:]]
        assert roles == (["assistant", "user"] * 3)[-len(roles) :]
    kept = [message.text for message in question.messages if message.text.startswith("question")]
    assert kept[-1] == "question 5"
    assert len(kept) < 5


@pytest.mark.parametrize("script", [[BUSY], [Started(), BUSY], [Started(), Done()]])
async def test_a_question_after_one_that_was_not_answered_still_has_the_lines(script: list[Event]) -> None:
    conversation = Conversation(ScriptedModel(script))
    await answered(conversation, await conversation.begin(records("pool is empty")))
    again = await conversation.follow_up("Why?")
    assert [message.role for message in again.messages] == ["system", "user"]
    assert "pool is empty" in again.messages[1].text
    assert again.messages[1].text.endswith("\n\nWhy?")


async def test_a_failed_further_question_is_forgotten_and_the_talk_goes_on() -> None:
    model = ScriptedModel(WHOLE)
    conversation = Conversation(model)
    await answered(conversation, await conversation.begin(records("pool is empty")))
    model.script = [BUSY]
    await answered(conversation, await conversation.follow_up("Since when?"))
    again = await conversation.follow_up("Since when exactly?")
    assert [message.role for message in again.messages] == ["system", "user", "assistant", "user"]
    assert "Since when?" not in again.text


async def test_everything_that_comes_is_heard_in_order_with_the_end_at_the_end() -> None:
    conversation = Conversation(ScriptedModel(WHOLE))
    question = await conversation.begin(records("x"))
    heard: list[Event] = []
    assert await ask(conversation, question, heard.append) == (Done(), "It broke [L1].")
    assert heard == WHOLE


ends = st.sampled_from([Done(), BUSY, None])
said = st.lists(st.sampled_from([Started(), Delta("a"), Delta("b"), Usage(1, 1)]), max_size=6)


@given(said, ends, st.booleans())
def test_every_run_has_exactly_one_end(script: list[Event], end: Event | None, cancelled: bool) -> None:
    async def play() -> tuple[list[Event], Event, str]:
        model = ScriptedModel([*script] if cancelled or end is None else [*script, end], hold=cancelled)
        conversation = Conversation(model)
        heard: list[Event] = []
        run = asyncio.create_task(ask(conversation, await conversation.begin(records("x")), heard.append))
        if cancelled:
            await model.waiting.wait()
            run.cancel()
        return heard, *await run

    heard, last, answer = asyncio.run(play())
    assert heard == [*script, last]
    assert last == (Cancelled() if cancelled or end is None else end)
    assert answer == "".join(event.text for event in script if isinstance(event, Delta))


async def test_what_had_come_before_it_was_cancelled_is_remembered_as_a_part_of_the_talk() -> None:
    model = ScriptedModel([Started(), Delta("half an")], hold=True)
    conversation = Conversation(model)
    run = asyncio.create_task(ask(conversation, await conversation.begin(records("x")), lambda _: None))
    await model.waiting.wait()
    run.cancel()
    assert await run == (Cancelled(), "half an")
    assert model.cancelled == 1
    assert [message.text for message in (await conversation.follow_up("go on")).messages[2:]] == ["half an", "go on"]
