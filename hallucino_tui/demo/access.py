"""Who may do what: the demo's one user reads everything but secrets, less what was taken away for a test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hallucino_tui.demo.resources import REVIEWS
from hallucino_tui.demo.world import USER

if TYPE_CHECKING:
    from hallucino_tui.demo.encoding import JsonObject
    from hallucino_tui.demo.routing import Target

_READING = frozenset(("get", "list", "watch"))
_ASKING = frozenset(resource.plural for resource in REVIEWS)


@dataclass(frozen=True, slots=True)
class Denial:
    """Rights that are taken away. An empty attribute means any.

    Attributes:
        verb: For example ``list``.
        resource: For example ``pods`` or ``pods/log``.
        namespace: For example ``shop``.
    """

    verb: str = ""
    resource: str = ""
    namespace: str = ""

    def covers(self, verb: str, resource: str, namespace: str) -> bool:
        """Tell whether a right is taken away by this; `namespace` "" is the right in the whole cluster."""
        return (
            self.verb in {"", verb}
            and self.resource in {"", "*", resource}
            and (not self.namespace or namespace in {"", self.namespace})
        )


class AccessRules:
    """The user's rights.

    Attributes:
        user: Who the rights belong to.
        denials: What was taken away.
        only_namespaces: Where there are rights at all; None means everywhere and in the cluster as a whole.
    """

    def __init__(self) -> None:
        self.user = USER
        self.denials: list[Denial] = []
        self.only_namespaces: frozenset[str] | None = None

    def allows(self, target: Target) -> bool:
        """Tell whether a request is allowed."""
        name = f"{target.resource.plural}/{target.sub}" if target.sub else target.resource.plural
        return self.permits(target.verb, name, target.rights_namespace)

    def permits(self, verb: str, resource: str, namespace: str) -> bool:
        """Tell whether the user has a right.

        Args:
            verb: For example ``get``.
            resource: Plural name, with the subresource after a slash.
            namespace: Where; "" means in the whole cluster.
        """
        if resource in _ASKING:
            return verb == "create"
        readable = verb in _READING and resource.partition("/")[0] != "secrets" and resource != "pods/exec"
        if self.only_namespaces is not None and namespace not in self.only_namespaces:
            return False
        return readable and not any(denial.covers(verb, resource, namespace) for denial in self.denials)

    def review(self, spec: JsonObject) -> bool:
        """Answer the question of a SelfSubjectAccessReview; `spec` is its specification."""
        attributes: JsonObject | None = spec.get("resourceAttributes")
        if attributes is None:
            return spec.get("nonResourceAttributes", {}).get("verb") == "get"
        resource = str(attributes.get("resource", "*"))
        if attributes.get("subresource"):
            resource += f"/{attributes['subresource']}"
        return self.permits(str(attributes.get("verb", "*")), resource, str(attributes.get("namespace", "")))

    def rules(self, namespace: str) -> JsonObject:
        """Return the status of a SelfSubjectRulesReview for a namespace."""
        verbs = [verb for verb in ("get", "list", "watch") if self.permits(verb, "pods", namespace)]
        rules: list[JsonObject] = [{"verbs": ["create"], "apiGroups": ["*"], "resources": sorted(_ASKING)}]
        if verbs:
            rules.append({"verbs": verbs, "apiGroups": ["*"], "resources": ["*"]})
        return {
            "resourceRules": rules,
            "nonResourceRules": [{"verbs": ["get"], "nonResourceURLs": ["*"]}],
            "incomplete": False,
        }
