"""The one table of keys, and the presets that change it. All else that names keys is made from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hallucino_tui.config.key import Key

if TYPE_CHECKING:
    from collections.abc import Mapping


def _key(
    id_: str,
    keys: str,
    title: str,
    help_: str = "",
    *,
    footer: int = 0,
    palette: bool = True,
    priority: bool = False,
) -> Key:
    return Key(id_, tuple(keys.split()), title, help_, footer, palette, priority)


def _move(id_: str, keys: str, title: str) -> Key:
    return Key(id_, tuple(keys.split()), title, palette=False)


LOOKS: Final = 9
"""How many suggested looks have a key."""

_MORE_LOOKS: Final = tuple(
    f"The same of the {place} one"
    for place in ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
)

KEYS: Final[tuple[Key, ...]] = (
    _key("anywhere.help", "question_mark", "keys", "Show all keys", footer=1),
    _key("anywhere.command_palette", "ctrl+p colon", "commands", "Open the command palette", palette=False),
    _move("anywhere.next_panel", "tab", "next panel"),
    _move("anywhere.previous_panel", "shift+tab", "previous panel"),
    _key("anywhere.tree", "ctrl+t", "tree", "Show or hide the cluster tree", priority=True),
    _key("anywhere.assistant", "ctrl+e", "assistant", "Show or hide the assistant"),
    _key("anywhere.full_screen", "f", "full screen", "Give this panel the whole screen, and back"),
    _key("anywhere.streams", "R", "receipts", "List all streams: lines, replays dropped, reconnects, possible gaps"),
    _key(
        "anywhere.patterns", "ctrl+l", "patterns",
        "List the kinds of lines that come in: how many, since when, which are new, surge or are gone",
    ),
    _key("anywhere.models", "M", "models", "List the models that can be asked, and choose one"),
    _key("anywhere.notebook", "ctrl+n", "notebook", "Show the incident notebook: what was kept, with your notes"),
    _key("anywhere.context", "C", "context", "Switch to another cluster"),
    _key("anywhere.close", "q", "close", "Close this screen; at the root, leave the program", palette=False),
    _key("anywhere.quit", "ctrl+q", "quit", "Leave the program", priority=True),
    _key("anywhere.suspend_process", "ctrl+z", "suspend", "Put it into the background", priority=True, palette=False),
    _key(
        "anywhere.interrupt", "ctrl+c", "copy or cancel",
        "Copy what is selected, else cancel what runs; twice: leave the program", priority=True, palette=False,
    ),
    _key(
        "anywhere.back", "escape", "back",
        "Close a pop-up, leave a field, drop the selection, clear search marks, cancel the answer; never the filter",
        palette=False,
    ),
    _move("tree.cursor_down", "j down", "down"),
    _move("tree.cursor_up", "k up", "up"),
    _move("tree.top", "g home", "top"),
    _move("tree.bottom", "G end", "bottom"),
    _move("tree.page_down", "pagedown ctrl+f ctrl+d", "page down"),
    _move("tree.page_up", "pageup ctrl+b ctrl+u", "page up"),
    _move("tree.expand", "right", "expand"),
    _move("tree.collapse", "left", "collapse"),
    _key("tree.show_only", "enter", "only this", "Show the lines of this only; again: of all", footer=1),
    _key("tree.add", "space", "add", "Add the lines of this to what shows, or take them away", footer=1),
    _key("tree.find", "slash", "find", "Find a name in the tree", footer=1),
    _move("tree.find_next", "n", "next"),
    _move("tree.find_previous", "N", "previous"),
    _key("tree.describe", "d", "describe", "Describe it, with its events", footer=1),
    _key("tree.previous_run", "p", "previous run", "Read the log of the run before the last restart", footer=1),
    _key("tree.show_all", "0", "all", "Show the lines of all that is read", footer=1),
    _move("logs.cursor_down", "j down", "down"),
    _move("logs.cursor_up", "k up", "up"),
    _move("logs.half_page_down", "ctrl+d", "half a page down"),
    _move("logs.half_page_up", "ctrl+u", "half a page up"),
    _move("logs.page_down", "pagedown ctrl+f", "page down"),
    _move("logs.page_up", "pageup ctrl+b", "page up"),
    _key("logs.top", "g home", "top", "Go to the oldest line; older ones are read then"),
    _key("logs.bottom", "G end", "bottom", "Go to the newest line and follow"),
    _move("logs.pan_left", "left", "pan left"),
    _move("logs.pan_right", "right", "pan right"),
    _key("logs.follow", "F", "follow", "Follow the newest lines, or stop", footer=2),
    _key("logs.next_error", "e", "next error", "Go to the next line of level error or worse", footer=2),
    _key("logs.previous_error", "E", "previous error", "Go to the error before"),
    _key("logs.jump_back", "ctrl+o", "jump back", "Go back to where you were before the last jump"),
    _key("logs.search", "slash", "search", "Find text; the lines around it stay", footer=1),
    _move("logs.find_next", "n", "next match"),
    _move("logs.find_previous", "N", "previous match"),
    _key(
        "logs.filter", "ampersand", "filter",
        "Show only lines with these words (!word takes lines away), or those that a query lets through", footer=1,
    ),
    _key("logs.filter_more", "vertical_line", "one more filter", "Put one more filter on those that hold"),
    _key("logs.filters", "X", "filters", "List the filters: switch them on and off, change or remove them"),
    _key("logs.matches_only", "x", "matches only", "Hide what the filters do not let through, or mark what they do"),
    _key("logs.keep_like", "plus", "only such lines", "Show only lines like this one; again: no longer"),
    _key("logs.hide_like", "minus", "no such lines", "Hide lines like this one"),
    _key("logs.level", "l", "level", "Show lines from the next higher level on; again and again"),
    _key("logs.undo", "backspace", "undo filter", "Take back the last narrowing"),
    _key("logs.last_1", "2", "last minute", "Show lines of the last minute only"),
    _key("logs.last_5", "3", "last 5 minutes"),
    _key("logs.last_15", "4", "last 15 minutes"),
    _key("logs.last_30", "5", "last 30 minutes"),
    _key("logs.last_60", "6", "last hour"),
    _key("logs.show_all", "0", "all times", "Show all times of all streams that are read; filters stay"),
    _key("logs.zoom", "z", "zoom in", "Show only the time of the selected lines, or of this bucket of the timeline"),
    _key("logs.unzoom", "Z", "zoom out", "Show all times again; if they show: old lines in the timeline, too, or not"),
    _key("logs.histogram", "h", "timeline", "Show or hide the timeline above the logs", footer=2),
    _key("logs.previous_bucket", "left_square_bracket", "earlier bucket", "Go back by one bucket of the timeline"),
    _key("logs.next_bucket", "right_square_bracket", "later bucket", "Go on by one bucket of the timeline"),
    _key("logs.go_to_time", "ctrl+g", "go to a time", "Go to a time: 12:06, 2026-11-25 12:06, -5m, +30s"),
    _key("logs.bookmark", "m", "bookmark", "Set a bookmark at this line, or take it away"),
    _key("logs.next_bookmark", "u", "next bookmark", "Go to the next bookmark"),
    _key("logs.previous_bookmark", "U", "previous bookmark", "Go to the bookmark before"),
    _key("logs.detail", "enter", "whole line", "Show the line whole, with its fields", footer=2),
    _key("logs.pretty", "P", "pretty", "Show JSON over several lines, and stack traces with their first line"),
    _key("logs.wrap", "w", "wrap", "Wrap long lines, or not", footer=2),
    _key("logs.timestamps", "t", "timestamps", "Show no times, local ones, UTC, or the time since the line before"),
    _key("logs.previous_run", "p", "previous run", "Read the log of this container's run before the last restart"),
    _key("logs.describe", "d", "describe", "Describe the pod of this line, with its events"),
    _key("logs.select", "v V", "select", "Begin or end a selection of lines", footer=1),
    _key("logs.copy", "y c", "copy", "Copy the selected lines, or this one"),
    _key("logs.save", "ctrl+s", "save", "Save the selected lines, or all that show, byte for byte"),
    _key("logs.pin", "K", "keep", "Keep the selected lines, or this one, in the incident notebook"),
    _key("logs.pin_view", "ctrl+k", "keep view", "Keep in the notebook what shows: filters, counts, the newest lines"),
    _key(
        "logs.report", "r", "root cause",
        "Write up the selection, or what shows, with no model: what happened in order, the likely first cause; then "
        "ask the model for the cause, if one is set up",
        footer=1,
    ),
    _key("logs.summarise", "s", "summarise", "Ask the model to sum up the selection, or what shows", footer=1),
    _key("logs.ask", "a", "ask", "Ask the model about the selection, or about what shows", footer=1),
    _key("logs.explain", "i", "explain", "Ask the model what the line under the cursor means, given those around it"),
    _key(
        "logs.compare", "b", "compare",
        "Keep the selection, or what shows, to compare it; then, with other lines: ask the model what differs",
    ),
    _key("assistant.find_next", "n", "next citation", "Go to the next cited line in the answer", footer=1),
    _key("assistant.find_previous", "N", "previous citation", "Go to the citation before"),
    _key("assistant.jump", "enter", "to the line", "Show the cited line in the logs", footer=1, palette=False),
    *(
        _key(f"assistant.look_{number}", str(number), f"look {number}", help_, palette=False)
        for number, help_ in enumerate(("Show the lines of the first suggested look", *_MORE_LOOKS), start=1)
    ),
    _key("assistant.again", "ctrl+r", "again", "Ask the same again"),
    _key("assistant.ask", "a", "follow-up", "Ask something more about the same lines", footer=1),
    _key("assistant.update", "u", "incident update", "Ask for a short update for people who read no logs"),
    _key("assistant.command", "x", "copy a command", "Copy the next command that the answer offers; none is ever run"),
    _key("assistant.pin", "K", "keep", "Keep this answer in the incident notebook, with the lines it rests on"),
    _key("assistant.sent", "S", "what is sent", "Show what is or was sent to the model", footer=1),
    _key("assistant.copy", "y c", "copy", "Copy the answer"),
    _move("assistant.scroll_down", "j down", "down"),
    _move("assistant.scroll_up", "k up", "up"),
    _move("assistant.page_down", "pagedown ctrl+f ctrl+d", "page down"),
    _move("assistant.page_up", "pageup ctrl+b ctrl+u", "page up"),
    _move("assistant.top", "g home", "top"),
    _move("assistant.bottom", "G end", "bottom"),
    _key("filters.switch", "space", "on or off", "Switch this filter on or off", palette=False),
    _key("filters.remove", "d delete backspace", "remove", "Take this filter away", palette=False),
    _key("patterns.sort", "s", "sort", "Sort by count, by what is newest, by level, by surprise", palette=False),
    _key("patterns.find", "slash", "find", "List only patterns with this text", palette=False),
    _key("patterns.keep", "plus", "only these", "Show only lines of this pattern; again: no longer", palette=False),
    _key("patterns.hide", "minus", "not these", "Hide the lines of this pattern; again: no longer", palette=False),
    _key(
        "models.forget", "d delete", "forget",
        "Take back that lines go to this model's host without a question", palette=False,
    ),
    _key("detail.filter", "enter equals_sign", "filter", "Show only lines with this value", palette=False),
    _key("detail.exclude", "exclamation_mark", "exclude", "Show only lines without this value", palette=False),
    _key("detail.column", "c", "column", "Show this field in a column of its own, or no more", palette=False),
    _key("detail.copy", "y", "copy", "Copy this value", palette=False),
    _key("detail.pretty", "P", "pretty", "Show JSON over several lines, or as it came", palette=False),
    _move("detail.text_down", "J", "text down"),
    _move("detail.text_up", "K", "text up"),
    _key("notebook.note", "n", "note", "Write a note to this entry", palette=False),
    _key("notebook.go", "l", "go there", "Go to these lines in the logs, or to when they were", palette=False),
    _key("notebook.remove", "d delete", "delete", "Delete this entry; asks first", palette=False),
    _key("notebook.move_down", "J", "move down", "Put this entry behind the next one", palette=False),
    _key("notebook.move_up", "K", "move up", "Put this entry in front of the one before", palette=False),
    _key("notebook.title", "t", "title", "Give the incident a name", palette=False),
    _key("notebook.export", "x ctrl+s", "export", "Write the notebook as Markdown or HTML", palette=False),
    _key("notebook.open", "o", "open", "Open another notebook, or begin a new one", palette=False),
    _move("list.cursor_down", "j down", "down"),
    _move("list.cursor_up", "k up", "up"),
    _move("list.page_down", "pagedown ctrl+f ctrl+d", "page down"),
    _move("list.page_up", "pageup ctrl+b ctrl+u", "page up"),
    _move("list.top", "g home", "top"),
    _move("list.bottom", "G end", "bottom"),
    _key("list.choose", "enter", "choose", palette=False),
    _move("text.scroll_down", "j down", "down"),
    _move("text.scroll_up", "k up", "up"),
    _move("text.page_down", "pagedown space ctrl+f ctrl+d", "page down"),
    _move("text.page_up", "pageup ctrl+b ctrl+u", "page up"),
    _move("text.top", "g home", "top"),
    _move("text.bottom", "G end", "bottom"),
    _key("question.yes", "y enter", "yes", palette=False),
    _key("question.no", "n", "no", palette=False),
    _key("sending.send", "enter", "send", "Send what is shown", footer=1, palette=False),
    _key("sending.agree", "A", "send, and agree", "Send it; ask no more for this host", footer=1, palette=False),
)  # fmt: skip

PRESETS: Final[Mapping[str, Mapping[str, str]]] = {
    "default": {},
    # k9s: / filters, s switches following; what these keys do here moves aside.
    "k9s": {
        "logs.filter": "slash",
        "logs.search": "ampersand",
        "logs.follow": "s F",
        "logs.summarise": "ctrl+a",
        "logs.copy": "c y",
        "tree.show_only": "enter l",
    },
    # less: space and b turn pages, and - as there - < and > go to the ends.
    "less": {
        "logs.page_down": "space pagedown ctrl+f",
        "logs.page_up": "b pageup ctrl+b",
        "logs.top": "g less_than_sign home",
        "logs.bottom": "G greater_than_sign end",
        "logs.half_page_down": "ctrl+d",
        "logs.half_page_up": "u ctrl+u",
        "logs.compare": "B",
        "logs.next_bookmark": "apostrophe",
        "logs.previous_bookmark": "quotation_mark",
    },
}
