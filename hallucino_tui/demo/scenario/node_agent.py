"""What scheduler and kubelet do with a pod: place it, start it step by step, probe it, stop it, start it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hallucino_tui.demo.scenario import system

if TYPE_CHECKING:
    from collections.abc import Callable

    from hallucino_tui.demo.pods import Container, Pod
    from hallucino_tui.demo.scenario.cast import Cast
    from hallucino_tui.demo.scenario.engine import Engine

PROBE_SECONDS = 5.0
_POLITE_STOP = 143
_FAILURES = 3
"""So many probes in a row have to fail before a pod takes no traffic any more."""


class NodeAgent:
    """Brings pods up and down in story time, with the events that a real node reports."""

    def __init__(self, cast: Cast, engine: Engine) -> None:
        self._cast = cast
        self._engine = engine
        self.on_started: Callable[[Container], float] = lambda _container: 1.0
        """Called when a regular container has started; returns the seconds until it could be ready."""
        self.on_stopping: Callable[[Container], None] = lambda _container: None
        """Called when a container is asked to stop."""
        self.probe: Callable[[Pod], bool] = lambda _pod: True
        """Tells whether a pod's readiness probe passes."""

    def start(self, pod: Pod, done: Callable[[Pod], None]) -> None:
        """Place a pod that was just created and start it; `done` is called when it is ready."""
        self._engine.after(0.03, lambda: self._place(pod, done))

    def stop(self, pod: Pod, done: Callable[[Pod], None], seconds: float = 3.0) -> None:
        """Stop a pod politely and delete it; `done` is called when it is gone."""
        if pod.deleted_ns is not None or pod.gone:
            return
        pod.begin_deletion()
        for container in pod.containers:
            if container.running:
                self._record(pod, "Normal", "Killing", f"Stopping container {container.spec.name}", container)
                self.on_stopping(container)

        def end() -> None:
            for container in pod.containers:
                if container.running:
                    container.end(_POLITE_STOP, "Error")
            self._engine.after(0.4, remove)

        def remove() -> None:
            pod.delete()
            done(pod)

        self._engine.after(seconds, end)

    def watch_readiness(self, pod: Pod, done: Callable[[Pod], None] | None = None) -> None:
        """Probe a pod from now on for as long as it runs; `done` is called when it becomes ready the first time."""
        told, failures = False, 0

        def look() -> float | None:
            nonlocal told, failures
            if pod.gone or pod.deleted_ns is not None:
                return None
            container = pod.container()
            if not container.running:
                return PROBE_SECONDS
            failures = 0 if self.probe(pod) else failures + 1
            if failures:
                message = "Readiness probe failed: HTTP probe failed with statuscode: 503"
                self._record(pod, "Warning", "Unhealthy", message, container)
            if not failures or failures >= _FAILURES or not told:
                container.set_ready(not failures)
            if not failures and not told:
                told = True
                if done is not None:
                    done(pod)
            return PROBE_SECONDS

        self._engine.repeat(look)

    def kill(self, container: Container, exit_code: int, reason: str, back_off: float) -> None:
        """End a container from outside and start it again, after a back-off if it is not the first time."""
        container.end(exit_code, reason)
        pod = container.pod
        if back_off <= 0:
            self._engine.after(1.2, lambda: self._restart(container))
            return
        name = container.spec.name
        message = f"Back-off restarting failed container {name} in pod {pod.name}_{pod.namespace}({pod.uid})"

        def wait() -> None:
            if not pod.gone:
                where = f"container={name} pod={pod.name}_{pod.namespace}({pod.uid})"
                text = f"back-off {back_off:.0f}s restarting failed {where}"
                container.wait("CrashLoopBackOff", text)
                self._record(pod, "Warning", "BackOff", message, container)

        self._engine.after(1.0, wait)
        self._engine.after(1.0 + back_off, lambda: self._restart(container))

    def _restart(self, container: Container) -> None:
        if container.pod.gone or container.pod.deleted_ns is not None or container.running:
            return
        self._report_start(container)
        container.start(ready=False)
        pause = self.on_started(container)

        def pass_probe() -> None:
            if container.running:
                container.set_ready(True)

        self._engine.after(pause, pass_probe)

    def _place(self, pod: Pod, done: Callable[[Pod], None]) -> None:
        if pod.gone:
            return
        pod.node = self._cast.world.choose_node()
        name = f"{pod.namespace}/{pod.name}"
        involved = {"kind": "Pod", "namespace": pod.namespace, "name": pod.name, "uid": pod.uid, "apiVersion": "v1"}
        message = f"Successfully assigned {name} to {pod.node}"
        self._cast.world.events.record(involved, "Normal", "Scheduled", message, component="default-scheduler")
        for scheduler in self._cast.containers("kube-scheduler"):
            self._engine.say(scheduler, system.scheduler(self._engine.clock(), name, pod.node))
        pod.publish()
        self._engine.after(0.5, lambda: self._begin(pod, done))

    def _begin(self, pod: Pod, done: Callable[[Pod], None]) -> None:
        if pod.gone or pod.deleted_ns is not None:
            return
        pod.ip = self._cast.world.next_ip(pod.node)
        delay = 0.0
        for container in pod.of_kind("init"):
            self._engine.after(delay, lambda container=container: self._run_init(container))
            delay += 2.0
        self._engine.after(delay, lambda: self._run_main(pod, done))

    def _run_init(self, container: Container) -> None:
        if container.pod.gone or container.pod.deleted_ns is not None:
            return
        self._report_start(container)
        container.start()
        self._engine.say(container, "waiting for postgres:5432", "postgres:5432 answers after 1 attempt")

        def finish() -> None:
            if container.running:
                container.end(0)

        self._engine.after(1.4, finish)

    def _run_main(self, pod: Pod, done: Callable[[Pod], None]) -> None:
        if pod.gone or pod.deleted_ns is not None:
            return
        pause = 1.0
        for container in pod.of_kind("sidecar", "regular"):
            self._report_start(container)
            container.start(ready=container.spec.kind == "sidecar")
            if container.spec.kind == "regular":
                pause = max(pause, self.on_started(container))
        self._engine.after(pause, lambda: self.watch_readiness(pod, done))

    def _report_start(self, container: Container) -> None:
        pod, image = container.pod, container.spec.image
        pulled = f'Container image "{image}" already present on machine and can be accessed by the pod'
        for reason, message in (
            ("Pulled", pulled),
            ("Created", "Container created"),
            ("Started", "Container started"),
        ):
            self._record(pod, "Normal", reason, message, container)

    def _record(self, pod: Pod, kind: str, reason: str, message: str, container: Container) -> None:
        self._cast.world.record(pod, kind, reason, message, container=container.spec.name)
