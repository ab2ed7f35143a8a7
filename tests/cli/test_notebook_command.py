"""`hallucino notebook` without a screen."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from pathlib import Path

import pytest

from hallucino_tui.cli import main
from hallucino_tui.cli.arguments import parse
from hallucino_tui.config.paths import notebook_folder, settings_file
from hallucino_tui.session.notebook import KeptLine, LinesEntry, Notebook, with_entry
from hallucino_tui.sinks.notebooks import NotebookFolder

NOON = 1_795_435_200 * 10**9
MADE_UP = "made-up" + "-q7" * 4


@pytest.fixture
def shelf() -> NotebookFolder:
    """Two notebooks where the program looks for them."""
    shelf = NotebookFolder(notebook_folder())
    shelf.add(Notebook(name="old", title="Disk full", made=NOON, changed=NOON))
    lines = [KeptLine("ERROR \x1b[31m pool timeout", NOON, "error", "web-1/app"), KeptLine("<b>no markup</b>")]
    notebook = Notebook(name="new", title="Checkout is down", made=NOON, changed=NOON + 1)
    shelf.add(with_entry(notebook, LinesEntry(lines=lines, note="look here", moment=NOON)))
    return shelf


def ran(argv: Sequence[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = main(["notebook", *argv])
    out, err = capsys.readouterr()
    return code, out, err


def test_a_place_for_notebooks_that_cannot_be_looked_at_is_not_taken_for_an_empty_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    notebook_folder().parent.mkdir(parents=True)
    notebook_folder().write_text("")
    code, out, err = ran(["list"], capsys)
    assert (code, out) == (1, "")
    assert err == f"hallucino: The notebooks in {notebook_folder()} cannot be listed (Not a directory).\n"


def test_notebooks_are_listed_the_newest_first(shelf: NotebookFolder, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ran(["list"], capsys)
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()] == ["new", "old"]
    assert out.splitlines()[0].endswith("   1  Checkout is down")


def test_no_notebook_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert ran(["list"], capsys) == (
        0,
        "",
        "hallucino: No notebook was kept yet: K keeps lines in the screen of logs.\n",
    )


def test_a_broken_notebook_is_said_beside_the_others(shelf: NotebookFolder, capsys: pytest.CaptureFixture[str]) -> None:
    (notebook_folder() / "bad.json").write_bytes(b"{")
    code, out, err = ran(["list"], capsys)
    assert code == 1
    assert len(out.splitlines()) == 2
    assert err.count("\n") == 1
    assert "bad.json is broken" in err


def test_one_is_shown_whole_and_harmless(shelf: NotebookFolder, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ran(["show", "new"], capsys)
    assert (code, err) == (0, "")
    assert out.startswith("Checkout is down\n\n1. Lines, kept ")
    assert "look here" in out
    assert "2026-11-23T12:00:00.000000000Z web-1/app ERROR ␛[31m pool timeout" in out
    assert "\x1b" not in out


def test_it_is_exported_as_markdown_and_as_html(shelf: NotebookFolder, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = ran(["export", "new"], capsys)
    assert code == 0
    assert out.startswith("# Checkout is down\n")
    assert "> look here" in out
    code, out, _ = ran(["export", "new", "--format", "html"], capsys)
    assert code == 0
    assert out.startswith("<!DOCTYPE html>")
    assert "&lt;b&gt;no markup&lt;/b&gt;" in out


def test_a_file_is_new_and_for_its_owner_alone(
    shelf: NotebookFolder, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "out.html"
    assert ran(["export", "new", "-o", str(path)], capsys) == (0, "", "")
    assert path.read_text().startswith("<!DOCTYPE html>")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    code, _, err = ran(["export", "new", "-o", str(path)], capsys)
    assert code == 1
    assert err == f"hallucino: {path} exists already: choose another name.\n"


def test_an_export_applies_the_rules_once_more_unless_told_not_to(
    capsys: pytest.CaptureFixture[str],
) -> None:
    shelf = NotebookFolder(notebook_folder())
    lines = [KeptLine("password=<secret:password:1>"), KeptLine(f"token={MADE_UP}")]  # as a weaker rule had left it
    shelf.add(with_entry(Notebook(name="n", pseudonyms={"secret:password": 1}), LinesEntry(lines=lines)))
    _, out, _ = ran(["export", "n"], capsys)
    assert "password=<secret:password:1>" in out
    assert "token=<secret:password:2>" in out
    assert MADE_UP not in out
    assert MADE_UP in ran(["export", "n", "--no-redact"], capsys)[1]
    assert MADE_UP in (notebook_folder() / "n.json").read_text()


@pytest.mark.parametrize("wanted", ["Checkout is down", "checkout  is DOWN", "check", "new"])
def test_a_notebook_is_found_by_its_title_or_by_how_that_begins(
    shelf: NotebookFolder, capsys: pytest.CaptureFixture[str], wanted: str
) -> None:
    code, out, err = ran(["show", wanted], capsys)
    assert (code, err) == (0, "")
    assert out.startswith("Checkout is down\n")
    assert ran(["export", wanted], capsys)[1].startswith("# Checkout is down\n")


def test_of_several_that_are_called_alike_one_has_to_be_named(
    shelf: NotebookFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    shelf.add(Notebook(name="third", title="Checkout is slow", made=NOON, changed=NOON + 2))
    code, out, err = ran(["show", "checkout"], capsys)
    assert (code, out) == (1, "")
    assert err == (
        "hallucino: Several notebooks are called 'checkout': name one of third (Checkout is slow), "
        "new (Checkout is down).\n"
    )
    assert ran(["show", "checkout is slow"], capsys)[0] == 0  # the whole title is one of them
    shelf.add(Notebook(name="checkout", title="Another", made=NOON, changed=NOON))
    assert ran(["show", "checkout"], capsys)[1].startswith("Another\n")  # so is a name


@pytest.mark.parametrize(
    ("name", "is_html"), [("a.MD", False), ("a.markdown", False), ("a.txt", False), ("a", False), ("a.HTM", True)]
)
def test_the_ending_of_a_file_says_how_it_is_written(
    shelf: NotebookFolder, capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str, is_html: bool
) -> None:
    assert ran(["export", "new", "-o", str(tmp_path / name)], capsys) == (0, "", "")
    assert (tmp_path / name).read_text().startswith("<!DOCTYPE html>") is is_html


def test_an_ending_that_promises_something_else_is_refused_and_nothing_is_written(
    shelf: NotebookFolder, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "out.pdf"
    assert ran(["export", "new", "-o", str(path)], capsys) == (
        2,
        "",
        "hallucino: A notebook is exported as Markdown or HTML, and .pdf is neither: end the name in .md or .html.\n",
    )
    assert not path.exists()
    assert ran(["export", "new", "-o", str(path), "--format", "html"], capsys) == (0, "", "")


@pytest.mark.parametrize(
    ("argv", "code", "sentence"),
    [
        (["show", "other"], 1, "There is no notebook other in"),
        (["show", "../other"], 1, "is no name of a notebook"),
        (["show"], 2, "Name the notebook to show"),
        (["export"], 2, "Name the notebook to export"),
        (["list", "new"], 2, "takes nothing else"),
        (["show", "new", "--format", "html"], 2, "belong to hallucino notebook export"),
    ],
)
def test_what_is_wrong_is_one_sentence(
    shelf: NotebookFolder, capsys: pytest.CaptureFixture[str], argv: list[str], code: int, sentence: str
) -> None:
    got, out, err = ran(argv, capsys)
    assert (got, out, err.count("\n")) == (code, "", 1)
    assert sentence in err


def test_a_wrong_rule_of_the_settings_is_said_and_nothing_is_written(
    shelf: NotebookFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    settings_file().parent.mkdir(parents=True)
    settings_file().write_text('[[assistant.redaction.rules]]\nname = "mine"\npattern = "("\n')
    code, out, err = ran(["export", "new"], capsys)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "The redaction rule 'mine'" in err


def test_other_actions_and_formats_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    for argv in (["burn"], ["export", "new", "--format", "pdf"]):
        with pytest.raises(SystemExit):
            parse(["notebook", *argv])
    assert "Traceback" not in capsys.readouterr().err
