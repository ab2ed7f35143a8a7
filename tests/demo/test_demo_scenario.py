"""The story: the same for the same seed, whole, believable, and bounded for ever."""

from __future__ import annotations

import hashlib
import json
import re

import pytest

from hallucino_tui.demo.logfile import LogReader
from hallucino_tui.demo.options import ServeOptions
from hallucino_tui.demo.resources import CRON_JOBS, DEPLOYMENTS, EVENTS, JOBS, NODES, PODS, REPLICA_SETS
from hallucino_tui.demo.scenario.cast import NEW_VERSION
from hallucino_tui.demo.scenario.story import ROLLBACK_AT, ROLLOUT_AT
from hallucino_tui.demo.serve import DemoCluster
from hallucino_tui.demo.timeformat import SECOND, log_prefix, parse_rfc3339

START = 1_795_000_000 * SECOND


class Stage:
    """A story that is played without a server and without waiting."""

    def __init__(self, **options) -> None:
        self.now = START
        self.cluster = DemoCluster(ServeOptions(start_ns=START, **options), clock=lambda: self.now, playing=False)
        self.world = self.cluster.world
        self.player = self.cluster.player
        self.cast = self.player.story.cast

    def play(self, moment: float) -> None:
        self.now = self.player.engine.wall_ns(moment)
        self.player.engine.run_until(moment)

    def logs(self, *, timestamps: bool = True) -> dict[str, bytes]:
        """Return every log, those of ended instances too, by pod, container and restart."""
        found = {}
        for (namespace, name), pod in self.world.pods.items():
            for container in pod.containers:
                for instance in (container.previous, container.current):
                    if instance is not None:
                        reader, parts = LogReader(instance.log, timestamps=timestamps), []
                        while part := reader.read():
                            parts.append(part)
                        found[f"{namespace}/{name}/{container.spec.name}/{instance.container_id}"] = b"".join(parts)
        return found

    def text(self, prefix: str) -> str:
        return b"".join(log for name, log in self.logs(timestamps=False).items() if name.startswith(prefix)).decode()

    def events(self) -> list[dict]:
        return [stored.item for stored in self.world.state.list(EVENTS)]


@pytest.fixture(scope="module")
def trouble() -> Stage:
    stage = Stage()
    stage.play(ROLLBACK_AT - 5)
    return stage


@pytest.fixture(scope="module")
def ended() -> Stage:
    stage = Stage()
    stage.play(ROLLBACK_AT + 150)
    return stage


def fingerprint(stage: Stage) -> str:
    digest = hashlib.sha256()
    for name, log in sorted(stage.logs().items()):
        digest.update(name.encode() + log)
    for resource in (PODS, EVENTS, DEPLOYMENTS, REPLICA_SETS, JOBS, CRON_JOBS, NODES):
        for stored in stage.world.state.list(resource):
            digest.update(stored.encoded)
    return digest.hexdigest()


def test_same_seed_same_story() -> None:
    prints = []
    for seed, steps in ((3, 1), (3, 37), (4, 1)):
        stage = Stage(seed=seed, pods=40)
        for step in range(1, steps + 1):
            stage.play(170 * step / steps)  # how often somebody looks must not matter
        prints.append(fingerprint(stage))
    assert prints[0] == prints[1]
    assert prints[0] != prints[2]


def test_the_past_is_there_at_the_start() -> None:
    stage = Stage()
    stage.play(0)
    log = stage.logs()
    lines = [line for text in log.values() for line in text.splitlines()]
    assert 60 * 300 > len(lines) > 45 * 300
    ages = {stored.item["metadata"]["creationTimestamp"] for stored in stage.world.state.list(PODS)}
    assert len(ages) >= 5
    storefront = next(text for name, text in log.items() if "/storefront-" in name and "/storefront/" in name)
    assert storefront.splitlines()[0] < log_prefix(START - 290 * SECOND)
    assert storefront.splitlines()[-1] > log_prefix(START - 10 * SECOND)


def test_time_of_lines_is_never_in_the_future_and_never_goes_back(trouble: Stage) -> None:
    latest = trouble.player.engine.wall_ns(trouble.player.engine.now)
    for pod in trouble.world.pods.values():
        for container in pod.containers:
            if container.current is not None:
                times = list(container.current.log.current.times)
                assert times == sorted(times)
                assert not times or times[-1] <= latest


@pytest.mark.parametrize("speed", [1, 20])
def test_lines_say_the_time_at_which_they_were_written(speed) -> None:
    stage = Stage(speed=speed)
    stage.play(200)
    for name, log in stage.logs().items():
        if "/storefront/" in name:
            for line in log.splitlines():
                written, said = parse_rfc3339(line[:30].decode()), parse_rfc3339(json.loads(line[31:])["time"])
                assert abs(written - said) < SECOND // 100


def test_the_mix_of_formats(trouble: Stage) -> None:
    assert re.search(r'"GET /api/products\?page=\d+&sort=popular HTTP/2\.0" 200 ', trouble.text("ingress-nginx/"))
    assert re.search(
        r'^\{"time":"\S+Z","level":"info","logger":"storefront","msg":', trouble.text("shop/storefront-"), re.MULTILINE
    )
    assert re.search(r"^\S+ \S+ UTC \[\d+\] (checkout@shop )?LOG: ", trouble.text("shop/postgres-0"), re.MULTILINE)
    assert re.search(r"^1:M \d\d \w+ \d{4} ", trouble.text("shop/redis-0"), re.MULTILINE)
    assert re.search(r"^ts=\S+ level=info msg=\"charge captured\" order=\d+", trouble.text("payments/"), re.MULTILINE)
    assert re.search(
        r"^[IE]\d{4} \d\d:\d\d:\d\d\.\d{6} +\d+ \S+\.go:\d+\] ", trouble.text("kube-system/"), re.MULTILINE
    )
    assert re.search(r"^\tat com\.zaxxer\.hikari\.pool\.", trouble.text("shop/checkout-"), re.MULTILINE)
    assert re.search(r"^Traceback \(most recent call last\):$", trouble.text("shop/pricing-importer-"), re.MULTILINE)
    assert '"level":30' in trouble.text("shop/cart-")


def test_the_first_cause_comes_first(trouble: Stage) -> None:
    """Rollout, then a full database, then everybody else: in this order in time."""

    def first(prefix: str, pattern: bytes) -> bytes:
        found = [
            line[:30]
            for name, log in trouble.logs().items()
            if name.startswith(prefix)
            for line in log.splitlines()
            if re.search(pattern, line)
        ]
        assert found, (prefix, pattern)
        return min(found)

    order = [
        first("shop/checkout-", b"maximumPoolSize=60"),
        first("shop/postgres-0", b"FATAL:  (sorry, too many clients|remaining connection slots)"),
        first("shop/checkout-", b"SQLTransientConnectionException|Exception during pool"),
        first("shop/storefront-", b'"upstream request failed"'),
        first("shop/cart-", b"keeping cart in memory"),
    ]
    assert order == sorted(order)
    assert order[0] > log_prefix(trouble.player.engine.wall_ns(ROLLOUT_AT))
    assert first("payments/", b"too many clients already") > order[1]
    assert first("ingress-nginx/", b'" 50[24] ') > order[1]


def test_the_innocent_is_loud_all_the_time(ended: Stage) -> None:
    log = next(text for name, text in ended.logs().items() if "pricing-importer" in name)
    minutes: dict[bytes, int] = {}
    for line in log.splitlines():
        if re.search(rb"ERROR|WARNING|CRITICAL", line):
            minutes[line[:16]] = minutes.get(line[:16], 0) + 1
    counts = list(minutes.values())[1:-1]
    assert len(counts) >= 10
    assert min(counts) > 100
    assert max(counts) < 2 * min(counts)


def test_events_of_the_trouble(trouble: Stage) -> None:
    reasons = {(event["reason"], event["involvedObject"]["kind"]) for event in trouble.events()}
    assert reasons >= {
        ("ScalingReplicaSet", "Deployment"),
        ("SuccessfulCreate", "ReplicaSet"),
        ("SuccessfulDelete", "ReplicaSet"),
        ("Scheduled", "Pod"),
        ("Pulled", "Pod"),
        ("Created", "Pod"),
        ("Started", "Pod"),
        ("Killing", "Pod"),
        ("Unhealthy", "Pod"),
        ("BackOff", "Pod"),
        ("OOMKilling", "Node"),
        ("FailedScheduling", "Pod"),
        ("Failed", "Pod"),
    }


def test_pods_of_the_trouble(trouble: Stage) -> None:
    checkout = trouble.cast.deployments["checkout"]
    versions = [pod.plan.labels["version"] for pod in checkout.pods]
    assert versions.count(NEW_VERSION) == 3
    assert len(checkout.pods) == 4  # the rollout is stuck: the last new pod never becomes ready
    assert checkout.ready < 4
    ended = [container.previous for container in (pod.container() for pod in trouble.cast.pods("cart"))]
    assert any(
        instance is not None and (instance.exit_code, instance.reason) == (137, "OOMKilled") for instance in ended
    )
    phases = {pod.phase for pod in trouble.world.pods.values()}
    assert phases == {"Running", "Pending", "Succeeded", "Failed"}
    kinds = {spec.kind for pod in trouble.world.pods.values() for spec in pod.plan.containers}
    assert kinds == {"regular", "init", "sidecar", "ephemeral"}


def test_it_ends_well(ended: Stage) -> None:
    checkout = ended.cast.deployments["checkout"]
    assert checkout.ready == len(checkout.pods) == 3
    assert checkout.revision == 3
    assert {pod.plan.labels["version"] for pod in checkout.pods} == {"2.14.3"}
    assert ended.player.story.database.full_since is None
    quiet = log_prefix(ended.player.engine.wall_ns(ROLLBACK_AT + 60))
    for name, log in ended.logs().items():
        if name.startswith(("shop/checkout", "shop/storefront", "shop/postgres", "payments/")):
            assert not [line for line in log.splitlines() if line > quiet and re.search(rb"FATAL|ERROR|error", line)]
    item = ended.world.state.get(DEPLOYMENTS, "shop", "checkout").item
    assert item["status"]["readyReplicas"] == 3
    sets = {stored.item["metadata"]["name"]: stored.item for stored in ended.world.state.list(REPLICA_SETS, "shop")}
    mine = [entry for name, entry in sets.items() if name.startswith("checkout-")]
    assert sorted(entry["spec"]["replicas"] for entry in mine) == [0, 3]


def test_quiet_means_that_nothing_goes_wrong() -> None:
    stage = Stage(quiet=True)
    stage.play(250)
    assert stage.cast.deployments["checkout"].revision == 1
    assert "FATAL" not in stage.text("shop/postgres-0")
    assert "upstream request failed" not in stage.text("shop/storefront-")


def test_volume_is_alive_and_no_more(trouble: Stage) -> None:
    rate = trouble.player.engine.lines / (ROLLBACK_AT - 5 + 300)
    assert 50 <= rate <= 150


def test_secrets_are_invented_and_come_from_the_seed(trouble: Stage, ended: Stage) -> None:
    secrets = trouble.cast.secrets
    assert secrets == ended.cast.secrets
    assert secrets != Stage(seed=2).cast.secrets
    assert f"password={secrets['password']}" in trouble.text("shop/checkout-")
    assert f"Bearer {secrets['bearer']}" in trouble.text("shop/storefront-")
    assert f"api_key={secrets['provider_key']}" in trouble.text("payments/")


def test_hours_cost_no_more_than_minutes() -> None:
    """Logs rotate, events are forgotten, and the journals have a bound."""
    stage = Stage(quiet=True, history_seconds=0)
    stage.world.log_max_bytes = 10_000
    for pod in stage.world.pods.values():
        for container in pod.containers:
            if container.current is not None and not container.current.log.closed:
                container.current.log.max_bytes = 10_000
    stage.play(1500)
    assert all(len(log) <= 20_000 for log in stage.logs().values())
    assert len(stage.events()) < 60


def test_after_a_sleep_the_story_is_not_told_in_a_rush() -> None:
    stage = Stage(quiet=True, history_seconds=10)
    stage.player.catch_up()
    stage.now += 5 * SECOND
    stage.player.catch_up()
    before = stage.player.engine.lines
    stage.now += 8 * 3600 * SECOND
    stage.player.catch_up()
    assert stage.player.engine.lines - before < 100
    stage.now += 5 * SECOND
    stage.player.catch_up()
    assert 100 < stage.player.engine.lines - before < 700
    assert stage.player.engine.clock() == stage.now


def test_many_pods_and_their_churn() -> None:
    stage = Stage(pods=700, churn=10, history_seconds=5)
    stage.play(0)
    names = {key for key in stage.world.pods if key[0] not in {"shop", "payments"}}
    total = len(stage.world.pods)
    assert total == 700 + len(Stage(history_seconds=0).world.pods)
    assert len({key[0] for key in names}) > 10
    stage.play(30)
    assert len(stage.world.pods) == total
    gone = names - set(stage.world.pods)
    assert 150 < len(gone) < 350
    addresses = [pod.ip for pod in stage.world.pods.values() if pod.ip]
    assert len(addresses) == len(set(addresses))
    uids = [stored.item["metadata"]["uid"] for stored in stage.world.state.list(PODS)]
    assert len(uids) == len(set(uids))
