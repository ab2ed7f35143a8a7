"""What a pod's name tells of the workload that it belongs to, where nothing else is known of it."""

from __future__ import annotations

import re
from typing import Final

# Kubernetes ends the names that it makes up with five letters of an alphabet without vowels, so that no words come out
# by chance. A ReplicaSet's hash is a number of up to ten digits, each written as one of those letters.
_LETTER: Final = "[b-df-hj-np-tv-xz24-9]"
_HASH: Final = f"(?:[4-9bcdf]{{6,10}}|{_LETTER}{{8,10}})"
_ENDING: Final = f"{_LETTER}{{5}}"
_REPLICA_SET: Final = re.compile(rf"(.+)-({_HASH})\Z")
_OF_REPLICA_SET: Final = re.compile(rf"(.+)-({_HASH})-{_ENDING}\Z")
_OF_CRON_JOB: Final = re.compile(rf"(.+)-\d{{8,11}}(?:-\d+)?-{_ENDING}\Z")
_CRON_JOB: Final = re.compile(r"(.+)-\d{8,11}\Z")
_OF_SET: Final = re.compile(r"(.+)-\d{1,5}\Z")
_MADE_UP: Final = re.compile(rf"(.+)-{_ENDING}\Z")


def workload_of_pod(pod: str) -> str:
    """Return the name of what a pod belongs to, by the forms that Kubernetes gives to names.

    Deployments: ``checkout-7f4c9c5c59-gt4mq``. Jobs and DaemonSets: ``import-ll9jb``. CronJobs:
    ``backup-29012345-x2x9k``. StatefulSets: ``postgres-0``. Any other name is that of the pod alone.
    """
    for form in (_OF_REPLICA_SET, _OF_CRON_JOB, _MADE_UP, _OF_SET):
        if match := form.match(pod):
            return match[1]
    return pod


def workload_of_replica_set(replica_set: str) -> str:
    """Return the name of the Deployment that a ReplicaSet belongs to."""
    match = _REPLICA_SET.match(replica_set)
    return match[1] if match else replica_set


def workload_of_job(job: str) -> str:
    """Return the name of the CronJob that a Job belongs to, or its own."""
    match = _CRON_JOB.match(job)
    return match[1] if match else job


def revision_of_pod(pod: str) -> str:
    """Return the ReplicaSet's hash in a pod's name, "" if there is none."""
    match = _OF_REPLICA_SET.match(pod)
    return match[2] if match else ""
