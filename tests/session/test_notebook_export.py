"""Notebooks for others to read: complete, and as harmless as in the pane whatever stands in them."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from hallucino_tui.session.notebook import (
    AnswerEntry,
    Entry,
    KeptClaim,
    KeptFilter,
    KeptLine,
    KeptSource,
    KeptTimeline,
    LinesEntry,
    Notebook,
    ViewEntry,
)
from hallucino_tui.session.notebook_blocks import gist_of, whole
from hallucino_tui.session.notebook_export import format_for, to_html, to_markdown

NOON = 1_795_435_200 * 10**9
READERS = [MarkdownIt("commonmark"), MarkdownIt("gfm-like")]
assert READERS[1].linkify is not None
# GitHub makes links of addresses with a scheme, and of none that begin with two slashes.
READERS[1].linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False}).add("//", None)
LIVE = {"link_open", "image", "html_inline", "html_block"}
HOSTILE = [
    "![x](http://evil.example/?q=1)",
    "[click](javascript:alert(1))",
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "</pre></textarea><script>alert(1)</script>",
    "<http://evil.example>",
    "<secret:password:1>",
    "[a]: http://evil.example 'title'\n\n[a] [a][a] ![a]",
    "```\n# not a heading\n",
    "````` <b>x</b> `````",
    "~~~\nopen",
    "\\[a](b) \\![a](b) \\\\<b>",
    "`` ` <b> `` <i>",
    "\x1b[31mred\x1b]8;;http://evil\x07link\x1b]8;;\x07",
    "right\u202eleft \u2028 line",
    "| a | b |\n|---|---|\n| <b> | ![x](y) |",
    "> - 1. <b>\n\n    ![x](y)",
    "&lt;script&gt; &#60;b&#62; &#33;&#91;x](y)",
    "$$\\href{http://evil}{x}$$",
    "]\n(http://evil) !\n[x](y)",
    "<!-- open comment",
    "<![CDATA[ x",
    "\r\n# heading\r![x](y)",
]


def everywhere(text: str) -> Notebook:
    """A notebook in which a text stands wherever one can."""
    line = KeptLine(text, NOON, "error", text, {"namespace": text, "pod": text, "filename": ""})
    entries: list[Entry] = [
        LinesEntry(id=1, moment=NOON, note=text, lines=[line, line], left_out=1),
        ViewEntry(
            id=2,
            context=text,
            choice=text,
            streams=[text],
            filters=[KeptFilter(text), KeptFilter(text, on=False)],
            query=text,
            level="error",
            since=NOON,
            shown=5,
            of=9,
            timeline=KeptTimeline(NOON, 10**9, [(1, 0, 2, 0), (5, 1, 0, 1)]),
            lines=[line],
        ),
        AnswerEntry(
            id=3,
            question=text,
            answer=f"{text} [L1] [L9]",
            model=text,
            host=text,
            verdict=text,
            claims=[KeptClaim(text, [1], "doubtful", text), KeptClaim(text, [], text)],
            sent=[KeptSource(text), KeptSource(text)],
        ),
    ]
    return Notebook(name="n", title=text, made=NOON, changed=NOON, entries=entries)


def live(markdown: str) -> list[str]:
    """Whatever in Markdown is a link, a picture or HTML, as two readers of it see it."""
    found: list[str] = []
    for reader in READERS:
        for token in reader.parse(markdown):
            found += [f"{one.type}: {one.content}" for one in (token, *(token.children or ())) if one.type in LIVE]
    return found


def headings(markdown: str) -> list[str]:
    tokens = READERS[0].parse(markdown)
    return [
        tokens[place + 1].content for place, one in enumerate(tokens) if one.type == "heading_open" and not one.level
    ]


class Seen(HTMLParser):
    """Notes all tags and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def check_html(html: str) -> None:
    seen = Seen()
    seen.feed(html)
    seen.close()
    assert not seen.open
    assert seen.tags <= {
        "html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "section", "dl", "dt", "dd", "pre",
        "blockquote",
    }  # fmt: skip
    assert seen.attributes <= {"lang", "charset", "http-equiv", "content", "name", "class"}
    assert "default-src 'none'" in html


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_do_nothing_in_an_export(text: str) -> None:
    notebook = everywhere(text)
    markdown = to_markdown(notebook)
    assert live(markdown) == []
    found = headings(markdown)
    assert len(found) == 4
    assert [heading.split()[1] for heading in found[1:]] == ["Lines,", "View,", "Answer,"]
    check_html(to_html(notebook))
    for out in (markdown, to_html(notebook)):
        assert not any(char in out for char in "\x1b\x07\r\u202e\u2028")


@given(st.text("`~[]()!<>/#-=*_\\&;:|\n\r\tab1. @\x1b\u2028", max_size=40))
def test_no_words_at_all_do_anything_in_an_export(text: str) -> None:
    notebook = everywhere(text)
    markdown = to_markdown(notebook)
    assert live(markdown) == []
    assert len(headings(markdown)) == 4
    check_html(to_html(notebook))


def an_incident() -> Notebook:
    lines = [
        KeptLine(
            "ERROR pool timeout after 5000 ms",
            NOON + 1,
            "error",
            "checkout-1/app",
            {"cluster": "prod", "namespace": "shop", "pod": "checkout-1", "container": "app"},
        ),
        KeptLine("x" * 20, None, "", "checkout-1/app", {}, 900_000),
    ]
    answer = AnswerEntry(
        id=3,
        question="why?",
        answer="### Cause\n\nThe pool was empty [L2]. It rained [L7].",
        model="small-model",
        host="127.0.0.1:8080",
        verdict="1 of 2 claims supported, 1 unsupported",
        claims=[
            KeptClaim("The pool was empty [L2].", [2], "supported"),
            KeptClaim("It rained [L7].", [7], "unsupported", "there is no L7"),
        ],
        sent=[KeptSource("12:00 a fine"), KeptSource("12:00 b pool empty")],
    )
    view = ViewEntry(
        id=2,
        context="prod",
        choice="shop",
        filters=[KeptFilter("timeout"), KeptFilter("!health", on=False)],
        query='|= "timeout"',
        since=NOON,
        shown=2,
        of=1000,
        timeline=KeptTimeline(NOON, 10**9, [(1, 0, 0, 0), (0, 0, 7, 0)]),
        lines=lines[:1],
    )
    entries: list[Entry] = [LinesEntry(id=1, moment=NOON, note="the first sign", lines=lines), view, answer]
    return Notebook(name="n", title="Checkout is down", made=NOON, changed=NOON + 10**9, entries=entries)


def test_markdown_says_all_that_was_kept() -> None:
    text = to_markdown(an_incident())
    assert text.startswith("# Checkout is down\n")
    for said in (
        "> the first sign",
        "2026-11-23T12:00:00.000000001Z checkout-1/app ERROR pool timeout after 5000 ms",
        "[cut: 900,000 bytes]",
        "where: `prod/shop/checkout-1/app, checkout\\-1/app`".replace("\\-", "-"),
        '- query: `|= "timeout"`',
        "- filter, switched off: `!health`",
        "- showed: `2 of 1,000 lines`",
        "7 errors",
        "> The pool was empty [L2]. It rained [L7].",
        "answered by: `small-model at 127.0.0.1:8080`",
        "- checked: `1 of 2 claims supported, 1 unsupported`",
        "✖ unsupported: `It rained [L7]. (there is no L7)`",
        "[L2] 12:00 b pool empty",
        "cited, but never sent: `L7`",
    ):
        assert said in text, said


def test_html_says_the_same() -> None:
    text = to_html(an_incident())
    for said in ("the first sign", "pool timeout after 5000 ms", "It rained", "there is no L7", "small-model"):
        assert said in text, said


def test_the_screen_says_the_same() -> None:
    words = "\n".join(whole(entry) for entry in an_incident().entries)
    for said in ("the first sign", "pool timeout after 5000 ms", "▕▂█▏ at most 7", "there is no L7", "[L2] 12:00 b"):
        assert said in words, said


def test_an_entry_is_told_in_one_line() -> None:
    assert [gist_of(entry) for entry in an_incident().entries] == [
        "2 lines: ERROR pool timeout after 5000 ms",
        '2 of 1,000 lines: |= "timeout"',
        "why? (1 of 2 claims supported, 1 unsupported)",
    ]


@pytest.mark.parametrize("time", [-(2**63), 2**63 - 1, 10**30, 0])
def test_a_time_that_no_calendar_has_is_no_trouble(time: int) -> None:
    entry = LinesEntry(lines=[KeptLine("a", time)], moment=time)
    assert "a" in to_markdown(Notebook(entries=[entry], made=time))


def test_the_name_of_a_file_says_as_what_to_write() -> None:
    assert [format_for(name) for name in ("a.html", "A.HTM", "a.md", "a", "")] == ["html", "html", *["markdown"] * 3]
