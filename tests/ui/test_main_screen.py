"""The screen by its keys: what it shows and what it asks of the session."""

from pathlib import Path

import pytest
from textual import events
from textual.keys import _character_to_key
from ui_world import NOON, SECONDS, ScriptedModel, many, prepare, running

from hallucino_tui.config.settings import ScreenSettings, Settings
from hallucino_tui.logs.batch import batch_of
from hallucino_tui.logs.notice import NoticeKind
from hallucino_tui.session.chat import Delta, Done, Failed, Failure, Started, Usage
from hallucino_tui.session.receipts import StreamState
from hallucino_tui.ui.screens.help import HelpScreen
from hallucino_tui.ui.screens.lists import ContextScreen, StreamsScreen
from hallucino_tui.ui.screens.popups import QuestionScreen, SendingScreen, TextScreen
from hallucino_tui.ui.widgets.conversation import Answer

ANSWER = [
    Started(),
    Delta("### What happened\nThe pool ran out [L1], then "),
    Delta("requests failed [L2, L3].\n"),
    Usage(50, 9),
    Done(),
]


async def test_words_in_the_corner_make_room_for_the_newest_and_stand_above_the_keys_and_the_newest_lines() -> None:
    prepared = prepare()
    try:
        async with prepared.app.run_test(size=(80, 24), notifications=True) as pilot:
            world = prepared.enter(pilot)
            await world.until(lambda: world.main.tree_is_there, "an open cluster")
            for words, severity in (
                ("one", "information"),
                ("bad", "warning"),
                ("worse", "error"),
                ("two", "information"),
            ):
                world.app.notify(words, severity=severity)
                await world.until(lambda w=words: any(w == one.message for one in world.app._notifications), words)
            assert [one.message for one in world.app._notifications] == ["worse", "two"]
            await world.until(lambda: len(world.app.screen.query("Toast")) == 2, "two words")
            await world.pilot.pause()
            places = [toast.region for toast in world.app.screen.query("Toast")]
            assert [place.bottom for place in places] == [1, 2]
    finally:
        prepared.engine.stop()


async def test_lines_of_several_pods_show_in_the_order_of_time() -> None:
    async with running() as world:
        world.write("checkout-1", "first", "third", time_=NOON, step=2 * SECONDS)
        world.write("postgres-0", "second", "fourth", time_=NOON + SECONDS, step=2 * SECONDS)
        await world.lines(4)
        assert world.texts() == ["first", "second", "third", "fourth"]
        shown = [line for line in world.shown() if line]
        assert "checkout-1" in shown[0]
        assert "postgres-0" in shown[1]


async def test_a_late_line_lands_at_its_time() -> None:
    async with running() as world:
        world.write("a-1", "one", "three", step=2 * SECONDS)
        await world.lines(2)
        world.write("b-1", "two", time_=NOON + SECONDS)
        await world.lines(3)
        assert world.texts() == ["one", "two", "three"]


async def test_moving_up_leaves_following_and_the_end_takes_it_up() -> None:
    async with running() as world:
        world.write("a-1", *many(200))
        await world.lines(200)
        viewport = world.main.pane.viewport
        assert viewport.follow
        await world.press("k")
        assert not viewport.follow
        before = [line.row for line in viewport.lines()]
        world.write("a-1", *many(50))
        await world.lines(250)
        assert [line.row for line in viewport.lines()] == before
        await world.until(lambda: "50 below" in world.main.prompt.summary.right)
        await world.press("G")
        assert viewport.follow
        assert viewport.position == 249


async def test_search_marks_and_jumps_while_the_lines_around_stay() -> None:
    async with running() as world:
        world.write("a-1", *(f"line {number} {'needle' if number in (3, 90) else 'hay'}" for number in range(120)))
        await world.lines(120)
        await world.press("g")
        await world.press("slash", *"Needle")
        await world.until(lambda: world.main.pane.viewport.position == 3)
        await world.press("enter", "n")
        await world.until(lambda: world.main.pane.viewport.position == 90)
        assert world.main.pane.viewport.view.matched == 120
        await world.press("N")
        await world.until(lambda: world.main.pane.viewport.position == 3)
        await world.press("ctrl+o")
        await world.until(lambda: world.main.pane.viewport.position == 90)
        assert world.main.pane.painter.look.needle is not None
        await world.press("escape")
        assert world.main.pane.painter.look.needle is None


async def test_a_filter_works_while_it_is_typed_and_says_what_it_hides() -> None:
    async with running() as world:
        world.write("a-1", "timeout here", "all well", "timeout of health", "fine")
        await world.lines(4)
        await world.press("ampersand", *"time")
        await world.lines(2)
        await world.press(*"out", "space", "exclamation_mark", *"health")
        await world.lines(1)
        await world.press("enter")
        assert world.texts() == ["timeout here"]
        await world.until(lambda: "1 of 4" in world.main.prompt.summary.right)
        assert '|~ "(?i)timeout" !~ "(?i)health"' in world.main.prompt.summary.left
        await world.press("escape", "escape")
        assert world.texts() == ["timeout here"]
        await world.press("backspace")
        await world.lines(4)


async def test_the_level_rises_with_each_press_and_an_error_is_found() -> None:
    async with running() as world:
        world.write("a-1", "plain", "INFO ok", "WARN slow", "ERROR bad", "\tat a.b(C.java:1)", "INFO ok again")
        await world.lines(6)
        for count in (5, 3, 2, 6):
            await world.press("l")
            await world.lines(count)
        await world.press("g", "e")
        await world.until(lambda: world.main.pane.viewport.position == 3)
        await world.press("e")
        await world.pilot.pause()
        assert world.main.pane.viewport.position == 3


async def test_the_tree_narrows_to_a_workload_and_back() -> None:
    async with running() as world:
        world.write("checkout-1", "a")
        world.write("payments-1", "b")
        await world.lines(2)
        await world.press("shift+tab")
        assert world.main.cluster_tree.has_focus
        await world.until(lambda: len(world.main.cluster_tree.rows) == 3)
        await world.press("j", "enter")
        await world.lines(1)
        assert world.texts() == ["a"]
        await world.press("j", "space")
        await world.lines(2)
        await world.press("0")
        await world.lines(2)
        assert not world.main.narrowing.now.selection.keys


async def test_pods_come_and_go_in_the_tree() -> None:
    async with running() as world:
        tree = world.main.cluster_tree
        world.stream("checkout-1")
        world.stream("checkout-2")
        await world.until(lambda: [row.label for row in tree.rows] == ["shop", "checkout"])
        await world.press("shift+tab", "j", "right")
        assert [row.label for row in tree.rows] == ["shop", "checkout", "checkout-1", "checkout-2"]
        world.cluster.inventory.remove("uid-checkout-1")
        await world.until(lambda: [row.label for row in tree.rows] == ["shop", "checkout", "checkout-2"])
        await world.press("slash", *"out-2", "enter")
        assert tree.current is not None
        assert tree.current.label == "checkout-2"


async def test_selected_lines_are_copied_whole_and_harmless() -> None:
    async with running() as world:
        world.write("a-1", "one \x1b]52;c;aGk=\x07", b"two \xff", "three\twith tab", "four")
        await world.lines(4)
        await world.press("g", "v", "j", "j", "y")
        await world.until(lambda: world.copied)
        assert world.copied == ["one ␛]52;c;aGk=␇\ntwo \ufffd\nthree\twith tab"]
        assert world.main.pane.mark is None


async def test_lines_are_saved_byte_for_byte(tmp_path: Path) -> None:
    lines = [b"one \x1b[31m", b"two \xff\xfe", b"", b"caf\xc3\xa9 \x00", b"x" * 200_000]
    async with running() as world:
        world.write("a-1", *lines)
        world.divide("a-1", NoticeKind.GAP, "a divider is no line")
        await world.lines(5)
        await world.press("ctrl+s")
        world.main.prompt.field.value = str(tmp_path / "out.log")
        await world.press("enter")
        await world.until(lambda: (tmp_path / "out.log").exists() and (tmp_path / "out.log").stat().st_size > 200_000)
        assert (tmp_path / "out.log").read_bytes() == b"".join(line + b"\n" for line in lines)
        assert (tmp_path / "out.log").stat().st_mode & 0o077 == 0
        await world.press("ctrl+s")
        world.main.prompt.field.value = str(tmp_path / "out.log")
        await world.press("enter")
        await world.until(lambda: any("exists already" in note.message for note in world.app._notifications))


async def test_a_divider_says_what_happened_and_is_not_counted() -> None:
    async with running() as world:
        world.write("a-1", "before")
        world.divide("a-1", NoticeKind.GAP, "lines may be missing here")
        world.write("a-1", "after")
        await world.lines(2)
        shown = [line for line in world.shown() if line]
        assert shown[1].startswith("── ")
        assert "a-1/app: lines may be missing here" in shown[1]


async def test_hostile_lines_reach_the_screen_without_a_single_control_byte() -> None:
    lines = [
        "\x1b[2J\x1b]0;owned\x07",
        "[bold]not markup[/] [link=http://x]y[/link]",
        "a\rb\x00c",
        "x \u202egnp.exe",
        "接続 e\u0301 🚀",
        "t\tab",
    ]
    async with running((100, 20)) as world:
        world.write("a-1", *lines, b"\xff\xfe latin", "y" * 5_000_000)
        await world.lines(8)
        for wrap in (False, True):
            world.main.pane.wrap = wrap
            await world.press("g")
            for _ in range(3):
                for y in range(world.main.pane.size.height):
                    strip = world.main.pane.render_line(y)
                    assert strip.cell_length == world.main.pane.size.width
                    assert not [
                        character for character in strip.text if ord(character) < 32 or 0x7F <= ord(character) < 0xA0
                    ]
                await world.press("pagedown")
        world.main.pane.wrap = False
        await world.press("g")
        text = "\n".join(world.shown())
        assert "[bold]not markup[/] [link=http://x]y[/link]" in text
        assert "␛[2J␛]0;owned␇" in text
        assert "<U+202E>gnp.exe" in text
        assert "KiB more" not in text


async def test_wrapped_lines_keep_the_cursor_line_whole_in_sight() -> None:
    async with running((90, 20)) as world:
        world.write("a-1", *(f"{number} " + "word " * 60 for number in range(30)))
        await world.lines(30)
        await world.press("w", "g")
        pane = world.main.pane
        assert pane.painter.height(pane.viewport.view.store, pane.viewport.cursor or 0) > 3
        for _ in range(29):
            await world.press("j")
            rows = [line.row for line in pane.viewport.lines()]
            assert rows.count(pane.viewport.cursor or 0) == pane.painter.height(
                pane.viewport.view.store, pane.viewport.cursor or 0
            )
        assert pane.viewport.position == 29


async def test_timestamps_go_through_their_four_forms() -> None:
    async with running() as world:
        world.write("a-1", "one", "two")
        await world.lines(2)
        world.main.pane.timestamps = "utc"
        await world.pilot.pause()
        assert any("12:00:01.000" in line for line in world.shown())
        await world.press("t")
        assert any("+1.000" in line for line in world.shown())
        await world.press("t")
        assert not any("12:00" in line or "+1.000" in line for line in world.shown())
        await world.press("t")
        assert world.main.pane.timestamps == "local"


async def test_older_lines_are_read_at_the_top() -> None:
    async with running() as world:
        world.write("a-1", *many(100))
        await world.lines(100)
        number = world.stream("a-1")
        world.cluster.older = [batch_of([b"older 1", b"older 2"], [NOON - 2 * SECONDS, NOON - SECONDS], number)]
        await world.press("g")
        await world.lines(102)
        assert world.texts()[:3] == ["older 1", "older 2", "line 0"]
        assert world.main.pane.viewport.view.store.find(world.main.pane.viewport.cursor or 0) is not None
        assert world.main.pane.viewport.position == 2


async def test_a_summary_is_shown_before_it_is_sent_then_streams_and_its_citations_lead_to_lines() -> None:
    model = ScriptedModel(ANSWER)
    async with running(model=model) as world:
        world.write("checkout-1", *(f"ERROR pool timeout {number}" for number in range(40)))
        await world.lines(40)
        await world.press("g", "v", *["j"] * 29)
        await world.press("s")
        await world.until(lambda: isinstance(world.app.screen, SendingScreen))
        shown = world.app.screen.query_one("#popup-text").render()
        assert model.asked == []
        await world.press("enter")
        await world.until(lambda: world.main.query(Answer) and not world.main.sending.running and model.asked)
        await world.until(lambda: "complete" in str(world.main.query_one(".answer-state").render()))
        sent = "\n\n".join(f"── {message.role} ──\n{message.text}" for message in model.asked[0])
        assert str(shown) == f'{sent}\n\n── request ──\n{{"model":"scripted","stream":true}}'
        assert "[L30]" in sent
        assert "[L31]" not in sent
        assert "pool ran out [L1]" in world.main.sending.text
        await world.press("tab")
        assert world.main.assistant.has_focus
        await world.press("n", "n")
        assert "ERROR pool timeout 1" in str(world.main.query_one("#citation").render())
        await world.press("enter")
        await world.until(lambda: world.main.pane.has_focus and world.main.pane.viewport.position == 1)
        await world.press("ctrl+o")
        await world.until(lambda: world.main.pane.viewport.position == 29)


async def test_what_is_not_agreed_to_is_not_sent() -> None:
    model = ScriptedModel(ANSWER)
    async with running(model=model) as world:
        world.write("a-1", "one")
        await world.lines(1)
        await world.press("s")
        await world.until(lambda: isinstance(world.app.screen, SendingScreen))
        await world.press("escape")
        assert model.asked == []
        assert "not sent" in str(world.main.query_one(".answer-state").render())
        await world.press("s")
        await world.until(lambda: isinstance(world.app.screen, SendingScreen))
        await world.press("A")
        await world.until(lambda: len(model.asked) == 1)
        assert world.agreed == {"model.example"}
        await world.until(lambda: not world.main.sending.running)
        await world.press("s")
        await world.until(lambda: len(model.asked) == 2)


async def test_a_follow_up_keeps_the_conversation() -> None:
    model = ScriptedModel(ANSWER)
    async with running(model=model, confirm="never") as world:
        world.write("a-1", "one", "two", "three")
        await world.lines(3)
        await world.press("s")
        await world.until(lambda: len(model.asked) == 1 and not world.main.sending.running)
        await world.press("tab", "a")
        await world.press(*"why", "enter")
        await world.until(lambda: len(model.asked) == 2)
        assert [message.role for message in model.asked[1]] == ["system", "user", "assistant", "user"]
        assert model.asked[1][3].text == "why"
        assert len(world.main.query(Answer)) == 2


async def test_escape_cancels_an_answer_that_is_coming() -> None:
    model = ScriptedModel([Started(), Delta("a beginning")], hold=True)
    async with running(model=model, confirm="never") as world:
        world.write("a-1", "one")
        await world.lines(1)
        await world.press("s")
        await world.until(lambda: world.main.sending.text == "a beginning")
        await world.press("escape")
        await world.until(lambda: model.cancelled and not world.main.sending.running)
        assert "cancelled" in str(world.main.query_one(".answer-state").render())


@pytest.mark.parametrize("failure", [Failure.NO_MODEL, Failure.UNREACHABLE, Failure.TOO_LONG, Failure.INCOMPLETE])
async def test_a_failure_is_one_sentence_in_the_panel_and_the_counts_are_there_all_the_same(failure: Failure) -> None:
    model = ScriptedModel([Started(), Delta("half"), Failed(failure, f"It did not work: {failure}.")])
    if failure is Failure.NO_MODEL:
        model.host = ""
    async with running(model=model, confirm="never") as world:
        world.write("a-1", "ERROR one", "ERROR two")
        await world.lines(2)
        await world.press("s")
        await world.until(
            lambda: world.main.query(Answer) and "did not work" in str(world.main.query_one(".answer-state").render())
        )
        assert "2 lines" in world.main.query_one(Answer).counted
        assert not world.main.sending.running


async def test_a_cited_line_that_the_filter_hides_is_told_and_the_filter_stays() -> None:
    model = ScriptedModel(ANSWER)
    async with running(model=model, confirm="never") as world:
        world.write("a-1", "alpha", "beta", "gamma")
        await world.lines(3)
        await world.press("s")
        await world.until(lambda: model.asked and not world.main.sending.running)
        await world.press("ampersand", *"beta", "enter")
        await world.lines(1)
        await world.press("tab", "enter")
        await world.until(lambda: any("alpha" in note.message for note in world.app._notifications))
        assert world.texts() == ["beta"]


async def test_the_panel_shows_what_was_sent() -> None:
    model = ScriptedModel(ANSWER)
    async with running(model=model, confirm="never") as world:
        world.write("a-1", "password=hunter2hunter2")
        await world.lines(1)
        await world.press("s")
        await world.until(lambda: model.asked and not world.main.sending.running)
        await world.press("tab", "S")
        text = str(world.app.screen.query_one("#popup-text").render())
        assert "<secret:password:1>" in text
        assert "hunter2" not in text
        assert "hunter2" not in str(model.asked)


async def test_receipts_contexts_help_and_description_open_and_close() -> None:
    async with running(contexts=("one", "two")) as world:
        world.write("a-1", "x")
        await world.lines(1)
        await world.press("R")
        assert isinstance(world.app.screen, StreamsScreen)
        await world.until(lambda: len(world.app.screen.list.rows) == 1)
        await world.press("q", "question_mark")
        assert isinstance(world.app.screen, HelpScreen)
        await world.press("escape", "d")
        await world.until(lambda: isinstance(world.app.screen, TextScreen) and world.cluster.described)
        await world.until(lambda: "Events:  none" in str(world.app.screen.query_one("#popup-text").render()))
        await world.press("q", "C")
        assert isinstance(world.app.screen, ContextScreen)
        await world.until(lambda: len(world.app.screen.list.rows) == 2)
        await world.press("j", "enter")
        await world.until(lambda: world.cluster.closed)
        await world.until(lambda: world.main.snapshot is not None and world.main.snapshot.context == "two")
        assert world.main.pane.viewport.view.store.lines == 1
        assert world.main.pane.viewport.view.matched == 0


async def test_leaving_asks_when_lines_would_be_lost() -> None:
    async with running() as world:
        world.write("a-1", "x")
        await world.lines(1)
        await world.press("q")
        assert isinstance(world.app.screen, QuestionScreen)
        await world.press("n")
        assert not isinstance(world.app.screen, QuestionScreen)
        await world.press("ctrl+q")
        await world.press("y")
        assert world.app.return_value == 0


async def test_a_cluster_that_cannot_be_opened_is_said_where_the_user_looks() -> None:
    async with running(fail="There is no kubeconfig anywhere: give one, or try: hallucino demo") as world:
        await world.until(lambda: "no kubeconfig anywhere" in " ".join(world.shown()))
        await world.press("q")
        assert world.app.return_value == 0


@pytest.mark.parametrize("size", [(80, 24), (120, 30), (300, 80)])
async def test_panels_share_the_room_that_there_is(size: tuple[int, int]) -> None:
    async with running(size) as world:
        world.write("a-1", "x")
        await world.lines(1)
        main = world.main
        narrow = size[0] < 100
        assert main.cluster_tree.display is not narrow
        await world.press("ctrl+e")
        assert main.assistant.display
        assert main.pane.parent is not None
        assert main.query_one("#center").display is not narrow
        await world.press("ctrl+e")
        assert not main.assistant.display
        assert main.pane.has_focus
        await world.press("f")
        assert not main.cluster_tree.display
        await world.press("f", "ctrl+t")
        assert main.cluster_tree.display is narrow
        for widget in (main.status, main.pane):
            assert widget.size.width <= size[0]


async def test_a_user_chooses_keys_theme_and_the_look() -> None:
    settings = Settings(
        screen=ScreenSettings(theme="light", keys="k9s", timestamps="off", wrap=True), keys={"logs.wrap": "W"}
    )
    async with running(settings=settings) as world:
        world.write("a-1", "one", "two")
        await world.lines(2)
        assert world.app.theme == "light"
        assert world.main.pane.timestamps == "off"
        await world.press("W")
        assert not world.main.pane.wrap
        await world.press("slash", *"two", "enter")
        await world.lines(1)


async def test_the_palette_offers_what_keys_do() -> None:
    async with running() as world:
        world.write("a-1", "one", "two")
        await world.lines(2)
        await world.press("ctrl+p")
        await world.press(*"timestamps", "enter")
        await world.until(lambda: world.main.pane.timestamps == "utc")


async def test_the_status_line_sums_the_receipts() -> None:
    async with running() as world:
        world.write("a-1", "one")
        world.stream("b-1")
        await world.lines(1)
        world.cluster.logs.known[1].change(StreamState.RECONNECTING, 0)
        await world.until(lambda: "1 reconnecting" in world.main.status.render_line(0).text)
        assert "0 lost" in world.main.status.render_line(0).text
        world.cluster.logs.known[1].gaps = 2
        await world.until(lambda: "2 possible gaps" in world.main.status.render_line(0).text)


async def test_a_click_puts_the_cursor_there_and_the_wheel_scrolls() -> None:
    async with running() as world:
        world.write("a-1", *many(200))
        await world.lines(200)
        top = world.main.pane.viewport.view.nearest(world.main.pane.viewport.lines()[0].row)
        await world.pilot.click("#logs", offset=(20, 5))
        assert world.main.pane.viewport.position == top + 5
        world.main.pane.viewport.scroll(-30)
        world.main.pane.changed()
        assert not world.main.pane.viewport.follow


async def test_keys_that_are_typed_ahead_go_where_they_belong() -> None:
    async with running() as world:
        world.write("a-1", *(f"line {number} d" for number in range(100)))
        await world.lines(100)
        for key in [*"&line 9", "enter", *"gg/93", "enter", "k", "tab", *"/a-1", "enter", "tab", "F"]:
            character = key if len(key) == 1 else None
            world.app.post_message(events.Key(_character_to_key(key) if character else key, character))
        await world.until(lambda: world.main.narrowing.now.texts == ("line 9",))
        await world.lines(19)
        await world.until(lambda: world.main.finding.needle == "93")
        await world.until(lambda: world.main.cluster_tree._needle == "a-1")
        await world.until(lambda: world.main.pane.has_focus)
        assert not world.main.prompt.purpose
        assert world.app.screen is world.main
