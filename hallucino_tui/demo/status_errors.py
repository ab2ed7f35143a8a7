"""Status bodies: every refusal of the API in the words of the real server."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hallucino_tui.demo.encoding import JsonObject, encode, quote

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hallucino_tui.demo.resources import Resource

NO_SNIFF = {"X-Content-Type-Options": "nosniff"}
_TOO_OLD = (
    "The provided continue parameter is too old to display a consistent list result. You can start a new list "
    "without the continue parameter, or use the continue token in this response to retrieve the remainder of the "
    "results. Continuing with the provided token results in an inconsistent list - objects that were created, "
    "modified, or deleted between the time the first chunk was returned and now may show up in the list."
)


@dataclass(eq=False)
class ApiError(Exception):
    """An answer that is no success.

    Attributes:
        code: HTTP status.
        body: The Status object, or plain text where the real server sends text.
        headers: Headers beside the usual ones.
    """

    code: int
    body: JsonObject | str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


def status(code: int, message: str, reason: str = "", details: JsonObject | None = None) -> JsonObject:
    """Return a Status of a failure; an empty reason and missing details are left out, as the real server does."""
    body: JsonObject = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message}
    if reason:
        body["reason"] = reason
    if details is not None:
        body["details"] = details
    body["code"] = code
    return body


def bad_request(message: str) -> ApiError:
    """400, for example a parameter that cannot be read or a container that has to be named."""
    return ApiError(400, status(400, message, "BadRequest"))


def unauthorized() -> ApiError:
    """401: no token, or one that is not valid."""
    return ApiError(401, status(401, "Unauthorized", "Unauthorized"))


def forbidden(resource: Resource, sub: str, verb: str, namespace: str, name: str, user: str) -> ApiError:
    """403 for a resource; `sub` is a subresource or "", `namespace` "" means the whole cluster."""
    subject = f"{resource.qualified} {quote(name)}" if name else resource.qualified
    scope = f"in the namespace {quote(namespace)}" if namespace else "at the cluster scope"
    target = f"{resource.plural}/{sub}" if sub else resource.plural
    message = (
        f"{subject} is forbidden: User {quote(user)} cannot {verb} resource {quote(target)} "
        f"in API group {quote(resource.group)} {scope}"
    )
    return ApiError(403, status(403, message, "Forbidden", _details(resource, name)), NO_SNIFF)


def forbidden_path(path: str, verb: str, user: str) -> ApiError:
    """403 for an address that belongs to no resource."""
    message = f"forbidden: User {quote(user)} cannot {verb} path {quote(path)}"
    return ApiError(403, status(403, message, "Forbidden", {}), NO_SNIFF)


def not_found(resource: Resource, name: str) -> ApiError:
    """404: no such object."""
    message = f"{resource.qualified} {quote(name)} not found"
    return ApiError(404, status(404, message, "NotFound", _details(resource, name)))


def no_such_path() -> ApiError:
    """404: no such resource or address."""
    return ApiError(404, status(404, "the server could not find the requested resource", "NotFound", {}))


def kubelet_not_ready(pod: str) -> ApiError:
    """404 of a log while the node's kubelet is starting."""
    message = f"the server could not find the requested resource ( pods/log {pod})"
    return ApiError(404, status(404, message, "NotFound", {"name": pod, "kind": "pods/log"}))


def kubelet_refused(node: str, path: str) -> ApiError:
    """500 of a log while the node's kubelet is down; `path` is what the server asked it for, with its query."""
    address = quote(f"https://{node}:10250{path}")
    message = f"Get {address}: dial tcp 127.0.0.1:10250: connect: connection refused"
    return ApiError(500, status(500, message))


def not_acceptable() -> ApiError:
    """406: the client takes nothing that this server can write."""
    return ApiError(
        406, status(406, "only the following media types are accepted: application/json", "NotAcceptable", {})
    )


def unsupported_media_type() -> ApiError:
    """415: a body that is not JSON."""
    message = "the body of the request was in an unknown format - accepted media types include: application/json"
    return ApiError(415, status(415, message, "UnsupportedMediaType", {}))


def expired_token(continue_token: str) -> ApiError:
    """410: a continue token that is too old; carries one that goes on with an inconsistent list."""
    body = status(410, _TOO_OLD, "Expired")
    body["metadata"] = {"continue": continue_token}
    return ApiError(410, body)


def expired_list() -> ApiError:
    """410: a list at a revision that is gone."""
    return ApiError(410, status(410, "The resourceVersion for the provided list is too old.", "Expired"))


def expired_watch(revision: int, oldest: int) -> JsonObject:
    """The Status inside the ERROR event of a watch from a revision that is gone."""
    return status(410, f"too old resource version: {revision} ({oldest})", "Expired")


def unparsable_revision(text: str) -> ApiError:
    """500: a resource version that is no number."""
    message = f"resourceVersion: Invalid value: {quote(text)}: strconv.ParseUint: parsing {quote(text)}: invalid syntax"
    return ApiError(500, status(500, message))


def future_revision(revision: int, current: int) -> ApiError:
    """504: a list that wants to be newer than anything there is."""
    details = {
        "causes": [{"reason": "ResourceVersionTooLarge", "message": "Too large resource version"}],
        "retryAfterSeconds": 1,
    }
    message = f"Timeout: Too large resource version: {revision}, current: {current}"
    return ApiError(504, status(504, message, "Timeout", details), {"Retry-After": "1"})


def gateway_timeout() -> ApiError:
    """504: the request did not finish in time."""
    message = "Timeout: request did not complete within the allotted timeout"
    return ApiError(504, status(504, message, "Timeout", {}))


def internal_error(cause: str) -> ApiError:
    """500 with a cause, for example ``etcdserver: request timed out``."""
    details = {"causes": [{"message": cause}]}
    return ApiError(500, status(500, f"Internal error occurred: {cause}", "InternalError", details))


def too_many_requests(retry_after: int = 1) -> ApiError:
    """429 as plain text, with the seconds after which to try again."""
    headers = {**NO_SNIFF, "Retry-After": str(retry_after)}
    return ApiError(429, "Too many requests, please try again later.\n", headers)


def invalid(kind: str, name: str, field_name: str, problem: str, *, group: str = "", forbids: bool = False) -> ApiError:
    """422: an option with a value that is not allowed.

    Args:
        kind: Kind of the options, for example ``PodLogOptions``.
        name: Name of the object they are for, may be "".
        field_name: The option.
        problem: What is wrong with it, for example ``Invalid value: 0: must be greater than 0``.
        group: API group of the kind.
        forbids: Whether the option may not be given at all, rather than not with this value.
    """
    details: JsonObject = {}
    if name:
        details["name"] = name
    if group:
        details["group"] = group
    cause = {
        "reason": "FieldValueForbidden" if forbids else "FieldValueInvalid",
        "message": problem,
        "field": field_name,
    }
    details |= {"kind": kind, "causes": [cause]}
    subject = f"{kind}.{group}" if group else kind
    message = f"{subject} {quote(name)} is invalid: {field_name}: {problem}"
    return ApiError(422, status(422, message, "Invalid", details))


def body_of(error: ApiError) -> bytes:
    """Return the bytes of an error's body in compact form."""
    return error.body.encode() if isinstance(error.body, str) else encode(error.body) + b"\n"


def _details(resource: Resource, name: str) -> JsonObject:
    details: JsonObject = {"name": name} if name else {}
    if resource.group:
        details["group"] = resource.group
    details["kind"] = resource.plural
    return details
