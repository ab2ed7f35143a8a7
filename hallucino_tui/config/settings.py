"""The settings: typed, from one file and the environment. README's table is made from the descriptions here."""

from __future__ import annotations

import os
import re
import tomllib
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, get_args, get_origin, get_type_hints

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Text = msgspec.Meta


class SettingsError(ValueError):
    """The settings cannot be used; ``str(error)`` says where and why."""


class ScreenSettings(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """How the screen looks."""

    theme: Annotated[str, Text(description="Name of a theme: shipped ones, or a file in the themes folder")] = "dark"
    keys: Annotated[Literal["default", "k9s", "less"], Text(description="Preset of keys that single keys override")] = (
        "default"
    )
    timestamps: Annotated[
        Literal["off", "local", "utc", "delta"], Text(description="How the time of a line shows at the start")
    ] = "local"
    wrap: Annotated[bool, Text(description="Whether long lines wrap at the start")] = False
    timeline: Annotated[bool, Text(description="Whether the timeline shows at the start")] = True
    tree_width: Annotated[int, Text(description="Columns of the cluster tree", ge=16, le=80)] = 28


class LogSettings(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """How much is read and kept."""

    tail: Annotated[int, Text(description="Lines of each container that are read at the start", ge=0)] = 1000
    most_lines: Annotated[int, Text(description="Lines that are kept; the oldest leave first", ge=10_000)] = 5_000_000
    most_megabytes: Annotated[int, Text(description="Memory for them, in MiB", ge=16)] = 1024
    spill: Annotated[bool, Text(description="Whether lines that leave memory are kept compressed on disk")] = False
    most_older_megabytes: Annotated[
        int, Text(description="Memory for lines that are read backwards on request, in MiB", ge=16)
    ] = 256


class ModelSettings(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One language model."""

    label: Annotated[str, Text(description="What you call it; the model's name if empty")] = ""
    name: Annotated[str, Text(description="The model's name at its server (for Azure: of the deployment)")] = ""
    kind: Annotated[
        Literal["openai", "azure", "local"],
        Text(description="How to speak to it; local starts a server here, for the .gguf file in name or for a toy"),
    ] = "openai"
    base_url: Annotated[str, Text(description="Address of an OpenAI-compatible server, or of the Azure resource")] = ""
    api_version: Annotated[str, Text(description="Azure's api-version")] = "2024-10-21"
    key_env: Annotated[str, Text(description="Environment variable that holds the key")] = ""
    key_file: Annotated[str, Text(description="File that holds the key; only its owner may read it")] = ""
    key_command: Annotated[str, Text(description="Command that prints the key")] = ""
    context: Annotated[int, Text(description="Tokens that fit, if the server does not tell; 0 for unknown", ge=0)] = 0
    answer: Annotated[int, Text(description="Most tokens of an answer", ge=16)] = 1024
    patience: Annotated[
        float, Text(description="Seconds without a word from the server after which it is given up", gt=0)
    ] = 60.0
    schema: Annotated[
        Literal["auto", "on", "off"],
        Text(description="Whether the server is asked to hold the answer to a JSON schema"),
    ] = "auto"
    per_minute: Annotated[int, Text(description="Most questions in a minute; 0 for no limit", ge=0)] = 0
    per_day: Annotated[int, Text(description="Most questions in a day; 0 for no limit", ge=0)] = 0
    price_sent: Annotated[float, Text(description="Price of a million tokens that are sent, 0 if unknown", ge=0)] = 0.0
    price_answered: Annotated[float, Text(description="Price of a million tokens of answers, 0 if unknown", ge=0)] = 0.0


class RedactionRule(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A rule of the user for what must not leave the machine."""

    name: Annotated[str, Text(description="Name of the rule, which stands in the pseudonym", min_length=1)]
    pattern: Annotated[
        str, Text(description="Regular expression; a group named secret is what is replaced", min_length=1)
    ]


class RedactionSettings(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What is replaced besides secrets before anything is sent."""

    emails: Annotated[bool, Text(description="Whether e-mail addresses are replaced")] = True
    addresses: Annotated[bool, Text(description="Whether IP addresses are replaced")] = False
    hosts: Annotated[bool, Text(description="Whether host names are replaced")] = False
    rules: tuple[RedactionRule, ...] = msgspec.field(default_factory=tuple[RedactionRule, ...])


class AssistantSettings(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What is asked, and when a question needs the user's word."""

    confirm: Annotated[
        Literal["always", "new-host", "never"], Text(description="When what will be sent is shown first")
    ] = "new-host"
    model: Annotated[ModelSettings, Text(description="The language model")] = msgspec.field(
        default_factory=ModelSettings
    )
    models: tuple[ModelSettings, ...] = msgspec.field(default_factory=tuple[ModelSettings, ...])
    redaction: Annotated[RedactionSettings, Text(description="What is replaced before it is sent")] = msgspec.field(
        default_factory=RedactionSettings
    )


class CategorySettings(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A rule of the user that sorts templates of lines."""

    name: Annotated[str, Text(description="Name of the rule, which is shown beside what it decided", min_length=1)]
    pattern: Annotated[str, Text(description="Regular expression that a line or its template matches", min_length=1)]
    category: Annotated[Literal["incident", "preventive_action", "normal"], Text(description="What such lines are")]


class Settings(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """All settings."""

    screen: ScreenSettings = msgspec.field(default_factory=ScreenSettings)
    logs: LogSettings = msgspec.field(default_factory=LogSettings)
    assistant: AssistantSettings = msgspec.field(default_factory=AssistantSettings)
    keys: dict[str, str] = msgspec.field(default_factory=dict[str, str])
    categories: tuple[CategorySettings, ...] = msgspec.field(default_factory=tuple[CategorySettings, ...])


_PREFIX: Final = "HALLUCINO_"


def load_settings(path: Path, environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings file, if there is one, and what the environment says over it.

    Args:
        path: The file.
        environment: Variables; None for the process's own.

    Raises:
        SettingsError: A value is wrong.
    """
    environment = os.environ if environment is None else environment
    raw = _read(path)
    try:
        settings = msgspec.convert(raw, Settings)
    except msgspec.ValidationError as error:
        raise SettingsError(f"The settings file {path} is wrong: {_plain(str(error))}.") from error
    settings = _with_environment(raw, settings, environment)
    _refuse_one_label_twice(settings.assistant)
    return settings


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"The settings file {path} is not valid TOML: {error}.") from error
    except IsADirectoryError as error:
        raise SettingsError(f"The settings file {path} is a folder: put a file in its place.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The settings file {path} cannot be read: {error}.") from error


def _refuse_one_label_twice(assistant: AssistantSettings) -> None:
    """Refuse models that are called the same: nobody could say which of them is asked.

    Raises:
        SettingsError: Two have one label.
    """
    labels = [model.label for model in (assistant.model, *assistant.models) if model.label]
    if twice := next((label for label in labels if labels.count(label) > 1), ""):
        raise SettingsError(f"The settings call two models {twice!r}: give one of them another label.")


def variables() -> dict[str, tuple[str, ...]]:
    """Return the environment variables that set something, with the path of what they set."""
    return {_PREFIX + "_".join(path).upper(): path for path, _, _ in describe_settings() if path[0] != "keys"}


def describe_settings() -> list[tuple[tuple[str, ...], object, str]]:
    """Return path, default and description of every setting, in the order of the code."""
    return list(_describe(Settings, ()))


def _describe(kind: type[msgspec.Struct], path: tuple[str, ...]) -> list[tuple[tuple[str, ...], object, str]]:
    hints = get_type_hints(kind, include_extras=True)
    rows: list[tuple[tuple[str, ...], object, str]] = []
    for info in msgspec.structs.fields(kind):
        inner, text = _unwrap(hints[info.name])
        if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
            rows += _describe(inner, (*path, info.name))
        elif info.default is not msgspec.NODEFAULT:
            rows.append(((*path, info.name), info.default, text))
    return rows


def _unwrap(hint: Any) -> tuple[Any, str]:  # noqa: ANN401 - a type annotation can be anything
    if get_origin(hint) is Annotated:
        inner, meta, *_ = get_args(hint)
        return inner, meta.description or ""
    return hint, ""


def _with_environment(raw: dict[str, Any], settings: Settings, environment: Mapping[str, str]) -> Settings:
    for name, path in variables().items():
        if (value := environment.get(name)) is not None:
            branch = raw
            for part in path[:-1]:
                branch = branch.setdefault(part, {})
            branch[path[-1]] = value
            try:
                # Not strict: a number in a variable is text.
                settings = msgspec.convert(raw, Settings, strict=False)
            except msgspec.ValidationError as error:
                raise SettingsError(f"The variable {name} is wrong: {_plain(str(error))}.") from error
    return settings


def _plain(message: str) -> str:
    """Return the library's message without its notation for places."""
    plain = message.replace(" - at `$.", " at `").replace("Object contains unknown", "there is an unknown")
    if not message.startswith("Invalid enum value"):
        return plain
    return f"{plain.replace('Invalid enum', 'the')} is none of {', '.join(_choices(message))}"


def _choices(message: str) -> tuple[str, ...]:
    """Return the values of which the library says that none was given."""
    hint: Any = Settings
    # The path reads like `$.assistant.models[0].kind`.
    for name in re.sub(r"\[[^]]*\]", "", message.rpartition("`$.")[2].rstrip("`")).split("."):
        hint, _ = _unwrap(get_type_hints(hint, include_extras=True)[name])
        if get_origin(hint) is tuple:
            hint = get_args(hint)[0]
    return get_args(hint)
