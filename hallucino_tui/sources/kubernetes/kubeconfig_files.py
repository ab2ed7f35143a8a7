"""Kubeconfig files: where they are, how several become one, and whether their parts have the right shape."""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import msgspec

from hallucino_tui.sources.kubernetes.errors import KubeconfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECTIONS: Final = (("clusters", "cluster"), ("contexts", "context"), ("users", "user"))
_FILES: Final = ("certificate-authority", "client-certificate", "client-key", "tokenFile")


class ClusterSection(msgspec.Struct, rename="kebab"):
    """The parts of a ``cluster`` that are used."""

    server: str
    certificate_authority: str | None = None
    certificate_authority_data: str | None = None
    insecure_skip_tls_verify: bool = False
    tls_server_name: str | None = None
    proxy_url: str | None = None
    extensions: list[dict[str, Any]] | None = None


class _Variable(msgspec.Struct):
    name: str
    value: str | None = None


class _ExecSection(msgspec.Struct, rename="camel"):
    api_version: str | None = None
    command: str | None = None
    args: list[str] | None = None
    env: list[_Variable] | None = None
    interactive_mode: str | None = None
    install_hint: str | None = None


class _ProviderSection(msgspec.Struct):
    name: str | None = None
    config: dict[str, str] | None = None


class UserSection(msgspec.Struct, rename="kebab"):
    """The parts of a ``user`` that are used."""

    token: str | None = None
    token_file: str | None = msgspec.field(default=None, name="tokenFile")
    username: str | None = None
    password: str | None = None
    client_certificate: str | None = None
    client_certificate_data: str | None = None
    client_key: str | None = None
    client_key_data: str | None = None
    as_user: str | None = msgspec.field(default=None, name="as")
    as_uid: str | None = None
    as_groups: list[str] | None = None
    as_user_extra: dict[str, list[str]] | None = None
    auth_provider: _ProviderSection | None = None
    exec: _ExecSection | None = None


def kubeconfig_paths(explicit: str | None) -> list[Path]:
    """Return the files to read: the given one, else ``KUBECONFIG``'s, else ``~/.kube/config``."""
    if explicit:
        return [Path(explicit).expanduser()]
    listed = [Path(part).expanduser() for part in os.environ.get("KUBECONFIG", "").split(os.pathsep) if part]
    return listed or [Path.home() / ".kube" / "config"]


def merge(explicit: str | None) -> tuple[Any, str]:
    """Return all files merged as the client library's node, and the current context.

    The first file that sets a value wins, as with kubectl. The library's own merge reads paths with a colon as two,
    looks for a user's files beside the cluster's, and gives its nodes names with all secrets in them, which it tells in
    its errors.

    Raises:
        KubeconfigError: There is none, or one of them cannot be read.
    """
    paths = [path for path in kubeconfig_paths(explicit) if path.exists()]
    if not paths:
        places = ", ".join(str(path) for path in kubeconfig_paths(explicit))
        raise KubeconfigError(
            f"There is no kubeconfig at {places}: give one with --kubeconfig or KUBECONFIG, or try: hallucino demo"
        )
    library = importlib.import_module("kubernetes.aio.config.kube_config")
    current = ""
    merged: dict[str, list[Any]] = {section: [] for section, _ in _SECTIONS}
    known: set[tuple[str, str]] = set()
    contents = [(path, content) for path in paths if (content := _read(path)) is not None]
    if not contents:
        raise KubeconfigError(f"The kubeconfig {paths[0]} is empty: give another with --kubeconfig or KUBECONFIG.")
    for path, content in contents:
        current = current or str(content.get("current-context") or "")
        for section, inner in _SECTIONS:
            for entry in content.get(section) or ():
                name = entry["name"]
                if (section, name) not in known:
                    known.add((section, name))
                    value = {"name": name, inner: _resolved(entry.get(inner) or {}, path)}
                    merged[section].append(library.ConfigNode(f"{inner} {name}", value, str(path)))
    return library.ConfigNode("kubeconfig", merged), current


def _read(path: Path) -> dict[str, Any] | None:
    """Return what stands in a file; None if it is empty."""
    import yaml  # noqa: PLC0415 - only needed on the way to a cluster

    try:
        content = yaml.safe_load(path.read_bytes())
    except OSError as error:
        raise KubeconfigError(f"The kubeconfig {path} cannot be read: {error.strerror}.") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark is not None else ""
        # The parser's own error shows the line, and a secret may stand in it.
        raise KubeconfigError(f"The kubeconfig {path} is not valid YAML{where}: mend it or choose another.") from None
    if content is not None:
        _check_shape(path, content)
    return content


def _check_shape(path: Path, content: object) -> None:
    """Refuse what would only fail deep inside of the library."""
    wrong = f"The kubeconfig {path} does not have the shape of one"
    if not isinstance(content, dict):
        raise KubeconfigError(f"{wrong}: it is no mapping.")
    sections = cast("dict[str, Any]", content)
    for section, inner in _SECTIONS:
        items: object = sections.get(section) or []
        if not isinstance(items, list):
            raise KubeconfigError(f"{wrong}: {section} is no list.")
        for item in cast("list[object]", items):
            entry = cast("dict[str, object]", item) if isinstance(item, dict) else {}
            if not isinstance(entry.get("name"), str):
                raise KubeconfigError(f"{wrong}: an entry of {section} has no name.")
            if not isinstance(entry.get(inner) or {}, dict):
                raise KubeconfigError(f"{wrong}: {inner} of {entry['name']} is no mapping.")


def _resolved(values: dict[str, Any], path: Path) -> dict[str, Any]:
    """Return the values that are set, with names of files as seen from the kubeconfig that they stand in."""
    resolved = {key: value for key, value in values.items() if value is not None}
    for key in _FILES:
        if isinstance(file := resolved.get(key), str) and file:
            resolved[key] = str(path.absolute().parent / file)
    return resolved


def check_sections(context: Mapping[str, Any], cluster: Mapping[str, Any], user: Mapping[str, Any] | None) -> None:
    """Check the parts of a context before the library uses them. No value is ever told: it may be a secret.

    Args:
        context: The ``context``.
        cluster: Its ``cluster``.
        user: Its ``user``; None if there is none of that name.

    Raises:
        KubeconfigError: Something is of the wrong kind, or names a file that is not there.
    """
    if user is None and context.get("user"):
        raise KubeconfigError(f"its user {context['user']} is not there")
    for name, section, kind in (("cluster", cluster, ClusterSection), ("user", user or {}, UserSection)):
        try:
            msgspec.convert(section, kind)
        except msgspec.ValidationError as error:
            raise KubeconfigError(f"its {name} does not have the right shape: {error}") from error
        for key in _FILES:
            if section.get(key) and f"{key}-data" not in section and not _is_file(section[key]):
                raise KubeconfigError(f"the {key} of its {name} names a file that is not there")


def _is_file(path: str) -> bool:
    try:
        return Path(path).is_file()
    except OSError:
        return False
