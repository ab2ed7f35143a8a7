"""From a line that a report cites back to the file and line where a reader finds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hallucino_tui.insight.report.evidence import LineCitation
from hallucino_tui.logs.text import shown
from hallucino_tui.session.collect import source_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.insight.cluster_events import ClusterEvent
    from hallucino_tui.insight.report.evidence import Citation
    from hallucino_tui.logs.stream import Stream
    from hallucino_tui.session.evidence import Gathered


class Places:
    """Names lines and events: with the number of a file or pod where there are several, and a list of what these mean.

    Attributes:
        labels: The labels that were given so far.
    """

    def __init__(self, gathered: Gathered, events: Sequence[ClusterEvent] = (), events_file: str = "") -> None:
        """Prepare.

        Args:
            gathered: The lines, and which line of its stream each of them is.
            events: What the cluster did.
            events_file: The file that events were read from; "" if they were not.
        """
        self.labels: set[str] = set()
        self._gathered = gathered
        self._events = events
        self._events_file = events_file
        self._several = len(gathered.lines.table) > 1
        self._files: dict[int, int] = {}
        self._pods: dict[str, int] = {}

    def place(self, index: int) -> dict[str, Any]:
        """Return the file and the line, from 1, of a line of the evidence."""
        return {"file": name_of(self._stream(index)), "line": int(self._gathered.numbers[index])}

    def cite(self, citation: Citation) -> str:
        """Return the label of a citation.

        Returns:
            ``F2:17`` for line 17 of the second file, ``L17`` if there is one only; ``E5`` for item 5 of the list of
            events, from 0; ``P1`` for what the status of a pod tells.
        """
        label = self._of_line(citation.index) if isinstance(citation, LineCitation) else self._of_event(citation.index)
        self.labels.add(label)
        return label

    def legend(self) -> str:
        """Return what labels mean that were given so far, as Markdown; "" if they need no words."""
        table = self._gathered.lines.table
        rows = [f"- F{number}: {_code(name_of(table[stream]))}" for stream, number in self._files.items()]
        rows += [f"- P{number}: the status of pod {_code(pod)}" for pod, number in self._pods.items()]
        if self._events_file and any(label.startswith("E") for label in self.labels):
            rows.append(f"- E: `.items` of {_code(self._events_file)}, from 0")
        return "\n".join(["", "**Where that stands**", "", *rows, ""]) if rows else ""

    def _of_line(self, index: int) -> str:
        line = int(self._gathered.numbers[index])
        if not self._several:
            return f"L{line}"
        stream = int(self._gathered.lines.streams[index])
        return f"F{self._files.setdefault(stream, len(self._files) + 1)}:{line}"

    def _of_event(self, index: int) -> str:
        event = self._events[index]
        if event.index >= 0 or not event.pod:
            return f"E{max(event.index, 0)}"
        return f"P{self._pods.setdefault(event.pod, len(self._pods) + 1)}"

    def _stream(self, index: int) -> Stream:
        return self._gathered.lines.table[int(self._gathered.lines.streams[index])]


def name_of(stream: Stream) -> str:
    """Return the file as it was named, ``-`` for standard input, or namespace, pod and container."""
    labels = stream.labels
    if "filename" in labels:
        # A name of bytes that are no UTF-8 can be opened, and neither printed nor put into JSON.
        return labels["filename"].encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "/".join(part for part in (labels.get("namespace", ""), source_of(stream)) if part)


def _code(name: str) -> str:
    name = shown(name).replace("`", "'")
    return f"`{name}`"
