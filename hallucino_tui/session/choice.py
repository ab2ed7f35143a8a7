"""What a user has chosen to read, as given on the command line or in the tree."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from hallucino_tui.session.inventory import Pod

_KINDS: Final = {
    "po": "Pod", "pod": "Pod", "pods": "Pod",
    "deploy": "Deployment", "deployment": "Deployment", "deployments": "Deployment",
    "sts": "StatefulSet", "statefulset": "StatefulSet", "statefulsets": "StatefulSet",
    "ds": "DaemonSet", "daemonset": "DaemonSet", "daemonsets": "DaemonSet",
    "rs": "ReplicaSet", "replicaset": "ReplicaSet", "replicasets": "ReplicaSet",
    "job": "Job", "jobs": "Job",
    "cj": "CronJob", "cronjob": "CronJob", "cronjobs": "CronJob",
    "rollout": "Rollout", "rollouts": "Rollout",
}  # fmt: skip


class ChoiceError(ValueError):
    """A choice makes no sense; ``str(error)`` is the sentence for the user."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which containers to read.

    Attributes:
        namespaces: Only in these; empty for the context's own.
        all_namespaces: In all of them.
        selector: Only pods with these labels, in the API server's own notation.
        kind: Only pods of a workload of this kind, "" for any.
        name: That workload's name.
        pattern: Only pods whose name contains this regular expression.
        pod: Only the pod of this name.
        container: Only containers whose name is this, "" for all.
    """

    namespaces: tuple[str, ...] = ()
    all_namespaces: bool = False
    selector: str = ""
    kind: str = ""
    name: str = ""
    pattern: re.Pattern[str] | None = None
    pod: str = ""
    container: str = ""

    def takes_pod(self, pod: Pod) -> bool:
        """Say whether containers of a pod are chosen. Labels are not looked at: the server does that."""
        if self.namespaces and not self.all_namespaces and pod.namespace not in self.namespaces:
            return False
        if self.pod and pod.name != self.pod:
            return False
        if self.kind and not self._is_of_workload(pod):
            return False
        return self.pattern is None or self.pattern.search(pod.name) is not None

    def takes(self, pod: Pod, container: str) -> bool:
        """Say whether a container is chosen."""
        return (not self.container or container == self.container) and self.takes_pod(pod)

    def _is_of_workload(self, pod: Pod) -> bool:
        if self.kind == "Pod":
            return pod.name == self.name
        owners = (pod.workload, pod.owner)
        return any(owner is not None and (owner.kind, owner.name) == (self.kind, self.name) for owner in owners)

    def __str__(self) -> str:
        where = "all namespaces" if self.all_namespaces else ",".join(self.namespaces)
        what = f"{self.kind}/{self.name}" if self.kind else self.pod or (self.pattern.pattern if self.pattern else "")
        labels = f"[{self.selector}]" if self.selector else ""
        return " ".join(part for part in (where, what, self.container, labels) if part)


def parse_target(text: str) -> tuple[str, str, re.Pattern[str] | None]:
    """Read KIND/NAME or a regular expression for pod names.

    Returns:
        Kind, name and pattern; either the first two or the last are set, or none.

    Raises:
        ChoiceError: The kind is unknown or the expression is broken.
    """
    if not text:
        return "", "", None
    kind, slash, name = text.partition("/")
    if slash:
        if kind.lower() not in _KINDS or not name:
            kinds = ", ".join(sorted(set(_KINDS.values())))
            raise ChoiceError(f"{text!r} is not KIND/NAME of something that has pods: kinds are {kinds}.")
        return _KINDS[kind.lower()], name, None
    try:
        return "", "", re.compile(text)
    except re.error as error:
        place = "" if error.pos is None else f" (at column {error.pos + 1})"
        raise ChoiceError(f"{text!r} is no regular expression for pod names: {error.msg}{place}.") from error
    except (OverflowError, RecursionError) as error:
        raise ChoiceError(f"{text[:80]!r} is too much for a regular expression for pod names.") from error


_DURATION: Final = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_SECONDS: Final = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400}


def parse_duration(text: str) -> float:
    """Read a duration like ``90s``, ``5m``, ``1h30m`` or ``2d``; return seconds.

    Raises:
        ChoiceError: It is none.
    """
    parts = _DURATION.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise ChoiceError(f"{text!r} is no duration: write for example 30s, 5m, 1h30m or 2d.")
    return sum(float(number) * _SECONDS[unit] for number, unit in parts)
