"""The cluster's state against a plain record of every moment."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.demo.cluster import WINDOW, ClusterState, LapsedError
from hallucino_tui.demo.encoding import encode, pretty
from hallucino_tui.demo.events import KEPT_SECONDS
from hallucino_tui.demo.resources import EVENTS, PODS
from hallucino_tui.demo.timeformat import SECOND
from hallucino_tui.demo.world import World

CHANGES = st.lists(
    st.tuples(st.booleans(), st.sampled_from(["a", "b", "ns-2", "a.b"]), st.sampled_from(["x", "y", "z-1"])),
    max_size=30,
)


@given(CHANGES)
def test_every_moment_can_be_listed_again(changes) -> None:
    state = ClusterState()
    moments: dict[int, dict[str, int]] = {}
    now: dict[str, int] = {}
    for put, namespace, name in changes:
        if put:
            now[f"{namespace}/{name}"] = state.put(PODS, {"metadata": {"namespace": namespace, "name": name}}).revision
        else:
            assert state.delete(PODS, namespace, name) == (now.pop(f"{namespace}/{name}", None) is not None)
        moments[state.revision] = dict(now)
    for revision, expected in moments.items():
        listed = state.list(PODS, revision=revision)
        assert [stored.key for stored in listed] == sorted(expected)
        assert {stored.key: stored.revision for stored in listed} == expected
        for namespace in ("a", "b"):
            inside = state.list(PODS, namespace, revision=revision)
            assert [stored.key for stored in inside] == sorted(
                key for key in expected if key.startswith(f"{namespace}/")
            )


def test_the_window_of_changes_is_bounded() -> None:
    state = ClusterState()
    journal = state.journal(PODS)
    for _ in range(5 * WINDOW):
        state.put(PODS, {"metadata": {"namespace": "n", "name": "p"}})
    assert len(journal.read(journal.position(journal.floor))) <= 2 * WINDOW
    with pytest.raises(LapsedError):
        journal.read(0)
    state.compact()
    assert journal.floor == state.revision
    assert journal.read(journal.end) == []


def test_json_is_written_as_go_writes_it() -> None:
    value = {"a": "<b> & \u2028 \u2029 \u00e9", "n": [1, None, True], "e": {}}
    assert encode(value) == '{"a":"\\u003cb\\u003e \\u0026 \\u2028 \\u2029 \u00e9","n":[1,null,true],"e":{}}'.encode()
    assert json.loads(encode(value)) == value
    assert pretty(b'{"a":{},"b":[],"c":[1]}\n') == b'{\n  "a": {},\n  "b": [],\n  "c": [\n    1\n  ]\n}'


def test_events_are_counted_and_forgotten() -> None:
    now = [1_700_000_000 * SECOND]
    world = World(clock=lambda: now[0])
    pod = world.add_pod("n", "p")
    for _ in range(3):
        now[0] += SECOND
        world.record(pod, "Warning", "BackOff", "Back-off restarting failed container")
    world.record(pod, "Normal", "Killing", "Stopping container main", container="main")
    first, second = sorted((stored.item for stored in world.state.list(EVENTS, "n")), key=lambda item: -item["count"])
    assert (first["count"], first["reason"]) == (3, "BackOff")
    assert first["firstTimestamp"] < first["lastTimestamp"]
    assert second["involvedObject"]["fieldPath"] == "spec.containers{main}"
    now[0] += (KEPT_SECONDS + 1) * SECOND
    world.record(pod, "Normal", "Pulled", "fresh")
    assert [stored.item["reason"] for stored in world.state.list(EVENTS)] == ["Pulled"]


def test_pods_need_names_of_their_own() -> None:
    world = World()
    world.add_pod("n", "p")
    with pytest.raises(ValueError, match="there is a pod"):
        world.add_pod("n", "p")
    container = world.find_pod("n", "p").container()
    with pytest.raises(ValueError, match="is running"):
        container.start()
    container.end(0)
    with pytest.raises(ValueError, match="does not run"):
        container.end(0)
    with pytest.raises(KeyError):
        world.find_pod("n", "p").container("nope")
    world.remove_namespace("n")
    assert world.pods == {}
