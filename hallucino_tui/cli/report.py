"""`hallucino report`: what happened and what it began with, as Markdown or JSON, without any model."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any, Final

from hallucino_tui.cli.common import categories_of, complain, run_to_end, settings_of, stop_writing

if TYPE_CHECKING:
    import argparse

    from hallucino_tui.assistant.redact import Redactor
    from hallucino_tui.cli.baselines import Asked
    from hallucino_tui.cli.gathering import Material
    from hallucino_tui.insight.categories import Categories

INCIDENT: Final = 3
"""Exit code for an incident; 1 and 2 are for what goes wrong with the command itself."""


def run(arguments: argparse.Namespace) -> int:
    """Print a report; return the exit code."""
    return run_to_end(_run(arguments))


async def _run(arguments: argparse.Namespace) -> int:
    settings = settings_of(arguments)
    from hallucino_tui.cli.baselines import asked_for
    from hallucino_tui.cli.gathering import read_containers, read_files
    from hallucino_tui.cli.rules import redactor_of

    baseline, categories, redactor = asked_for(arguments), categories_of(settings), redactor_of(settings)
    material = await (read_files if arguments.files else read_containers)(arguments)
    text, is_incident = await asyncio.to_thread(_write, arguments, material, baseline, categories, redactor)
    _print(text)
    if not (len(material.gathered.lines) or material.happenings.events):
        if not material.gaps:
            complain("There is no line to report on.")
        return 2  # what could not be read was said when it happened
    if is_incident:
        return INCIDENT
    return 1 if material.gaps else 0


def _write(
    arguments: argparse.Namespace,
    material: Material,
    asked: Asked | None,
    categories: Categories,
    redactor: Redactor,
) -> tuple[str, bool]:
    """Return the report as it is printed, and whether it tells of an incident."""
    import msgspec

    from hallucino_tui.cli.baselines import save
    from hallucino_tui.cli.places import Places
    from hallucino_tui.insight.report.evidence import Evidence
    from hallucino_tui.insight.report.json_form import to_json
    from hallucino_tui.insight.report.make import make_report
    from hallucino_tui.insight.report.markdown import to_markdown
    from hallucino_tui.insight.report.statements import Purpose
    from hallucino_tui.insight.templates.miner import Miner
    from hallucino_tui.logs.severity import CONTINUED
    from hallucino_tui.session.report_secrets import without_secrets

    lines, happenings = material.gathered.lines, material.happenings
    if not (len(lines) or happenings.events):
        nothing: dict[str, Any] = {"statements": [], "first_cause": None, "incident": False}
        return (f"{msgspec.json.encode(nothing).decode()}\n" if arguments.json else ""), False
    baseline = None if asked is None else asked.of(lines)
    miner = Miner()
    templates = miner.resolve(miner.add(lines.text, lines.levels & CONTINUED > 0))
    if arguments.save_baseline:
        save(arguments.save_baseline, lines, templates, [template.id for template in miner.templates])
    evidence = Evidence(
        lines,
        templates,
        miner.templates,
        happenings.events,
        happenings.pods,
        happenings.pods_before,
        tuple(material.gaps),
    )
    report = make_report(evidence, Purpose(arguments.purpose), baseline=baseline, categories=categories)
    report, evidence = without_secrets(report, evidence, redactor)
    places = Places(material.gathered, happenings.events, arguments.events)
    if arguments.json:
        found = to_json(report, evidence, places.place)
        return f"{msgspec.json.encode(found).decode()}\n", report.is_incident
    text = to_markdown(report, evidence, places.cite).rstrip("\n") + "\n"
    for label in places.labels:  # nothing is called like them, so they are no links, and read better as they are
        text = text.replace(f"\\[{label}\\]", f"[{label}]")
    return text + places.legend(), report.is_incident


def _print(text: str) -> None:
    from hallucino_tui.logs.text import shown_lines

    try:
        sys.stdout.write(shown_lines(text) if sys.stdout.isatty() else text)
        sys.stdout.flush()
    except BrokenPipeError:  # who reads has enough; the exit code still tells what was found
        stop_writing()
