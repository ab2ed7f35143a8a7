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
            show=key.footer,
            key_display=shown(key.keys[0]),
            priority=key.priority,
            tooltip=key.help,
            id=key.id,
        )
        for key in KEYS
        if key.where is where
    ]


def keymap_of(table: Iterable[Key]) -> Keymap:
    """Return what a user's keys change, as Textual wants it."""
    defaults = {key.id: key.keys for key in KEYS}
    return {key.id: ",".join(key.keys) for key in table if key.keys != defaults[key.id]}


def app_of(part: MessagePump) -> App[Any]:
    """Return the app that a part belongs to; Textual's own property leaves its type open."""
    return cast("App[Any]", part.app)  # pyright: ignore[reportUnknownMemberType]
