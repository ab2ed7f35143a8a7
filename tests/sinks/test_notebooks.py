"""Notebooks in files: whole or not at all, for their owner alone, and nobody's change is written over."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.session.notebook import (
    AnswerEntry,
    KeptClaim,
    KeptFilter,
    KeptLine,
    KeptSource,
    KeptTimeline,
    LinesEntry,
    Notebook,
    NotebookError,
    ViewEntry,
    with_entry,
    with_title,
)
from hallucino_tui.sinks.notebooks import NotebookFolder

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
TIMES = st.none() | st.integers(-(2**63), 2**63 - 1)
LINES = st.lists(st.builds(KeptLine, TEXT, TIMES, TEXT, TEXT, st.dictionaries(TEXT, TEXT, max_size=2)), max_size=3)
ENTRIES = st.one_of(
    st.builds(LinesEntry, lines=LINES, note=TEXT, left_out=st.integers(0, 9)),
    st.builds(
        ViewEntry,
        filters=st.lists(st.builds(KeptFilter, TEXT, st.booleans()), max_size=2),
        timeline=st.none() | st.builds(KeptTimeline, st.integers(0, 9), st.integers(1, 9), st.just([(1, 2, 3, 4)])),
        since=TIMES,
        lines=LINES,
    ),
    st.builds(
        AnswerEntry,
        question=TEXT,
        answer=TEXT,
        claims=st.lists(st.builds(KeptClaim, TEXT, st.just([1]), TEXT), max_size=2),
        sent=st.lists(st.builds(KeptSource, TEXT, first=TIMES), max_size=2),
    ),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "notebooks"


@pytest.fixture
def shelf(folder: Path) -> NotebookFolder:
    return NotebookFolder(folder, patience=0.1)


def fresh(name: str = "outage", title: str = "Outage", changed: int = 1) -> Notebook:
    return Notebook(name=name, title=title, changed=changed)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != ".lock")


@given(st.lists(ENTRIES, max_size=4))
def test_what_is_kept_is_read_as_it_was(tmp_path_factory: pytest.TempPathFactory, entries: list[LinesEntry]) -> None:
    shelf = NotebookFolder(tmp_path_factory.mktemp("any"))
    notebook = shelf.add(fresh())
    for entry in entries:
        notebook = shelf.change(notebook, lambda current, entry=entry: with_entry(current, entry))  # type: ignore[misc]
    assert shelf.load("outage") == notebook
    assert [entry.id for entry in notebook.entries] == list(range(1, len(entries) + 1))


def test_only_the_owner_can_read_it(shelf: NotebookFolder, folder: Path) -> None:
    before = os.umask(0)
    try:
        shelf.change(shelf.add(fresh()), lambda notebook: with_title(notebook, "x"))
    finally:
        os.umask(before)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_a_folder_that_others_could_read_is_closed(shelf: NotebookFolder, folder: Path) -> None:
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    shelf.add(fresh())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_name_that_is_taken_gets_a_number(shelf: NotebookFolder) -> None:
    assert [shelf.add(fresh()).name for _ in range(3)] == ["outage", "outage-2", "outage-3"]


def test_they_are_listed_by_their_last_change(shelf: NotebookFolder, folder: Path) -> None:
    assert shelf.list() == []
    shelf.add(fresh("a", "old", 1))
    shelf.add(fresh("b", "new", 2))
    (folder / "c.json").write_bytes(b"{")
    assert [(one.name, one.title, bool(one.problem)) for one in shelf.list()] == [
        ("b", "new", False),
        ("a", "old", False),
        ("c", "", True),
    ]


def test_a_change_is_made_to_what_is_there_now(shelf: NotebookFolder, folder: Path) -> None:
    known = shelf.add(fresh())
    NotebookFolder(folder).change(known, lambda notebook: with_entry(notebook, LinesEntry(lines=[KeptLine("theirs")])))
    kept = shelf.change(known, lambda notebook: with_entry(notebook, LinesEntry(lines=[KeptLine("ours")])))
    assert [entry.lines[0].text for entry in kept.entries] == ["theirs", "ours"]  # type: ignore[union-attr]


def test_programs_that_write_at_once_lose_nothing(shelf: NotebookFolder, folder: Path) -> None:
    shelf.add(fresh())
    script = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from hallucino_tui.session.notebook import KeptLine, LinesEntry, with_entry
        from hallucino_tui.sinks.notebooks import NotebookFolder
        shelf = NotebookFolder(Path(sys.argv[1]), patience=60)
        known = shelf.load("outage")
        for number in range(8):
            entry = LinesEntry(lines=[KeptLine(f"{sys.argv[2]} {number}")])
            shelf.change(known, lambda notebook: with_entry(notebook, entry))
        """
    )
    running = [subprocess.Popen([sys.executable, "-c", script, str(folder), who]) for who in "ab"]
    assert [one.wait(60) for one in running] == [0, 0]
    notebook = shelf.load("outage")
    kept = [entry.lines[0].text for entry in notebook.entries]  # type: ignore[union-attr]
    assert sorted(kept) == sorted(f"{who} {number}" for who in "ab" for number in range(8))
    assert len({entry.id for entry in notebook.entries}) == 16


def test_a_file_that_somebody_took_away_comes_back_with_all_that_was_in_it(shelf: NotebookFolder, folder: Path) -> None:
    known = shelf.change(shelf.add(fresh()), lambda one: with_entry(one, LinesEntry(lines=[KeptLine("a")])))
    (folder / "outage.json").unlink()
    assert len(shelf.change(known, lambda one: with_entry(one, LinesEntry(lines=[]))).entries) == 2


@pytest.mark.parametrize("broken", ["fsync", "replace", "write"])
def test_a_full_disk_is_said_and_what_was_kept_is_there(
    shelf: NotebookFolder, folder: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    known = shelf.add(fresh())
    before = (folder / "outage.json").read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if broken == "replace":
        monkeypatch.setattr(Path, "replace", full)
    elif broken == "fsync":
        monkeypatch.setattr(os, "fsync", full)
    else:
        monkeypatch.setattr(os, "fdopen", lambda file, mode: (os.close(file), full()))
    with pytest.raises(NotebookError, match=r"cannot be kept in .*\(No space left on device\): nothing was changed"):
        shelf.change(known, lambda notebook: with_title(notebook, "x"))
    assert (folder / "outage.json").read_bytes() == before
    assert files(folder) == ["outage.json"]


def test_what_a_killed_program_had_begun_is_swept_away(shelf: NotebookFolder, folder: Path) -> None:
    shelf.add(fresh())
    (folder / ".outage.0123.tmp").write_bytes(b'{"half')
    assert [one.name for one in shelf.list()] == ["outage"]
    shelf.change(shelf.load("outage"), lambda notebook: with_title(notebook, "x"))
    assert files(folder) == ["outage.json"]


def test_another_program_that_does_not_let_go_is_said(shelf: NotebookFolder, folder: Path) -> None:
    known = shelf.add(fresh())
    lock = os.open(folder / ".lock", os.O_RDWR)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(NotebookError, match="Another Hallucino holds the notebooks"):
            shelf.change(known, lambda notebook: with_title(notebook, "x"))
    finally:
        os.close(lock)
    assert shelf.load("outage").title == "Outage"


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(NotebookError, match=r"cannot be kept in .*Not a directory"):
        NotebookFolder(tmp_path / "file" / "notebooks").add(fresh())


NEWER = {"format": "hallucino-notebook", "version": 99, "entries": "who knows"}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is broken"),
        (b"\xff\xfe", "is broken"),
        (b'{"format":"hallucino-notebook","version":1,"entr', "is broken"),
        (b'{"format":"hallucino-notebook","version":1,"entries":[{"type":"else"}]}', "is broken"),
        (b"[" * 100_000, "is broken"),
        (b'{"format":"other"}', "is no notebook of Hallucino"),
        (b"{}", "is no notebook of Hallucino"),
        (b"[1]", "is broken"),
        (msgspec.json.encode(NEWER), r"newer Hallucino \(format 99, this one knows 1\): update it"),
    ],
)
def test_a_file_that_is_no_notebook_is_said_and_left_alone(
    shelf: NotebookFolder, folder: Path, data: bytes, sentence: str
) -> None:
    folder.mkdir(parents=True)
    (folder / "x.json").write_bytes(data)
    with pytest.raises(NotebookError, match=sentence):
        shelf.load("x")
    with pytest.raises(NotebookError, match=sentence):
        shelf.change(fresh("x"), lambda notebook: notebook)
    assert (folder / "x.json").read_bytes() == data


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".lock", "a\nb", "x" * 101, "/etc/passwd"])
def test_a_name_leads_nowhere_else(shelf: NotebookFolder, name: str) -> None:
    with pytest.raises(NotebookError, match="is no name of a notebook"):
        shelf.load(name)


def test_a_name_that_is_not_there_is_said(shelf: NotebookFolder) -> None:
    with pytest.raises(NotebookError, match="There is no notebook nothing in"):
        shelf.load("nothing")


def test_the_file_is_what_its_name_says_and_not_what_stands_in_it(shelf: NotebookFolder, folder: Path) -> None:
    shelf.add(fresh())
    (folder / "outage.json").rename(folder / "copy.json")
    assert shelf.load("copy").name == "copy"
