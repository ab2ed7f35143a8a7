"""Going on after a cut, against the obvious model: a numbered log, a server that re-sends whole seconds."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.logs.moment import NANOSECONDS, format_prefix, parse_prefix
from hallucino_tui.sources.kubernetes.resume import Position, Replay

START = 1_795_381_391 * NANOSECONDS


@dataclass
class Line:
    time: int
    text: bytes

    @property
    def bytes(self) -> bytes:
        return format_prefix(self.time).encode() + b" " + self.text + b"\n"


@st.composite
def logs(draw: st.DrawFn) -> list[Line]:
    """Times mostly ascend, repeat sometimes, and step back a little, never by more than a second; texts repeat."""
    time = latest = START
    lines: list[Line] = []
    for step in draw(
        st.lists(st.sampled_from([0, 0, 1, 300_000_000, 900_000_000, 1_700_000_000, -400_000_000]), max_size=40)
    ):
        time = max(time + step, START, latest - NANOSECONDS)
        latest = max(latest, time)
        lines.append(Line(time, draw(st.sampled_from([b"a", b"b", b"", b"a a"]))))
    return lines


def server(log: list[Line], since: str | None) -> list[Line]:
    if since is None:
        return log
    first = parse_prefix(since.encode() + b" ")[0]
    return [line for line in log if line.time >= first]


def in_pieces(data: bytes, size: int) -> list[bytes]:
    """Whole lines, a few at a time."""
    lines = data.splitlines(keepends=True)
    return [b"".join(lines[start : start + size]) for start in range(0, len(lines), size)]


@given(logs(), st.data())
def test_after_any_cuts_every_line_is_there_once(log: list[Line], data: st.DataObject) -> None:
    position, got, size = Position(), b"", data.draw(st.integers(1, 7))
    seen = 0
    while seen < len(log):
        written = data.draw(st.integers(seen + 1, len(log)))
        answer = b"".join(line.bytes for line in server(log[:written], position.since))
        replay = Replay(position)
        for piece in in_pieces(answer, size):
            fresh = replay.feed(piece)
            position.note(fresh)
            got += fresh
        fresh = replay.decide()
        position.note(fresh)
        got += fresh
        assert replay.found is not False or seen == 0
        seen = written
    assert got == b"".join(line.bytes for line in log)


@given(logs().filter(bool), st.data())
def test_a_rotation_during_a_cut_is_noticed_whenever_it_took_a_line(log: list[Line], data: st.DataObject) -> None:
    seen = data.draw(st.integers(1, len(log)))
    rotated = data.draw(st.integers(0, len(log)))
    position = Position()
    position.note(b"".join(line.bytes for line in log[:seen]))
    answer = b"".join(line.bytes for line in server(log[rotated:], position.since))
    replay = Replay(position)
    fresh = replay.feed(answer) + replay.decide()
    expected = b"".join(line.bytes for line in log[max(seen, rotated) :])
    if rotated < seen:
        # The last line is still there. Where the rotation took some of its equals at the same nanosecond, lines that
        # are equal to it hide that.
        assert fresh == expected or any(line.bytes == log[seen - 1].bytes for line in log[:rotated])
        assert replay.found or not answer
    elif expected:
        copies = {line.bytes for line in log[rotated:]}
        assert replay.found is False or log[seen - 1].bytes in copies
        if replay.found is False:
            assert fresh == expected
    else:
        assert replay.found is None


def test_lines_are_held_back_until_the_question_is_settled() -> None:
    position = Position()
    position.note(Line(START, b"one").bytes + Line(START + 5, b"two").bytes)
    replay = Replay(position)
    assert replay.feed(Line(START, b"one").bytes) == b""
    assert replay.holds
    assert replay.found is None
    assert (
        replay.feed(Line(START + 5, b"two").bytes + Line(START + 9, b"three").bytes) == Line(START + 9, b"three").bytes
    )
    assert (replay.found, replay.dropped, replay.holds) == (True, 2, False)


def test_equal_lines_at_one_nanosecond_are_counted() -> None:
    same = Line(START, b"same").bytes
    position = Position()
    position.note(same * 2)
    position.note(same)
    assert position.equals == 3
    replay = Replay(position)
    assert replay.feed(same * 5) == same * 2
    assert replay.dropped == 3


def test_the_remainder_of_a_long_line_in_front_of_the_last_one_is_a_replay_too() -> None:
    position = Position()
    position.note(Line(START, b"x" * 20_000).bytes + Line(START + 2 * NANOSECONDS, b"last").bytes)
    replay = Replay(position)
    answer = Line(START + NANOSECONDS, b"x" * 3_616).bytes + Line(START + 2 * NANOSECONDS, b"last").bytes
    assert replay.feed(answer) == b""
    assert replay.found is True


def test_words_of_the_server_do_not_count_as_the_last_line() -> None:
    position = Position()
    position.note(Line(START, b"one").bytes + b"failed to create fsnotify watcher: too many open files\n")
    assert position.line == Line(START, b"one").bytes[:-1]


def test_an_empty_answer_leaves_the_question_open() -> None:
    position = Position()
    position.note(Line(START, b"one").bytes)
    replay = Replay(position)
    assert replay.decide() == b""
    assert replay.found is None


def test_the_second_to_ask_for_lies_before_the_last_line() -> None:
    assert Position().since is None
    position = Position()
    position.note(b"2026-11-22T23:03:11.000000001+02:00 x\n")
    assert position.since == "2026-11-22T21:03:10Z"
