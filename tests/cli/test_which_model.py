"""Which model is asked: the one of the settings, or the one that the command line calls by its label."""

import argparse
import asyncio
import os
import re
from pathlib import Path

import pytest

from hallucino_tui.cli.common import Refused, make_model, make_models, settings_of
from hallucino_tui.cli.doctor import _model
from hallucino_tui.config.agreements import Agreements
from hallucino_tui.config.settings import AssistantSettings, ModelSettings, Settings
from hallucino_tui.models.catalog import specs_of
from hallucino_tui.models.unset import NoModel
from hallucino_tui.session.patient import Patient
from tests.models.fake_server import pieces, serving

SETTINGS = """
[assistant.model]
name = "own"
base_url = "http://127.0.0.1:1/v1"

[[assistant.models]]
label = "fast"
name = "small"
base_url = "http://127.0.0.1:2/v1"
per_minute = 15

[[assistant.models]]
label = "good"
name = "large"
base_url = "http://127.0.0.1:3/v1"
"""


@pytest.fixture
def written() -> None:
    folder = Path(os.environ["XDG_CONFIG_HOME"]) / "hallucino"
    folder.mkdir(parents=True)
    (folder / "settings.toml").write_text(SETTINGS)


def settings(model: str = "", base_url: str = "") -> Settings:
    return settings_of(argparse.Namespace(model=model, base_url=base_url))


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize(
    ("model", "base_url", "labels", "name"),
    [
        ("", "", ("own", "fast", "good"), "own"),
        ("good", "", ("good", "own", "fast"), "large"),
        ("other", "", ("other", "fast", "good"), "other"),
        ("good", "http://127.0.0.1:4/v1", ("good", "fast", "good"), "good"),
    ],
)
def test_the_command_line_calls_a_model_by_its_label_or_by_its_name(
    model: str, base_url: str, labels: tuple[str, ...], name: str
) -> None:
    models = make_models(settings(model, base_url))
    assert models.labels == labels
    assert models.current == 0
    made = models.model()
    assert isinstance(made, Patient)
    assert made.name == name
    assert models.rows[0].host == (base_url or models.rows[0].host).removesuffix("/v1")


@pytest.mark.usefixtures("written")
def test_limits_are_kept_between_runs() -> None:
    row = make_models(settings("fast")).rows[0]
    assert (row.label, row.limits) == ("fast", "15 a minute")


def test_no_model_says_how_to_set_one_up() -> None:
    model = make_model(settings())
    assert isinstance(model, NoModel)
    assert model.reason.startswith("No model is set up.")


@pytest.mark.parametrize(("confirm", "agreed", "counts"), [
    ("always", True, False),
    ("new-host", False, False),
    ("new-host", True, True),
    ("never", False, True),
])  # fmt: skip
async def test_another_machine_counts_lines_only_if_the_user_need_not_be_asked(
    confirm: str, agreed: bool, counts: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hallucino_tui.models.endpoint.is_loopback", lambda host: False)
    async with serving(pieces()) as server:
        server.tokenize = lambda body: {"tokens": body["content"].split()}
        hosts = Agreements(tmp_path / "agreed.json")
        if agreed:
            hosts.add(server.url.removesuffix("/v1"))
        one = Settings(assistant=AssistantSettings(confirm=confirm, model=ModelSettings(name="m", base_url=server.url)))  # type: ignore[arg-type]
        models = make_models(one, hosts)
        model = await asyncio.to_thread(models.model)
        assert (await model.capabilities()).counts_tokens is counts
        await models.close()


async def test_doctor_looks_at_every_model() -> None:
    async with serving(pieces()) as server:
        server.models = {"data": [{"id": "large"}]}
        models = (
            ModelSettings(name="large", base_url=server.url),
            ModelSettings(name="small", base_url=server.url),
            ModelSettings(name="away", base_url="http://127.0.0.1:1/v1"),
            ModelSettings(name="m", base_url="https://api.openai.com/v1"),
        )
        specs = specs_of(AssistantSettings(model=models[0], models=models[1:]))
        found = [await _model(spec) for spec in specs]
    assert [finding.mark for finding in found] == ["ok", "FAIL", "FAIL", "note"]
    assert found[0].text.endswith("answers, and large would be asked.")
    assert "does not list small, but large" in found[1].text
    assert "cannot be reached" in found[2].text
    assert "There is no key for api.openai.com" in found[3].text


@pytest.mark.parametrize(
    ("model", "words"), [("nosuch", "they know fast, good"), ("twin", "choose one by its label (a, b)")]
)
def test_a_name_that_no_model_or_more_than_one_has_is_refused(model: str, words: str) -> None:
    folder = Path(os.environ["XDG_CONFIG_HOME"]) / "hallucino"
    folder.mkdir(parents=True)
    twin = 'name = "twin"\nbase_url = "http://127.0.0.1:9/v1"\n'
    twins = [f'[[assistant.models]]\nlabel = "{label}"\n{twin}' for label in "ab"]
    others = SETTINGS.partition("[[assistant.models]]")[2]
    text = "".join(twins) if model == "twin" else f"[[assistant.models]]{others}"
    (folder / "settings.toml").write_text(text)
    with pytest.raises(Refused, match=re.escape(words)):
        settings(model)


@pytest.mark.usefixtures("written")
def test_a_name_that_one_model_has_is_that_model() -> None:
    assert specs_of(settings("small").assistant, {})[0].label == "fast"
