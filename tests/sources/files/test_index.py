import itertools
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.logs.file_body import GONE, Part
from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.logs.severity import CONTINUED, Level
from hallucino_tui.sources.files import index
from hallucino_tui.sources.files.index import index_plain

SECOND = 1_000_000_000


class LeadingNumber:
    """Reads a number in front of each line as seconds since the epoch."""

    name = "leading number"

    def parse(self, block: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
        words = [block[start:end].tobytes().split(b" ")[0] for start, end in zip(starts, ends, strict=True)]
        return np.array([int(word) * SECOND if word.isdigit() else NO_TIME for word in words], np.int64)


@contextmanager
def written(data: bytes) -> Iterator[int]:
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        yield file.fileno()


def parts_of(descriptor: int, *, exact: bool = False, carry: int = 7, timed: bool = False) -> list[Part]:
    size = os.fstat(descriptor).st_size
    return list(index_plain(descriptor, 0, size, 3, LeadingNumber() if timed else None, carry, exact=exact))


def lines_of(parts: list[Part]) -> list[bytes]:
    found: list[bytes] = []
    for part in parts:
        body = part.body
        for row in range(part.count):
            text = body.text[body.offsets[row] : body.offsets[row + 1]].tobytes()
            found.append(body.raw.get(row, text))
    return found


def split(data: bytes) -> list[bytes]:
    lines = data.split(b"\n")
    return lines if lines[-1] else lines[:-1]


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "CHUNK_BYTES", 16)
    monkeypatch.setattr(index, "PART_BYTES", 24)


@pytest.mark.usefixtures("small_chunks")
@given(st.lists(st.sampled_from([b"a", b"\n", b"\n", b" ", b"\t", b"\r", b"\xff", "é".encode(), b"long " * 9])))
def test_every_line_of_any_file_is_found(pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    with written(data) as descriptor:
        parts = parts_of(descriptor)
        assert lines_of(parts) == split(data)
        assert sum(part.bytes for part in parts) == len(data) - data.count(b"\n")


@pytest.mark.usefixtures("small_chunks")
@given(st.lists(st.integers(0, 50).map(lambda number: b"%d x" % number) | st.just(b"  at frame") | st.just(b"")))
def test_times_that_are_read_exactly_never_let_a_line_change_its_place(lines: list[bytes]) -> None:
    data = b"\n".join(lines)
    with written(data) as descriptor:
        parts = parts_of(descriptor, exact=True, timed=True)
        keys = np.concatenate([np.empty(0, np.int64), *(part.body.keys for part in parts)])
        assert (np.diff(keys) >= 0).all()
        for part, following in itertools.pairwise(parts):
            assert part.first_key <= part.last_key <= following.first_key


@pytest.mark.usefixtures("small_chunks")
@given(st.lists(st.integers(0, 50), min_size=1))
def test_times_that_are_sampled_bound_those_of_an_ordered_file(numbers: list[int]) -> None:
    data = b"".join(b"%d line\n" % number for number in sorted(numbers))
    with written(data) as descriptor:
        parts = parts_of(descriptor, timed=True, carry=0)
        for part in parts:
            assert part.first_key == part.body.times[0]
            assert part.body.times[-1] <= part.last_key or part is parts[-1]


def test_a_line_without_a_time_has_that_of_the_line_before() -> None:
    with written(b"5 error\n  at frame\n8 fine\n") as descriptor:
        (part,) = parts_of(descriptor, timed=True)
        assert part.body.times.tolist() == [5 * SECOND, 5 * SECOND, 8 * SECOND]


def test_lines_of_a_file_without_times_all_have_the_files_own() -> None:
    with written(b"one\ntwo\n") as descriptor:
        (part,) = parts_of(descriptor, carry=99)
        assert part.body.times.tolist() == [99, 99]
        assert (part.first_key, part.last_key) == (99, 99)


def test_a_part_ends_before_a_record_and_not_within_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "CHUNK_BYTES", 40)
    monkeypatch.setattr(index, "PART_BYTES", 40)
    with written(b"first line\nERROR it broke\n    at one\n    at two\nlast line\n") as descriptor:
        parts = parts_of(descriptor)
        assert parts[0].count == 1
        assert lines_of(parts)[1] == b"ERROR it broke"
        assert parts[1].body.levels.tolist()[:3] == [Level.ERROR, Level.ERROR | CONTINUED, Level.ERROR | CONTINUED]


def test_more_lines_than_a_segment_can_number_become_several_parts() -> None:
    data = b"\n" * 70_000 + b"x" * 10 + b"\n"
    with written(data) as descriptor:
        parts = parts_of(descriptor)
        assert [part.count for part in parts] == [65_536, 4_465]
        assert lines_of(parts)[-1] == b"x" * 10


def test_text_that_was_let_go_is_read_again() -> None:
    with written(b"one\ntwo\n") as descriptor:
        (part,) = parts_of(descriptor)
        part.body.settle()
        held = part.body.size(part.count)
        part.body.release()
        assert part.body.size(part.count) == held - 6
        assert lines_of([part]) == [b"one", b"two"]


def test_lines_stay_readable_when_the_file_gets_another_name_or_none(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_bytes(b"one\ntwo\n")
    with path.open("rb") as file:
        (part,) = parts_of(file.fileno())
    path.unlink()
    assert lines_of([part]) == [b"one", b"two"]


@pytest.mark.parametrize(
    ("now", "left"),
    [
        (b"", [GONE, GONE, GONE]),
        (b"one\ntw", [b"one", GONE, GONE]),
        (b"one\ntwo\n", [b"one", b"two", GONE]),
        (b"something else altogether", [GONE, GONE, GONE]),
        (b"a\nb\nc\nd\ne\nf\n", [GONE, GONE, GONE]),
    ],
)
def test_lines_that_a_file_does_not_have_any_more_say_so(tmp_path: Path, now: bytes, left: list[bytes]) -> None:
    path = tmp_path / "app.log"
    path.write_bytes(b"one\ntwo\nthree\n")
    with path.open("rb") as file:
        (part,) = parts_of(file.fileno())
    path.write_bytes(now)
    assert lines_of([part]) == left
    assert len(part.body.levels) == len(part.body.times) == 3
