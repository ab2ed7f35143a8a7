"""The server's side of the fault run, in a process of its own: writes numbered lines and cuts what follows them.

Speaks over its standard streams: prints the kubeconfig's path, waits for a line, writes and cuts, prints what it did as
JSON, waits for the end of its input. The numbering is the writer's own and stands in the lines themselves.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

from hallucino_tui.demo.serve import DemoCluster, ServeOptions
from hallucino_tui.demo.streams import Cut

if TYPE_CHECKING:
    from hallucino_tui.demo.pods import Container, Instance

CHUNK = 200
LOG_ERRORS = ("429", "500", "504", "html", "reset", "401")


class Writer:
    """Numbers the lines of one container, across its restarts."""

    def __init__(self, container: Container, total: int, generator: random.Random) -> None:
        self.container = container
        self.total = total
        self.written = 0
        self.followed: Instance | None = None
        self.followed_at = 0.0
        self._random = generator

    @property
    def left(self) -> int:
        """How many lines are still to be written."""
        return self.total - self.written

    @property
    def is_followed(self) -> bool:
        """Whether the instance that runs was followed, if only for a moment."""
        return self.followed is not None and self.followed is self.container.current

    def is_followed_for(self, seconds: float) -> bool:
        """Whether it was so for the first time at least so long ago."""
        return self.is_followed and time.monotonic() - self.followed_at > seconds

    def note_followed(self, instance: Instance) -> None:
        """Note that an instance is followed."""
        if instance is not self.followed:
            self.followed, self.followed_at = instance, time.monotonic()

    def write(self, count: int) -> None:
        """Write the next lines."""
        count = min(count, self.left)
        numbers = range(self.written + 1, self.written + count + 1)
        self.container.write_many([self._line(number) for number in numbers])
        self.written += count

    def _line(self, number: int) -> bytes:
        # Now and then a line that the runtime stores in pieces, and bytes that are not UTF-8.
        padding = b"x" * 40_000 if number % 4999 == 0 else b"\xff\x00\x1b[31m" * (number % 7)
        return b"%d %s" % (number, padding)


class Trouble:
    """Breaks things, each in its turn, and counts what it did."""

    def __init__(self, cluster: DemoCluster, writers: list[Writer], options: argparse.Namespace) -> None:
        self._cluster = cluster
        self._settled = options.settled
        self._rest = options.rest
        self._writers = writers
        self._random = random.Random(options.seed)
        self._rotate = options.rotate
        self.done: Counter[str] = Counter()

    def look(self) -> None:
        """Note which instances are followed."""
        for stream in self._cluster.streams.follows:
            writer = next(one for one in self._writers if one.container is stream.container)
            if stream.sent and stream.instance is stream.container.current:
                writer.note_followed(stream.instance)

    def make(self) -> None:
        """Do one thing that hurts."""
        kinds = [
            "clean",
            "abrupt",
            "mid-line",
            "mid-line",
            "freeze",
            "kubelets",
            "error",
            "token",
            "inotify",
            "restart",
        ]
        kind = self._random.choice([*kinds, "rotate", "rotate-twice", "restart-twice"] if self._rotate else kinds)
        # Not the last words: without them nobody could tell the end from a loss.
        talking = [writer for writer in self._writers if writer.left > 2 * CHUNK]
        if not talking:
            return
        writer = self._random.choice(talking)
        # Two restarts in short order are one too many for anybody: that is tried on its own. A client that has followed
        # an instance for a while has read the one before, even if that was refused a few times.
        if kind == "restart" and not writer.is_followed_for(self._rest):
            return
        # Nobody can tell a loss in front of the very first line of an instance: there is nothing to miss there. So an
        # instance is only rotated when it was followed for as long as its first lines may be under way.
        if kind.startswith("rotate") and not writer.is_followed_for(self._settled):
            return
        pod = writer.container.pod.name
        faults = self._cluster.faults
        cuts = {"clean": Cut.CLEAN, "abrupt": Cut.ABRUPT, "mid-line": Cut.MID_LINE}
        if kind in cuts:
            self.done[kind] += faults.cut_follows(cuts[kind], pod=pod)
        elif kind == "freeze":
            self.done[kind] += faults.freeze_follows(pod=pod)
        elif kind == "kubelets":
            self.done[kind] += faults.restart_kubelets()
        elif kind == "token":
            faults.expire_token()
            self.done["abrupt"] += faults.cut_follows(Cut.ABRUPT, pod=pod)
            self.done[kind] += 1
        elif kind == "inotify":
            faults.break_inotify()
            self.done[kind] += faults.cut_follows(Cut.ABRUPT, pod=pod)
        elif kind == "error":
            error = self._random.choice(LOG_ERRORS)
            faults.answer_next(error, self._random.randint(1, 3), path="/log", retry_after=0)  # type: ignore[arg-type]
            self.done["abrupt"] += faults.cut_follows(Cut.ABRUPT, pod=pod)
            self.done[kind] += 1
        elif kind.startswith("restart"):
            for _ in range(1 + (kind == "restart-twice")):
                writer.container.write(b"")
                writer.container.restart(137, "OOMKilled")
                writer.write(self._random.randint(1, 50))
            self.done[kind] += 1
        else:
            self.done["abrupt"] += faults.cut_follows(Cut.ABRUPT, pod=pod)
            for _ in range(1 + (kind == "rotate-twice")):
                writer.write(self._random.randint(0, 30))
                writer.container.rotate()
            writer.write(self._random.randint(0, 30))
            self.done[kind] += 1


async def run(options: argparse.Namespace) -> None:
    """Serve, write, break, report."""
    generator = random.Random(options.seed)
    loop = asyncio.get_running_loop()
    async with DemoCluster(ServeOptions(empty=True)) as cluster:
        cluster.world.add_node("node-1")
        cluster.world.add_namespace("run")
        pods = [cluster.world.add_pod("run", f"writer-{number:02d}") for number in range(options.streams)]
        writers = [Writer(pod.container(), options.lines // options.streams, generator) for pod in pods]
        trouble = Trouble(cluster, writers, options)
        sys.stdout.write(f"{cluster.kubeconfig_path}\n")
        sys.stdout.flush()
        await loop.run_in_executor(None, sys.stdin.readline)
        while any(writer.left for writer in writers):
            for writer in writers:
                writer.write(generator.randint(CHUNK // 2, CHUNK))
            trouble.look()
            for _ in range(options.trouble):
                trouble.make()
            await asyncio.sleep(options.pause)
        cluster.faults.clear()
        report = {
            "lines": {writer.container.pod.name: writer.written for writer in writers},
            "done": dict(trouble.done),
        }
        sys.stdout.write(json.dumps(report) + "\n")
        sys.stdout.flush()
        await loop.run_in_executor(None, sys.stdin.read)


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--lines", type=int, default=400_000)
    parser.add_argument("--streams", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--trouble", type=int, default=1)
    parser.add_argument("--pause", type=float, default=0.05)
    parser.add_argument("--settled", type=float, default=4.0)
    parser.add_argument("--rest", type=float, default=0.0)
    parser.add_argument("--rotate", action="store_true")
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
