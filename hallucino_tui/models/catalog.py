"""Which models the settings and the environment set up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hallucino_tui.models.endpoint import HOW_TO_SET_UP, EndpointError, place_of, resolve
from hallucino_tui.models.openai_chat import OpenAIChat
from hallucino_tui.models.unset import NoModel
from hallucino_tui.session.model_list import ModelSpec

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from hallucino_tui.config.settings import AssistantSettings, ModelSettings
    from hallucino_tui.session.chat import ChatModel


def specs_of(
    settings: AssistantSettings, environment: Mapping[str, str] | None = None, agreed: Container[str] = ()
) -> list[ModelSpec]:
    """Return all models, at least one: the one of ``assistant.model`` first, then those of ``assistant.models``.

    One that names no server is left out where another does. Runs no command for a key.

    Args:
        settings: Name the models.
        environment: Variables; None for the process's own.
        agreed: Hosts that may see lines before the user says of each question that it may go.
    """
    specs = [_spec(one, environment, agreed) for one in (settings.model, *settings.models)]
    return [spec for spec in specs if spec.problem != HOW_TO_SET_UP] or specs[:1]


def _spec(settings: ModelSettings, environment: Mapping[str, str] | None, agreed: Container[str]) -> ModelSpec:
    if settings.kind == "local":
        return _local(settings)
    host, name, problem = "", settings.name, ""
    try:
        host, name = place_of(settings, environment)
    except EndpointError as error:
        problem = str(error)

    def make() -> ChatModel:
        try:
            return OpenAIChat(resolve(settings, environment), agreed)
        except EndpointError as error:
            return NoModel(str(error))

    return ModelSpec(
        settings.label or name or host or "no name",
        host,
        name,
        make,
        problem,
        per_minute=settings.per_minute,
        per_day=settings.per_day,
        price_sent=settings.price_sent,
        price_answered=settings.price_answered,
        patience=settings.patience,
    )


def _local(settings: ModelSettings) -> ModelSpec:
    from hallucino_tui.models.local import (  # noqa: PLC0415 - few users have a model on their machine
        HOST,
        local_model,
        problem_of,
    )

    problem = problem_of(settings.name)
    name = settings.name.rpartition("/")[2].removesuffix(".gguf")
    label = settings.label or name or "toy"
    return ModelSpec(label, "" if problem else HOST, name, lambda: local_model(settings), problem)
