"""What pods say of themselves and of the runs of their containers that ended."""

from __future__ import annotations

from typing import Any

import kube_golden
import pytest
from kube_clock import NOON, SECONDS
from kube_events import moment, recorded

from hallucino_tui.insight.cluster_events import ContainerFacts, EventKind, PodFacts
from hallucino_tui.sources.kubernetes.pod_facts import pods_of, restarts_of


def pod(*statuses: dict[str, Any], **labels: str) -> dict[str, Any]:
    """A pod whose containers are like this."""
    specs = [{"name": status["name"], "image": "web:2"} for status in statuses]
    return {
        "metadata": {"name": "web-1", "namespace": "shop", "uid": "u", "labels": labels},
        "spec": {"containers": specs, "nodeName": "worker-1"},
        "status": {"containerStatuses": list(statuses)},
    }


def ended(exit_code: int, reason: str, finished: float) -> dict[str, Any]:
    return {"terminated": {"exitCode": exit_code, "reason": reason, "finishedAt": moment(finished)}}


def test_a_pod_before_and_after_it_crashes() -> None:
    both = recorded("storefront-pods")
    before, after = (pods_of(both[when]["items"]) for when in ("before", "after"))
    assert {(one.workload, one.workload_kind, one.revision) for one in before} == {
        ("storefront", "Deployment", "59879f8cbd")
    }
    assert {one.revision for one in after} == {"5cc48b6f4f"}
    (container,) = before[0].containers
    assert (container.image, container.state, container.is_ready) == ("localhost/shop:1", "running", True)
    assert container.exit_code is None
    events = restarts_of([*before, *after])
    assert [(event.kind, event.exit_code, event.reason) for event in events] == [(EventKind.RESTART, 3, "Error")] * 2
    assert all(event.is_warning and event.workload == "storefront" for event in events)
    assert events[0].message == "storefront ended: exit code 3, Error; restart 5"


def test_a_job_that_is_done() -> None:
    (event,) = restarts_of(pods_of(recorded("import-pods")["after"]["items"]))
    assert (event.kind, event.exit_code, event.is_warning) == (EventKind.STOPPED, 0, False)
    assert (event.workload, event.reason) == ("clickstream-import", "Completed")


def test_a_container_that_ran_out_of_memory_and_runs_again() -> None:
    status = {
        "name": "app",
        "restartCount": 2,
        "ready": True,
        "state": {"running": {"startedAt": moment(12)}},
        "lastState": ended(137, "OOMKilled", 10),
    }
    (facts,) = pods_of([pod(status, app="web")])
    assert facts == PodFacts(
        "web-1",
        "shop",
        "web-1",
        node="worker-1",
        containers=(
            ContainerFacts(
                "app",
                "web:2",
                2,
                is_ready=True,
                state="running",
                exit_code=137,
                last_reason="OOMKilled",
                last_finished=NOON + 10 * SECONDS,
                started=NOON + 12 * SECONDS,
                last_exit_code=137,
            ),
        ),
    )
    (event,) = restarts_of([facts])
    assert (event.kind, event.time, event.exit_code) == (EventKind.OOM_KILLED, NOON + 10 * SECONDS, 137)
    assert event.message == "app ended: exit code 137, OOMKilled; restart 2"


def test_both_runs_that_a_container_remembers() -> None:
    status = {"name": "app", "restartCount": 1, "state": ended(2, "Error", 20), "lastState": ended(1, "Error", 10)}
    events = restarts_of(pods_of([pod(status)] * 2))
    assert [(event.kind, event.exit_code) for event in events] == [(EventKind.RESTART, 1), (EventKind.STOPPED, 2)]


def test_what_a_waiting_container_waits_for() -> None:
    status = {
        "name": "app",
        "restartCount": 4,
        "state": {"waiting": {"reason": "CrashLoopBackOff"}},
        "lastState": ended(1, "Error", 10),
    }
    (facts,) = pods_of([pod(status)])
    (container,) = facts.containers
    assert (container.state, container.reason, container.started) == ("waiting", "CrashLoopBackOff", None)
    assert restarts_of([facts])[0].message == "app ended: exit code 1, Error; CrashLoopBackOff"


def test_a_pod_that_nobody_has_looked_at_yet() -> None:
    (facts,) = pods_of([{"metadata": {"name": "web"}, "spec": {"containers": [{"name": "app", "image": "web:2"}]}}])
    assert facts.containers == (ContainerFacts("app", "web:2", state="waiting"),)
    assert restarts_of([facts]) == []


def test_all_pods_of_a_real_list() -> None:
    facts = pods_of(kube_golden.items("pods-list-full"))
    assert all(one.name and one.workload and one.namespace for one in facts)
    assert all(event.time for event in restarts_of(facts))


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ({"kind": "Event", "metadata": {"name": "e"}}, "Item 1 is no pod: it is of the kind Event"),
        ({}, "Item 1 is no pod: it has no name"),
        ("web", "Item 1 is no pod: Expected `object`, got `str`"),
    ],
)
def test_what_is_no_pod_is_said_in_a_sentence(item: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        pods_of([item])
