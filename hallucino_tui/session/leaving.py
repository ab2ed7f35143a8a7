"""Words about lines as they may leave the machine: a report or a template quotes lines, and may cut a secret in two."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.bodies import without_edge
from hallucino_tui.assistant.half_words import CUT, without_half_words
from hallucino_tui.assistant.redact import PSEUDONYM
from hallucino_tui.logs.text import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from hallucino_tui.assistant.redact import Redactor

_QUOTED: Final = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_MARK: Final = re.compile(r"[\\*_\[\]<>#|~`]")
_ESCAPED: Final = re.compile(r"\\([\\*_\[\]<>#|~`])")
_AS_IT_IS: Final = re.compile(rf"({PSEUDONYM.pattern}|\[L\d+\])")
_FARTHEST: Final = 8192
"""Characters behind a quotation that are read to know what was cut off there."""
_TERM: Final = re.compile(r"(?<!\w)([|!])([=>~])(\s*)(\"(?:[^\"\\]|\\.)*\"|`[^`]*`)")
_ANY: Final = {"=": "<_>", ">": "<_>", "~": ".+"}
_SEVERAL: Final = re.compile(r"(?:<_>){2,}")

_LITERAL: Final = re.compile(r"\"(?:[^\"\\]|\\.)*\"|`[^`]*`")
_STAND_INS: Final = {"<*>": "0zq0zq", "<_>": "0zq1zq", ".+": "0zq2zq"}
"""Stand for a variable while rules look for values, so that what is around it stays one word."""
_STAND_IN: Final = re.compile("0zq[0-9]+zq")
_GAP: Final = r"[^A-Za-z\s\"]{0,40}"
_EDGE: Final = "[0-9<*_>.+]{0,40}"
"""What templates and queries write between the letters of a word, and around them."""
_LETTERS: Final = re.compile("[A-Za-z]+")
_FEWEST: Final = 6
"""Letters of a value that are enough to know it again."""


class Leaving:
    """Replaces secrets in what is written about lines.

    Args:
        redactor: Replaces them.
        lines: The lines that are quoted.
        made: The same, redacted; None to do that here, where nothing is known of what stands around them.
    """

    def __init__(self, redactor: Redactor, lines: Sequence[str] = (), made: Sequence[str] | None = None) -> None:
        self._redactor = redactor
        self._made = dict(zip(lines, map(redactor.redact, lines) if made is None else made, strict=True))
        self._sources = {_as_quoted(line): text for line, text in self._made.items()}
        self._names = list(dict.fromkeys(name for text in self._made.values() for name in PSEUDONYM.findall(text)))

    def line(self, text: str) -> str:
        """Return a line, or other words that nobody cut."""
        made = self._made.get(text)
        return self._redactor.known(self._redactor.redact(text)) if made is None else made

    def sentence(self, text: str) -> str:
        """Return sentences with quotations between backticks, which begin and end as they did."""
        return self._around_quotations(text, self._words)

    def markdown(self, text: str) -> str:
        """Return a report's Markdown, in which no line ends within a quotation."""
        return "\n".join(self._around_quotations(line, self._prose) for line in text.split("\n"))

    def query(self, text: str, example: str = "") -> str:
        """Return a query that finds the same lines without naming a secret.

        Args:
            text: The query.
            example: A line that it finds, if it was made from a template.
        """
        parts: list[str] = []
        end = 0
        for match in _LITERAL.finditer(text):
            inner = self._told(match[0][1:-1], example)
            parts += (self._told(text[end : match.start()], example), match[0][0] + inner + match[0][-1])
            end = match.end()
        made = "".join([*parts, self._told(text[end:], example)])
        return made if made == text else _TERM.sub(_wider, made)

    def template(self, text: str, example: str) -> str:
        """Return a template's text; a variable stays one.

        Args:
            text: The text.
            example: A line of the template.
        """
        hidden = self.line(example).strip()
        if PSEUDONYM.fullmatch(hidden):
            return hidden
        return self._told(text, example)

    def _around_quotations(self, text: str, change: Callable[[str], str]) -> str:
        parts: list[str] = []
        end = 0
        for match in _QUOTED.finditer(text):
            fence, inner = match[1], match[2]
            parts += (change(text[end : match.start()]), fence, self._quotation(inner), fence)
            end = match.end()
        return "".join([*parts, change(text[end:])])

    def _words(self, text: str) -> str:
        return self.line(text) if text.strip() else text

    def _prose(self, text: str) -> str:
        """Return words without secrets in which no mark means anything to Markdown: a secret may have such marks."""
        bare = _ESCAPED.sub(r"\1", text).replace("&amp;", "&")
        made = self._words(bare)
        if made == bare:
            return text
        parts = _AS_IT_IS.split(made)
        parts[::2] = [_MARK.sub(r"\\\g<0>", part.replace("&", "&amp;")) for part in parts[::2]]
        return "".join(parts)

    def _quotation(self, inner: str) -> str:
        text = inner.strip()
        core = text.removeprefix(CUT).removesuffix(CUT)
        found = next((source for source in self._sources if core in source), None)
        if found is None:
            return self._padded(inner, self.query(without_half_words(text)))
        if PSEUDONYM.fullmatch(self._sources[found].strip()):
            return self._sources[found].strip()
        front = CUT if text.startswith(CUT) else ""
        if front and core.split(" ", 1)[0] not in self._sources[found]:
            return CUT  # it begins within a secret
        if not text.endswith(CUT):
            made = self.line(core)
        else:
            place = found.find(core)
            read = found[place : place + len(core) + _FARTHEST]
            made = self.line(read)
            if not made.startswith(core) and place + len(read) < len(found):
                made = without_edge(made, read)
            made = core + CUT if made.startswith(core) else _cut(made, len(core))
        return inner if made == core + text[len(front) + len(core) :] else self._padded(inner, front + made)

    def _padded(self, inner: str, made: str) -> str:
        return f" {made} " if inner != inner.strip() else made

    def _told(self, text: str, example: str) -> str:
        """Return what was made from a line without what is a secret in that, however its numbers are written.

        What a variable took out of a secret leaves something that no rule knows for one.
        """
        stand_ins = dict(_STAND_INS)
        for name in dict.fromkeys((*PSEUDONYM.findall(self.line(example)), *self._names)):
            value = self._redactor.restore(name)
            words = _LETTERS.findall(value)
            if sum(map(len, words)) >= _FEWEST and value != name and all(word in text for word in words):
                front, back = (_EDGE if not end.isalpha() else "" for end in (value[0], value[-1]))
                stand_ins[name] = f"0zq{len(stand_ins)}zq"
                text = re.sub(front + _GAP.join(words) + back, stand_ins[name], text)
        for what, stand_in in _STAND_INS.items():
            text = text.replace(what, stand_in)
        made = PSEUDONYM.sub(self._unless_known, self.line(text) if text.strip() else text)
        for what, stand_in in stand_ins.items():
            made = made.replace(stand_in, what)
        return made

    def _unless_known(self, match: re.Match[str]) -> str:
        value = self._redactor.restore(match[0])
        return match[0] if _STAND_IN.sub("", value).strip("-_.:/,@+# ") else value


def lines_without_secrets(
    text: pl.Series, streams: NDArray[np.uint32], rows: NDArray[np.int64], redactor: Redactor
) -> list[str]:
    """Return some of n lines with secrets replaced, also those that only the lines around them give away.

    Args:
        text: n lines (String).
        streams: Their streams.
        rows: Which are wanted, ascending.
        redactor: Replaces secrets.
    """
    from hallucino_tui.assistant.redact_encoded import encoded_in_columns  # noqa: PLC0415 - brings arrays
    from hallucino_tui.assistant.redact_keys import lines_in_keys, without_concealed  # noqa: PLC0415 - as above

    visible = without_concealed(text)
    hidden = {*lines_in_keys(visible, streams), *encoded_in_columns(visible, streams)}
    inside = [place for place, row in enumerate(rows.tolist()) if row in hidden]
    made: list[str] = redactor.redact_series(text.gather(rows), streams[rows], inside=inside).to_list()
    return made


def _as_quoted(line: str) -> str:
    return shown(line.replace("\t", " "))


def _cut(made: str, most: int) -> str:
    """Return the beginning of a redacted text; no pseudonym is cut."""
    place = next((match.end() for match in PSEUDONYM.finditer(made) if match.start() < most < match.end()), most)
    return made[:place].rstrip() + CUT


def _wider(match: re.Match[str]) -> str:
    """Return a line filter in which anything may stand where a secret stood."""
    sign, operator, gap, text = match.groups()
    if not PSEUDONYM.search(text):
        return match[0]
    text = _SEVERAL.sub("<_>", PSEUDONYM.sub(_ANY[operator], text))
    return f"{sign}{'~' if operator == '~' else '>'}{gap}{text}"
