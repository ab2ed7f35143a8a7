"""Which workload a thing belongs to, as far as a cluster's events and pods tell."""

from __future__ import annotations

from typing import Final

from hallucino_tui.logs.pod_names import workload_of_job, workload_of_pod, workload_of_replica_set

_OWN: Final = {"Deployment", "StatefulSet", "DaemonSet", "CronJob", "Rollout", "HorizontalPodAutoscaler"}
_BY_NAME: Final = {"Pod": workload_of_pod, "ReplicaSet": workload_of_replica_set, "Job": workload_of_job}


class Owners:
    """Remembers who made what, for things whose names alone do not tell."""

    def __init__(self) -> None:
        self._makers: dict[tuple[str, str, str], tuple[str, str]] = {}
        self._workloads: dict[tuple[str, str], str] = {}

    def add(self, namespace: str, kind: str, name: str, maker_kind: str, maker: str) -> None:
        """Remember that one thing made another."""
        if maker_kind != kind:
            self._makers[namespace, kind, name] = (maker_kind, maker)

    def add_pod(self, namespace: str, pod: str, workload: str) -> None:
        """Remember which workload a pod belongs to."""
        self._workloads[namespace, pod] = workload

    def workload_of(self, namespace: str, kind: str, name: str) -> str:
        """Return the name of the workload that a thing belongs to, "" if it belongs to none."""
        while True:
            if kind == "Pod" and (known := self._workloads.get((namespace, name))):
                return known
            maker = self._makers.get((namespace, kind, name))
            if maker is None:
                break
            kind, name = maker
        if kind in _OWN:
            return name
        by_name = _BY_NAME.get(kind)
        return by_name(name) if by_name else ""
