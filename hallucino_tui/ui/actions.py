"""What the keys of the table do on the main screen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from hallucino_tui.config.keys import LOOKS
from hallucino_tui.ui.work import start

if TYPE_CHECKING:
    from collections.abc import Callable

    from hallucino_tui.ui.screens.main import MainScreen


def actions_of(main: MainScreen) -> dict[str, Callable[[], object]]:
    """Return what the screen does for the keys that no widget takes itself, by their ids."""
    return {**_anywhere(main), **_moving(main), **_narrowing(main), **_taking(main), **_asking(main)}


def _anywhere(main: MainScreen) -> dict[str, Callable[[], object]]:
    return {
        "anywhere.tree": lambda: main.toggle("tree"),
        "anywhere.assistant": lambda: main.toggle("assistant"),
        "anywhere.full_screen": main.full_screen,
        "anywhere.streams": main.taking.receipts,
        "anywhere.patterns": main.patterns.list_patterns,
        "anywhere.models": main.models.show,
        "anywhere.notebook": main.notebooks.show,
        "anywhere.context": main.taking.contexts,
        "anywhere.back": main.back,
        "anywhere.close": main.leave,
    }


def _moving(main: MainScreen) -> dict[str, Callable[[], object]]:
    find, timing, marking = main.finding, main.timing, main.marking
    return {
        "logs.search": lambda: main.typing.open("search"),
        "logs.find_next": lambda: find.step(backwards=False),
        "logs.find_previous": lambda: find.step(backwards=True),
        "logs.next_error": lambda: find.error(backwards=False),
        "logs.previous_error": lambda: find.error(backwards=True),
        "logs.jump_back": find.back,
        "logs.bookmark": marking.toggle,
        "logs.next_bookmark": lambda: marking.step(1),
        "logs.previous_bookmark": lambda: marking.step(-1),
        "logs.next_bucket": lambda: timing.step(1),
        "logs.previous_bucket": lambda: timing.step(-1),
        "logs.go_to_time": lambda: main.typing.open("time"),
        "logs.histogram": main.toggle_timeline,
    }


def _narrowing(main: MainScreen) -> dict[str, Callable[[], object]]:
    narrow, timing = main.narrowing, main.timing
    return {
        "logs.filter": lambda: main.typing.open("filter"),
        "logs.filter_more": lambda: main.typing.open("filter_more"),
        "logs.filters": lambda: narrow.list_filters(main.pane.painter.palette, main.typing.change_filter),
        "logs.matches_only": narrow.toggle_matches_only,
        "logs.keep_like": lambda: main.patterns.like("kept"),
        "logs.hide_like": lambda: main.patterns.like("hidden"),
        "logs.level": narrow.next_level,
        "logs.last_1": lambda: timing.last(1),
        "logs.last_5": lambda: timing.last(5),
        "logs.last_15": lambda: timing.last(15),
        "logs.last_30": lambda: timing.last(30),
        "logs.last_60": lambda: timing.last(60),
        "logs.zoom": timing.zoom,
        "logs.unzoom": timing.unzoom,
        "logs.undo": narrow.undo,
        "logs.show_all": narrow.all,
    }


def _taking(main: MainScreen) -> dict[str, Callable[[], object]]:
    take = main.taking
    return {
        "logs.detail": main.looking.detail,
        "logs.pretty": main.looking.pretty,
        "logs.previous_run": lambda: take.previous_run(None),
        "logs.describe": lambda: take.describe(None),
        "logs.copy": take.copy,
        "logs.pin": main.notebooks.pin_lines,
        "logs.pin_view": main.notebooks.pin_view,
        "logs.save": lambda: main.typing.open("save"),
        "assistant.copy": lambda: take.copy_answer(main.sending, main.citing.rows()),
    }


def _asking(main: MainScreen) -> dict[str, Callable[[], object]]:
    return {
        "logs.report": main.report,
        "logs.summarise": lambda: main.ask(""),
        "logs.ask": lambda: main.typing.open("ask"),
        "logs.explain": main.explain,
        "logs.compare": lambda: start(main, "ask", main.compare),
        "assistant.ask": lambda: main.typing.open("follow_up"),
        "assistant.again": lambda: start(main, "ask", main.asking.again),
        "assistant.update": lambda: start(main, "ask", main.asking.update),
        "assistant.command": main.taking.copy_command,
        "assistant.pin": main.pin_answer,
        "assistant.sent": main.sending.show_sent,
        **{f"assistant.look_{place}": partial(main.citing.look, place) for place in range(1, LOOKS + 1)},
    }
