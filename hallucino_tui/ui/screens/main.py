"""The main screen: tree, logs and assistant side by side, and who hears which key."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal, Vertical
from textual.screen import Screen

from hallucino_tui.config.keys import Where
from hallucino_tui.session.nodes import namespace_key
from hallucino_tui.ui.actions import actions_of
from hallucino_tui.ui.ask_flow import AskFlow
from hallucino_tui.ui.bindings import action_of, app_of, screen_bindings
from hallucino_tui.ui.cite_flow import CiteFlow
from hallucino_tui.ui.complete_flow import CompleteFlow
from hallucino_tui.ui.find_flow import FindFlow
from hallucino_tui.ui.look_flow import LookFlow
from hallucino_tui.ui.mark_flow import MarkFlow
from hallucino_tui.ui.model_flow import ModelFlow
from hallucino_tui.ui.narrow_flow import NarrowFlow
from hallucino_tui.ui.node_flow import NodeFlow
from hallucino_tui.ui.notebook_flow import NotebookFlow
from hallucino_tui.ui.panels import ORDER, Panel, Panels
from hallucino_tui.ui.pattern_flow import PatternFlow
from hallucino_tui.ui.report_flow import ReportFlow
from hallucino_tui.ui.send_flow import SendFlow
from hallucino_tui.ui.take_flow import TakeFlow
from hallucino_tui.ui.tell_flow import TellFlow, empty_words
from hallucino_tui.ui.time_flow import TimeFlow
from hallucino_tui.ui.type_flow import TypeFlow
from hallucino_tui.ui.widgets.assistant_panel import AssistantPanel
from hallucino_tui.ui.widgets.cluster_tree import ClusterTree
from hallucino_tui.ui.widgets.key_line import KeyLine
from hallucino_tui.ui.widgets.log_pane import LogPane
from hallucino_tui.ui.widgets.prompt_bar import PromptBar
from hallucino_tui.ui.widgets.status_line import StatusLine
from hallucino_tui.ui.widgets.text_line import TextLine
from hallucino_tui.ui.widgets.timeline import TimelineBar
from hallucino_tui.ui.work import start

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.widget import Widget

    from hallucino_tui.config.keys import Key
    from hallucino_tui.config.settings import Settings
    from hallucino_tui.logs.query.ast import Query
    from hallucino_tui.session.workspace import WorkspaceSnapshot
    from hallucino_tui.ui.bridge import Bridge
    from hallucino_tui.ui.messages import (
        AnswerEvent,
        WantOlder,
        WorkspaceChanged,
    )
    from hallucino_tui.ui.palette import Palette


class MainScreen(Screen[None]):
    """Wires panels, flows and the bridge together."""

    BINDINGS: ClassVar[list[BindingType]] = screen_bindings({"next_panel", "previous_panel"})
    AUTO_FOCUS = "#logs"

    def __init__(self, bridge: Bridge, palette: Palette, settings: Settings, keys: Sequence[Key]) -> None:
        """Make panels and flows.

        Args:
            bridge: The way to the engine.
            palette: The colours.
            settings: How the screen begins.
            keys: The keys in effect, those that matter most behind.
        """
        super().__init__(id="main")
        self.bridge = bridge
        self.nodes = NodeFlow(self)
        self.citing = CiteFlow(self)
        self.status = StatusLine(palette)
        self.cluster_tree = ClusterTree(palette, self.nodes.hear)
        self.pane = LogPane(bridge.parts.table, palette, self._say_place, self._bring, bridge.parts.now)
        self.typing = TypeFlow(self)
        self.prompt = PromptBar(self.typing.hear, self._complete)
        self.hints = TextLine("hints")
        self.assistant = AssistantPanel(self.citing.hear)
        self.key_line = KeyLine()
        self.panels = Panels()
        self._center = Vertical(id="center")
        self.narrowing = NarrowFlow(self, bridge)
        self.finding = FindFlow(self, self.pane, self._marked)
        self.timing = TimeFlow(self, self.pane, self.narrowing, self.finding, bridge.parts.now)
        self.marking = MarkFlow(self, self.pane, self.finding)
        self.looking = LookFlow(self)
        self.telling = TellFlow(self)
        self.timing.look_anew = self.telling.want_timeline
        self.completing = CompleteFlow(self.prompt, self.hints, self.pane)
        self.timeline = TimelineBar(palette, self.timing.pick)
        self.sending = SendFlow(self, bridge, self.assistant, self.citing)
        self.sending.changed = self._say_answering
        self.asking = AskFlow(self, bridge, self.pane, self.sending)
        self.models = ModelFlow(self)
        self.patterns = PatternFlow(self)
        self.reporting = ReportFlow(self)
        self.taking = TakeFlow(self, bridge, self.pane, self.sending.next_command)
        self.notebooks = NotebookFlow(self, settings.assistant.redaction)
        self._settings = settings
        self._keys = keys
        self.snapshot: WorkspaceSnapshot | None = None
        self._actions = actions_of(self)
        self._drawn = False

    def compose(self) -> ComposeResult:
        """Make the parts."""
        # Before anything is drawn, or the first frame would show panels that have no room.
        self.panels.width = app_of(self).size.width
        self._arrange()
        yield self.status
        with Horizontal(id="body"):
            yield self.cluster_tree
            with self._center:
                yield self.timeline
                yield self.pane
                yield self.hints
                yield self.prompt
            yield self.assistant
        yield self.key_line

    def on_mount(self) -> None:
        self.pane.timestamps = self._settings.screen.timestamps
        self.pane.wrap = self._settings.screen.wrap
        self.cluster_tree.styles.width = self._settings.screen.tree_width
        self.timeline.display = self._settings.screen.timeline
        self.hints.display = False

    def on_resize(self, event: events.Resize) -> None:
        self.panels.width = event.size.width
        self._arrange()
        if not self._drawn:
            # What the engine's thread imports would hold up the first frame.
            self._drawn = True
            self.call_after_refresh(self.bridge.start)

    @property
    def tree_is_there(self) -> bool:
        """Whether a cluster is open and its tree has begun to fill."""
        return self.snapshot is not None and bool(self.snapshot.context)

    def set_palette(self, palette: Palette) -> None:
        """Draw with other colours."""
        for widget in (self.status, self.cluster_tree, self.pane, self.timeline):
            widget.set_palette(palette)

    def back(self) -> None:
        """Go back one level: leave a field, drop the selection, clear search marks, cancel the answer."""
        if self.prompt.purpose:
            self.prompt.escape()
        elif self.panels.focused == "assistant" and self.sending.cancel():
            pass  # who reads the answer means the answer, whatever is selected elsewhere
        elif self.pane.mark is not None:
            self.pane.drop_selection()
        elif self.finding.clear():
            self.pane.changed()
        elif not self.sending.cancel():
            self.reporting.cancel()

    def leave(self) -> None:
        """Leave the program; ask first if lines would be lost."""
        app, lines = app_of(self), self.pane.viewport.view.store.received
        if not lines or not self.bridge.parts.live:  # a file's lines stay where they are
            app.exit(0)
            return
        from hallucino_tui.ui.screens.popups import QuestionScreen  # noqa: PLC0415 - not before the first frame

        if not isinstance(app.screen, QuestionScreen):
            question = f"Leave? {lines:,} lines that were read are not kept (ctrl+s saves them)."
            app.push_screen(QuestionScreen(question), lambda answer: app.exit(0) if answer else None)

    # ── news ──

    def on_workspace_changed(self, event: WorkspaceChanged) -> None:
        before, snapshot = self.snapshot, event.snapshot
        self.snapshot = snapshot
        if before is None:
            self.telling.want_timeline()
        if snapshot.context and (before is None or before.context != snapshot.context):
            self.cluster_tree.expand_keys({namespace_key(name) for name in snapshot.namespaces})
            self.narrowing.forget_streams()
        self.status.show(snapshot)
        self.cluster_tree.show(snapshot.inventory, snapshot.selection)
        self.pane.empty_words = empty_words(snapshot)
        self.timing.is_live, self.timing.timeline = self.bridge.parts.live, snapshot.hub.timeline
        self.pane.show(snapshot.hub.view)
        self.telling.eviction(before, snapshot)

    async def on_answer_event(self, event: AnswerEvent) -> None:
        await self.sending.hear(event.run, event.event)

    def _say_answering(self) -> None:
        self.status.say("answering …" if self.sending.running else "")

    def _say_place(self) -> None:
        self.telling.place()

    def _bring(self, numbers: frozenset[int]) -> None:
        self.bridge.tell(lambda workspace: workspace.hub.bring(numbers))

    def _complete(self) -> None:
        self.completing.take()

    def _marked(self) -> tuple[Query, ...]:
        """Return the filters that only mark lines."""
        only = self.snapshot is None or self.narrowing.now.matches_only
        return () if only or self.snapshot is None else self.snapshot.understood.queries

    def toggle_timeline(self) -> None:
        """Show the timeline, or hide it."""
        self.timeline.display = not self.timeline.display
        self.telling.want_timeline()
        self.telling.place()

    def on_want_older(self, event: WantOlder) -> None:
        event.stop()
        start(self, "older", self.taking.read_older)

    # ── keys ──

    def press(self, key: Key) -> None:
        """Do what a key does, in the panel that it belongs to."""
        panels: dict[Where, Widget] = {
            Where.TREE: self.cluster_tree,
            Where.LOGS: self.pane,
            Where.ASSISTANT: self.assistant,
        }
        owner = panels.get(key.where, self)
        if (action := action_of(owner, key)) is not None:
            start(self, "", app_of(self).run_action, action, owner)

    def action_do(self, key: str) -> None:
        """Do what a key of the table stands for."""
        self._actions[key]()

    def action_next_panel(self) -> None:
        self.panels.step(1)
        self._arrange(focus=True)

    def action_previous_panel(self) -> None:
        self.panels.step(-1)
        self._arrange(focus=True)

    def ask(self, text: str) -> None:
        """Ask about the selection, or about what shows; "" for a summary."""
        from hallucino_tui.assistant.tasks import Task  # noqa: PLC0415 - not before the first frame

        self._show_assistant()
        start(self, "ask", self.asking.ask, Task.ASK if text else Task.SUMMARISE, text)

    def explain(self) -> None:
        """Ask what the line under the cursor means."""
        self._show_assistant()
        start(self, "ask", self.asking.explain)

    async def compare(self) -> None:
        """Keep lines to compare them, or ask what differs."""
        if await self.asking.compare():
            self._show_assistant()

    def report(self) -> None:
        """Write up the selection, or what shows, without a model, and go there: it is to be read now."""
        self.go("assistant")
        start(self, "ask", self.reporting.write)

    def pin_answer(self) -> None:
        """Keep the answer in the notebook."""
        answer = self.sending.pinned()
        if answer is None:
            self.notify("There is no answer to keep yet: select lines and press s.")
        else:
            self.notebooks.pin_answer(answer)

    def _show_assistant(self) -> None:
        self.panels.show("assistant")
        self._arrange(focus=True)

    # ── panels ──

    def full_screen(self) -> None:
        self.panels.full = not self.panels.full
        self._arrange(focus=True)

    def toggle(self, panel: Panel) -> None:
        self.panels.toggle(panel)
        self._arrange(focus=True)

    def go(self, panel: Panel) -> None:
        """Show a panel and put the keys there."""
        self.panels.focus(panel)
        self._arrange(focus=True)

    def _arrange(self, *, focus: bool = False) -> None:
        """Show the panels that have room, and put the keys where they belong."""
        visible = self.panels.visible()
        widgets: dict[Panel, Widget] = {"tree": self.cluster_tree, "logs": self.pane, "assistant": self.assistant}
        places: dict[Panel, Widget] = {**widgets, "logs": self._center}
        for panel in ORDER:
            places[panel].display = panel in visible
            places[panel].set_class(len(visible) == 1, "alone")
        is_below = self.panels.typing and "logs" not in visible
        if is_below:
            self._center.display = True
        self._center.set_class(is_below, "field-only")
        if focus:
            self.set_focus(widgets[self.panels.focused])
        self._show_keys()
        self.call_after_refresh(self.telling.want_timeline)

    def _show_keys(self) -> None:
        where = {Where.ANYWHERE, Where(self.panels.focused)}
        keys = [key for key in self._keys if key.footer and key.keys and key.where in where]
        self.key_line.show(sorted(keys, key=lambda key: key.footer))

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        panels: dict[Widget, Panel] = {self.cluster_tree: "tree", self.pane: "logs", self.assistant: "assistant"}
        self.panels.focused = panels.get(event.widget, self.panels.focused)
        self._show_keys()

    def on_key_line_clicked(self, event: KeyLine.Clicked) -> None:
        event.stop()
        self.press(event.key)
