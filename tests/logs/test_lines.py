import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.logs.lines import LineCutter, parse_timestamped
from hallucino_tui.logs.moment import format_prefix

texts = st.binary(max_size=50).map(lambda text: text.replace(b"\n", b""))


@given(st.binary(max_size=300), st.lists(st.integers(1, 40), min_size=1))
def test_lines_do_not_depend_on_how_the_bytes_arrive(data: bytes, sizes: list[int]) -> None:
    cutter = LineCutter()
    whole = b""
    position = turn = 0
    while position < len(data):
        size = sizes[turn % len(sizes)]
        piece = cutter.feed(data[position : position + size])
        assert not piece or piece.endswith(b"\n")
        whole += piece
        position, turn = position + size, turn + 1
    assert whole == data[: data.rfind(b"\n") + 1]
    assert cutter.rest() == data[data.rfind(b"\n") + 1 :]
    assert cutter.rest() == b""


def test_only_a_newline_ends_a_line() -> None:
    text = "a\rb\x0bc\x0cd\x1ce\x85f\u2028g".encode()
    assert LineCutter().feed(text + b"\nrest") == text + b"\n"


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 10**15), st.booleans(), texts), max_size=40))
def test_pieces_of_several_streams_become_one_batch(lines: list[tuple[int, int, bool, bytes]]) -> None:
    written = [
        (format_prefix(time).encode() + b" " if prefixed else b"") + text + b"\n" for _, time, prefixed, text in lines
    ]
    block = np.frombuffer(b"".join(written), np.uint8)
    ends = np.cumsum([len(line) for line in written], dtype=np.int64)
    batch, odd = parse_timestamped(block, ends, np.array([line[0] for line in lines], np.uint32))
    timed = [(stream, time, text) for stream, time, prefixed, text in lines if prefixed]
    assert batch.streams.tolist() == [line[0] for line in timed]
    assert batch.times.tolist() == [line[1] for line in timed]
    assert [batch.line(index) for index in range(len(batch))] == [line[2] for line in timed]
    assert odd == [(stream, text) for stream, _, prefixed, text in lines if not prefixed]
