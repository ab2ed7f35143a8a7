"""Reads the words of servers' refusals: what they say, how long to wait, how many tokens fit."""

from __future__ import annotations

import re
import time
from email.utils import parsedate_to_datetime
from typing import Any, Final, cast

from hallucino_tui.assistant.redact import Redactor
from hallucino_tui.logs.text import shown

_MOST: Final = 240
_MOST_LOOKED_AT: Final = 20_000

_TOO_LONG: Final = (
    "context_length_exceeded",
    "exceed_context_size",
    "context size",
    "context length",
    "context window",
    "maximum context",
    "maximum model length",
    "too many tokens",
    "prompt is too long",
    "request too large",
    "input token count",
    "input tokens exceed",
    "string_above_max_length",
)

_N: Final = r"([\d,_]+)"
_FITS: Final = re.compile(
    "|".join(
        (
            rf"context size \({_N} tokens\)",  # llama.cpp
            rf"context (?:length|window) (?:is|of|only)[a-z ]*{_N}",  # OpenAI, vLLM
            rf"maximum model length of {_N}",  # vLLM
            rf"> {_N} maximum",  # Anthropic's address
            rf"tokens allowed \({_N}\)",  # Gemini's address
            rf"configured limit of {_N}",  # OpenAI
            rf"tpm\)?: limit {_N}",  # OpenAI, more at once than a minute allows
        )
    )
)


def said(body: object, key: str = "") -> str:
    """Return a server's words in one line, short, without control bytes and secrets.

    Args:
        body: What it sent as the error: an object, text, or nothing.
        key: The key that it was asked with, which need not look like one; "" for none.
    """
    first = words_of(body).strip().split("\n", 1)[0][:_MOST_LOOKED_AT]
    # Half a secret is one, too, so all of them go before the words are cut.
    words = Redactor().redact(first)
    if key:
        words = words.replace(key, "<key>")
    return shown(words)[:_MOST].rstrip(".") or "it does not say why"


def words_of(body: object) -> str:
    """Return all words of an error for the program to look at, without what the server repeats of the question."""
    if not isinstance(body, dict):
        return _plain(body)
    fields = cast("dict[str, Any]", body)
    inner = fields.get("error")
    if isinstance(inner, dict):
        return words_of(cast("object", inner))
    words = [fields.get(name) for name in ("message", "error", "title")]
    found = next((word for word in words if isinstance(word, str) and word), "") or _details(fields.get("detail"))
    codes = [str(fields[name]) for name in ("param", "code", "type") if isinstance(fields.get(name), str)]
    return f"{found}\n{' '.join(codes)}".strip() if found else " ".join(codes)


def _plain(body: object) -> str:
    # A page of a proxy says nothing that a sentence could hold.
    text = body if isinstance(body, str) else ""
    return "" if text.lstrip().startswith("<") else text


def _details(detail: object) -> str:
    """Return what FastAPI says of fields: it repeats the whole question beside it, which is left out."""
    if isinstance(detail, str):
        return detail
    found: list[str] = []
    for one in cast("list[Any]", detail) if isinstance(detail, list) else []:
        if isinstance(one, dict):
            fields = cast("dict[str, Any]", one)
            place = fields.get("loc")
            path = ".".join(map(str, cast("list[Any]", place))) if isinstance(place, list) else ""
            found.append(f"{path}: {fields.get('msg', '')}")
    return "; ".join(found)


def says_too_long(body: object) -> bool:
    """Whether a server says that a question does not fit."""
    words = words_of(body).lower()
    return any(mark in words for mark in _TOO_LONG)


def most_tokens_in(body: object) -> int:
    """Return how many tokens question and answer may have together, as a refusal says; 0 if it does not."""
    fields = cast("dict[str, Any]", body) if isinstance(body, dict) else {}
    context = fields.get("n_ctx")
    if isinstance(context, int) and context > 0:
        return context
    found = _FITS.search(words_of(cast("object", body)).lower())
    digits = next((group for group in found.groups() if group), "") if found else ""
    digits = digits.replace(",", "").replace("_", "")
    return int(digits) if digits.isdigit() and len(digits) < 10 else 0


def retry_after(response: Any) -> float | None:  # noqa: ANN401 - httpx2's class
    """Return how many seconds a server asks to wait, which it says in seconds or as a date; None if it does not."""
    headers = getattr(response, "headers", {})
    for name, unit in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            seconds = float(headers.get(name, "")) / unit
        except ValueError:
            continue
        if 0 <= seconds < float("inf"):
            return seconds
    return _seconds_until(headers.get("retry-after", ""), headers.get("date", ""))


def _seconds_until(date: str, now: str) -> float | None:
    """Return the seconds between two dates of one server: its clock may differ from this machine's."""
    then = _moment(date)
    if then is None:
        return None
    return max(0.0, then - (_moment(now) or time.time()))


def _moment(date: str) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None
