"""Go's ``printf``, ``print`` and ``println``."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, cast

from hallucino_tui.logs.query.go_strings import quote
from hallucino_tui.logs.query.template_values import (
    LARGEST_TEXT,
    check_size,
    encode,
    type_name,
    write_float,
    write_value,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_DIRECTIVE: Final = re.compile(
    r"%([-+# 0]*)((?:\[[^\]]*\])?\*|[0-9]+)?(\.((?:\[[^\]]*\])?\*|[0-9]*))?(\[[^\]]*\])?(.)?", re.DOTALL
)
_INDEX: Final = re.compile(r"\[([0-9]+)\]")
_TOO_LARGE: Final = 1_000_000
_MOST_DIGITS: Final = 1_100
"""A float has no more digits than that, on either side of its point."""

_BROKEN: Final = re.compile("[\udc80-\udcff]")
_BASES: Final = {"v": "d", "d": "d", "b": "b", "o": "o", "O": "o", "x": "x", "X": "X"}
_PREFIXES: Final = {"b": "0b", "o": "0", "x": "0x", "X": "0X"}


@dataclass(frozen=True, slots=True)
class _Spec:
    """What stands between ``%`` and the verb, and the verb; `width` is 0 and `precision` None if they are missing."""

    flags: frozenset[str]
    width: int
    precision: int | None
    verb: str

    def padded(self, text: str) -> str:
        """Fill a text up to the width."""
        if "-" in self.flags:
            return text.ljust(self.width)
        return text.rjust(self.width, "0" if "0" in self.flags else " ")


def sprintf(form: str, *values: object) -> str:
    """Write values in the form that a text gives, with Go's remarks where they do not fit together.

    Raises:
        TemplateFailure: The text would be too long.
    """
    return _Printer(form, values).run()


def sprint(*values: object) -> str:
    """Write values side by side, with spaces between those that are no texts."""
    written: list[str] = []
    for index, value in enumerate(values):
        if index and not isinstance(value, str) and not isinstance(values[index - 1], str):
            written.append(" ")
        written.append(write_value(value))
    return "".join(written)


def sprintln(*values: object) -> str:
    """Write values with spaces between them, and a newline at the end."""
    return " ".join(map(write_value, values)) + "\n"


class _Printer:
    def __init__(self, form: str, values: Sequence[object]) -> None:
        self._form = form
        self._values = values
        self._next = 0
        self._reordered = False
        self._index_is_good = True
        self._written: list[str] = []
        self._size = 0

    def run(self) -> str:
        position = 0
        while (begin := self._form.find("%", position)) >= 0:
            self._write(self._form[position:begin])
            match = cast("re.Match[str]", _DIRECTIVE.match(self._form, begin))
            self._index_is_good = True
            self._directive(match)
            position = match.end()
        self._write(self._form[position:])
        if not self._reordered and self._next < len(self._values):
            extra = (
                "<nil>" if value is None else f"{type_name(value)}={write_value(value)}"
                for value in self._values[self._next :]
            )  # fmt: skip
            self._write(f"%!(EXTRA {', '.join(extra)})")
        return "".join(self._written)

    def _write(self, text: str) -> None:
        self._size += len(text)
        check_size(self._size)
        self._written.append(text)

    def _directive(self, match: re.Match[str]) -> None:
        flags = set(match[1])
        width = self._number(match[2], "WIDTH")
        if width < 0:
            flags.add("-")
            width = -width
        if "-" in flags:
            flags.discard("0")
        precision = self._number(match[4], "PREC") if match[3] else None
        if precision is not None and precision < 0:
            precision = None
        if match[5]:
            self._reorder(match[5])
        verb = match[6]
        if verb is None:
            self._write("%!(NOVERB)")
        elif verb == "%":
            self._write("%")
        elif not self._index_is_good:
            self._write(f"%!{verb}(BADINDEX)")
        elif self._next >= len(self._values):
            self._write(f"%!{verb}(MISSING)")
        else:
            value = self._values[self._next]
            self._next += 1
            self._put(value, _Spec(frozenset(flags), width, precision, verb))

    def _put(self, value: object, spec: _Spec) -> None:
        if spec.verb == "T" or not isinstance(value, list | dict):
            self._write(_one(value, spec))
            return
        is_list = isinstance(value, list)
        self._write("[" if is_list else "map[")
        parts = cast("list[object]", value) if is_list else sorted(cast("dict[str, object]", value))
        for index, part in enumerate(parts):
            self._write(" " if index else "")
            self._put(part, spec)
            if not is_list:
                self._write(":")
                self._put(cast("dict[object, object]", value)[part], spec)
        self._write("]")

    def _number(self, text: str | None, name: str) -> int:
        if not text:
            return 0
        if not text.endswith("*"):
            number: object = int(text) if len(text) < 8 else _TOO_LARGE + 1
        else:
            self._reorder(text[:-1])
            number = self._values[self._next] if self._next < len(self._values) else None
            self._next += 1
        if type(number) is bool or not isinstance(number, int) or abs(number) > _TOO_LARGE:
            self._write(f"%!(BAD{name})")
            return 0 if name == "WIDTH" else -1
        if number < 0 and name == "PREC":
            self._write("%!(BADPREC)")
        return number

    def _reorder(self, text: str) -> None:
        if not text:
            return
        self._reordered = True
        match = _INDEX.fullmatch(text)
        if match is None or len(match[1]) > 7 or not 1 <= int(match[1]) <= len(self._values):
            self._index_is_good = False
        else:
            self._next = int(match[1]) - 1


def _one(value: object, spec: _Spec) -> str:
    if spec.verb == "T":
        return spec.padded(type_name(value))
    if value is None:
        return spec.padded("<nil>") if spec.verb == "v" else f"%!{spec.verb}(<nil>)"
    if isinstance(value, bool):
        written = spec.padded(write_value(value)) if spec.verb in "tv" else None
    elif isinstance(value, int):
        written = _integer(int(value), spec)
    elif isinstance(value, float):
        written = _float(value, spec)
    else:
        written = _text(str(value), spec)
    return f"%!{spec.verb}({type_name(value)}={write_value(value)})" if written is None else written


def _text(text: str, spec: _Spec) -> str | None:
    verb, flags = spec.verb, spec.flags
    if verb in "xX":
        raw = encode(text)[: spec.precision]
        start = "0" + verb if "#" in flags else ""
        shown = start + raw.hex() if " " not in flags else start + raw.hex(" ").replace(" ", " " + start)
        return replace(spec, flags=flags - {"0"}).padded("" if not raw else shown.upper() if verb == "X" else shown)
    if spec.precision is not None:
        text = text[: spec.precision]
    if verb == "q" or (verb == "v" and "#" in flags):
        return spec.padded(_quoted(text, flags, in_backticks="#" in flags and verb == "q"))
    return spec.padded(text) if verb in "sv" else None


def _quoted(text: str, flags: frozenset[str], *, in_backticks: bool) -> str:
    if in_backticks and "`" not in text and all(char >= " " or char == "\t" for char in text) and "\x7f" not in text:
        return f"`{text}`"
    pieces = (quote(piece)[1:-1] for piece in _BROKEN.split(text))
    broken = (f"\\x{ord(char) - 0xDC00:02x}" for char in _BROKEN.findall(text))
    shown = "".join(piece + next(broken, "") for piece in pieces)
    if "+" in flags:
        shown = "".join(char if char.isascii() else _escaped(ord(char)) for char in shown)
    return f'"{shown}"'


def _escaped(code: int) -> str:
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _integer(number: int, spec: _Spec) -> str | None:
    verb, flags = spec.verb, spec.flags
    is_character = 0 <= number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF
    if verb == "c":
        return spec.padded(chr(number) if is_character else "\ufffd")
    if verb == "q":
        return spec.padded(_quoted_character(chr(number) if is_character else "\ufffd"))
    if verb == "U":
        shown = f"U+{number & (2**64 - 1):04X}"
        return replace(spec, flags=flags - {"0"}).padded(
            f"{shown} '{chr(number)}'" if "#" in flags and is_character and chr(number).isprintable() else shown
        )
    if verb not in _BASES:
        return None
    sign = "-" if number < 0 else "+" if "+" in flags and verb != "v" else " " if " " in flags else ""
    digits = format(abs(number), _BASES[verb])
    if spec.precision is not None:
        if not spec.precision and not number:
            return " " * spec.width
        digits = digits.rjust(spec.precision, "0")
    elif "0" in flags and spec.width:
        digits = digits.rjust(spec.width - len(sign), "0")
    prefix = "0o" if verb == "O" else _PREFIXES.get(verb, "") if "#" in flags else ""
    if prefix == "0" and digits.startswith("0"):
        prefix = ""
    return replace(spec, flags=flags - {"0"}).padded(sign + prefix + digits)


def _quoted_character(char: str) -> str:
    if char in {"'", '"'}:
        return "'\\''" if char == "'" else "'\"'"
    return f"'{quote(char)[1:-1]}'"


def _float(number: float, spec: _Spec) -> str | None:
    verb, flags, precision = spec.verb, spec.flags, spec.precision
    if verb not in "vgGeEfF":
        return None
    is_finite = number - number == 0
    if not is_finite:
        shown = write_float(number)
        flags -= {"0"}
    elif precision is None and verb in "vgG":
        shown = write_float(number)
    else:
        count = min(6 if precision is None else precision, LARGEST_TEXT)
        known = min(count, _MOST_DIGITS)
        shown = f"{number:.{known}{'g' if verb in 'vgG' else verb.lower()}}"
        if verb in "fFeE" and count > known:
            mantissa, mark, exponent = shown.partition("e")
            shown = mantissa + "0" * (count - known) + mark + exponent
    if verb in "GE" and is_finite:
        shown = shown.upper()
    unsigned = shown.lstrip("+-")
    sign = shown[0] if shown[0] == "-" else "+" if "+" in flags and verb != "v" else " " if " " in flags else ""
    if not is_finite and not sign and unsigned == "Inf":
        sign = "+"
    if "0" in flags:
        return sign + unsigned.rjust(spec.width - len(sign), "0")
    return replace(spec, flags=flags).padded(sign + unsigned)
