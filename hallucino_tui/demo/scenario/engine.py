"""Story time: what happens when, as fast as is asked for and always the same for the same seed."""

from __future__ import annotations

import contextlib
import heapq
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING

from hallucino_tui.demo.timeformat import SECOND

if TYPE_CHECKING:
    from hallucino_tui.demo.pods import Container

Action = Callable[[], None]


class Engine:
    """Actions at moments of the story, in seconds since its beginning; before that the past lies, below 0.

    Attributes:
        now: The moment that is being played.
        speed: Seconds of the story in a second of real time. The past was told as fast: a jump would be an incident.
        lines: Lines written so far.
    """

    def __init__(self, start_ns: int, speed: float, real_clock: Callable[[], int], past_seconds: float) -> None:
        self.now = -past_seconds
        self.speed = speed
        self.lines = 0
        self._start_ns = start_ns
        self._real_clock = real_clock
        self._heap: list[tuple[float, int, Action]] = []
        self._count = 0
        self._fixed_ns: int | None = None

    def wall_ns(self, moment: float) -> int:
        """Return the real time of a moment, nanoseconds since the epoch."""
        return self._start_ns + int(moment / self.speed * SECOND)

    def later_ns(self, seconds: float) -> int:
        """Return the real time so many seconds of the story from now."""
        return self.wall_ns(self.now + seconds)

    def moment(self, wall_ns: int) -> float:
        """Return the moment of a real time."""
        return (wall_ns - self._start_ns) / SECOND * self.speed

    def clock(self) -> int:
        """Return the time for whatever happens now: the story's while it plays, otherwise the real one."""
        return self._real_clock() if self._fixed_ns is None else self._fixed_ns

    @contextlib.contextmanager
    def at_time(self, wall_ns: int) -> Generator[None]:
        """Let what happens inside happen at a given real time."""
        before, self._fixed_ns = self._fixed_ns, wall_ns
        try:
            yield
        finally:
            self._fixed_ns = before

    def ago(self, *, days: float = 0, hours: float = 0, minutes: float = 0) -> contextlib.AbstractContextManager[None]:
        """Let what happens inside have happened so long before the beginning."""
        return self.at_time(self._start_ns - int(((days * 24 + hours) * 60 + minutes) * 60 * SECOND))

    def at(self, moment: float, action: Action) -> None:
        """Do something at a moment; at once if that is over."""
        self._count += 1
        heapq.heappush(self._heap, (max(moment, self.now), self._count, action))

    def after(self, seconds: float, action: Action) -> None:
        """Do something so many seconds later."""
        self.at(self.now + seconds, action)

    def repeat(self, action: Callable[[], float | None], first: float = 0.0) -> None:
        """Do something again and again; it returns the seconds until the next time, or None for never again."""

        def again() -> None:
            pause = action()
            if pause is not None:
                self.after(pause, again)

        self.after(first, again)

    def say(self, container: Container, *lines: str, delay: float = 0.0, stderr: bool = False) -> None:
        """Let a container write lines so many seconds from now, if it still runs then."""

        def write() -> None:
            if container.running:
                data = "".join(f"{line}\n" for line in lines).encode()
                container.write(data, time_ns=self.clock(), stream="stderr" if stderr else "stdout")
                self.lines += len(lines)

        if delay > 0:
            self.after(delay, write)
        else:
            write()

    def run_until(self, moment: float) -> None:
        """Play everything up to and including a moment."""
        while self._heap and self._heap[0][0] <= moment:
            self.now, _, action = heapq.heappop(self._heap)
            with self.at_time(self.wall_ns(self.now)):
                action()
        self.now = max(self.now, moment)

    def skip(self, nanoseconds: int) -> None:
        """Let the story go on so much later, after the machine has slept."""
        self._start_ns += nanoseconds
