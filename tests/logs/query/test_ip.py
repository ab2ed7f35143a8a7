import re

import pytest

from hallucino_tui.logs.query.ip import CANDIDATE, parse_ip_pattern


@pytest.mark.parametrize(
    ("pattern", "inside", "outside"),
    [
        ("10.0.0.1", ["10.0.0.1"], ["10.0.0.2", "::ffff:10.0.0.1", "", "10.0.0.01"]),
        ("10.0.0.0/8", ["10.0.0.0", "10.255.255.255"], ["11.0.0.0", "::a00:1"]),
        ("10.1.2.3/8", ["10.0.0.0", "10.255.255.255"], ["9.255.255.255"]),
        ("10.0.0.1-10.0.0.9", ["10.0.0.1", "10.0.0.5", "10.0.0.9"], ["10.0.0.0", "10.0.0.10"]),
        ("::1", ["::1", "0:0:0:0:0:0:0:1"], ["::2"]),
        ("2001:db8::/32", ["2001:db8::1", "2001:db8:ffff::"], ["2001:db9::"]),
        ("2001:db8::1-2001:db8::8", ["2001:db8::4"], ["2001:db8::9"]),
        ("0.0.0.0/0", ["255.255.255.255"], ["::"]),
    ],
)
def test_addresses_are_within_a_pattern_or_not(pattern: str, inside: list[str], outside: list[str]) -> None:
    parsed = parse_ip_pattern(pattern)
    assert all(map(parsed.contains, inside))
    assert not any(map(parsed.contains, outside))


@pytest.mark.parametrize(
    "text",
    [
        *("", "nope", "10.0.0", "10.0.0.256", "010.0.0.1", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/-1", "/8", "-"),
        *("10.0.0.1 - 10.0.0.9", "10.0.0.9-10.0.0.1", "10.0.0.1-::1", "::1/129", "10.0.0.1-", "10.0.0.1/8/8"),
        "10.0.0.0/255.0.0.0",
    ],
)
def test_what_is_no_pattern_is_none(text: str) -> None:
    with pytest.raises(ValueError):
        parse_ip_pattern(text)


@pytest.mark.parametrize(
    ("pattern", "line", "found"),
    [
        ("192.168.0.1", "vpn 192.168.0.5 connected to vm", False),
        ("192.168.0.1", "vpn 192.168.0.1 connected to vm", True),
        ("192.168.0.1", "192.168.0.1", True),
        ("192.168.0.1", "x192.168.0.1y", True),
        ("192.168.0.1", "at 192.168.0.1.", False),
        ("192.168.0.1", "192.168.0.1:8080", True),
        ("192.168.0.1", "é 192.168.0.1", True),
        ("10.0.0.0/8", "from=127.0.0.1 to=10.1.2.3", True),
        ("10.0.0.0/8", "1.2.3 10.1.2", False),
        ("2001:db8::/32", "peer [2001:db8::17]:443", True),
        ("2001:db8::/32", "peer 2001:db9::17 up", False),
        ("::1", "bound to ::1 port", True),
        ("::1", "::1", False),
        ("::1", "a ::1", False),
        ("::1", "time 12:30:45 at ::1 up", True),
        ("10.0.0.1-10.0.0.9", "", False),
    ],
)
def test_addresses_are_found_in_lines_as_loki_finds_them(pattern: str, line: str, found: bool) -> None:
    assert parse_ip_pattern(pattern).find_in(line) is found
    assert re.search(CANDIDATE, line) or not found
