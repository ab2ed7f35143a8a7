"""Exec credential plugins: the programs by which EKS, GKE, AKS and OIDC users log in.

A plugin runs without a terminal, its standard input closed and its standard error captured, so that it can neither eat
the user's keys nor write over the screen. One that has to ask gets the terminal for itself, through a runner that the
caller provides.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import itertools
import os
import re
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import msgspec

from hallucino_tui.session.interactive import TerminalCall, TerminalOutput
from hallucino_tui.sources.kubernetes.errors import LoginError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hallucino_tui.session.interactive import InteractiveRunner

_PATIENCE: Final = 60.0
"""Seconds that a plugin which asks nothing may take."""

_FOR_PLUGINS: Final = "client.authentication.k8s.io/exec"
"""The extension of a cluster that is meant for plugins."""

_SHORTEST_SECRET: Final = 6
_SECRET_NAME: Final = re.compile(r"secret|token|passw|key", re.IGNORECASE)


class ExecStatus(msgspec.Struct, rename="camel"):
    """What a plugin gives: a token, or a client certificate with its key."""

    token: str = ""
    expiration_timestamp: str = ""
    client_certificate_data: str = ""
    client_key_data: str = ""


class _ExecCredential(msgspec.Struct, rename="camel"):
    api_version: str = ""
    kind: str = ""
    status: ExecStatus | None = None


async def run_plugin(
    config: Mapping[str, Any], base_path: str, cluster: Mapping[str, Any], ask: InteractiveRunner | None
) -> ExecStatus:
    """Run the plugin of a kubeconfig user.

    Args:
        config: The user's ``exec`` section.
        base_path: The folder of the kubeconfig, which a relative command starts from.
        cluster: The ``cluster`` section, for plugins that want to know it.
        ask: Runs a plugin that has to ask; None where there is no terminal.

    Returns:
        The credentials.

    Raises:
        LoginError: The plugin cannot be run, failed, or gave nothing usable.
    """
    version = str(config.get("apiVersion") or "")
    mode = str(config.get("interactiveMode") or "IfAvailable")
    name = Path(str(config.get("command") or "")).name
    if not name or not version:
        raise LoginError(
            "The kubeconfig's exec plugin names no command or no apiVersion: mend the user's exec section."
        )
    if mode == "Always":
        if ask is None:
            raise LoginError(f"The login plugin {name} has to ask, and there is no terminal: log in from one first.")
        output = await _run_asking(ask, _call(config, base_path, cluster, version, interactive=True))
    else:
        output = await _run_quietly(_call(config, base_path, cluster, version, interactive=False), config)
        if output.exit_code and mode == "IfAvailable" and ask is not None:
            output = await _run_asking(ask, _call(config, base_path, cluster, version, interactive=True))
    return _read(output, name, version, _secrets(config))


def _call(
    config: Mapping[str, Any], base_path: str, cluster: Mapping[str, Any], version: str, *, interactive: bool
) -> TerminalCall:
    command = str(config["command"])
    if os.sep in command and not Path(command).is_absolute():
        command = str(Path(base_path) / command)
    spec: dict[str, object] = {"interactive": interactive}
    if config.get("provideClusterInfo"):
        spec["cluster"] = _cluster_info(cluster)
    info = {"apiVersion": version, "kind": "ExecCredential", "spec": spec}
    environment = dict(os.environ)
    environment.update({str(item["name"]): str(item.get("value") or "") for item in config.get("env") or ()})
    environment["KUBERNETES_EXEC_INFO"] = msgspec.json.encode(info).decode()
    arguments = [command, *(str(argument) for argument in config.get("args") or ())]
    name = Path(command).name
    return TerminalCall(arguments, environment, f"The login plugin {name} has to ask you something:")


def _cluster_info(cluster: Mapping[str, Any]) -> dict[str, object]:
    """Return a cluster as plugins are told of it: with its authority's certificate, and what it says to plugins."""
    names = ("server", "tls-server-name", "insecure-skip-tls-verify", "certificate-authority-data", "proxy-url")
    info: dict[str, object] = {name: cluster[name] for name in names if name in cluster}
    authority = cluster.get("certificate-authority")
    if authority and "certificate-authority-data" not in info:
        info["certificate-authority-data"] = base64.b64encode(Path(authority).read_bytes()).decode()
    for item in cluster.get("extensions") or ():
        if item.get("name") == _FOR_PLUGINS:
            info["config"] = item.get("extension")
    return info


async def _run_asking(ask: InteractiveRunner, call: TerminalCall) -> TerminalOutput:
    try:
        return await ask(call)
    except OSError as error:
        name = Path(call.arguments[0]).name
        raise LoginError(f"The login plugin {name} cannot be run ({error.strerror}): install it.") from error


async def _run_quietly(call: TerminalCall, config: Mapping[str, Any]) -> TerminalOutput:
    name = Path(call.arguments[0]).name
    try:
        process = await asyncio.create_subprocess_exec(
            *call.arguments,
            env=call.environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        hint = str(config.get("installHint") or "install it, or log in another way").strip()
        raise LoginError(f"The login plugin {name} cannot be run ({error.strerror}): {hint}") from error
    try:
        async with asyncio.timeout(_PATIENCE):
            stdout, stderr = await process.communicate()
    except TimeoutError:
        raise LoginError(
            f"The login plugin {name} gave no answer in {_PATIENCE:.0f} s: log in by hand first."
        ) from None
    finally:
        if process.returncode is None:
            # A wrapper script leaves the real tool behind, and what holds the pipes would be waited for without end.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            cast("Any", process)._transport.close()  # noqa: SLF001 - nothing public closes the pipes
            await process.wait()
    return TerminalOutput(process.returncode or 0, stdout, stderr)


def _secrets(config: Mapping[str, Any]) -> list[str]:
    """Return what the kubeconfig hands to a plugin by a name that speaks of a secret."""
    named = [(str(item["name"]), str(item.get("value") or "")) for item in config.get("env") or ()]
    arguments = [str(argument) for argument in config.get("args") or ()]
    named += [(name, value) for name, value in itertools.pairwise(arguments) if name.startswith("-")]
    named += [(name, value) for name, _, value in (argument.partition("=") for argument in arguments)]
    return [value for name, value in named if len(value) >= _SHORTEST_SECRET and _SECRET_NAME.search(name)]


def _read(output: TerminalOutput, name: str, version: str, secrets: Iterable[str]) -> ExecStatus:
    if output.exit_code:
        text = output.stderr.decode("utf-8", "replace").strip()
        for secret in secrets:
            text = text.replace(secret, "***")
        said = text.splitlines()
        why = f": {said[-1][:200]}" if said else ""
        raise LoginError(f"The login plugin {name} failed with exit code {output.exit_code}{why}; log in again.")
    try:
        credential = msgspec.json.decode(output.stdout, type=_ExecCredential)
    except msgspec.DecodeError:
        credential = _ExecCredential()
    if credential.kind != "ExecCredential":
        # What it printed may hold a token, so it is not repeated.
        raise LoginError(f"The login plugin {name} printed no ExecCredential in JSON: check its version.")
    status = credential.status
    if credential.api_version != version:
        raise LoginError(
            f"The login plugin {name} speaks {credential.api_version or 'no version'}, the kubeconfig wants {version}: "
            "update the plugin or the kubeconfig."
        )
    if status is None or not (status.token or (status.client_certificate_data and status.client_key_data)):
        raise LoginError(f"The login plugin {name} gave neither a token nor a certificate with its key: log in again.")
    return status
