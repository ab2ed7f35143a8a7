"""A notebook for others to read: as Markdown, and as one HTML file that loads and runs nothing."""

from __future__ import annotations

import re
from html import escape
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.lifeless import lifeless
from hallucino_tui.insight.report.quoting import quote
from hallucino_tui.logs.text import shown, shown_lines
from hallucino_tui.session.notebook import NotebookError
from hallucino_tui.session.notebook_blocks import Block, blocks_of, exact, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hallucino_tui.session.notebook import Entry, Notebook

_TICKS: Final = re.compile("`{3,}")
_PUNCTUATION: Final = re.compile(r"([\\`*_{}\[\]()<>#+!|~$&:@-])")
_LONGEST_FACT: Final = 2000
_STYLE: Final = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1c1c1c;"
    "background:#fff}"
    "h1,h2{line-height:1.2}h2{border-top:1px solid #ccc;padding-top:1rem}"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#f4f4f4;padding:.6rem;border-radius:4px}"
    "pre.lines{white-space:pre;overflow-x:auto;font-size:13px}"
    "blockquote{white-space:pre-wrap;border-left:4px solid #b8860b;margin-left:0;padding-left:.8rem}"
    "dt{font-weight:600}dd{margin:0 0 .3rem 1rem;overflow-wrap:anywhere}"
    "@media (prefers-color-scheme:dark){body{color:#e4e4e4;background:#161616}pre{background:#242424}}"
)


def to_markdown(notebook: Notebook) -> str:
    """Return a notebook as Markdown, in which nothing that came from logs or a model is a link, a picture or HTML."""
    parts = [f"# {_plain(notebook.title or notebook.name)}", "", _about(notebook), ""]
    for number, entry in enumerate(notebook.entries, start=1):
        parts += [f"## {number}. {_heading(entry)}", ""]
        for block in blocks_of(entry):
            parts += _markdown(block)
        if parts[-1]:
            parts.append("")
    return "\n".join(parts).rstrip("\n") + "\n"


def to_html(notebook: Notebook) -> str:
    """Return a notebook as one HTML file without any script, link or picture."""
    title = _html(notebook.title or notebook.name)
    body: list[str] = [f"<h1>{title}</h1>", f"<p>{_html(_about(notebook))}</p>"]
    for number, entry in enumerate(notebook.entries, start=1):
        body.append(f"<section><h2>{number}. {_html(_heading(entry))}</h2>")
        inside = False
        for block in blocks_of(entry):
            if (block.kind == "fact") is not inside:
                body.append("</dl>" if inside else "<dl>")
                inside = not inside
            body.append(_piece(block))
        body += ["</dl>"] if inside else []
        body.append("</section>")
    head = (
        '<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>"
    )
    text = "\n".join(body)
    return f'<!DOCTYPE html>\n<html lang="en">\n<head>\n{head}\n</head>\n<body>\n{text}\n</body>\n</html>\n'


FORMATS: Final[Mapping[str, Callable[[Notebook], str]]] = {"markdown": to_markdown, "html": to_html}
"""How a notebook can be written, by the names that a user knows."""


_ENDINGS: Final = {
    **dict.fromkeys(("", ".md", ".markdown", ".txt"), "markdown"),
    **dict.fromkeys((".html", ".htm"), "html"),
}


def format_for(path: str) -> str:
    """Return the format that a file's name asks for.

    Raises:
        NotebookError: It is written in none that its name promises.
    """
    ending = PurePath(path).suffix
    if (known := _ENDINGS.get(ending.lower())) is None:
        raise NotebookError(
            f"A notebook is exported as Markdown or HTML, and {shown(ending)} is neither: end the name in .md or .html."
        )
    return known


def _about(notebook: Notebook) -> str:
    count = len(notebook.entries)
    first, last = exact(notebook.made), exact(notebook.changed)
    return (
        f"Incident notebook of Hallucino: {count:,} {'entry' if count == 1 else 'entries'}, begun {first}, changed "
        f"{last}. Names in angle brackets stand for what was replaced."
    )


def _heading(entry: Entry) -> str:
    return f"{kind_of(entry).capitalize()}, kept {exact(entry.moment)}"


def _markdown(block: Block) -> list[str]:
    text = shown_lines(block.text)
    match block.kind:
        case "fact":
            return [f"- {_plain(block.title)}: {quote(text, _LONGEST_FACT)}"]
        case "lines":
            fence = "`" * max([len(run) + 1 for run in _TICKS.findall(text)], default=3)
            return ["", f"{_plain(block.title)}:", "", f"{fence}text", *text.split("\n"), fence, ""]
        case "note" | "answer":
            # A quotation ends whatever was opened in it, so that what follows is what it was written as.
            return ["", *_title(block), *(f"> {line}".rstrip() for line in lifeless(text).split("\n")), ""]


def _title(block: Block) -> list[str]:
    """Return what stands over a note or an answer: nothing where it is clear what it is."""
    return [] if block.title == block.kind else [f"{_plain(block.title)}:", ""]


def _plain(text: str) -> str:
    """Return one line of text in which nothing is Markdown."""
    return _PUNCTUATION.sub(r"\\\1", shown(text.replace("\n", " ")))


def _html(text: str) -> str:
    return escape(shown_lines(text))


def _piece(block: Block) -> str:
    title, text = _html(block.title), _html(block.text)
    match block.kind:
        case "fact":
            return f"<dt>{title}</dt><dd>{text}</dd>"
        case "note":
            return f"<blockquote>{text}</blockquote>"
        case "lines":
            return f'<p>{title}:</p><pre class="lines">{text}</pre>'
        case "answer":
            return f"<pre>{text}</pre>" if block.title == block.kind else f"<p>{title}:</p><pre>{text}</pre>"
