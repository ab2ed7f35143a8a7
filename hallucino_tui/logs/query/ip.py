"""Addresses, ranges of addresses and networks, and lines that contain one of them."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Final

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NETWORK: Final = re.compile(r"([^/%]+)/(0|[1-9][0-9]{0,2})")
_HEX: Final = rb"[0-9a-fA-F]"
_V4_HINT: Final = re.compile(rb"[0-9](?=\...|.\..|..\.)", re.DOTALL)
_HINT: Final = re.compile(
    rb"[0-9](?=\...|.\..|..\.)|(?=::%b..|%b:...|%b{2}:..|%b{3}:.|%b{4}:)" % ((_HEX,) * 5), re.DOTALL
)
_V4: Final = re.compile(rb"[0-9.]+")
_V6: Final = re.compile(rb"[0-9a-fA-F:.]+")

CANDIDATE: Final = r"[0-9].{0,2}\.|[0-9a-fA-F]{1,4}:|::[0-9a-fA-F]"
"""A regular expression: lines without a match of it hold no address."""


@dataclass(frozen=True, slots=True)
class IpPattern:
    """The addresses from `first` to `last`, both included and both of one family."""

    first: _Address
    last: _Address

    def contains(self, address: str) -> bool:
        """Say whether a text is an address within the pattern."""
        parsed = _parse(address)
        return parsed is not None and self._has(parsed)

    def find_in(self, line: str) -> bool:
        """Say whether any address in a line is within the pattern.

        What may be an address and where the search goes on after it is as in Loki: an address that is followed by a
        full stop is not seen, for one.
        """
        text = line.encode("utf-8", "replace")
        position = 0
        while (hint := _HINT.search(text, position)) is not None:
            start = hint.start()
            form = _V4 if _V4_HINT.match(text, start) else _V6
            candidate = form.match(text, start)
            if candidate is None:  # cannot be: each hint begins with what the form takes
                return False
            if self.contains(candidate[0].decode()):
                return True
            position = candidate.end() + 1
        return False

    def _has(self, address: _Address) -> bool:
        return address.version == self.first.version and int(self.first) <= int(address) <= int(self.last)


def parse_ip_pattern(text: str) -> IpPattern:
    """Read an address (``10.0.0.1``), a range (``10.0.0.1-10.0.0.9``) or a network (``10.0.0.0/8``).

    Raises:
        ValueError: It is none of them.
    """
    address = _parse(text)
    if address is not None:
        return IpPattern(address, address)
    network = _NETWORK.fullmatch(text)
    if network is not None:
        address = _parse(network[1])
        if address is not None and int(network[2]) <= address.max_prefixlen:
            whole = ipaddress.ip_network(f"{address}/{network[2]}", strict=False)
            return IpPattern(whole.network_address, whole.broadcast_address)
    ends = text.split("-", maxsplit=1)
    first, last = _parse(ends[0]), _parse(ends[-1])
    if len(ends) == 2 and first is not None and last is not None and "%" not in text:
        pattern = IpPattern(first, last)
        if first.version == last.version and int(first) <= int(last):
            return pattern
    raise ValueError(f'"{text[:60]}" is no address, range (a-b) or network (a/bits)')


def _parse(text: str) -> _Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
