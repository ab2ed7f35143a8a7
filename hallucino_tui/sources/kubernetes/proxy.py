"""The proxy that the environment names for a cluster, as Go programs see it, and so kubectl."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

if TYPE_CHECKING:
    from collections.abc import Iterable

_THIS_MACHINE = ("127.0.0.0/8", "::1/128")


def proxy_for(server: str) -> str | None:
    """Return the address of the proxy for a server; None for none.

    Clusters on this machine are asked directly, and ``NO_PROXY`` may name networks: Python's own lookup knows neither.
    """
    parts = urlsplit(server)
    host = parts.hostname or ""
    proxies = getproxies()
    if host == "localhost" or _is_inside(host, (*_THIS_MACHINE, *proxies.get("no", "").split(","))):
        return None
    proxy = proxies.get(parts.scheme)
    if not proxy or proxy_bypass(host):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _is_inside(host: str, networks: Iterable[str]) -> bool:
    """Whether a host is an address inside of one of some networks; what is no network is passed over."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    for text in networks:
        try:
            if address in ipaddress.ip_network(text.strip(), strict=False):
                return True
        except ValueError:
            continue
    return False
