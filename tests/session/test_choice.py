"""What a command line can choose, and which pods that means."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from session_world import pod_of, running

from hallucino_tui.session.choice import Choice, ChoiceError, parse_duration, parse_target
from hallucino_tui.session.inventory import Workload

UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400}


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("deploy/checkout", "Deployment", "checkout"),
        ("Deployments/checkout", "Deployment", "checkout"),
        ("po/web-1", "Pod", "web-1"),
        ("sts/postgres", "StatefulSet", "postgres"),
        ("cj/import", "CronJob", "import"),
        ("rollout/web", "Rollout", "web"),
    ],
)
def test_a_target_names_a_workload_by_any_of_its_kinds_names(text: str, kind: str, name: str) -> None:
    assert parse_target(text) == (kind, name, None)


def test_a_target_without_a_kind_is_a_regular_expression() -> None:
    kind, name, pattern = parse_target("^web-[0-9]+$")
    assert (kind, name) == ("", "")
    assert pattern == re.compile("^web-[0-9]+$")
    assert parse_target("") == ("", "", None)


@pytest.mark.parametrize("text", ["node/worker-1", "deploy/", "/web", "svc/web"])
def test_a_kind_without_pods_is_refused_with_those_that_have_some(text: str) -> None:
    with pytest.raises(ChoiceError, match="kinds are CronJob, DaemonSet, Deployment") as caught:
        parse_target(text)
    assert repr(text) in str(caught.value)


@pytest.mark.parametrize(("text", "column"), [("web-[0-9", 5), ("(web", 1), ("web)", 4), ("*web", 1), ("a{2,1}", 3)])
def test_a_broken_expression_is_refused_with_its_column(text: str, column: int) -> None:
    with pytest.raises(ChoiceError, match=rf"no regular expression.*\(at column {column}\)\.$"):
        parse_target(text)


@pytest.mark.parametrize("text", ["web{99999999999999999999}", "(" * 5000 + ")" * 5000])
def test_an_expression_that_is_too_much_is_refused_too(text: str) -> None:
    with pytest.raises(ChoiceError, match="too much for a regular expression"):
        parse_target(text)


@given(st.lists(st.tuples(st.integers(0, 999), st.sampled_from(sorted(UNITS))), min_size=1, max_size=4))
def test_durations_add_up(parts: list[tuple[int, str]]) -> None:
    text = "".join(f"{number}{unit}" for number, unit in parts)
    assert parse_duration(text) == pytest.approx(sum(number * UNITS[unit] for number, unit in parts))


def test_a_duration_may_have_a_fraction() -> None:
    assert parse_duration("1.5h") == 5400


@pytest.mark.parametrize("text", ["", "5", "m", "5x", "5m ", "-5m", "1h30", "five minutes", "1.h"])
def test_what_is_no_duration_is_said_with_an_example(text: str) -> None:
    with pytest.raises(ChoiceError, match="write for example 30s, 5m, 1h30m or 2d") as caught:
        parse_duration(text)
    assert repr(text) in str(caught.value)


WEB = pod_of("web-6d4-abc", running("app"), running("proxy"), workload="web", owner=Workload("ReplicaSet", "web-6d4"))


@pytest.mark.parametrize(
    ("choice", "taken"),
    [
        (Choice(), True),
        (Choice(namespaces=("shop",)), True),
        (Choice(namespaces=("other", "shop")), True),
        (Choice(namespaces=("other",)), False),
        (Choice(namespaces=("other",), all_namespaces=True), True),
        (Choice(kind="Deployment", name="web"), True),
        (Choice(kind="ReplicaSet", name="web-6d4"), True),
        (Choice(kind="StatefulSet", name="web"), False),
        (Choice(kind="Deployment", name="we"), False),
        (Choice(kind="Pod", name="web-6d4-abc"), True),
        (Choice(kind="Pod", name="web"), False),
        (Choice(pattern=re.compile("6d4")), True),
        (Choice(pattern=re.compile("^6d4")), False),
        (Choice(pod="web-6d4-abc"), True),
        (Choice(pod="web"), False),
        (Choice(kind="Deployment", name="web", pattern=re.compile("xyz")), False),
    ],
)
def test_a_choice_takes_pods(choice: Choice, taken: bool) -> None:
    assert choice.takes_pod(WEB) is taken
    assert choice.takes(WEB, "app") is taken


def test_a_choice_takes_one_container_or_all() -> None:
    assert Choice().takes(WEB, "proxy")
    assert Choice(container="app").takes(WEB, "app")
    assert not Choice(container="app").takes(WEB, "proxy")
    assert not Choice(container="app", pod="other").takes(WEB, "app")


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (Choice(), ""),
        (Choice(namespaces=("a", "b"), selector="app=web"), "a,b [app=web]"),
        (Choice(all_namespaces=True, kind="Deployment", name="web"), "all namespaces Deployment/web"),
        (Choice(namespaces=("a",), pattern=re.compile("web.*")), "a web.*"),
        (Choice(namespaces=("a",), pod="web-1"), "a web-1"),
        (Choice(namespaces=("a",), pod="web-1", container="proxy"), "a web-1 proxy"),
    ],
)
def test_a_choice_in_few_words(choice: Choice, words: str) -> None:
    assert str(choice) == words
