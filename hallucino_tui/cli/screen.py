"""The screen: joins cluster, hub, model and app."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING, Any

import msgspec

from hallucino_tui.cli.common import Refused, categories_of, choice_of, complain, settings_of, since_of
from hallucino_tui.cli.rules import keys_of, redactor_of
from hallucino_tui.cli.signals import ended_by_signals

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from hallucino_tui.config.settings import Settings
    from hallucino_tui.insight.categories import Categories
    from hallucino_tui.logs.spilled import Spill
    from hallucino_tui.logs.stream import StreamTable
    from hallucino_tui.session.asking import Asking
    from hallucino_tui.session.choice import Choice
    from hallucino_tui.session.clock import Clock
    from hallucino_tui.session.cluster import Clusters
    from hallucino_tui.session.interactive import InteractiveRunner
    from hallucino_tui.session.workspace import Workspace, WorkspaceSnapshot
    from hallucino_tui.ui.app import HallucinoApp

    MakeClusters = Callable[[StreamTable, Clock, InteractiveRunner], Clusters]


def run(arguments: argparse.Namespace) -> int:
    """Open the screen with the choice of a command line; return the exit code."""
    try:
        settings, choice, since = settings_of(arguments), choice_of(arguments), since_of(arguments)
        tail = settings.logs.tail if arguments.tail is None else arguments.tail

        def clusters(table: StreamTable, clock: Clock, ask: InteractiveRunner) -> Clusters:
            from hallucino_tui.sources.kubernetes.cluster import KubernetesClusters

            bound = None if since is not None and arguments.tail is None else tail
            return KubernetesClusters(arguments.kubeconfig, table, clock, tail=bound, since=since, ask=ask)

        return open_screen(settings, choice, clusters, arguments.context, spill=arguments.spill)
    except Refused as refused:
        complain(str(refused))
        return refused.code


def open_screen(
    settings: Settings,
    choice: Choice,
    make_clusters: MakeClusters,
    context: str | None,
    *,
    spill: bool = False,
    live: bool = True,
) -> int:
    """Run the app until the user leaves; return the exit code.

    Args:
        settings: The settings.
        choice: What to read.
        make_clusters: Makes what opens clusters; called after the first frame, in another thread.
        context: The context to open; None for the current one.
        spill: Whether to keep on disk what leaves memory, whatever the settings say.
        live: Whether new lines come as they are written.

    Raises:
        Refused: Keys or themes make it impossible.
    """
    from hallucino_tui.session.clock import SystemClock
    from hallucino_tui.session.garbage import keep_pauses_short

    # Libraries that warn on standard error would write over the screen.
    logging.getLogger().addHandler(logging.NullHandler())
    if spill:
        settings = msgspec.structs.replace(settings, logs=msgspec.structs.replace(settings.logs, spill=True))
    app = make_app(settings, choice, make_clusters, context, live=live)
    engine = app.bridge.parts.engine
    engine.submit(keep_pauses_short(SystemClock()))
    with ended_by_signals(app.exit):
        try:
            code = app.run()
        finally:
            engine.stop()
    return app.return_code or 0 if code is None else code


def make_app(
    settings: Settings, choice: Choice, make_clusters: MakeClusters, context: str | None, *, live: bool = True
) -> HallucinoApp:
    """Join app and engine; the engine starts after the app's first frame, and who runs the app stops it.

    Raises:
        Refused: Keys or themes make it impossible.
    """
    from hallucino_tui.config.paths import notebook_folder
    from hallucino_tui.config.themes import load_themes
    from hallucino_tui.logs.stream import StreamTable
    from hallucino_tui.session.engine import Engine
    from hallucino_tui.sinks.clipboard import copy_to_desktop
    from hallucino_tui.sinks.notebooks import NotebookFolder
    from hallucino_tui.ui.app import HallucinoApp
    from hallucino_tui.ui.bridge import Parts
    from hallucino_tui.ui.suspended import SuspendedRunner

    keys = keys_of(settings)
    # A wrong rule is refused before the screen opens. Without any, what this brings is not needed that early.
    categories = categories_of(settings) if settings.categories else None
    if settings.assistant.redaction.rules:
        redactor_of(settings)
    themes = load_themes()
    if "dark" not in themes.by_name:
        raise Refused("The shipped themes are missing: install Hallucino again.")
    table, runner, engine = StreamTable(), SuspendedRunner(), Engine()

    def make(listener: Callable[[WorkspaceSnapshot], None]) -> tuple[Workspace, Asking]:
        return _make_session(
            settings, choice, table, lambda clock: make_clusters(table, clock, runner), listener, categories
        )

    parts = Parts(engine, table, make, _save, copy_to_desktop, context, live=live)
    app = HallucinoApp(parts, settings, keys, themes, runner.attach)
    app.problems = (*themes.problems, *_problems_of_prompts())
    app.main_screen.notebooks.shelf = NotebookFolder(notebook_folder())
    return app


def _problems_of_prompts() -> Sequence[str]:
    """Return what is wrong with the user's own prompts. Without any, what this brings is not needed that early."""
    from hallucino_tui.config.paths import config_folder

    folder = config_folder() / "prompts"
    if not folder.is_dir():
        return ()
    from hallucino_tui.assistant.prompts import load_prompts

    return load_prompts(folder).problems


def _make_session(
    settings: Settings,
    choice: Choice,
    table: StreamTable,
    clusters: Callable[[Clock], Clusters],
    listener: Callable[[WorkspaceSnapshot], None],
    categories: Categories | None,
) -> tuple[Workspace, Asking]:
    """Build what works behind the screen; called in a thread, because what it imports takes long."""
    from hallucino_tui.logs.store import Bounds
    from hallucino_tui.session.clock import SystemClock
    from hallucino_tui.session.workspace import Workspace

    clock = SystemClock()
    logs = settings.logs
    bounds = Bounds(logs.most_lines, logs.most_megabytes << 20, logs.most_older_megabytes << 20)
    spill, problem = _make_spill() if logs.spill else (None, "")
    workspace = Workspace(clusters(clock), table, choice, clock, listener, bounds, spill)
    workspace.hub.store.spill_problem = problem
    if categories is not None:
        workspace.sort_by(categories)
    return workspace, _make_asking(settings, table, workspace)


def _make_asking(settings: Settings, table: StreamTable, workspace: Workspace) -> Asking:
    """Build what asks about the lines of a workspace."""
    from hallucino_tui.assistant.prompts import load_prompts
    from hallucino_tui.assistant.redact import Redactor
    from hallucino_tui.cli.common import agreements, make_models
    from hallucino_tui.config.paths import config_folder
    from hallucino_tui.session.asking import Asking

    agreed = agreements()
    models = make_models(settings, agreed)
    asking = Asking(models.model, table, agreed, settings.assistant.confirm, workspace.reporter.write)
    asking.models = models
    asking.patterns, asking.surroundings = workspace.patterns, workspace.surroundings
    asking.prompts = load_prompts(config_folder() / "prompts")
    asking.make_redactor = lambda: Redactor(settings.assistant.redaction)
    return asking


def _make_spill() -> tuple[Spill | None, str]:
    """Return what keeps on disk what leaves memory, or None and one sentence if there is no place for it."""
    from hallucino_tui.config.paths import state_folder
    from hallucino_tui.sinks.spill import FileSpill

    folder = state_folder() / "spill"
    try:
        return FileSpill(folder), ""
    except OSError as error:
        return (
            None,
            f"Lines that leave memory cannot be kept in {folder} ({error.strerror or error}): they are given up.",
        )


async def _save(path: str, pieces: Any) -> int:  # noqa: ANN401 - an iterator of bytes; aiofiles loads on first use
    from hallucino_tui.sinks.files import save_lines

    with contextlib.closing(pieces) if hasattr(pieces, "close") else contextlib.nullcontext():
        return await save_lines(path, pieces)
