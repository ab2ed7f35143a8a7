"""The forms that Kubernetes gives to the names of pods, and names that only look a little like them."""

from __future__ import annotations

import pytest

from hallucino_tui.logs.pod_names import revision_of_pod, workload_of_job, workload_of_pod, workload_of_replica_set


@pytest.mark.parametrize(
    ("pod", "workload"),
    [
        ("checkout-7f4c9c5c59-gt4mq", "checkout"),
        ("payments-787868796-x8kvn", "payments"),
        ("my-long-app-name-5f44585dff-abcde", "my-long-app-name-5f44585dff-abcde"),
        ("my-long-app-name-5f44585dff-bcdfg", "my-long-app-name"),
        ("clickstream-import-ll9jb", "clickstream-import"),
        ("kube-proxy-8xk2v", "kube-proxy"),
        ("backup-29012345-x2x9k", "backup"),
        ("backup-29012345-0-x2x9k", "backup"),
        ("postgres-0", "postgres"),
        ("redis-cluster-12", "redis-cluster"),
        ("debug", "debug"),
        ("redis-cache", "redis-cache"),
        ("kube-apiserver-node1", "kube-apiserver-node1"),
        ("", ""),
    ],
)
def test_a_pod_is_called_after_its_workload(pod: str, workload: str) -> None:
    assert workload_of_pod(pod) == workload


def test_replica_sets_and_jobs_are_called_after_what_made_them() -> None:
    assert workload_of_replica_set("checkout-7f4c9c5c59") == "checkout"
    assert workload_of_replica_set("checkout") == "checkout"
    assert workload_of_job("backup-29012345") == "backup"
    assert workload_of_job("import-2024") == "import-2024"


def test_the_version_of_a_pod_is_in_its_name() -> None:
    assert revision_of_pod("checkout-7f4c9c5c59-gt4mq") == "7f4c9c5c59"
    assert revision_of_pod("postgres-0") == ""
