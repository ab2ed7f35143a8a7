import json

import pytest
from surprise_helpers import Log, every, span

from hallucino_tui.insight.baseline import Baseline, BaselineError
from hallucino_tui.insight.surprise import SurpriseKind, find_surprises


def day(start: float) -> Log:
    stop = start + 600
    return Log().say("GET /", every(0.5, start, stop)).say("tick", every(10, start, stop), stream="clock-1")


def saved() -> Baseline:
    log = day(0)
    baseline = Baseline.of(*log.made(), log.names, span(0, 600))
    return Baseline.from_json(json.loads(json.dumps(baseline.to_json())))


def test_a_day_like_another_has_no_surprise() -> None:
    log = day(86_400)
    assert find_surprises(*log.made(), saved(), span(86_400, 86_520), ids=log.names) == []


def test_what_is_new_silent_or_louder_than_on_another_day_is_found_whatever_its_number_is() -> None:
    log = Log().say("refused", every(1, 86_400, 86_520)).say("GET /", every(0.1, 86_400, 86_520))
    surprises = find_surprises(*log.made(), saved(), span(86_400, 86_520), ids=log.names)
    assert {(one.kind, one.template) for one in surprises if one.template is not None} == {
        (SurpriseKind.NEW, log.number("refused")),
        (SurpriseKind.SURGE, log.number("GET /")),
    }


def test_a_group_of_streams_that_spoke_on_another_day_is_missed_if_it_is_still_known() -> None:
    log = day(86_400)
    log.rows = [row for row in log.rows if row[2] != "clock-1"]
    silent = [
        one
        for one in find_surprises(*log.made(), saved(), span(86_400, 87_000), ids=log.names)
        if one.kind is SurpriseKind.SILENCE
    ]
    assert [(one.stream, one.subject) for one in silent] == [(None, "clock-1")]


def test_templates_of_another_day_are_known_by_their_ids_only() -> None:
    log = day(86_400)
    with pytest.raises(ValueError, match="ids"):
        find_surprises(*log.made(), saved(), span(86_400, 86_520))


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        {},
        {"form": 2},
        {"form": 1, "seconds": "long"},
        {"form": 1, "seconds": -1, "usual": 1, "templates": {}, "groups": {}, "errors": {}},
        {"form": 1, "seconds": float("nan"), "usual": 1, "templates": {}, "groups": {}, "errors": {}},
        {"form": 1, "seconds": 1, "usual": 1, "templates": {"a": [1]}, "groups": {}, "errors": {}},
        {"form": 1, "seconds": 1, "usual": 1, "templates": {"a": [True, 1]}, "groups": {}, "errors": {}},
        {"form": 1, "seconds": 1, "usual": 1, "templates": [], "groups": {}, "errors": {}},
    ],
)
def test_what_is_no_baseline_is_said(raw: object) -> None:
    with pytest.raises(BaselineError, match="It is no baseline"):
        Baseline.from_json(raw)
