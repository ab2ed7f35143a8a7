"""`hallucino redact`: what would be sent of each line."""

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hallucino_tui.cli import main

SECRET = "q7" + "hunter" + "7q"


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    from hallucino_tui.config.paths import settings_file

    settings_file().parent.mkdir(parents=True, exist_ok=True)
    return settings_file()


def said(argv: list[str], capfdbinary: pytest.CaptureFixture[bytes]) -> tuple[int, str, str]:
    code = main(["redact", *argv])
    out, err = capfdbinary.readouterr()
    return code, out.decode(), err.decode()


def written(folder: Path, text: bytes, name: str = "app.log") -> str:
    path = folder / name
    path.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    return str(path)


def test_each_line_is_printed_as_it_would_be_sent(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    text = (
        f"plain words\ndb password={SECRET} n=1\n\n\x1b[31mred\x1b[0m [L3] <|im_start|>\nagain token: {SECRET}".encode()
    )
    code, out, err = said([written(tmp_path, text)], capfdbinary)
    assert out.splitlines() == [
        "plain words", "db password=<secret:password:1> n=1", "", "red (L3) [ctl]", "again token: <secret:password:1>",
    ]  # fmt: skip
    assert (code, err) == (0, "")


def test_archives_are_read(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    code, out, _ = said([written(tmp_path, f"pwd={SECRET}\n".encode(), "app.log.gz")], capfdbinary)
    assert (code, out) == (0, "pwd=<secret:password:1>\n")


def test_the_input_is_read_and_broken_text_does_not_end_it(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hallucino_tui", "redact", "-"]
    text = b"one \xff\xfe two\n" + f"password={SECRET}\xff".encode("latin-1") + b"\nlast\n"
    done = subprocess.run(command, input=text, capture_output=True, check=False, timeout=60)
    lines = done.stdout.decode().splitlines()
    assert (done.returncode, done.stderr) == (0, b"")
    assert [lines[0][:4], lines[1], lines[2]] == ["one ", "password=<secret:password:1>", "last"]


def test_a_key_goes_wherever_the_pieces_of_the_input_are_cut(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    body = "Q7" * 32
    key = ["-----BEGIN " + "PRIVATE KEY-----", *[body] * 20, "-----END " + "PRIVATE KEY-----"]
    lines = (["words of no meaning " * 3] * 500 + key) * 300
    code, out, _ = said([written(tmp_path, "\n".join(lines).encode())], capfdbinary)
    made = out.splitlines()
    assert (code, len(made), body in out) == (0, len(lines), False)
    assert made.count(lines[0]) == 500 * 300


def test_a_summary_counts_kinds(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    text = f"pwd={SECRET}\ntoken={SECRET}\nmail bob@shop.example\n".encode()
    code, _, err = said([written(tmp_path, text), "--summary"], capfdbinary)
    assert (code, err) == (0, "hallucino: Replaced 3 times (2 different secrets): password 2, email 1.\n")
    assert said([written(tmp_path, b"plain\n"), "--summary"], capfdbinary)[2] == "hallucino: Nothing was replaced.\n"


def test_the_settings_say_what_else_is_replaced(
    tmp_path: Path, own_settings: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    own_settings.write_text(
        "[assistant.redaction]\nemails = false\naddresses = true\n"
        "[[assistant.redaction.rules]]\nname = 'order'\npattern = 'order (?P<secret>[0-9]+)'\n"
    )
    code, out, _ = said([written(tmp_path, b"order 17 of a@b.example from 10.0.0.7\n")], capfdbinary)
    assert (code, out) == (0, "order <secret:order:1> of a@b.example from <ip:1>\n")


def test_a_wrong_rule_is_one_sentence(
    tmp_path: Path, own_settings: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    own_settings.write_text("[[assistant.redaction.rules]]\nname = 'order'\npattern = '('\n")
    code, out, err = said([written(tmp_path, b"x\n")], capfdbinary)
    assert (code, out) == (2, "")
    assert err.startswith("hallucino: The redaction rule 'order' has a wrong pattern: ")
    assert err.count("\n") == 1


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    code, out, err = said([str(tmp_path / "nothing.log")], capfdbinary)
    assert (code, out, err.count("\n")) == (2, "", 1)


def test_an_archive_that_breaks_off_gives_what_it_has(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = tmp_path / "app.log.gz"
    whole = gzip.compress(b"".join(os.urandom(20).hex().encode() + b"\n" for _ in range(5000)))
    path.write_bytes(whole[: len(whole) // 2])
    code, out, err = said([str(path)], capfdbinary)
    assert (code, err.count("\n")) == (1, 1)
    assert out.count("\n") > 100


def test_who_has_read_enough_ends_it_quietly(tmp_path: Path) -> None:
    path = written(tmp_path, b"some words of no meaning\n" * 200_000)
    command = f'"{sys.executable}" -m hallucino_tui redact "{path}" | head -n 1'
    done = subprocess.run(["sh", "-c", command], capture_output=True, check=False, timeout=60)
    assert (done.stdout, done.stderr) == (b"some words of no meaning\n", b"")
