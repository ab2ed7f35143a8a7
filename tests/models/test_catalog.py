"""Which models there are, from settings and environment, without running anything and without a key in sight."""

from pathlib import Path

import pytest

from hallucino_tui.config.settings import AssistantSettings, ModelSettings
from hallucino_tui.models.catalog import specs_of
from hallucino_tui.models.endpoint import HOW_TO_SET_UP
from hallucino_tui.models.openai_chat import OpenAIChat
from hallucino_tui.models.unset import NoModel
from hallucino_tui.session.chat import Capabilities, Failed, Failure, Request, Usage

KEY = "sk-" + "k" * 30
HERE = "http://127.0.0.1:8080/v1"


def settings(*models: ModelSettings, model: ModelSettings | None = None) -> AssistantSettings:
    return AssistantSettings(model=model or ModelSettings(), models=models)


def test_nothing_set_up_is_one_model_that_says_how() -> None:
    (only,) = specs_of(settings(), {})
    assert (only.host, only.problem) == ("", HOW_TO_SET_UP)
    made = only.make()
    assert isinstance(made, NoModel)
    assert made.reason == HOW_TO_SET_UP


def test_the_environments_model_comes_before_those_of_the_list() -> None:
    listed = ModelSettings(label="here", base_url=HERE)
    specs = specs_of(settings(listed), {"OPENAI_API_KEY": KEY})
    assert [(spec.label, spec.host, spec.problem) for spec in specs] == [
        ("gpt-4.1-mini", "api.openai.com", ""),
        ("here", "http://127.0.0.1:8080", ""),
    ]
    assert isinstance(specs[1].make(), OpenAIChat)


def test_where_the_list_names_models_nothing_says_that_there_is_none() -> None:
    listed = (ModelSettings(label="here", base_url=HERE), ModelSettings())
    assert [spec.label for spec in specs_of(settings(*listed), {})] == ["here"]


def test_a_model_without_its_key_says_so_and_the_others_work() -> None:
    listed = (ModelSettings(label="no key", base_url="https://api.openai.com/v1"), ModelSettings(base_url=HERE))
    broken, works = specs_of(settings(*listed), {})
    assert "There is no key for api.openai.com" in broken.problem
    assert (works.label, works.problem) == ("http://127.0.0.1:8080", "")


def test_looking_at_models_runs_no_command_and_shows_no_key(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    command = ModelSettings(label="c", base_url="https://llm.example/v1", name="m", key_command=f"touch {ran}")
    in_variable = ModelSettings(label="v", base_url="https://llm.example/v1", name="m", key_env="OUR_KEY")
    specs = specs_of(settings(command, in_variable), {"OUR_KEY": KEY})
    assert [(spec.host, spec.name, spec.problem) for spec in specs] == [("llm.example", "m", "")] * 2
    assert not ran.exists()
    assert KEY not in repr(specs)
    made = specs[0].make()
    assert ran.exists()
    assert isinstance(made, NoModel)
    assert "printed no single line" in made.reason


def test_limits_prices_and_patience_are_the_settings() -> None:
    model = ModelSettings(
        base_url=HERE, name="m", per_minute=15, per_day=99, price_sent=1.0, price_answered=2.0, patience=7.0
    )
    (spec,) = specs_of(settings(model=model), {})
    assert (spec.per_minute, spec.per_day, spec.price_sent, spec.price_answered, spec.patience) == (
        15,
        99,
        1.0,
        2.0,
        7.0,
    )
    assert spec.make().cost(Usage(1_000_000, 500_000)) == 2.0


@pytest.mark.parametrize("name", ["", "/no/such/model.gguf"])
def test_a_model_on_this_machine_is_made_late_and_says_why_it_cannot_be(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hallucino_tui.models.local.problem_of", lambda name: "Nothing is installed.")
    (spec,) = specs_of(settings(model=ModelSettings(kind="local", name=name)), {})
    assert (spec.host, spec.problem) == ("", "Nothing is installed.")
    made = spec.make()
    assert isinstance(made, NoModel)
    assert made.reason == "Nothing is installed."


async def test_what_stands_in_for_a_model_sends_nothing() -> None:
    model, request = NoModel("why"), Request(())
    assert [event async for event in model.stream(request)] == [Failed(Failure.NO_MODEL, "why")]
    assert (model.body(request), model.cost(Usage(1, 1)), model.host, model.caveat) == ({}, None, "", "")
    assert await model.capabilities() == Capabilities()
    assert await model.count_tokens("some text") > 0
    await model.close()
