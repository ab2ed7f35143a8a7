"""Textual bindings from the one table of keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from textual.binding import Binding

from hallucino_tui.config.keys import KEYS, Where, shown

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from textual.app import App
    from textual.binding import BindingType, Keymap
    from textual.message_pump import MessagePump
    from textual.widget import Widget

    from hallucino_tui.config.keys import Key


APP_ACTIONS: Final = frozenset({"help", "command_palette", "quit", "suspend_process", "interrupt"})
"""Actions of keys for anywhere that the app does itself, so that they work over pop-ups, too."""


def app_bindings() -> list[BindingType]:
    """Return the bindings of the app."""
    return [binding for binding in bindings_for(Where.ANYWHERE) if getattr(binding, "action", "") in APP_ACTIONS]


def screen_bindings(own: Container[str]) -> list[BindingType]:
    """Return the bindings for anywhere that the main screen does."""
    ids = {f"anywhere.{action}" for action in APP_ACTIONS}
    return [binding for binding in bindings_for(Where.ANYWHERE, own) if getattr(binding, "id", "") not in ids]


def bindings_for(where: Where, own: Container[str] | None = None) -> list[BindingType]:
    """Return the bindings of a place, with the table's ids, so that a user's keys can replace the keys.

    Args:
        where: The place.
        own: The actions that the place's widget does itself; the screen does the others. None if it does them all.
    """
    return [
        Binding(
            ",".join(key.keys),
            key.action if own is None or key.action in own else f"screen.do({key.id!r})",
            key.title,
            show=bool(key.footer),
            key_display=shown(key.keys[0]),
            priority=key.priority,
            tooltip=key.help,
            id=key.id,
        )
        for key in KEYS
        if key.where is where
    ]


def action_of(owner: Widget, key: Key) -> str | None:
    """Return the action that a key calls in a widget, or in the app; None if it has none."""
    for part, prefix in ((owner, ""), (app_of(owner), "app.")):
        for binding in part.BINDINGS:
            if isinstance(binding, Binding) and binding.id == key.id:
                return f"{prefix}{binding.action}"
    return None


def close_bindings() -> list[BindingType]:
    """Return the bindings that close a pop-up: what goes back or closes anywhere else does so there, too."""
    wanted = {"anywhere.back", "anywhere.close"}
    return [Binding(",".join(key.keys), "close", key.title, show=False, id=key.id) for key in KEYS if key.id in wanted]


def hint(app: App[Any], **words: str) -> str:
    """Return in one line what keys of a pop-up do.

    Args:
        app: Knows the keys in effect.
        words: What is said behind a key, by its id with ``__`` for the dot.
    """
    table = {key.id: key.keys for key in getattr(app, "keys", KEYS)}
    found = ((table.get(name.replace("__", ".")), said) for name, said in words.items())
    return "    ".join(f"{shown(keys[0])} {said}" for keys, said in found if keys)


def keymap_of(table: Iterable[Key]) -> Keymap:
    """Return what a user's keys change, as Textual wants it."""
    defaults = {key.id: key.keys for key in KEYS}
    return {key.id: ",".join(key.keys) for key in table if key.keys != defaults[key.id]}


def app_of(part: MessagePump) -> App[Any]:
    """Return the app that a part belongs to; Textual's own property leaves its type open."""
    return cast("App[Any]", part.app)  # pyright: ignore[reportUnknownMemberType]
