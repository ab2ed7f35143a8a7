"""`hallucino verify`: an answer against a file of lines, as text and as JSON."""

from __future__ import annotations

import gzip
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from hallucino_tui.cli import main

LINES = "10:00:00 pod cart ended, exit code 137, OOMKilled\n\n10:00:30 Back-off restarting failed container cart\n"


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    path = tmp_path / "lines.log"
    path.write_text(LINES)
    return path


def said(argv: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    try:
        code = main(["verify", *argv])
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else 1
    out, err = capsys.readouterr()
    return code, out, err


def answer(folder: Path, text: str) -> str:
    path = folder / "answer.md"
    path.write_text(text)
    return str(path)


def test_supported_claims_are_listed_and_the_code_is_0(
    lines: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = said(["--lines", str(lines), answer(tmp_path, "Cart ran out of memory [L1].")], capsys)
    assert (code, out) == (0, "1 of 1 claims supported\n✓ Cart ran out of memory [L1].\n")


def test_an_unsupported_claim_is_named_with_its_reason_and_the_code_is_4(
    lines: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = said(["--lines", str(lines), answer(tmp_path, "Cart exited with code 3 [L1].")], capsys)
    assert code == 4
    assert out == (
        "0 of 1 claims supported, 1 unsupported\n✖ Cart exited with code 3 [L1].\n"
        "    unsupported: `3` does not occur in L1.\n"
    )


def test_doubt_alone_is_no_failure(lines: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "Cart ran out of memory [L1].\nEvery container ran out of memory [L1].\n"
    code, out, _ = said(["--lines", str(lines), answer(tmp_path, text)], capsys)
    assert code == 0
    assert out.startswith("1 of 2 claims supported, 1 doubtful\n")


def test_json_is_one_object_with_a_claim_for_each_line(
    lines: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "Cart ran out of memory [L1][L3].\nThe node was replaced [L3].\nIt was over.\nSee it here [L4].\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    code, out, _ = said(["--json", "--lines", str(lines), "-"], capsys)
    tree = json.loads(out)
    assert code == 4
    assert [claim["text"] for claim in tree["claims"]] == text.splitlines()
    assert [claim["citations"] for claim in tree["claims"]] == [["L1", "L3"], ["L3"], [], ["L4"]]
    assert [claim["verdict"] for claim in tree["claims"]][2:] == ["unsupported", "unsupported"]
    assert tree["claims"][3]["reason"] == "There is no line L4."
    assert tree["summary"]["claims"] == 4
    assert tree["summary"]["problem"] == ""


def test_an_answer_that_cites_nothing_is_no_good_as_a_whole(
    lines: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = said(["--lines", str(lines), answer(tmp_path, "All is well.")], capsys)
    assert code == 4
    assert "no line is cited, so nothing could be checked" in out.splitlines()[0]


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["--lines", "nowhere.log", "answer.md"], "Cannot read the lines from nowhere.log"),
        (["--lines", "-", "-"], "cannot both be standard input"),
        (["answer.md"], "--lines"),
    ],
)
def test_bad_input_is_one_sentence_and_code_2(argv: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(argv, capsys)
    assert (code, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1


def test_an_empty_answer_is_refused(lines: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = said(["--lines", str(lines), answer(tmp_path, "\n")], capsys)
    assert code == 2
    assert "The answer is empty" in err


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_lines_in_an_archive_are_read_as_other_commands_read_them(
    lines: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], pack: Callable[[bytes], bytes]
) -> None:
    archive = tmp_path / "lines.log.packed"
    archive.write_bytes(pack(lines.read_bytes()))
    code, out, _ = said(["--lines", str(archive), answer(tmp_path, "Cart ran out of memory [L1].")], capsys)
    assert (code, out.splitlines()[0]) == (0, "1 of 1 claims supported")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (bytes(range(256)) * 9, "it holds binary data and no lines of text"),
        (gzip.compress(bytes(range(256)) * 9), "it holds binary data and no lines of text"),
        (gzip.compress(LINES.encode())[:30], "a broken gzip archive: it is cut off"),
        (LINES.encode("utf-16"), "it is UTF-16 text; convert it with iconv"),
        (b"PK\x03\x04", "it is a zip archive; unpack it first"),
    ],
)
@pytest.mark.parametrize("what", ["lines", "answer"])
def test_what_is_no_text_is_refused(
    lines: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, words: str, what: str
) -> None:
    bad = tmp_path / "bad"
    bad.write_bytes(content)
    good = str(lines) if what == "answer" else answer(tmp_path, "Cart ran out of memory [L1].")
    code, out, err = said(["--lines", good, str(bad)] if what == "answer" else ["--lines", str(bad), good], capsys)
    assert (code, out) == (2, "")
    assert f"Cannot read the {what} from {bad}" in err
    assert words in err
    assert err.count("\n") == 1


def test_ctrl_c_while_it_waits_for_the_answer_is_no_trace_back(lines: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise KeyboardInterrupt

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(Interrupted()))
    assert main(["verify", "--lines", str(lines), "-"]) == 130


def test_what_a_terminal_would_obey_is_shown_and_not_sent(
    lines: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = said(["--lines", str(lines), answer(tmp_path, "Cart \x1b[2Jran out of memory [L1].")], capsys)
    assert "\x1b" not in out
