"""The server: one entry for every request, from the token to the answer."""

from __future__ import annotations

import asyncio
import hmac
from typing import TYPE_CHECKING, Any

import msgspec
from aiohttp import ClientConnectionResetError, hdrs, web

from hallucino_tui.demo.answers import error_answer, headers_of, json_answer, send_parts
from hallucino_tui.demo.discovery import Discovery
from hallucino_tui.demo.encoding import Form, JsonObject, Representation, negotiate
from hallucino_tui.demo.list_handler import ListHandler
from hallucino_tui.demo.listener import Listener
from hallucino_tui.demo.protobuf import MAGIC, read_review_spec
from hallucino_tui.demo.resources import ACCESS_REVIEWS, PODS, REVIEWS, RULES_REVIEWS
from hallucino_tui.demo.routing import Target, parse_target
from hallucino_tui.demo.status_errors import (
    ApiError,
    forbidden,
    forbidden_path,
    gateway_timeout,
    internal_error,
    no_such_path,
    not_acceptable,
    too_many_requests,
    unauthorized,
    unsupported_media_type,
)
from hallucino_tui.demo.streaming import Streaming
from hallucino_tui.demo.streams import WatchStream

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from hallucino_tui.demo.faults import Faults
    from hallucino_tui.demo.world import World

_HTML = b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>Please sign in to continue.</body></html>\n"


class ApiServer:
    """Serves a world over HTTPS on 127.0.0.1.

    Attributes:
        token: The token that every request has to carry.
        port: The port, once it has started.
        requests: Number of requests so far.
    """

    def __init__(self, world: World, faults: Faults, token: str, clock: Callable[[], int]) -> None:
        self.token = token
        self.port = 0
        self.requests = 0
        self._faults = faults
        self._lists = ListHandler(world.state, clock)
        self._streaming = Streaming(world, faults, clock)
        self._runner: web.AppRunner | None = None
        self._listener: Listener | None = None

    async def start(self, port: int, context: ssl.SSLContext) -> None:
        """Listen.

        Args:
            port: The port, 0 for a free one.
            context: Certificate and key.

        Raises:
            OSError: The port is taken.
        """
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._handle)
        app.on_response_prepare.append(_drop_server_header)
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=1.0)
        await self._runner.setup()
        server = self._runner.server
        if server is None:
            raise RuntimeError("the runner was set up without a server")
        self._listener = Listener(server, context)
        self.port = self._listener.start(port)

    async def stop(self) -> None:
        """End all streams, close all connections and listen no longer."""
        self._faults.streams.end_all()
        if self._listener is not None:
            await self._listener.stop()
        if self._runner is not None:
            server = self._runner.server
            connections = [connection.transport for connection in server.connections] if server else []
            await self._runner.cleanup()
            for transport in connections:
                if transport is not None:
                    transport.abort()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self.requests += 1
        target = parse_target(request.method, request.path, request.query)
        is_log = target is not None and target.sub == "log"
        try:
            if delay := self._faults.take_delay(request.raw_path):
                await asyncio.sleep(delay)
            spoiled = await self._spoil(request, target)
            if spoiled is not None:
                return spoiled
            self._check_token(request)
            if target is not None and not self._faults.access.allows(target):
                raise self._forbidden(target)
            return await self._answer(request, target)
        except ApiError as error:
            return error_answer(request, error, flow=not is_log and error.code != 401)
        except ClientConnectionResetError:
            return web.Response()  # the client left in the middle of its answer; this one reaches nobody

    def _check_token(self, request: web.Request) -> None:
        given = request.headers.get(hdrs.AUTHORIZATION, "").encode(errors="surrogateescape")
        if not hmac.compare_digest(given, f"Bearer {self.token}".encode()):
            raise unauthorized()

    def _forbidden(self, target: Target) -> ApiError:
        user = self._faults.access.user
        return forbidden(target.resource, target.sub, target.verb, target.rights_namespace, target.name, user)

    async def _spoil(self, request: web.Request, target: Target | None) -> web.StreamResponse | None:
        """Answer by a planned error, if there is one for this request."""
        planned = self._faults.take_answer(request.raw_path)
        if planned is None:
            return None
        kind, retry_after = planned
        if kind == "reset" and request.transport is not None:
            request.transport.abort()
        if kind == "html":
            return web.Response(body=_HTML, headers=headers_of("text/html; charset=utf-8"))
        if kind == "410" and target is not None and target.verb == "watch":
            stream = WatchStream(target.resource, target.namespace)
            stream.expired = True
            return await self._streaming.watch(request, target, Representation(), stream)
        raise self._planned_error(kind, request, target, retry_after)

    def _planned_error(self, kind: str, request: web.Request, target: Target | None, retry_after: int) -> ApiError:
        if kind == "403":
            user = self._faults.access.user
            return self._forbidden(target) if target else forbidden_path(request.path, "get", user)
        errors: dict[str, Callable[[], ApiError]] = {
            "401": unauthorized,
            "410": lambda: self._lists.expired(request.query),
            "429": lambda: too_many_requests(retry_after),
            "504": gateway_timeout,
        }
        return errors.get(kind, lambda: internal_error("etcdserver: request timed out"))()

    async def _answer(self, request: web.Request, target: Target | None) -> web.StreamResponse:
        if target is None:
            return self._answer_path(request)
        if target.resource in REVIEWS:
            return await self._review(request, target)
        if target.sub == "log" and target.resource is PODS and target.verb == "get":
            return await self._streaming.log(request, target)
        form = negotiate(request.headers.get(hdrs.ACCEPT, ""))
        if form is None:
            raise not_acceptable()
        if target.sub and target.sub != "status":
            raise no_such_path()
        if target.verb == "watch":
            return await self._streaming.watch(request, target, form, WatchStream(target.resource, target.namespace))
        find = self._lists.get if target.verb == "get" else self._lists.list
        parts = find(target, request.query, form)
        return await send_parts(request, parts, sum(map(len, parts)))

    def _answer_path(self, request: web.Request) -> web.StreamResponse:
        if request.method not in {"GET", "HEAD"}:
            raise forbidden_path(request.path, request.method.lower(), self._faults.access.user)
        if request.path.rstrip("/") in {"/healthz", "/livez", "/readyz"}:
            return web.Response(body=b"ok", headers=headers_of("text/plain; charset=utf-8"))
        form = negotiate(request.headers.get(hdrs.ACCEPT, "")) or Representation()
        answer = Discovery(self.port).answer(request.path, aggregated=form.form is Form.DISCOVERY)
        if answer is None:
            raise no_such_path()
        if isinstance(answer, bytes):
            return web.Response(body=answer, headers=headers_of("application/json"))
        content_type = "application/json"
        if answer.get("kind") == "APIGroupDiscoveryList":
            content_type = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
        return json_answer(request, answer, content_type=content_type)

    async def _review(self, request: web.Request, target: Target) -> web.StreamResponse:
        access = self._faults.access
        spec = await _read_spec(request)
        answer: JsonObject = {"kind": target.resource.kind, "apiVersion": target.resource.api_version, "metadata": {}}
        if target.resource is ACCESS_REVIEWS:
            answer |= {"spec": spec, "status": {"allowed": access.review(spec)}}
        elif target.resource is RULES_REVIEWS:
            answer |= {"spec": {}, "status": access.rules(str(spec.get("namespace", "")))}
        else:
            groups = ["system:serviceaccounts", "system:authenticated"]
            answer |= {"status": {"userInfo": {"username": access.user, "groups": groups}}}
        return json_answer(request, answer, status=201)


async def _read_spec(request: web.Request) -> JsonObject:
    """Return the specification of the object in a request's body.

    Raises:
        ApiError: 415, the body is no object that can be read.
    """
    body = await request.read()
    try:
        if body.startswith(MAGIC):
            return read_review_spec(body)
        return msgspec.json.decode(body, type=dict[str, Any]).get("spec") or {}
    except (msgspec.MsgspecError, ValueError):
        raise unsupported_media_type() from None


async def _drop_server_header(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers.popall(hdrs.SERVER, None)
