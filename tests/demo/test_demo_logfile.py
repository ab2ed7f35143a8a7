"""A container's log against an obvious slow model of what runtime and kubelet do."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hallucino_tui.demo import logfile
from hallucino_tui.demo.logfile import LogFile, LogReader
from hallucino_tui.demo.timeformat import SECOND, log_prefix

T0 = 1_700_000_000 * SECOND
SMALL = 8
"""Size of a piece in these tests, so that short lines are cut, too."""


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logfile, "PIECE", SMALL)


class Model:
    """Entries of one file as (time, whole, text), made byte by byte."""

    def __init__(self) -> None:
        self.files: list[list[tuple[int, bool, bytes]]] = [[]]
        self.held: dict[str, bytes] = {}

    def write(self, data: bytes, time: int, stream: str) -> None:
        for byte in data:
            held = self.held.get(stream, b"")
            if byte == 10:
                self.files[-1].append((time, True, held))
                self.held[stream] = b""
            elif len(held) == SMALL:
                self.files[-1].append((time, False, held))
                self.held[stream] = bytes((byte,))
            else:
                self.held[stream] = held + bytes((byte,))

    def close(self, time: int) -> None:
        for stream in ("stdout", "stderr"):
            if rest := self.held.get(stream):
                self.files[-1].append((time, False, rest))

    def read(self, *, timestamps: bool, since: int | None, tail: int | None, limit: int | None) -> bytes:
        entries = self.files[-1]
        if tail is not None:
            entries = entries[len(entries) - min(tail, len(entries)) :]
        return show(entries, timestamps=timestamps, since=since)[:limit]


def show(entries: list[tuple[int, bool, bytes]], *, timestamps: bool, since: int | None) -> bytes:
    out, at_start = b"", True
    for time, whole, text in entries:
        if since is None or time >= since:
            if timestamps and at_start:
                out += log_prefix(time)
            out += text + (b"\n" if whole else b"")
        at_start = whole
    return out


def read_all(reader: LogReader) -> bytes:
    parts = []
    while part := reader.read():
        parts.append(part)
    return b"".join(parts)


TEXT = st.binary(max_size=30).map(lambda data: data.replace(b"\x01", b"\n"))
LINES = st.lists(st.sampled_from([b"", b"a", b"12345678", b"123456789", b"x" * 17]), max_size=4).map(b"\n".join)
WRITES = st.lists(
    st.one_of(
        st.tuples(st.just("write"), LINES | TEXT, st.sampled_from(["stdout", "stderr"]), st.integers(-1, 3)),
        st.tuples(st.just("many"), st.lists(st.sampled_from([b"", b"b", b"longer than a piece"]), max_size=4)),
        st.tuples(st.just("rotate")),
        st.tuples(st.just("read")),
    ),
    max_size=14,
)
OPTIONS = st.fixed_dictionaries(
    {
        "timestamps": st.booleans(),
        "since": st.none() | st.integers(-2, 20).map(lambda seconds: T0 + seconds * SECOND),
        "tail": st.none() | st.integers(0, 9),
        "limit": st.none() | st.integers(1, 60),
    }
)


def play(step, log: LogFile, model: Model, now: int) -> int:
    """Do one step to both; return the new time."""
    if step[0] == "write":
        now += step[3] * SECOND  # now and then the clock goes back
        log.write(step[1], time_ns=now, stream=step[2])
        model.write(step[1], now, step[2])
    elif step[0] == "many":
        now += SECOND
        log.write_many(step[1], time_ns=now, step_ns=SECOND // 4)
        for number, line in enumerate(step[1]):
            model.write(line + b"\n", now + number * SECOND // 4, "stdout")
    elif step[0] == "rotate":
        log.rotate()
        model.files.append([])
    return now


@settings(max_examples=400)
@given(WRITES, OPTIONS, st.booleans())
def test_reading_is_what_the_slow_model_reads(steps, options, closed) -> None:
    clock = [T0 + 1000 * SECOND]
    log, model, now = LogFile(clock=lambda: clock[0]), Model(), T0
    for step in steps:
        now = play(step, log, model, now)
    if closed:
        clock[0] = now + 2000 * SECOND
        log.close()
        times = log.current.times
        model.close(times[-1] if times else 0)
        # Rests of two streams are written one after the other: let the model have their exact times.
        model.files[-1] = [(time, *entry[1:]) for time, entry in zip(times, model.files[-1], strict=True)]
    reader = LogReader(
        log,
        timestamps=options["timestamps"],
        since_ns=options["since"],
        tail=options["tail"],
        limit=options["limit"],
    )
    assert read_all(reader) == model.read(**options)
    assert reader.finished


@settings(max_examples=400)
@given(WRITES, OPTIONS, st.integers(0, 14))
def test_following_gives_everything_once(steps, options, begins) -> None:
    """A follower that reads whenever something was written sees every entry of every file exactly once."""
    log, model, now = LogFile(clock=lambda: T0), Model(), T0
    for step in steps[:begins]:
        now = play(step, log, model, now)
    entries = model.files[-1]
    start = len(entries) if options["tail"] is None else min(options["tail"], len(entries))
    seen = entries[len(entries) - start :]
    reader = LogReader(
        log, timestamps=options["timestamps"], since_ns=options["since"], tail=options["tail"], follow=True
    )
    got = read_all(reader)
    for step in steps[begins:]:
        before, files = len(model.files[-1]), len(model.files)
        now = play(step, log, model, now)
        if len(model.files) == files:
            seen = seen + model.files[-1][before:]
        got += read_all(reader)
    assert got == show(seen, timestamps=options["timestamps"], since=options["since"])
    assert not reader.finished


def test_a_late_follower_misses_the_files_in_between() -> None:
    log = LogFile(clock=lambda: T0)
    log.write(b"a1\n")
    reader = LogReader(log, follow=True)
    assert read_all(reader) == b"a1\n"
    log.write(b"a2\n")
    log.rotate()
    log.write(b"b1\n")
    log.rotate()
    log.write(b"c1\n")
    assert read_all(reader) == b"a2\nc1\n"
    assert read_all(LogReader(log)) == b"c1\n"


def test_times_of_one_log_never_repeat_by_themselves() -> None:
    log = LogFile(clock=lambda: T0)
    log.write(b"a\nb\n")
    log.write_many([b"c", b"d"])
    log.write(b"e\n")
    times = list(log.current.times)
    assert times == sorted(set(times))
    assert log.lines == 5


def test_files_rotate_by_themselves_and_stay_small() -> None:
    log = LogFile(clock=lambda: T0, max_bytes=2000)
    for number in range(1000):
        log.write(b"%06d\n" % number)
    assert log.current.size <= 2000
    assert read_all(LogReader(log)).endswith(b"000999\n")


def test_writing_wakes_who_listens() -> None:
    log, event = LogFile(), asyncio.Event()
    log.listen(event)
    for act in (lambda: log.write(b"x\n"), lambda: log.write_many([b"y"]), log.rotate, log.close):
        event.clear()
        act()
        assert event.is_set()
    log.forget(event)
    event.clear()
    log.close()
    assert not event.is_set()


def test_an_ended_log_takes_nothing() -> None:
    log = LogFile()
    log.close()
    with pytest.raises(ValueError, match="ended"):
        log.write(b"x\n")
    with pytest.raises(ValueError, match="ended"):
        log.write_many([b"x"])


def test_a_line_must_not_contain_a_newline() -> None:
    with pytest.raises(ValueError, match="newline"):
        LogFile().write_many([b"a\nb"])


def test_many_lines_across_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logfile, "PIECE", 100)
    log = LogFile()
    log.write_many([b"%d" % number for number in range(10)], time_ns=T0 + SECOND - 3, step_ns=1)
    lines = read_all(LogReader(log, timestamps=True)).splitlines()
    assert lines == [log_prefix(T0 + SECOND - 3 + number) + b"%d" % number for number in range(10)]
