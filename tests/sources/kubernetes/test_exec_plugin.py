"""Login plugins: how they are run, what may go wrong with one, and when one gets the terminal for itself."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kube_certificates import Authority
from kube_files import config, program, write
from kube_plugins import VERSION, Plugin, credential, printing
from kube_server import until

from hallucino_tui.sources.kubernetes import exec_plugin
from hallucino_tui.sources.kubernetes.kubeconfig import connect

Json = dict[str, Any]


@contextlib.contextmanager
def somebody_types(text: bytes) -> Iterator[None]:
    """Put text on the standard input of this process."""
    reading, writing = os.pipe()
    os.write(writing, text)
    before = os.dup(0)
    os.dup2(reading, 0)
    try:
        yield
    finally:
        os.dup2(before, 0)
        for one in (reading, writing, before):
            os.close(one)


def is_there(group: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, 0)
        return True
    return False


async def test_a_plugin_gives_a_token(plugin: Plugin) -> None:
    plugin.script(printing(credential(token="a-token", expirationTimestamp="2026-11-22T21:00:00Z")))
    connection = await plugin.run()
    assert connection.headers == [("Authorization", "Bearer a-token")]
    assert connection.expires == "2026-11-22T21:00:00Z"


async def test_a_plugin_gives_a_certificate_with_its_key(plugin: Plugin) -> None:
    pair = Authority().issue("me")
    plugin.script(
        printing(credential(clientCertificateData=pair.certificate.decode(), clientKeyData=pair.key.decode()))
    )
    connection = await plugin.run()
    assert connection.tls is not None
    assert connection.headers == []


async def test_a_plugin_gets_its_arguments_and_its_environment(plugin: Plugin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INHERITED", "from outside")
    monkeypatch.setenv("CHANGED", "from outside")
    env = [{"name": "CHANGED", "value": "here"}, {"name": "EMPTY"}]
    answer = printing(credential(token="t"))
    plugin.script(
        f'echo "$# $1|$2|$INHERITED|$CHANGED|$EMPTY|" > "${{0%/*}}/seen"\n{answer}', args=["a b", "c"], env=env
    )
    assert await plugin.token() == "t"
    assert plugin.left("seen") == "2 a b|c|from outside|here||\n"


async def test_a_command_with_a_folder_starts_from_the_kubeconfig_and_one_without_from_the_path(
    plugin: Plugin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    program(plugin.folder / "bin" / "login", printing(credential(token="beside")))
    program(plugin.folder / "login", printing(credential(token="wrong")))
    program(tmp_path / "path" / "login", printing(credential(token="on the path")))
    monkeypatch.setenv("PATH", str(tmp_path / "path"), prepend=os.pathsep)
    plugin.settings["command"] = "bin/login"
    assert await plugin.token() == "beside"
    plugin.settings["command"] = "login"
    assert await plugin.token() == "on the path"
    plugin.settings["command"] = str(plugin.folder / "bin" / "login")
    assert await plugin.token() == "beside"


async def test_each_file_of_several_has_its_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "users" / "login", printing(credential(token="of the user")))
    user, other = config(user={"exec": {"apiVersion": VERSION, "command": "./login"}}), config()
    del user["clusters"], user["contexts"], other["users"]
    (tmp_path / "clusters").mkdir()
    (tmp_path / "clusters" / "ca.crt").write_bytes(Authority().pem)
    other["clusters"][0]["cluster"]["certificate-authority"] = "ca.crt"
    paths = [write(tmp_path / "clusters" / "config", other), write(tmp_path / "users" / "config", user)]
    monkeypatch.setenv("KUBECONFIG", os.pathsep.join(paths))
    assert (await connect(None, None)).headers == [("Authorization", "Bearer of the user")]


async def test_a_plugin_cannot_read_what_the_user_types(plugin: Plugin) -> None:
    plugin.script(f"cat > ${{0%/*}}/typed\n{printing(credential(token='t'))}")
    with somebody_types(b"a key\n"):
        assert await plugin.token() == "t"
        assert os.read(0, 100) == b"a key\n"
    assert plugin.left("typed") == ""


async def test_a_plugin_has_no_terminal_to_ask_on(plugin: Plugin) -> None:
    """Not even by its name: a session of its own has none."""
    session = f"{sys.executable} -c 'import os; print(os.getsid(0))'"
    plugin.script(f"{session} > ${{0%/*}}/session\n{printing(credential(token='t'))}")
    await plugin.run()
    assert int(plugin.left("session")) != os.getsid(0)


async def test_a_plugin_cannot_write_over_the_screen(plugin: Plugin, capfd: pytest.CaptureFixture[str]) -> None:
    plugin.script(f"echo warning >&2\n{printing(credential(token='t'))}")
    assert await plugin.token() == "t"
    assert capfd.readouterr() == ("", "")


async def test_the_last_line_of_what_a_plugin_complains_of_is_shown(plugin: Plugin) -> None:
    plugin.script("echo one >&2; echo 'session expired: run aws sso login' >&2; exit 7")
    said = "The login plugin plugin failed with exit code 7: session expired: run aws sso login; log in again."
    assert await plugin.failure() == said
    plugin.script("exit 3")
    assert await plugin.failure() == "The login plugin plugin failed with exit code 3; log in again."
    plugin.script("kill -9 $$")
    assert "failed with exit code -9" in await plugin.failure()


async def test_a_plugin_that_is_missing_comes_with_its_own_hint(plugin: Plugin) -> None:
    said = await plugin.failure()
    assert said == (
        "The login plugin plugin cannot be run (No such file or directory): install it, or log in another way"
    )
    plugin.settings["installHint"] = "\n  Get it at https://login.example\n"
    assert (await plugin.failure()).endswith("(No such file or directory): Get it at https://login.example")
    write(plugin.folder / "plugin", "no program")
    assert "cannot be run (Permission denied)" in await plugin.failure()


WRONG = {
    "nothing": ("", "printed no ExecCredential in JSON"),
    "text": ("Logged in!", "printed no ExecCredential in JSON"),
    "half": ('{"apiVersion": "', "printed no ExecCredential in JSON"),
    "wrong types": (credential(token=5), "printed no ExecCredential in JSON"),
    "another version": (credential("client.authentication.k8s.io/v1beta1", token="t"), "v1beta1, the kubeconfig wants"),
    "no version": (json.dumps({"kind": "ExecCredential", "status": {"token": "t"}}), "speaks no version"),
    "another kind": (credential(kind="Status", token="t"), "printed no ExecCredential"),
    "no status": (json.dumps({"apiVersion": VERSION, "kind": "ExecCredential"}), "gave neither a token nor"),
    "an empty token": (credential(token=""), "gave neither a token nor a certificate"),
    "no key": (credential(clientCertificateData="x"), "gave neither a token nor a certificate"),
}


@pytest.mark.parametrize("name", WRONG)
async def test_what_a_plugin_prints_is_not_a_credential(name: str, plugin: Plugin) -> None:
    printed, said = WRONG[name]
    plugin.script(printing(printed))
    assert said in await plugin.failure()


@pytest.mark.parametrize("settings", [{"command": ""}, {"apiVersion": ""}, {"command": None}, {"apiVersion": None}])
async def test_a_section_that_names_no_command_or_no_version(settings: Json, plugin: Plugin) -> None:
    plugin.settings |= settings
    assert "names no command or no apiVersion" in await plugin.failure()


@pytest.mark.parametrize("how", ["exec sleep 300", "sleep 300 & sleep 300"])
async def test_a_plugin_that_takes_too_long_is_ended_with_all_that_it_started(
    how: str, plugin: Plugin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exec_plugin, "_PATIENCE", 0.3)
    plugin.script(f"echo $$ > ${{0%/*}}/process\n{how}")
    assert "gave no answer in 0 s: log in by hand first" in await plugin.failure()
    group = int(plugin.left("process"))
    await until(lambda: not is_there(group), "all of the plugin's processes are gone")


async def test_a_plugin_that_leaves_a_daemon_with_its_output_behind_is_not_waited_for(
    plugin: Plugin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exec_plugin, "_PATIENCE", 1.0)
    place = plugin.folder / "daemon"
    code = f'import os, time; os.setsid(); open("{place}", "w").write(str(os.getpid())); time.sleep(300)'
    plugin.script(f"{sys.executable} -c '{code}' &\nsleep 300")
    try:
        assert "gave no answer" in await plugin.failure()
    finally:
        if place.exists():
            os.kill(int(place.read_text()), signal.SIGKILL)


async def test_a_plugin_is_told_that_nobody_can_answer(plugin: Plugin) -> None:
    plugin.script(f'echo "$KUBERNETES_EXEC_INFO" > ${{0%/*}}/info\n{printing(credential(token="t"))}')
    await plugin.run()
    info = json.loads(plugin.left("info"))
    assert info == {"apiVersion": VERSION, "kind": "ExecCredential", "spec": {"interactive": False}}


async def test_a_plugin_is_told_of_its_cluster_if_it_wants_to_know(plugin: Plugin) -> None:
    pem = Authority().pem
    (plugin.folder).mkdir()
    (plugin.folder / "ca.crt").write_bytes(pem)
    settings = {"audience": "mine"}
    plugin.cluster = {
        "certificate-authority": "ca.crt",
        "tls-server-name": "inner",
        "proxy-url": "http://proxy.invalid",
        "extensions": [
            {"name": "of-somebody-else", "extension": {}},
            {"name": "client.authentication.k8s.io/exec", "extension": settings},
        ],
    }
    answer = printing(credential(token="t"))
    plugin.script(f'echo "$KUBERNETES_EXEC_INFO" > ${{0%/*}}/info\n{answer}', provideClusterInfo=True)
    await plugin.run()
    assert json.loads(plugin.left("info"))["spec"]["cluster"] == {
        "server": "https://cluster.invalid:6443",
        "certificate-authority-data": base64.b64encode(pem).decode(),
        "tls-server-name": "inner",
        "proxy-url": "http://proxy.invalid",
        "config": settings,
    }
