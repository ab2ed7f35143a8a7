"""Makes the client library's client, so that it sends what is meant to be sent and nothing else."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

from hallucino_tui import __version__

if TYPE_CHECKING:
    from hallucino_tui.models.endpoint import Endpoint

_CONNECT_SECONDS: Final = 5.0
NO_KEY: Final = "none"
"""What servers get that want no key: the library insists on one."""

NEEDED_HEADERS: Final = frozenset(
    {
        "accept",
        "accept-encoding",
        "api-key",
        "authorization",
        "connection",
        "content-length",
        "content-type",
        "host",
        "user-agent",
    }
)
"""The only headers that go to a server that is not OpenAI's and that the environment does not name."""


def make_client(endpoint: Endpoint) -> Any:  # noqa: ANN401 - openai's class, which is not imported at the top
    """Import the library and return a client for a server. Takes half a second the first time: call it in a thread."""
    openai: Any = importlib.import_module("openai")
    timeout = openai.Timeout(endpoint.patience, connect=min(_CONNECT_SECONDS, endpoint.patience))
    headers = {"User-Agent": f"hallucino/{__version__}"}
    if not _has_own_headers(endpoint):
        # Else the environment's headers may hold one for another server.
        headers["Authorization"] = f"Bearer {endpoint.key or NO_KEY}"
    common = {
        # Retries of its own would be silent.
        "max_retries": 0,
        "timeout": timeout,
        "default_headers": headers,
        "http_client": openai.DefaultAsyncHttpxClient(
            timeout=timeout,
            # A redirect would take the lines to a host that nobody agreed to.
            follow_redirects=False,
            # So would a proxy of the environment, if what is meant for this machine went there.
            trust_env=not endpoint.is_here,
            event_hooks={"request": [_header_filter(endpoint)]},
        ),
    }
    if endpoint.kind == "azure":
        return openai.AsyncAzureOpenAI(
            azure_endpoint=endpoint.base_url, api_key=endpoint.key, api_version=endpoint.api_version, **common
        )
    return openai.AsyncOpenAI(base_url=endpoint.base_url, api_key=endpoint.key or NO_KEY, **common)


def _has_own_headers(endpoint: Endpoint) -> bool:
    return endpoint.is_openai or endpoint.is_in_environment


def _header_filter(endpoint: Endpoint) -> Any:  # noqa: ANN401 - httpx2's type for it is not public
    """Return a hook that takes away what the library tells of this machine, and what is meant for other servers.

    The library adds the operating system, the architecture and the interpreter, and the environment's organisation,
    project and headers of its own to every request, wherever it goes.
    """
    takes_all = _has_own_headers(endpoint)

    async def keep_needed(request: Any) -> None:  # noqa: ANN401 - the hook's shape
        for name in list(request.headers):
            lower = name.lower()
            if lower.startswith("x-stainless-") or (not takes_all and lower not in NEEDED_HEADERS):
                del request.headers[name]

    return keep_needed
