import stat
from pathlib import Path

import pytest

from hallucino_tui.config.settings import ModelSettings
from hallucino_tui.models.endpoint import OPENAI, EndpointError, is_loopback, resolve

KEY = "sk-" + "k" * 30


def test_nothing_set_up_says_how() -> None:
    with pytest.raises(EndpointError, match="OPENAI_BASE_URL"):
        resolve(ModelSettings(), {})


def test_a_key_alone_means_openai() -> None:
    endpoint = resolve(ModelSettings(), {"OPENAI_API_KEY": KEY})
    assert (endpoint.base_url, endpoint.key, endpoint.host) == (OPENAI, KEY, "api.openai.com")
    assert endpoint.model
    assert KEY not in repr(endpoint)


def test_an_address_alone_is_a_server_without_a_key() -> None:
    endpoint = resolve(ModelSettings(), {"OPENAI_BASE_URL": "http://127.0.0.1:8080/v1/"})
    assert (endpoint.base_url, endpoint.key, endpoint.model) == ("http://127.0.0.1:8080/v1", "", "")
    assert endpoint.host == "http://127.0.0.1:8080"


def test_openais_key_does_not_go_to_a_server_that_only_the_settings_name() -> None:
    assert resolve(ModelSettings(base_url="https://llm.corp/v1"), {"OPENAI_API_KEY": KEY}).key == ""
    assert resolve(ModelSettings(base_url="https://llm.corp/v1"), {"HALLUCINO_API_KEY": "x"}).key == "x"


def test_azure_from_its_own_variables() -> None:
    environment = {
        "AZURE_OPENAI_ENDPOINT": "https://r.openai.azure.com",
        "AZURE_OPENAI_API_KEY": KEY,
        "AZURE_OPENAI_DEPLOYMENT": "d",
    }
    endpoint = resolve(ModelSettings(), environment)
    assert (endpoint.kind, endpoint.model, endpoint.key) == ("azure", "d", KEY)
    with pytest.raises(EndpointError, match="deployment"):
        resolve(ModelSettings(kind="azure", base_url="https://r.openai.azure.com"), {})


def test_a_key_never_goes_unencrypted_to_another_machine() -> None:
    with pytest.raises(EndpointError, match="unencrypted") as caught:
        resolve(ModelSettings(base_url="http://llm.corp/v1"), {"HALLUCINO_API_KEY": KEY})
    assert KEY not in str(caught.value)
    assert resolve(ModelSettings(base_url="http://llm.corp/v1"), {}).key == ""
    assert resolve(ModelSettings(base_url="http://127.0.0.1/v1"), {"HALLUCINO_API_KEY": KEY}).key == KEY


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("localhost", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("127.0.0.1.evil", False),
        ("10.0.0.1", False),
    ],
)
def test_what_this_machine_is(host: str, local: bool) -> None:
    assert is_loopback(host) is local


def test_a_key_file_must_be_private(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text(f"{KEY}\n")
    path.chmod(stat.S_IRUSR | stat.S_IRGRP)
    settings = ModelSettings(base_url="https://llm.corp/v1", key_file=str(path))
    with pytest.raises(EndpointError, match="chmod 600"):
        resolve(settings, {})
    path.chmod(0o600)
    assert resolve(settings, {}).key == KEY
    path.write_text("")
    with pytest.raises(EndpointError, match="is empty"):
        resolve(settings, {})
    path.unlink()
    with pytest.raises(EndpointError, match="cannot be read"):
        resolve(settings, {})


def test_a_key_command_prints_the_key() -> None:
    assert resolve(ModelSettings(base_url="https://llm.corp/v1", key_command=f"printf %s {KEY}"), {}).key == KEY
    for command, said in (
        ("false", "exit code 1"),
        ("/no/such/program", "cannot be run"),
        (f"printf '{KEY}\\nx'", "no single line"),
    ):
        with pytest.raises(EndpointError, match=said) as caught:
            resolve(ModelSettings(base_url="https://llm.corp/v1", key_command=command), {})
        assert KEY not in str(caught.value)


def test_a_variable_that_is_named_and_not_set_is_said() -> None:
    with pytest.raises(EndpointError, match="MY_KEY"):
        resolve(ModelSettings(base_url="https://llm.corp/v1", key_env="MY_KEY"), {})


@pytest.mark.parametrize("address", ["ftp://x/v1", "llm.corp/v1", "https://user:pass@llm.corp/v1", "https://"])
def test_addresses_that_are_none(address: str) -> None:
    with pytest.raises(EndpointError) as caught:
        resolve(ModelSettings(base_url=address), {})
    assert "pass@" not in str(caught.value)
