import polars as pl
import pytest

from hallucino_tui.logs.query.regex import can_match_nothing, check_regex, for_engine
from hallucino_tui.logs.query.regex_tree import RegexSyntaxError


@pytest.mark.parametrize(
    ("pattern", "position", "what"),
    [
        ("a(?=b)", 1, "filter twice instead"),
        ("(?<!a)b", 0, "look-around"),
        (r"(a)\1", 3, "back references"),
        ("a(b", 1, "not closed"),
        ("a)b", 1, "no open group"),
        ("a**", 2, "repetition"),
        ("a|*b", 2, "nothing that could be repeated"),
        ("a{1001}", 1, "1000"),
        ("(a{100}){100}", 8, "1000"),
        ("a{3,2}", 1, "wrong way round"),
        ("[b-a]", 1, "wrong way round"),
        ("x[a", 1, "not closed"),
        ("a\\", 1, "backslash"),
        (r"a\8", 1, "back references"),
        (r"\y", 0, "no meaning"),
        ("[[:foo:]]", 1, "[:foo:]"),
        ("(?P<a>x)(?P<a>y)", 8, "two groups"),
        ("(?x)a", 0, "no known kind"),
        (r"\p{Nope}", 0, "property"),
        ("(" * 300 + ")" * 300, 40, "too many groups"),
        (r"(?:\pL{500}){2}", 0, "too large"),
    ],
)
def test_what_cannot_be_run_is_refused_with_the_place(pattern: str, position: int, what: str) -> None:
    with pytest.raises(RegexSyntaxError) as caught:
        check_regex(pattern)
    assert what in caught.value.what
    assert caught.value.position == position
    assert f"character {position + 1} " in str(caught.value)


@pytest.mark.parametrize(
    ("pattern", "matching", "not_matching"),
    [
        ('{"a"', ['x {"a": 1}'], ["a"]),
        ("a{,5}", ["a{,5}"], ["aaa"]),
        (r"\Qa.b{\Ec", ["a.b{c"], ["axb{c"]),
        (r"\<x", ["<x"], ["x"]),
        ("[a&&b]", ["&", "a", "b"], ["c"]),
        ("[[a]", ["[", "a"], ["]"]),
        ("[]a-]", ["]", "-"], ["b"]),
        (r"^\w\d\s$", ["a1 "], ["é1 ", "a٣ ", "a1\u00a0"]),
        (r"^[\W]$", ["é", "-"], ["a"]),
        (r"\bx\b", ["é x", "ax x", "éx"], ["axa"]),
        (r"\x41\x{e9}\101\012", ["AéA\n"], ["A"]),
        ("(?i)STRASSE", ["strasse"], ["straße"]),
        (r"\_\-\#\&\~\ ", ["_-#&~ "], ["_"]),
        ("a#b c", ["a#b c"], ["ab"]),
        ("(?P<x>a)(?<y>b)", ["ab"], ["a"]),
        (r"\pL\p{Greek}\PL", ["aβ1"], ["aβa"]),
        ("[[:^digit:][:punct:]]", ["a", "!"], ["1"]),
        ("a.c", ["abc"], ["a\nc"]),
        ("(?s)a.c", ["a\nc"], ["ac"]),
        ("a(?i:b)c", ["aBc"], ["aBC"]),
    ],
)
def test_the_engine_gets_what_go_would_run(pattern: str, matching: list[str], not_matching: list[str]) -> None:
    found = pl.Series([*matching, *not_matching]).str.contains(for_engine(pattern)).to_list()
    assert found == [True] * len(matching) + [False] * len(not_matching)


@pytest.mark.parametrize(
    ("pattern", "can"),
    [
        *((pattern, True) for pattern in ("", ".*", "a|", "^$", r"(a)?\z", r"\B", "a{0}", "(a*)+")),
        *((pattern, False) for pattern in (".+", "a|b", r"\b", "[^a]", "a{0,2}b")),
    ],
)
def test_some_expressions_match_a_label_that_is_missing(pattern: str, can: bool) -> None:
    assert can_match_nothing(pattern) is can
    assert pl.Series([""]).str.contains(f"^(?s:{for_engine(pattern)})$").item() is can
