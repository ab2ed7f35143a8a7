"""What a text means, one character after the other: logfmt, patterns, addresses, durations, sizes, numbers."""

from __future__ import annotations

import ipaddress
import json
import re

CAPTURE = re.compile(r"<([A-Za-z_][A-Za-z0-9_]*)>")


def label_name(key: str) -> str:
    """Return the label that a key of a line becomes: letters, digits and ``_``, no digit first."""
    key = key.strip()
    if key[:1].isascii() and key[:1].isdigit():
        key = "_" + key
    return re.sub(r"[^A-Za-z0-9_]", "_", key)


def scan_logfmt(line: str) -> tuple[list[tuple[str, str]], list[bool]]:
    """Return the pairs of a line in their order, and for each of its pieces whether it was well-formed.

    The pieces stand in the order of the line: true is the next pair, false something that is none.
    """
    pairs: list[tuple[str, str]] = []
    pieces: list[bool] = []
    at = 0
    while True:
        while at < len(line) and line[at] <= " ":
            at += 1
        if at == len(line):
            return pairs, pieces
        pair, at = one_pair(line, at)
        pieces.append(pair is not None)
        if pair is not None:
            pairs.append(pair)


def one_pair(line: str, at: int) -> tuple[tuple[str, str] | None, int]:
    """Read a key and its value at a position that holds no space; return them, or None, and where to go on."""
    start = at
    while at < len(line) and line[at] > " " and line[at] not in '="':
        at += 1
    key = line[start:at]
    if at == len(line) or line[at] <= " ":
        return (key, ""), at
    if line[at] == '"' or not key:
        return None, word_end(line, at)
    at += 1
    if line[at : at + 1] == '"':
        return quoted_pair(key, line, at)
    start = at
    while at < len(line) and line[at] > " ":
        if line[at] in '="':
            return None, word_end(line, at)
        at += 1
    return (key, line[start:at]), at


def quoted_pair(key: str, line: str, start: int) -> tuple[tuple[str, str] | None, int]:
    at = start + 1
    while at < len(line) and line[at] != '"':
        at += 2 if line[at] == "\\" else 1
    if at >= len(line):
        return None, len(line)
    body = line[start + 1 : at]
    text = unescape(body) if "\\" in body else body
    return (None if text is None else (key, text)), at + 1


def unescape(body: str) -> str | None:
    """Return the text of a quoted value, None if one of its escapes means nothing."""
    made = ""
    at = 0
    while at < len(body):
        if body[at] != "\\":
            made += body[at]
            at += 1
            continue
        sign = body[at + 1]
        if sign == "u":
            digits = re.match(r"(?:\\u[0-9a-fA-F]{4})+", body[at:])
            if digits is None:
                return None
            made += re.sub("[\ud800-\udfff]", "\ufffd", json.loads(f'"{digits[0]}"'))
            at += len(digits[0])
            continue
        if sign not in "\"\\/'bfnrt":
            return None
        made += {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}.get(sign, sign)
        at += 2
    return made


def word_end(line: str, at: int) -> int:
    while at < len(line) and line[at] > " ":
        at += 1
    return at


def parts(pattern: str) -> list[tuple[bool, str]]:
    """Return the parts of a pattern: whether each is a capture, and its name or its text."""
    found: list[tuple[bool, str]] = []
    for index, piece in enumerate(CAPTURE.split(pattern)):
        if index % 2:
            found.append((True, piece))
        elif piece:
            found.append((False, piece))
    return found


def capture(pattern: str, line: str) -> dict[str, str]:
    """Return what the named captures of a pattern hold; as many of them as the line goes along with."""
    found: dict[str, str] = {}
    left = parts(pattern)
    if not line:
        return found
    if not left[0][0]:
        if not line.startswith(left[0][1]):
            return found
        line = line[len(left.pop(0)[1]) :]
    while left:
        _, name = left.pop(0)
        held, rest, matched = line, "", False
        if left:
            held, literal, rest = line.partition(left.pop(0)[1])
            matched = literal != ""
        if name != "_":
            found[name] = held
        if not matched:
            break
        line = rest
    return found


def looks_like(pattern: str, line: str) -> bool:
    """Test a line against a pattern: its texts come one after the other, and each ``<_>`` stands for something.

    The first text may stand anywhere in the line, each further one is taken where it comes first, and the line has
    to end with the pattern.
    """
    wanted = parts(pattern)
    if not wanted or not line:
        return not wanted and not line
    at = 0
    for index, (is_capture, text) in enumerate(wanted):
        if is_capture:
            continue
        place = line.find(text, at)
        if place < 0 or (index and place == at):
            return False
        at = place + len(text)
    return wanted[-1][0] == (at < len(line))


def within(address: str, pattern: str) -> bool:
    """Say whether a text is an address that a pattern (an address, a range, a CIDR block) holds."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if "-" in pattern:
        first, last = (ipaddress.ip_address(end.strip()) for end in pattern.split("-"))
        return found.version == first.version and int(first) <= int(found) <= int(last)
    return found in ipaddress.ip_network(pattern, strict=False)


def has_address(text: str, pattern: str) -> bool:
    """Say whether one of the addresses in a text is one that a pattern holds.

    A run of digits and dots is an address or not as a whole, as is a run of hexadecimal digits, colons and dots.
    """
    at = 0
    while at < len(text):
        if re.match(r"[0-9](?:\.|[^.]\.|[^.]{2}\.)", text[at : at + 4], re.DOTALL) and at + 3 < len(text):
            run = re.match(r"[0-9.]*", text[at:])
        elif re.match(r"::[0-9a-fA-F]|[0-9a-fA-F]{1,4}:", text[at:]) and at + 4 < len(text):
            run = re.match(r"[0-9a-fA-F:.]*", text[at:])
        else:
            at += 1
            continue
        assert run is not None
        if within(run[0], pattern):
            return True
        at += len(run[0]) + 1
    return False


FLOAT = re.compile(r"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|(?i:inf|infinity|nan))")


def number(text: str) -> float | None:
    return float(text) if FLOAT.fullmatch(text) else None


UNITS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
DURATION = re.compile(r"([0-9]*)(?:\.([0-9]*))?(ns|us|µs|μs|ms|s|m|h)")


def duration(text: str) -> int | None:
    """Return the nanoseconds of a duration such as ``1h30m`` or ``-1.5s``, None if it is none."""
    sign = -1 if text.startswith("-") else 1
    rest = text[1:] if text[:1] in {"+", "-"} and text else text
    if rest == "0":
        return 0
    total = 0
    if not rest:
        return None
    while rest:
        part = DURATION.match(rest)
        if part is None or not (part[1] or part[2]):
            return None
        unit = UNITS[part[3]]
        fraction = part[2] or ""
        total += int(part[1] or "0") * unit + (int(fraction) * unit // 10 ** len(fraction) if fraction else 0)
        rest = rest[part.end() :]
    return sign * total


PREFIXES = ("", "k", "m", "g", "t", "p", "e")
SIZES = {"b": 1, "": 1}
for power, prefix in enumerate(PREFIXES[1:], start=1):
    SIZES |= {prefix: 1000**power, prefix + "b": 1000**power, prefix + "i": 1024**power, prefix + "ib": 1024**power}


def size(text: str) -> int | None:
    """Return the bytes of a size such as ``20MB`` or ``1.5 KiB``, None if it is none."""
    parted = re.fullmatch(r"([0-9.,]*)(.*)", text, re.DOTALL)
    assert parted is not None
    amount = number(parted[1].replace(",", ""))
    unit = SIZES.get(parted[2].strip().lower())
    return None if amount is None or unit is None or amount * unit >= 2**64 else int(amount * unit)
