"""What goes out to a model server: what can be shown before, and nothing else."""

import getpass
import json
import platform
import socket

import pytest
from fake_server import DONE, chunk, pieces, serving
from model_world import ASKED, KEY, MESSAGES, SCHEMA, WITH_SCHEMA, asked, chat

from hallucino_tui.models.client import NEEDED_HEADERS
from hallucino_tui.models.endpoint import Endpoint
from hallucino_tui.models.openai_chat import OpenAIChat
from hallucino_tui.session.chat import Done, Request

ANSWER = pieces(chunk("x"), chunk(reason="stop"), DONE)


@pytest.mark.parametrize("request_", [ASKED, WITH_SCHEMA, Request(MESSAGES, SCHEMA, 99)])
async def test_what_is_shown_before_is_all_that_goes_out(request_: Request) -> None:
    async with serving(ANSWER) as server:
        model = chat(server, answer=77)
        shown = model.body(request_)
        assert (await asked(model, request_))[-1] == Done()
        await model.close()
    assert json.loads(server.raw[0]) == shown
    assert len(server.raw) == 1
    assert server.listed == 0
    assert server.paths == ["/v1/chat/completions"]


async def test_a_question_holds_what_was_asked_and_how_the_answer_is_to_be() -> None:
    async with serving(ANSWER) as server:
        model = chat(server, answer=77)
        await asked(model)
        await asked(model, Request(MESSAGES, SCHEMA, 99))
        await model.close()
    plain, strict = server.requests
    assert plain == {
        "model": "m",
        "messages": [{"role": "system", "content": "be short"}, {"role": "user", "content": "what?"}],
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": 77,
        "temperature": 0,
    }
    assert strict["max_tokens"] == 99
    assert strict["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "answer", "strict": True, "schema": SCHEMA},
    }


async def test_openai_is_asked_as_its_newer_models_want_it() -> None:
    body = OpenAIChat(Endpoint("openai", "https://api.openai.com/v1", "gpt-5", KEY, answer=77)).body(WITH_SCHEMA)
    assert body["max_completion_tokens"] == 77
    assert body.keys() & {"max_tokens", "temperature"} == set()
    assert body["response_format"]["type"] == "json_schema"


async def test_headers_tell_nothing_of_this_machine_and_nothing_that_is_meant_for_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "our-organisation")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "our-project")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Team: our-team\nAuthorization: our-key")
    async with serving(ANSWER) as server:
        model = chat(server)
        await asked(model)
        await model.capabilities()
        await model.close()
    (headers,) = server.headers
    assert {name.lower() for name in headers} <= NEEDED_HEADERS
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert headers["User-Agent"].startswith("hallucino/")
    told = json.dumps(headers)
    for secret in (socket.gethostname(), getpass.getuser(), platform.release(), "our-"):
        assert secret not in told


async def test_headers_of_the_environment_go_where_the_environment_points_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Team: our-team")
    async with serving(ANSWER) as server:
        model = chat(server, is_in_environment=True)
        await asked(model)
        await model.close()
    (headers,) = server.headers
    assert {name.lower(): value for name, value in headers.items()}["x-team"] == "our-team"
    assert not [name for name in headers if name.lower().startswith("x-stainless")]


async def test_a_server_without_a_key_gets_a_stand_in() -> None:
    async with serving(ANSWER) as server:
        model = OpenAIChat(Endpoint("openai", server.url, "m", ""))
        await asked(model)
        await model.close()
    assert server.headers[0]["Authorization"] == "Bearer none"


async def test_azure_gets_the_deployment_in_the_path_and_its_own_header() -> None:
    async with serving(ANSWER) as server:
        endpoint = Endpoint("azure", server.url.removesuffix("/v1"), "dep", KEY, api_version="2024-10-21")
        model = OpenAIChat(endpoint)
        shown = model.body(ASKED)
        assert (await asked(model))[-1] == Done()
        await model.close()
    assert server.headers[0]["api-key"] == KEY
    assert server.paths == ["/openai/deployments/dep/chat/completions?api-version=2024-10-21"]
    assert server.requests[0] == shown
    assert shown["model"] == "dep"
    assert "max_completion_tokens" in shown
