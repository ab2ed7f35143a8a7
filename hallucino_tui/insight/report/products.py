"""What well-known servers and their client libraries say: an error may tell whose it is without naming anybody."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_SIGNS: Final = (
    # What the server is called, its usual port, what only it or its clients say.
    (
        r"postgres|pgsql|\bpg\b|timescale|cockroach|pgbouncer",
        5432,
        (
            r"psycopg|PSQLException|pg_hba|PG::|SQLSTATE|postgres|connection slots are reserved|asyncpg|"
            r"too many clients already|canceling statement due to|password authentication failed for user|"
            r"\bpgx?\b.{0,20}(?:error|fail)"
        ),
    ),
    (
        r"mysql|mariadb|percona|vitess",
        3306,
        r"mysql|mariadb|Access denied for user '|Lock wait timeout exceeded|InnoDB|Too many connections\b",
    ),
    (
        r"redis|valkey|keydb|sentinel",
        6379,
        (
            r"redis|jedis|lettuce|valkey|used memory > 'maxmemory'|OOM command not allowed|\bMISCONF\b|\bNOAUTH\b|"
            r"WRONGPASS|CLUSTERDOWN"
        ),
    ),
    (r"mongo", 27017, r"mongo|NotWritablePrimary|WiredTiger"),
    (r"kafka|redpanda", 9092, r"kafka|NotLeaderForPartition|LEADER_NOT_AVAILABLE|UNKNOWN_TOPIC"),
    (r"rabbit", 5672, r"rabbit|amqp|PRECONDITION_FAILED|pika\."),
    (r"elastic|opensearch", 9200, r"elasticsearch|opensearch|circuit_breaking_exception|es_rejected_execution"),
    (r"memcache", 11211, r"memcache|SERVER_ERROR out of memory storing object"),
    (r"cassandra|scylla", 9042, r"cassandra|scylla|NoHostAvailable"),
    (r"etcd", 2379, r"etcdserver|\betcd\b"),
    (r"vault", 8200, r"\bvault\b.{0,40}(?:sealed|denied|error)|Vault is sealed"),
    (r"nats", 4222, r"\bnats:"),
    (r"minio|ceph|rook", 9000, r"minio|XMinio|NoSuchBucket"),
    (
        r"coredns|kube-dns|dns",
        53,
        (
            r"Temporary failure in name resolution|no such host|NXDOMAIN|SERVFAIL|server misbehaving|EAI_AGAIN|"
            r"could not translate host name|getaddrinfo|UnknownHostException|Name or service not known|"
            r"Failed to resolve"
        ),
    ),
)
_NAMES: Final = tuple(re.compile(name) for name, _, _ in _SIGNS)
_WORDS: Final = tuple(re.compile(f"(?i){words}") for _, _, words in _SIGNS)


class Products:
    """Which workload is which well-known server.

    Args:
        workloads: Names of workloads, each perhaps with the images of its containers behind it.
    """

    def __init__(self, workloads: Iterable[tuple[str, str]]) -> None:
        self._of_sign: dict[int, str] = {}
        self.ports: dict[int, str] = {}
        found: dict[int, set[str]] = {}
        for name, images in workloads:
            for sign, pattern in enumerate(_NAMES):
                if pattern.search(name.lower()) or pattern.search(images.lower()):
                    found.setdefault(sign, set()).add(name)
        for sign, names in found.items():
            # Of two servers of a kind, the words do not say which; one may have helpers called after it.
            shortest = min(names, key=lambda name: (len(name), name))
            if all(name.startswith(shortest) for name in names):
                self._of_sign[sign] = shortest
                self.ports[_SIGNS[sign][1]] = shortest

    @property
    def servers(self) -> frozenset[str]:
        """The workloads that are well-known servers."""
        return frozenset(self._of_sign.values())

    def told_by(self, text: str) -> set[str]:
        """Return the workloads whose kind of server an error is about."""
        return {name for sign, name in self._of_sign.items() if _WORDS[sign].search(text)}
