"""When models were asked is kept between runs, by time only, for a day."""

import json
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.config.quotas import KEPT_SECONDS, Quotas

NOON = 1_795_435_200.0


def test_what_one_run_asked_the_next_one_knows(tmp_path: Path) -> None:
    path = tmp_path / "state" / "asked.json"
    Quotas(path).add("a", NOON)
    Quotas(path).add("a", NOON + 1)
    Quotas(path).add("b", NOON + 2)
    assert Quotas(path).times("a", NOON + 3) == [NOON, NOON + 1]
    assert Quotas(path).times("b", NOON + 3) == [NOON + 2]
    assert Quotas(path).times("c", NOON + 3) == []
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["asked.json"]


def test_two_runs_at_once_know_of_each_other(tmp_path: Path) -> None:
    one, other = Quotas(tmp_path / "q"), Quotas(tmp_path / "q")
    one.add("a", NOON)
    other.add("a", NOON + 1)
    assert one.times("a", NOON + 2) == [NOON, NOON + 1]


def test_what_is_older_than_a_day_is_forgotten_also_on_disk(tmp_path: Path) -> None:
    path = tmp_path / "q"
    Quotas(path).add("old", NOON)
    Quotas(path).add("a", NOON + KEPT_SECONDS)
    assert Quotas(path).times("old", NOON + KEPT_SECONDS) == []
    assert json.loads(path.read_text()) == {"a": [NOON + KEPT_SECONDS]}


def test_a_clock_that_was_set_back_blocks_nobody(tmp_path: Path) -> None:
    quotas = Quotas(tmp_path / "q")
    quotas.add("a", NOON)
    assert quotas.times("a", NOON - 3600) == []


def test_the_newest_question_to_a_model_can_be_counted_out_again(tmp_path: Path) -> None:
    quotas = Quotas(tmp_path / "q")
    quotas.add("a", NOON)
    quotas.add("a", NOON + 1)
    quotas.add("b", NOON + 2)
    quotas.drop_newest("a", NOON + 3)
    quotas.drop_newest("c", NOON + 3)
    assert Quotas(tmp_path / "q").times("a", NOON + 3) == [NOON]
    assert Quotas(tmp_path / "q").times("b", NOON + 3) == [NOON + 2]


@pytest.mark.parametrize("content", [b"", b"{half", b"[1]", b'{"a": "x"}', b"\xff\xfe"])
def test_a_broken_file_means_that_nothing_was_asked(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "q").write_bytes(content)
    quotas = Quotas(tmp_path / "q")
    assert quotas.times("a", NOON) == []
    quotas.add("a", NOON)
    assert quotas.times("a", NOON) == [NOON]


def test_a_folder_that_cannot_be_written_is_an_error_for_the_caller(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError):
        Quotas(tmp_path / "file" / "q").add("a", NOON)


@given(st.lists(st.floats(0, 1e5), max_size=20), st.floats(0, 2e5))
def test_exactly_the_last_days_times_count(
    tmp_path_factory: pytest.TempPathFactory, times: list[float], now: float
) -> None:
    quotas = Quotas(tmp_path_factory.mktemp("q") / "q")
    for time in sorted(times):
        quotas.add("a", NOON + time)
    found = quotas.times("a", NOON + now)
    last = NOON + max(times, default=0)
    kept = [NOON + time for time in sorted(times) if NOON + time > last - KEPT_SECONDS]
    assert found == [time for time in kept if NOON + now - KEPT_SECONDS < time <= NOON + now]
