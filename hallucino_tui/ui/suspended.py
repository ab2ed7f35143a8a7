"""Programs that need the terminal for themselves: the screen steps aside until they end."""

from __future__ import annotations

import asyncio
import subprocess
from typing import TYPE_CHECKING, Any

from hallucino_tui.session.interactive import TerminalOutput

if TYPE_CHECKING:
    from textual.app import App

    from hallucino_tui.session.interactive import TerminalCall


class SuspendedRunner:
    """Runs programs while the app is suspended. Called on the engine's loop."""

    def __init__(self) -> None:
        self._app: App[Any] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def attach(self, app: App[Any]) -> None:
        """Know the app; called on its loop."""
        self._app, self._loop = app, asyncio.get_running_loop()

    async def __call__(self, call: TerminalCall) -> TerminalOutput:
        """Tell the user the sentence, run the program with the terminal as its input, and return its output.

        Raises:
            OSError: It cannot be run, or there is no screen to suspend.
        """
        if self._loop is None:
            raise OSError(0, "there is no terminal")
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self._run(call), self._loop))

    async def _run(self, call: TerminalCall) -> TerminalOutput:
        app = self._app
        if app is None:
            raise OSError(0, "there is no terminal")
        with app.suspend():
            print(call.sentence, flush=True)  # noqa: T201 - the screen is suspended, this is the terminal itself
            # Waiting here holds up the screen's loop, and that is meant: there is no screen now.
            done = subprocess.run(  # noqa: ASYNC221, S603 - the kubeconfig names the program; no shell reads it
                list(call.arguments), env=dict(call.environment), stdout=subprocess.PIPE, check=False
            )
        return TerminalOutput(done.returncode, done.stdout)
