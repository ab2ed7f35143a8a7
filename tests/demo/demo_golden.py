"""Answers of a real Kubernetes API, taken apart so that ours can be laid beside them."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "golden" / "k8s"

PATHS = {
    columns[0]: columns[2]
    for columns in (line.split("\t") for line in (FOLDER / "INDEX.tsv").read_text().splitlines()[1:])
}
"""The address of every recorded call."""

_OURS_TO_CHOOSE = {"managedFields", "annotations", "fieldsV1"}
"""Left out when shapes are compared: records of who wrote what, and remarks of the tools that made the objects."""


@dataclass(frozen=True)
class Golden:
    """A recorded answer; `chunked` tells how its end was marked, `final` whether the end is in the recording."""

    status: int
    headers: dict[str, str]
    body: bytes
    chunks: list[bytes]
    chunked: bool
    final: bool

    def json(self) -> Any:
        return json.loads(self.body)

    def frames(self) -> list[Any]:
        return [json.loads(line) for line in self.body.splitlines()]


def load(name: str) -> Golden:
    raw = (FOLDER / f"{name}.http").read_bytes()
    head, _, body = raw.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    headers = {key.lower(): value for key, _, value in (line.partition(": ") for line in lines[1:])}
    chunked = headers.get("transfer-encoding") == "chunked"
    chunks: list[bytes] = []
    final = True
    if chunked:
        final = False
        while body:
            size_text, _, rest = body.partition(b"\r\n")
            size = int(size_text, 16)
            if size == 0:
                final = True
                break
            chunks.append(rest[:size])
            body = rest[size + 2 :]
        body = b"".join(chunks)
    if headers.get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    return Golden(int(lines[0].split(" ")[1]), headers, body, chunks, chunked, final)


def shape(value: Any) -> Any:
    """Return names and types without values; of a list the shape of its first entry stands for all."""
    if isinstance(value, dict):
        return {key: shape(entry) for key, entry in value.items() if key not in _OURS_TO_CHOOSE}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


def missing(golden: Any, ours: Any, where: str = "") -> list[str]:
    """Return what the recorded shape has and ours has not, or has of another type."""
    if isinstance(golden, dict) and isinstance(ours, dict):
        return [
            problem
            for key, entry in golden.items()
            for problem in (missing(entry, ours[key], f"{where}.{key}") if key in ours else [f"{where}.{key}"])
        ]
    if isinstance(golden, list) and isinstance(ours, list):
        return missing(golden[0], ours[0], f"{where}[]") if golden and ours else []
    return [] if type(golden) is type(ours) and (isinstance(golden, dict | list) or golden == ours) else [where]
