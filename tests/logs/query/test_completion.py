import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.logs.query.completion import Completion, CompletionContext, complete

CONTEXT = CompletionContext(
    label_names=("app", "namespace", "pod"),
    values={"app": ("cart", "checkout", 'odd "one"'), "status": ("200", "500"), "level": ("info",)},
    fields=("status", "duration", "path"),
)


def offers(text: str) -> list[str]:
    """The completions at the mark ¦, or at the end."""
    cursor = text.find("¦") if "¦" in text else len(text)
    return [found.text for found in complete(text.replace("¦", ""), cursor, CONTEXT)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{", ["app", "namespace", "pod"]),
        ("{na", ["namespace"]),
        ("{P", ["pod", "app", "namespace"][:2]),
        ('{app="cart", ', ["app", "namespace", "pod"]),
        ("{app", []),
        ("{app ", ["=", "!=", "=~", "!~"]),
        ("{app=", ['"cart"', '"checkout"', r'"odd \"one\""']),
        ('{app="c', ['"cart"', '"checkout"']),
        ('{app="odd \\"O', [r'"odd \"one\""']),
        ('{app=~"CH', ['"checkout"']),
        ('{app="cart"', [",", "}"]),
        ('{app="cart"} ', ["|=", "!=", "|~", "!~", "|>", "!>", "|"]),
        ('{app="cart"} | js', ["json"]),
        ('{app="cart"} | st', ["status"]),
        ("| label", ["label_format"]),
        ("| status ", ["=", "!=", "=~", "!~", ">=", ">", "<=", "<"]),
        ("| json | status=", ['"200"', '"500"']),
        ("| json | (x=1 or status != `5", ['"500"']),
        ("| level >= w", ["warn"]),
        ("| level >= ", ["fatal", "error", "warn", "notice", "info", "debug", "trace", "unknown"]),
        ('| level="', ['"info"']),
        ("| drop pa", ["path"]),
        ("| keep status, du", ["duration"]),
        ("| json du", ["duration"]),
        ("| label_format x=pa", ["path"]),
        ('| x="y" an', ["and", "namespace"][:1]),
        ("| x=5 and sta", ["status"]),
        ('|= "a', []),
        ("|= ", []),
        ("| json # sta", []),
        ("word", []),
        ("| n > ", []),
        ("{{", []),
        ("{n¦} | json", ["namespace"]),
    ],
)
def test_what_could_come_next_is_offered(text: str, found: list[str]) -> None:
    assert offers(text)[: len(found) or None] == found


def test_a_bar_may_become_a_line_filter_or_a_stage() -> None:
    found = complete("{} |", 4, CONTEXT)
    assert found[0] == Completion("|=", 3, "the line contains")
    assert "json" in [offer.text for offer in found]


def test_an_empty_text_may_become_a_query() -> None:
    assert offers("")[0] == "{"


def test_a_completion_replaces_what_was_typed() -> None:
    (found,) = complete('{app="che', 9, CONTEXT)
    assert found == Completion('"checkout"', 5, "value")
    (found,) = complete("| level>=err", 12, CONTEXT)
    assert found == Completion("error", 9, "severity")


def test_many_values_are_cut_off() -> None:
    context = CompletionContext(("app",), {"app": [f"app-{number}" for number in range(50_000)]})
    assert len(complete('{app="', 6, context)) == 100
    assert complete('{app="49999', 11, context) == [Completion('"app-49999"', 5, "value")]


PIECES = st.sampled_from([
    *("{", "}", "(", ")", ",", "|", "|=", "!=", "=", "=~", ">", 'app="cart"', '"x', "`x", "5", "json", "drop", "#"),
    *("ip(", "label_format", "and", "or", "level", "status", "app", "\\", "'"),
])  # fmt: skip


@given(st.lists(PIECES, max_size=10).map(" ".join) | st.text(max_size=20), st.integers(0, 60))
def test_unfinished_text_never_fails(text: str, cursor: int) -> None:
    for found in complete(text, cursor, CONTEXT):
        assert 0 <= found.start <= max(cursor, len(text))
        assert found.text
        assert found.help
