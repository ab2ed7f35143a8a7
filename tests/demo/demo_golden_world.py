"""The pods of the recording, built anew in a demo cluster: same names, same lines at the same times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hallucino_tui.demo.pods import ContainerSpec, Pod, PodPlan
from hallucino_tui.demo.timeformat import parse_rfc3339

if TYPE_CHECKING:
    from hallucino_tui.demo.serve import DemoCluster

NEVER = PodPlan(restart_policy="Never")


def at(text: str) -> int:
    return parse_rfc3339(text)


def write_recorded(pod: Pod, container: str, lines: bytes) -> None:
    """Write lines that carry their times."""
    for line in lines.splitlines(keepends=True):
        time, _, rest = line.partition(b" ")
        pod.container(container).write(rest, time_ns=at(time.decode()))


PLAIN = b"""\
2026-11-22T21:03:11.407207202Z err line
2026-11-22T21:03:11.407351295Z line 1
2026-11-22T21:03:11.407354320Z line 2
2026-11-22T21:03:11.407356503Z line 3
2026-11-22T21:03:11.407358726Z line 4
2026-11-22T21:03:11.407360809Z line 5
2026-11-22T21:03:11.407363794Z {"level":"info","msg":"json line","n":1}
2026-11-22T21:03:11.407366909Z \n\
2026-11-22T21:03:11.407369282Z after empty
2026-11-22T21:03:11.407371626Z tab\there crlf
"""

CRASH = (
    b"2026-11-22T21:18:44.782013056Z start 17c6e523 $\n"
    b"2026-11-22T21:18:44.782053737Z about to fail\n"
    b"2026-11-22T21:18:50.783581651Z fatal: exit 3\n"
)


def build(cluster: DemoCluster) -> None:
    world = cluster.world
    world.add_node("node1")
    for namespace in ("demo", "other", "w"):
        world.add_namespace(namespace)
    plain = world.add_pod("demo", "plain", "main", plan=NEVER)
    write_recorded(plain, "main", PLAIN)
    two = world.add_pod("demo", "two", "app", "sidecar")
    two.container("app").write(b"from app\n")
    setup = ContainerSpec("setup", kind="init")
    initpod = world.add_pod("demo", "initpod", setup, "main", running=False)
    initpod.ip = "10.244.0.9"
    initpod.container("setup").start()
    initpod.container("setup").write(b"init one\ninit two\n")
    initpod.container("setup").end(0)
    initpod.container("main").start()
    initpod.container("main").write(b"main started\n")
    done = world.add_pod("demo", "done", "main", plan=NEVER)
    done.container().write(b"one\ntwo\nthree\n")
    done.container().end(0)
    for name, reason in (
        ("cfgerr", "CreateContainerConfigError"),
        ("creating", "ContainerCreating"),
        ("imgpull", "ImagePullBackOff"),
        ("imgnever", "ErrImageNeverPull"),
    ):
        world.add_pod("demo", name, "main", running=False).container().wait(reason)
    world.add_pod("other", "slowinit", setup, "main", running=False).container("main").wait("PodInitializing")
    world.add_pod("demo", "unscheduled", "main", plan=PodPlan(node=""), running=False)
    world.add_pod("other", "ghost", "main", plan=PodPlan(node="nosuchnode"))
    world.add_pod("demo", "silent", "main")
    world.add_pod("demo", "ticker", "main")
    crash = world.add_pod("demo", "crash", "main")
    write_recorded(crash, "main", CRASH)
    crash.container().end(3, "Error")
    _build_odd_logs(cluster)


def _build_odd_logs(cluster: DemoCluster) -> None:
    world = cluster.world
    nonl = world.add_pod("demo", "nonl", "main")
    write_recorded(nonl, "main", b"2026-11-22T21:03:11.783469954Z whole\n2026-11-22T21:03:11.783470000Z partial")
    nonl_done = world.add_pod("demo", "nonl-done", "main", plan=NEVER)
    nonl_done.container().write(b"whole\n", time_ns=at("2026-11-22T21:03:12.184460346Z"))
    world.clock = lambda: at("2026-11-22T21:03:12.184570409Z")
    nonl_done.container().log._clock = world.clock  # the rest is written when the container ends
    nonl_done.container().write(b"partial last line without newline")
    nonl_done.container().end(0)
    binary = world.add_pod("demo", "binary", "main")
    binary.container().write(
        b"latin1 \xe9 caf\xe9\nbad utf8 \xff\xfe\x80 end\nnul \x00 byte\nutf8 \xc3\xa9 \xf0\x9f\x98\x80\n"
        b"ansi \x1b[31mred\x1b[0m\ncr only\rmore\nls \xe2\x80\xa8 ps \xe2\x80\xa9 nel \xc2\x85 ff \x0c vt \x0b end\n"
    )
    longline = world.add_pod("demo", "longline", "main")
    for time, text in (
        ("11.970038792", b"before\n"),
        ("11.990789744", b"x" * 40_000 + b"\n"),
        ("12.044116866", b"after\n"),
        ("12.044136936", b"y" * 16_384 + b"\n"),
        ("12.101606446", b"z" * 16_385),
        ("12.101638043", b"\n"),
        ("12.101640427", b"last\n"),
    ):
        longline.container().write(text, time_ns=at(f"2026-11-22T21:03:{time}Z"))
    glued = world.add_pod("other", "interleave2", "main")
    for time, text, stream in (
        ("45.724391867", b"start\n", "stdout"),
        ("45.727195826", b"x" * 40_000, "stdout"),
        ("46.727000000", b"ERRLINE\n", "stderr"),
        ("46.727652528", b"ERR2\n", "stderr"),
        ("47.728961114", b"tailofx\n", "stdout"),
        ("47.729111166", b"end\n", "stdout"),
    ):
        glued.container().write(text, time_ns=at(f"2026-11-22T21:21:{time}Z"), stream=stream)
    rot2 = world.add_pod("other", "rot2", "main")
    rot2.container().write(b"x\n" * 1000)
    rot2.container().rotate()
