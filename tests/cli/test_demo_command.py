"""`hallucino demo --serve`: a cluster for kubectl and others, that touches nobody's kubeconfig."""

import signal
import stat
import subprocess
from pathlib import Path

import pytest
from cli_world import Cli, Reader, until

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
