from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.logs.batch import batch_of
from hallucino_tui.logs.utf8 import are_valid, make_valid

lines = st.lists(
    st.one_of(st.binary(max_size=20), st.text(max_size=20).map(lambda text: text.encode("utf-8", "replace")))
)


@given(lines)
def test_text_becomes_valid_and_no_byte_is_forgotten(given_lines: list[bytes]) -> None:
    batch, raw = make_valid(batch_of(given_lines, [0] * len(given_lines), 0))
    assert are_valid(batch.text, batch.offsets)
    for index, line in enumerate(given_lines):
        assert batch.line(index) == line.decode("utf-8", "replace").encode()
        assert raw.get(index, batch.line(index)) == line


def test_two_halves_of_a_character_in_neighbouring_lines_are_two_broken_lines() -> None:
    batch, raw = make_valid(batch_of([b"caf\xc3", b"\xa9"], [0, 0], 0))
    assert raw == {0: b"caf\xc3", 1: b"\xa9"}
    assert [batch.line(0), batch.line(1)] == ["caf\ufffd".encode(), "\ufffd".encode()]
