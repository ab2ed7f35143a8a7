"""Telling the reader where the window is, what is narrowed, and what happened to the lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hallucino_tui.session.filtering import NOTHING
from hallucino_tui.ui.numbers import plural, short

if TYPE_CHECKING:
    from hallucino_tui.logs.query.plain import Needle
    from hallucino_tui.session.workspace import WorkspaceSnapshot
    from hallucino_tui.ui.screens.main import MainScreen


class TellFlow:
    """Says it in the prompt's line, in the timeline, and once in a notification."""

    def __init__(self, main: MainScreen) -> None:
        """Prepare.

        Args:
            main: The screen with all that can be told about.
        """
        self._main = main
        self._wanted = (-1, False)
        self._told = ""

    def place(self) -> None:
        """Say under the logs what is filtered and where the window is."""
        main = self._main
        snapshot, view, viewport = main.snapshot, main.pane.viewport.view, main.pane.viewport
        first, last = main.pane.selected
        below = 0 if viewport.follow else viewport.below()
        facts = [f"{plural(last - first, 'line')} selected"] if first < last else []
        facts.append("following" if viewport.follow else f"{short(below)} below ↓" if below else "stopped")
        facts.append(f"{view.matched:,}{'' if view.complete else '+'} of {short(view.store.lines)}")
        problem = "" if snapshot is None else snapshot.problem or snapshot.inventory.note
        understood = NOTHING if snapshot is None else snapshot.understood
        filters = [f"& {understood.canonical}"] if understood.canonical else []
        narrowed = "  ".join([*filters, *main.narrowing.now.facts()])
        main.prompt.say(problem or understood.problem or narrowed, "  ".join(facts))
        main.prompt.set_class(bool(problem or understood.problem), "problem")
        main.completing.update(understood.problem)
        main.pane.set_needle(
            (main.finding.needle,) if main.finding.needle else (),
            tuple(_pattern(needle) for needle in understood.needles),
        )
        if understood.problem != self._told and not main.prompt.purpose:
            self._told = understood.problem
            if understood.problem:
                main.notify(understood.problem, severity="warning", timeout=10)
        self.timeline()

    def timeline(self) -> None:
        """Draw the timeline with where the cursor and the window are."""
        main = self._main
        timeline = main.timing.timeline
        if timeline is None or not main.timeline.display:
            return
        viewport = main.pane.viewport
        lines = viewport.lines()
        edges = [viewport.view.store.time(line.row) for line in (*lines[:1], *lines[-1:])]
        times = [time for time in edges if time is not None]
        window = (min(times), max(times)) if times else None
        main.timeline.show(
            timeline, main.timing.at_cursor(), window, main.timing.zone, utc=main.pane.timestamps == "utc"
        )

    def want_timeline(self) -> None:
        """Tell the engine how many buckets there is room for; none while the timeline is hidden."""
        main = self._main
        buckets = main.pane.size.width if main.timeline.display else 0
        if main.timeline.display and not buckets:
            return  # another panel has the whole screen: this one comes back as it was
        whole = main.timing.is_whole
        if (buckets, whole) != self._wanted and main.bridge.workspace is not None:
            self._wanted = (buckets, whole)
            main.bridge.tell(lambda workspace: workspace.hub.want_timeline(buckets, whole=whole))

    def eviction(self, before: WorkspaceSnapshot | None, snapshot: WorkspaceSnapshot) -> None:
        """Say once that lines leave, and once that they cannot be kept on disk."""
        evicted = before is not None and before.hub.view.store.evicted > 0
        if snapshot.hub.view.store.evicted and not evicted:
            words = "The oldest lines leave memory now: more fit with the setting logs.most_megabytes"
            self._main.notify(f"{words}, or stay on disk with --spill.", severity="warning", timeout=10)
        told = before is not None and before.hub.spill_problem
        if snapshot.hub.spill_problem and not told:
            self._main.notify(snapshot.hub.spill_problem, severity="error", timeout=10)


def _pattern(needle: Needle) -> str:
    """Return a needle as a regular expression."""
    text = needle.text if needle.is_regex else re.escape(needle.text)
    return f"(?i:{text})" if needle.ignore_case else text


def empty_words(snapshot: WorkspaceSnapshot) -> str:
    """Return what an empty pane says."""
    if snapshot.problem:
        return snapshot.problem
    if snapshot.busy:
        return snapshot.busy
    if snapshot.inventory.note:
        return snapshot.inventory.note
    if snapshot.hub.view.store.lines:
        return "No line passes the filter: backspace takes the last narrowing back."
    if snapshot.hub.totals.states:
        return "No line yet."
    return "No containers here: choose some in the tree (ctrl+t), or another cluster (C)."
