"""The models that can be asked: what a list shows of them, and which of them is asked."""

import threading

import pytest
from patient_world import ASKED, WHOLE, MoodyModel, MovingClock

from hallucino_tui.session.chat import Capabilities, Failed, Failure, Told
from hallucino_tui.session.model_list import ModelList, ModelSpec


class Missing(MoodyModel):
    """A model that could not be made."""

    reason = "The key command failed."

    def __init__(self) -> None:
        super().__init__(host="", name="no model", ends=[(Failed(Failure.NO_MODEL, self.reason),)])


def spec(label: str, **more: object) -> ModelSpec:
    return ModelSpec(**{"label": label, "host": "llm.example", "name": "m", "make": MoodyModel, **more})  # type: ignore[arg-type]


def test_a_list_shows_all_that_is_known_without_making_anything() -> None:
    def never() -> MoodyModel:
        raise AssertionError

    specs = [
        spec("fast", make=never, per_minute=15, per_day=1500, price_sent=0.4, price_answered=1.6),
        spec("toy", make=never, caveat="a toy"),
        spec("none", make=never, host="", problem="There is no key."),
    ]
    models = ModelList(specs, MovingClock(), current=1)
    fast, toy, none = models.rows
    assert models.labels == ("fast", "toy", "none")
    assert (fast.limits, fast.cost) == ("15 a minute, 1,500 a day", "0.4 sent, 1.6 answered per million tokens")
    assert (toy.limits, toy.cost, toy.caveat) == ("", "", "a toy")
    assert (none.host, none.problem) == ("", "There is no key.")
    assert [row.is_current for row in models.rows] == [False, True, False]


async def test_each_model_is_made_once_and_only_when_it_is_asked() -> None:
    made: list[MoodyModel] = []

    def make() -> MoodyModel:
        made.append(MoodyModel())
        return made[-1]

    models = ModelList([spec("a", make=make), spec("b", make=make)], MovingClock())
    threads = [threading.Thread(target=models.model) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    first = models.model()
    models.choose(1)
    assert models.model() is not first
    models.choose(0)
    assert models.model() is first
    await models.close()
    assert [model.closed for model in made] == [1, 1]


@pytest.mark.parametrize("index", [-1, 2])
def test_there_is_no_other_model(index: int) -> None:
    models = ModelList([spec("a"), spec("b")], MovingClock())
    with pytest.raises(IndexError):
        models.choose(index)
    assert models.current == 0


async def test_models_are_patient_keep_their_answers_and_their_limits() -> None:
    clock = MovingClock()
    models = ModelList([spec("a", per_day=1), spec("b", name="n", per_day=1)], clock)
    model = models.model()
    assert [event async for event in model.stream(ASKED)] == list(WHOLE)
    again = [event async for event in model.stream(ASKED)]
    assert any(isinstance(event, Told) for event in again)
    models.choose(1)
    other = models.model()
    assert await other.capabilities() == Capabilities(4096)


async def test_two_models_have_limits_of_their_own() -> None:
    def other() -> MoodyModel:
        return MoodyModel(name="other")

    models = ModelList([spec("a", per_day=1), spec("b", name="n", per_day=1, make=other)], MovingClock())
    for index in (0, 1):
        models.choose(index)
        assert [event async for event in models.model().stream(ASKED)] == list(WHOLE)


async def test_a_model_that_turns_out_not_to_be_usable_says_why() -> None:
    models = ModelList([spec("a", make=Missing)], MovingClock())
    assert models.rows[0].problem == ""
    model = models.model()
    assert model.host == ""
    assert models.rows[0].problem == "The key command failed."
    assert [event async for event in model.stream(ASKED)] == [Failed(Failure.NO_MODEL, "The key command failed.")]


async def test_a_model_that_could_not_be_made_is_tried_anew_when_it_is_chosen() -> None:
    made = [Missing(), MoodyModel()]
    models = ModelList([spec("a", make=lambda: made.pop(0)), spec("b", problem="There is no key.")], MovingClock())
    assert models.model().host == ""
    models.choose(0)
    assert models.model().host == "llm.example"
    assert [row.is_unusable for row in models.rows] == [False, True]


async def test_a_name_that_its_server_tells_shows_once_it_is_known() -> None:
    models = ModelList([spec("a", name="")], MovingClock())
    assert models.rows[0].name == ""
    models.model()
    assert models.rows[0].name == "moody"
