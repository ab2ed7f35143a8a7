"""Words about lines as they leave the machine: quotations that were cut, templates and queries hold no secret."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.assistant.redact import Redactor
from hallucino_tui.insight.report.quoting import quote
from hallucino_tui.insight.templates.miner import Miner
from hallucino_tui.insight.templates.query import hiding_query_of, query_of
from hallucino_tui.logs.query.plain import parse_filter
from hallucino_tui.session.leaving import Leaving, lines_without_secrets

PASSWORD = "q7" + "hunter" + "7horse"
AWS = "AKIA" + "Q7" * 8


@given(
    st.integers(20, 130), st.sampled_from([f"password={PASSWORD}", f"used {AWS}", f"postgres://app:{PASSWORD}@db-1/"])
)
def test_no_half_of_a_secret_is_left_wherever_a_quotation_was_cut(front: int, secret: str) -> None:
    line = "ERROR " + ("w" * 7 + " ") * (front // 8) + "w" * (front % 8) + f" {secret} and so much more that it is cut"
    made = Leaving(Redactor(), [line]).sentence(f"It says {quote(line)}, twice.")
    assert PASSWORD[:4] not in made
    assert AWS[:6] not in made
    assert made.count("`") == 2
    assert made.endswith("`, twice.")


def test_a_quotation_that_hides_nothing_stays_as_it_is() -> None:
    line = "the pool of 10.0.0.7 is empty " * 8
    text = f"checkout: {quote(line)}, 3 times. {quote('a `b` c')}"
    assert Leaving(Redactor(), [line]).sentence(text) == text
    assert Leaving(Redactor()).sentence("checkout: `all is well`.") == "checkout: `all is well`."


def test_a_secret_in_a_name_is_found_behind_the_marks_of_markdown_and_the_rest_keeps_them() -> None:
    token = "ghp_" + "q7Qk" * 9
    name = token.replace("_", "\\_")
    made = Leaving(Redactor()).markdown(f"- my\\_app, {name} & a\\*: 3 times. [L5] [L6]\n- my\\_app: fine.")
    assert made == "- my\\_app, <secret:github-token:1> &amp; a\\*: 3 times. [L5] [L6]\n- my\\_app: fine."


def test_what_only_the_lines_around_give_away_is_not_quoted() -> None:
    key = ["-----BEGIN RSA PRIVATE KEY-----", "MIIEq7" * 10, "b2sg", "-----END RSA PRIVATE KEY-----", "bye"]
    text, streams = pl.Series(key, dtype=pl.String), np.zeros(5, np.uint32)
    redactor = Redactor()
    made = lines_without_secrets(text, streams, np.array([2, 4]), redactor)
    assert made == ["<secret:private-key:1>", "bye"]
    assert Leaving(redactor, [key[2], key[4]], made).sentence("new: `b2sg`.") == "new: `<secret:private-key:1>`."


@pytest.mark.parametrize(
    ("lines", "template"),
    [
        ([f"login {n} password={PASSWORD} failed" for n in range(3)], "login <*> password=<secret> failed"),
        ([f"login password=q7{n}x{n} failed" for n in range(3)], "login password=<secret> failed"),
        ([f"order {n} uses {AWS} twice" for n in range(3)], "order <*> uses <secret> twice"),
        ([f"order {n} placed" for n in range(3)], "order <*> placed"),
        ([f"mail {n} to bob@shop.example went out" for n in range(3)], "mail <*> to <secret> went out"),
    ],
)  # fmt: skip
def test_a_template_and_its_queries_name_no_secret_and_are_queries_still(lines: list[str], template: str) -> None:
    miner = Miner()
    miner.add(pl.Series(lines, dtype=pl.String), np.zeros(len(lines), bool))
    (one,) = [one for one in miner.templates if one.merged is None]
    leaving = Leaving(Redactor())
    shown = leaving.template(one.text, one.example)
    query, hiding = (leaving.query(made(one), one.example) for made in (query_of, hiding_query_of))
    for secret in (PASSWORD, "hunter", AWS, "AKIA", "bob", "shop"):
        assert secret not in shown + query + hiding
    for kind in ("secret:password", "secret:aws-key", "email"):
        for number in range(9):
            shown = shown.replace(f"<{kind}:{number}>", "<secret>")
    assert shown == template
    assert "<secret" not in query
    parse_filter(query)
    parse_filter(hiding)


def test_a_query_that_names_no_secret_stays_as_it_is() -> None:
    query = '{pod="web-1"} |= "pool" != "health" | json | status >= 500'
    assert Leaving(Redactor()).query(query) == query
