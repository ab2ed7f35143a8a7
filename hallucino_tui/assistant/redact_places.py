"""Secrets that are known by what they stand in: keys, addresses, headers, signatures."""

from __future__ import annotations

import re
from typing import Final

from hallucino_tui.assistant.redact_rules import Rule, by_place

BEGIN: Final = r"-{4,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}"
END: Final = r"-{4,5} ?END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}"
PRIVATE_KEY_GATE: Final = "private key"

_COLON: Final = r"\\*[\"']?\s*(?:=>|[:=])\s*\[?\s*\\*[\"']?"
_SCHEMES: Final = r"(?:bearer|basic|token|negotiate|ntlm|api-?key|key|bot|ssws|splunk|geniekey)"
# Schemes with named parts: Digest username="...", response="..."
_IN_PARTS: Final = r"(?:digest|aws4-hmac-sha\d{3}|oauth|signature|hawk|mac)\s+"
_PARTS: Final = r"(?:[\w-]+=(?:\\*\"[^\"]*\"|[^\s,\"']*)(?:,\s*)?)+"
_HAS_DIGIT: Final = r"(?=[^\s\"',;\\<]{0,100}[0-9])"

KEYS: Final = Rule(
    "private-key",
    (PRIVATE_KEY_GATE,),
    # Also the rest of a key whose beginning is in a piece before this one.
    re.compile(
        rf"{BEGIN}(?P<secret>.*?)(?:{END}|\Z)|\A(?P<bare>[A-Za-z0-9+/=\s\\]{{16,}}+)(?={END})", re.ASCII | re.DOTALL
    ),
)

PLACES: Final[tuple[Rule, ...]] = (
    # A password may hold an @ itself: the last one before the path, a space or a quote ends it. A port is none.
    by_place(
        "url-password",
        "://",
        # An image by its digest has no user, and by its tag no password.
        r"://(?:[^\s/:@\"'\[<]{0,200}:(?!\d{1,5}[/?#]|//)(?P<secret>[^\s\"']{1,300}?)|(?P<bare>(?=[^@\s]{0,200}[0-9])[\w-]{20,200}))"
        r"@(?!sha256:)(?![^\s/@\"']{0,500}@)"
        r"|(?<!docker)(?<!pullable)(?<!oci)(?<!containerd)"
        r"://[^\s/:@\"'\[<]{0,200}:(?!\d{1,5}(?![\w-]))(?P<double>(?=[a-z]{0,300}[^a-z]|.{12})[^\s/@\"']{8,300})\Z",
    ),
    by_place(
        "url-password",
        "%2f%2f",
        r"%(?:25)*3A%(?:25)*2F%(?:25)*2F[^\s%]{0,100}%(?:25)*3A(?P<secret>[^\s&\"']{1,300}?)%(?:25)*40",
    ),
    by_place(
        "authorization",
        "authorization",
        rf"authorization{_COLON}(?:{_IN_PARTS}(?P<secret>{_PARTS})"
        rf"|(?:{_SCHEMES}\s+(?P<double>[^\s\"',;\\]{{4,}})|{_HAS_DIGIT}(?P<bare>[^\s\"',;\\]{{8,}})))",
    ),
    by_place("bearer", "bearer", r"\bbearer\s+(?P<secret>(?=[\w.~+/=-]{0,100}[0-9]|[\w.~+/=-]{24})[\w.~+/=-]{8,})"),
    by_place(
        "basic",
        "basic",
        r"\bbasic\s+(?P<secret>(?=[a-z0-9+/]{0,100}[0-9=]|[a-z0-9+/]{24})[a-z0-9+/]{12,}={0,2})(?![\w-])",
    ),
    by_place(
        "cookie",
        "cookie",
        rf"\b(?:set-)?cookie{_COLON}(?P<secret>[^\s\"';=,\\]+=[^\s\"';\\]*(?:;\s*[^\s\"';\\]+)*|{_HAS_DIGIT}[\w+/=-]{{16,}})",
    ),
    by_place("docker-auth", "auth", r"\"auth\\*\"\s*:\s*\\*\"(?P<secret>[a-z0-9+/=_-]{8,})"),
    by_place(
        "azure-key",
        "accountkey sharedaccesskey sharedaccesssignature sig=",
        r"(?:account|sharedaccess)key\s*=\s*(?P<secret>[a-z0-9+/=%]{8,})|[?&;\s]sig=(?P<bare>[\w%+/=-]{8,})",
    ),
    by_place(
        "signature",
        "signature= signature%3d",
        r"(?:x-(?:amz|goog|oss)-|[?&,\s])signature(?:=|%3D)(?P<secret>[\w%+/=-]{16,})",
    ),
)
"""In the order in which they are applied."""
