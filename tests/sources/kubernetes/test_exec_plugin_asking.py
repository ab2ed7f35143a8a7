"""Login plugins that ask: only with a terminal, and only where their kubeconfig lets them."""

from __future__ import annotations

import secrets

import pytest
from kube_files import all_text
from kube_plugins import Plugin, Terminal, credential, printing

from hallucino_tui.session.interactive import TerminalOutput
from hallucino_tui.sources.kubernetes.errors import LoginError

COUNTING = "echo x >> ${0%/*}/runs\n"
"""Leaves a mark each time that the plugin runs without a terminal."""


async def test_one_that_always_asks_gets_the_terminal_and_nothing_else_is_tried(plugin: Plugin) -> None:
    plugin.script(f"{COUNTING}exit 1", interactiveMode="Always", args=["login"])
    terminal = Terminal()
    assert await plugin.token(terminal) == "typed"
    (call,) = terminal.calls
    assert list(call.arguments) == [str(plugin.folder / "plugin"), "login"]
    assert call.sentence == "The login plugin plugin has to ask you something:"
    assert terminal.told()["spec"] == {"interactive": True}
    assert call.environment["HOME"]
    assert not plugin.has_left("runs")


async def test_one_that_always_asks_cannot_be_used_without_a_terminal(plugin: Plugin) -> None:
    plugin.script(f"{COUNTING}{printing(credential(token='t'))}", interactiveMode="Always")
    said = await plugin.failure()
    assert said == "The login plugin plugin has to ask, and there is no terminal: log in from one first."
    assert not plugin.has_left("runs")


async def test_one_that_never_asks_does_not_get_the_terminal(plugin: Plugin) -> None:
    plugin.script("echo 'no session' >&2; exit 1", interactiveMode="Never")
    terminal = Terminal()
    assert "failed with exit code 1: no session" in await plugin.failure(terminal)
    assert terminal.calls == []


@pytest.mark.parametrize("mode", ["IfAvailable", None])
async def test_one_that_may_ask_is_first_run_quietly(mode: str | None, plugin: Plugin) -> None:
    settings = {} if mode is None else {"interactiveMode": mode}
    plugin.script(f"{COUNTING}{printing(credential(token='quiet'))}", **settings)
    terminal = Terminal()
    assert await plugin.token(terminal) == "quiet"
    assert terminal.calls == []
    plugin.script(f"{COUNTING}echo 'nobody to ask' >&2; exit 1")
    assert await plugin.token(terminal) == "typed"
    assert terminal.told()["spec"] == {"interactive": True}
    assert "failed with exit code 1: nobody to ask" in await plugin.failure(None)
    assert plugin.left("runs") == "x\n" * 3


async def test_what_fails_on_the_terminal_is_said_as_well(plugin: Plugin) -> None:
    plugin.script("exit 1", interactiveMode="Always")
    secret = secrets.token_urlsafe(24)
    plugin.settings["env"] = [{"name": "CLIENT_SECRET", "value": secret}]
    assert "failed with exit code 130; log in again" in await plugin.failure(Terminal(TerminalOutput(130, b"")))
    assert "printed no ExecCredential" in await plugin.failure(Terminal(TerminalOutput(0, b"Welcome!")))
    assert "cannot be run (No such file or directory): install it" in await plugin.failure(Terminal(missing=True))
    printed = TerminalOutput(1, credential(token=secret).encode(), f"refused {secret}".encode())
    with pytest.raises(LoginError, match=r"exit code 1: refused \*\*\*; log in") as caught:
        await plugin.run(Terminal(printed))
    assert secret not in all_text(caught.value)
