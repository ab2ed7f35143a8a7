"""The kinds of objects that the demo cluster knows, and how discovery describes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hallucino_tui.demo.encoding import JsonObject

VERBS = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")
"""What the real server offers for a resource; what a user may do is another matter."""

_NO_TEMPLATE: JsonObject = {"metadata": {}, "spec": {"containers": None}}


@dataclass(frozen=True, slots=True, eq=False)
class Resource:
    """A kind of object.

    Attributes:
        plural: Name in addresses.
        singular: Name for people.
        kind: Name inside of objects.
        group: API group, "" for the core.
        version: API version.
        namespaced: Whether objects live in namespaces.
        short_names: Abbreviations for people.
        categories: Groups of kinds, for example ``all``.
        subresources: Subresources, each with its kind and verbs.
        empty: The fields beside the metadata that an object of this kind shows when nothing is set; bookmarks do.
        fields: What a field selector can name, beside name and namespace.
    """

    plural: str
    singular: str
    kind: str
    group: str = ""
    version: str = "v1"
    namespaced: bool = True
    short_names: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    subresources: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    empty: JsonObject = field(default_factory=dict[str, object])
    fields: tuple[str, ...] = ()

    @property
    def api_version(self) -> str:
        """``v1``, ``apps/v1``: as objects carry it."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def qualified(self) -> str:
        """``pods``, ``deployments.apps``: as messages say it."""
        return f"{self.plural}.{self.group}" if self.group else self.plural


_STATUS = ("status", "", ("get", "patch", "update"))
_SCALE = ("scale", "Scale", ("get", "patch", "update"))

NAMESPACES = Resource(
    "namespaces",
    "namespace",
    "Namespace",
    namespaced=False,
    short_names=("ns",),
    subresources=(_STATUS,),
    empty={"spec": {}, "status": {}},
    fields=("status.phase",),
)
NODES = Resource(
    "nodes",
    "node",
    "Node",
    namespaced=False,
    short_names=("no",),
    subresources=(_STATUS,),
    empty={"spec": {}, "status": {"daemonEndpoints": {"kubeletEndpoint": {"Port": 0}}}},
    fields=("spec.unschedulable",),
)
PODS = Resource(
    "pods",
    "pod",
    "Pod",
    short_names=("po",),
    categories=("all",),
    subresources=(
        ("ephemeralcontainers", "", ("get", "patch", "update")),
        ("eviction", "Eviction", ("create",)),
        ("exec", "PodExecOptions", ("create", "get")),
        ("log", "", ("get",)),
        ("portforward", "PodPortForwardOptions", ("create", "get")),
        _STATUS,
    ),
    empty={"spec": {"containers": None}, "status": {}},
    fields=(
        "spec.nodeName",
        "spec.restartPolicy",
        "spec.schedulerName",
        "spec.serviceAccountName",
        "spec.hostNetwork",
        "status.phase",
        "status.podIP",
        "status.nominatedNodeName",
    ),
)
_EVENT_FIELDS = ("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath")
EVENTS = Resource(
    "events",
    "event",
    "Event",
    short_names=("ev",),
    empty={
        "involvedObject": {},
        "source": {},
        "firstTimestamp": None,
        "lastTimestamp": None,
        "eventTime": None,
        "reportingComponent": "",
        "reportingInstance": "",
    },
    fields=(
        *(f"involvedObject.{name}" for name in _EVENT_FIELDS),
        "reason",
        "reportingComponent",
        "source",
        "type",
    ),
)
K8S_EVENTS = Resource(
    "events",
    "event",
    "Event",
    group="events.k8s.io",
    short_names=("ev",),
    empty={"eventTime": None},
    fields=(*(f"regarding.{name}" for name in _EVENT_FIELDS), "reason", "reportingController", "type"),
)
SERVICES = Resource(
    "services",
    "service",
    "Service",
    short_names=("svc",),
    categories=("all",),
    subresources=(_STATUS,),
    empty={"spec": {}, "status": {"loadBalancer": {}}},
    fields=("spec.clusterIP", "spec.type"),
)
CONFIG_MAPS = Resource("configmaps", "configmap", "ConfigMap", short_names=("cm",))
DEPLOYMENTS = Resource(
    "deployments",
    "deployment",
    "Deployment",
    group="apps",
    short_names=("deploy",),
    categories=("all",),
    subresources=(_SCALE, _STATUS),
    empty={"spec": {"selector": None, "template": _NO_TEMPLATE, "strategy": {}}, "status": {}},
)
REPLICA_SETS = Resource(
    "replicasets",
    "replicaset",
    "ReplicaSet",
    group="apps",
    short_names=("rs",),
    categories=("all",),
    subresources=(_SCALE, _STATUS),
    empty={"spec": {"selector": None, "template": _NO_TEMPLATE}, "status": {"replicas": 0}},
    fields=("status.replicas",),
)
STATEFUL_SETS = Resource(
    "statefulsets",
    "statefulset",
    "StatefulSet",
    group="apps",
    short_names=("sts",),
    categories=("all",),
    subresources=(_SCALE, _STATUS),
    empty={
        "spec": {"selector": None, "template": _NO_TEMPLATE, "updateStrategy": {}},
        "status": {"replicas": 0, "availableReplicas": 0},
    },
)
DAEMON_SETS = Resource(
    "daemonsets",
    "daemonset",
    "DaemonSet",
    group="apps",
    short_names=("ds",),
    categories=("all",),
    subresources=(_STATUS,),
    empty={
        "spec": {"selector": None, "template": _NO_TEMPLATE, "updateStrategy": {}},
        "status": {
            "currentNumberScheduled": 0,
            "numberMisscheduled": 0,
            "desiredNumberScheduled": 0,
            "numberReady": 0,
        },
    },
)
JOBS = Resource(
    "jobs",
    "job",
    "Job",
    group="batch",
    categories=("all",),
    subresources=(_STATUS,),
    empty={"spec": {"template": _NO_TEMPLATE}, "status": {}},
    fields=("status.successful",),
)
CRON_JOBS = Resource(
    "cronjobs",
    "cronjob",
    "CronJob",
    group="batch",
    short_names=("cj",),
    categories=("all",),
    subresources=(_STATUS,),
    empty={"spec": {"schedule": "", "jobTemplate": {"metadata": {}, "spec": {"template": _NO_TEMPLATE}}}, "status": {}},
)
LEASES = Resource("leases", "lease", "Lease", group="coordination.k8s.io", empty={"spec": {}})

STORED = (
    NAMESPACES,
    NODES,
    PODS,
    EVENTS,
    SERVICES,
    CONFIG_MAPS,
    DEPLOYMENTS,
    REPLICA_SETS,
    STATEFUL_SETS,
    DAEMON_SETS,
    JOBS,
    CRON_JOBS,
    LEASES,
)
"""The kinds that hold objects of their own; `K8S_EVENTS` is another view of `EVENTS`."""

ACCESS_REVIEWS = Resource(
    "selfsubjectaccessreviews",
    "selfsubjectaccessreview",
    "SelfSubjectAccessReview",
    group="authorization.k8s.io",
    namespaced=False,
)
RULES_REVIEWS = Resource(
    "selfsubjectrulesreviews",
    "selfsubjectrulesreview",
    "SelfSubjectRulesReview",
    group="authorization.k8s.io",
    namespaced=False,
)
SUBJECT_REVIEWS = Resource(
    "selfsubjectreviews",
    "selfsubjectreview",
    "SelfSubjectReview",
    group="authentication.k8s.io",
    namespaced=False,
)
REVIEWS = (ACCESS_REVIEWS, RULES_REVIEWS, SUBJECT_REVIEWS)
"""Questions that a user can ask about themselves; nothing of them is kept."""

ALL = (*STORED, K8S_EVENTS, *REVIEWS)
BY_PATH = {(resource.group, resource.version, resource.plural): resource for resource in ALL}
"""Every kind, by group, version and plural name."""
BY_KIND = {resource.kind: resource for resource in STORED}
"""Every kind that holds objects, by the name inside of objects."""
