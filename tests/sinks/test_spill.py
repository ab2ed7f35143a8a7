import os
import stat
from pathlib import Path

import numpy as np
import pytest

from hallucino_tui.cli import screen
from hallucino_tui.logs.batch import batch_of
from hallucino_tui.logs.intake import Intake
from hallucino_tui.logs.segment import Columns
from hallucino_tui.logs.store import Bounds, Store
from hallucino_tui.sinks.spill import FileSpill


def filled(spill: FileSpill | None, lines: int, most: int = 70_000) -> Store:
    store, intake = Store(Bounds(lines=most), spill=spill), Intake()
    for first in range(0, lines, 1000):
        texts = [b"line %d \xff ERROR" % number for number in range(first, first + 1000)]
        store.append(intake.prepare(batch_of(texts, list(range(first, first + 1000)), 2), 0))
        store.evict()
    return store


def test_what_leaves_memory_is_still_there_as_it_was(tmp_path: Path) -> None:
    kept, all_of_it = filled(FileSpill(tmp_path), 200_000), filled(None, 200_000, 1_000_000)
    snapshot, wanted = kept.snapshot(), all_of_it.snapshot()
    assert (snapshot.lines, snapshot.evicted) == (200_000, 0)
    assert snapshot.size < wanted.size * 0.6
    for number, columns in wanted.segments.items():
        same_columns(snapshot.segments[number], columns)


def same_columns(one: Columns, other: Columns) -> None:
    assert one.count == other.count
    assert one.raw == other.raw
    for name in ("times", "streams", "levels"):
        assert np.array_equal(getattr(one, name)[: one.count], getattr(other, name)[: one.count])
    for index in (0, one.count // 2, one.count - 1):
        assert one.original(index) == other.original(index)


def test_text_that_was_looked_at_is_let_go_again_when_there_is_no_room(tmp_path: Path) -> None:
    store = filled(FileSpill(tmp_path), 200_000)
    for columns in store.snapshot().segments.values():
        columns.line(0)
    store.trim()
    looked_at = store.snapshot().size
    store.bounds = Bounds(lines=70_000, bytes=1 << 20)
    store.trim()
    assert store.snapshot().size < looked_at


def test_nothing_is_left_in_the_folder_and_nobody_else_may_look_into_it(tmp_path: Path) -> None:
    folder = tmp_path / "spill"
    spill = FileSpill(folder)
    filled(spill, 200_000)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not list(folder.iterdir())


def test_a_full_disk_gives_lines_up_as_without_a_disk_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spill = FileSpill(tmp_path)

    def full(descriptor: int, data: bytes, offset: int) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    store = filled(spill, 200_000)
    assert store.snapshot().evicted > 0
    assert store.spill_problem == "Older lines cannot be kept on disk any more: No space left on device."


def test_a_folder_that_cannot_be_made_is_one_sentence_and_no_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "state").write_text("a file is in the way")
    monkeypatch.setattr("hallucino_tui.config.paths.state_folder", lambda: tmp_path / "state")
    spill, problem = screen._make_spill()
    assert spill is None
    assert "cannot be kept in" in problem
