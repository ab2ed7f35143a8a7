"""Reading backwards: lines before the first one that is known, and the run before the current one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import aiohttp

from hallucino_tui.logs.lines import LineCutter
from hallucino_tui.logs.moment import parse_prefix
from hallucino_tui.sources.kubernetes.errors import UnreachableError
from hallucino_tui.sources.kubernetes.log_request import chunks_of, log_params, log_path, server_words

if TYPE_CHECKING:
    from hallucino_tui.session.inventory import Pod
    from hallucino_tui.sources.kubernetes.client import Client
    from hallucino_tui.sources.kubernetes.resume import Position

OLDER_LINES: Final = 1000
_TRIES: Final = 3
_PIECE: Final = 16_000
"""A little less than what a node keeps together of a line."""


async def read_older(client: Client, pod: Pod, container: str, position: Position) -> bytes:
    r"""Read lines before the first one that is known.

    The API can only count lines from the end. The answer begins with what is wanted, so it is left as soon as the first
    known line comes.

    Args:
        client: Speaks to the API server.
        pod: The pod.
        container: The container's name.
        position: What is known of the current instance's log.

    Returns:
        Whole lines with their prefixes, the oldest first; b"" if the log begins with the first known line, or if that
        line is no longer there.

    Raises:
        ClusterError: The log cannot be read.
    """
    if position.first is None:
        return b""
    more, began = OLDER_LINES, b""
    for _ in range(_TRIES):
        lines, older = await _before(client, pod, container, position.first, position.count + more)
        begins = lines[: lines.find(b"\n")]
        if older or begins == began:
            return older
        began = begins
        more *= 4  # so much was written meanwhile, or long lines count as several, or there is nothing older
    return b""


async def read_previous(client: Client, pod: Pod, container: str) -> tuple[bytes, str]:
    """Read the last lines of the run before the current one.

    Returns:
        Whole lines with their prefixes, and words of the server that came instead of lines ("" if none).

    Raises:
        ClusterError: There is no such run, or its log cannot be read.
    """
    params = log_params(container, previous=True, tail=OLDER_LINES)
    try:
        async with client.open(log_path(pod.namespace, pod.name), params) as response:
            body = b"".join([chunk async for chunk in chunks_of(response)])
    except (aiohttp.ClientError, OSError) as error:
        raise UnreachableError("The log of the run before broke off: try again.") from error
    cut = body.rfind(b"\n") + 1
    lines, rest = body[:cut], body[cut:]
    words = server_words(rest)
    return (lines + rest + b"\n" if rest and not words else lines), words


async def _before(client: Client, pod: Pod, container: str, first: bytes, tail: int) -> tuple[bytes, bytes]:
    """Return what came of the last `tail` lines, and what of it stands before a line."""
    cutter = LineCutter()
    lines = b""
    wanted = b"\n" + first + b"\n"
    try:
        async with client.open(log_path(pod.namespace, pod.name), log_params(container, tail=tail)) as response:
            async for chunk in chunks_of(response):
                lines += cutter.feed(chunk)
                if (found := (b"\n" + lines).find(wanted)) >= 0:
                    return lines, lines[:found]
    except (aiohttp.ClientError, OSError) as error:
        raise UnreachableError("The reading of older lines broke off: try again.") from error
    return lines, _before_rest(lines, first)


def _before_rest(lines: bytes, first: bytes) -> bytes:
    """Return what stands before a line that is only the rest of a longer one; b"" if there is no such line.

    A node keeps a long line in pieces, each with a time of its own, and an answer that was to have only so many may
    begin with one of the later pieces.
    """
    time, width = parse_prefix(first)
    rest = first[width:] + b"\n"
    end = lines.find(rest)
    while end >= 0 and len(rest) > 1:
        start = lines.rfind(b"\n", 0, end) + 1
        begun, prefix = parse_prefix(lines[start:end])
        if prefix and begun <= time and end - start - prefix >= _PIECE:
            return lines[:end] + b"\n"
        end = lines.find(rest, end + 1)
    return b""
