"""The table of failures of a model: one clear sentence, no traceback, an exit code, and never the key."""

import secrets
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from cli_world import Cli, Result

from tests.models.fake_server import DONE, Handler, chunk, pieces, refusal, serving

KEY = f"sk-{secrets.token_hex(16)}"
PAGE = "<html>Welcome to the proxy</html>"
COUNTED = b"### Report\n\n"


async def page(request: web.Request) -> web.StreamResponse:
    return web.Response(text=PAGE, content_type="text/html")


async def page_of_an_error(request: web.Request) -> web.StreamResponse:
    return web.Response(text=PAGE, content_type="text/html", status=502)


async def no_json(request: web.Request) -> web.StreamResponse:
    return web.Response(text="{half of", content_type="application/json")


@dataclass(frozen=True)
class Case:
    """A failure.

    Attributes:
        said: What the sentence holds.
        handler: What the server answers; None for no server.
        out: How what is printed begins: the part of the answer that came, or what can be counted instead.
        variables: The environment; ``{url}`` is the server's address.
    """

    said: str
    handler: Handler | None = None
    out: bytes = COUNTED
    variables: dict[str, str] = field(default_factory=dict)


HALF = b"half an"
FAILURES = {
    "no model": Case("No model is set up", variables={"OPENAI_BASE_URL": "", "OPENAI_API_KEY": ""}),
    "no key": Case(
        "There is no key for api.openai.com",
        variables={"OPENAI_BASE_URL": "https://api.openai.com/v1", "OPENAI_API_KEY": ""},
    ),
    "no key file": Case(
        "key file /nowhere cannot be read", variables={"HALLUCINO_ASSISTANT_MODEL_KEY_FILE": "/nowhere"}
    ),
    "no deployment": Case("For Azure", variables={"OPENAI_BASE_URL": "", "AZURE_OPENAI_ENDPOINT": "https://r.example"}),
    "an unencrypted way": Case("unencrypted", variables={"OPENAI_BASE_URL": "http://llm.example/v1"}),
    "no address": Case("is none", variables={"OPENAI_BASE_URL": "llm.example"}),
    "wrong key": Case("does not accept the key", refusal(401, {"message": f"Incorrect API key provided: {KEY}"})),
    "no rights": Case("forbids it: key ", refusal(403, {"message": f"key {KEY} has no access"})),
    "no such model": Case("does not know m: no m here", refusal(404, {"message": "no m here"})),
    "too many questions": Case("ask again in 7 s", refusal(429, {"message": "slow down"}, **{"Retry-After": "7"})),
    "no money": Case("no money left", refusal(429, {"message": "quota", "code": "insufficient_quota"})),
    "full context": Case("select fewer lines", refusal(400, {"message": "x", "code": "context_length_exceeded"})),
    "a broken server": Case("failed with status 500", refusal(500, f"out of luck: {KEY}\nsecond line")),
    "cut in the middle": Case("broke in the middle", pieces(chunk("half an"), cut=True), HALF),
    "stalled": Case("was given up", pieces(chunk("half an"), stall=True), HALF),
    "silent from the start": Case("was given up", pieces(stall=True)),
    "a web page": Case("answers with a web page", page),
    "a proxy's error": Case("502", page_of_an_error),
    "no json": Case("no answer of a model", no_json),
    "no json in the stream": Case("no answer of a model", pieces(b"data: {not json\n\n")),
    "no finish reason": Case("without saying that it was finished", pieces(chunk("half an"), DONE), HALF),
    "no word": Case("ended without a word", pieces(chunk(reason="stop"), DONE)),
    "an answer that is too long": Case("most tokens allowed", pieces(chunk("half an"), chunk(reason="length")), HALF),
    "an error in the stream": Case(
        "out of memory", pieces(chunk("half an"), b'data: {"error": {"message": "out of memory"}}\n\n'), HALF
    ),
    "unreachable": Case("cannot be reached", variables={"OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}),
}


@pytest.fixture
def shop(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Cli:
    cli.write(cli.pod("web-1"), "ERROR pool is empty")
    cli.secrets.append(KEY)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_MODEL", "m")
    monkeypatch.setenv("HALLUCINO_ASSISTANT_MODEL_PATIENCE", "0.3")
    return cli


@pytest.mark.parametrize("name", FAILURES)
def test_what_is_in_the_way_is_said_in_one_sentence(shop: Cli, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    case = FAILURES[name]
    if case.handler is not None:
        monkeypatch.setenv("OPENAI_BASE_URL", shop.background.enter(serving(case.handler)).url)
    for variable, value in case.variables.items():
        if value:
            monkeypatch.setenv(variable, value)
        else:
            monkeypatch.delenv(variable, raising=False)
    done = shop("summarise", "--yes")
    assert done.code == 1
    *waited, sentence = done.err.splitlines()
    assert all("asking again in" in line for line in waited)
    assert case.said in Result(1, done.out, f"{sentence}\n").sentence
    assert PAGE not in done.err
    assert done.out.startswith(case.out)


def test_a_key_in_a_servers_words_is_not_repeated(shop: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    server = shop.background.enter(serving(refusal(403, {"message": f"key {KEY} has no access"})))
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    assert "key <secret:model-key:1> has no access" in shop("summarise", "--yes").sentence


def test_doctor_says_what_is_wrong_with_the_model(shop: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    done = shop("doctor")
    assert done.code == 1
    assert [line for line in done.lines if line.startswith("FAIL  http://127.0.0.1:1 cannot be reached")]
    monkeypatch.delenv("OPENAI_BASE_URL")
    monkeypatch.delenv("OPENAI_API_KEY")
    done = shop("doctor")
    assert done.code == 0
    assert [line for line in done.lines if line.startswith("note  No model is set up.")]
