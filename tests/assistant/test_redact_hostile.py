"""Lines that are made to keep redaction busy: it takes no more than in proportion to their length."""

import numpy as np
import polars as pl
import pytest
from secrets_made_up import BEGIN_KEY, END_KEY

from hallucino_tui.assistant.redact import Redactor
from hallucino_tui.config.settings import RedactionSettings

LENGTH = 300_000
"""Where time grew with the square of it, one of these would take minutes."""

REPEATED = [
    "a", '"', "'", "\\", '\\"', "=", ":", "@", "a@", "a.", "a@a.", "<", "<secret:", "<secret:a:1>", "-", "--", "\x1b[",
    "\x1b", "\u200b", "password", "password ", "password:", 'password="', "password='", 'password=\\"', "password={",
    "password=a,", "password=<", "token=\\", "secret \\", "pass=", "_token", "--password ", "--a-password", "<password",
    "<password>", "<a:password ", "password: a ", "password%3D", "%3Dpassword", "token%25", "%25", "password&quot;",
    "password&quot;:&quot;", "identified by '", "://", "://a:", "://a:@", "://a1", "%3A%2F%2Fa%3A", "authorization: ",
    "authorization: a", "authorization: digest a=", "a=b,", "basic a", "bearer a", "cookie: a=", "cookie: a=b;",
    '"auth":"', "?sig=", "signature=", "accountkey=", "eyJ", "eyJaaaaaa.", "sk-", "sk-a", "ghp_", "xoxb-",
    "12345678:AA", "A1Q~", "x.atlasv1.", "-----BEGIN ", BEGIN_KEY, END_KEY,
    "PRIVATE KEY", "curl ", "curl -u ", "mysql -p", "1.1.1.", "1:", "0:", "{{", "${",
]  # fmt: skip


@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", REPEATED)
def test_a_very_long_line_of_one_piece_ends(piece: str) -> None:
    redactor = Redactor(RedactionSettings(addresses=True, hosts=True))
    line = piece * (LENGTH // len(piece)) + "@x.example"
    assert redactor.restore(redactor.redact(line)).count("x.example") == 1


@pytest.mark.timeout(60)
def test_a_secret_in_a_megabyte_without_a_space_goes() -> None:
    line = "x" * 500_000 + "&token=q7hidden7q&" + "y" * 500_000
    assert "q7hidden7q" not in Redactor().redact(line)


@pytest.mark.timeout(60)
def test_many_lines_with_beginnings_of_keys_in_many_streams_end() -> None:
    lines = pl.Series([BEGIN_KEY, "words"] * 10_000)
    streams = np.arange(20_000, dtype=np.uint32) % 5_000
    assert len(Redactor().redact_series(lines, streams)) == 20_000


def test_many_different_secrets_keep_their_numbers() -> None:
    redactor = Redactor()
    for number in range(3000):
        redactor.redact(f"<secret:password:{number + 1}>")
    assert redactor.redact("password=q7one") == "password=<secret:password:3001>"
    assert redactor.count == 1
