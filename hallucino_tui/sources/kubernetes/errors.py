"""What can go wrong with a cluster. The text of each error is the sentence that the user reads."""

from __future__ import annotations

from typing import Final

from hallucino_tui.session.cluster import SourceError


class ClusterError(SourceError):
    """Something failed; ``str(error)`` says what, why, and what to do."""


class KubeconfigError(ClusterError):
    """There is no usable way to a cluster in the configuration."""


class LoginError(ClusterError):
    """The credentials could not be had: an exec plugin failed, a token file is missing."""


class UnreachableError(ClusterError):
    """No answer from the API server."""


class NotKubernetesError(ClusterError):
    """Something answers, and it is no Kubernetes API."""


class ApiError(ClusterError):
    """The API server refused.

    Attributes:
        status: The HTTP status, or the code inside of a watch's ERROR event.
        message: The server's own words.
        reason: Its machine-readable reason, for example ``Expired``.
        kind: The kind of the object that it speaks of (``details.kind``).
        name: Its name (``details.name``).
        retry_after: Seconds that it asks to wait; None if it does not say.
        continue_token: A token to go on with a list that expired half-way.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        reason: str = "",
        kind: str = "",
        name: str = "",
        retry_after: float | None = None,
        continue_token: str = "",
    ) -> None:
        super().__init__(_sentence(status, message))
        self.status = status
        self.message = message
        self.reason = reason
        self.kind = kind
        self.name = name
        self.retry_after = retry_after
        self.continue_token = continue_token


_ADVICE: Final = {
    401: "log in again (for example with the tool that made your kubeconfig), then start anew",
    403: "ask for the role in the README (get, list and watch on pods, get on pods/log), or choose another namespace",
    404: "check the name and the namespace",
    410: "the list is read anew",
    429: "the server asks for patience; it is tried again",
    500: "it is tried again",
    503: "it is tried again",
    504: "it is tried again",
}


def _sentence(status: int, message: str) -> str:
    said = message.strip().rstrip(".") or "no reason given"
    what = {401: "The cluster does not accept your credentials", 403: "The cluster forbids it"}.get(
        status, f"The cluster answered {status}"
    )
    advice = _ADVICE.get(status)
    return f"{what}: {said}" + (f"; {advice}." if advice else ".")
