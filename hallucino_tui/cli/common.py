"""What the commands share: settings, choices, models, and one sentence for what goes wrong."""

from __future__ import annotations

import asyncio
import errno
import os
import sys
from contextlib import contextmanager
from datetime import UTC
from typing import TYPE_CHECKING, Any

import msgspec

from hallucino_tui.config.agreements import Agreements
from hallucino_tui.config.keys import KeysError
from hallucino_tui.config.paths import settings_file, state_folder
from hallucino_tui.config.settings import ModelSettings, Settings, SettingsError, load_settings
from hallucino_tui.logs.text import shown
from hallucino_tui.session.choice import Choice, ChoiceError, parse_duration, parse_target
from hallucino_tui.session.cluster import SourceError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Coroutine, Generator
    from datetime import tzinfo

    from hallucino_tui.insight.categories import Categories
    from hallucino_tui.logs.query.ast import Query
    from hallucino_tui.session.chat import ChatModel
    from hallucino_tui.session.model_list import ModelList


class Refused(Exception):  # noqa: N818 - it is no failure of the program
    """The command cannot be done; ``str(error)`` is the sentence for the user."""

    def __init__(self, sentence: str, code: int = 1) -> None:
        super().__init__(sentence)
        self.code = code


def complain(sentence: str) -> None:
    """Say what is wrong, where errors go."""
    print(f"hallucino: {harmless(sentence)}", file=sys.stderr)  # noqa: T201 - this is the command line


def stop_writing() -> None:
    """Give up on the output: whoever read it has enough, and nothing can be written, not even at the very end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def harmless(sentence: str) -> str:
    """Return a sentence without the commands and secrets that a server or a login plugin may have put into it."""
    from hallucino_tui.assistant.redact import Redactor

    return Redactor().redact(shown(sentence))


@contextmanager
def sentences() -> Generator[None]:
    """Turn what may go wrong before anything runs into sentences."""
    try:
        yield
    except (SettingsError, KeysError, ChoiceError) as error:
        raise Refused(str(error), 2) from error


def run_to_end(work: Coroutine[object, object, int], *, unheard: int = 0) -> int:
    """Run a command; return its exit code. What goes wrong is one sentence.

    Args:
        work: The command.
        unheard: The exit code if nobody reads what it prints any more.
    """
    try:
        return asyncio.run(_told_in_sentences(work))
    except Refused as refused:
        complain(str(refused))
        return refused.code
    except SourceError as error:
        complain(str(error))
        return 1
    except BrokenPipeError:
        stop_writing()
        return unheard
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        complain("What is to be printed cannot be written: no space is left there; make room, or write elsewhere.")
        stop_writing()
        return 1


async def _told_in_sentences(work: Coroutine[object, object, int]) -> int:
    """Do something; what fails beside it, where nobody waits for it, is told without the values that it was about."""
    asyncio.get_running_loop().set_exception_handler(_tell_defect)
    return await work


def _tell_defect(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    error = context.get("exception")
    if isinstance(error, Exception):
        from hallucino_tui.config.defects import report_defect

        complain(report_defect(error))


def settings_of(arguments: argparse.Namespace) -> Settings:
    """Return the settings: file, environment, and what the command line says over them.

    Raises:
        Refused: They are wrong.
    """
    with sentences():
        settings = load_settings(settings_file())
    base_url, name = getattr(arguments, "base_url", ""), getattr(arguments, "model", "")
    if name and not base_url and (labelled := _labelled(settings, name)) is not None:
        return labelled
    model = settings.assistant.model
    if base_url or name:
        model = msgspec.structs.replace(model, base_url=base_url or model.base_url, name=name or model.name)
        if settings.assistant.models and not base_url:
            _refuse_nowhere(model, settings)
        settings = msgspec.structs.replace(settings, assistant=msgspec.structs.replace(settings.assistant, model=model))
    return settings


def _refuse_nowhere(model: ModelSettings, settings: Settings) -> None:
    """Refuse a name of a model for which no server is set up: another model than the one meant would be asked.

    Raises:
        Refused: There is no server for it.
    """
    from hallucino_tui.models.endpoint import HOW_TO_SET_UP, EndpointError, place_of

    try:
        place_of(model)
    except EndpointError as error:
        if str(error) == HOW_TO_SET_UP:
            known = ", ".join(one.label or one.name for one in settings.assistant.models)
            raise Refused(f"The settings know no model {model.name!r}: they know {known}.", 2) from error


def _labelled(settings: Settings, label: str) -> Settings | None:
    """Return settings whose first model is the one that the user calls so; None if there is none.

    Raises:
        Refused: Several models have this name, and none of them this label.
    """
    assistant = settings.assistant
    models = (assistant.model, *assistant.models)
    named = [model for model in models if model.name == label]
    found = next((model for model in models if model.label == label), named[0] if len(named) == 1 else None)
    if found is None and len(named) > 1:
        labels = ", ".join(model.label or "one without a label" for model in named)
        raise Refused(f"Several models of the settings are named {label!r}: choose one by its label ({labels}).", 2)
    if found is None:
        return None
    others = tuple(model for model in models if model is not found)
    return msgspec.structs.replace(settings, assistant=msgspec.structs.replace(assistant, model=found, models=others))


def categories_of(settings: Settings) -> Categories:
    """Return what says of lines and events what they are about, with the rules of the settings.

    Raises:
        Refused: One of these rules is wrong.
    """
    from hallucino_tui.insight.categories import Categories

    with sentences():
        return Categories(settings.categories)


def choice_of(arguments: argparse.Namespace) -> Choice:
    """Return which containers a command line means.

    Raises:
        Refused: It makes no sense.
    """
    namespaces = tuple(name for part in arguments.namespace for name in part.split(",") if name)
    if namespaces and arguments.all_namespaces:
        raise Refused("Give either -n or -A: both at once make no sense.", 2)
    with sentences():
        kind, name, pattern = parse_target(arguments.target)
    return Choice(
        namespaces,
        arguments.all_namespaces,
        arguments.selector,
        kind,
        name,
        pattern,
        arguments.pod,
        arguments.container,
    )


def since_of(arguments: argparse.Namespace) -> float | None:
    """Return how many seconds back to read; None for no bound.

    Raises:
        Refused: It is no duration.
    """
    with sentences():
        return parse_duration(arguments.since) if arguments.since else None


def picks(arguments: argparse.Namespace) -> bool:
    """Say whether a command line wants anything but all lines as they are."""
    raw = getattr(arguments, "output", "raw") == "raw"
    return not raw or any(getattr(arguments, name, None) for name in ("query", "count", "limit"))


def query_of(arguments: argparse.Namespace) -> Query | None:
    """Return what lines have to pass; None for all of them.

    Raises:
        Refused: It is no query.
    """
    if not arguments.query.strip():
        return None
    from hallucino_tui.logs.query.errors import QueryError
    from hallucino_tui.logs.query.plain import parse_filter

    try:
        return parse_filter(arguments.query)
    except QueryError as error:
        raise Refused(str(error), 2) from error


def zone_of(arguments: argparse.Namespace) -> tzinfo:
    """Return the zone of times that name none: what the command line says, or the machine's own.

    Raises:
        Refused: There is no such zone.
    """
    from datetime import datetime
    from zoneinfo import ZoneInfo

    local = datetime.now().astimezone().tzinfo
    if not arguments.zone:
        return _local_zone() or local or UTC
    try:
        return ZoneInfo(arguments.zone)
    except (OSError, ValueError, KeyError) as error:  # a zone that is not found is a KeyError
        raise Refused(
            f"There is no time zone {arguments.zone!r}: write for example UTC or Europe/Berlin.", 2
        ) from error


def _local_zone() -> tzinfo | None:
    """Return the machine's zone with its summer times; None if it cannot be told."""
    from pathlib import Path
    from zoneinfo import ZoneInfo

    name = os.environ.get("TZ", "").removeprefix(":")
    try:
        if name:
            return ZoneInfo(name)
        with Path("/etc/localtime").open("rb") as file:
            return ZoneInfo.from_file(file, "local")
    except (OSError, ValueError, KeyError):
        return None


def make_model(settings: Settings) -> ChatModel:
    """Return the model that is set up, or one that says how to set one up. May run the settings' key command."""
    return make_models(settings).model()


def make_models(settings: Settings, agreed: Agreements | None = None) -> ModelList:
    """Return all models that are set up. None of them is made yet, and no key command is run.

    Args:
        settings: Name the models.
        agreed: The hosts that the user agreed to; None for those of the runs before.
    """
    from hallucino_tui.config.quotas import Quotas
    from hallucino_tui.models.catalog import specs_of
    from hallucino_tui.session.clock import SystemClock
    from hallucino_tui.session.model_list import ModelList

    confirm = settings.assistant.confirm
    hosts = {"always": (), "never": _AllHosts(), "new-host": agreements() if agreed is None else agreed}[confirm]
    specs = specs_of(settings.assistant, agreed=hosts)
    return ModelList(specs, SystemClock(), Quotas(state_folder() / "asked-models.json"))


class _AllHosts:
    """Every host: the user wants not to be asked."""

    def __contains__(self, host: object) -> bool:
        return True


def agreements() -> Agreements:
    """Return the hosts that were agreed to."""
    return Agreements(state_folder() / "agreed-hosts.json")
