"""Events: one object for each thing that was noticed, counted when it is noticed again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hallucino_tui.demo.encoding import JsonObject, encode
from hallucino_tui.demo.resources import EVENTS
from hallucino_tui.demo.timeformat import SECOND, rfc3339, rfc3339_micro

if TYPE_CHECKING:
    from collections.abc import Callable

    from hallucino_tui.demo.chance import Chance
    from hallucino_tui.demo.cluster import ClusterState, Stored

KEPT_SECONDS = 3600
"""How long an event is kept after it was last noticed."""


class EventBook:
    """Records events and lets go of old ones.

    Attributes:
        clock: Returns nanoseconds since the epoch.
    """

    def __init__(self, state: ClusterState, clock: Callable[[], int], ids: Chance) -> None:
        self._state = state
        self.clock = clock
        self._ids = ids
        # What makes an event the same as an earlier one, and when it was last noticed; the oldest come first.
        self._known: dict[tuple[str, ...], tuple[str, str, int]] = {}

    def record(
        self, involved: JsonObject, kind: str, reason: str, message: str, *, component: str, host: str = ""
    ) -> None:
        """Record an event.

        Args:
            involved: Reference to the object that it is about, with its namespace and uid.
            kind: ``Normal`` or ``Warning``.
            reason: One word, for example ``Killing``.
            message: A sentence.
            component: Who noticed it, for example ``kubelet``.
            host: The node that it was noticed on, if any.
        """
        now = self.clock()
        identity = (involved["uid"], involved.get("fieldPath", ""), kind, reason, message, component)
        namespace, name, _ = self._known.pop(identity, ("", "", 0))
        before = self._state.get(EVENTS, namespace, name) if name else None
        if before is not None:
            item = self._repeated(before.item, now)
        else:
            namespace, name = involved.get("namespace") or "default", f"{involved['name']}.{self._ids.hex(16)}"
            item = self._new(involved, (kind, reason, message), (component, host), now)
            item["metadata"] = {
                "name": name,
                "namespace": namespace,
                "uid": self._ids.uid(),
                "resourceVersion": "",
                "creationTimestamp": rfc3339(now),
            } | item["metadata"]
        self._known[identity] = (namespace, name, now)
        self._state.put(EVENTS, item)
        self._forget(now - KEPT_SECONDS * SECOND)

    def _forget(self, before_ns: int) -> None:
        for identity, (namespace, name, noticed) in list(self._known.items()):
            if noticed >= before_ns:
                return
            del self._known[identity]
            self._state.delete(EVENTS, namespace, name)

    @staticmethod
    def _repeated(item: JsonObject, now: int) -> JsonObject:
        return {
            **item,
            "metadata": dict(item["metadata"]),
            "lastTimestamp": rfc3339(now),
            "count": item.get("count", 1) + 1,
        }

    @staticmethod
    def _new(involved: JsonObject, said: tuple[str, str, str], by: tuple[str, str], now: int) -> JsonObject:
        kind, reason, message = said
        component, host = by
        head: JsonObject = {"metadata": {}, "involvedObject": involved, "reason": reason, "message": message}
        if component == "default-scheduler":  # reports in the newer way, with one precise time and an action
            return head | {
                "source": {},
                "firstTimestamp": None,
                "lastTimestamp": None,
                "type": kind,
                "eventTime": rfc3339_micro(now),
                "action": "Binding" if kind == "Normal" else "Scheduling",
                "reportingComponent": component,
                "reportingInstance": f"{component}-control-1",
            }
        source = {"component": component, "host": host} if host else {"component": component}
        return head | {
            "source": source,
            "firstTimestamp": rfc3339(now),
            "lastTimestamp": rfc3339(now),
            "count": 1,
            "type": kind,
            "eventTime": None,
            "reportingComponent": component,
            "reportingInstance": host,
        }


def as_k8s_event(stored: Stored) -> bytes:
    """Return an event of the core API as an item of the ``events.k8s.io`` API, which names its fields anew."""
    item = stored.item
    renamed: JsonObject = {
        "metadata": item["metadata"],
        "eventTime": item["eventTime"],
        "reportingController": item["reportingComponent"],
        "reportingInstance": item["reportingInstance"],
    }
    if "action" in item:
        renamed["action"] = item["action"]
    renamed |= {
        "reason": item["reason"],
        "regarding": item["involvedObject"],
        "note": item["message"],
        "type": item["type"],
        "deprecatedSource": item["source"],
        "deprecatedFirstTimestamp": item["firstTimestamp"],
        "deprecatedLastTimestamp": item["lastTimestamp"],
    }
    if "count" in item:
        renamed["deprecatedCount"] = item["count"]
    return encode(renamed)
