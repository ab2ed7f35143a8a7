"""What a server does not take is left out of the question, visibly, and remembered."""

import pytest
from aiohttp import web
from fake_server import DONE, SERVER, Handler, chunk, pieces, refusal, serving
from hypothesis import given
from hypothesis import strategies as st
from model_world import ASKED, WITH_SCHEMA, asked, chat

from hallucino_tui.models.dialect import Dialect
from hallucino_tui.models.endpoint import Endpoint
from hallucino_tui.session.chat import Delta, Done, Failed, Failure, Request, Started, Told

JSON = pieces(chunk('{"claims": []}'), chunk(reason="stop"), DONE)
PROSE = pieces(chunk("It broke."), chunk(reason="stop"), DONE)


def picky(field: str, refused: Handler, answer: Handler = PROSE) -> Handler:
    """Refuses questions that hold a field."""

    async def handle(request: web.Request) -> web.StreamResponse:
        return await (refused if field in request.app[SERVER].requests[-1] else answer)(request)

    return handle


async def fastapi(request: web.Request) -> web.StreamResponse:
    detail = [{"loc": ["body", "response_format"], "msg": "Extra inputs are not permitted", "input": "secret line"}]
    return web.json_response({"detail": detail}, status=422)


@pytest.mark.parametrize(
    "refused",
    [
        refusal(400, {"message": "Invalid parameter: 'response_format' of type 'json_schema' is not supported"}),
        refusal(400, {"message": "Unable to generate parser: JSON schema error at #: unrecognized type"}),
        refusal(404, {"message": "structured outputs are unknown here"}),
        refusal(501, {"message": "failed to parse grammar"}),
        refusal(500, "Failed to initialize samplers: failed to parse grammar"),
        fastapi,
    ],
)
async def test_a_server_that_refuses_a_schema_is_asked_again_without_one_and_never_with_one_again(
    refused: Handler,
) -> None:
    async with serving(picky("response_format", refused)) as server:
        model = chat(server)
        assert (await model.capabilities()).takes_schema is None
        told, *rest = await asked(model, WITH_SCHEMA)
        assert isinstance(told, Told)
        assert "does not hold answers to a JSON schema" in told.sentence
        assert rest == [Started(), Delta("It broke."), Done()]
        assert (await model.capabilities()).takes_schema is False
        assert "response_format" not in model.body(WITH_SCHEMA)
        assert await asked(model, WITH_SCHEMA) == rest
        assert len(server.requests) == 3
        await model.close()


@pytest.mark.parametrize(("answer", "takes"), [(JSON, True), (PROSE, False)])
async def test_whether_a_schema_holds_shows_in_the_answer(answer: Handler, takes: bool) -> None:
    async with serving(answer) as server:
        model = chat(server)
        assert (await asked(model))[-1] == Done()
        assert (await model.capabilities()).takes_schema is None
        assert (await asked(model, WITH_SCHEMA))[-1] == Done()
        assert (await model.capabilities()).takes_schema is takes
        await model.close()


async def test_the_settings_say_whether_a_schema_is_asked_for() -> None:
    async with serving(picky("response_format", refusal(400, {"message": "no response_format"}))) as server:
        off, on = chat(server, schema="off"), chat(server, schema="on")
        assert (await asked(off, WITH_SCHEMA))[-1] == Done()
        assert (await off.capabilities()).takes_schema is False
        last = (await asked(on, WITH_SCHEMA))[-1]
        assert isinstance(last, Failed)
        assert (await on.capabilities()).takes_schema is True
        for model in (off, on):
            await model.close()


@pytest.mark.parametrize(
    ("field", "words", "instead"),
    [
        ("stream_options", "Unrecognized request argument: stream_options", None),
        ("temperature", "Unsupported value: 'temperature' does not support 0", None),
        ("max_tokens", "Unsupported: 'max_tokens'. Use 'max_completion_tokens' instead", "max_completion_tokens"),
        ("stream", "Streaming is not supported by this model", None),
    ],
)  # fmt: skip
async def test_a_field_that_a_server_does_not_take_is_left_out(field: str, words: str, instead: str | None) -> None:
    async with serving(picky(field, refusal(400, {"message": words}))) as server:
        model = chat(server)
        told, *rest = await asked(model)
        assert isinstance(told, Told)
        assert "does not take" in told.sentence
        assert rest[-1] == Done()
        assert server.requests[-1] == model.body(ASKED)
        assert field not in model.body(ASKED)
        assert instead is None or instead in model.body(ASKED)
        await model.close()


@pytest.mark.parametrize(
    ("message", "failure"),
    [
        ("'max_tokens' is too large: 1024. This model's maximum context length is 4096 tokens", Failure.TOO_LONG),
        ("no connection to the upstream", Failure.REFUSED),
        ("bad temper", Failure.REFUSED),
    ],
)
async def test_what_is_wrong_for_another_reason_is_not_asked_again(message: str, failure: Failure) -> None:
    async with serving(refusal(400, {"message": message})) as server:
        model = chat(server)
        (last,) = await asked(model)
        assert isinstance(last, Failed)
        assert last.failure is failure
        assert len(server.requests) == 1
        await model.close()


async def test_what_a_server_repeats_of_a_question_is_not_taken_for_its_words() -> None:
    async def echo(request: web.Request) -> web.StreamResponse:
        body = request.app[SERVER].requests[-1]
        return web.json_response({"detail": [{"loc": ["body", "seed"], "msg": "missing", "input": body}]}, status=422)

    async with serving(echo) as server:
        model = chat(server)
        (last,) = await asked(model, WITH_SCHEMA)
        assert isinstance(last, Failed)
        assert "body.seed: missing" in last.sentence
        assert "what?" not in last.sentence
        assert len(server.requests) == 1
        await model.close()


@given(
    st.lists(
        st.tuples(
            st.sampled_from([400, 404, 422, 500, 501]),
            st.lists(
                st.sampled_from(
                    [
                        "max_tokens",
                        "max_completion_tokens",
                        "temperature",
                        "stream",
                        "stream_options",
                        "response_format",
                        "not",
                        "supported",
                        "unknown",
                        "streaming",
                    ]
                )
            ),
        ),
        max_size=12,
    ),
    st.booleans(),
)
def test_whatever_a_server_says_it_is_asked_again_a_few_times_only(
    said: list[tuple[int, list[str]]], openai: bool
) -> None:
    url = "https://api.openai.com/v1" if openai else "http://127.0.0.1:1/v1"
    dialect = Dialect(Endpoint("openai", url, "m", "k"))
    request = Request(ASKED.messages, {"type": "object"})
    bodies = [dialect.body(request, "m")]
    for status, words in said:
        if dialect.leave_out(status, " ".join(words), bodies[-1]):
            bodies.append(dialect.body(request, "m"))
    assert len(bodies) <= 6
    assert all(bodies.count(body) == 1 for body in bodies)
    assert all(body["messages"] == bodies[0]["messages"] for body in bodies)
