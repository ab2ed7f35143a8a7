"""The table of failures of a cluster: one clear sentence, no traceback, an exit code, and no secret."""

from collections.abc import Callable

import pytest
import yaml
from cli_world import Cli

NOBODY = "https://127.0.0.1:1"
Way = tuple[str, ...]


def changed_kubeconfig(cli: Cli, change: Callable[[dict], None]) -> str:
    content = yaml.safe_load(cli.cluster.kubeconfig_path.read_text())
    change(content)
    return cli.file("kubeconfig", yaml.safe_dump(content))


def no_kubeconfig(cli: Cli) -> Way:
    return ("--kubeconfig", str(cli.folder / "nowhere"))


def no_yaml(cli: Cli) -> Way:
    return ("--kubeconfig", cli.file("kubeconfig", "clusters: [\n  : :"))


def no_mapping(cli: Cli) -> Way:
    return ("--kubeconfig", cli.file("kubeconfig", "- just\n- a list\n"))


def empty_kubeconfig(cli: Cli) -> Way:
    return ("--kubeconfig", cli.file("kubeconfig", ""))


def unreadable_certificate(cli: Cli) -> Way:
    def change(content: dict) -> None:
        content["clusters"][0]["cluster"]["certificate-authority-data"] = "bm8gY2VydGlmaWNhdGU="

    return ("--kubeconfig", changed_kubeconfig(cli, change))


def nobody_there(cli: Cli) -> Way:
    return (
        "--kubeconfig",
        changed_kubeconfig(cli, lambda content: content["clusters"][0]["cluster"].update(server=NOBODY)),
    )


def another_certificate(cli: Cli) -> Way:
    def change(content: dict) -> None:
        del content["clusters"][0]["cluster"]["certificate-authority-data"]

    return ("--kubeconfig", changed_kubeconfig(cli, change))


def no_current_context(cli: Cli) -> Way:
    return ("--kubeconfig", changed_kubeconfig(cli, lambda content: content.pop("current-context")))


def wrong_context(cli: Cli) -> Way:
    return ("--context", "prod")


def expired_token(cli: Cli) -> Way:
    path = changed_kubeconfig(cli, lambda _: None)
    cli.secrets.append(cli.cluster.token)
    cli.background.call(cli.cluster.faults.expire_token)
    return ("--kubeconfig", path)


def failing_plugin(cli: Cli) -> Way:
    script = "#!/bin/sh\necho 'first line' >&2\necho 'the session is over, token=q7hidden7q' >&2\nexit 3\n"
    cli.secrets.append("q7hidden7q")
    return ("--kubeconfig", cli.kubeconfig_with_plugin(cli.file("login", script, 0o700)))


def missing_plugin(cli: Cli) -> Way:
    return ("--kubeconfig", cli.kubeconfig_with_plugin("no-such-login-plugin"))


def talking_plugin(cli: Cli) -> Way:
    cli.secrets.append("q7hidden7q")
    script = "#!/bin/sh\necho 'Welcome! Your token is q7hidden7q'\n"
    return ("--kubeconfig", cli.kubeconfig_with_plugin(cli.file("login", script, 0o700)))


def all_forbidden(cli: Cli) -> Way:
    cli.pod("web-1")
    cli.background.call(cli.cluster.faults.deny)
    return ()


def a_web_page(cli: Cli) -> Way:
    cli.background.call(lambda: cli.cluster.faults.answer_next("html", 9))
    return ()


def no_answer(cli: Cli) -> Way:
    cli.background.call(lambda: cli.cluster.faults.answer_next("reset", 9))
    return ()


def a_broken_server(cli: Cli) -> Way:
    cli.background.call(lambda: cli.cluster.faults.answer_next("500", 9))
    return ()


def no_pods(cli: Cli) -> Way:
    return ()


def another_namespace(cli: Cli) -> Way:
    cli.pod("web-1")
    return ("-n", "shop")


def too_many_containers(cli: Cli) -> Way:
    for number in range(7):
        cli.pod(f"web-{number}", *[f"c{part}" for part in range(43)])
    return ()


def unknown_container(cli: Cli) -> Way:
    cli.pod("web-1")
    return ("pod/web-1", "-c", "nobody")


def unknown_pod(cli: Cli) -> Way:
    cli.pod("web-1")
    return ("--pod", "web-2")


def bad_selector(cli: Cli) -> Way:
    cli.pod("web-1")
    return ("-l", "app in (")


FAILURES: list[tuple[Callable[[Cli], Way], str]] = [
    (no_kubeconfig, "There is no kubeconfig at"),
    (no_yaml, "is not valid YAML (line 2)"),
    (no_mapping, "does not have the shape of one"),
    (empty_kubeconfig, "is empty"),
    (unreadable_certificate, "cannot be used"),
    (nobody_there, f"The cluster at {NOBODY} cannot be reached"),
    (another_certificate, "its certificate is not trusted"),
    (no_current_context, "has no current context"),
    (wrong_context, "prod"),
    (expired_token, "The cluster does not accept your credentials"),
    (failing_plugin, "The login plugin login failed with exit code 3: the session is over"),
    (missing_plugin, "The login plugin no-such-login-plugin cannot be run"),
    (talking_plugin, "printed no ExecCredential"),
    (all_forbidden, "The cluster forbids it"),
    (a_web_page, "no Kubernetes API"),
    (no_answer, "cannot be reached"),
    (a_broken_server, "The cluster answered 500"),
    (no_pods, "No container matches (default)"),
    (another_namespace, "No container matches (shop)"),
    (too_many_containers, "301 containers match and at most 300 are read at once: choose fewer"),
    (unknown_container, "No container matches (default Pod/web-1 nobody)"),
    (unknown_pod, "No container matches (default web-2)"),
    (bad_selector, "The cluster answered 400"),
]


@pytest.mark.parametrize("command", ["logs", "logs -f", "summarise"])
@pytest.mark.parametrize(("prepare", "said"), FAILURES, ids=[prepare.__name__ for prepare, _ in FAILURES])
def test_what_is_in_the_way_is_said_in_one_sentence(
    cli: Cli, prepare: Callable[[Cli], Way], said: str, command: str
) -> None:
    arguments = prepare(cli)
    done = cli(*command.split(), *arguments)
    assert done.code == 1
    assert done.out == b""
    assert said in done.sentence


def test_nothing_set_up_at_all_names_the_way_to_try_it(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KUBECONFIG")
    sentence = cli("logs").sentence
    assert f"{cli.folder}/.kube/config" in sentence
    assert "hallucino demo" in sentence


def test_a_container_that_never_restarted_has_no_previous_log(cli: Cli) -> None:
    cli.write(cli.pod("web-1"), "here")
    done = cli("logs", "pod/web-1", "--previous")
    assert (done.code, done.out) == (1, b"")
    assert done.sentence.startswith("hallucino: web-1/app: ")
    assert "previous terminated container" in done.sentence
    assert "not found" in done.sentence


def test_logs_that_are_forbidden_are_said_for_each_container(cli: Cli) -> None:
    cli.write(cli.pod("web-1", "app", "proxy"), "here", container="app")
    cli.background.call(lambda: cli.cluster.faults.deny("get", "pods/log"))
    done = cli("logs")
    assert (done.code, done.out) == (1, b"")
    assert [line.split(": ")[1] for line in done.err.splitlines()] == ["web-1/app", "web-1/proxy"]
    assert done.err.count("The cluster forbids it") == 2


@pytest.mark.parametrize(
    "prepare", [no_kubeconfig, no_yaml, wrong_context, nobody_there, expired_token, failing_plugin, all_forbidden]
)
def test_doctor_says_it_too_and_is_no_success(cli: Cli, prepare: Callable[[Cli], Way]) -> None:
    said = dict(FAILURES)[prepare]
    done = cli("doctor", *prepare(cli))
    assert (done.code, done.err) == (1, "")
    failures = [line for line in done.lines if line.startswith("FAIL ")]
    wanted = "You may not list pods" if prepare is all_forbidden else said
    assert [line for line in failures if wanted in line]
