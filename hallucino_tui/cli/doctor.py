"""`hallucino doctor`: one sentence for each thing that has to be right."""

from __future__ import annotations

import asyncio
import locale
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from hallucino_tui.assistant.prompts import load_prompts
from hallucino_tui.cli.common import Refused, categories_of, complain, harmless, settings_of, stop_writing
from hallucino_tui.cli.rules import keys_of, redactor_of
from hallucino_tui.config.paths import config_folder
from hallucino_tui.config.themes import load_themes
from hallucino_tui.logs.stream import StreamTable
from hallucino_tui.models.catalog import specs_of
from hallucino_tui.models.openai_chat import OpenAIChat
from hallucino_tui.models.unset import NoModel
from hallucino_tui.session.clock import SystemClock
from hallucino_tui.session.cluster import SourceError
from hallucino_tui.sources.kubernetes.cluster import KubernetesClusters

if TYPE_CHECKING:
    import argparse
    from collections.abc import AsyncIterator, Callable, Iterator

    from hallucino_tui.config.settings import Settings
    from hallucino_tui.session.model_list import ModelSpec
    from hallucino_tui.sources.kubernetes.client import Client

_SLOW_ESCAPE: Final = 50


class Finding(NamedTuple):
    """What was found.

    Attributes:
        mark: ``ok``, ``note`` for what works but could be better, ``FAIL``.
        text: One sentence.
    """

    mark: str
    text: str


class _Version(msgspec.Struct):
    gitVersion: str = "?"  # noqa: N815 - the API's own name


# What is asked for, in which words, and whether nothing works without it.
_RIGHTS: Final = (
    ("list", "pods", "", "list pods", True),
    ("get", "pods", "log", "read logs", True),
    ("watch", "pods", "", "watch pods (without it they are read every few seconds)", False),
    ("get", "pods", "", "get a pod (without it a restart is noticed later)", False),
    ("list", "namespaces", "", "list namespaces (without it only chosen ones show)", False),
    ("list", "events", "", "read events (without it describe shows none)", False),
)


def run(arguments: argparse.Namespace) -> int:
    """Print all findings; return 1 if any of them is a failure."""
    try:
        return asyncio.run(_run(arguments, settings_of(arguments)))
    except Refused as refused:
        complain(str(refused))
        return refused.code
    except BrokenPipeError:
        stop_writing()
        return 1
    except KeyboardInterrupt:
        return 130


async def _run(arguments: argparse.Namespace, settings: Settings) -> int:
    failed = False
    async for finding in _findings(arguments, settings):
        failed = failed or finding.mark == "FAIL"
        sys.stdout.write(f"{finding.mark:<5} {harmless(finding.text)}\n")
        sys.stdout.flush()
    return int(failed)


async def _findings(arguments: argparse.Namespace, settings: Settings) -> AsyncIterator[Finding]:
    for finding in _settings(settings):
        yield finding
    async for finding in _cluster(arguments):
        yield finding
    for spec in specs_of(settings.assistant):
        yield await _model(spec)
    for finding in _terminal():
        yield finding


def _settings(settings: Settings) -> Iterator[Finding]:
    """Yield what commands would refuse or leave out, each of them not before it needs it."""
    checks: tuple[Callable[[Settings], object], ...] = (redactor_of, categories_of, keys_of)
    for check in checks:
        try:
            check(settings)
        except Refused as refused:
            yield Finding("FAIL", str(refused))
    for problem in (*load_themes().problems, *load_prompts(config_folder() / "prompts").problems):
        yield Finding("note", problem)


async def _cluster(arguments: argparse.Namespace) -> AsyncIterator[Finding]:
    clusters = KubernetesClusters(arguments.kubeconfig, StreamTable(), SystemClock())
    try:
        client = await clusters.connect(arguments.context)
    except SourceError as error:
        yield Finding("FAIL", str(error))
        return
    connection = client.connection
    namespace = arguments.namespace or connection.namespace
    yield Finding(
        "ok", f"The kubeconfig's context {connection.context} leads to {connection.server}, namespace {namespace}."
    )
    try:
        version = await client.get("/version", _Version, seconds=15)
        yield Finding("ok", f"The cluster answers: Kubernetes {version.gitVersion}.")
        async for finding in _rights(client, namespace):
            yield finding
    except SourceError as error:
        yield Finding("FAIL", str(error))
    finally:
        await client.close()


async def _rights(client: Client, namespace: str) -> AsyncIterator[Finding]:
    for verb, resource, subresource, words, needed in _RIGHTS:
        where = "" if resource == "namespaces" else namespace
        if await client.review(verb, resource, where, subresource):
            yield Finding("ok", f"You may {words.partition(' (')[0]}{f' in {where}' if where else ''}.")
        else:
            mark = "FAIL" if needed else "note"
            yield Finding(
                mark, f"You may not {words}{f' in {where}' if where else ''}: ask for the role in the README."
            )


async def _model(spec: ModelSpec) -> Finding:
    model = await asyncio.to_thread(spec.make)
    if isinstance(model, NoModel):
        return Finding("note", model.reason)
    if not isinstance(model, OpenAIChat):
        await model.close()
        return Finding("ok", f"The model is {model.name}, on {model.host}.")
    wrong = await model.check()
    await model.close()
    if wrong is not None:
        return Finding("FAIL", wrong.sentence)
    return Finding("ok", f"The model server at {model.host} answers, and {model.name} would be asked.")


def _terminal() -> Iterator[Finding]:
    columns, lines = shutil.get_terminal_size()
    if not sys.stdout.isatty():
        yield Finding("note", "The output is no terminal, so the terminal was not looked at.")
        return
    encoding = locale.getpreferredencoding(do_setlocale=False)
    if encoding.lower().replace("-", "") != "utf8":
        yield Finding("note", f"The locale's encoding is {encoding}: set LANG to one with UTF-8, or lines look wrong.")
    small = columns < 80 or lines < 24
    size = f"The terminal has {columns} columns and {lines} lines"
    yield Finding(
        "note" if small else "ok", f"{size}: 80 by 24 is the least that is comfortable." if small else f"{size}."
    )
    if os.environ.get("TMUX"):
        yield _tmux()


def _tmux() -> Finding:
    try:
        done = subprocess.run(
            ["tmux", "show-options", "-gv", "escape-time"],  # noqa: S607
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        )
        delay = int(done.stdout.strip() or 0)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return Finding("note", "This is tmux, and its escape-time cannot be read: 10 is a good value.")
    if delay > _SLOW_ESCAPE:
        return Finding(
            "note", f"tmux holds back esc for {delay} ms: put 'set -sg escape-time 10' into its configuration."
        )
    return Finding("ok", f"tmux passes esc on after {delay} ms.")
