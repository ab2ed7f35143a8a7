"""Which containers are read: all that were asked for as far as the bound allows, and a sentence where it does not."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st
from session_world import ended, pod_of, running

from hallucino_tui.session.choice import Choice
from hallucino_tui.session.inventory import Inventory, Pod, Workload
from hallucino_tui.session.nodes import NodeKey, container_key, namespace_key, pod_key, workload_key
from hallucino_tui.session.reading import MOST_STREAMS, Reading


@dataclass
class Logs:
    """Notes what is begun."""

    begun: list[tuple[str, str]] = field(default_factory=list)
    observed: list[tuple[str, Pod | None]] = field(default_factory=list)

    def begin(self, pod: Pod, container: str) -> None:
        self.begun.append((pod.name, container))

    def observe(self, uid: str, pod: Pod | None) -> None:
        self.observed.append((uid, pod))


@dataclass
class World:
    """A cluster, and who reads of it."""

    choice: Choice = field(default_factory=Choice)
    most: int = MOST_STREAMS
    inventory: Inventory = field(default_factory=lambda: Inventory("demo"))
    logs: Logs = field(default_factory=Logs)
    reading: Reading = field(init=False)

    def __post_init__(self) -> None:
        self.reading = Reading(self.choice, self.logs, self.most)

    def put(self, *pods: Pod) -> list[str]:
        """Let pods appear or change; return the containers that are begun."""
        for pod in pods:
            self.inventory.put(pod)
        return self.tick()

    def remove(self, *names: str) -> list[str]:
        for name in names:
            self.inventory.remove(f"uid-{name}")
        return self.tick()

    def tick(self) -> list[str]:
        before = len(self.logs.begun)
        changes = self.inventory.take_changes()
        if changes:
            self.reading.update(self.inventory, changes)
        return [f"{pod}/{container}" for pod, container in self.logs.begun[before:]]

    def add(self, *keys: NodeKey) -> list[str]:
        before = len(self.logs.begun)
        self.reading.add(set(keys), self.inventory)
        return [f"{pod}/{container}" for pod, container in self.logs.begun[before:]]

    @property
    def note(self) -> str:
        return self.reading.note


def pods(count: int, name: str = "web", **more) -> list[Pod]:
    return [pod_of(f"{name}-{number}", **more) for number in range(count)]


def test_what_was_chosen_is_read_once() -> None:
    world = World(Choice(namespaces=("shop",), container="app"))
    assert world.put(pod_of("web-1", running(), running("proxy")), pod_of("job-1", namespace="other")) == ["web-1/app"]
    assert world.put(pod_of("web-1", running(restarts=1), running("proxy"))) == []
    assert world.put(pod_of("web-2")) == ["web-2/app"]
    assert world.note == ""


def test_every_change_is_passed_on_whether_it_was_chosen_or_not() -> None:
    world = World(Choice(namespaces=("shop",)))
    web, job = pod_of("web-1"), pod_of("job-1", namespace="other")
    world.put(web, job)
    world.remove("web-1")
    assert world.logs.observed == [("uid-web-1", web), ("uid-job-1", job), ("uid-web-1", None)]


def test_a_pod_of_the_same_name_is_another_pod() -> None:
    world = World()
    world.put(pod_of("db-0"))
    world.remove("db-0")
    assert world.put(pod_of("db-0", uid="uid-new")) == ["db-0/app"]


def test_as_many_as_the_bound_are_read_and_one_more_is_refused_in_a_sentence() -> None:
    assert len(World().put(*pods(300))) == 300
    world = World()
    assert world.put(*pods(301)) == []
    assert world.note.startswith("301 containers were asked for and at most 300 can be read at once: choose fewer")
    assert world.note.endswith(".")


def test_what_was_refused_is_not_read_by_and_by_as_pods_change() -> None:
    world = World(most=3)
    world.put(*pods(5))
    refused = world.note
    assert world.put(pod_of("web-2", running(restarts=1))) == []
    assert world.put(pod_of("job-1")) == []
    assert world.note == refused.replace("5 containers", "6 containers")


def test_what_was_refused_is_read_as_soon_as_it_is_little_enough() -> None:
    world = World(most=3)
    world.put(*pods(5))
    assert world.remove("web-0") == []
    assert sorted(world.remove("web-1")) == ["web-2/app", "web-3/app", "web-4/app"]
    assert world.note == ""


def test_a_rollout_over_the_bound_waits_for_the_old_pods_to_go() -> None:
    world = World(most=4)
    assert len(world.put(*pods(3, "old"))) == 3
    assert world.put(*pods(3, "new")) == []
    assert "6 containers" in world.note
    assert world.remove("old-0") == []
    assert sorted(world.remove("old-1")) == ["new-0/app", "new-1/app", "new-2/app"]
    assert world.note == ""


def test_what_has_ended_makes_room_for_what_runs() -> None:
    world = World(most=2)
    assert len(world.put(*pods(2, "job"))) == 2
    world.put(pod_of("job-0", ended(), phase="Succeeded"))
    assert world.put(pod_of("web-1")) == ["web-1/app"]


def test_a_crashed_container_counts_because_it_is_started_again() -> None:
    world = World(most=1)
    world.put(pod_of("web-1", ended(code=1)))
    assert world.put(pod_of("web-2")) == []
    assert "2 containers" in world.note


def test_nodes_can_be_picked_out_of_what_was_refused() -> None:
    world = World(most=3)
    world.put(*pods(5), *pods(2, "db"))
    assert world.add(pod_key("uid-web-1")) == ["web-1/app"]
    assert world.add(workload_key("shop", Workload("Deployment", "db"))) == ["db-0/app", "db-1/app"]
    assert world.add(pod_key("uid-web-2")) == []


def test_what_was_not_picked_of_a_pod_still_waits() -> None:
    world = World(most=2)
    world.put(pod_of("web-1", running("a"), running("b"), running("c")))
    assert world.add(container_key("uid-web-1", "a")) == ["web-1/a"]
    assert world.note.startswith("3 containers were asked for")
    assert world.put(pod_of("web-1", running("a"), running("b"), ended("c"))) == ["web-1/b"]
    assert world.note.startswith("1 container that has ended")


@pytest.mark.parametrize(
    ("key", "begun"),
    [
        (container_key("uid-job-1", "app"), ["job-1/app"]),
        (pod_key("uid-job-1"), ["job-1/app", "job-1/proxy"]),
        (workload_key("other", Workload("Deployment", "job")), ["job-1/app", "job-1/proxy", "job-2/app"]),
        (namespace_key("other"), ["cron-1/app", "job-1/app", "job-1/proxy", "job-2/app"]),
        (namespace_key("nowhere"), []),
    ],
)
def test_picked_nodes_are_read_beside_what_was_chosen(key: NodeKey, begun: list[str]) -> None:
    world = World(Choice(namespaces=("shop",)))
    world.put(
        pod_of("web-1"),
        pod_of("job-1", running(), running("proxy"), namespace="other"),
        pod_of("job-2", namespace="other"),
        pod_of("cron-1", namespace="other"),
    )
    assert sorted(world.add(key)) == begun
    assert world.add(key) == []


def test_pods_that_come_later_under_a_picked_node_are_read_too() -> None:
    world = World(Choice(namespaces=("shop",)))
    world.add(namespace_key("other"))
    assert world.put(pod_of("job-1", namespace="other")) == ["job-1/app"]
    assert world.put(pod_of("job-1", namespace="third")) == []


def test_a_pick_that_is_too_much_is_refused_and_forgotten_with_the_next_one() -> None:
    world = World(Choice(namespaces=("shop",)), most=3)
    world.put(pod_of("web-1"), *pods(4, "job", namespace="other"))
    assert world.add(namespace_key("other")) == []
    assert world.note.startswith("5 containers were asked for and at most 3")
    world.put(pod_of("web-1", running(restarts=1)))
    assert world.note.startswith("5 containers")
    assert world.add(pod_key("uid-job-1")) == ["job-1/app"]
    assert world.note == ""
    assert world.put(pod_of("job-2", running(restarts=1), namespace="other")) == []


def test_no_pick_at_all_takes_back_what_was_said_of_the_last_one() -> None:
    world = World(Choice(namespaces=("shop",)), most=3)
    world.put(*pods(4, "job", namespace="other"))
    world.add(namespace_key("other"))
    world.add()
    assert world.note == ""


def test_what_runs_comes_before_what_has_ended_and_the_newest_of_that_first() -> None:
    world = World(most=4)
    done = [pod_of(f"job-{age}", ended(), phase="Succeeded", created=1000 - age) for age in (3, 1, 2, 4)]
    assert world.put(*done, *pods(2)) == ["web-0/app", "web-1/app", "job-1/app", "job-2/app"]
    assert world.note == "2 containers that have ended are not read: choose fewer to see them."


def test_what_has_ended_and_is_not_read_stays_so_and_is_not_forgotten() -> None:
    world = World(most=2)
    done = [pod_of(f"job-{age}", ended(), phase="Succeeded", created=1000 - age) for age in range(4)]
    world.put(*done)
    assert world.put(pod_of("web-1")) == ["web-1/app"]
    assert world.note.startswith("2 containers that have ended")
    assert world.put(pod_of("job-3", ended(), phase="Succeeded", created=997, deleting=True)) == []
    assert world.remove("job-3") == []
    assert world.note.startswith("1 container that has ended is not read")
    assert world.add(pod_key("uid-job-2")) == ["job-2/app"]
    assert world.note == ""


def test_what_had_ended_and_runs_again_is_read() -> None:
    world = World(most=1)
    world.put(pod_of("web-1", ended(), created=5), pod_of("web-2", ended(), created=4))
    assert world.put(pod_of("web-2", running(), created=4)) == ["web-2/app"]
    assert world.note == ""


@given(st.integers(0, 12), st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["run", "end", "go"])), max_size=30))
def test_the_bound_holds_and_whatever_is_not_read_is_owned_up_to(most: int, events: list[tuple[int, str]]) -> None:
    world = World(most=most)
    read: set[str] = set()
    gone: set[str] = set()
    for number, what in events:
        name = f"web-{number}"
        known = world.inventory.get(f"uid-{name}")
        if name in gone or (known is not None and known.finished and what == "run"):
            continue  # no pod comes back or runs again
        if what == "go":
            read |= set(world.remove(name))
        elif what == "run":
            read |= set(world.put(pod_of(name)))
        else:
            read |= set(world.put(pod_of(name, ended(), phase="Succeeded")))
        alive = {pod.name for pod in world.inventory.pods() if not pod.finished}
        assert len(alive & {one.partition("/")[0] for one in read}) <= most
        unread = [pod for pod in world.inventory.pods() if f"{pod.name}/app" not in read]
        assert bool(unread) is bool(world.note)
        if what == "go":
            gone.add(name)
