"""What events of real clusters, old and new, say; and what is no event."""

from __future__ import annotations

from typing import Any

import kube_golden
import pytest
from kube_clock import NOON, SECONDS
from kube_events import listed, made, moment, recorded, scaled

from hallucino_tui.insight.cluster_events import ClusterEvent, EventKind
from hallucino_tui.sources.kubernetes.event_kinds import kind_of
from hallucino_tui.sources.kubernetes.event_objects import events_of, pods_of


def of_kind(events: list[ClusterEvent], kind: EventKind) -> list[str]:
    return [event.message for event in sorted(events, key=lambda event: event.time) if event.kind is kind]


def test_a_rollout_that_ends_in_a_crash_loop() -> None:
    events = events_of(listed("storefront-events"))
    assert [event.index for event in events] == list(range(len(events)))
    assert of_kind(events, EventKind.ROLLOUT) == [
        "Scaled up replica set storefront-59879f8cbd from 0 to 2",
        "Scaled up replica set storefront-5cc48b6f4f from 0 to 2",
    ]
    assert of_kind(events, EventKind.SCALED) == ["Scaled down replica set storefront-59879f8cbd from 2 to 0"]
    assert {event.workload for event in events} == {"storefront"}
    back_off = next(event for event in events if event.kind is EventKind.BACK_OFF)
    assert (back_off.pod, back_off.container) == ("storefront-5cc48b6f4f-4svm6", "storefront")
    assert (back_off.is_warning, back_off.count, back_off.namespace) == (True, 3, "shop-eu")
    assert back_off.last_time > back_off.time
    assert {event.kind for event in events if event.reason == "Unhealthy"} == {EventKind.PROBE_FAILED}
    assert {event.kind for event in events if event.reason == "Killing"} == {EventKind.STOPPED}


def test_the_steps_of_a_rollout_are_no_rollouts() -> None:
    events = events_of(listed("checkout-events"))
    assert of_kind(events, EventKind.ROLLOUT) == [
        "Scaled up replica set checkout-f8c6655ff from 0 to 3",
        "Scaled up replica set checkout-7f4c9c5c59 from 0 to 1",
    ]
    assert len(of_kind(events, EventKind.SCALED)) == 4
    (odd,) = (event for event in events if event.object_kind == "Service")
    assert (odd.kind, odd.workload, odd.pod) == (EventKind.OTHER, "", "")


def test_an_event_with_one_precise_time() -> None:
    scheduled = next(event for event in events_of(listed("checkout-events")) if event.reason == "Scheduled")
    assert scheduled.kind is EventKind.SCHEDULING
    assert scheduled.time == scheduled.last_time
    assert scheduled.time % SECONDS


def test_a_job_its_pod_and_its_end() -> None:
    events = events_of(listed("import-events"))
    jobs = {event.reason: event for event in events if event.kind is EventKind.JOB}
    assert jobs.keys() == {"SuccessfulCreate", "Completed"}
    assert {event.workload for event in jobs.values()} == {"clickstream-import"}
    assert jobs["SuccessfulCreate"].pod == "clickstream-import-ll9jb"
    assert [event.workload for event in events if event.kind is EventKind.VOLUME] == ["redis"]


def test_the_newer_api_says_the_same_as_the_older() -> None:
    def said(name: str) -> list[tuple[Any, ...]]:
        return sorted(
            (event.time, event.last_time, event.kind, event.reason, event.message, event.pod, event.container)
            for event in events_of(kube_golden.items(name))
        )

    newer = said("events-k8sio-list")
    assert newer
    older = {facts[3:] for facts in said("events-list")}
    assert {facts[3:] for facts in newer} & older
    assert all(facts[0] for facts in newer)


def test_an_event_of_a_series() -> None:
    item = made("Unhealthy", "Liveness probe failed: timeout") | {
        "firstTimestamp": None,
        "lastTimestamp": None,
        "count": None,
        "eventTime": "2026-11-23T12:00:01.000002Z",
        "series": {"count": 41, "lastObservedTime": "2026-11-23T12:05:00.000000Z"},
    }
    (event,) = events_of([item])
    assert (event.time, event.last_time) == (NOON + SECONDS + 2000, NOON + 300 * SECONDS)
    assert event.count == 41


def test_times_that_mean_none() -> None:
    item = made("Pulled") | {"firstTimestamp": "0001-01-01T00:00:00Z", "lastTimestamp": None, "eventTime": None}
    item["metadata"]["creationTimestamp"] = moment(7)
    (event,) = events_of([item])
    assert event.time == event.last_time == NOON + 7 * SECONDS


def test_in_older_clusters_the_first_scaling_of_a_replica_set_is_its_rollout() -> None:
    def step(direction: str, name: str, size: int, at: float) -> dict[str, Any]:
        message = f"Scaled {direction} replica set {name} to {size}"
        return made("ScalingReplicaSet", message, about="Deployment/web", at=at, kind="Normal")

    events = events_of(
        [
            step("up", "web-6bcd", 3, 0),
            step("down", "web-6bcd", 2, 61),
            step("up", "web-7fff", 2, 62),
            step("up", "web-7fff", 1, 60),
        ]
    )
    assert [event.kind for event in events] == [
        EventKind.ROLLOUT,
        EventKind.SCALED,
        EventKind.SCALED,
        EventKind.ROLLOUT,
    ]


def test_a_rollback_is_a_rollout_and_scaling_is_none() -> None:
    events = events_of(
        [
            scaled("web", "6bcd", 0, 3, at=0),
            scaled("web", "6bcd", 3, 5, at=30),
            scaled("web", "7fff", 0, 1, at=60),
            scaled("web", "6bcd", 5, 4, at=61),
            scaled("web", "6bcd", 4, 5, at=90),
            scaled("web", "7fff", 1, 0, at=91),
        ]
    )
    kinds = [event.kind for event in events]
    rollouts = [index for index, kind in enumerate(kinds) if kind is EventKind.ROLLOUT]
    assert rollouts == [0, 2, 4]


def test_who_made_what_is_learned_from_events_and_pods() -> None:
    names = ["Created pod: web-a", "Created pod: odd-name"]
    items = [
        made("SuccessfulCreate", names[0], about="ReplicaSet/web-hash", kind="Normal"),
        made("ScalingReplicaSet", "Scaled up replica set web-hash from 0 to 1", about="Deployment/web"),
        made("Unhealthy", "", about="Pod/web-a"),
        made("Unhealthy", "", about="Pod/other-b"),
    ]
    pod = {
        "metadata": {
            "name": "other-b",
            "namespace": "shop",
            "ownerReferences": [{"kind": "DaemonSet", "name": "agent", "controller": True}],
        }
    }
    assert [event.workload for event in events_of(items, pods_of([pod]))] == ["web", "web", "web", "agent"]


@pytest.mark.parametrize(
    ("reason", "about", "message", "kind"),
    [
        ("BackOff", "Pod", "Back-off restarting failed container image-resizer in pod x", EventKind.BACK_OFF),
        ("BackOff", "Pod", 'Back-off pulling image "web:2"', EventKind.IMAGE),
        ("Failed", "Pod", "Error: ImagePullBackOff", EventKind.IMAGE),
        ("Failed", "Pod", 'Failed to pull image "web:2": not found', EventKind.IMAGE),
        ("Failed", "Pod", 'Error: secret "shop-db" not found', EventKind.CONFIG),
        ("Failed", "Pod", "Error: couldn't find key user in Secret shop/shop-db", EventKind.CONFIG),
        ("FailedMount", "Pod", 'MountVolume.SetUp failed for volume "c" : configmap "c" not found', EventKind.CONFIG),
        ("FailedMount", "Pod", "timed out waiting for the condition", EventKind.VOLUME),
        ("FailedAttachVolume", "Pod", "Multi-Attach error", EventKind.VOLUME),
        ("FailedScheduling", "Pod", "0/4 nodes are available: 4 Insufficient memory.", EventKind.SCHEDULING),
        ("Killing", "Pod", "Container app failed liveness probe, will be restarted", EventKind.RESTART),
        ("Killing", "Pod", "Stopping container app", EventKind.STOPPED),
        ("Unhealthy", "Pod", "Readiness probe failed", EventKind.PROBE_FAILED),
        ("OOMKilling", "Node", "Memory cgroup out of memory: Killed process 7", EventKind.OOM_KILLED),
        ("SystemOOM", "Node", "System OOM encountered", EventKind.OOM_KILLED),
        ("Evicted", "Pod", "The node was low on resource: memory.", EventKind.EVICTED),
        ("NodeNotReady", "Node", "Node worker-1 status is now: NodeNotReady", EventKind.NODE),
        ("NodeNotReady", "Pod", "Node is not ready", EventKind.NODE),
        ("Rebooted", "Node", "Node worker-1 has been rebooted", EventKind.NODE),
        ("BackoffLimitExceeded", "Job", "Job has reached the specified backoff limit", EventKind.JOB),
        ("SuccessfulCreate", "CronJob", "Created job nightly-29012345", EventKind.JOB),
        ("SuccessfulRescale", "HorizontalPodAutoscaler", "New size: 5", EventKind.SCALED),
        ("ScalingReplicaSet", "Deployment", "Scaled up replica set web-7fff from 2 to 3", EventKind.SCALED),
        ("ScalingReplicaSet", "Deployment", "Scaled up replica set web-7fff from 0 to 3", EventKind.ROLLOUT),
        ("ScalingReplicaSet", "Deployment", "Scaled down replica set web-7fff to 0 from 1", EventKind.SCALED),
        ("ScalingReplicaSet", "Deployment", "in words of another language", EventKind.SCALED),
        ("SomethingNew", "Pod", "", EventKind.OTHER),
        ("", "", "", EventKind.OTHER),
    ],
)
def test_reasons_and_their_meaning(reason: str, about: str, message: str, kind: EventKind) -> None:
    assert kind_of(reason, about, message) is kind


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ([{"kind": "Pod", "metadata": {"name": "web"}}], "Item 1 is no event: it is of the kind Pod"),
        ([made("Pulled"), {}], "Item 2 is no event: it does not say what it is about"),
        ([7], "Item 1 is no event: Expected `object`, got `int`"),
        ([made("Pulled") | {"message": 7}], r"Item 1 is no event: Expected `str \| null`, got `int`"),
    ],
)
def test_what_is_no_event_is_said_in_a_sentence(items: list[Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        events_of(items)


def test_fields_that_are_null() -> None:
    item: dict[str, Any] = dict.fromkeys(
        ("type", "reason", "message", "note", "count", "series", "eventTime", "firstTimestamp", "kind")
    )
    item["involvedObject"] = dict.fromkeys(("kind", "name", "namespace", "uid", "fieldPath"))
    (event,) = events_of([item])
    assert event == ClusterEvent(0, 0, EventKind.OTHER, "", index=0)


def test_no_items_are_no_events() -> None:
    assert events_of([]) == []
    assert events_of(recorded("storefront-events")["items"][:0]) == []
