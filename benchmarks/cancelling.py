"""From the key that cancels an answer to the closed socket."""

from __future__ import annotations

import asyncio
import statistics
import threading
import time
from typing import TYPE_CHECKING, Any

from textual import events

from benchmarks.report import Report
from benchmarks.synthetic import Generator, SyntheticClusters
from hallucino_tui.config.keys import keys_for
from hallucino_tui.config.settings import Settings
from hallucino_tui.config.themes import load_themes
from hallucino_tui.logs.stream import StreamTable
from hallucino_tui.models.endpoint import Endpoint
from hallucino_tui.models.openai_chat import OpenAIChat
from hallucino_tui.session.answers import Answers
from hallucino_tui.session.asking import Asking
from hallucino_tui.session.choice import Choice
from hallucino_tui.session.clock import SystemClock
from hallucino_tui.session.engine import Engine
from hallucino_tui.session.patient import Patient
from hallucino_tui.session.workspace import Workspace
from hallucino_tui.ui.app import HallucinoApp
from hallucino_tui.ui.bridge import Parts

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 20
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
_DELTA = (
    b'data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m",'
    b'"choices":[{"index":0,"delta":{"content":"word "}}]}\n\n'
)


class Talker:
    """A model server that never stops talking, in a thread of its own, and notes when a client hangs up."""

    def __init__(self) -> None:
        self.port = 0
        self.talking = threading.Event()
        self.hung_up = threading.Event()
        self.at = 0.0
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._run, daemon=True).start()
        self._ready.wait(10)

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await server.serve_forever()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        if not request.startswith(b"POST /v1/chat/completions "):
            writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            writer.close()
            return
        length = next(int(line.split(b":")[1]) for line in request.lower().split(b"\r\n") if b"content-length" in line)
        await reader.readexactly(length)
        end = asyncio.ensure_future(reader.read())
        writer.write(_HEAD)
        while not end.done():
            writer.write(b"%x\r\n%s\r\n" % (len(_DELTA), _DELTA))
            self.talking.set()
            await asyncio.wait({end}, timeout=0.02)
        self.at = time.perf_counter()
        end.exception()
        self.hung_up.set()
        writer.close()


async def _measure(talker: Talker) -> list[float]:
    table, settings = StreamTable(), Settings()
    generator = Generator(table, 4, 2000, 2000)
    endpoint = Endpoint("openai", f"http://127.0.0.1:{talker.port}/v1", "m", "", context=8192)

    def make(listener: Callable[[Any], None]) -> Any:
        workspace = Workspace(SyntheticClusters(generator), table, Choice(), SystemClock(), listener)  # type: ignore[arg-type]
        model = Patient(OpenAIChat(endpoint), SystemClock(), answers=Answers())
        return workspace, Asking(lambda: model, table, set(), "never")  # type: ignore[arg-type]

    async def unused(*_: Any) -> Any:
        return 0

    engine = Engine()
    app = HallucinoApp(Parts(engine, table, make, unused, unused), settings, keys_for("default"), load_themes())
    seconds: list[float] = []
    try:
        async with app.run_test(size=(160, 50)) as pilot:
            main = app.main_screen
            while not main.pane.viewport.view.store.lines:
                await pilot.pause(0.05)
            for _ in range(ROUNDS):
                talker.talking.clear()
                talker.hung_up.clear()
                await pilot.press("s")
                await asyncio.to_thread(talker.talking.wait, 30)
                while not main.asking.text:
                    await pilot.pause(0.02)
                began = time.perf_counter()
                app.post_message(events.Key("escape", "\x1b"))
                await asyncio.to_thread(talker.hung_up.wait, 30)
                seconds.append(talker.at - began)
                while main.asking.running:
                    await pilot.pause(0.02)
    finally:
        engine.stop()
    return seconds


def run() -> Report:
    """Cancel again and again."""
    seconds = asyncio.run(_measure(Talker()))
    report = Report(
        "Cancelling an answer",
        "A server in another thread streams words without end; esc is posted to the app and the time runs until the\n"
        f"server reads the end of its socket. {ROUNDS} rounds, while the answer is drawn.",
    )
    report.add("key to closed socket, median", statistics.median(seconds) * 1000, " ms", most=50)
    report.add("key to closed socket, worst", max(seconds) * 1000, " ms", most=50)
    return report
