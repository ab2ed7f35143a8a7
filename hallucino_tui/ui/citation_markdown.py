"""Markdown of an answer: citations can be followed, and nothing else is a link. Images, links and HTML stay text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from markdown_it import MarkdownIt

from hallucino_tui.assistant.citations import PATTERN, numbers_of

if TYPE_CHECKING:
    from markdown_it.rules_inline import StateInline

SCHEME: Final = "lines:"


def make_parser() -> MarkdownIt:
    """Return a parser for answers."""
    parser = MarkdownIt("gfm-like", {"html": False, "linkify": False})
    parser.disable(
        ["link", "image", "autolink", "linkify", "html_inline", "html_block", "reference"], ignoreInvalid=True
    )
    parser.inline.ruler.before("emphasis", "citation", _citation)
    return parser


def numbers_in(href: str) -> tuple[int, ...]:
    """Return the line numbers that a followed citation names; none for anything else."""
    return numbers_of(href.removeprefix(SCHEME)) if href.startswith(SCHEME) else ()


def _citation(state: StateInline, silent: bool) -> bool:
    match = PATTERN.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        state.push("link_open", "a", 1).attrs = {"href": SCHEME + match[1]}
        state.push("text", "", 0).content = match[0]
        state.push("link_close", "a", -1)
    state.pos = match.end()
    return True
