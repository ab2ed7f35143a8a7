"""Just enough protocol buffers to read the questions that ``kubectl auth`` asks in that form."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hallucino_tui.demo.encoding import JsonObject

MAGIC = b"k8s\0"
"""What every Kubernetes object in this form begins with."""

_RESOURCE_FIELDS = {1: "namespace", 2: "verb", 3: "group", 4: "version", 5: "resource", 6: "subresource", 7: "name"}
_PATH_FIELDS = {1: "path", 2: "verb"}


def read_review_spec(body: bytes) -> JsonObject:
    """Return the specification of a review of one's own rights as JSON would carry it.

    Args:
        body: A SelfSubjectAccessReview, SelfSubjectRulesReview or SelfSubjectReview with its envelope.

    Raises:
        ValueError: It is none.
    """
    if not body.startswith(MAGIC):
        raise ValueError("not a Kubernetes object")
    raw = _fields(body[len(MAGIC) :]).get(2, b"")
    envelope = _fields(_fields(body[len(MAGIC) :]).get(1, b""))
    spec = _fields(_fields(raw).get(2, b""))
    if envelope.get(2) != b"SelfSubjectAccessReview":
        return {"namespace": spec[1].decode()} if 1 in spec else {}
    if 1 in spec:
        return {"resourceAttributes": _named(spec[1], _RESOURCE_FIELDS)}
    return {"nonResourceAttributes": _named(spec[2], _PATH_FIELDS)} if 2 in spec else {}


def _named(message: bytes, names: dict[int, str]) -> JsonObject:
    found = _fields(message)
    return {name: found[number].decode() for number, name in names.items() if found.get(number)}


def _fields(message: bytes) -> dict[int, bytes]:
    """Return the fields of a message that hold bytes; numbers are skipped."""
    found: dict[int, bytes] = {}
    position = 0
    while position < len(message):
        key, position = _number(message, position)
        wire_type = key & 7
        if wire_type == 2:
            length, position = _number(message, position)
            if position + length > len(message):
                raise ValueError("a field is cut off")
            found[key >> 3] = message[position : position + length]
            position += length
        elif wire_type == 0:
            _, position = _number(message, position)
        elif wire_type in {1, 5}:
            position += 8 if wire_type == 1 else 4
        else:
            raise ValueError(f"unknown wire type {wire_type}")
    return found


def _number(message: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while position < len(message):
        byte = message[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return value, position
        shift += 7
    raise ValueError("a number is cut off")
