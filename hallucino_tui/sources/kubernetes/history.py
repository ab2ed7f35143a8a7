"""Reading backwards: lines before the first one that is known, and the run before the current one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import aiohttp

from hallucino_tui.logs.lines import LineCutter
from hallucino_tui.sources.kubernetes.errors import UnreachableError
from hallucino_tui.sources.kubernetes.log_request import log_params, log_path, server_words

if TYPE_CHECKING:
    from hallucino_tui.session.inventory import Pod
    from hallucino_tui.sources.kubernetes.client import Client
    from hallucino_tui.sources.kubernetes.resume import Position

OLDER_LINES: Final = 1000
_TRIES: Final = 3


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
    more = OLDER_LINES
    for _ in range(_TRIES):
        older = await _before(client, pod, container, position.first, position.count + more)
        if older is None:
            return b""
        if older:
            return older
        more *= 4  # the container has written that much meanwhile, or there is nothing older
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
            body = await response.read()
    except (aiohttp.ClientError, OSError) as error:
        raise UnreachableError("The log of the run before broke off: try again.") from error
    cut = body.rfind(b"\n") + 1
    lines, rest = body[:cut], body[cut:]
    words = server_words(rest)
    return (lines + rest + b"\n" if rest and not words else lines), words


async def _before(client: Client, pod: Pod, container: str, first: bytes, tail: int) -> bytes | None:
    """Return the lines in front of a line among the last `tail` ones; None if that line is not among them."""
    cutter = LineCutter()
    lines = b""
    wanted = b"\n" + first + b"\n"
    try:
        async with client.open(log_path(pod.namespace, pod.name), log_params(container, tail=tail)) as response:
            while chunk := await response.content.readany():
                lines += cutter.feed(chunk)
                if (found := (b"\n" + lines).find(wanted)) >= 0:
                    return lines[:found]
    except (aiohttp.ClientError, OSError) as error:
        raise UnreachableError("The reading of older lines broke off: try again.") from error
    return None
