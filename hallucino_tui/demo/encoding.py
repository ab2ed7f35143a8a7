"""JSON as the real server writes it, and what a client's headers ask for."""

from __future__ import annotations

import enum
import json
import re
from dataclasses import dataclass
from typing import Any

import msgspec

JsonObject = dict[str, Any]
"""An API object or a part of one, as decoded JSON."""

_ENCODER = msgspec.json.Encoder()
_PRETTY_AGENTS = ("curl", "Wget", "Mozilla/5.0")


class Form(enum.Enum):
    """In which form a client wants objects."""

    PLAIN = "plain"
    TABLE = "table"
    METADATA = "metadata"
    DISCOVERY = "discovery"


@dataclass(frozen=True, slots=True)
class Representation:
    """The form of an answer and the version of that form (``v1``, ``v1beta1``, ``v2``); plain has none."""

    form: Form = Form.PLAIN
    version: str = ""


def encode(value: object) -> bytes:
    """Return compact JSON with ``<``, ``>``, ``&`` and the two Unicode line ends escaped, as Go writes it."""
    text = _ENCODER.encode(value)
    if b"<" in text or b">" in text or b"&" in text:
        text = text.replace(b"<", b"\\u003c").replace(b">", b"\\u003e").replace(b"&", b"\\u0026")
    if b"\xe2\x80" in text:
        text = text.replace(b"\xe2\x80\xa8", b"\\u2028").replace(b"\xe2\x80\xa9", b"\\u2029")
    return text


def pretty(body: bytes) -> bytes:
    """Return JSON text indented by two spaces, without a newline at its end."""
    return msgspec.json.format(body.rstrip(b"\n"), indent=2)


def quote(text: str) -> str:
    """Return `text` in double quotes the way Go's ``%q`` does, for messages."""
    return json.dumps(text, ensure_ascii=False)


def wants_pretty(user_agent: str, parameter: str | None) -> bool:
    """Tell whether an answer is to be indented: asked for by ``pretty=``, or for people's own agents."""
    if parameter is not None:
        return parameter not in {"0", "false"}
    return user_agent.startswith(_PRETTY_AGENTS)


def negotiate(accept: str) -> Representation | None:
    """Choose the form of an answer from an ``Accept`` header.

    Args:
        accept: The header, "" where there was none.

    Returns:
        The first form in the header that this server can give, or None if it can give none of them.
    """
    for wanted in accept.split(",") if accept else ["*/*"]:
        media_type, *parameters = (part.strip() for part in wanted.split(";"))
        if media_type not in {"application/json", "application/*", "*/*"}:
            continue
        pairs = {name: value for name, _, value in (parameter.partition("=") for parameter in parameters)}
        chosen = _form(pairs)
        if chosen is not None:
            return chosen
    return None


def _form(parameters: dict[str, str]) -> Representation | None:
    kind, group, version = parameters.get("as", ""), parameters.get("g", ""), parameters.get("v", "")
    if not kind:
        return Representation()
    if kind == "Table" and group == "meta.k8s.io" and version in {"v1", "v1beta1"}:
        return Representation(Form.TABLE, version)
    if kind.startswith("PartialObjectMetadata") and group == "meta.k8s.io" and version in {"v1", "v1beta1"}:
        return Representation(Form.METADATA, version)
    if kind == "APIGroupDiscoveryList" and group == "apidiscovery.k8s.io" and version == "v2":
        return Representation(Form.DISCOVERY, version)
    return None


def accepts_gzip(header: str) -> bool:
    """Tell whether an ``Accept-Encoding`` header allows gzip."""
    return re.search(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))", header) is not None
