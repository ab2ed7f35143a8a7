"""What is no secret and may still not be for others: e-mail addresses, IP addresses, names of hosts."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.redact_rules import by_place

if TYPE_CHECKING:
    from hallucino_tui.assistant.redact_rules import Rule

_UNITS: Final = r"(?:service|socket|timer|mount|target|slice|scope|device|path|swap|automount)"
_DOMAINS: Final = (
    r"(?:com|net|org|io|dev|app|cloud|local|localdomain|internal|lan|corp|intra|home|arpa|edu|gov|mil|info|biz|ai|co|me|tv"
    r"|svc|cluster|consul|test|example|tech|xyz|online|site|systems|host|us|uk|de|fr|nl|ch|at|be|it|es|pt|pl|cz|se|no|fi|dk"
    r"|ie|ru|ua|cn|jp|kr|tw|hk|sg|in|au|nz|ca|br|mx|za|eu)"
)


def _is_address(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return not (address.is_loopback or address.is_unspecified)


EMAILS: Final[tuple[Rule, ...]] = (
    by_place(
        "email",
        "@",
        # Neither git@github.com:org/repo nor getty@tty1.service nor a user in a URL.
        r"(?<![\w.+%/:-])(?!git@)(?P<secret>[\w.+%-]{1,64}+@(?:[a-z0-9-]{1,63}\.){1,8}"
        rf"(?!{_UNITS}\b)[a-z]{{2,24}})(?![\w-]|\.[a-z0-9])",
    ),
)
ADDRESSES: Final[tuple[Rule, ...]] = (
    by_place("ip", ".", r"(?<![\w.])(?P<secret>(?:\d{1,3}\.){3}\d{1,3})(?![\w-]|\.\d)", is_real=_is_address),
    by_place("ip", ":", r"(?<![\w:.])(?P<secret>(?:[0-9a-f]{0,4}:){2,7}[0-9a-f.]{0,15})(?![\w:])", is_real=_is_address),
)
HOSTS: Final[tuple[Rule, ...]] = (
    # The user of a URL, in front of the host; the password between them is replaced by now.
    by_place("user", "://", r"://(?!git[:@])(?P<secret>[^\s/:@\"'<>\[\]]{1,200})(?=(?::[^\s/@\"']{0,300})?@)"),
    by_place(
        "host",
        ".",
        # Not a Java package, which begins as a domain ends.
        r"(?<![\w.@/-])(?!(?:com|net|org|io|java|javax|sun|edu|de|uk)\.)(?P<secret>(?:[a-z0-9_](?:[\w-]{0,62})\.){1,10}"
        rf"{_DOMAINS})(?![\w(-]|\.\w)",
    ),
    by_place(
        "host",
        "// @",
        r"(?:://(?:[^\s/@\"']{0,300}@|(?![^\s/@\"']{0,300}@))|(?<=[\w>])@)(?!\d{1,3}(?:\.\d{1,3}){3}(?![\w-]))"
        r"(?P<secret>(?=[^\s/:]{0,200}[a-z])[a-z0-9][\w.-]{0,250}\w)(?=[:/\s\"'?#,;)\]}]|\.?\Z)",
    ),
)
