"""From kubeconfig files (or a pod's service account) to what a connection needs. Nothing is ever written back."""

from __future__ import annotations

import contextlib
import importlib
import os
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from hallucino_tui.session.cluster import ContextInfo
from hallucino_tui.sources.kubernetes.errors import KubeconfigError, LoginError
from hallucino_tui.sources.kubernetes.exec_plugin import run_plugin
from hallucino_tui.sources.kubernetes.kubeconfig_files import check_sections, kubeconfig_paths, merge

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hallucino_tui.session.interactive import InteractiveRunner

IN_CLUSTER: Final = "in-cluster"
_HEADER_MARKS: Final = "!#$&'*+-.^_`|~"
"""The marks that may stand in a header's name, all but the one that others are written with."""
_NAMESPACE_FILE: Final = Path("/var/run/secrets/kubernetes.io/serviceaccount/namespace")


@dataclass(slots=True)
class Connection:
    """What a request to the API server needs.

    Attributes:
        context: The context's name.
        cluster: The cluster's name in the kubeconfig.
        namespace: The context's namespace; "default" if it names none.
        server: Base address without a slash at its end.
        tls: For https; None for plain http.
        headers: Authorization and impersonation.
        server_name: The name that the certificate must carry, if not the address's.
        proxy: Address of a proxy from the kubeconfig.
        expires: When the credentials end, as RFC 3339; "" if unknown.
    """

    context: str
    cluster: str
    namespace: str
    server: str
    tls: ssl.SSLContext | None = None
    headers: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    server_name: str | None = None
    proxy: str | None = None
    expires: str = ""


class _Settings:
    """What the client library's loaders fill in."""

    def __init__(self) -> None:
        self.host = ""
        self.api_key: dict[str, str] = {}
        self.ssl_ca_cert: str | None = None
        self.cert_file: str | None = None
        self.key_file: str | None = None
        self.verify_ssl = True
        self.tls_server_name: str | None = None
        self.proxy: str | None = None


def list_contexts(explicit: str | None) -> list[ContextInfo]:
    """Return the contexts of the kubeconfig files; blocks for the reading of some small files.

    Raises:
        KubeconfigError: There is none, or it cannot be read.
    """
    merged, current = merge(explicit)
    contexts: list[ContextInfo] = []
    for item in merged.value["contexts"]:
        entry: Mapping[str, Any] = item.value
        context: Mapping[str, Any] = entry["context"]
        name = str(entry.get("name", ""))
        contexts.append(
            ContextInfo(
                name,
                str(context.get("cluster", "")),
                str(context.get("user", "")),
                str(context.get("namespace") or "default"),
                name == current,
            )
        )
    return contexts


async def connect(explicit: str | None, context: str | None, ask: InteractiveRunner | None = None) -> Connection:
    """Load what is needed to speak to a cluster.

    Args:
        explicit: A kubeconfig file; None for the usual places.
        context: A context's name; None for the current one.
        ask: Runs login plugins that have to ask.

    Raises:
        KubeconfigError: The configuration is missing or wrong.
        LoginError: The credentials could not be had.
    """
    if explicit is None and context is None and not _any_file(None) and "KUBERNETES_SERVICE_HOST" in os.environ:
        return _connect_in_cluster()
    merged, current = merge(explicit)
    name = context or current
    names: list[str] = [item["name"] for item in merged.value["contexts"]]
    if name not in names:
        what = f"no context {name}" if name else "no current context"
        there = ", ".join(names) or "none"
        raise KubeconfigError(f"The kubeconfig has {what}: choose one with --context (there are: {there}).")
    return await _connect_with(merged, name, ask)


def _any_file(explicit: str | None) -> bool:
    return any(path.exists() for path in kubeconfig_paths(explicit))


def _library() -> Any:  # noqa: ANN401 - the client library's loaders carry no types
    return importlib.import_module("kubernetes.aio.config.kube_config")


async def _connect_with(merged: Any, name: str, ask: InteractiveRunner | None) -> Connection:  # noqa: ANN401
    library = _library()
    errors = importlib.import_module("kubernetes.aio.config.config_exception")
    settings = _Settings()
    try:
        loader = _loader_class()(config_dict=merged, active_context=name, config_base_path=None)
        loader.ask = ask
        info: Mapping[str, Any] = loader.current_context["context"]
        check_sections(info, loader.cluster, loader.user)
        await loader.load_and_set(settings)
        tls = _tls(settings)
    except LoginError:
        raise
    except (KubeconfigError, errors.ConfigException) as error:
        raise KubeconfigError(_mend(name, str(error))) from error
    except (OSError, ssl.SSLError, ValueError, KeyError, TypeError) as error:
        raise KubeconfigError(_mend(name, f"{type(error).__name__}: {error}")) from error
    finally:
        # The library writes keys that stand inside of a kubeconfig to temporary files; the TLS context has read them.
        library._cleanup_temp_files()  # noqa: SLF001 - else a private key lies on the disk until the end
    if not settings.host:
        raise KubeconfigError(_mend(name, "its cluster has no server"))
    return Connection(
        context=name,
        cluster=str(info.get("cluster") or name),
        namespace=str(info.get("namespace") or "default"),
        server=settings.host,
        tls=tls,
        headers=_headers(settings, loader.user or {}),
        server_name=settings.tls_server_name,
        proxy=settings.proxy,
        expires=loader.expires,
    )


def _mend(name: str, why: str) -> str:
    return (
        f"The kubeconfig's context {name} cannot be used: {why.rstrip('.')}; mend it or choose another with --context."
    )


def _loader_class() -> Any:  # noqa: ANN401
    """Return the library's loader, made to run exec plugins our way."""
    library = _library()

    class Loader(library.KubeConfigLoader):
        ask: InteractiveRunner | None = None
        expires = ""

        @property
        def user(self) -> Mapping[str, Any] | None:
            return self._user.value if self._user is not None else None

        @property
        def cluster(self) -> Mapping[str, Any]:
            return self._cluster.value

        async def _load_authentication(self) -> None:
            _check_provider(self.provider)
            await super()._load_authentication()  # pyright: ignore[reportUnknownMemberType] - the base is untyped

        async def _load_oid_token(self) -> str:
            self.token = f"Bearer {_openid_token(self._user.value)}"
            return self.token

        async def load_from_exec_plugin(self) -> bool:
            base = self._get_base_path(self._user.path)
            status = await run_plugin(self._user["exec"].value, base, self._cluster.value, self.ask)
            self.expires = status.expiration_timestamp
            if status.token:
                self.token = f"Bearer {status.token}"
            if status.client_certificate_data:
                pair = {"cert": status.client_certificate_data, "key": status.client_key_data}
                self.cert_file = library.FileOrData(
                    pair, None, data_key_name="cert", base64_file_content=False
                ).as_file()
                self.key_file = library.FileOrData(pair, None, data_key_name="key", base64_file_content=False).as_file()
            return True

        def _load_cluster_info(self) -> None:
            if self._user is None:
                # A context without a user is legal; the library looks for its certificates all the same.
                self._user = library.ConfigNode("user", {})
            super()._load_cluster_info()  # pyright: ignore[reportUnknownMemberType] - the base is untyped

    return Loader


def _check_provider(provider: str | None) -> None:
    """Refuse what Kubernetes has given up; for one of these the library runs a tool with the terminal as its input."""
    if provider not in {None, "oidc"}:
        raise LoginError(
            f"The kubeconfig's way to log in, {provider}, has been given up by Kubernetes: "
            "let its exec plugin write the kubeconfig anew."
        )


def _openid_token(user: Mapping[str, Any]) -> str:
    """Return the token of an OpenID provider as it stands in the kubeconfig.

    A refresh token is good for once, and who uses it has to write the next one to the kubeconfig: not done here.
    """
    config: Mapping[str, Any] = user["auth-provider"].get("config") or {}
    if not config.get("id-token"):
        raise LoginError("The kubeconfig has no OpenID token: log in with the tool that keeps it, then start anew.")
    return str(config["id-token"])


def _headers(settings: _Settings, user: Mapping[str, Any]) -> list[tuple[str, str]]:
    headers: list[tuple[str, str]] = []
    if token := settings.api_key.get("BearerToken"):
        headers.append(("Authorization", token.strip()))
    if user.get("as"):
        headers.append(("Impersonate-User", str(user["as"])))
    if user.get("as-uid"):
        headers.append(("Impersonate-Uid", str(user["as-uid"])))
    headers.extend(("Impersonate-Group", str(group)) for group in user.get("as-groups") or ())
    extra: Mapping[str, Iterable[Any]] = user.get("as-user-extra") or {}
    headers.extend(
        (f"Impersonate-Extra-{quote(key, safe=_HEADER_MARKS)}", str(value))
        for key, values in extra.items()
        for value in values
    )
    return headers


def _tls(settings: _Settings) -> ssl.SSLContext | None:
    if not settings.host.startswith("https"):
        return None
    context = ssl.create_default_context(cafile=settings.ssl_ca_cert)
    # Go's TLS, and so kubectl, takes cluster certificates that lack what newer Pythons insist on.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if settings.cert_file:
        context.load_cert_chain(settings.cert_file, settings.key_file)
    if not settings.verify_ssl:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _connect_in_cluster() -> Connection:
    incluster = importlib.import_module("kubernetes.aio.config.incluster_config")
    errors = importlib.import_module("kubernetes.aio.config.config_exception")
    settings = _Settings()
    try:
        incluster.load_incluster_config(client_configuration=settings, try_refresh_token=False)
        tls = _tls(settings)
    except (errors.ConfigException, OSError) as error:
        raise KubeconfigError(f"The pod's service account cannot be used: {error}; mount its token.") from error
    namespace = "default"
    with contextlib.suppress(OSError):
        namespace = _NAMESPACE_FILE.read_text().strip() or namespace
    return Connection(IN_CLUSTER, IN_CLUSTER, namespace, settings.host, tls, _headers(settings, {}))
