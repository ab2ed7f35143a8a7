"""A model that is asked again when that helps, not more often than it allows, and not twice for the same answer."""

from __future__ import annotations

import re
from contextlib import aclosing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, cast

from hallucino_tui.session.answers import Answers, key_of
from hallucino_tui.session.backoff import Backoff
from hallucino_tui.session.chat import Delta, Done, Event, Failed, Failure, Started, Told, Usage, Waiting

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from hallucino_tui.session.chat import Capabilities, ChatModel, Request
    from hallucino_tui.session.clock import Clock
    from hallucino_tui.session.quota import Limit, Quota

MOST_RETRIES: Final = 2
MOST_SECONDS: Final = 60.0
"""No retry waits longer, whatever the server asks for."""

_PASSING: Final = frozenset({Failure.BUSY, Failure.UNREACHABLE, Failure.SERVER})
_NOT_TAKEN: Final = frozenset(
    {
        Failure.NO_MODEL,
        Failure.NO_KEY,
        Failure.UNREACHABLE,
        Failure.REFUSED,
        Failure.NOT_FOUND,
        Failure.NOT_A_MODEL,
        Failure.TOO_LONG,
    }
)
"""Before an answer began, these mean that no model saw the question. A busy server may count it, and so may one that
failed over it or fell silent."""

_SAYS_WHEN: Final = re.compile(r"ask again in \d")
_FIRST_WAIT: Final = 1.0
_FIRST_WAIT_BUSY: Final = 4.0


class Patient:
    """Wraps a model with the same protocol. Belongs to the loop that it is used on.

    Each wait is told before it begins, and ends at once when the task that reads is cancelled.
    """

    def __init__(
        self,
        model: ChatModel,
        clock: Clock,
        quota: Quota | None = None,
        answers: Answers | None = None,
        patience: float = MOST_SECONDS,
        label: str = "",
    ) -> None:
        """Prepare.

        Args:
            model: Who is asked.
            clock: Waits.
            quota: How often it may be asked; None for no limit.
            answers: Keeps whole answers; None to keep none.
            patience: Seconds that a retry may wait, at most `MOST_SECONDS`.
            label: What the user calls the model in the settings; "" for its name.
        """
        self._model = model
        self._clock = clock
        self._quota = quota
        self._answers = answers
        self._most_seconds = min(MOST_SECONDS, patience)
        self._label = label

    @property
    def name(self) -> str:
        """What the user knows the model by."""
        return self._model.name

    @property
    def host(self) -> str:
        """Where what is sent goes."""
        return self._model.host

    @property
    def answer_tokens(self) -> int:
        """Most tokens of an answer."""
        return self._model.answer_tokens

    @property
    def caveat(self) -> str:
        """What a reader has to know of its answers."""
        return self._model.caveat

    @property
    def prompts(self) -> Mapping[str, str]:
        """Prompts that it follows better than the built-in ones."""
        return self._model.prompts

    async def capabilities(self) -> Capabilities:
        """Return what the server can do."""
        return await self._model.capabilities()

    async def count_tokens(self, text: str) -> int:
        """Return how many tokens a text is, or a bound."""
        return await self._model.count_tokens(text)

    def body(self, request: Request) -> dict[str, Any]:
        """Return exactly what `stream` sends."""
        return self._model.body(request)

    def cost(self, usage: Usage) -> float | None:
        """Return what a question cost; None if nobody knows."""
        return self._model.cost(usage)

    async def close(self) -> None:
        """End all connections."""
        await self._model.close()

    async def stream(self, request: Request) -> AsyncGenerator[Event]:
        """Ask; see `ChatModel.stream`. What was answered before comes from memory, unless the request is fresh."""
        kept = None if self._answers is None or request.fresh else self._answers.get(key_of(self._model, request))
        if kept is not None:
            for event in _replay(kept):
                yield event
            return
        said: list[str] = []
        async with aclosing(self._ask(request)) as events:
            async for event in events:
                if isinstance(event, Delta):
                    said.append(event.text)
                elif isinstance(event, Done) and self._answers is not None:
                    # By now the server may have shown that it takes less than it was asked first.
                    self._answers.put(key_of(self._model, request), "".join(said))
                yield event

    async def _ask(self, request: Request) -> AsyncGenerator[Event]:
        """Ask until there is an answer, a part of one, or no hope."""
        waits: Backoff | None = None
        for retries_left in range(MOST_RETRIES, -1, -1):
            failed: Failed | None = None
            begun = False
            async with aclosing(self._ask_once(request)) as events:
                async for event in events:
                    if isinstance(event, Failed) and not begun and retries_left:
                        failed = event
                        break
                    begun = begun or isinstance(event, Delta)
                    yield event
            if failed is None:
                return
            waits = waits or Backoff(_FIRST_WAIT_BUSY if failed.failure is Failure.BUSY else _FIRST_WAIT)
            seconds = self._wait_of(failed, waits)
            if seconds is None:
                yield self._given_up(failed)
                return
            yield Waiting(f"{_cause_of(failed)}; asking again in {seconds:.0f} s ({retries_left} left).", seconds)
            await self._clock.sleep(seconds)

    async def _ask_once(self, request: Request) -> AsyncGenerator[Event]:
        """Ask when the limits allow it."""
        while self._quota is not None:
            try:
                limit = await self._quota.take()
            except OSError as error:
                why = error.strerror or "no reason given"
                yield Told(f"How often {self._called} was asked cannot be kept for the next run: {why}.")
                break
            if limit is None:
                break
            if limit.per == "day":
                yield Failed(Failure.BUSY, self._when(limit), limit.seconds, lasting=True)
                return
            yield Waiting(self._when(limit), limit.seconds)
            await self._clock.sleep(limit.seconds)
        async with aclosing(cast("AsyncGenerator[Event]", self._model.stream(request))) as events:
            begun = False
            async for event in events:
                begun = begun or isinstance(event, Started | Delta)
                if isinstance(event, Failed) and event.failure in _NOT_TAKEN and not begun and self._quota is not None:
                    # What cannot be kept for the next run was told when the question was counted in.
                    with suppress(OSError):
                        await self._quota.give_back()
                yield event

    @property
    def _called(self) -> str:
        """What a sentence calls the model: as the user does, with its name behind."""
        return f"{self._label} ({self.name})" if self._label not in {"", self.name, self.host} else self.name

    def _wait_of(self, failed: Failed, waits: Backoff) -> float | None:
        """Return how long to wait before asking again; None if that would not help, or take too long."""
        if failed.lasting or failed.failure not in _PASSING:
            return None
        if failed.retry_after is None:
            return min(waits.next(), self._most_seconds)
        return failed.retry_after if failed.retry_after <= self._most_seconds else None

    def _given_up(self, failed: Failed) -> Failed:
        """Return what to say at the end: when to ask again, if the server says that."""
        seconds = failed.retry_after
        if failed.lasting or failed.failure not in _PASSING or seconds is None or _SAYS_WHEN.search(failed.sentence):
            return failed
        return replace(failed, sentence=f"{_cause_of(failed)}; ask again in {_length(seconds)}.")

    def _when(self, limit: Limit) -> str:
        asked = f"{self._called} may be asked {limit.most:,} times a {limit.per} (setting per_{limit.per})"
        if limit.per == "minute":
            return f"{asked}: this question waits {max(limit.seconds, 1):.0f} s."
        at = datetime.fromtimestamp(self._clock.now() / 1e9 + limit.seconds, UTC).astimezone()
        return f"{asked}: ask again in {_length(limit.seconds)}, at {at:%H:%M}, or choose another model."


def _replay(text: str) -> list[Event]:
    told = Told("The same question was answered before: this is that answer again, and nothing was sent.")
    return [Started(), told, Delta(text), Usage(0, 0), Done()]


def _cause_of(failed: Failed) -> str:
    """Return what went wrong without what to do about it."""
    sentence = failed.sentence.rstrip(".")
    for advice in ("; ask again", ": ask again", ": is the server running"):
        sentence = sentence.partition(advice)[0]
    return sentence


def _length(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
