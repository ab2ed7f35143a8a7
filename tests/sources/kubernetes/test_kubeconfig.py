"""Kubeconfig files: what is wrong with one is said in a sentence, and several count as they do for kubectl."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from kube_files import SERVER, config, write

from hallucino_tui.sources.kubernetes.errors import KubeconfigError
from hallucino_tui.sources.kubernetes.kubeconfig import connect, list_contexts


async def refused(path: str | None, context: str | None = None) -> str:
    with pytest.raises(KubeconfigError) as caught:
        await connect(path, context)
    return str(caught.value)


def together(monkeypatch: pytest.MonkeyPatch, *paths: str) -> None:
    monkeypatch.setenv("KUBECONFIG", os.pathsep.join(paths))


async def test_there_is_none_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = await refused(None)
    assert said.startswith(f"There is no kubeconfig at {tmp_path}/.kube/config: give one with --kubeconfig")
    assert "hallucino demo" in said
    together(monkeypatch, "~/a", "/nowhere/b")
    assert f"at {tmp_path}/a, /nowhere/b:" in await refused(None)
    assert "at /nowhere/c:" in await refused("/nowhere/c")
    with pytest.raises(KubeconfigError, match="There is no kubeconfig at /nowhere/c"):
        list_contexts("/nowhere/c")


@pytest.mark.parametrize("content", ["", "# nothing yet\n", "---\n"])
async def test_it_is_empty(content: str, tmp_path: Path) -> None:
    assert f"The kubeconfig {tmp_path}/config is empty" in await refused(write(tmp_path / "config", content))


async def test_it_is_no_yaml(tmp_path: Path) -> None:
    path = write(tmp_path / "config", "apiVersion: v1\nclusters:\n- name: [unclosed\nusers: []\n")
    assert await refused(path) == f"The kubeconfig {path} is not valid YAML (line 4): mend it or choose another."
    (tmp_path / "config").write_bytes(b"clusters: \x80\x81")
    assert "is not valid YAML" in await refused(path)


async def test_it_is_a_folder(tmp_path: Path) -> None:
    assert await refused(str(tmp_path)) == f"The kubeconfig {tmp_path} cannot be read: Is a directory."


BAD_SHAPES = {
    "just text": "it is no mapping",
    "[a, list]": "it is no mapping",
    "clusters: {a: b}": "clusters is no list",
    "contexts: text": "contexts is no list",
    "users: [text]": "an entry of users has no name",
    "users: [{user: {}}]": "an entry of users has no name",
    "contexts: [{name: 5}]": "an entry of contexts has no name",
    "clusters: [{name: a, cluster: text}]": "cluster of a is no mapping",
    "users: [{name: a, user: [text]}]": "user of a is no mapping",
}


@pytest.mark.parametrize("content", BAD_SHAPES)
async def test_it_does_not_have_the_shape_of_one(content: str, tmp_path: Path) -> None:
    said = await refused(write(tmp_path / "config", content))
    assert said == f"The kubeconfig {tmp_path}/config does not have the shape of one: {BAD_SHAPES[content]}."


BAD_VALUES: list[tuple[dict[str, Any], Any]] = [
    ({"server": 5}, {}),
    ({"server": None}, {}),
    ({"server": ""}, {}),
    ({"certificate-authority": "missing.pem"}, {}),
    ({"certificate-authority-data": "!"}, {}),
    ({"certificate-authority-data": 5}, {}),
    ({"certificate-authority-data": "bm9uc2Vuc2U="}, {}),
    ({"tls-server-name": ["a"]}, {}),
    ({"proxy-url": 5}, {}),
    ({}, {"client-certificate": "missing.pem", "client-key": "missing.pem"}),
    ({}, {"client-certificate": 5}),
    ({}, {"tokenFile": "missing"}),
    ({}, {"tokenFile": ["a"]}),
    ({}, {"token": ["a"]}),
    ({}, {"username": "me", "password": 5}),
    ({}, {"client-key": "x" * 5000}),
    ({}, {"as": "me", "as-groups": 5}),
    ({}, {"as": "me", "as-groups": "admins"}),
    ({}, {"as": "me", "as-user-extra": ["a"]}),
    ({}, {"as": "me", "as-user-extra": {"scopes": 5}}),
    ({}, {"as": "me", "as-user-extra": {"scopes": "text"}}),
    ({}, {"auth-provider": "oidc"}),
    ({}, {"auth-provider": {"name": ["oidc"]}}),
    ({}, {"exec": "aws"}),
    ({}, {"exec": {"apiVersion": "v1", "command": "true", "env": {"A": "b"}}}),
    ({}, {"exec": {"apiVersion": "v1", "command": "true", "env": [{"value": "A"}]}}),
    ({}, {"exec": {"apiVersion": "v1", "command": "true", "args": "text"}}),
]


@pytest.mark.parametrize(("cluster", "user"), BAD_VALUES, ids=[str(values) for values in BAD_VALUES])
async def test_a_value_of_the_wrong_kind_is_said_with_the_context_it_belongs_to(
    cluster: dict[str, Any], user: Any, tmp_path: Path
) -> None:
    said = await refused(write(tmp_path / "config", config(cluster=cluster, user=user)))
    assert said.startswith("The kubeconfig's context one cannot be used: ")
    assert said.endswith("; mend it or choose another with --context.")


async def test_no_context_is_current(tmp_path: Path) -> None:
    content = config() | {"current-context": ""}
    content["contexts"].append({"name": "two", "context": {"cluster": "one"}})
    said = await refused(write(tmp_path / "config", content))
    assert said.endswith("choose one with --context (there are: one, two).")
    assert "(there are: none)" in await refused(write(tmp_path / "config", {"clusters": []}))


async def test_what_a_context_names_is_not_there(tmp_path: Path) -> None:
    path = write(tmp_path / "config", config())
    said = await refused(path, "two")
    assert said == "The kubeconfig has no context two: choose one with --context (there are: one)."
    path = write(tmp_path / "config", config(context={"cluster": "gone"}))
    said = await refused(path)
    assert "context one cannot be used: " in said
    assert "gone" in said
    path = write(tmp_path / "config", config(context={"user": "somebody"}))
    assert "context one cannot be used: its user somebody is not there" in await refused(path)


async def test_what_is_null_is_not_set(tmp_path: Path) -> None:
    user = {"token": "t", "exec": None, "auth-provider": None, "client-key": None, "as-groups": None}
    cluster = {"tls-server-name": None, "proxy-url": None, "certificate-authority": None}
    connection = await connect(write(tmp_path / "config", config(user=user, cluster=cluster)), None)
    assert connection.headers == [("Authorization", "Bearer t")]
    assert (connection.proxy, connection.server_name) == (None, None)


async def test_a_context_without_a_user_or_a_namespace_is_legal(tmp_path: Path) -> None:
    content = config(cluster={"server": f"{SERVER}/"})
    content["contexts"][0]["context"] = {"cluster": "one"}
    connection = await connect(write(tmp_path / "config", content), None)
    assert (connection.context, connection.cluster, connection.namespace) == ("one", "one", "default")
    assert (connection.server, connection.headers) == (SERVER, [])
    content["users"] = None
    assert (await connect(write(tmp_path / "config", content), "one")).headers == []


async def test_the_first_file_that_sets_a_value_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = config("one", user={"token": "of the first"}) | {"current-context": ""}
    second = config("one", user={"token": "of the second"}, cluster={"server": "https://second.invalid"})
    second["contexts"].append({"name": "two", "context": {"cluster": "one", "user": "one", "namespace": "shop"}})
    second["current-context"] = "two"
    third = config("three")
    paths = [write(tmp_path / str(number), content) for number, content in enumerate((first, second, third))]
    together(monkeypatch, "", str(tmp_path / "missing"), paths[0], write(tmp_path / "empty", ""), *paths[1:])
    current = await connect(None, None)
    assert (current.context, current.namespace) == ("two", "shop")
    assert (current.server, current.headers) == (SERVER, [("Authorization", "Bearer of the first")])
    assert (await connect(None, "three")).context == "three"
    assert [(info.name, info.current) for info in list_contexts(None)] == [
        ("one", False),
        ("two", True),
        ("three", False),
    ]
    assert await refused(paths[0])  # a named file is the only one


async def test_contexts_are_listed_as_they_are_written(tmp_path: Path) -> None:
    content = config()
    content["contexts"] += [
        {"name": "bare"},
        {"name": "full", "context": {"cluster": "c", "user": "u", "namespace": "n"}},
    ]
    infos = list_contexts(write(tmp_path / "config", content))
    assert [(info.name, info.cluster, info.user, info.namespace, info.current) for info in infos] == [
        ("one", "one", "one", "default", True),
        ("bare", "", "", "default", False),
        ("full", "c", "u", "n", False),
    ]


@pytest.mark.parametrize("name", ["a:b", "with space", "ünï"])
async def test_a_file_may_have_any_name(name: str, tmp_path: Path) -> None:
    path = write(tmp_path / name / name, config(user={"tokenFile": "token"}))
    (tmp_path / name / "token").write_text("t")
    assert (await connect(path, None)).headers == [("Authorization", "Bearer t")]
    assert [info.name for info in list_contexts(path)] == ["one"]


async def test_the_file_in_the_home_folder_is_the_usual_one(tmp_path: Path) -> None:
    write(tmp_path / ".kube" / "config", config("at-home"))
    assert (await connect(None, None)).context == "at-home"
    write(tmp_path / "other", config("other"))
    assert (await connect("~/other", None)).context == "other"
