import pytest

from hallucino_tui.logs.query.json_path import parse_json_path
from hallucino_tui.logs.query.logfmt_key import parse_logfmt_key


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("a", ("a",)),
        ("a.b.c", ("a", "b", "c")),
        ("a[0]", ("a", 0)),
        ('a["b c"].d[12][3]', ("a", "b c", "d", 12, 3)),
        ("[0].a", (0, "a")),
        ('["a"]["b"]', ("a", "b")),
        (" a . b [ 007 ] ", ("a", "b", 7)),
        ("_a1", ("_a1",)),
        ('[""]', ("",)),
        ('["é.[x"]', ("é.[x",)),
        ('["a]]', ("a",)),
    ],
)
def test_paths_are_read_as_loki_reads_them(text: str, path: tuple[str | int, ...]) -> None:
    assert parse_json_path(text) == path


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "a..b",
            ".a",
            "a.",
            "a b",
            "a-b",
            "a[b]",
            "a[0",
            "a]",
            "[-1]",
            "[1.5]",
            "a.0",
            '"a"',
            "é",
            "a[]",
            '["a',
        ),
        *("1", "a[99999999999999999999]", "a[" + "9" * 5000 + "]"),
    ],
)
def test_what_is_no_path_is_none(text: str) -> None:
    with pytest.raises(ValueError):
        parse_json_path(text)


@pytest.mark.parametrize(
    ("text", "key"), [("a", "a"), (" a_1 ", "a_1"), ('"a.b c"', "a.b c"), ('"a', "a"), ('a "b"', "a")]
)
def test_keys_of_logfmt_are_names_or_text_in_quotes(text: str, key: str) -> None:
    assert parse_logfmt_key(text) == key


@pytest.mark.parametrize("text", ["", "a.b", "a b", "a-b", "1a", "é", '"a" b', "[0]"])
def test_what_is_no_key_of_logfmt_is_none(text: str) -> None:
    with pytest.raises(ValueError):
        parse_logfmt_key(text)
