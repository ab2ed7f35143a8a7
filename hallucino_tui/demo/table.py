"""The columns that the server prints for people: what ``kubectl get`` shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hallucino_tui.demo import cells

if TYPE_CHECKING:
    from collections.abc import Callable

    from hallucino_tui.demo.encoding import JsonObject
    from hallucino_tui.demo.resources import Resource


@dataclass(frozen=True, slots=True)
class Column:
    """One column; those with `wide` are shown by ``-o wide`` alone."""

    name: str
    description: str
    type: str = "string"
    wide: bool = False

    def definition(self) -> JsonObject:
        """Return it as a table carries it."""
        return {
            "name": self.name,
            "type": self.type,
            "format": "name" if self.name == "Name" and not self.wide else "",
            "description": self.description,
            "priority": 1 if self.wide else 0,
        }


@dataclass(frozen=True, slots=True)
class Printer:
    """How one kind is printed."""

    columns: tuple[Column, ...]
    cells: Callable[[JsonObject, int], cells.Cells]

    def definitions(self) -> list[JsonObject]:
        """Return the definitions of the columns."""
        return [column.definition() for column in self.columns]


NAME = Column("Name", "Name of the object, unique among its kind within a namespace.")
AGE = Column("Age", "How long ago the object was created.")
_CONTAINERS = Column("Containers", "Names of the containers in the template.", wide=True)
_IMAGES = Column("Images", "Images of the containers in the template.", wide=True)
_SELECTOR = Column("Selector", "Labels that the pods are selected by.", wide=True)


def row_conditions(resource: Resource, item: JsonObject) -> list[JsonObject]:
    """Return the conditions of a row: a pod that has ended is marked, so that clients can hide it."""
    phase = item.get("status", {}).get("phase") if resource.kind == "Pod" else None
    if phase == "Succeeded":
        said = ("Succeeded", "The pod has completed successfully.")
    elif phase == "Failed":
        said = ("Failed", "The pod failed.")
    else:
        return []
    return [{"type": "Completed", "status": "True", "reason": said[0], "message": said[1]}]


def printer_of(resource: Resource) -> Printer:
    """Return how a kind is printed."""
    return _PRINTERS.get(resource.kind, _PLAIN)


_PLAIN = Printer((NAME, Column("Created At", "When the object was created.", "date")), cells.plain)
_READY_OF = Column("Ready", "Ready pods of wanted ones.")
_PRINTERS = {
    "Pod": Printer(
        (
            NAME,
            Column("Ready", "Containers that are ready of all that should be."),
            Column("Status", "What the containers are doing, in one word."),
            Column("Restarts", "How often containers were started again, and when last."),
            AGE,
            Column("IP", "Address of the pod.", wide=True),
            Column("Node", "Node that the pod runs on.", wide=True),
            Column("Nominated Node", "Node that is being cleared for the pod.", wide=True),
            Column("Readiness Gates", "Further conditions for being ready.", wide=True),
        ),
        cells.pod,
    ),
    "Deployment": Printer(
        (
            NAME,
            _READY_OF,
            Column("Up-to-date", "Pods of the present revision.", "integer"),
            Column("Available", "Pods that take traffic.", "integer"),
            AGE,
            _CONTAINERS,
            _IMAGES,
            _SELECTOR,
        ),
        cells.deployment,
    ),
    "ReplicaSet": Printer(
        (
            NAME,
            Column("Desired", "Pods that are wanted.", "integer"),
            Column("Current", "Pods that exist.", "integer"),
            Column("Ready", "Pods that are ready.", "integer"),
            AGE,
            _CONTAINERS,
            _IMAGES,
            _SELECTOR,
        ),
        cells.replica_set,
    ),
    "StatefulSet": Printer((NAME, _READY_OF, AGE, _CONTAINERS, _IMAGES), cells.stateful_set),
    "DaemonSet": Printer(
        (
            NAME,
            Column("Desired", "Nodes that should run the pod.", "integer"),
            Column("Current", "Nodes that have the pod.", "integer"),
            Column("Ready", "Nodes on which it is ready.", "integer"),
            Column("Up-to-date", "Nodes that have the present revision.", "integer"),
            Column("Available", "Nodes on which it takes traffic.", "integer"),
            Column("Node Selector", "Labels of the nodes that are meant."),
            AGE,
            _CONTAINERS,
            _IMAGES,
            _SELECTOR,
        ),
        cells.daemon_set,
    ),
    "Job": Printer(
        (
            NAME,
            Column("Status", "How the job is doing."),
            Column("Completions", "Pods that ended well of wanted ones."),
            Column("Duration", "How long the job has taken."),
            AGE,
            _CONTAINERS,
            _IMAGES,
            _SELECTOR,
        ),
        cells.job,
    ),
    "CronJob": Printer(
        (
            NAME,
            Column("Schedule", "When it runs, in cron's notation."),
            Column("Timezone", "Time zone of the schedule."),
            Column("Suspend", "Whether it is switched off.", "boolean"),
            Column("Active", "Jobs that run now.", "integer"),
            Column("Last Schedule", "When it ran last."),
            AGE,
            _CONTAINERS,
            _IMAGES,
            _SELECTOR,
        ),
        cells.cron_job,
    ),
    "Node": Printer(
        (
            NAME,
            Column("Status", "Whether the node is ready."),
            Column("Roles", "What the node is for."),
            AGE,
            Column("Version", "Version of its kubelet."),
            Column("Internal-IP", "Address inside of the cluster.", wide=True),
            Column("External-IP", "Address outside of the cluster.", wide=True),
            Column("OS-Image", "Operating system.", wide=True),
            Column("Kernel-Version", "Kernel.", wide=True),
            Column("Container-Runtime", "Container runtime.", wide=True),
        ),
        cells.node,
    ),
    "Namespace": Printer((NAME, Column("Status", "Whether the namespace is active."), AGE), cells.namespace),
    "Service": Printer(
        (
            NAME,
            Column("Type", "How the service is reached."),
            Column("Cluster-IP", "Address inside of the cluster."),
            Column("External-IP", "Address outside of the cluster."),
            Column("Port(s)", "Ports that it serves."),
            AGE,
            _SELECTOR,
        ),
        cells.service,
    ),
    "ConfigMap": Printer((NAME, Column("Data", "Number of entries."), AGE), cells.config_map),
    "Lease": Printer((NAME, Column("Holder", "Who holds it."), AGE), cells.lease),
    "Event": Printer(
        (
            Column("Last Seen", "How long ago it was noticed last."),
            Column("Type", "Normal or Warning."),
            Column("Reason", "What happened, in one word."),
            Column("Object", "What it is about."),
            Column("Subobject", "Which part of it.", wide=True),
            Column("Source", "Who noticed it.", wide=True),
            Column("Message", "What happened, in a sentence."),
            Column("First Seen", "How long ago it was noticed first.", wide=True),
            Column("Count", "How often it was noticed.", "string", wide=True),
            Column("Name", "Name of the event.", wide=True),
        ),
        cells.event,
    ),
}
