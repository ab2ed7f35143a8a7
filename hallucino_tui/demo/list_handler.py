"""Lists and single objects: selectors, pages, revisions, and the three forms in which objects are shown."""

from __future__ import annotations

import base64
import binascii
import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from hallucino_tui.demo.encoding import Form, JsonObject, Representation, encode, quote
from hallucino_tui.demo.events import as_k8s_event
from hallucino_tui.demo.resources import EVENTS, K8S_EVENTS, Resource
from hallucino_tui.demo.selectors import build_filter, parse_fields, parse_labels
from hallucino_tui.demo.status_errors import (
    ApiError,
    bad_request,
    expired_list,
    expired_token,
    future_revision,
    not_found,
    unparsable_revision,
)
from hallucino_tui.demo.table import printer_of, row_conditions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hallucino_tui.demo.cluster import ClusterState, Stored
    from hallucino_tui.demo.routing import Target

_ALPHABET = re.compile(r"[A-Za-z0-9_-]")


@dataclass(frozen=True, slots=True)
class _Page:
    """Where a list begins and which state of the cluster it shows."""

    revision: int
    start: str = ""


def stored_kind(resource: Resource) -> Resource:
    """Return the kind whose objects a kind shows: the newer events are the core ones under other names."""
    return EVENTS if resource is K8S_EVENTS else resource


def selection(target: Target, query: Mapping[str, str]) -> Callable[[JsonObject], bool] | None:
    """Return the test that a request's selectors stand for, or None where they select everything.

    Raises:
        ApiError: 400, a selector cannot be read.
    """
    fields = query.get("fieldSelector", "")
    if target.resource is K8S_EVENTS:
        fields = fields.replace("regarding.", "involvedObject.").replace("reportingController", "reportingComponent")
    allowed = stored_kind(target.resource).fields
    return build_filter(parse_labels(query.get("labelSelector", "")), parse_fields(fields, allowed))


def parse_revision(text: str) -> int:
    """Return a resource version of a query as a number; "" is 0.

    Raises:
        ApiError: It is no number.
    """
    if not text:
        return 0
    if not re.fullmatch(r"\d{1,19}", text):
        raise unparsable_revision(text)
    return int(text)


def parse_int(text: str) -> int:
    """Return a whole number of a query.

    Raises:
        ApiError: 400, it is none.
    """
    if not re.fullmatch(r"[+-]?\d+", text):
        raise bad_request(f"strconv.ParseInt: parsing {quote(text)}: invalid syntax")
    number = int(text)
    if not -(2**63) <= number < 2**63:
        raise bad_request(f"strconv.ParseInt: parsing {quote(text)}: value out of range")
    return number


def one(stored: Stored, resource: Resource, form: Representation, now_ns: int, include: str) -> list[bytes]:
    """Return the parts of a single object in the form that was asked for.

    Args:
        stored: The object.
        resource: The kind as which it is asked for.
        form: The form.
        now_ns: The time for ages.
        include: What rows of a table carry: ``Metadata``, ``Object`` or ``None``; "" means ``Metadata``.
    """
    if form.form is Form.TABLE:
        return table([stored], resource, form, {"resourceVersion": str(stored.revision)}, (now_ns, include))
    if form.form is Form.METADATA:
        return [stored.partial(form.version)]
    if resource is K8S_EVENTS:
        return [b'{"kind":"Event","apiVersion":"events.k8s.io/v1",', as_k8s_event(stored)[1:]]
    return [stored.full]


def table(
    rows: Sequence[Stored],
    resource: Resource,
    form: Representation,
    metadata: JsonObject,
    shown: tuple[int, str],
    *,
    columns: bool = True,
) -> list[bytes]:
    """Return the parts of a table.

    Args:
        rows: The objects.
        resource: Their kind.
        form: The version of the table.
        metadata: The metadata of the whole table.
        shown: The time for ages, and what rows carry.
        columns: Whether the columns are described; later events of a watch leave that out.
    """
    printer = printer_of(resource)
    definitions = encode(printer.definitions()) if columns else b"null"
    parts = [
        b'{"kind":"Table","apiVersion":"meta.k8s.io/%b","metadata":' % form.version.encode(),
        encode(metadata),
        b',"columnDefinitions":',
        definitions,
        b',"rows":[',
    ]
    separator = b""
    now_ns, include = shown
    for stored in rows:
        parts.append(separator + b'{"cells":' + encode(printer.cells(stored.item, now_ns)))
        conditions = row_conditions(resource, stored.item)
        if conditions:
            parts.append(b',"conditions":' + encode(conditions))
        if include == "Object":
            parts.append(b',"object":' + stored.full)
        elif include != "None":
            parts.append(b',"object":' + stored.partial(form.version))
        parts.append(b"}")
        separator = b","
    parts.append(b"]}")
    return parts


class ListHandler:
    """Answers list and get."""

    def __init__(self, state: ClusterState, clock: Callable[[], int]) -> None:
        self._state = state
        self._clock = clock

    def get(self, target: Target, query: Mapping[str, str], form: Representation) -> list[bytes]:
        """Return the parts of one object.

        Raises:
            ApiError: 404, there is no such object.
        """
        stored = self._state.get(stored_kind(target.resource), target.namespace, target.name)
        if stored is None:
            raise not_found(target.resource, target.name)
        return one(stored, target.resource, form, self._clock(), query.get("includeObject", ""))

    def list(self, target: Target, query: Mapping[str, str], form: Representation) -> list[bytes]:
        """Return the parts of a list.

        Raises:
            ApiError: A parameter cannot be read, or what was asked for is no longer kept.
        """
        limit = parse_int(query["limit"]) if query.get("limit") else 0
        passes = selection(target, query)
        page = self._page(target, query)
        kind = stored_kind(target.resource)
        objects = self._state.list(kind, target.namespace, revision=page.revision)
        if page.start:
            objects = objects[bisect_left(objects, page.start, key=lambda stored: stored.key) :]
        if passes is not None:
            objects = [stored for stored in objects if passes(stored.item)]
        metadata: JsonObject = {"resourceVersion": str(page.revision)}
        if 0 < limit < len(objects):
            metadata["continue"] = self._token(target, page.revision, objects[limit - 1].key + "\0")
            if passes is None:
                metadata["remainingItemCount"] = len(objects) - limit
            objects = objects[:limit]
        return self._render(objects, target.resource, form, metadata, query.get("includeObject", ""))

    def _render(
        self, objects: Sequence[Stored], resource: Resource, form: Representation, metadata: JsonObject, include: str
    ) -> list[bytes]:
        if form.form is Form.TABLE:
            return table(objects, resource, form, metadata, (self._clock(), include))
        if form.form is Form.METADATA:
            kind, version = "PartialObjectMetadataList", f"meta.k8s.io/{form.version}"
            items = [stored.partial(form.version) for stored in objects]
        else:
            kind, version = f"{resource.kind}List", resource.api_version
            rename = resource is K8S_EVENTS
            items = [as_k8s_event(stored) if rename else stored.encoded for stored in objects]
        parts = [
            b'{"kind":"%b","apiVersion":"%b","metadata":' % (kind.encode(), version.encode()),
            encode(metadata),
            b',"items":[',
        ]
        for number, item in enumerate(items):
            parts.append(b"," + item if number else item)
        parts.append(b"]}")
        return parts

    def _page(self, target: Target, query: Mapping[str, str]) -> _Page:
        current = self._state.revision
        floor = self._state.journal(stored_kind(target.resource)).floor
        if query.get("continue"):
            return self._continued(target, query["continue"], floor)
        revision = parse_revision(query.get("resourceVersion", ""))
        if revision > current:
            raise future_revision(revision, current)
        if revision and query.get("resourceVersionMatch") == "Exact":
            if revision < floor:
                raise expired_list()
            return _Page(revision)
        return _Page(current)

    def _continued(self, target: Target, token: str, floor: int) -> _Page:
        try:
            decoded = msgspec.json.decode(_decode(token), type=dict[str, str | int])
            revision, start = int(decoded["rv"]), str(decoded["start"])
        except (msgspec.MsgspecError, KeyError, ValueError) as error:
            raise _bad_token(str(error)) from None
        key = f"{target.namespace}/{start.lstrip('/')}" if target.namespace else start.lstrip("/")
        if revision < 0:
            return _Page(self._state.revision, key)
        if revision < floor or revision > self._state.revision:
            raise expired_token(_encode(-1, start))
        return _Page(revision, key)

    @staticmethod
    def _token(target: Target, revision: int, key: str) -> str:
        start = key
        if target.namespace:
            # Keys of most kinds begin with a slash here; those of events do not, as they are stored under another root.
            start = key.removeprefix(f"{target.namespace}/")
            start = start if stored_kind(target.resource) is EVENTS else f"/{start}"
        return _encode(revision, start)

    def expired(self, query: Mapping[str, str]) -> ApiError:
        """Return the error of a list whose revision is gone, in the form that fits the request."""
        return expired_token(_encode(-1, "\0")) if query.get("continue") else expired_list()


def _encode(revision: int, start: str) -> str:
    text = msgspec.json.encode({"v": "meta.k8s.io/v1", "rv": revision, "start": start})
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def _decode(token: str) -> bytes:
    for position, character in enumerate(token):
        if not _ALPHABET.match(character):
            raise ValueError(f"illegal base64 data at input byte {position}")
    if len(token) % 4 == 1:
        raise ValueError(f"illegal base64 data at input byte {len(token) - 1}")
    try:
        return base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except binascii.Error as error:
        raise ValueError(str(error)) from None


def _bad_token(problem: str) -> ApiError:
    return bad_request(f"invalid continue token: continue key is not valid: {problem}")
