"""The models that can be asked, and which of them is."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hallucino_tui.session.answers import Answers
from hallucino_tui.session.patient import MOST_SECONDS, Patient
from hallucino_tui.session.quota import Quota, Unwritten

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hallucino_tui.session.chat import ChatModel
    from hallucino_tui.session.clock import Clock
    from hallucino_tui.session.quota import Memory


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A model that is set up, before anything of it is made. Holds no key.

    Attributes:
        label: What the user calls it.
        host: Where what is sent goes; "" if it cannot be used.
        name: The model's name; "" for the first of its server.
        make: Makes it. May run a command for a key: called in a thread. Never fails: a model that cannot be made says
            why, and its host is "".
        problem: Why it cannot be used, as far as can be told without making it, one sentence; "" for nothing.
        caveat: What a reader has to know of its answers; "" for nothing.
        per_minute: Most questions in a minute; 0 for no limit.
        per_day: Most questions in a day; 0 for no limit.
        price_sent: Price of a million tokens that are sent, 0 if unknown.
        price_answered: Price of a million tokens of answers, 0 if unknown.
        patience: Seconds without a word after which the model is given up.
    """

    label: str
    host: str
    name: str
    make: Callable[[], ChatModel]
    problem: str = ""
    caveat: str = ""
    per_minute: int = 0
    per_day: int = 0
    price_sent: float = 0.0
    price_answered: float = 0.0
    patience: float = MOST_SECONDS

    @property
    def limits(self) -> str:
        """How often it may be asked, in words; "" for no limit."""
        parts = ((self.per_minute, "minute"), (self.per_day, "day"))
        return ", ".join(f"{most:,} a {per}" for most, per in parts if most)

    @property
    def cost(self) -> str:
        """What a million tokens cost, in words; "" if nobody said."""
        if not self.price_sent and not self.price_answered:
            return ""
        return f"{self.price_sent:g} sent, {self.price_answered:g} answered per million tokens"


@dataclass(frozen=True, slots=True)
class ModelRow:
    """A model as a list shows it.

    Attributes:
        label: What the user calls it.
        host: Where what is sent goes.
        name: The model's name.
        problem: Why it cannot be used; "" if it can, as far as is known.
        is_current: Whether it is the one that is asked.
        caveat: What a reader has to know of its answers.
        limits: How often it may be asked, in words.
        cost: What it costs, in words.
        is_unusable: Whether it cannot be used in this run, whatever comes of trying.
    """

    label: str
    host: str
    name: str
    problem: str
    is_current: bool
    caveat: str
    limits: str
    cost: str
    is_unusable: bool = False


class ModelList:
    """All models that are set up; each is made once, when it is first asked. Answers are kept for all of them."""

    def __init__(
        self, specs: Sequence[ModelSpec], clock: Clock, memory: Memory | None = None, current: int = 0
    ) -> None:
        """Prepare; nothing is made.

        Args:
            specs: The models, at least one.
            clock: Waits and tells the time.
            memory: Remembers when models were asked; None for this run only.
            current: Which of them is asked.
        """
        self._specs = tuple(specs)
        self._clock = clock
        self._memory = memory or Unwritten()
        self._current = current
        self._answers = Answers()
        self._made: dict[int, ChatModel] = {}
        self._making = threading.Lock()

    @property
    def rows(self) -> tuple[ModelRow, ...]:
        """All models, for a list."""
        return tuple(self._row(index, spec) for index, spec in enumerate(self._specs))

    @property
    def labels(self) -> tuple[str, ...]:
        """What the user calls them."""
        return tuple(spec.label for spec in self._specs)

    @property
    def current(self) -> int:
        """Which one is asked."""
        return self._current

    def choose(self, index: int) -> None:
        """Ask another one from now on; the one before stays as it is.

        One that could not be made before is made anew: what its key comes from may be unlocked by now.

        Raises:
            IndexError: There is no such model.
        """
        if not 0 <= index < len(self._specs):
            raise IndexError(index)
        with self._making:
            if (made := self._made.get(index)) is not None and not made.host:
                del self._made[index]
            self._current = index

    def model(self) -> ChatModel:
        """Return the current one, making it the first time. May run a command for a key: call it in a thread."""
        with self._making:
            index = self._current
            if (made := self._made.get(index)) is None:
                made = self._made[index] = self._make(self._specs[index])
            return made

    async def close(self) -> None:
        """End the connections of all that were made."""
        for model in self._made.values():
            await model.close()

    def _make(self, spec: ModelSpec) -> ChatModel:
        model = spec.make()
        if not model.host:
            return model
        quota = None
        if spec.per_minute or spec.per_day:
            quota = Quota(f"{spec.host} {spec.name}", spec.per_minute, spec.per_day, self._clock, self._memory)
        return Patient(model, self._clock, quota, self._answers, spec.patience, spec.label)

    def _row(self, index: int, spec: ModelSpec) -> ModelRow:
        made = self._made.get(index)
        problem = spec.problem
        if made is not None and not made.host:
            # What stands in for a model that could not be made says why.
            problem = getattr(made, "reason", "") or problem or "It cannot be used."
        return ModelRow(
            spec.label,
            spec.host,
            made.name if made is not None and made.host else spec.name,
            problem,
            index == self._current,
            (made.caveat if made is not None else "") or spec.caveat,
            spec.limits,
            spec.cost,
            is_unusable=bool(spec.problem),
        )
