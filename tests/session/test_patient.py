"""A model is asked again when that helps, not more often than it allows, and not twice for the same answer."""

import asyncio
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from patient_world import ASKED, WHOLE, MoodyModel, MovingClock

from hallucino_tui.assistant.prompts import Message
from hallucino_tui.session.answers import Answers
from hallucino_tui.session.chat import (
    Capabilities,
    Delta,
    Done,
    Event,
    Failed,
    Failure,
    Request,
    Started,
    Told,
    Usage,
    Waiting,
)
from hallucino_tui.session.patient import MOST_SECONDS, Patient
from hallucino_tui.session.quota import Quota, Unwritten

BUSY = Failed(Failure.BUSY, "llm.example is not ready: Loading; ask again in a moment.")
BROKEN = Failed(Failure.SERVER, "llm.example failed with status 500: boom; ask again.")
AWAY = Failed(Failure.UNREACHABLE, "llm.example cannot be reached (refused): is the server running, the address right?")


async def asked(model: Patient, request: Request = ASKED) -> list[Event]:
    return [event async for event in model.stream(request)]


def limited(clock: MovingClock, per_minute: int = 0, per_day: int = 0) -> Quota:
    return Quota("moody", per_minute, per_day, clock, Unwritten())


def waits_in(events: list[Event]) -> list[Waiting]:
    return [event for event in events if isinstance(event, Waiting)]


@pytest.mark.parametrize("failed", [BUSY, BROKEN, AWAY])
async def test_what_may_pass_is_asked_again_after_a_wait_that_is_told(failed: Failed) -> None:
    clock, model = MovingClock(), MoodyModel([(failed,), (failed,)])
    found = await asked(Patient(model, clock))
    first, second = waits_in(found)
    assert [event for event in found if not isinstance(event, Waiting)] == list(WHOLE)
    assert clock.waits == [first.seconds, second.seconds]
    assert 0 < first.seconds < second.seconds < 10
    assert re.fullmatch(r"llm\.example [^;]+; asking again in \d+ s \(2 left\)\.", first.sentence)
    assert model.asked == 3


async def test_after_two_times_more_it_is_given_up() -> None:
    model = MoodyModel([(BROKEN,)] * 5)
    found = await asked(Patient(model, MovingClock()))
    assert found[-1] == BROKEN
    assert model.asked == 3


@pytest.mark.parametrize(
    "failed",
    [
        Failed(failure, "no.")
        for failure in Failure
        if failure not in {Failure.BUSY, Failure.SERVER, Failure.UNREACHABLE}
    ]
    + [Failed(Failure.UNREACHABLE, "unknown name.", lasting=True), Failed(Failure.SERVER, "never.", lasting=True)],
)
async def test_what_does_not_pass_is_not_asked_again(failed: Failed) -> None:
    clock, model = MovingClock(), MoodyModel([(failed,)])
    assert await asked(Patient(model, clock)) == [failed]
    assert clock.waits == []


async def test_what_has_begun_is_not_asked_again() -> None:
    begun = (Started(), Delta("It "), BROKEN)
    model = MoodyModel([begun])
    assert await asked(Patient(model, MovingClock())) == list(begun)


async def test_a_server_that_says_when_is_asked_then() -> None:
    clock = MovingClock()
    found = await asked(Patient(MoodyModel([(Failed(Failure.BUSY, "llm.example is busy.", 7.0),)]), clock))
    assert found[0] == Waiting("llm.example is busy; asking again in 7 s (2 left).", 7.0)
    assert clock.waits == [7.0]


@pytest.mark.parametrize(
    ("after", "patience", "said"),
    [(61.0, MOST_SECONDS, "61 s"), (5400.0, 600.0, "1 h 30 min"), (600.0, 60.0, "10 min"), (7.0, 5.0, "7 s")],
)
async def test_nobody_waits_longer_than_patience_lasts_and_is_told_when_to_ask_again(
    after: float, patience: float, said: str
) -> None:
    clock, model = MovingClock(), MoodyModel([(Failed(Failure.BUSY, BUSY.sentence, after),)])
    (last,) = await asked(Patient(model, clock, patience=patience))
    assert isinstance(last, Failed)
    assert last.sentence == f"llm.example is not ready: Loading; ask again in {said}."
    assert (last.retry_after, clock.waits) == (after, [])


async def test_a_wait_ends_at_once_when_it_is_cancelled() -> None:
    clock, model = MovingClock(stands=True), MoodyModel([(BUSY,)])
    task = asyncio.create_task(asked(Patient(model, clock)))
    await clock.waiting.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 5)
    assert model.asked == 1


async def test_a_question_over_the_minutes_limit_waits_for_its_turn() -> None:
    clock, model = MovingClock(), MoodyModel()
    patient = Patient(model, clock, limited(clock, per_minute=2))
    for _ in range(2):
        assert waits_in(await asked(patient)) == []
        clock.seconds += 10
    (wait,) = waits_in(await asked(patient))
    assert wait.seconds == pytest.approx(40, abs=0.1)
    assert wait.sentence == "moody may be asked 2 times a minute (setting per_minute): this question waits 40 s."
    assert model.asked == 3


async def test_a_question_over_the_days_limit_is_refused_and_told_when() -> None:
    clock, model = MovingClock(), MoodyModel()
    patient = Patient(model, clock, limited(clock, per_day=1))
    assert (await asked(patient))[-1] == Done()
    clock.seconds += 3600
    (last,) = await asked(patient)
    assert isinstance(last, Failed)
    assert (last.failure, last.retry_after) == (Failure.BUSY, pytest.approx(82_800))
    assert "1 times a day (setting per_day): ask again in 23 h 0 min, at " in last.sentence
    assert model.asked == 1
    clock.seconds += 82_800
    assert (await asked(patient))[-1] == Done()


async def test_asking_again_counts_too() -> None:
    clock, model = MovingClock(), MoodyModel([(BROKEN,)])
    found = await asked(Patient(model, clock, limited(clock, per_minute=1)))
    assert [("asking again" in wait.sentence, "a minute" in wait.sentence) for wait in waits_in(found)] == [
        (True, False),
        (False, True),
    ]
    assert found[-1] == Done()


@pytest.mark.parametrize(
    "failure", [Failure.NOT_FOUND, Failure.UNREACHABLE, Failure.REFUSED, Failure.NOT_A_MODEL, Failure.TOO_LONG]
)
async def test_a_question_that_no_model_saw_does_not_count(failure: Failure) -> None:
    clock = MovingClock()
    model = MoodyModel([(Failed(failure, "no.", lasting=True),)] * 3)
    patient = Patient(model, clock, limited(clock, per_minute=1, per_day=1))
    for _ in range(3):
        assert await asked(patient) == [Failed(failure, "no.", lasting=True)]
    assert await asked(patient) == list(WHOLE)
    assert clock.waits == []
    assert "a day" in getattr((await asked(patient))[-1], "sentence", "")


@pytest.mark.parametrize(
    "end",
    [
        (Failed(Failure.BUSY, "too many questions.", lasting=True),),
        (Failed(Failure.STALLED, "said nothing."),),
        (Failed(Failure.SERVER, "failed.", lasting=True),),
        (Started(), Failed(Failure.REFUSED, "declines to answer.")),
    ],
)
async def test_a_question_that_the_server_may_count_counts(end: tuple[Event, ...]) -> None:
    clock = MovingClock()
    patient = Patient(MoodyModel([end]), clock, limited(clock, per_day=1))
    assert await asked(patient) == list(end)
    (last,) = await asked(patient)
    assert isinstance(last, Failed)
    assert "1 times a day" in last.sentence


async def test_a_limit_names_the_model_as_the_user_does() -> None:
    clock = MovingClock()
    patient = Patient(MoodyModel(), clock, limited(clock, per_day=1), label="fast")
    await asked(patient)
    (last,) = await asked(patient)
    assert isinstance(last, Failed)
    assert last.sentence.startswith("fast (moody) may be asked 1 times a day")


async def test_a_limit_that_cannot_be_kept_is_told_and_the_question_asked() -> None:
    class Full(Unwritten):
        def add(self, name: str, now: float) -> None:
            raise OSError(28, "No space left on device")

    clock = MovingClock()
    told, *rest = await asked(Patient(MoodyModel(), clock, Quota("moody", 5, 0, clock, Full())))
    assert told == Told("How often moody was asked cannot be kept for the next run: No space left on device.")
    assert rest == list(WHOLE)


async def test_the_same_question_is_answered_from_memory_and_costs_nothing() -> None:
    clock, model = MovingClock(), MoodyModel()
    patient = Patient(model, clock, limited(clock, per_day=1), Answers())
    assert await asked(patient) == list(WHOLE)
    started, told, *rest = await asked(patient)
    assert (started, rest) == (Started(), [Delta("It broke."), Usage(0, 0), Done()])
    assert isinstance(told, Told)
    assert "nothing was sent" in told.sentence
    assert model.asked == 1


@pytest.mark.parametrize(
    "request_",
    [
        Request(ASKED.messages, fresh=True),
        Request(ASKED.messages, answer=7),
        Request((*ASKED.messages, Message("user", "and?"))),
    ],
)
async def test_another_question_is_asked_and_so_is_one_that_wants_a_fresh_answer(request_: Request) -> None:
    model = MoodyModel()
    patient = Patient(model, MovingClock(), answers=Answers())
    await asked(patient)
    assert await asked(patient, request_) == list(WHOLE)
    assert model.asked == 2


async def test_a_fresh_answer_takes_the_place_of_the_one_that_was_kept() -> None:
    model = MoodyModel([WHOLE, (Started(), Delta("Another."), Done())])
    patient = Patient(model, MovingClock(), answers=Answers())
    await asked(patient)
    await asked(patient, Request(ASKED.messages, fresh=True))
    assert Delta("Another.") in await asked(patient)


async def test_the_same_question_to_another_model_or_host_is_another_question() -> None:
    answers = Answers()
    models = [MoodyModel(), MoodyModel(name="other"), MoodyModel(host="other.example"), MoodyModel(extra={"seed": 1})]
    for model in models:
        await asked(Patient(model, MovingClock(), answers=answers))
    assert [model.asked for model in models] == [1, 1, 1, 1]


@pytest.mark.parametrize(
    "end",
    [
        (Started(), Delta("It "), Failed(Failure.INCOMPLETE, "cut.")),
        (Started(), Delta("It "), Failed(Failure.CUT, "cut.")),
    ],
)
async def test_only_whole_answers_are_kept(end: tuple[Event, ...]) -> None:
    model = MoodyModel([end])
    patient = Patient(model, MovingClock(), answers=Answers())
    await asked(patient)
    assert await asked(patient) == list(WHOLE)


async def test_an_answer_that_nobody_read_to_its_end_is_not_kept() -> None:
    model = MoodyModel()
    patient = Patient(model, MovingClock(), answers=Answers())
    events = patient.stream(ASKED)
    assert await anext(events) == Started()
    await events.aclose()
    assert await asked(patient) == list(WHOLE)


async def test_the_rest_is_the_models_own() -> None:
    model = MoodyModel()
    patient = Patient(model, MovingClock())
    assert (patient.name, patient.host, patient.answer_tokens) == ("moody", "llm.example", 100)
    assert patient.caveat == "it is moody"
    assert await patient.capabilities() == Capabilities(4096)
    assert await patient.count_tokens("four") == 4
    assert patient.body(ASKED) == model.body(ASKED)
    assert patient.cost(Usage(3, 1)) == 6.0
    await patient.close()
    assert model.closed == 1


@given(
    st.lists(st.floats(0, 200), max_size=30),
    st.integers(0, 4),
    st.integers(0, 9),
)
def test_in_no_minute_and_no_day_are_more_questions_asked_than_allowed(
    pauses: list[float], per_minute: int, per_day: int
) -> None:
    clock = MovingClock()
    times: list[float] = []

    class Noting(MoodyModel):
        async def stream(self, request: Request):  # type: ignore[override]
            times.append(clock.seconds)
            for event in WHOLE:
                yield event

    async def ask_all() -> None:
        patient = Patient(Noting(), clock, limited(clock, per_minute, per_day))
        for pause in pauses:
            clock.seconds += pause
            await asked(patient)

    asyncio.run(ask_all())
    for most, length in ((per_minute, 60), (per_day, 86_400)):
        for first in times if most else ():
            assert sum(first <= time < first + length - 1e-3 for time in times) <= most


@given(st.lists(st.tuples(st.integers(0, 9), st.text(max_size=40)), max_size=40))
def test_kept_answers_stay_within_their_bounds_and_are_what_was_put(puts: list[tuple[int, str]]) -> None:
    answers = Answers(most=4, most_bytes=100)
    last: dict[bytes, str] = {}
    for number, text in puts:
        answers.put(bytes([number]), text)
        last[bytes([number])] = text
    found = {key: text for key in last if (text := answers.get(key)) is not None}
    assert found.items() <= last.items()
    assert len(found) <= 4
    assert sum(len(text.encode()) for text in found.values()) <= 100
    if puts and len(puts[-1][1].encode()) <= 100:
        assert answers.get(bytes([puts[-1][0]])) == puts[-1][1]
