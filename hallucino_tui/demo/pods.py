"""Pods and their containers as a node runs them; every change shows in the cluster's state at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from hallucino_tui.demo.logfile import LogFile
from hallucino_tui.demo.objects import pod_object
from hallucino_tui.demo.timeformat import SECOND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.demo.encoding import JsonObject
    from hallucino_tui.demo.logfile import LogStream
    from hallucino_tui.demo.world import World

ContainerKind = Literal["regular", "init", "sidecar", "ephemeral"]


@dataclass(frozen=True, slots=True)
class ContainerSpec:
    """What a container is asked to be.

    Attributes:
        name: Its name.
        image: Its image.
        kind: ``sidecar`` is an init container that runs on beside the regular ones; ``ephemeral`` was added later.
        command: Its command, may be empty.
        port: The port that it serves, if any.
        cpu: CPU request, for example ``100m``; "" for none.
        memory: Memory request and limit, for example ``256Mi``; "" for none.
        env: Environment.
        probe: Path of its readiness probe, "" for none.
    """

    name: str
    image: str = "registry.example/demo/app:1.0.0"
    kind: ContainerKind = "regular"
    command: tuple[str, ...] = ()
    port: int | None = None
    cpu: str = ""
    memory: str = ""
    env: tuple[tuple[str, str], ...] = ()
    probe: str = ""


@dataclass(frozen=True, slots=True)
class Owner:
    """The controller that a pod or another object belongs to."""

    kind: str
    name: str
    uid: str
    api_version: str = "apps/v1"


@dataclass(frozen=True, slots=True)
class PodPlan:
    """What a pod is asked to be, beside its name.

    Attributes:
        containers: Its containers, in the order of the specification.
        labels: Its labels.
        annotations: Its annotations.
        owner: Its controller, if any.
        node: Where it runs; "" means that it is not placed yet, None that a node is chosen.
        restart_policy: ``Always``, ``OnFailure`` or ``Never``.
        generate_name: The beginning of its name, where a controller chose the end.
        service_account: Its service account.
        grace_seconds: How long it may take to end.
    """

    containers: tuple[ContainerSpec, ...] = (ContainerSpec("main"),)
    labels: dict[str, str] = field(default_factory=dict[str, str])
    annotations: dict[str, str] = field(default_factory=dict[str, str])
    owner: Owner | None = None
    node: str | None = None
    restart_policy: str = "Always"
    generate_name: str = ""
    service_account: str = "default"
    grace_seconds: int = 30


@dataclass(slots=True)
class Instance:
    """One run of a container.

    Attributes:
        container_id: 64 hexadecimal digits, never the same twice.
        log: What it wrote.
        started_ns: When it began.
        finished_ns: When it ended, None while it runs.
        exit_code: Its exit code.
        reason: Why it ended: ``Completed``, ``Error``, ``OOMKilled``.
        log_lost: Its log was removed from the node; readers get an error inside of the answer.
    """

    container_id: str
    log: LogFile
    started_ns: int
    finished_ns: int | None = None
    exit_code: int = 0
    reason: str = ""
    log_lost: bool = False

    @property
    def address(self) -> str:
        """Its ID as status fields carry it."""
        return f"containerd://{self.container_id}"


class Container:
    """One container of a pod over all its runs. The node keeps the logs of the running one and of the one before.

    Attributes:
        spec: What it is asked to be.
        pod: Its pod.
        current: The running instance, or one that has just ended and was not replaced yet.
        previous: The instance before.
        waiting: Reason and message while there is no current instance.
        restart_count: How often it was started again.
        ready: Whether it passes its readiness probe; meaningless while it does not run.
    """

    def __init__(self, pod: Pod, spec: ContainerSpec) -> None:
        self.spec = spec
        self.pod = pod
        self.current: Instance | None = None
        self.previous: Instance | None = None
        self.waiting: tuple[str, str] = ("ContainerCreating", "")
        self.restart_count = 0
        self.ready = False

    @property
    def running(self) -> bool:
        """Whether an instance is running now."""
        return self.current is not None and self.current.finished_ns is None

    @property
    def log(self) -> LogFile:
        """The log of the current instance.

        Raises:
            ValueError: There is none.
        """
        if self.current is None:
            raise ValueError(f"container {self.spec.name} of pod {self.pod.name} does not run")
        return self.current.log

    def write(self, data: bytes, *, time_ns: int | None = None, stream: LogStream = "stdout") -> None:
        """Write as the program in the container does; see `LogFile.write`."""
        self.log.write(data, time_ns=time_ns, stream=stream)

    def write_many(self, lines: Sequence[bytes], *, time_ns: int | None = None, step_ns: int = 1000) -> None:
        """Write many lines without newline at little cost; see `LogFile.write_many`."""
        self.log.write_many(lines, time_ns=time_ns, step_ns=step_ns)

    def rotate(self) -> None:
        """Let the node begin a new log file; earlier lines can no longer be read."""
        self.log.rotate()

    def start(self, *, ready: bool = True) -> Instance:
        """Start the container, or start it again."""
        world = self.pod.world
        if self.current is not None:
            if self.current.finished_ns is None:
                raise ValueError(f"container {self.spec.name} of pod {self.pod.name} is running")
            self.previous = self.current
        if self.previous is not None:
            self.restart_count += 1
        log = LogFile(clock=world.clock, max_bytes=world.log_max_bytes)
        self.current = Instance(world.ids.hex(64), log, world.clock())
        self.ready = ready
        self.pod.publish()
        return self.current

    def end(self, exit_code: int = 0, reason: str = "") -> None:
        """End the running instance; its log gets its last bytes and every follower a clean end.

        Args:
            exit_code: 137 is what the kernel's killing leaves, 143 a polite stop.
            reason: "" means ``Completed`` for 0 and ``Error`` for others.
        """
        if self.current is None or self.current.finished_ns is not None:
            raise ValueError(f"container {self.spec.name} of pod {self.pod.name} does not run")
        self.current.finished_ns = self.pod.world.clock()
        self.current.exit_code = exit_code
        self.current.reason = reason or ("Error" if exit_code else "Completed")
        self.ready = False
        self.pod.publish()
        self.current.log.close()

    def wait(self, reason: str, message: str = "") -> None:
        """Show that the container waits: ``CrashLoopBackOff``, ``ImagePullBackOff`` and the like."""
        if self.running:
            raise ValueError(f"container {self.spec.name} of pod {self.pod.name} is running")
        if self.current is not None:
            self.previous, self.current = self.current, None
        self.waiting = (reason, message)
        self.pod.publish()

    def restart(self, exit_code: int = 1, reason: str = "") -> Instance:
        """End the running instance and start the next; the log of the one before the last is gone then."""
        self.end(exit_code, reason)
        return self.start()

    def set_ready(self, ready: bool) -> None:
        """Let the readiness probe pass or fail."""
        if self.ready != ready:
            self.ready = ready
            self.pod.publish()


class Pod:
    """A pod.

    Attributes:
        world: Where it lives.
        namespace: Its namespace.
        name: Its name.
        plan: What it is asked to be.
        uid: Its identity.
        node: Where it runs, "" while it is not placed.
        ip: Its address, "" while it has none.
        created_ns: When it was made.
        deleted_ns: When it has to be gone, or None; it shows as ``Terminating``.
        gone: It has been deleted.
    """

    def __init__(self, world: World, namespace: str, name: str, plan: PodPlan) -> None:
        self.world = world
        self.namespace = namespace
        self.name = name
        self.plan = plan
        self.uid = world.ids.uid()
        self.created_ns = world.clock()
        self.node = world.choose_node() if plan.node is None else plan.node
        self.ip = ""
        self.deleted_ns: int | None = None
        self.gone = False
        self.containers = [Container(self, spec) for spec in plan.containers]
        self.transitions: dict[str, tuple[str, int]] = {}
        """Status and time of the last change of each condition."""
        self.message = ""
        """Why it cannot be placed, while it is not."""

    def container(self, name: str = "") -> Container:
        """Return a container by name, or the first regular one.

        Raises:
            KeyError: There is none of that name.
        """
        for container in self.containers:
            if container.spec.name == name or (not name and container.spec.kind == "regular"):
                return container
        raise KeyError(name)

    def of_kind(self, *kinds: ContainerKind) -> list[Container]:
        """Return the containers of some kinds, in the order of the specification."""
        return [container for container in self.containers if container.spec.kind in kinds]

    @property
    def ready(self) -> bool:
        """Whether it takes traffic: all regular containers and sidecars run and pass their probes."""
        serving = self.of_kind("regular", "sidecar")
        return bool(serving) and all(container.running and container.ready for container in serving)

    @property
    def phase(self) -> str:
        """Its phase, as the node derives it from the containers."""
        regular = self.of_kind("regular")
        ended = [container.current for container in regular if container.current and container.current.finished_ns]
        if len(ended) == len(regular) and (self.plan.restart_policy != "Always" or self.deleted_ns is not None):
            return "Failed" if any(instance.exit_code for instance in ended) else "Succeeded"
        started = any(container.current or container.previous for container in regular)
        return "Running" if started else "Pending"

    def run(self) -> None:
        """Bring it up at once: init containers have ended well, all others run and are ready."""
        with self.world.batch():
            self.ip = self.ip or self.world.next_ip(self.node)
            for container in self.of_kind("init"):
                container.start()
                container.end(0)
            for container in self.of_kind("sidecar", "regular", "ephemeral"):
                container.start()
            self.publish()

    def begin_deletion(self) -> None:
        """Mark it as being deleted; it runs on until `delete`."""
        self.deleted_ns = self.world.clock() + self.plan.grace_seconds * SECOND
        self.publish()

    def delete(self) -> None:
        """Remove it: watches see it leave, follows end, its logs are gone."""
        if self.gone:
            return
        self.gone = True
        self.world.remove_pod(self)
        for container in self.containers:
            if container.current is not None:
                container.current.log.close()

    def publish(self) -> None:
        """Write its present state to the cluster."""
        if not self.gone:
            self.world.changed(self)

    def render(self) -> JsonObject:
        """Return it as an API object."""
        return pod_object(self, self.world.clock())
