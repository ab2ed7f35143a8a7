"""One sitting at a cluster: opening, leaving, reading, narrowing."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from session_world import NOON, SECOND, FakeCluster, FakeClusters, ended, pod_of, running, texts, until

from hallucino_tui.logs.batch import batch_of
from hallucino_tui.logs.notice import Notice, NoticeKind
from hallucino_tui.logs.severity import Level
from hallucino_tui.logs.store import Bounds
from hallucino_tui.logs.stream import StreamTable
from hallucino_tui.session.choice import Choice
from hallucino_tui.session.clock import SystemClock
from hallucino_tui.session.cluster import SourceError
from hallucino_tui.session.inventory import Instance, Workload
from hallucino_tui.session.narrowing import FilterText, Narrow
from hallucino_tui.session.nodes import container_key, namespace_key, pod_key, workload_key
from hallucino_tui.session.selection import Selection
from hallucino_tui.session.workspace import Workspace, WorkspaceSnapshot


@dataclass
class World:
    """A workspace at work, and everything that it said."""

    workspace: Workspace
    clusters: FakeClusters
    heard: list[WorkspaceSnapshot]
    task: asyncio.Task[None] | None = field(default=None)

    @property
    def cluster(self) -> FakeCluster:
        return next(iter(self.clusters.clusters.values()))

    @property
    def now(self) -> WorkspaceSnapshot:
        return self.heard[-1]

    def shown(self) -> list[str]:
        return texts(self.now.hub.view)

    async def shows(self, *lines: str) -> None:
        await until(lambda: self.heard and self.shown() == list(lines), f"{lines}")


@contextlib.asynccontextmanager
async def working(
    *names: str, choice: Choice | None = None, fail: str = "", bounds: Bounds | None = None, context: str | None = None
) -> AsyncIterator[World]:
    table, heard = StreamTable(), []
    clusters = FakeClusters({name: FakeCluster(name, table) for name in names or ("demo",)}, fail)
    workspace = Workspace(clusters, table, choice or Choice(), SystemClock(), heard.append, bounds)  # type: ignore[arg-type]
    world = World(workspace, clusters, heard)
    world.task = asyncio.create_task(workspace.run(context))
    try:
        await until(lambda: heard and (heard[-1].context or heard[-1].problem), "an open cluster")
        yield world
    finally:
        world.task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await world.task


async def test_opening_watches_the_contexts_namespace_and_reads_its_containers() -> None:
    async with working() as world:
        world.cluster.inventory.put(pod_of("web-1"))
        world.cluster.logs.write("web-1", "hello")
        await world.shows("hello")
        await until(lambda: world.cluster.begun)
        assert world.cluster.watched == ["shop"]
        assert world.cluster.begun == [("web-1", "app")]
        assert (world.now.context, world.now.namespaces, world.now.choice) == ("demo", ("shop",), "shop")
        assert (world.now.busy, world.now.problem) == ("", "")
        assert world.now.selection == Selection("demo")
        assert [pod.name for pod in world.now.inventory.pods()] == ["web-1"]
    assert world.cluster.closed


@pytest.mark.parametrize(
    ("choice", "watched"), [(Choice(("a", "b")), ["a", "b"]), (Choice(all_namespaces=True), ["*"])]
)
async def test_a_choice_says_what_is_watched(choice: Choice, watched: list[str]) -> None:
    async with working(choice=choice) as world:
        assert world.cluster.watched == watched


async def test_connecting_is_said_while_it_lasts() -> None:
    async with working("demo", "prod") as world:
        world.clusters.ready.clear()
        opening = asyncio.create_task(world.workspace.open("prod"))
        await until(lambda: world.now.busy == "connecting to prod …")
        assert world.now.context == "demo"
        world.clusters.ready.set()
        await opening
        await until(lambda: world.now.context == "prod")
        assert world.now.busy == ""


async def test_the_context_that_was_named_is_opened() -> None:
    async with working("demo", "prod", context="prod") as world:
        assert world.now.context == "prod"


async def test_a_cluster_that_cannot_be_opened_is_a_problem_and_not_the_end() -> None:
    async with working(fail="There is no kubeconfig.") as world:
        assert (world.now.problem, world.now.busy, world.now.context) == ("There is no kubeconfig.", "", "")
        with pytest.raises(SourceError, match="No cluster is open"):
            await world.workspace.describe(pod_key("uid-web-1"))
        with pytest.raises(SourceError, match="belongs to a pod or a container"):
            await world.workspace.read_previous(pod_key("uid-web-1"))
        assert await world.workspace.read_older() == 0
        world.clusters.fail = ""
        await world.workspace.open(None)
        await until(lambda: world.now.context == "demo")
        assert world.now.problem == ""


async def test_a_context_that_cannot_be_opened_leaves_the_old_one_at_work() -> None:
    async with working("demo", "prod") as world:
        world.clusters.fail = "prod is away."
        await world.workspace.open("prod")
        world.cluster.logs.write("web-1", "goes on")
        await world.shows("goes on")
        await until(lambda: world.now.problem == "prod is away.")
        assert (world.now.context, world.cluster.closed) == ("demo", False)


async def test_another_context_shows_its_own_lines_and_keeps_the_others() -> None:
    async with working("demo", "prod") as world:
        world.cluster.logs.write("web-1", "of demo", cluster="demo")
        await world.shows("of demo")
        await world.workspace.open("prod")
        prod = world.clusters.clusters["prod"]
        prod.logs.write("web-1", "of prod", cluster="prod")
        await world.shows("of prod")
        assert world.cluster.closed
        assert world.now.hub.view.store.lines == 2
        assert world.now.selection == Selection("prod")
        assert [one.stream.labels["cluster"] for one in world.workspace.receipts()] == ["prod"]


async def test_of_two_contexts_chosen_in_a_row_the_last_one_stays() -> None:
    async with working("one", "two", "three") as world:
        world.clusters.slow["two"] = asyncio.Event()
        slow = asyncio.create_task(world.workspace.open("two"))
        await until(lambda: "connecting to two" in world.now.busy)
        await world.workspace.open("three")
        world.clusters.slow["two"].set()
        await slow
        await until(lambda: world.now.context == "three" and not world.now.busy)
        assert world.clusters.clusters["two"].closed
        assert not world.clusters.clusters["three"].closed


async def test_what_a_cluster_still_had_when_it_was_left_counts_as_live_lines() -> None:
    async with working("one", "two") as world:
        world.cluster.logs.write("web-1", "the last words", cluster="one")
        await world.workspace.open("two")
        await until(lambda: world.now.hub.view.store.lines == 1)
        assert not any(columns.older for columns in world.now.hub.view.store.segments.values())


async def test_the_bound_is_said_and_taken_back() -> None:
    async with working() as world:
        for number in range(301):
            world.cluster.inventory.put(pod_of(f"web-{number}"))
        await until(lambda: world.now.problem.startswith("301 containers"))
        assert world.cluster.begun == []
        world.cluster.inventory.remove("uid-web-7")
        await until(lambda: not world.now.problem)
        assert len(world.cluster.begun) == 300


async def test_a_pick_that_is_too_much_is_no_problem_any_more_when_it_is_taken_back() -> None:
    async with working() as world:
        for number in range(301):
            world.cluster.inventory.put(pod_of(f"job-{number}", namespace="other"))
        world.workspace.narrow(Narrow(selection=Selection("", frozenset([namespace_key("other")]))))
        await until(lambda: world.now.problem.startswith("301 containers"))
        world.workspace.narrow(Narrow())
        await until(lambda: not world.now.problem)


async def test_chosen_nodes_filter_and_are_read_if_they_were_not() -> None:
    async with working() as world:
        world.cluster.inventory.put(pod_of("web-1"))
        world.cluster.inventory.put(pod_of("job-1", namespace="other"))
        for pod in ("web-1", "job-1"):
            world.cluster.logs.write(pod, f"of {pod}")
        await world.shows("of web-1", "of job-1")
        world.workspace.narrow(Narrow(selection=Selection("", frozenset([pod_key("uid-job-1")]))))
        await world.shows("of job-1")
        assert ("job-1", "app") in world.cluster.begun
        world.workspace.narrow(Narrow(selection=Selection("", frozenset([namespace_key("other")]))))
        await until(lambda: "other" in world.cluster.watched)
        await world.shows()
        world.workspace.narrow(Narrow())
        await world.shows("of web-1", "of job-1")


async def test_words_and_levels_filter() -> None:
    async with working() as world:
        world.cluster.logs.write("web-1", "ERROR pool", "WARN pool", "ERROR other")
        await world.shows("ERROR pool", "WARN pool", "ERROR other")
        world.workspace.narrow(Narrow((FilterText("pool"),), level=Level.ERROR))
        await world.shows("ERROR pool")
        await until(lambda: world.now.narrow.texts == ("pool",))


async def test_a_query_that_is_not_understood_changes_nothing_and_says_why() -> None:
    async with working() as world:
        world.cluster.logs.write("web-1", "ERROR pool", "INFO other")
        world.workspace.narrow(Narrow((FilterText("pool"),)))
        await world.shows("ERROR pool")
        world.workspace.narrow(Narrow((FilterText('|= "oth'),)))
        await until(lambda: bool(world.now.understood.problem))
        assert "column" in world.now.understood.problem
        await world.shows("ERROR pool")
        world.workspace.narrow(Narrow((FilterText('|= "oth"'),)))
        await world.shows("INFO other")
        assert (world.now.understood.problem, world.now.understood.canonical) == ("", '|= "oth"')


async def test_filters_that_only_mark_hide_nothing() -> None:
    async with working() as world:
        world.cluster.logs.write("web-1", "ERROR pool", "INFO other")
        world.workspace.narrow(Narrow((FilterText("pool"),), matches_only=False))
        await until(lambda: world.now.understood.canonical != "")
        await world.shows("ERROR pool", "INFO other")


async def test_expanding_a_namespace_watches_it_and_other_nodes_do_nothing() -> None:
    async with working() as world:
        world.workspace.expand(namespace_key("other"))
        world.workspace.expand(pod_key("uid-web-1"))
        world.workspace.expand(workload_key("shop", Workload("Deployment", "web")))
        assert world.cluster.watched == ["shop", "other"]
        assert await world.workspace.describe(pod_key("uid-web-1")) == "Name:  uid-web-1"
        assert [one.name for one in await world.workspace.contexts()] == ["demo"]


async def test_older_lines_are_read_of_what_shows() -> None:
    async with working() as world:
        for pod in ("web-1", "db-1"):
            world.cluster.logs.write(pod, f"of {pod}")
        await world.shows("of web-1", "of db-1")
        world.workspace.narrow(Narrow(selection=Selection("", frozenset([pod_key("uid-db-1")]))))
        number = world.cluster.logs.stream("db-1")
        world.cluster.older = [
            batch_of([b"a", b"b"], [NOON - 2 * SECOND, NOON - SECOND], number),
            Notice(number, NOON - 2 * SECOND, NoticeKind.NOTE, "here it begins"),
        ]
        assert await world.workspace.read_older() == 2
        assert world.cluster.asked_older == [[("uid-db-1", "app")]]
        await world.shows("a", "here it begins", "b", "of db-1")
        await until(lambda: world.now.busy == "")


async def test_older_lines_have_a_budget_of_their_own() -> None:
    async with working(bounds=Bounds(older_bytes=100)) as world:
        number = world.cluster.logs.stream("web-1")
        world.cluster.older = [batch_of([b"x" * 200], [NOON], number)]
        assert await world.workspace.read_older() == 1
        await until(lambda: world.now.hub.view.store.lines == 1)
        with pytest.raises(SourceError, match="room for older lines is used up"):
            await world.workspace.read_older()
        assert len(world.cluster.asked_older) == 1


async def test_older_lines_that_cannot_be_read_are_said_and_nothing_stays_busy() -> None:
    async with working() as world:
        world.cluster.refusal = "The log was rotated."
        with pytest.raises(SourceError, match="The log was rotated"):
            await world.workspace.read_older()
        await until(lambda: world.now.busy == "")


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (namespace_key("shop"), "belongs to a pod or a container"),
        (workload_key("shop", Workload("Deployment", "web")), "belongs to a pod or a container"),
        (pod_key("uid-nobody"), "This pod is gone"),
        (pod_key("uid-web-1"), "No container of web-1 was started again"),
    ],
)
async def test_a_previous_run_that_is_none_is_said(key, said: str) -> None:
    async with working() as world:
        world.cluster.inventory.put(pod_of("web-1"))
        with pytest.raises(SourceError, match=said):
            await world.workspace.read_previous(key)


async def test_the_previous_runs_of_a_pod_are_those_of_its_containers_that_had_one() -> None:
    async with working() as world:
        before = Instance("c0", exit_code=1)
        world.cluster.inventory.put(
            pod_of("web-1", running("app", previous=before), running("proxy"), ended("job", previous=before))
        )
        number = world.cluster.logs.stream("web-1")
        for name in ("app", "job"):
            world.cluster.previous["uid-web-1", name] = [batch_of([f"of {name}".encode()], [NOON], number)]
        await world.workspace.read_previous(pod_key("uid-web-1"))
        await world.shows("of app", "of job")
        world.cluster.previous["uid-web-1", "app"] = [batch_of([b"again"], [NOON + SECOND], number)]
        await world.workspace.read_previous(container_key("uid-web-1", "app"))
        await world.shows("of app", "of job", "again")


async def test_nobody_is_told_twice_of_the_same() -> None:
    async with working() as world:
        for number in range(5):
            world.cluster.logs.write("web-1", f"line {number}", times=[NOON + number])
            world.cluster.inventory.put(pod_of("web-1", running(restarts=number)))
            await until(lambda number=number: world.heard and len(world.shown()) == number + 1)
    assert all(one is not other for one, other in zip(world.heard, world.heard[1:], strict=False))
    assert all(one != other for one, other in zip(world.heard, world.heard[1:], strict=False))
