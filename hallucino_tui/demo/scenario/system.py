"""What the cluster's own programs say: klog lines, CoreDNS, etcd, the monitoring and the collectors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hallucino_tui.demo.scenario import stamps
from hallucino_tui.demo.scenario.words import logfmt

if TYPE_CHECKING:
    from hallucino_tui.demo.chance import Chance


def kube_proxy(time_ns: int, chance: Chance) -> str:
    """Return a line of kube-proxy."""
    return stamps.klog(time_ns, "I", "proxier.go:1508") + (
        f' "Syncing iptables rules" ipFamily="IPv4" elapsed="{chance.uniform(8, 90):.1f}ms" '
        f"numServices={chance.whole(24, 27)} numEndpoints={chance.whole(60, 71)}"
    )


def controller_manager(time_ns: int, chance: Chance) -> str:
    """Return a line of the controller manager."""
    name = chance.pick(("shop/checkout", "shop/cart", "payments/payments", "kube-system/coredns", "monitoring/grafana"))
    namespace, workload = name.split("/")
    return stamps.klog(time_ns, "I", "endpointslice_controller.go:331") + (
        f' "Finished syncing service" service="{namespace}/{workload}" elapsed="{chance.uniform(0.1, 4):.3f}ms"'
    )


def scheduler(time_ns: int, pod: str, node: str) -> str:
    """Return the scheduler's line about a pod that it has placed."""
    return stamps.klog(time_ns, "I", "schedule_one.go:314") + (
        f' "Successfully bound pod to node" pod="{pod}" node="{node}" evaluatedNodes=4 feasibleNodes=3'
    )


def unschedulable(time_ns: int, pod: str) -> str:
    """Return the scheduler's line about a pod that fits nowhere."""
    return stamps.klog(time_ns, "I", "schedule_one.go:1115") + (
        f' "Unable to schedule pod; no fit; waiting" pod="{pod}" err="0/4 nodes are available: 1 node(s) had '
        f'untolerated taint(s), 3 Insufficient memory."'
    )


def api_server(time_ns: int, chance: Chance) -> str:
    """Return a line of the API server: now and then a slow request."""
    milliseconds = chance.slow_tail(540, 0.3)
    return stamps.klog(time_ns, "I", "trace.go:236") + (
        f' Trace[{chance.whole(10**8, 2 * 10**9)}]: "List" accept:application/json,audit-id:{chance.uid()},'
        f"client:192.0.2.{chance.whole(10, 13)},protocol:HTTP/2.0,resource:pods,verb:LIST total={milliseconds:.0f}ms"
    )


def metrics_server(time_ns: int, chance: Chance) -> str:
    """Return a line of the metrics server."""
    if chance.happens(0.2):
        return stamps.klog(time_ns, "E", "scraper.go:149") + (
            f' "Failed to scrape node, timeout to access kubelet" err="context deadline exceeded" '
            f'node="worker-{chance.whole(1, 3)}" timeout="10s"'
        )
    return (
        stamps.klog(time_ns, "I", "server.go:191")
        + ' "Failed probe" probe="metric-storage-ready" err="no metrics to serve"'
    )


def core_dns(time_ns: int, chance: Chance) -> str:
    """Return a query that CoreDNS has answered."""
    del time_ns  # CoreDNS writes no time of its own
    name, code = chance.weighted(
        (
            (("postgres.shop.svc.cluster.local.", "NOERROR"), 5.0),
            (("payments.payments.svc.cluster.local.", "NOERROR"), 4.0),
            (("redis.shop.svc.cluster.local.", "NOERROR"), 4.0),
            (("payments.payments.svc.cluster.local.shop.svc.cluster.local.", "NXDOMAIN"), 2.0),
            (("feed.supplier.example.", "NOERROR"), 1.0),
        )
    )
    return (
        f"[INFO] 10.244.{chance.whole(1, 3)}.{chance.whole(2, 60)}:{chance.whole(32768, 60999)} - "
        f'{chance.whole(1, 65535)} "A IN {name} udp {len(name) + 40} false 1232" {code} qr,aa,rd '
        f"{len(name) * 2 + 60} {chance.slow_tail(0.0002):.9f}s"
    )


def etcd(time_ns: int, chance: Chance) -> str:
    """Return a line of etcd."""
    revision = chance.whole(180_000, 190_000)
    level, message, fields = chance.weighted(
        (
            (("info", "finished scheduled compaction", {"compact-revision": revision, "took": "61.2ms"}), 3.0),
            (("warn", "apply request took too long", {"took": "212.7ms", "expected-duration": "100ms"}), 1.0),
        )
    )
    head = {"level": level, "ts": stamps.iso_millis(time_ns), "caller": "mvcc/kvstore_compaction.go:72", "msg": message}
    return json.dumps({**head, **fields}, separators=(",", ":"))


def prometheus(time_ns: int, chance: Chance) -> str:
    """Return a line of Prometheus."""
    milliseconds = chance.uniform(200, 900)
    return (
        f"time={stamps.iso_millis(time_ns)} level=INFO source=head.go:1407 "
        f'msg="Head GC completed" component=tsdb caller=truncateMemory duration={milliseconds:.6f}ms'
    )


def alert(time_ns: int, name: str, *, firing: bool) -> str:
    """Return a line of Alertmanager about an alert."""
    state = "active" if firing else "resolved"
    return (
        f'ts={stamps.iso_millis(time_ns)} caller=dispatch.go:167 level=debug component=dispatcher msg="Received alert" '
        f"alert={name}[{abs(hash_of(name)):07x}][{state}]"
    )


def hash_of(text: str) -> int:
    """Return a small number that is always the same for a text."""
    return sum((index + 1) * ord(letter) for index, letter in enumerate(text)) * 2_654_435 % 0xFFFFFFF


def node_exporter(time_ns: int, chance: Chance) -> str:
    """Return a line of the node exporter."""
    return logfmt(
        time_ns,
        "error",
        "collector failed",
        name="ethtool",
        duration_seconds=f"{chance.uniform(0.0001, 0.001):.6f}",
        err="operation not permitted",
    )


def collector(time_ns: int, chance: Chance, workload: str) -> str:
    """Return a line of a telemetry collector beside a workload: columns parted by tabs, JSON at the end."""
    counts = {"resource spans": 1, "spans": chance.whole(40, 900), "otelcol.component.id": "otlp", "app": workload}
    return f"{stamps.iso_millis(time_ns)}\tinfo\tTraces\t{json.dumps(counts)}"
