"""Who takes part: the namespaces, nodes, workloads and pods that the story begins with."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import msgspec

from hallucino_tui.demo.pods import ContainerSpec, Owner, PodPlan
from hallucino_tui.demo.resources import CRON_JOBS
from hallucino_tui.demo.workload_objects import cron_job_object
from hallucino_tui.demo.workloads import Controllers, Deployment, Workload

if TYPE_CHECKING:
    from hallucino_tui.demo.chance import Chance
    from hallucino_tui.demo.pods import Container, Pod
    from hallucino_tui.demo.scenario.engine import Engine
    from hallucino_tui.demo.world import World

SHOP = "shop"
"""The namespace in which the story happens, and the one that the kubeconfig chooses."""

REGISTRY = "registry.example/shop"

OLD_VERSION = "2.14.3"
NEW_VERSION = "2.15.0"
OLD_POOL = 10
NEW_POOL = 60

OTEL = ContainerSpec(
    "otel", "registry.example/otel/collector:0.139.0", kind="sidecar", cpu="20m", memory="96Mi", port=4317
)


@dataclass(slots=True)
class Cast:
    """The workloads that the story speaks through, by name.

    Attributes:
        world: Where they live.
        controllers: Who looks after them.
        deployments: The Deployments by name.
        others: All other workloads by name.
        statics: The control plane's pods by name.
        secrets: Invented secrets that find their way into lines.
    """

    world: World
    controllers: Controllers
    deployments: dict[str, Deployment] = field(default_factory=dict[str, Deployment])
    others: dict[str, Workload] = field(default_factory=dict[str, Workload])
    statics: dict[str, Pod] = field(default_factory=dict[str, "Pod"])
    secrets: dict[str, str] = field(default_factory=dict[str, str])

    def pods(self, name: str) -> list[Pod]:
        """Return the pods of a workload."""
        if name in self.deployments:
            return self.deployments[name].pods
        return self.others[name].pods if name in self.others else [self.statics[name]]

    def containers(self, name: str, container: str = "") -> list[Container]:
        """Return the running containers of a workload's pods; "" means the first regular one of each."""
        found = [pod.container(container) for pod in self.pods(name)]
        return [entry for entry in found if entry.running]

    def serving(self, name: str) -> list[Pod]:
        """Return the pods of a workload that take traffic."""
        return [pod for pod in self.pods(name) if pod.ready and pod.deleted_ns is None]


def app(name: str, image: str, *, port: int = 8080, memory: str = "256Mi", probe: str = "/healthz") -> ContainerSpec:
    """Return an ordinary container."""
    return ContainerSpec(name, image, port=port, cpu="100m", memory=memory, probe=probe)


def checkout_plan(version: str, secrets: dict[str, str]) -> PodPlan:
    """Return what the pods of the checkout are in a version; the new one has the large pool."""
    pool = OLD_POOL if version == OLD_VERSION else NEW_POOL
    image = f"{REGISTRY}/checkout:{version}"
    env = (
        ("SPRING_PROFILES_ACTIVE", "production"),
        ("SPRING_DATASOURCE_URL", "jdbc:postgresql://postgres:5432/shop"),
        ("HIKARI_MAXIMUM_POOL_SIZE", str(pool)),
        ("PAYMENTS_URL", "http://payments.payments:8080"),
    )
    del secrets  # they are not in the specification but in a line, where they should not be either
    return PodPlan(
        (
            ContainerSpec(
                "wait-for-db", "registry.example/tools/netcat:1.2", kind="init", command=("wait-for", "postgres:5432")
            ),
            replace(app("checkout", image, memory="768Mi", probe="/actuator/health/readiness"), env=env),
        ),
        labels={"app": "checkout", "tier": "backend", "version": version},
        grace_seconds=15,
    )


def build(world: World, engine: Engine, chance: Chance) -> Cast:
    """Fill an empty world with everything that is there when the story begins."""
    cast = Cast(world, Controllers(world))
    cast.secrets.update(_invent_secrets(chance))
    with engine.ago(days=41):
        world.add_node("control-1", roles=("control-plane",))
        for number in range(1, 4):
            world.add_node(f"worker-{number}")
        for name in ("default", "kube-node-lease", "kube-public", "kube-system", "monitoring"):
            world.add_namespace(name)
        _build_system(cast)
    with engine.ago(days=33):
        for name in ("ingress-nginx", "payments", SHOP):
            world.add_namespace(name)
        _build_monitoring(cast)
        _build_stores(cast)
    with engine.ago(days=9, hours=3):
        _build_shop(cast)
    with engine.ago(days=2, hours=5):
        _build_odd_ones(cast)
    _build_jobs(cast, engine)
    return cast


def _invent_secrets(chance: Chance) -> dict[str, str]:
    """Make up secrets that look the part and open nothing."""

    def encoded(value: object) -> str:
        return base64.urlsafe_b64encode(msgspec.json.encode(value)).rstrip(b"=").decode()

    claims = {"sub": f"svc-checkout-{chance.hex(6)}", "iss": "https://id.shop.example", "demo": True}
    return {
        "bearer": f"{encoded({'alg': 'HS256', 'typ': 'JWT'})}.{encoded(claims)}.{chance.hex(43)}",
        "password": f"demo-{chance.suffix(4)}-{chance.suffix(6)}",
        "provider_key": f"pk_demo_{chance.hex(32)}",
        "card": f"4000 00{chance.whole(10, 99)} {chance.whole(1000, 9999)} {chance.whole(1000, 9999)}",
    }


def _deploy(cast: Cast, namespace: str, name: str, replicas: int, plan: PodPlan) -> Deployment:
    deployment = cast.controllers.add_deployment(Deployment(cast.world, namespace, name, plan, replicas))
    cast.deployments[name] = deployment.run()
    port = next((spec.port for spec in plan.containers if spec.kind == "regular" and spec.port), None)
    if port is not None:
        cast.world.add_service(namespace, name, {"app": name}, port)
    return deployment


def _add(cast: Cast, kind: str, namespace: str, name: str, plan: PodPlan, nodes: Iterable[str | None]) -> Workload:
    places = list(nodes)
    workload = cast.controllers.add(Workload(cast.world, kind, namespace, name, plan, len(places)))
    for node in places:
        workload.add_pod(node=node)
    cast.others[name] = workload
    return workload


def _plan(name: str, *containers: ContainerSpec, **labels: str) -> PodPlan:
    return PodPlan(containers, labels={"app": name, **labels})


def _build_system(cast: Cast) -> None:
    image = "registry.k8s.io"
    static_plan = PodPlan(owner=Owner("Node", "control-1", cast.world.ids.uid(), "v1"), node="control-1")
    for name, tag in (
        ("etcd", f"{image}/etcd:3.6.13-0"),
        ("kube-apiserver", f"{image}/kube-apiserver:v1.36.2"),
        ("kube-controller-manager", f"{image}/kube-controller-manager:v1.36.2"),
        ("kube-scheduler", f"{image}/kube-scheduler:v1.36.2"),
    ):
        plan = replace(
            static_plan,
            containers=(ContainerSpec(name, tag, cpu="100m"),),
            labels={"component": name, "tier": "control-plane"},
            annotations={"kubernetes.io/config.source": "file"},
        )
        cast.statics[name] = cast.world.add_pod("kube-system", f"{name}-control-1", plan=plan)
    dns = PodPlan(
        (ContainerSpec("coredns", f"{image}/coredns/coredns:v1.13.1", port=53, cpu="100m", memory="170Mi"),),
        labels={"k8s-app": "kube-dns"},
    )
    deployment = cast.controllers.add_deployment(Deployment(cast.world, "kube-system", "coredns", dns, 2))
    cast.deployments["coredns"] = deployment.run()
    cast.world.add_service("kube-system", "kube-dns", {"k8s-app": "kube-dns"}, 53)
    proxy = PodPlan((ContainerSpec("kube-proxy", f"{image}/kube-proxy:v1.36.2"),), labels={"k8s-app": "kube-proxy"})
    _add(cast, "DaemonSet", "kube-system", "kube-proxy", proxy, cast.world.nodes)
    metrics = app("metrics-server", f"{image}/metrics-server/metrics-server:v0.8.0", port=10250)
    _deploy(cast, "kube-system", "metrics-server", 1, _plan("metrics-server", metrics))


def _build_monitoring(cast: Cast) -> None:
    prometheus = app("prometheus", "quay.io/prometheus/prometheus:v3.7.3", port=9090, memory="2Gi")
    reloader = ContainerSpec("config-reloader", "quay.io/prometheus-operator/prometheus-config-reloader:v0.86.1")
    plan = PodPlan(
        (prometheus, reloader),
        labels={"app": "prometheus"},
        annotations={"kubectl.kubernetes.io/default-container": "prometheus"},
    )
    _add(cast, "StatefulSet", "monitoring", "prometheus", plan, [None])
    alertmanager = app("alertmanager", "quay.io/prometheus/alertmanager:v0.29.0", port=9093)
    _add(cast, "StatefulSet", "monitoring", "alertmanager", _plan("alertmanager", alertmanager), [None])
    exporter = ContainerSpec("node-exporter", "quay.io/prometheus/node-exporter:v1.10.2", port=9100)
    _add(cast, "DaemonSet", "monitoring", "node-exporter", _plan("node-exporter", exporter), cast.world.nodes)


def _build_stores(cast: Cast) -> None:
    postgres = replace(
        app("postgres", "docker.io/library/postgres:17.6", port=5432, memory="2Gi", probe=""),
        env=(("POSTGRES_DB", "shop"), ("PGDATA", "/var/lib/postgresql/data/pgdata")),
    )
    _add(cast, "StatefulSet", SHOP, "postgres", _plan("postgres", postgres, tier="data"), ["worker-1"])
    redis = app("redis", "docker.io/library/redis:8.2", port=6379, probe="")
    _add(cast, "StatefulSet", SHOP, "redis", _plan("redis", redis, tier="data"), ["worker-2"])
    for name, port in (("postgres", 5432), ("redis", 6379)):
        cast.world.add_service(SHOP, name, {"app": name}, port)


def _build_shop(cast: Cast) -> None:
    nginx = app("controller", "registry.k8s.io/ingress-nginx/controller:v1.13.3", port=80)
    _deploy(cast, "ingress-nginx", "ingress-nginx-controller", 2, _plan("ingress-nginx-controller", nginx))
    assets = ContainerSpec("fetch-assets", f"{REGISTRY}/assets:611", kind="init")
    storefront = app("storefront", f"{REGISTRY}/storefront:5.41.0")
    plan = PodPlan((assets, OTEL, storefront), labels={"app": "storefront", "tier": "web", "version": "5.41.0"})
    _deploy(cast, SHOP, "storefront", 3, plan)
    _deploy(cast, SHOP, "checkout", 3, checkout_plan(OLD_VERSION, cast.secrets))
    cart = app("cart", f"{REGISTRY}/cart:3.8.2", memory="192Mi")
    _deploy(cast, SHOP, "cart", 2, _plan("cart", cart, tier="backend", version="3.8.2"))
    importer = ContainerSpec("importer", f"{REGISTRY}/pricing-importer:0.93.0", cpu="250m", memory="512Mi")
    _deploy(cast, SHOP, "pricing-importer", 1, _plan("pricing-importer", importer, tier="batch"))
    payments = app("payments", "registry.example/payments/payments:7.2.1")
    _deploy(cast, "payments", "payments", 2, PodPlan((OTEL, payments), labels={"app": "payments", "version": "7.2.1"}))


def _build_odd_ones(cast: Cast) -> None:
    """Add the pods that are not simply running: waiting, impossible to place, looked into by hand."""
    world = cast.world
    banner = _plan("promo-banner", app("promo-banner", f"{REGISTRY}/promo-banner:black-friday"))
    deployment = cast.controllers.add_deployment(Deployment(world, SHOP, "promo-banner", banner, 1))
    deployment.current.replicas = 1
    pod = deployment.current.add_pod(running=False, node="worker-3")
    pod.ip = world.next_ip("worker-3")
    image = banner.containers[0].image
    pod.container().wait("ImagePullBackOff", f'Back-off pulling image "{image}": ErrImagePull: not found')
    cast.deployments["promo-banner"] = deployment
    indexer = _plan("search-indexer", ContainerSpec("indexer", f"{REGISTRY}/search-indexer:1.4.0", memory="96Gi"))
    deployment = cast.controllers.add_deployment(Deployment(world, SHOP, "search-indexer", indexer, 1))
    deployment.current.replicas = 1
    pod = deployment.current.add_pod(running=False, node="")
    pod.message = (
        "0/4 nodes are available: 1 node(s) had untolerated taint(s), 3 Insufficient memory. no new claims to "
        "deallocate, preemption: 0/4 nodes are available: 4 Preemption is not helpful for scheduling."
    )
    pod.publish()
    cast.deployments["search-indexer"] = deployment
    toolbox = PodPlan(
        (
            ContainerSpec("shell", "registry.example/tools/toolbox:2025.11", command=("sleep", "infinity")),
            ContainerSpec("capture", "registry.example/tools/tcpdump:4.99"),
            ContainerSpec("debugger-w8mzk", "docker.io/library/busybox:1.37", kind="ephemeral"),
        ),
        labels={"app": "toolbox"},
        annotations={"kubectl.kubernetes.io/default-container": "capture"},
        node="worker-2",
    )
    pod = world.add_pod("default", "toolbox", plan=toolbox)
    captured = (
        "tcpdump: verbose output suppressed, use -v[v]... for full protocol decode",
        "listening on eth0, link-type EN10MB (Ethernet), snapshot length 262144 bytes",
        "05:52:47.118204 IP toolbox.50122 > postgres-0.5432: Flags [S], seq 2214987105, win 64240, length 0",
        "05:52:47.118391 IP postgres-0.5432 > toolbox.50122: Flags [S.], seq 91277344, ack 2214987106, length 0",
    )
    pod.container("capture").write_many([line.encode() for line in captured])
    pod.container("debugger-w8mzk").write(b"/ # nslookup postgres.shop\nName: postgres.shop\nAddress: 10.96.0.14\n/ # ")


def _build_jobs(cast: Cast, engine: Engine) -> None:
    """Add a nightly job that went well and an hourly one that did not."""
    report = [
        "loading orders of the last day",
        "41873 orders, 3.2 % with a coupon",
        "report written to s3://shop-reports/daily.csv",
        "done in 48.1 s",
    ]
    sync = ["syncing stock with warehouse 3", "warehouse 3 answered 401: api key expired", "giving up after 3 attempts"]
    _run_job(cast, engine, ("order-report", "0 2 * * *"), 7.5 * 60, 0, report)
    _run_job(cast, engine, ("stock-sync", "*/30 * * * *"), 23, 1, sync)


def _run_job(
    cast: Cast, engine: Engine, what: tuple[str, str], minutes_ago: float, exit_code: int, lines: list[str]
) -> None:
    name, schedule = what
    world = cast.world
    with engine.ago(minutes=minutes_ago):
        owner = Owner("CronJob", name, world.ids.uid(), "batch/v1")
        image = f"{REGISTRY}/{name}:1.9.4"
        plan = PodPlan((ContainerSpec(name, image),), labels={"app": name}, restart_policy="Never", node="worker-3")
        number = world.clock() // 60_000_000_000
        job = cast.controllers.add(Workload(world, "Job", SHOP, f"{name}-{number}", plan, owner=owner))
        pod = job.add_pod()
        started = world.clock()
        world.state.put(CRON_JOBS, cron_job_object(job, schedule, started))
        pod.container().write_many([line.encode() for line in lines], time_ns=started, step_ns=9_000_000_000)
    with engine.ago(minutes=minutes_ago - 0.8):
        job.finished_ns, job.failed = world.clock(), exit_code != 0
        pod.container().end(exit_code)


Lines = Callable[[int], list[str]]
"""Makes lines for a time in nanoseconds since the epoch."""
