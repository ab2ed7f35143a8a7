"""Which server a model is asked at, and with which key. Keys come from the environment, a private file or a command."""

from __future__ import annotations

import ipaddress
import os
import shlex
import stat
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hallucino_tui.config.settings import ModelSettings

OPENAI: Final = "https://api.openai.com/v1"
_DEFAULT_MODEL: Final = "gpt-4.1-mini"
_COMMAND_SECONDS: Final = 20

HOW_TO_SET_UP: Final = (
    "No model is set up. Give the address of an OpenAI-compatible server (llama.cpp, Ollama, vLLM) with --base-url or "
    "OPENAI_BASE_URL, or a key in OPENAI_API_KEY, or AZURE_OPENAI_ENDPOINT and AZURE_OPENAI_API_KEY; the settings file "
    "takes all of it, too."
)


class EndpointError(ValueError):
    """There is no usable model server; ``str(error)`` says why and what to do. It never holds a key."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A model server and a model.

    Attributes:
        kind: ``openai`` or ``azure``.
        base_url: Its address.
        model: The model's name; "" to take the first that the server lists.
        key: The key, "" for none.
        api_version: Azure's.
        context: Tokens that fit, as the settings say; 0 for unknown.
        answer: Most tokens of an answer.
        patience: Seconds without a word after which it is given up.
        schema: Whether to ask for answers that fit a JSON schema: ``on``, ``off``, or ``auto`` to try.
        price_sent: Price of a million tokens that are sent, 0 if unknown.
        price_answered: Price of a million tokens of answers, 0 if unknown.
        is_in_environment: Whether the environment names the server, so that what else it says of a server holds for it.
        label: What the user calls the model; "" for its name.
    """

    kind: str
    base_url: str
    model: str
    key: str = field(repr=False)
    api_version: str = ""
    context: int = 0
    answer: int = 1024
    patience: float = 60.0
    schema: str = "auto"
    price_sent: float = 0.0
    price_answered: float = 0.0
    is_in_environment: bool = False
    label: str = ""

    @property
    def called(self) -> str:
        """What a sentence calls the model: as the user does, with its name behind."""
        if self.label and self.model and self.label != self.model:
            return f"{self.label} ({self.model})"
        return self.label or self.model or "the model"

    @property
    def host(self) -> str:
        """Host and port, with the scheme in front if it is not https."""
        parts = urlsplit(self.base_url)
        return parts.netloc if parts.scheme == "https" else f"{parts.scheme}://{parts.netloc}"

    @property
    def is_openai(self) -> bool:
        """Whether this is OpenAI's own service, or Azure's."""
        return self.kind == "azure" or (urlsplit(self.base_url).hostname or "").endswith(".openai.com")

    @property
    def is_here(self) -> bool:
        """Whether it is this machine, so that nothing leaves it."""
        return is_loopback(urlsplit(self.base_url).hostname or "")


class Place(NamedTuple):
    """Where a model is.

    Attributes:
        host: Host and port of its server.
        model: Its name; "" for the first that the server lists.
    """

    host: str
    model: str


def place_of(settings: ModelSettings, environment: Mapping[str, str] | None = None) -> Place:
    """Find out which server would be asked, as `resolve` does, without running a command for the key.

    Raises:
        EndpointError: None is set up, or the key cannot be had or would not be safe.
    """
    environment = os.environ if environment is None else environment
    key = "printed by a command" if settings.key_command else _configured_key(settings, environment)
    endpoint = _endpoint(settings, environment, key)
    return Place(endpoint.host, endpoint.model)


def resolve(settings: ModelSettings, environment: Mapping[str, str] | None = None) -> Endpoint:
    """Find out which server to ask, from the settings and the environment. May run the settings' key command.

    Raises:
        EndpointError: None is set up, or the key cannot be had or would not be safe.
    """
    environment = os.environ if environment is None else environment
    return _endpoint(settings, environment, _configured_key(settings, environment))


def _endpoint(settings: ModelSettings, environment: Mapping[str, str], key: str) -> Endpoint:
    azure = settings.kind == "azure" or (not settings.base_url and "AZURE_OPENAI_ENDPOINT" in environment)
    if azure:
        base_url = settings.base_url or environment.get("AZURE_OPENAI_ENDPOINT", "")
        key = key or environment.get("AZURE_OPENAI_API_KEY", "")
        model = settings.name or environment.get("AZURE_OPENAI_DEPLOYMENT", "")
        if not base_url or not model:
            raise EndpointError(
                "For Azure give the resource's address and the deployment: AZURE_OPENAI_ENDPOINT and a model name."
            )
    else:
        # OpenAI's own key goes where OpenAI's variables point to, and to no server that only the settings name.
        if not settings.base_url:
            key = key or environment.get("OPENAI_API_KEY", "")
        base_url = settings.base_url or environment.get("OPENAI_BASE_URL", "") or (OPENAI if key else "")
        model = settings.name or environment.get("OPENAI_MODEL", "")
        if not base_url:
            raise EndpointError(HOW_TO_SET_UP)
        model = model or (_DEFAULT_MODEL if base_url == OPENAI else "")
    endpoint = Endpoint(
        "azure" if azure else "openai",
        base_url.rstrip("/"),
        model,
        key,
        environment.get("OPENAI_API_VERSION", settings.api_version),
        settings.context,
        settings.answer,
        settings.patience,
        settings.schema,
        settings.price_sent,
        settings.price_answered,
        is_in_environment=not settings.base_url,
        label=settings.label,
    )
    _check(endpoint)
    return endpoint


def _check(endpoint: Endpoint) -> None:
    parts = urlsplit(endpoint.base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise EndpointError(f"The model's address {endpoint.base_url!r} is none: it begins with https:// or http://.")
    if parts.username or parts.password:
        raise EndpointError(
            "The model's address holds a user or a password: give the key in a variable or a file instead."
        )
    if endpoint.key and parts.scheme == "http" and not is_loopback(parts.hostname):
        raise EndpointError(
            f"The key would go to {parts.hostname} unencrypted: use https, or a server on this machine, or no key."
        )
    if endpoint.is_openai and not endpoint.key:
        raise EndpointError(
            f"There is no key for {endpoint.host}: set OPENAI_API_KEY, or key_env, key_file or key_command."
        )


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _configured_key(settings: ModelSettings, environment: Mapping[str, str]) -> str:
    if settings.key_env:
        key = environment.get(settings.key_env, "")
        if not key:
            raise EndpointError(f"The settings take the model's key from {settings.key_env}, and that is not set.")
        return key
    if settings.key_file:
        return _key_from_file(Path(settings.key_file).expanduser())
    if settings.key_command:
        return _key_from_command(settings.key_command)
    return environment.get("HALLUCINO_API_KEY", "")


def _key_from_file(path: Path) -> str:
    try:
        mode = path.stat().st_mode
        if stat.S_IMODE(mode) & 0o077:
            raise EndpointError(f"Others can read the key file {path}: run chmod 600 on it.")
        key = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        raise EndpointError(f"The key file {path} cannot be read: {why}.") from error
    if not key:
        raise EndpointError(f"The key file {path} is empty.")
    return key


def _key_from_command(command: str) -> str:
    name = command.split(maxsplit=1)[0]
    try:
        done = subprocess.run(  # noqa: S603 - the user's own settings name the command; no shell reads it
            shlex.split(command), stdin=subprocess.DEVNULL, capture_output=True, timeout=_COMMAND_SECONDS, check=False
        )
    except (OSError, ValueError) as error:
        raise EndpointError(
            f"The key command {name} cannot be run: {getattr(error, 'strerror', None) or error}."
        ) from error
    except subprocess.TimeoutExpired:
        raise EndpointError(
            f"The key command {name} gave nothing in {_COMMAND_SECONDS} s: unlock what it asks."
        ) from None
    key = done.stdout.decode("utf-8", "replace").strip()
    if done.returncode or not key or "\n" in key:
        # What it printed may be half a key, so it is not repeated.
        raise EndpointError(f"The key command {name} failed (exit code {done.returncode}) or printed no single line.")
    return key
