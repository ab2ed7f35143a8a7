"""`hallucino verify`: an answer against a file of lines, as text and as JSON."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

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


def test_what_a_terminal_would_obey_is_shown_and_not_sent(
    lines: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = said(["--lines", str(lines), answer(tmp_path, "Cart \x1b[2Jran out of memory [L1].")], capsys)
    assert "\x1b" not in out
