"""The assistant's panel over a scripted model: what is sent and drawn, how far it is supported, what one can do."""

from __future__ import annotations

import re
from typing import Any

import pytest
from textual.widgets import Markdown, Static
from ui_world import NOON, SECONDS, ScriptedModel, World, running

from hallucino_tui.assistant.packed import Entry
from hallucino_tui.session.chat import Delta, Done, Failed, Failure, Started, Told, Usage, Waiting
from hallucino_tui.session.model_list import ModelRow
from hallucino_tui.ui.messages import CitationWanted
from hallucino_tui.ui.screens.models import ModelsScreen
from hallucino_tui.ui.screens.popups import SendingScreen
from hallucino_tui.ui.widgets.conversation import Answer

LINES = (
    "ERROR pool timeout after 5000 ms waiting for postgres-0",
    "ERROR payment 17 failed: connection refused by 10.0.0.7",
    "INFO order 18 accepted",
)


def answers(*text: str) -> list[Any]:
    return [Started(), *(Delta(one) for one in text), Usage(1200, 34), Done()]


async def asked(world: World, key: str = "s") -> Answer:
    """Press a key that asks, send what is shown if it has to be, and wait for the end."""
    before = len(world.model.asked)
    await world.press(key)
    await finished(world, before)
    return world.main.query(Answer).last()


async def finished(world: World, before: int = 0) -> None:
    def is_there() -> bool:
        return isinstance(world.app.screen, SendingScreen) or len(world.model.asked) > before

    await world.until(is_there, "a question")
    if isinstance(world.app.screen, SendingScreen):
        await world.press("A")
    await world.until(lambda: len(world.model.asked) > before and not world.main.sending.running, "an answer's end")
    await world.pilot.pause()


def text_of(answer: Answer, part: str) -> str:
    return str(answer.query_one(part, Static).render())


def said(answer: Answer) -> str:
    return answer.query_one(".said", Markdown).source


async def begun(world: World, *lines: str) -> None:
    world.write("checkout-1", *(lines or LINES))
    await world.lines(len(lines or LINES))


async def test_the_head_says_how_many_claims_are_supported_and_the_answer_marks_the_others() -> None:
    model = ScriptedModel(
        answers(
            "- Checkout waited for the pool for 5000 ms. [L1]\n- Payment 17 was refused by 10.9.9.9. [L2]\n"
            "- Order 18 was accepted. [L3]\n"
        )
    )
    async with running(model=model) as world:
        await begun(world)
        answer = await asked(world)
        head = str(world.main.query_one("#assistant-head", Static).render())
        assert "2 of 3 claims supported" in head
        assert "1 unsupported" in head
        assert "confidence" in head
        assert text_of(answer, ".answer-verdict").partition(":")[0] in head
        assert answer.query_one(".answer-verdict").has_class("unsupported")
        marked = said(answer).splitlines()
        assert "10.9.9.9" in next(line for line in marked if "✖" in line)
        assert sum("✖" in line or "⚠" in line for line in marked) == 1


async def test_secrets_are_turned_back_on_the_screen_and_in_nothing_that_is_sent_or_copied() -> None:
    secret = "hunter2" + "correct-horse"
    model = ScriptedModel(answers("The login with <secret:pass", "word:1> failed. [L1]\n"))
    async with running(model=model) as world:
        await begun(world, f"ERROR login failed: password={secret}")
        answer = await asked(world)
        sent = "".join(message.text for message in model.asked[0])
        assert secret not in sent
        assert "<secret:password:1>" in sent
        assert secret in said(answer)
        await world.press("tab", "y")
        await world.until(lambda: world.copied, "a copy")
        assert secret not in world.copied[-1]
        await world.press("a", *"why", "enter")
        await finished(world, 1)
        assert secret not in "".join(message.text for message in model.asked[1])


async def test_an_answer_is_copied_with_its_marks_and_what_came_of_checking_it() -> None:
    model = ScriptedModel(answers("- Checkout waited 5000 ms. [L1]\n- Payment 17 was refused by 10.9.9.9. [L2]\n"))
    async with running(model=model) as world:
        await begun(world)
        answer = await asked(world)
        await world.press("tab", "y")
        await world.until(lambda: world.copied, "a copy")
        verdict, _, copied = world.copied[-1].partition("\n\n")
        assert verdict == text_of(answer, ".answer-verdict")
        assert "1 of 2 claims supported, 1 unsupported" in verdict
        assert copied == said(answer)
        assert copied.count("✖ unsupported") == 1


async def test_a_further_question_keeps_the_lines_and_what_was_said() -> None:
    model = ScriptedModel(answers("Checkout waited for the pool. [L1]\n"))
    async with running(model=model) as world:
        await begun(world)
        await asked(world)
        await world.press("tab", "a", *(key if key != " " else "space" for key in "since when"), "enter")
        await finished(world, 1)
        assert len(world.main.query(Answer)) == 2
        roles = [message.role for message in model.asked[1]]
        assert roles == ["system", "user", "assistant", "user"]
        assert "since when" in model.asked[1][-1].text


@pytest.mark.parametrize(("key", "title"), [("i", "What does this mean?"), ("r", "Root cause"), ("s", "Summary")])
async def test_each_task_has_its_key_and_its_prompt(key: str, title: str) -> None:
    model = ScriptedModel(answers("Checkout waited for the pool. [L1]\n"))
    async with running(model=model, reports=True, confirm="never") as world:
        await begun(world)
        await world.press("g")
        answer = await asked(world, key)
        assert answer.title == title


async def test_the_cause_is_not_asked_for_at_a_host_that_was_not_agreed_to_until_the_user_says_so() -> None:
    model = ScriptedModel(answers("Checkout waited for the pool. [L1]\n"))
    async with running(model=model, reports=True) as world:
        await begun(world)
        await world.press("r")
        await world.until(lambda: "ctrl+r asks" in "".join(text_of(one, ".answer-state") for one in shown(world)))
        assert model.asked == []
        await world.press("S")
        await world.until(lambda: world.app.screen.query("#popup-text"), "what would be sent")
        await world.press("escape")
        await asked(world, "ctrl+r")
        assert len(model.asked) == 1


def shown(world: World) -> list[Answer]:
    return list(world.main.query(Answer))


async def test_two_spans_are_compared_once_the_second_is_chosen() -> None:
    model = ScriptedModel(answers("The second part has more. [L1]\n"))
    async with running(model=model, confirm="never") as world:
        await begun(world, *(f"INFO order {number} accepted" for number in range(4)), *LINES)
        await world.press("g", "v", "j", "j", "j", "b")
        await world.until(lambda: any("4 lines kept" in one.message for one in world.app._notifications), "a word")
        assert model.asked == []
        await world.press("G", "v", "k", "k", "b")
        await finished(world)
        assert world.main.query(Answer).last().title == "Comparison"
        assert "order" in model.asked[0][-1].text
        assert "pool timeout" in model.asked[0][-1].text


async def test_an_update_is_written_from_what_was_asked_before() -> None:
    model = ScriptedModel(answers("Checkout waited for the pool. [L1]\n"))
    async with running(model=model) as world:
        await begun(world)
        await asked(world)
        await world.press("tab", "u")
        await finished(world, 1)
        assert world.main.query(Answer).last().title == "Incident update"


async def test_queries_of_the_answer_get_keys_and_commands_are_copied_and_not_run() -> None:
    model = ScriptedModel(
        answers(
            "- Checkout waited for the pool. [L1]\n\n### What to look at next\n"
            '- the pool: `{pod="checkout-1"} |= "pool"`\n\n```sh\nkubectl describe pod checkout-1\n```\n'
        )
    )
    async with running(model=model) as world:
        await begun(world)
        answer = await asked(world)
        offers = text_of(answer, ".answer-offers")
        key = re.search(r'(\d) shows  \{pod="checkout-1"\}', offers)
        assert key, offers
        await world.press("tab", "x")
        await world.until(lambda: world.copied, "a copy")
        assert world.copied == ["kubectl describe pod checkout-1"]
        await world.press(key[1])
        await world.lines(1)
        assert world.texts() == [LINES[0]]


async def test_the_answer_is_kept_with_its_lines_and_what_came_of_checking_it() -> None:
    model = ScriptedModel(answers("Checkout waited for the pool. [L1]\n"))
    async with running(model=model) as world:
        await begun(world)
        await asked(world)
        kept = world.main.sending.pinned()
        assert kept is not None
        assert kept.answer == "Checkout waited for the pool. [L1]\n"
        assert next(entry.body for entry in kept.sent) == LINES[0]
        assert kept.checked is not None
        assert kept.model == "scripted"


async def test_what_happens_on_the_way_is_said_and_what_has_to_stay_in_mind_stays() -> None:
    model = ScriptedModel(
        [
            Waiting("model.example is busy: asked again in 4 s.", 4.0),
            Told("The server takes no JSON schema: asked again without."),
            Started(),
            Delta("Checkout waited. [L1]\n"),
            Failed(Failure.CUT, "The connection to model.example broke in the middle of the answer: ask again."),
        ]
    )
    async with running(model=model) as world:
        await begun(world)
        answer = await asked(world)
        assert "takes no JSON schema" in text_of(answer, ".answer-notes")
        assert "broke in the middle" in text_of(answer, ".answer-state")
        assert "confidence low: the answer is not whole" in text_of(answer, ".answer-verdict")
        assert "Checkout waited." in said(answer)
        assert answer.query_one(".answer-verdict").display


async def test_a_toy_is_called_one_where_its_answer_is() -> None:
    model = ScriptedModel(answers("Checkout waited. [L1]\n"), caveat="A toy: it mostly copies lines.")
    async with running(model=model) as world:
        await begun(world)
        answer = await asked(world)
        assert "A toy" in text_of(answer, ".answer-notes")


async def test_markdown_of_an_answer_cannot_draw_outside_its_panel_or_be_a_link() -> None:
    evil = (
        "\x1b[2J\x1b]0;owned\x07[click](https://evil.example) ![x](https://evil.example/x.png) <b>bold</b> "
        "[red]markup[/red] https://evil.example [L1]\n"
    )
    model = ScriptedModel(answers(evil))
    async with running(model=model) as world:
        await begun(world)
        answer = await asked(world)
        drawn = answer.query_one(".said", Markdown)
        assert "\x1b" not in "".join(strip.text for strip in (drawn.render_line(y) for y in range(drawn.size.height)))
        panel = world.main.assistant.region
        assert panel.contains_region(drawn.region.intersection(panel))
        assert "[click](https://evil.example)" in drawn.source


async def test_an_answer_of_300_kilobytes_is_drawn_and_judged() -> None:
    long = "".join(f"- Checkout waited for the pool for {number} s. [L1]\n" for number in range(6000))
    model = ScriptedModel(answers(*(long[at : at + 4096] for at in range(0, len(long), 4096))))
    async with running(model=model) as world:
        await begun(world)
        answer = await asked(world)
        assert len(world.main.sending.text) == len(long)
        assert "claims supported" in text_of(answer, ".answer-verdict")


async def test_the_models_are_listed_with_what_holds_for_them_and_another_one_is_asked() -> None:
    first, second = ScriptedModel(answers("One. [L1]\n")), ScriptedModel(answers("Two. [L1]\n"), name="second")
    async with running(model=first, models=[first, second], confirm="never") as world:
        await begun(world)
        await asked(world)
        await world.press("M")
        await world.until(lambda: isinstance(world.app.screen, ModelsScreen), "the list")
        await world.press("j")
        assert "second" in str(world.app.screen.query_one(".popup-foot", Static).render())
        await world.press("enter")
        await world.press("tab", "ctrl+r")
        await world.until(lambda: second.asked and not world.main.sending.running, "the other one's answer")
        assert "second" in str(world.main.query_one("#assistant-head", Static).render())


async def test_a_model_that_cannot_be_asked_is_not_chosen() -> None:
    first = ScriptedModel(answers("One. [L1]\n"))
    keyless = ScriptedModel([], name="keyless", host="", problem="There is no key for api.example: set its variable.")
    async with running(model=first, models=[first, keyless], confirm="never") as world:
        await begun(world)
        await world.press("M", "j", "enter")
        words = "keyless cannot be asked: There is no key for api.example: set its variable. scripted is still"
        await world.until(lambda: any(words in one.message for one in world.app._notifications), "a word")
        await asked(world)
        assert len(first.asked) == 1


async def test_an_agreement_to_a_host_is_taken_back_in_the_list_of_models() -> None:
    model = ScriptedModel(answers("One. [L1]\n"))
    async with running((80, 24), model=model, models=[model]) as world:
        await begun(world)
        await asked(world)
        assert model.host in world.agreed
        await world.press("M")
        await world.until(lambda: isinstance(world.app.screen, ModelsScreen), "the list")

        def foot() -> str:
            return str(world.app.screen.query_one(".popup-foot", Static).render())

        assert "you agreed to this host" in foot()
        assert "d takes that back" in foot()
        await world.press("d")
        assert model.host not in world.agreed
        assert "agreed" not in foot()
        await world.press("escape", "ctrl+e", "s")
        await world.until(lambda: isinstance(world.app.screen, SendingScreen), "the question before anything is sent")
        assert len(model.asked) == 1


async def test_on_a_small_screen_the_list_of_models_has_room_for_what_holds_for_them() -> None:
    rows = (ModelRow("fast", "llm.example", "m", "The settings take its key from K.", False, "", "15 a minute", ""),)
    async with running((80, 24)) as world:
        world.app.push_screen(ModelsScreen(world.main.pane.painter.palette, rows, lambda _: False, lambda _: None))
        await world.until(lambda: isinstance(world.app.screen, ModelsScreen), "the list")
        await world.pilot.pause()
        drawn = "\n".join(drawn_lines(world))
        assert "limits, price, notes" in drawn
        assert "The settings take its key from K." in drawn.splitlines()[3]


def drawn_lines(world: World) -> list[str]:
    """The whole screen as it is drawn."""
    return ["".join(part.text for part in strip) for strip in world.app.screen._compositor.render_strips()]


async def test_who_types_a_further_question_on_a_small_screen_sees_the_answer_that_it_is_about() -> None:
    model = ScriptedModel(answers("Checkout waited for the pool. [L1]\n"))
    async with running((80, 24), model=model, confirm="never") as world:
        await begun(world)
        await asked(world)
        await world.press("a", *"why")
        await world.pilot.pause()
        drawn = drawn_lines(world)
        assert any("waited for the pool" in line for line in drawn)
        assert drawn[-2].startswith(" ask ▸ why")
        await world.press("escape")
        await world.pilot.pause()
        assert not any("ask ▸" in line for line in drawn_lines(world))
        assert world.main.panels.focused == "assistant"
        await world.press("a", *"why", "enter")
        await finished(world, 1)
        await world.press("ctrl+e")
        await world.pilot.pause()
        assert any("ERROR pool timeout" in line for line in drawn_lines(world))


async def test_the_top_line_says_that_an_answer_comes_wherever_one_looks() -> None:
    model = ScriptedModel([Started(), Delta("Checkout ")], hold=True)
    async with running((80, 24), model=model, confirm="never") as world:
        await begun(world)
        await world.press("s")
        await world.until(lambda: world.main.sending.text, "a beginning")
        await world.press("ctrl+e")
        assert world.main.panels.focused == "logs"
        assert "answering …" in world.main.status.render_line(0).text
        await world.press("escape")
        await world.until(lambda: not world.main.sending.running, "its end")
        await world.pilot.pause()
        assert "answering" not in world.main.status.render_line(0).text
        assert "what you see is a part of the answer" in text_of(shown(world)[0], ".answer-state")


async def test_an_answer_that_was_cancelled_before_a_word_came_shows_no_part_of_it() -> None:
    model = ScriptedModel([Waiting("loading the toy model …", 0.0), Started()], hold=True)
    async with running(model=model, confirm="never") as world:
        await begun(world)
        await world.press("s")
        await world.until(lambda: model.asked and "answering" in text_of(shown(world)[0], ".answer-state"), "a start")
        assert "loading" not in text_of(shown(world)[0], ".answer-notes")
        await world.press("escape")
        await world.until(lambda: not world.main.sending.running, "its end")
        assert text_of(shown(world)[0], ".answer-state") == "cancelled: nothing of the answer had come"


async def test_what_was_sent_says_whole_where_it_went_and_how_much_it_was() -> None:
    model = ScriptedModel(answers("One. [L1]\n"))
    async with running((80, 24), model=model, confirm="never") as world:
        await begun(world)
        await asked(world)
        await world.press("S")
        await world.until(lambda: world.app.screen.query("#sending-head"), "what was sent")
        head = str(world.app.screen.query_one("#sending-head", Static).render())
        assert head.startswith("to model.example  ·  model scripted")
        assert head.endswith("3 lines")


async def test_a_key_without_an_answer_says_what_to_do() -> None:
    async with running(model=ScriptedModel([])) as world:
        await begun(world)
        await world.press("ctrl+e")
        for key in ("x", "K", "u", "ctrl+r", "S"):
            world.app.clear_notifications()
            await world.press(key)
            await world.until(lambda: list(world.app._notifications), f"a word about {key}")


async def test_a_question_over_a_running_one_ends_it_also_if_the_new_one_is_not_sent() -> None:
    model = ScriptedModel([Started(), Delta("Checkout ")], hold=True)
    async with running(model=model, confirm="always") as world:
        await begun(world)
        await world.press("s")
        await world.until(lambda: isinstance(world.app.screen, SendingScreen), "what will be sent")
        await world.press("enter")
        await world.until(lambda: world.main.sending.text, "a beginning")
        await world.press("tab", "a", "x", "enter")
        await world.until(lambda: isinstance(world.app.screen, SendingScreen), "the second question")
        await world.press("escape")
        await world.until(lambda: model.cancelled, "the end of the first")
        states = [text_of(one, ".answer-state") for one in shown(world)]
        assert "cancelled" in states[0]
        assert states[1] == "not sent"
        assert not world.main.sending.running


async def test_asking_again_while_an_answer_comes_gives_up_the_first_and_draws_the_second() -> None:
    model = ScriptedModel([Started(), Delta("Checkout waited. [L1]\n")], hold=True)
    async with running(model=model, confirm="never") as world:
        await begun(world)
        for number in range(1, 6):
            await world.press("s")
            await world.until(lambda n=number: len(model.asked) == n and world.main.sending.text, "an answer")
        await world.press("escape")
        await world.until(lambda: not world.main.sending.running, "its end")
        assert len(shown(world)) == 1
        assert "cancelled" in text_of(shown(world)[0], ".answer-state")


async def test_marks_are_no_citations_and_a_failed_question_leaves_those_before() -> None:
    model = ScriptedModel(answers("Payment 17 was refused by 10.9.9.9. [L2]\n"))
    async with running(model=model, confirm="never") as world:
        await begun(world)
        await asked(world)
        citation = world.main.query_one("#citation", Static)
        assert str(citation.render()) == "1 citation"
        model.script = [Failed(Failure.BUSY, "model.example is busy: ask again in a moment.")]
        await world.press("tab", "a", "x", "enter")
        await finished(world, 1)
        assert str(citation.render()) == "1 citation"


async def test_a_cited_event_leads_to_its_time() -> None:
    model = ScriptedModel(answers("The pod was killed. [L1]\n"))
    async with running(model=model, confirm="never") as world:
        await begun(world, *(f"INFO order {number} accepted" for number in range(90)))
        world.main.citing.take((-1,), (), (Entry("event", "event", kind="event", first=NOON + 40 * SECONDS),))
        world.main.citing.hear(CitationWanted((1,)))
        viewport = world.main.pane.viewport
        assert viewport.cursor is not None
        assert viewport.view.store.time(viewport.cursor) == NOON + 40 * SECONDS


async def test_the_same_lines_are_not_compared_with_themselves() -> None:
    model = ScriptedModel(answers("The second part has more. [L1]\n"))
    async with running(model=model, confirm="never") as world:
        await begun(world)
        await world.press("b")
        await world.until(lambda: any("3 lines kept" in one.message for one in world.app._notifications), "a word")
        await world.press("b")
        await world.until(lambda: any("the same lines" in one.message for one in world.app._notifications), "another")
        assert model.asked == []
