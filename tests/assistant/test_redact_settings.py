"""What else is replaced: e-mail addresses, IP addresses, names of hosts, and what the user's rules find."""

import numpy as np
import polars as pl
import pytest

from hallucino_tui.assistant.redact import RedactionError, Redactor
from hallucino_tui.config.settings import RedactionRule, RedactionSettings


def with_rules(*rules: tuple[str, str]) -> Redactor:
    return Redactor(RedactionSettings(rules=tuple(RedactionRule(name, pattern) for name, pattern in rules)))


@pytest.mark.parametrize(
    ("line", "made"),
    [
        ("mail to bob.smith+x@mail.shop.example failed", "mail to <email:1> failed"),
        ('{"user":"bob@shop.example"}', '{"user":"<email:1>"}'),
        ("<bob@shop.example>, <amy@shop.example>", "<<email:1>>, <<email:2>>"),
        ("bob@shop.example. Then bob@shop.example", "<email:1>. Then <email:1>"),
        ("root@host and user@10.0.0.1 and git@github.com:shop/shop", None),
        ("Started getty@tty1.service and user@1000.slice", None),
        ("lodash@4.17.21 com.shop.Cart@1a2b3c [Cnx@368]", None),
        ("spark://Scheduler@node.shop.example:7077", None),
    ],
)
def test_e_mail_addresses_are_replaced(line: str, made: str | None) -> None:
    assert Redactor().redact(line) == (made or line)
    assert Redactor(RedactionSettings(emails=False)).redact(line) == line


@pytest.mark.parametrize(
    ("line", "made"),
    [
        ("from 119.137.62.142 port 22", "from <ip:1> port 22"),
        ("10.0.0.7:5432 10.0.0.8:5432 10.0.0.7:80", "<ip:1>:5432 <ip:2>:5432 <ip:1>:80"),
        ("to [2001:db8::7]:443", "to [<ip:1>]:443"),
        ("fe80::1ff:fe23:4567:890a up", "<ip:1> up"),
        ("127.0.0.1, 0.0.0.0 and ::1 are everywhere", None),
        ("version 1.2.3.4.5 at 10:20:30 of 999.1.1.1", None),
        ("app 12:34:56 std::vector", None),
    ],
)
def test_ip_addresses_are_replaced_if_asked_for(line: str, made: str | None) -> None:
    assert Redactor(RedactionSettings(addresses=True)).redact(line) == (made or line)
    assert Redactor().redact(line) == line


@pytest.mark.parametrize(
    ("line", "made"),
    [
        ("connecting to db.shop.svc.cluster.local:5432", "connecting to <host:1>:5432"),
        ("GET https://api.shop.example/v1 502", "GET https://<host:1>/v1 502"),
        ("http://payments:8080/pay refused", "http://<host:1>:8080/pay refused"),
        ("at org.apache.hadoop.net.NetUtils.connect(NetUtils.java:529)", None),
        ("com.shop.app: started main.py", None),
        ("http://10.0.0.7:8080/", None),
    ],
)
def test_names_of_hosts_are_replaced_if_asked_for(line: str, made: str | None) -> None:
    assert Redactor(RedactionSettings(hosts=True)).redact(line) == (made or line)
    assert Redactor().redact(line) == line


HOSTS_AND_USERS = [
    ("connection to db-1 refused", "connection to <host:1> refused"),
    ("dial postgres://bob:q7hunter7q@db-1:5432/shop", "dial postgres://<user:1>:<secret:url-password:1>@<host:1>:5432/shop"),
    ("GET http://bob@db-1/ 502", "GET http://<user:1>@<host:1>/ 502"),
    ("db-1: up, /db-1/x, db-1.log", "<host:1>: up, /<host:1>/x, <host:1>.log"),
    ("db-10 and db-1-replica are others", "db-10 and db-1-replica are others"),
    ("GET http://payments/ 200", "GET http://<host:2>/ 200"),
    ("all payments failed", "all payments failed"),
    ("clone ssh://git@web7/shop", "clone ssh://git@<host:3>/shop"),
]  # fmt: skip


def test_a_host_that_one_line_gives_away_is_replaced_in_all_and_a_user_is_none() -> None:
    lines, made = [line for line, _ in HOSTS_AND_USERS], [made for _, made in HOSTS_AND_USERS]
    settings = RedactionSettings(hosts=True)
    in_columns, line_by_line = Redactor(settings), Redactor(settings)
    streams = np.zeros(len(lines), np.uint32)
    assert in_columns.redact_series(pl.Series(lines, dtype=pl.String), streams).to_list() == made
    assert in_columns.redact_series(pl.Series(made, dtype=pl.String), streams).to_list() == made
    assert list(map(in_columns.restore, made)) == lines
    assert line_by_line.redact_all(lines) == made
    assert line_by_line.redact("db-1 is down") == "<host:1> is down"
    assert Redactor().redact_all(["http://db-1/", "db-1 is down"]) == ["http://db-1/", "db-1 is down"]


def test_a_rule_of_the_user_replaces_its_match_or_its_group() -> None:
    redactor = with_rules(("Ticket No.", r"TICKET-\d+"), ("customer", r"customer=(?P<secret>\w+)"))
    line = "TICKET-12 and TICKET-7 for customer=bob, TICKET-12"
    made = redactor.redact(line)
    assert made == (
        "<secret:ticket-no:1> and <secret:ticket-no:2> for customer=<secret:customer:1>, <secret:ticket-no:1>"
    )
    assert redactor.restore(made) == line
    assert redactor.redact(made) == made
    assert redactor.replaced == {"ticket-no": 3, "customer": 1}


def test_rules_of_the_user_work_on_columns() -> None:
    redactor = with_rules(("order", r"(?i)order (?P<secret>[0-9]+)"))
    lines = ["plain", "Order 17 and password=q7one", None, "order 4, order 17", "<secret:order:1>"]
    made = redactor.redact_series(pl.Series(lines, dtype=pl.String), np.zeros(5, np.uint32)).to_list()
    assert made == [
        "plain", "Order <secret:order:2> and password=<secret:password:1>", None,
        "order <secret:order:3>, order <secret:order:2>", "<secret:order:1>",
    ]  # fmt: skip


def test_a_group_that_stands_twice_in_a_match_goes_twice() -> None:
    assert "q7" not in with_rules(("x", r"(?P<secret>q7\w) or q7\w")).redact("q7a or q7a")


@pytest.mark.parametrize("pattern", [r"\d+", ".", ".*", "s.*", "<.*>", "(?P<secret>)x"])
def test_no_rule_breaks_a_pseudonym(pattern: str) -> None:
    redactor = with_rules(("all", pattern))
    line = "password=q7one x 17"
    made = redactor.redact(line)
    assert redactor.restore(made) == line
    assert redactor.redact(made) == made


@pytest.mark.parametrize(
    ("pattern", "words"),
    [("(", "not closed"), ("(?=x)", "look-around is not supported"), (r"(a)\1", ""), ("(\\w{900}){900}", "")],
)
def test_a_pattern_that_cannot_be_used_is_refused_in_one_sentence(pattern: str, words: str) -> None:
    with pytest.raises(RedactionError) as refused:
        with_rules(("mine", pattern))
    said = str(refused.value)
    assert said.startswith("The redaction rule 'mine' has a")
    assert said.endswith(".")
    assert words in said
    assert "\n" not in said


def test_a_pattern_that_would_take_for_ever_elsewhere_ends_here() -> None:
    assert with_rules(("slow", "(a+)+$")).redact("a" * 50_000 + "b") == "a" * 50_000 + "b"
