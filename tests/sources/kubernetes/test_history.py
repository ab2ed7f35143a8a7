"""Reading backwards: lines before those that are known, and the run before the current one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import kube_golden
import pytest
from kube_clock import FakeClock
from kube_follow import tell, write
from kube_script import PREVIOUS, REST, Script, at, run, scripted
from kube_server import held, stream, until

from hallucino_tui.demo.pods import Container as DemoContainer
from hallucino_tui.demo.serve import DemoCluster, ServeOptions
from hallucino_tui.logs.batch import Batch
from hallucino_tui.logs.notice import Notice
from hallucino_tui.logs.stream import StreamTable
from hallucino_tui.session.inventory import Container, Pod, Workload
from hallucino_tui.sources.kubernetes import history, log_request
from hallucino_tui.sources.kubernetes.cluster import KubernetesCluster, KubernetesClusters
from hallucino_tui.sources.kubernetes.errors import ApiError, ClusterError, UnreachableError
from hallucino_tui.sources.kubernetes.log_request import Start, pod_path
from hallucino_tui.sources.kubernetes.objects import PodObject, to_pod


def texts(items: Sequence[Batch | Notice]) -> list[str]:
    found: list[str] = []
    for item in items:
        if isinstance(item, Notice):
            found.append(f"{item.kind.name}: {item.text}")
        else:
            found += [item.line(index).decode() for index in range(len(item))]
    return found


@dataclass
class Reader:
    """A cluster of the demo as the session has it."""

    demo: DemoCluster
    cluster: KubernetesCluster
    container: DemoContainer

    async def look(self) -> Pod:
        """Put the pod into the inventory as it is now."""
        pod = self.container.pod
        seen = to_pod(await self.cluster._client.get(pod_path(pod.namespace, pod.name), PodObject))
        self.cluster.inventory.put(seen)
        return seen

    async def begin(self) -> None:
        """Read the container as far as it was written."""
        self.cluster.begin(await self.look(), "main")
        await until(lambda: self.cluster.logs.receipts()[0].last_line)

    async def older(self) -> list[str]:
        return texts(await self.cluster.read_older([(self.container.pod.uid, "main")]))

    async def previous(self) -> list[str]:
        return texts(await self.cluster.read_previous(self.container.pod.uid, "main"))


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    clock, table = FakeClock(patience=30), StreamTable()
    async with DemoCluster(ServeOptions(empty=True), clock=clock.now) as demo:
        cluster = await KubernetesClusters(str(demo.kubeconfig_path), table, clock, tail=2).open(None)
        container = demo.world.add_pod("shop", "web", "main").container()
        yield Reader(demo, cluster, container)
        await cluster.close()


def numbered(count: int, first: int = 0) -> list[str]:
    return [f"line {number}" for number in range(first, first + count)]


async def test_lines_before_the_first_that_is_known(reader: Reader) -> None:
    write(reader.container, *numbered(50))
    await reader.begin()
    assert texts(reader.cluster.logs.take()) == numbered(2, 48)
    items = await reader.cluster.read_older([(reader.container.pod.uid, "main")])
    assert texts(items) == numbered(48)
    (batch,) = items
    assert isinstance(batch, Batch)
    assert batch.times.tolist() == sorted(batch.times.tolist())
    assert await reader.older() == []


async def test_each_step_goes_a_little_further_back(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "OLDER_LINES", 20)
    write(reader.container, *numbered(50))
    await reader.begin()
    assert [await reader.older() for _ in range(4)] == [numbered(20, 28), numbered(20, 8), numbered(8), []]


async def test_lines_that_came_meanwhile_do_not_hide_the_older_ones(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "OLDER_LINES", 10)
    write(reader.container, *numbered(40))
    await reader.begin()
    reader.demo.faults.freeze_follows()
    write(reader.container, *numbered(25, 40))
    older = await reader.older()
    assert older
    assert older == numbered(38)[-len(older) :]


async def test_lines_before_one_of_which_only_the_rest_is_known(reader: Reader) -> None:
    """A node keeps a long line in pieces, and the first answer began in the middle of one."""
    long = "x" * 40_000 + "y" * 100
    write(reader.container, "first", "second", long, "last")
    await reader.begin()
    assert [len(text) for text in texts(reader.cluster.logs.take())] == [40_100 - 2 * 16_384, 4]
    assert await reader.older() == ["first", "second", "x" * 2 * 16_384]
    assert await reader.older() == []


async def test_a_log_whose_beginning_is_gone_has_nothing_older(reader: Reader) -> None:
    write(reader.container, *numbered(10))
    await reader.begin()
    reader.container.rotate()
    write(reader.container, "new")
    assert await reader.older() == []


async def test_a_container_that_is_not_read_or_has_not_started_has_nothing_older(reader: Reader) -> None:
    assert await reader.cluster.read_older([("nobody", "main")]) == []
    uid = reader.container.pod.uid
    pod = Pod("shop", "web", uid, Workload("Pod", "web"), containers=(Container("main"),))
    reader.cluster.begin(pod, "main")
    assert await reader.cluster.read_older([(uid, "main")]) == []


async def test_if_one_of_several_cannot_be_read_the_others_come_and_if_none_can_that_is_an_error(
    reader: Reader,
) -> None:
    write(reader.container, *numbered(10))
    await reader.begin()
    reader.demo.faults.answer_next("500", path="tailLines=1002")
    slot = (reader.container.pod.uid, "main")
    with pytest.raises(ApiError, match="etcdserver: request timed out"):
        await reader.cluster.read_older([slot])
    reader.demo.faults.answer_next("500", path="tailLines=1002")
    assert texts(await reader.cluster.read_older([slot, slot])) == numbered(8)


async def test_the_run_before_comes_with_its_end(reader: Reader) -> None:
    write(reader.container, "one", "two")
    reader.container.write(b"no newline")
    reader.container.restart(137, "OOMKilled")
    write(reader.container, "three")
    await reader.begin()
    assert await reader.previous() == ["one", "two", "no newline", "OOM: main ended: exit code 137, OOMKilled"]


async def test_the_run_before_is_read_only_if_it_is_not_there_already(reader: Reader) -> None:
    write(reader.container, "one")
    await reader.begin()
    with pytest.raises(ClusterError, match="main was not started again as far as the cluster remembers"):
        await reader.previous()
    reader.demo.world.on_change.append(tell(reader.cluster.logs))
    reader.container.restart(1)
    write(reader.container, "two")
    reader.cluster.logs.take()
    await until(lambda: "two" in texts(reader.cluster.logs.take()))
    await reader.look()
    with pytest.raises(ClusterError, match="The previous run of main is in the pane already, above its divider"):
        await reader.previous()


async def test_the_run_before_of_a_pod_that_is_gone(reader: Reader) -> None:
    with pytest.raises(ClusterError, match="no previous run"):
        await reader.cluster.read_previous("nobody", "main")


@pytest.fixture
async def script(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Script]:
    monkeypatch.setattr(log_request, "_STALLED_SECONDS", 0.1)
    async with scripted() as entered:
        entered.state("b", run("b", started=8), restarts=1, last=run("a", exit_code=1))
        yield entered


def cluster_of(script: Script) -> KubernetesCluster:
    cluster = KubernetesCluster(script.client, script.table, script.clock, Start())
    cluster.inventory.put(script.seen())
    return cluster


@pytest.mark.parametrize("newline", [b"", b"\n"])
async def test_a_recorded_run_before_that_its_node_has_lost(newline: bytes, script: Script) -> None:
    words = kube_golden.body("log-previous-gced-inband-error")
    script.server.on(PREVIOUS, stream(words + newline))
    items = texts(await cluster_of(script).read_previous("u", "main"))
    assert items == [f"ERROR: the server said: {words.decode()}", "END: main ended: exit code 1, Error"]


async def test_a_recorded_refusal_of_the_run_before(script: Script) -> None:
    script.server.on(PREVIOUS, kube_golden.raw("log-previous-none"))
    with pytest.raises(ApiError, match="previous terminated container"):
        await cluster_of(script).read_previous("u", "main")


@pytest.mark.parametrize("answer", [stream(at(1, "one"), end=False), held(at(1, "one"))], ids=["cut", "stalled"])
async def test_a_run_before_that_breaks_off_or_stalls_is_an_error(answer: Any, script: Script) -> None:
    script.server.on(PREVIOUS, answer)
    with pytest.raises(UnreachableError, match="The log of the run before broke off: try again"):
        await cluster_of(script).read_previous("u", "main")


@pytest.mark.parametrize("answer", [stream(at(0, "zero"), end=False), held(at(0, "zero"))], ids=["cut", "stalled"])
async def test_older_lines_that_break_off_or_stall_are_an_error(answer: Any, script: Script) -> None:
    script.server.on(REST, answer)
    script.follow(held(at(9, "one")))
    await script.until("one")
    cluster = cluster_of(script)
    cluster.logs = script.logs
    with pytest.raises(UnreachableError, match="The reading of older lines broke off: try again"):
        await cluster.read_older([("u", "main")])


async def test_words_of_the_server_between_older_lines_are_no_lines(script: Script) -> None:
    script.server.on(REST, stream(at(0, "zero"), b"something odd\n", at(1, "one"), at(9, "two")))
    script.follow(held(at(9, "two")))
    await script.until("two")
    cluster = cluster_of(script)
    cluster.logs = script.logs
    assert texts(await cluster.read_older([("u", "main")])) == ["zero", "one", "ERROR: the server said: something odd"]
