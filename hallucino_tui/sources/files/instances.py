"""Saved logs of container instances: files that are called ``POD__CONTAINER__N.log``, N the number of restarts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from hallucino_tui.logs.pod_names import workload_of_pod

if TYPE_CHECKING:
    from pathlib import Path

FORM: Final = "POD__CONTAINER__N.log"

_FORM: Final = re.compile(
    r"(?P<pod>[a-z0-9][a-z0-9.-]*)__(?P<container>[a-z0-9][a-z0-9-]*)__(?P<restart>\d{1,9})\.log(?:\.gz|\.zst)?"
)


class SavedInstance(NamedTuple):
    """What the name of a file tells of the container instance that wrote its lines.

    Attributes:
        pod: The pod's name.
        container: The container's name.
        restart: How often the container had been started again by then.
    """

    pod: str
    container: str
    restart: int

    @property
    def labels(self) -> dict[str, str]:
        """What a selector can name."""
        workload = workload_of_pod(self.pod)
        return {"workload": workload, "pod": self.pod, "container": self.container, "restart": str(self.restart)}

    @property
    def part(self) -> str:
        """The short name beside the pod's: no two runs of a container have the same."""
        return f"{self.container}.{self.restart}" if self.restart else self.container


def instance_of(path: Path) -> SavedInstance | None:
    """Return the container instance that a file is called after, None if it is called otherwise."""
    match = _FORM.fullmatch(path.name)
    return None if match is None else SavedInstance(match["pod"], match["container"], int(match["restart"]))


def instances_in(folder: Path) -> list[Path]:
    """Return the files of a folder that are called after container instances, in no order.

    Raises:
        OSError: The folder cannot be read.
    """
    return [path for path in folder.iterdir() if instance_of(path) is not None]
