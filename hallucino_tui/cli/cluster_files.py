"""What a cluster did, read from what ``kubectl get events|pods -o json`` printed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import msgspec

from hallucino_tui.cli.common import Refused
from hallucino_tui.sources.files.errors import cannot_read
from hallucino_tui.sources.kubernetes.event_objects import events_of, pods_of, restarts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hallucino_tui.insight.cluster_events import ClusterEvent, PodFacts


class Happenings(NamedTuple):
    """What a cluster did.

    Attributes:
        events: Its events, and what its pods tell of runs that ended.
        pods: Its pods at the end.
        pods_before: Its pods at an earlier moment; empty if that is not known.
    """

    events: Sequence[ClusterEvent] = ()
    pods: Sequence[PodFacts] = ()
    pods_before: Sequence[PodFacts] = ()


def read_happenings(events: str, pods: str) -> Happenings:
    """Read files.

    Args:
        events: Name of a file with events; "" for none.
        pods: Name of a file with pods, or with pods before and after; "" for none.

    Raises:
        Refused: One of them cannot be read, or holds something else.
    """
    before, after = _pods_in(pods) if pods else ((), ())
    # Where nothing was said of events, what pods tell is all there is.
    found = _converted("--events", events, _items_in("--events", events), lambda items: events_of(items, after))
    return Happenings([*found, *restarts_of((*before, *after))], after, before)


def _pods_in(name: str) -> tuple[Sequence[PodFacts], Sequence[PodFacts]]:
    """Return pods at an earlier moment and at the end."""
    content = _content("--pods", name)
    fields = cast(dict[str, object], content if isinstance(content, dict) else {})
    if {"before", "after"} & fields.keys() and "items" not in fields:
        before, after = (
            _converted("--pods", name, _items_of("--pods", name, fields.get(part) or {"items": []}), pods_of)
            for part in ("before", "after")
        )
        return before, after
    return (), _converted("--pods", name, _items_of("--pods", name, fields), pods_of)


def _converted(flag: str, name: str, items: Sequence[Any], convert: Callable[[Sequence[Any]], Any]) -> Any:  # noqa: ANN401 - events or pods
    try:
        return convert(items)
    except ValueError as error:
        said = str(error)
        raise Refused(f"{flag} {name}: {said[:1].lower()}{said[1:]}", 2) from error


def _items_in(flag: str, name: str) -> Sequence[Any]:
    return _items_of(flag, name, _content(flag, name)) if name else ()


def _items_of(flag: str, name: str, content: object) -> Sequence[Any]:
    items = cast(dict[str, object], content).get("items") if isinstance(content, dict) else None
    if isinstance(items, list):
        return cast(list[Any], items)
    what = flag.removeprefix("--")
    raise Refused(f"{flag} {name} holds no list of {what}: give what kubectl get {what} -o json prints.", 2)


def _content(flag: str, name: str) -> object:
    try:
        data = Path(name).read_bytes()
    except OSError as error:
        raise Refused(str(cannot_read(Path(name), error)), 2) from error
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        what = flag.removeprefix("--")
        raise Refused(
            f"{flag} {name} is no whole JSON ({error}): give what kubectl get {what} -o json prints.", 2
        ) from error
