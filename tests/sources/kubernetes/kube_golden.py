"""Recorded answers of a real server: as they came over the wire, or their bodies taken out."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "golden" / "k8s"


def raw(name: str) -> bytes:
    """The whole answer, head and all."""
    return (FOLDER / f"{name}.http").read_bytes()


def body(name: str) -> bytes:
    """The body, with its chunks joined; a recording may end in the middle."""
    head, _, rest = raw(name).partition(b"\r\n\r\n")
    found = rest
    if b"chunked" in head.lower():
        found = b""
        while rest:
            size, _, rest = rest.partition(b"\r\n")
            found += rest[: int(size, 16)]
            rest = rest[int(size, 16) + 2 :]
    return gzip.decompress(found) if b"content-encoding: gzip" in head.lower() else found


def items(name: str) -> list[Any]:
    """The objects of a recorded list."""
    return json.loads(body(name))["items"]


def events(name: str) -> list[tuple[str, Any]]:
    """Type and object of each event of a recorded watch."""
    return [(event["type"], event["object"]) for event in map(json.loads, body(name).splitlines())]
