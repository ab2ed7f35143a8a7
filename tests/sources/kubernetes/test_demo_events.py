"""The demo's incident, as its cluster tells it: the rollout, the probes, the crash loop, and how it was taken back."""

from __future__ import annotations

import pytest

from hallucino_tui.demo.options import ServeOptions
from hallucino_tui.demo.resources import EVENTS, PODS
from hallucino_tui.demo.scenario.story import ROLLBACK_AT
from hallucino_tui.demo.serve import DemoCluster
from hallucino_tui.demo.timeformat import SECOND
from hallucino_tui.insight.cluster_events import ClusterEvent, EventKind, PodFacts
from hallucino_tui.sources.kubernetes.event_objects import events_of, pods_of, restarts_of

START = 1_795_000_000 * SECOND


def told(*, until: float, seed: int, quiet: bool = False) -> tuple[list[ClusterEvent], list[PodFacts]]:
    """What events and pods say of the shop after so many seconds of the story."""
    now = START
    options = ServeOptions(start_ns=START, seed=seed, quiet=quiet)
    cluster = DemoCluster(options, clock=lambda: now, playing=False)
    assert cluster.player is not None
    now = cluster.player.engine.wall_ns(until)
    cluster.player.engine.run_until(until)
    pods = pods_of(stored.item for stored in cluster.state.list(PODS))
    events = [*events_of((stored.item for stored in cluster.state.list(EVENTS)), pods), *restarts_of(pods)]
    return [event for event in events if event.namespace == "shop"], pods


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_incident_can_be_read_from_events_and_pods(seed: int) -> None:
    events, pods = told(until=ROLLBACK_AT + 40, seed=seed)
    rollouts = [event for event in events if event.kind is EventKind.ROLLOUT]
    rollouts.sort(key=lambda event: event.time)
    assert [event.workload for event in rollouts] == ["checkout", "checkout"]
    assert rollouts[0].message.split()[4] != rollouts[1].message.split()[4]
    killed = [event for event in events if event.kind is EventKind.OOM_KILLED]
    assert killed
    assert {(event.workload, event.exit_code) for event in killed} == {("cart", 137)}
    assert rollouts[0].time < min(event.time for event in killed)
    failed = {event.workload for event in events if event.kind is EventKind.PROBE_FAILED}
    assert "checkout" in failed
    assert len({facts.revision for facts in pods if facts.workload == "checkout"}) >= 1


def test_a_quiet_shop_has_no_rollout_and_no_kill() -> None:
    events, _ = told(until=300, seed=1, quiet=True)
    kinds = {event.kind for event in events}
    assert not kinds & {EventKind.ROLLOUT, EventKind.OOM_KILLED, EventKind.PROBE_FAILED, EventKind.BACK_OFF}
