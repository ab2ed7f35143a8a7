"""What of a claim must stand in a line letter by letter: quotations and names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from hallucino_tui.assistant.grounding.lexicon import meaning, products
from hallucino_tui.assistant.grounding.lexicon.words import stem, tokens
from hallucino_tui.assistant.grounding.reading.line import flat

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hallucino_tui.assistant.grounding.claim import Source
    from hallucino_tui.assistant.grounding.reading.line import Line

_QUOTES: Final = re.compile(
    r"``(?P<a>[^`]+)``|`(?P<b>[^`\n]+)`|\"(?P<c>[^\"\n]+)\"|\u201c(?P<d>[^\u201d\n]+)\u201d|"
    r"(?<!\w)'(?P<e>[^'\n]{2,}?)'(?!\w)|\u2018(?P<f>[^\u2019\n]+)\u2019|\u00ab(?P<g>[^\u00bb\n]+)\u00bb|"
    r"\u201e(?P<h>[^\u201c\u201d\n]+)[\u201c\u201d]"
)
_COMMAND: Final = re.compile(
    r"^\s*(?:\$ |kubectl |helm |docker |grep |curl |journalctl |systemctl |psql |redis-cli |ssh |"
    r"sudo |cat |tail |less |"
    r"dig |nslookup |ping |df |du |free |top |select .* from |alter |hallucino |stern |oc |make |"
    r"git |logcli |jq |awk |sed )"
    r"|^\s*\{[^{}]*(?:=|!=|=~|!~)\s*[\"`][^{}]*\}|\|=|\|~|!~|(?:rate|count_over_time|sum)\s?\(",
    re.IGNORECASE,
)
_GAPS: Final = re.compile(r"\s*(?:\.\.\.|\u2026|\[\u2026\]|<\*>)\s*")
_NAME: Final = re.compile(
    r"(?P<pseudonym><(?:secret:\w+|email|ip|host|user):\d+>)"
    r"|(?P<url>https?://[^\s,;)\]]+)"
    r"|(?P<email>(?<![\w.@])[A-Za-z][\w.+\-]*@[A-Za-z][\w\-]*(?:\.[\w\-]*\w)*)"
    r"|(?P<ip>(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?![\w.]*\w))"
    r"|(?P<path>(?<![\w.)])/[\w.\-]+(?:/[\w.\-]*)*)"
    r"|(?P<mixed>(?<![\w])(?=[\w.\-:/@$~+]*\d)(?=[\w.\-:/@$~+]*[A-Za-z])[A-Za-z0-9_][\w.\-:/@$~+]*\w)"
    r"|(?P<version>(?<![\w.])\d+(?:\.\d+){2,})"
    r"|(?P<dotted>(?<![\w.])[A-Za-z_][\w\-]*(?:\.[A-Za-z_$][\w\-$]*)+)"
    r"|(?P<snake>(?<!\w)[A-Za-z]+(?:_[A-Za-z]+)+)"
    r"|(?P<camel>(?<!\w)[A-Za-z]*[a-z][A-Z]\w*|(?<!\w)[A-Z]{2,}[a-z]{2,}\w*)"
    r"|(?P<caps>(?<![\w\-])[A-Z]{2,}(?![\w]))"
)
# Words without any of these are no names that `_NAME` knows: most need not be looked at twice.
_UNCOMMON: Final = re.compile(r"[^\s]*(?:[\d_/@<]|\w\.\w|[a-z][A-Z]|[A-Z]{2})[^\s]*")
_MEASURE: Final = re.compile(
    r"^[\d.,]+(?:x|th|st|nd|rd|ns|us|ms|s|m|min|h|d|k|kb|mb|gb|kib|mib|gib|b|mi|gi|percent)?$"
    r"|^\d+-(?:second|minute|hour|day|time|line|node|byte|row|retry|attempt|pod|connection)s?$|^\dxx$",
    re.IGNORECASE,
)
# `level-2` is `L2`.
_LEVEL: Final = re.compile(r"level-(\d)")
_SIZES: Final = frozenset({"kb", "mb", "gb", "tb", "kib", "mib", "gib", "ms", "ns"})
_PLAIN_CAPS: Final = frozenset(products.PLAIN_CAPS.split())
_CAPS_MEANING: Final = {
    "DNS": "DNS", "TLS": "TLS", "SSL": "TLS", "OOM": "OOM", "RAM": "MEMORY", "HTTP": "HTTP",
}  # fmt: skip
_ROLE_NOUN: Final = re.compile(
    r"\b(?:user|account|username|login name|host|hostname|database|queue|topic|namespace|container|role|named|called|"
    r"provider|vendor|tenant|service|cluster|interface|table|tty|logger|volume|deployment|bucket|index|profile|theme|"
    r"reason)\s(?:of |named |called )?"
    r"(?P<name>[a-z][a-z0-9_\-]{1,30})\b"
)
# `root` is also what `root cause` begins with.
_SUPERUSER: Final = re.compile(
    r"\broot(?= (?:login|logon|account|user|password|access|session|shell|authentication)s?\b)|"
    r"(?:(?<=\bas )|(?<=\bfor )|(?<=\buser ))root\b(?! (?:cause|of|reason))"
)
# What follows a verb, and hardly ever a name.
_OBJECT: Final = re.compile(
    r" (?:the|an?|its|their|his|her|all|any|every|each|some|no|this|that|these|those|it|them|itself|port|address)\b"
)
_SIGNALS: Final = {"SIGHUP": 1, "SIGINT": 2, "SIGABRT": 6, "SIGKILL": 9, "SIGSEGV": 11, "SIGPIPE": 13, "SIGTERM": 15}
_EXIT: Final = re.compile(
    r"exit(?:ed|s)?(?: with)?[ _]?(?:code|status)?\W{1,3}(?P<code>\d{1,3})\b|signal\W{1,3}(?P<signal>\d{1,2})\b",
    re.IGNORECASE,
)


class Name(NamedTuple):
    """A name in a claim.

    Attributes:
        text: As it stands.
        kind: What it looks like.
        start: Where it begins.
        end: Where it ends.
    """

    text: str
    kind: str
    start: int
    end: int


class Quote(NamedTuple):
    """Something that a claim quotes: its text, and where it stands with its quotation marks."""

    text: str
    start: int
    end: int


def quotes_in(text: str) -> list[Quote]:
    """Return the quotations of a claim; commands and queries are none."""
    found: list[Quote] = []
    for match in _QUOTES.finditer(text):
        inner = next(group for group in match.groups() if group is not None)
        if inner.strip() and not _COMMAND.search(inner):
            found.append(Quote(inner.strip(), match.start(), match.end()))
    return found


def is_quoted_in(quote: str, line: Line) -> bool:
    """Say whether a line has a quotation verbatim; what the quotation leaves out is left out in order."""
    at = 0
    for part in _GAPS.split(quote):
        wanted = flat(part).strip(" .,;:!?") if len(part) > 3 else flat(part)
        if not wanted:
            continue
        found = _find(wanted, line.flat, at)
        if found < 0:
            return False
        at = found + len(wanted)
    return True


def has_text(written: str, line: Line) -> bool:
    """Say whether a line has something letter by letter, not as a part of something longer."""
    return _find(written.lower(), line.flat, 0) >= 0


def _find(wanted: str, text: str, at: int) -> int:
    """Find whole words."""
    while (found := text.find(wanted, at)) >= 0:
        end = found + len(wanted)
        if not (wanted[0].isalnum() and found and text[found - 1].isalnum()) and not (
            wanted[-1].isalnum() and end < len(text) and text[end].isalnum()
        ):
            return found
        at = found + 1
    return -1


def names_in(text: str) -> list[Name]:
    """Return the names of a claim from which quotations, times and citations were taken out."""
    found: list[Name] = []
    for match in (one for word in _UNCOMMON.finditer(text) for one in _NAME.finditer(text, *word.span())):
        kind = match.lastgroup or ""
        written = match[0].rstrip(".:-/") if kind not in {"pseudonym", "path"} else match[0].rstrip(".")
        if (
            written.lower() in _SIZES
            or (kind == "mixed" and _MEASURE.match(written))
            or (kind == "dotted" and written.lower() in {"e.g", "i.e"})
        ):
            continue
        if kind == "mixed" and text.startswith(("\u2026", "..."), match.start() + len(written)):
            kind = "cut"
        found.append(Name(written, kind, match.start(), match.start() + len(written)))
    found += [Name("root", "role", match.start(), match.start() + 4) for match in _SUPERUSER.finditer(text)]
    for match in _ROLE_NOUN.finditer(text):
        name = match["name"]
        if _is_verb(text, match):
            continue
        if name not in meaning.LIGHT and stem(name) not in meaning.LIGHT and not meaning.concepts_of(stem(name)):
            found.append(Name(name, "role", match.start("name"), match.end("name")))
    return found


def _is_verb(text: str, match: re.Match[str]) -> bool:
    """Say whether what stands behind `service` or the like is what it does: `the service rejects the order`."""
    if re.search(r"\b(?:of|named|called) ", match[0]):
        return False
    return _OBJECT.match(text, match.end()) is not None


def has_name(name: Name, line: Line) -> bool:
    """Say whether a line has a name."""
    low = name.text.lower()
    if name.kind == "cut":
        return _begins(low, line.flat)
    if _find(low, line.flat, 0) >= 0 or _find(low, line.text.lower(), 0) >= 0 or _is_of_product(low, line):
        return True
    if name.kind == "ip":
        return _has_address(low, line)
    if name.kind in {"camel", "snake", "caps", "role"}:
        return _has_word_name(name, low, line)
    if name.kind == "mixed":
        return _has_mixed(low, line)
    other = {"path": low.rstrip("/"), "version": f"v{low}"}.get(name.kind)
    return other is not None and _find(other, line.flat, 0) >= 0


def _has_address(low: str, line: Line) -> bool:
    """Say whether a line has an address with its port apart, or in the name of a host: `ec2-10-0-0-7.example`."""
    if ":" in low:
        return _has_port(low, line)
    return _find(low.replace(".", "-"), line.flat.replace("ec2-", " "), 0) >= 0


def _has_port(low: str, line: Line) -> bool:
    """Say whether a line has an address and its port with words between them."""
    host, port = low.split(":")
    pattern = rf"(?<![\w.]){re.escape(host)}\W{{1,5}}port\W{{1,3}}{port}(?!\w)"
    return re.search(pattern, line.text, re.IGNORECASE) is not None


def _is_of_product(low: str, line: Line) -> bool:
    product = meaning.PRODUCTS.get(low)
    return product is not None and product.search(line.text.lower()) is not None


def _begins(low: str, text: str) -> bool:
    """Say whether a word of a text begins so."""
    return re.search(rf"(?<![a-z0-9]){re.escape(low)}", text) is not None


def _has_word_name(name: Name, low: str, line: Line) -> bool:
    if name.text.startswith("SIG") and _has_signal(name.text, line):
        return True
    if name.kind == "caps":
        if name.text in _PLAIN_CAPS:
            return _CAPS_MEANING.get(name.text) in {None, *line.groups}
        is_there = low in line.compact if len(low) > len("TCP") else low in line.stems
        is_there = is_there or (len(low) >= len("TCP") and any(token.word.startswith(low) for token in line.words))
        return is_there or (len(low) >= len("TCP") and low in "".join(token.word[0] for token in line.words))
    if low == "root" and "uid=0" in line.flat:
        return True
    if name.kind == "role":
        return any(low in {token.word, f"{token.word}s"} or token.word == f"{low}s" for token in line.words)
    compact = low.replace("_", "")
    return (len(compact) > 4 and compact in line.compact) or _has_parts(name, line)


def has_exit(line: Line) -> bool:
    """Say whether a line gives an exit code or the number of a signal."""
    return _EXIT.search(line.text) is not None


def _has_signal(name: str, line: Line) -> bool:
    """Say whether a line names a signal in another way: by its number, or by the exit code that it leaves."""
    if "signal" in line.compact and name[3:].lower() in line.compact:
        return True
    number = _SIGNALS.get(name)
    return number is not None and any(
        int(match["code"] or 0) == 128 + number or int(match["signal"] or 0) == number
        for match in _EXIT.finditer(line.text)
    )


def _has_parts(name: Name, line: Line) -> bool:
    """Say whether a line has all words of a name in CamelCase or snake_case, or their initials, or the like."""
    if "".join(token.word[0] for token in tokens(name.text)) in line.initials:
        return True
    parts = [token for token in tokens(name.text) if token.word not in meaning.LIGHT]
    return bool(parts) and all(
        token.stem in line.stems or bool(meaning.closed(meaning.concepts_of(token.stem)) & line.ideas)
        for token in parts
    )


def _has_mixed(low: str, line: Line) -> bool:
    if (level := _LEVEL.fullmatch(low)) and _find(f"l{level[1]}", line.flat, 0) >= 0:
        return True
    parts = [part for part in re.split(r"[/:=@]", low) if part]
    return len(parts) > 1 and all(_find(part, line.flat, 0) >= 0 for part in parts)


def names_of_lines(sources: Iterable[Source]) -> frozenset[str]:
    """Return the plain words that lines use as names of users, hosts, programs and the like."""
    found: set[str] = set()
    for source in sources:
        for match in _NAMING.finditer(source.text):
            word = next(group for group in match.groups() if group).lower()
            if not meaning.concepts_of(stem(word)):
                found.add(word)
        found.update(match["name"] for match in _WORKLOAD.finditer(source.text))
    found -= {"all", "any", "none"}
    return frozenset(word for word in found if word not in meaning.LIGHT and stem(word) not in meaning.LIGHT)


def parts_of_lines(sources: Iterable[Source]) -> frozenset[str]:
    """Return the parts of products, as HDFS is one of Hadoop, that lines have by name."""
    low = "\n".join(source.text for source in sources).lower()
    return frozenset(part for part in products.PARTS if part in low)


_NAMING: Final = re.compile(
    r"\b(?:r?user|host(?:name)?|service|pod|container|node|namespace|database|queue|app|logger|"
    r"db_user|db_host|Deployment|"
    r"ReplicaSet|Pod|Job)[=:/\"\s]{1,4}([A-Za-z][a-z]{2,})(?![a-z])"
    r"|(?<![a-z])([a-z]{3,20})(?:\(\w+\)\[\d|\[\d+\]|-[0-9a-f]{8,10}-[a-z0-9]{5}\b|@[a-z])"
    r"|^\S+ ([a-z]{3,}): "
    r"|://([a-z]{3,}):\d"
    r"|\b(?:INFO|ERROR|WARNING|CRITICAL|DEBUG)[ :]*(?:\[\d+\] )?([a-z]{4,})[.:]"
)
# A workload by its replica set's hash, or as `name/name`: a name even if it is also a common word, as `payments` is.
_WORKLOAD: Final = re.compile(r"(?<![a-z\-])(?:(?P<name>[a-z]{3,20})(?:-[0-9a-f]{8,10}\b|/(?P=name)\b))")
