"""What of a line is a variable whatever else was seen."""

from __future__ import annotations

import polars as pl
import pytest

from hallucino_tui.insight.templates.folding import fold
from hallucino_tui.insight.templates.marks import VARIABLE
from hallucino_tui.insight.templates.reading import read


def shown(line: str) -> str:
    """Return the tokens of a line, with a star for a variable."""
    folded: str = fold(pl.Series([line]))[0]
    return "".join(read(folded).tokens).replace(VARIABLE, "*")


@pytest.mark.parametrize(
    "value",
    [
        "5", "-17", "3.14", "1,234,567", "0x7fff", "deadbeef42", "1.5s", "1m30.5s", "512Mi", "512 MB", "93%", "250m",
        "20 ms", "<1 sec",
        "10.0.0.1", "10.0.0.1:8080", "10.0.0.0/16", "fe80::1", "00:1B:44:11:3A:B7", "FF:F2:9F:16:EA:C0",
        "123e4567-e89b-12d3-a456-426614174000", "sha256:9f86d081884c7d659a2feaa0c55ad015", "Fri Jul 22 19:29:09 2005",
        "/var/log/syslog", "./runtime", "C:\\Windows\\system.dll", "https://example.com/a?b=c", "bob@example.com",
        "db.example.com", "mail.uni.ac.uk", "web-7d9c6b8f5d-x2x9k", "web-bcdfghjkl-xkzvq", "agent-vxkzq",
        "postgres-0", "true", "null",
        "node-17", "attempt_1445144423722_0020_m_000001_0",
    ],
)  # fmt: skip
def test_a_value_is_a_variable(value: str) -> None:
    assert shown(f"we got {value} today") == "we got * today"


@pytest.mark.parametrize(
    "word",
    [
        "user-login", "payment-service", "and/or", "read-only", "non-https", "kube-system", "FAILED", "Connection",
        "i/o",
        "org.apache.Shop", "retry", "mod_jk", "s", "B", "facade",
    ],
)  # fmt: skip
def test_a_word_is_none(word: str) -> None:
    assert shown(f"we got {word} today") == f"we got {word} today"


@pytest.mark.parametrize(
    ("line", "tokens"),
    [
        ("fan speeds 1 2 3 4", "fan speeds *"),
        ("a: (1, x) (2, x) (3, x) end", "a: (*, x) end"),
        ("user= tty=ssh", "user=* tty=ssh"),
        ("from () at noon", "from (*) at noon"),
        ("call f() now", "call f() now"),
        ('tag="View Lock" n=5', "tag=* n=*"),
        ('"GET /a/b?c=d HTTP/1.1" "Mozilla/5.0 (X11; Linux)"', '"GET *" *'),
        ("r24=0x1 r25=0x2", "r24=* r25=*".replace("24", "0").replace("25", "0")),
        ("enable............0", "enable............*"),
        ('  File "/app/x.py", line 5, in <module>', "File *"),
        ("\tat a.b.C$D.e(C.java:17)", "at *"),
        ("    ~~~~^^^^", "*"),
    ],
)
def test_what_belongs_together_is_one_variable(line: str, tokens: str) -> None:
    assert shown(line) == tokens
