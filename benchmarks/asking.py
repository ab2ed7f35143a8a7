"""From the key to the request that is sent, and from the key that cancels an answer to the closed socket."""

from __future__ import annotations

import asyncio
import statistics
import threading
import time
from dataclasses import dataclass, field
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
    """A model server that never stops talking, in a thread of its own, and notes when it is asked and left."""

    def __init__(self) -> None:
        self.port = 0
        self.talking = threading.Event()
        self.hung_up = threading.Event()
        self.at = self.asked_at = 0.0
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
        self.asked_at = time.perf_counter()
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


@dataclass
class Times:
    """Seconds from a key to what it leads to.

    Attributes:
        cold: To the request of the first question, when nothing of what it needs is loaded.
        sent: To the request of each further question about a selection.
        wide: To the request of each further question about all lines.
        lines: How many all lines were in the end.
        left: To the closed socket.
        cold_left: The same of the first answer, while what draws it is loaded.
    """

    cold: float = 0.0
    sent: list[float] = field(default_factory=list)
    wide: list[float] = field(default_factory=list)
    lines: int = 0
    left: list[float] = field(default_factory=list)
    cold_left: float = 0.0


async def _measure(talker: Talker) -> Times:
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
    times = Times()
    try:
        async with app.run_test(size=(160, 50)) as pilot:
            main = app.main_screen
            while not main.pane.viewport.view.store.lines:
                await pilot.pause(0.05)
            for number in range(2 * ROUNDS + 1):
                talker.talking.clear()
                talker.hung_up.clear()
                if number <= ROUNDS:
                    await pilot.press("g", "v", *["j"] * 30)
                await pilot.pause()
                asked = time.perf_counter()
                app.post_message(events.Key("s", "s"))
                await asyncio.to_thread(talker.talking.wait, 30)
                sent = talker.asked_at - asked
                if not number:
                    times.cold = sent
                else:
                    (times.sent if number <= ROUNDS else times.wide).append(sent)
                while not main.sending.text:
                    await pilot.pause(0.02)
                began = time.perf_counter()
                app.post_message(events.Key("escape", "\x1b"))
                await asyncio.to_thread(talker.hung_up.wait, 30)
                if number:
                    times.left.append(talker.at - began)
                else:
                    times.cold_left = talker.at - began
                while main.sending.running:
                    await pilot.pause(0.02)
                main.pane.drop_selection()
            times.lines = main.pane.viewport.view.matched
    finally:
        engine.stop()
    return times


def run() -> Report:
    """Ask and cancel again and again."""
    times = asyncio.run(_measure(Talker()))
    report = Report(
        "Asking and cancelling",
        "A server in another thread streams words without end while 2,000 lines a second come in. s is posted to the\n"
        "app and the time runs until the server has read the whole request: 31 selected lines, then all that show.\n"
        "esc is posted and the time runs until the server reads the end of its socket, while the answer is drawn. "
        f"{ROUNDS} rounds of each.",
    )
    report.add("key to request, first question (loads what it needs)", times.cold * 1000, " ms")
    report.add("key to request, 31 lines, median", statistics.median(times.sent) * 1000, " ms", most=100)
    report.add("key to request, 31 lines, worst", max(times.sent) * 1000, " ms")
    report.add(f"key to request, {times.lines:,} lines, median", statistics.median(times.wide) * 1000, " ms")
    report.add("key to closed socket, median", statistics.median(times.left) * 1000, " ms", most=50)
    report.add("key to closed socket, worst", max(times.left) * 1000, " ms", most=50)
    report.add("key to closed socket, first answer (what draws it is loaded)", times.cold_left * 1000, " ms")
    return report
