"""Requests for one container's log, and what comes back inside of a 200 that is no log line."""

from __future__ import annotations

import asyncio
import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import quote

from hallucino_tui.logs.moment import parse_prefix

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import aiohttp

_STALLED_SECONDS: Final = 30.0
"""How long an answer that is not followed may stand still; a frozen node would be waited for without end."""


class Slot(NamedTuple):
    """A container of a pod, whatever instance of it runs."""

    uid: str
    container: str


@dataclass(frozen=True, slots=True)
class Start:
    """Where a first reading begins.

    Attributes:
        tail: At most so many lines from the end; None for no such bound.
        since: Not before this time, whole seconds since the epoch; None for no such bound.
    """

    tail: int | None = 1000
    since: int | None = None


class Ending(enum.Enum):
    """How an answer ended."""

    CLEAN = enum.auto()
    CUT = enum.auto()
    STALE = enum.auto()
    TOO_MANY_FILES = enum.auto()
    SERVER_ERROR = enum.auto()


class Ended(NamedTuple):
    """The end of an answer.

    Attributes:
        ending: How.
        words: What the server said inside of the body, "" if nothing.
    """

    ending: Ending
    words: str = ""


_TOO_MANY: Final = "too many open files"


def log_path(namespace: str, pod: str) -> str:
    """Return the path of a pod's log."""
    return f"/api/v1/namespaces/{quote(namespace)}/pods/{quote(pod)}/log"


def pod_path(namespace: str, pod: str) -> str:
    """Return the path of a pod."""
    return f"/api/v1/namespaces/{quote(namespace)}/pods/{quote(pod)}"


def log_params(
    container: str,
    *,
    follow: bool = False,
    previous: bool = False,
    since_time: str | None = None,
    tail: int | None = None,
) -> dict[str, str]:
    """Return the query of a log request; timestamps are always asked for."""
    params = {"container": container, "timestamps": "true"}
    if follow:
        params["follow"] = "true"
    if previous:
        params["previous"] = "true"
    if since_time is not None:
        params["sinceTime"] = since_time
    if tail is not None:
        params["tailLines"] = str(tail)
    return params


async def chunks_of(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    """Return an answer that is not followed, as it comes.

    Raises:
        TimeoutError: It stands still.
        aiohttp.ClientError: It broke off.
    """
    while True:
        async with asyncio.timeout(_STALLED_SECONDS):
            chunk = await response.content.readany()
        if not chunk:
            return
        yield chunk


def server_words(last_line: bytes) -> str:
    """Return the words of the server at the end of a body, "" if the line is the container's."""
    if not last_line or parse_prefix(last_line)[1]:
        return ""
    return last_line.decode("utf-8", "replace")[:300]


def ending_of(words: str) -> Ended:
    """Return what words of the server at a clean end mean."""
    if not words:
        return Ended(Ending.CLEAN)
    return Ended(Ending.TOO_MANY_FILES if _TOO_MANY in words else Ending.SERVER_ERROR, words)
