import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.logs.text import copied, shown


@given(st.text())
def test_nothing_that_commands_a_terminal_is_left(text: str) -> None:
    for result, allowed in ((shown(text), {"\t"}), (copied(text), {"\t", "\n"})):
        for character in result:
            assert character in allowed or unicodedata.category(character) not in {"Cc", "Cs", "Zl", "Zp"}
    assert not any(
        unicodedata.bidirectional(character) in {"RLO", "LRO", "RLI", "LRI", "FSI", "PDI", "RLE", "LRE", "PDF"}
        for character in shown(text)
    )


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E)))
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert shown(text) == copied(text) == text


def test_what_a_reader_sees_of_control_bytes() -> None:
    assert shown("\x1b[31mred\x1b[0m\x07") == "␛[31mred␛[0m␇"
    assert shown("a\x00b\rc\x7f") == "a␀b␍c␡"
    assert shown("user \u202egnp.exe") == "user <U+202E>gnp.exe"
    assert shown("one\u2028two\x85") == "one<U+2028>two<U+0085>"
    assert shown("naïve 接続 e\u0301") == "naïve 接続 e\u0301"
    assert copied("\x1b]52;c;aGk=\x07x\ty") == "␛]52;c;aGk=␇x\ty"
