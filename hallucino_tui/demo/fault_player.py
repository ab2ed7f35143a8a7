"""The faults that were asked for at start: some hold all the time, the others happen again and again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hallucino_tui.demo.chance import Chance
from hallucino_tui.demo.options import STANDING_FAULTS, FaultOption, ServeOptions
from hallucino_tui.demo.scenario.hostile import add_hostile, keep_hostile
from hallucino_tui.demo.streams import Cut, Stream

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from hallucino_tui.demo.faults import Faults
    from hallucino_tui.demo.pods import Container
    from hallucino_tui.demo.scenario.player import Player
    from hallucino_tui.demo.world import World

_SLOW_SECONDS = 2.0
_OBJECTS = "/v1/"
"""Requests for objects; what the API offers is always told, or clients would not even begin."""
_EXPIRING = r"/v1/.*[?&](watch|continue)="
_CUTS = {"cut": Cut.ABRUPT, "cut-clean": Cut.CLEAN, "cut-midline": Cut.MID_LINE}
_ANSWERS = frozenset(("401", "403", "410", "429", "500", "504", "html", "reset"))


class FaultPlayer:
    """Lets faults happen."""

    def __init__(self, world: World, faults: Faults, options: ServeOptions) -> None:
        self._world = world
        self._faults = faults
        self._options = options
        self._chance = Chance(options.seed, "faults")

    def start(self, player: Player | None) -> list[Coroutine[None, None, None]]:
        """Switch on what holds all the time; return the coroutines that let the others happen."""
        for fault in self._options.faults:
            if fault.kind in STANDING_FAULTS:
                self._hold(fault.kind, player)
        return [self._repeat(fault) for fault in self._options.faults if fault.kind not in STANDING_FAULTS]

    def happen(self, kind: str) -> bool:
        """Let a fault happen once; tell whether there was anything for it to happen to."""
        faults = self._faults
        if kind in _ANSWERS:
            if not faults.plans(kind):  # while nobody asks, nothing piles up
                faults.answer_next(kind, path=_EXPIRING if kind == "410" else _OBJECTS)
        elif kind in _CUTS:
            return self._end(list[Stream](faults.follows()), _CUTS[kind])
        elif kind == "cut-watch":
            return self._end(list[Stream](faults.watches()), Cut.ABRUPT)
        elif kind == "freeze":
            streams = [stream for stream in faults.follows() if not stream.frozen]
            if streams:
                self._chance.pick(streams).freeze()
            return bool(streams)
        elif kind == "inotify":
            if not faults.breaks_inotify:
                faults.break_inotify()
        elif kind == "token":
            faults.expire_token()
        else:
            return self._hurt_container(kind)
        return True

    def _end(self, streams: list[Stream], how: Cut) -> bool:
        if streams:
            self._chance.pick(streams).end(how)
        return bool(streams)

    def _hurt_container(self, kind: str) -> bool:
        containers = self._victims()
        if not containers:
            return False
        container = self._chance.pick(containers)
        if kind == "rotate":
            container.rotate()
        elif kind == "lost-log":
            self._faults.lose_log(container)
        else:
            for _ in range(2 if kind == "restart-twice" else 1):
                container.restart(1, "Error")
        return True

    def _victims(self) -> list[Container]:
        """Return the running regular containers; those that are followed, if any is."""
        followed = [stream.container for stream in self._faults.follows() if stream.container.running]
        if followed:
            return followed
        return [entry for pod in self._world.pods.values() for entry in pod.of_kind("regular") if entry.running]

    def _hold(self, kind: str, player: Player | None) -> None:
        if kind == "slow":
            self._faults.delay(_SLOW_SECONDS)
        elif kind == "hostile":
            pod = add_hostile(self._world)
            if player is not None:
                keep_hostile(player.engine, pod)
        else:
            verb, resource = {
                "deny-namespaces": ("list", "namespaces"),
                "deny-watch": ("watch", ""),
                "deny-log": ("get", "pods/log"),
                "deny-all": ("", ""),
            }[kind]
            self._faults.deny(verb, resource)

    async def _repeat(self, fault: FaultOption) -> None:
        while True:
            await asyncio.sleep(fault.every_seconds)
            self.happen(fault.kind)
