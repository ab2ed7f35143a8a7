"""Plays the story in real time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hallucino_tui.demo.chance import Chance
from hallucino_tui.demo.scenario.engine import Engine
from hallucino_tui.demo.scenario.filler import Filler
from hallucino_tui.demo.scenario.story import Story
from hallucino_tui.demo.timeformat import SECOND

if TYPE_CHECKING:
    from collections.abc import Callable

    from hallucino_tui.demo.options import ServeOptions
    from hallucino_tui.demo.world import World

_TICK = 0.04
"""Seconds between two looks at the clock: what happens within is shown at once."""

_PAST_STEP = 5.0
"""Seconds of the past that are played without a pause."""

_SLEPT = 60
"""Seconds of lateness after which the machine must have slept; the story is not told in a rush then."""


class Player:
    """The story of a world.

    Attributes:
        engine: What happens when.
        story: The shop and its people.
        filler: The further pods.
    """

    def __init__(self, world: World, options: ServeOptions, clock: Callable[[], int]) -> None:
        start = clock() if options.start_ns is None else options.start_ns
        self.engine = Engine(start, options.speed, clock, options.history_seconds)
        world.clock = self.engine.clock
        world.events.clock = self.engine.clock
        chance = Chance(options.seed)
        self._clock = clock
        with self.engine.at_time(start):
            self.story = Story(world, self.engine, chance, quiet=options.quiet)
            self.filler = Filler(world, self.engine, chance.part("filler"), options.pods)
        self.story.begin()
        self.filler.begin(options.churn)

    def catch_up(self) -> None:
        """Play everything up to the present moment."""
        late = self._clock() - self.engine.wall_ns(self.engine.now)
        if self.engine.now >= 0 and late > _SLEPT * SECOND:
            self.engine.skip(late)
        self.engine.run_until(self.engine.moment(self._clock()))

    async def play_past(self) -> None:
        """Play what lies before the beginning, with turns for others in between."""
        while self.engine.now < 0:
            self.engine.run_until(min(0.0, self.engine.now + _PAST_STEP))
            await asyncio.sleep(0)
        self.catch_up()

    async def run(self) -> None:
        """Play until cancelled."""
        while True:
            self.catch_up()
            await asyncio.sleep(_TICK)
