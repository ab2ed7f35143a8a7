"""A thin client of the Kubernetes API: GET, raw streams, and one POST that asks what is allowed."""

from __future__ import annotations

import asyncio
import contextlib
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeVar

import aiohttp
import msgspec

from hallucino_tui import __version__
from hallucino_tui.sources.kubernetes.errors import ApiError, ClusterError, NotKubernetesError, UnreachableError
from hallucino_tui.sources.kubernetes.proxy import proxy_for

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping

    from hallucino_tui.sources.kubernetes.kubeconfig import Connection

    Params = Mapping[str, str]

T = TypeVar("T")

USER_AGENT: Final = f"hallucino/{__version__}"
_CONNECT_SECONDS: Final = 10.0
_ANSWER_SECONDS: Final = 60.0
_RENEW_BEFORE: Final = timedelta(seconds=60)
_LONGEST_ERROR: Final = 64 << 10
_PASSWORD: Final = re.compile(r"//[^/\s]*@")
"""The user and the password in an address, which no sentence shows."""


class _Details(msgspec.Struct, rename="camel"):
    name: str = ""
    kind: str = ""
    retry_after_seconds: float | None = None


class _Meta(msgspec.Struct, rename="camel"):
    continue_: str = msgspec.field(default="", name="continue")


class Status(msgspec.Struct):
    """The API server's way to say that something went wrong."""

    kind: str = ""
    message: str = ""
    reason: str = ""
    code: int = 0
    details: _Details | None = None
    metadata: _Meta | None = None


class Client:
    """Speaks to one API server. Belongs to the loop that it is used on."""

    def __init__(self, connection: Connection, renew: Callable[[], Awaitable[Connection]]) -> None:
        """Prepare; nothing is sent yet.

        Args:
            connection: Where and as whom.
            renew: Loads the credentials anew.
        """
        self.connection = connection
        self._renew = renew
        self._renewing = asyncio.Lock()
        self._generation = 0
        self._session = _session()

    async def close(self) -> None:
        """Close all connections."""
        await self._session.close()

    async def get(self, path: str, kind: type[T], params: Params | None = None, seconds: float | None = None) -> T:
        """GET a path and decode the JSON answer.

        Args:
            path: The path.
            kind: What the answer is.
            params: The query.
            seconds: How long the answer may take to begin, and again to come; a login is not counted.

        Raises:
            ClusterError: No answer, a refusal, or no JSON.
        """
        response = await self._send("GET", path, params, seconds=seconds)
        return await self._decode(response, kind, seconds)

    @contextlib.asynccontextmanager
    async def open(self, path: str, params: Params | None = None) -> AsyncGenerator[aiohttp.ClientResponse]:
        """GET a path and hand over the answer while it streams. Cancelling closes the socket.

        Raises:
            ClusterError: No answer, or a refusal. What happens while the body is read is the caller's.
        """
        response = await self._send("GET", path, params)
        try:
            yield response
        finally:
            _leave(response)

    async def review(self, verb: str, resource: str, namespace: str = "", subresource: str = "") -> bool:
        """Ask whether this user may do something (a self access review: the only POST of the program)."""
        group, _, plain = resource.rpartition("/")
        attributes = {
            "verb": verb,
            "resource": plain,
            "group": group,
            "namespace": namespace,
            "subresource": subresource,
        }
        body = {
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectAccessReview",
            "spec": {"resourceAttributes": {key: value for key, value in attributes.items() if value}},
        }
        path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
        response = await self._send("POST", path, None, msgspec.json.encode(body))
        return (await self._decode(response, _Review)).status.allowed

    async def _decode(self, response: aiohttp.ClientResponse, kind: type[T], seconds: float | None = None) -> T:
        """Read an answer to its end and decode it."""
        seconds = _ANSWER_SECONDS if seconds is None else seconds
        try:
            async with asyncio.timeout(seconds):
                body = await response.read()
        except (aiohttp.ClientError, OSError) as error:
            raise UnreachableError(self._no_answer(_why(error, seconds))) from error
        finally:
            _leave(response)
        try:
            return msgspec.json.decode(body, type=kind)
        except msgspec.DecodeError as error:
            raise NotKubernetesError(self._no_kubernetes("an answer that is not the expected JSON")) from error

    async def _send(
        self,
        method: str,
        path: str,
        params: Params | None,
        body: bytes | None = None,
        *,
        seconds: float | None = None,
    ) -> aiohttp.ClientResponse:
        seconds = _ANSWER_SECONDS if seconds is None else seconds
        await self._renew_if_expiring()
        generation = self._generation
        response = await self._send_once(method, path, params, body, seconds)
        if response.status == 401:
            response.close()
            await self._renew_once(generation)
            response = await self._send_once(method, path, params, body, seconds)
        if response.status >= 300:
            try:
                raise await self._refusal(response)
            finally:
                response.close()
        if "html" in response.headers.get("Content-Type", ""):
            response.close()
            raise NotKubernetesError(self._no_kubernetes("a web page"))
        return response

    async def _send_once(
        self, method: str, path: str, params: Params | None, body: bytes | None, seconds: float
    ) -> aiohttp.ClientResponse:
        connection = self.connection
        headers = list(connection.headers)
        if body is not None:
            headers.append(("Content-Type", "application/json"))
        tls: ssl.SSLContext | bool = connection.tls if connection.tls is not None else True
        try:
            # Only until the headers are there: a follow of a silent container has them at once and no byte for hours.
            async with asyncio.timeout(seconds):
                return await self._session.request(
                    method,
                    connection.server + path,
                    params=params,
                    data=body,
                    headers=headers,
                    ssl=tls,
                    server_hostname=connection.server_name if connection.tls is not None else None,
                    proxy=connection.proxy or proxy_for(connection.server),
                    allow_redirects=False,
                )
        except (aiohttp.ClientError, OSError, ValueError) as error:
            # The library's own text may hold the password of a proxy's address, so it is not carried along.
            raise UnreachableError(self._no_answer(_why(error, seconds))) from None

    async def _renew_if_expiring(self) -> None:
        expires = self.connection.expires
        if not expires:
            return
        with contextlib.suppress(ValueError):
            end = datetime.fromisoformat(expires)
            if datetime.now(UTC) > (end if end.tzinfo else end.replace(tzinfo=UTC)) - _RENEW_BEFORE:
                await self._renew_once(self._generation)

    async def _renew_once(self, generation: int) -> None:
        """Load the credentials anew, unless somebody else did since `generation`."""
        async with self._renewing:
            if generation == self._generation:
                self.connection = await self._renew()
                self._generation += 1

    async def _refusal(self, response: aiohttp.ClientResponse) -> ApiError | NotKubernetesError:
        body = await _error_body(response)
        if "html" in response.headers.get("Content-Type", ""):
            if response.status < 500:
                return NotKubernetesError(self._no_kubernetes(f"a web page with status {response.status}"))
            body = b""  # the page of a proxy whose server is down
        retry_after = _seconds(response.headers.get("Retry-After"))
        try:
            status = msgspec.json.decode(body, type=Status)
        except msgspec.DecodeError:
            text = body.decode("utf-8", "replace").strip().partition("\n")[0][:200]
            return ApiError(response.status, text or (response.reason or ""), retry_after=retry_after)
        return api_error(status, response.status, retry_after)

    def _no_answer(self, why: str) -> str:
        where = self.connection.server
        text = f"The cluster at {where} cannot be reached: {why}; check the network, a VPN, or choose another context."
        return _PASSWORD.sub("//", text)

    def _no_kubernetes(self, what: str) -> str:
        where = _PASSWORD.sub("//", self.connection.server)
        return f"{where} gives {what}, so it is no Kubernetes API: check the server in the kubeconfig."


class _ReviewStatus(msgspec.Struct):
    allowed: bool = False


class _Review(msgspec.Struct):
    status: _ReviewStatus


def api_error(status: Status, code: int = 0, retry_after: float | None = None) -> ApiError:
    """Return the error that a Status object speaks of."""
    details = status.details or _Details()
    return ApiError(
        status.code or code,
        status.message or status.reason,
        reason=status.reason,
        kind=details.kind,
        name=details.name,
        retry_after=retry_after if retry_after is not None else details.retry_after_seconds,
        continue_token=status.metadata.continue_ if status.metadata else "",
    )


def is_lasting(error: ClusterError) -> bool:
    """Whether trying again soon is pointless: the user has to do something first."""
    return isinstance(error, ApiError) and error.status in {401, 403}


def _session() -> aiohttp.ClientSession:
    # No limit on connections: a follow holds one for hours, and who is number 101 would wait in silence.
    # No total time limit for the same reason. HTTP/1.1 is all that this library speaks, and what follows want.
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_SECONDS, sock_read=None)
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, ttl_dns_cache=30),
        timeout=timeout,
        headers={"User-Agent": USER_AGENT, "Accept": "application/json, */*"},
        trust_env=False,  # a netrc file's password would take the place of the token; proxies are looked up here
        read_bufsize=1 << 18,
        # A watch event may be longer than any line that the library would want to see.
        max_line_size=1 << 16,
        max_field_size=1 << 16,
    )


async def _error_body(response: aiohttp.ClientResponse) -> bytes:
    """Return what comes of a refusal's body; it is one without it, too."""
    body = b""
    with contextlib.suppress(aiohttp.ClientError, OSError):
        async with asyncio.timeout(_ANSWER_SECONDS):
            while len(body) < _LONGEST_ERROR and (chunk := await response.content.readany()):
                body += chunk
    return body


def _seconds(header: str | None) -> float | None:
    try:
        return None if header is None else max(0.0, float(header))
    except ValueError:
        return None


def _leave(response: aiohttp.ClientResponse) -> None:
    """Be done with an answer, at once: a stream that is left must not be read to its end first.

    Nor is the server asked to end the encryption in due form: the program may be over before it answers.
    """
    connection = response.connection
    if connection is not None and connection.transport is not None:
        connection.transport.abort()
    response.close()


def _why(error: Exception, seconds: float) -> str:
    """Return the cause of a failed connection in few words.

    Args:
        error: What the library raised.
        seconds: How long an answer was waited for.
    """
    said = str(error) or type(error).__name__
    if isinstance(error, aiohttp.InvalidURL):
        said = "the address of the server, or of its proxy, is not valid"
    elif isinstance(error, aiohttp.ClientConnectorCertificateError):
        reason: Any = getattr(error.certificate_error, "verify_message", "") or str(error.certificate_error)
        said = f"its certificate is not trusted ({reason})"
    elif isinstance(error, aiohttp.ServerTimeoutError):
        said = f"no connection within {_CONNECT_SECONDS:.0f} s"
    elif isinstance(error, TimeoutError):
        said = f"no answer within {seconds:.0f} s"
    elif isinstance(error, aiohttp.ClientConnectorDNSError):
        said = f"the name {error.host} is not known"
    elif isinstance(error, aiohttp.ClientConnectorError):
        said = error.strerror or str(error.os_error)
    return said
