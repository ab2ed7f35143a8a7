"""`hallucino doctor`: one sentence for each thing that has to be right."""

import os
import pty

import pytest
from cli_world import Cli, Reader

from hallucino_tui.config.paths import settings_file
from tests.models.fake_server import pieces, serving

RIGHTS = ["list pods", "read logs", "watch pods", "get a pod", "list namespaces", "read events"]


def findings(lines: list[str]) -> list[tuple[str, str]]:
    return [(line[:5].strip(), line[6:]) for line in lines]


def test_all_is_well(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    server = cli.background.enter(serving(pieces()))
    server.models = {"data": [{"id": "smol", "meta": {"n_ctx": 8192}}]}
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    monkeypatch.setenv("OPENAI_MODEL", "smol")
    done = cli("doctor")
    assert (done.code, done.err) == (0, "")
    found = findings(done.lines)
    assert found[0] == (
        "ok",
        f"The kubeconfig's context hallucino-demo leads to {cli.cluster.url}, namespace default.",
    )
    assert found[1][1].startswith("The cluster answers: Kubernetes v1.")
    for words, (mark, text) in zip(RIGHTS, found[2:8], strict=True):
        assert (mark, text.startswith(f"You may {words}")) == ("ok", True)
    host = server.url.removesuffix("/v1")
    assert found[8] == ("ok", f"The model server at {host} answers, and smol would be asked.")
    assert found[9] == ("note", "The output is no terminal, so the terminal was not looked at.")
    assert all(text.endswith(".") for _, text in found)
    assert server.requests == []


@pytest.mark.parametrize(
    ("verb", "resource", "words", "code"),
    [
        ("list", "pods", "list pods in default", 1),
        ("get", "pods/log", "read logs in default", 1),
        ("watch", "pods", "watch pods (without it they are read every few seconds) in default", 0),
        ("list", "namespaces", "list namespaces (without it only chosen ones show)", 0),
        ("list", "events", "read events (without it describe shows none) in default", 0),
    ],
)
def test_a_missing_right_is_a_failure_where_nothing_works_without_it(
    cli: Cli, verb: str, resource: str, words: str, code: int
) -> None:
    cli.background.call(lambda: cli.cluster.faults.deny(verb, resource))
    done = cli("doctor")
    assert done.code == code
    mark = "FAIL" if code else "note"
    assert (mark, f"You may not {words}: ask for the role in the README.") in findings(done.lines)


def test_rights_are_asked_for_where_they_are_needed(cli: Cli) -> None:
    cli.background.call(lambda: cli.cluster.faults.allow_only("shop"))
    assert cli("doctor", "-n", "shop").code == 0
    assert cli("doctor", "-n", "other").code == 1
    assert "ok    You may list pods in shop." in cli("doctor", "-n", "shop").lines


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ('[[assistant.redaction.rules]]\nname = "ticket"\npattern = "("', "ticket"),
        ('[[categories]]\nname = "late"\npattern = "("\ncategory = "normal"', "late"),
        ('[keys]\n"logs.search" = "notakey++"', "'notakey++', which is no key"),
    ],
)
def test_what_other_commands_would_refuse_in_the_settings_is_a_failure(cli: Cli, settings: str, words: str) -> None:
    settings_file().parent.mkdir(parents=True)
    settings_file().write_text(settings)
    done = cli("doctor")
    mark, text = findings(done.lines)[0]
    assert (done.code, mark, done.err) == (1, "FAIL", "")
    assert words in text


def test_a_prompt_that_is_misspelt_is_named(cli: Cli) -> None:
    folder = settings_file().parent / "prompts"
    folder.mkdir(parents=True)
    (folder / "sumarise.md").write_text("Be short.")
    mark, text = findings(cli("doctor").lines)[0]
    assert (mark, text) == (
        "note",
        f"The prompt {folder}/sumarise.md is not used, because there is none of that name: name it summarise.md.",
    )


def test_a_terminal_is_looked_at(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("COLUMNS", "70"), ("LINES", "20"), ("LC_ALL", "C.UTF-8")):
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("TMUX", raising=False)
    master, slave = pty.openpty()
    process = cli.start("doctor", stdout=slave)
    os.close(slave)
    drawn = Reader(master)
    assert process.wait(30) == 0
    assert b"note  The terminal has 70 columns and 20 lines: 80 by 24 is the least" in drawn.end()
    os.close(master)


@pytest.mark.parametrize(
    ("script", "finding"),
    [
        ("echo 500", ("note", "tmux holds back esc for 500 ms")),
        ("echo 10", ("ok", "tmux passes esc on after 10 ms.")),
        ("echo; exit 1", ("ok", "tmux passes esc on after 0 ms.")),
        ("echo nonsense", ("note", "This is tmux, and its escape-time cannot be read")),
        (None, ("note", "This is tmux, and its escape-time cannot be read")),
    ],
)
def test_tmux_is_asked_how_long_it_holds_back_esc(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, script: str | None, finding: tuple[str, str]
) -> None:
    from hallucino_tui.cli.doctor import _tmux

    folder = cli.folder / "bin"
    folder.mkdir()
    if script is not None:
        (folder / "tmux").write_text(f"#!/bin/sh\n{script}\n")
        (folder / "tmux").chmod(0o700)
    monkeypatch.setenv("PATH", str(folder))
    mark, text = _tmux()
    assert (mark, text.startswith(finding[1])) == (finding[0], True)
