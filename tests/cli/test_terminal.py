"""To a terminal nothing that a container or a server says is obeyed; to a pipe it is the very bytes."""

import os
import pty
import re
import sys

import pytest
from cli_world import Cli, Reader, until

from hallucino_tui.cli import main
from hallucino_tui.demo.scenario.hostile import LINES, write_hostile
from tests.models.fake_server import DONE, chunk, pieces, serving

OBEYED = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]|\r(?!\n)")


def in_a_terminal(cli: Cli, *arguments: str) -> tuple[int, bytes]:
    """Run a command whose output and errors go to a terminal; return exit code and all that was drawn."""
    master, slave = pty.openpty()
    drawn = Reader(master)
    try:
        with open(slave, "w", encoding="utf-8") as terminal, pytest.MonkeyPatch.context() as patch:  # noqa: PTH123
            patch.setattr(sys, "stdout", terminal)
            patch.setattr(sys, "stderr", terminal)
            code = main(arguments)
        return code, drawn.end()  # a terminal ends with the last one who holds it
    finally:
        os.close(master)


@pytest.fixture
def hostile(cli: Cli) -> Cli:
    """A pod that tries to harm whoever reads it."""
    pod = cli.pod("web-1")
    cli.background.call(lambda: write_hostile(pod))
    return cli


def test_a_pipe_gets_the_very_bytes(hostile: Cli) -> None:
    process = hostile.start("logs", "pod/web-1")
    out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, b"")
    assert out == b"".join(line + b"\n" for line in LINES)


def test_a_terminal_draws_all_lines_and_obeys_none(hostile: Cli) -> None:
    code, drawn = in_a_terminal(hostile, "logs", "pod/web-1")
    assert code == 0
    assert not OBEYED.search(drawn)
    assert drawn.count(b"\r\n") == len(LINES)
    assert "␛[31mred␛[0m".encode() in drawn
    assert b"<U+202E>" in drawn


def test_a_terminal_that_follows_obeys_none_either(hostile: Cli) -> None:
    master, slave = pty.openpty()
    process = hostile.start("logs", "-f", "pod/web-1", stdout=slave, stderr=slave)
    os.close(slave)
    drawn = Reader(master)
    until(lambda: drawn.data.count(b"\r\n") == len(LINES), "all lines")
    process.kill()
    process.wait(30)
    drawn.end()
    os.close(master)
    assert not OBEYED.search(drawn.data)


def test_what_a_model_says_is_not_obeyed(hostile: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = pieces(chunk("It \x1b[2J"), chunk("broke\x1b]0;x\x07.\r\nEnd"), chunk(reason="stop"), DONE)
    server = hostile.background.enter(serving(answer))
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    code, drawn = in_a_terminal(hostile, "summarise", "--yes", "--model", "m")
    assert code == 4  # it cites nothing
    assert not OBEYED.search(drawn)
    assert "It ␛[2Jbroke␛]0;x␇.".encode() in drawn


@pytest.mark.parametrize("arguments", [["logs"], ["summarise", "--show"]])
def test_what_a_login_plugin_says_is_not_obeyed(cli: Cli, arguments: list[str]) -> None:
    plugin = cli.file(
        "login", "#!/bin/sh\nprintf '\\033]0;evil\\007\\033[2J log in \\302\\233 first\\n' >&2\nexit 1\n", 0o700
    )
    kubeconfig = cli.kubeconfig_with_plugin(plugin)
    code, drawn = in_a_terminal(cli, *arguments, "--kubeconfig", kubeconfig)
    assert code == 1
    assert b"first" in drawn
    assert not OBEYED.search(drawn)


def test_a_summary_to_a_pipe_is_markdown_with_its_marks(hostile: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    server = hostile.background.enter(serving(pieces(chunk("### What\n- größe"), chunk(reason="stop"), DONE)))
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    code, out, err = hostile("summarise", "--yes", "--model", "m")
    assert (code, err) == (4, "")
    assert out.decode().startswith("### What\n- größe ✖ unsupported: ")


def test_a_summary_that_nobody_reads_any_more_is_no_trace_back(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    cli.write(cli.pod("web-1"), "ERROR pool is empty")
    server = cli.background.enter(serving(pieces(chunk("The pool is empty [L1]."), chunk(reason="stop"), DONE)))
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    process = cli.start("summarise", "--yes", "--model", "m")
    assert process.stdout is not None
    process.stdout.close()
    err = Reader(process.stderr)
    assert (process.wait(60), err.end()) == (1, b"")
