"""The look behind all tests: it finds a secret where the program left one, and nothing where it did not."""

from __future__ import annotations

import base64
import os
import secrets
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.secrets_left import PIECE, all_made_up, files_of_the_program, forms_of, found_in, made_up, pieces_of

ROOT = Path(__file__).parents[1]
# A run of tests of its own: one whose program leaves a secret, one whose program does not.
CONFTEST = "from tests.conftest import no_secret_left, pytest_runtest_logreport\n"
TESTS = """
import sys
from tests.secrets_left import made_up

def test_one(tmp_path):
    secret = made_up("q7" + "Zr4" * 2 + "xWn8Kt5Lb")
    path = tmp_path / {path!r}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("a line with " + {text})
    print({printed})

def test_two(tmp_path):
    pass
"""


def ended(
    folder: Path, *, path: str = "input.log", text: str = "secret", printed: str = "''", workers: int = 0
) -> tuple[int, str]:
    """Run tests; return the exit code and what was told."""
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_inner.py").write_text(TESTS.format(path=path, text=text, printed=printed))
    options = ["-q", "-c", os.devnull, f"--rootdir={folder}", f"--basetemp={folder / 'base'}", "-p", "no:cacheprovider"]
    plugins = ["-p", "xdist.plugin", f"-n{workers}"] if workers else []
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *plugins, str(folder)],
        cwd=ROOT,
        # Without the options of the run around it: they may be of plugins that are not there.
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("workers", [0, 2])
def test_a_run_fails_whose_program_kept_a_secret(tmp_path: Path, workers: int) -> None:
    code, told = ended(tmp_path, path="state/hallucino/notebooks/one.json", workers=workers)
    assert code == 1, told
    assert "secrets that a test made up are left in" in told
    assert "one.json" in told


def test_a_run_fails_that_printed_a_secret(tmp_path: Path) -> None:
    code, told = ended(tmp_path, printed="secret")
    assert code == 1, told
    assert "left in printed by test_inner.py::test_one" in told


def test_a_run_is_good_whose_secrets_are_only_where_a_test_put_them(tmp_path: Path) -> None:
    code, told = ended(tmp_path, printed="'nothing'")
    assert code == 0, told
    (tmp_path / "other").mkdir()
    code, told = ended(tmp_path / "other", path="state/hallucino/notebooks/one.json", text="'<secret:password:1>'")
    assert code == 0, told


@pytest.mark.parametrize(
    "name",
    [
        "state/hallucino/defect.txt",
        "home/.local/state/hallucino/notebooks/.one.tmp",
        "notebooks/one.json",
        "asked-models.json",
        "agreed-hosts.json",
        "here/incident.md",
        "incident.html",
        "cache/hallucino/answers",
    ],
)
def test_what_the_program_writes_is_looked_at(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text("x")
    assert list(files_of_the_program(tmp_path)) == [tmp_path / name]


@pytest.mark.parametrize("name", ["app.log", "config/hallucino/settings.toml", "home/.kube/config", "pods.json"])
def test_what_tests_hand_to_the_program_is_not(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text("x")
    assert list(files_of_the_program(tmp_path)) == []


@pytest.mark.parametrize("length", range(10, 30))
def test_a_secret_is_found_in_base64_and_in_addresses_wherever_it_stands(length: int) -> None:
    secret = secrets.token_urlsafe(40)[: length - 3] + "/+="
    forms = forms_of(secret)
    for before in range(4):
        for behind in range(4):
            around = f"{'x' * before}{secret}{'y' * behind}".encode()
            texts = {
                "as it is": around.decode(),
                "base64": base64.b64encode(around).decode(),
                "base64 of addresses": base64.urlsafe_b64encode(around).decode(),
                "address": quote(around.decode(), safe=""),
            }
            assert found_in(forms, texts).keys() == texts.keys()
    assert found_in(forms, {"another": secrets.token_urlsafe(400)}) == {}


def test_pieces_are_all_that_are_long_enough() -> None:
    assert pieces_of("abcdefghij") == {"abcdefgh", "bcdefghi", "cdefghij"}
    assert pieces_of("abc") == {"abc"}
    assert all(len(piece) == PIECE for piece in pieces_of(secrets.token_hex(20)))


@pytest.mark.parametrize("secret", ["short", "aaaaaaaaaaaaaaaaaaaa", ""])
def test_what_may_stand_anywhere_is_returned_and_not_looked_for(secret: str) -> None:
    before = all_made_up()
    assert made_up(secret) == secret
    assert all_made_up() == before
