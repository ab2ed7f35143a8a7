"""A kubeconfig is only read, its keys do not stay on the disk, and no error tells what is secret in it."""

from __future__ import annotations

import base64
import json
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from kube_certificates import Authority, Pair
from kube_files import all_text, config, names_in, program, state_of, write

from hallucino_tui.sources.kubernetes.errors import ClusterError
from hallucino_tui.sources.kubernetes.kubeconfig import connect, list_contexts

Json = dict[str, Any]


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own for temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def certificate_of(pair: Pair, other: Pair | None = None) -> Json:
    return {"client-certificate-data": encoded(pair.certificate), "client-key-data": encoded((other or pair).key)}


def plugin(folder: Path, status: Json) -> Json:
    answer = json.dumps({"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": status})
    command = program(folder / "plugin", f"cat <<'END'\n{answer}\nEND")
    return {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": command}}


def good_users(folder: Path) -> dict[str, Json]:
    pair = Authority().issue("me")
    write(folder / "token", "in a file")
    by_plugin = {"clientCertificateData": pair.certificate.decode(), "clientKeyData": pair.key.decode()}
    return {
        "nobody": {},
        "token": {"token": "t", "as": "jane"},
        "token in a file": {"tokenFile": "token"},
        "certificate": certificate_of(pair),
        "plugin": plugin(folder, by_plugin),
        "openid": {"auth-provider": {"name": "oidc", "config": {"id-token": "a.b.c", "refresh-token": "r"}}},
    }


@pytest.mark.parametrize("name", ["nobody", "token", "token in a file", "certificate", "plugin", "openid"])
async def test_the_file_is_never_written_and_no_key_stays_on_the_disk(
    name: str, tmp_path: Path, temporary: Path
) -> None:
    user = good_users(tmp_path)[name]
    cluster = {"certificate-authority-data": encoded(Authority().pem)}
    path = write(tmp_path / "config", config(user=user, cluster=cluster))
    before = state_of(path)
    for _ in range(2):
        connection = await connect(path, None)
        assert connection.tls is not None
        list_contexts(path)
    assert state_of(path) == before
    assert names_in(temporary) == set()
    assert names_in(tmp_path) <= {"config", "token", "plugin", "temporary"}


BadUser = Callable[[str, Path], Json]


def _openid(**settings: Any) -> BadUser:
    return lambda secret, _: {
        "auth-provider": {"name": "oidc", "config": {"refresh-token": secret, "client-secret": secret} | settings}
    }


BAD_USERS: dict[str, BadUser] = {
    "a null beside": lambda secret, _: {"token": secret, "exec": {"apiVersion": "v1"}},
    "openid without a token": _openid(),
    "openid with a number": _openid(**{"id-token": 5}),
    "openid without settings": lambda secret, _: {"token": secret, "auth-provider": {"name": "oidc"}},
    "another provider": lambda secret, _: {"auth-provider": {"name": "gcp", "config": {"access-token": secret}}},
    "a token that is a list": lambda secret, _: {"token": [secret]},
    "a token as the name of its file": lambda secret, _: {"tokenFile": secret},
    "a long token as the name of its file": lambda secret, _: {"tokenFile": secret * 30},
    "a key as the name of its file": lambda secret, _: {
        "client-certificate-data": "",
        "client-key": f"-----\n{secret}",
    },
    "a key that is none": lambda secret, _: certificate_of(Pair(b"no certificate", secret.encode())),
    "a key of another": lambda secret, _: certificate_of(
        Authority().issue("me"), Pair(b"", Authority().issue("you").key + secret.encode())
    ),
    "a key that is not encoded": lambda secret, _: {"client-certificate-data": "!", "client-key-data": secret},
    "a password without its user": lambda secret, _: {"username": ["me"], "password": secret},
    "a plugin that is not there": lambda secret, folder: {
        "exec": {
            "apiVersion": "v1",
            "command": str(folder / "missing"),
            "args": [f"--secret={secret}"],
            "env": [{"name": "SECRET", "value": secret}],
        }
    },
    "a plugin without a version": lambda secret, folder: {
        "exec": {"command": "true", "args": [secret], "env": [{"name": "SECRET", "value": secret}]}
    },
    "a plugin that prints half": lambda secret, folder: {
        "exec": {"apiVersion": "v1", "command": program(folder / "plugin", f'echo \'{{"token": "{secret}"\'')}
    },
    "a plugin that gives the wrong things": lambda secret, folder: plugin(
        folder, {"clientCertificateData": "no certificate", "clientKeyData": secret}
    ),
    "a plugin that gives a token of the wrong kind": lambda secret, folder: plugin(folder, {"token": [secret]}),
    "a plugin that fails with its secret in hand": lambda secret, folder: {
        "exec": {
            "apiVersion": "v1",
            "command": program(folder / "plugin", 'echo "bad refresh token $SECRET" >&2; exit 1'),
            "env": [{"name": "SECRET", "value": secret}],
        }
    },
    "a plugin that fails with its argument in hand": lambda secret, folder: {
        "exec": {
            "apiVersion": "v1",
            "command": program(folder / "plugin", 'echo "usage: not $*" >&2; exit 1'),
            "args": ["--client-secret", secret],
        }
    },
    "a plugin that fails after it printed": lambda secret, folder: {
        "exec": {"apiVersion": "v1", "command": program(folder / "plugin", f"echo {secret}; exit 1")}
    },
}


@pytest.mark.parametrize("name", BAD_USERS)
async def test_no_error_tells_a_secret(name: str, tmp_path: Path, temporary: Path) -> None:
    secret = secrets.token_urlsafe(24)
    path = write(tmp_path / "config", config(user=BAD_USERS[name](secret, tmp_path)))
    before = state_of(path)
    with pytest.raises(ClusterError) as caught:
        await connect(path, None)
    for text in (secret, encoded(secret.encode())[:24]):
        assert text not in all_text(caught.value)
    assert state_of(path) == before
    assert names_in(temporary) == set()


@pytest.mark.parametrize(
    "text",
    [
        "users:\n- name: me\n  user: {{token: {}\n",
        "users:\n- name: me\n  user:\n    token: '{}\n",
        "users:\n- name: me\n\ttoken: {}\n",
        "token: {}: b: c\n",
        "{}\n",
        "- {}\n",
        "users: {}\n",
        "users: [{{token: {}}}]\n",
        "users: [{{name: me, user: {}}}]\n",
    ],
)
async def test_no_error_of_a_file_that_cannot_be_read_tells_a_secret(text: str, tmp_path: Path) -> None:
    secret = secrets.token_urlsafe(24)
    path = write(tmp_path / "config", text.format(secret))
    with pytest.raises(ClusterError, match="The kubeconfig") as caught:
        await connect(path, None)
    assert secret not in all_text(caught.value)


@pytest.mark.parametrize("cluster", [{"server": None}, {"server": ""}, {"certificate-authority-data": "!"}])
async def test_no_error_of_a_cluster_tells_the_password_of_its_proxy(cluster: Json, tmp_path: Path) -> None:
    secret = secrets.token_urlsafe(24)
    more = {"proxy-url": f"http://me:{secret}@proxy.invalid"}
    with pytest.raises(ClusterError) as caught:
        await connect(write(tmp_path / "config", config(cluster=cluster | more)), None)
    assert secret not in all_text(caught.value)
