"""What is counted without a model, and that no line can break out of the Markdown it is shown in."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from hallucino_tui.insight.summary import Line, Summary, summarise, to_markdown
from hallucino_tui.logs.severity import CONTINUED, LEVEL_BITS, Level
from hallucino_tui.logs.text import shown

NOON = 1_795_435_200 * 10**9  # 2026-11-23T12:00:00Z
SECOND = 10**9
HOSTILE = [
    "``` ``", "`", "``", "](javascript:alert(1))", "<script>alert(1)</script>", "![x](http://evil.example/x.png)",
    "https://evil.example", "**bold**", "\n", "\n# heading", "\r- item", "|a|b|", "\\`", "<!-- ", "&lt;", "[L1]", " ",
]  # fmt: skip
hostile = st.lists(st.sampled_from(HOSTILE), max_size=8).map("".join) | st.text(max_size=30)
lines = st.lists(
    st.builds(
        Line,
        st.integers(0, 10**4).map(lambda second: NOON + second * SECOND),
        st.sampled_from(["a/app", "b/app", "c/app"]),
        st.sampled_from([*Level, Level.ERROR | CONTINUED, Level.UNKNOWN | CONTINUED]),
        st.sampled_from(["started", "took 12 ms", "took 7 ms", "pool is empty"]),
    ),
    max_size=30,
)


def line(text: str, level: int = Level.INFO, second: int = 0, source: str = "a/app", number: int = 0) -> Line:
    return Line(NOON + second * SECOND, source, level, text, number)


@given(lines)
def test_every_line_is_counted_once(found: list[Line]) -> None:
    summary = summarise(found)
    heads = [one for one in found if not one.level & CONTINUED]
    assert summary.lines == len(found)
    assert dict(summary.levels) == Counter(Level(one.level & LEVEL_BITS) for one in heads)
    assert [level for level, _ in summary.levels] == sorted({Level(one.level) for one in heads}, reverse=True)
    assert dict(summary.sources) == Counter(one.source for one in found)
    assert [count for _, count in summary.sources] == sorted((count for _, count in summary.sources), reverse=True)
    assert (summary.first, summary.last) == (
        min((one.time for one in found), default=0),
        max((one.time for one in found), default=0),
    )
    for group, severe in ((summary.severe, True), (summary.frequent, False)):
        assert all((one.level >= Level.WARN) is severe for one in group)
        assert [one.count for one in group] == sorted((one.count for one in group), reverse=True)
        assert len(group) <= 6


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("took 12 ms", "took 7 ms"),
        ("request 6f1c9f6e-5b1f-4a53-9a0c-0d0f4d9a5b11 done", "request 0d0f4d9a-5b11-4a53-9a0c-6f1c9f6e5b1f done"),
        ("commit 4f2a9c1d0b7e", "commit ab12cd34ef56"),
        ("at 0x7ffe01", "at 0xdeadbeef"),
        ("pod web-1 on 10.0.0.1:80", "pod web-22 on 10.0.0.250:8080"),
    ],
)
def test_lines_that_differ_in_numbers_only_are_one_kind(one: str, other: str) -> None:
    (repeated,) = summarise([line(one, second=5), line(other, second=1), line(one, second=9)]).frequent
    assert (repeated.count, repeated.first.text) == (3, one)


@pytest.mark.parametrize(("one", "other"), [("cafe is open", "dead is open"), ("started", "stopped"), ("a 1", "b 1")])
def test_lines_that_differ_in_words_are_not(one: str, other: str) -> None:
    assert len(summarise([line(one), line(other)]).frequent) == 2


def test_the_same_words_on_two_levels_are_two_kinds() -> None:
    summary = summarise([line("pool is empty", Level.ERROR), line("pool is empty", Level.INFO)])
    assert (len(summary.severe), len(summary.frequent)) == (1, 1)


def test_frames_of_a_stack_trace_count_as_lines_and_as_no_error_of_their_own() -> None:
    frames = [line("    at a.b(C.java:1)", Level.ERROR | CONTINUED) for _ in range(9)]
    summary = summarise([line("boom", Level.ERROR), *frames])
    assert summary.lines == 10
    assert summary.levels == ((Level.ERROR, 1),)
    assert [one.count for one in summary.severe] == [1]


def test_what_a_reader_sees() -> None:
    found = [
        line("pool is empty", Level.ERROR, 0, "checkout-1/app", 2),
        line("pool is empty", Level.ERROR, 90, "checkout-1/app", 3),
        line("slow query", Level.WARN, 30, "postgres-0/db"),
        line("GET / 200", Level.INFO, 60, "web-1/app", 1),
    ]
    assert (
        to_markdown(summarise(found))
        == """\
### Counted

- **4 lines** in 90.0 s, from 12:00:00 to 12:01:30 UTC
- **Levels**: 2 error, 1 warn, 1 info
- **Sources**: `checkout-1/app` 2, `postgres-0/db` 1, `web-1/app` 1

**Most frequent warnings and errors**

- 2 × error `pool is empty` [L2]
- 1 × warn `slow query`

**Most frequent other lines**

- 1 × info `GET / 200` [L1]"""
    )


def test_no_lines_are_said_to_be_none() -> None:
    assert to_markdown(summarise([])) == "### Counted\n\nNo lines."


def test_long_lines_and_many_sources_are_cut_and_say_so() -> None:
    text = to_markdown(summarise([line("y" * 200, source=f"pod-{number}/app") for number in range(9)]))
    assert f"`{'y' * 120}…`" in text
    assert "and 3 more" in text


def parts_of(markdown: str) -> tuple[list[str], list[str]]:
    """Return the kinds of all parts of a document, and the texts of its code spans."""
    kinds, codes = [], []
    for block in MarkdownIt("gfm-like").parse(markdown):
        kinds.append(block.type)
        for inline in block.children or ():
            kinds.append(inline.type)
            if inline.type == "code_inline":
                codes.append(inline.content)
    return kinds, codes


ALLOWED = {
    "heading_open", "heading_close", "paragraph_open", "paragraph_close", "bullet_list_open", "bullet_list_close",
    "list_item_open", "list_item_close", "inline", "text", "code_inline", "strong_open", "strong_close",
}  # fmt: skip


@given(hostile, hostile, st.sampled_from([Level.INFO, Level.ERROR, Level.UNKNOWN]))
def test_no_line_and_no_name_breaks_out(text: str, source: str, level: Level) -> None:
    markdown = to_markdown(summarise([line(text, level, source=source or "?", number=1)]))
    kinds, codes = parts_of(markdown)
    assert set(kinds) <= ALLOWED
    assert kinds.count("heading_open") == 1
    assert kinds.count("list_item_open") == 4
    wanted = shown(text.strip().replace("\t", " "))
    wanted = wanted if len(wanted) <= 120 else f"{wanted[:120]}…"
    if wanted.strip():
        assert codes[-1].strip() == wanted.strip()


def test_a_summary_says_nothing_of_what_was_not_counted() -> None:
    assert summarise([]) == Summary(0, 0, 0, (), (), (), ())
