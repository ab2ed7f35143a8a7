"""Queries that find what a statement speaks of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hallucino_tui.insight.templates.query import query_of

if TYPE_CHECKING:
    from hallucino_tui.insight.report.scene import Scene

_LABELS: Final = ("workload", "app", "container", "pod", "filename", "file", "name")


def selector(scene: Scene, workload: int) -> str:
    """Return a selector for the streams of a workload; "" if no label has the same value on all of them."""
    streams = [stream for stream, of in zip(scene.evidence.lines.table, scene.of_stream, strict=True) if of == workload]
    for label in _LABELS:
        values = {stream.labels.get(label, "") for stream in streams}
        if len(values) == 1 and (value := values.pop()):
            return f"{{{label}={literal(value)}}}"
    return ""


def look_at(scene: Scene, workload: int, template: int | None = None) -> str:
    """Return a query for the lines of a workload, or for those of one template of it; "" if there is none."""
    chosen = selector(scene, workload)
    if template is None:
        return chosen
    return f"{chosen} {query_of(scene.evidence.miner_templates[template])}".strip()


def literal(text: str) -> str:
    """Return text as a string of the query language."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(one if one.isprintable() else f"\\U{ord(one):08x}" for one in escaped) + '"'
