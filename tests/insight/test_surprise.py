import numpy as np
import polars as pl
import pytest
from surprise_helpers import SECOND, Log, at, every, span

from hallucino_tui.insight.lines import Lines
from hallucino_tui.insight.surprise import SurpriseKind, find_surprises, find_unseen
from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.logs.severity import CONTINUED, Level


def quiet() -> Log:
    return Log().say("GET /", every(0.5, 0, 180)).say("tick", every(10, 5, 180), stream="clock-1")


def found(log: Log, before: tuple[float, float] = (0, 60), now: tuple[float, float] = (60, 180)) -> list:
    lines, templates = log.made()
    return find_surprises(lines, templates, span(*before), span(*now))


def test_a_quiet_log_has_no_surprise() -> None:
    assert found(quiet()) == []


def test_a_new_template_is_one_surprise_with_its_lines_after_a_minute_of_quiet() -> None:
    log = quiet().say("no space left", every(1, 100, 160), Level.ERROR)
    (surprise,) = [one for one in found(log) if one.template is not None]
    lines, _ = log.made()
    assert surprise.kind is SurpriseKind.NEW
    assert surprise.template == log.number("no space left")
    assert surprise.text == "60 in 2 min, none in 1 min before"
    assert surprise.time == at(100)
    assert {lines.text[index] for index in surprise.lines} == {"no space left"}
    assert len(surprise.lines) == 5
    assert surprise.severity is Level.ERROR
    assert 0 <= surprise.probability < 0.01
    assert surprise.stream == 0


def test_a_single_new_line_is_no_surprise_but_is_listed_as_unseen() -> None:
    log = quiet().say("worker 3 gave up", [100], Level.FATAL)
    assert found(log) == []
    lines, templates = log.made()
    (unseen,) = find_unseen(lines, templates, span(0, 60), span(60, 180))
    assert (unseen.template, unseen.text) == (log.number("worker 3 gave up"), "1 in 2 min, none in 1 min before")


def test_a_surge_begins_where_the_rate_rises() -> None:
    log = quiet().say("slow query", every(15, 0, 180)).say("slow query", every(0.2, 120, 180))
    (surprise,) = found(log)
    assert surprise.kind is SurpriseKind.SURGE
    assert surprise.text == "308 in 2 min against 4 in 1 min before"
    assert abs(surprise.time - at(120)) <= 2 * SECOND


def test_a_rise_by_a_third_is_no_surprise_however_sure_it_is() -> None:
    log = Log().say("GET /", every(0.03, 0, 60)).say("GET /", every(0.0225, 60, 180))
    assert found(log) == []


def test_a_drop_shows_the_last_lines_before() -> None:
    log = quiet().say("order paid", every(0.5, 0, 60)).say("order paid", every(20, 60, 180))
    (surprise,) = found(log)
    lines, _ = log.made()
    assert surprise.kind is SurpriseKind.DROP
    assert surprise.text == "6 in 2 min against 120 in 1 min before"
    assert all(lines.times[index] < at(60) for index in surprise.lines)
    assert {lines.text[index] for index in surprise.lines} == {"order paid"}


def test_bursts_that_were_there_before_are_no_surge() -> None:
    log = quiet()
    for start in (3, 22, 41):
        log.say("row rejected", every(0.05, start, start + 2), Level.ERROR)
    for start in (70, 75, 95, 130, 150, 152):
        log.say("row rejected", every(0.05, start, start + 2), Level.ERROR)
    assert found(log) == []


def test_a_stream_that_used_to_speak_is_missed() -> None:
    log = quiet().say("GET /cart", every(1, 0, 80), stream="cart-1")
    silence = next(one for one in found(log) if one.kind is SurpriseKind.SILENCE)
    lines, _ = log.made()
    assert silence.stream == log.streams.index("cart-1")
    assert silence.text == "cart-1 has been silent for 1.7 min, 60 lines in 1 min before"
    assert silence.time == at(79)
    assert lines.times[silence.lines[-1]] == at(79)


def test_a_stream_that_spoke_at_its_start_only_is_not_missed() -> None:
    log = quiet().say("starting", every(0.1, 0, 1), stream="redis-1")
    assert found(log) == []


def test_a_stream_that_was_read_a_moment_before_the_others_is_not_missed() -> None:
    log = (
        quiet().say("GET /cart", every(0.01, 0, 178), stream="cart-1").say("GET /", every(0.01, 0, 180), stream="web-2")
    )
    assert found(log) == []


@pytest.mark.parametrize("began", [70, 78, 85])
def test_a_pod_that_another_one_took_over_from_is_not_missed(began: float) -> None:
    log = (
        quiet()
        .say("GET /cart", every(1, 0, 80), stream="cart-1")
        .say("GET /cart", every(1, began, 180), stream="cart-2")
    )
    log.labels = {name: {"workload": "cart", "namespace": "shop", "container": "cart"} for name in ("cart-1", "cart-2")}
    assert found(log) == []


def test_one_of_two_pods_that_were_there_all_the_time_is_missed() -> None:
    log = (
        quiet().say("GET /cart", every(1, 0, 80), stream="cart-1").say("GET /cart", every(1, 0.3, 180), stream="cart-2")
    )
    log.labels = {name: {"workload": "cart", "namespace": "shop", "container": "cart"} for name in ("cart-1", "cart-2")}
    assert [one.kind for one in found(log)] == [SurpriseKind.SILENCE]


def test_a_share_of_errors_that_grows_is_a_surprise_even_if_each_error_is_another() -> None:
    log = quiet()
    for number in range(60):
        log.say(f"failed in way {number}", [61 + 1.9 * number], Level.ERROR)
    (surprise,) = found(log)
    assert surprise.kind is SurpriseKind.ERROR_RATIO
    assert surprise.text == "20 % errors in 300 lines of web-1 against 0 % in 120 lines before"
    assert surprise.severity is Level.ERROR


def test_a_stack_trace_is_one_surprise_that_names_the_exception() -> None:
    log = quiet()
    times = every(1, 100, 160)
    for place, text in enumerate(
        ("Traceback (most recent call last):", '  File "a.py", line 3, in go', "ValueError: no")
    ):
        log.say(text, [time + 0.001 * place for time in times], Level.ERROR | (CONTINUED if place else 0))
    templates = {one.template for one in found(log) if one.template is not None}
    assert templates == {log.number("ValueError: no")}


def test_the_line_that_reports_an_exception_counts_beside_it() -> None:
    log = quiet()
    times = every(1, 100, 160)
    for place, text in enumerate(("ERROR order failed", '  File "a.py", line 3, in go', "ValueError: no")):
        log.say(text, [time + 0.001 * place for time in times], Level.ERROR | (CONTINUED if place else 0))
    templates = {one.template for one in found(log) if one.template is not None}
    assert templates == {log.number("ERROR order failed"), log.number("ValueError: no")}


def test_the_most_surprising_comes_first() -> None:
    log = quiet().say("a", every(2, 100, 170), Level.ERROR).say("b", every(0.2, 100, 170), Level.ERROR)
    probabilities = [one.probability for one in found(log)]
    assert probabilities == sorted(probabilities)
    assert found(log)[0].template == log.number("b")


def test_empty_lines_and_lone_frames_are_no_surprise() -> None:
    log = quiet().say("", every(1, 100, 160)).say("    at Main.go", every(0.5, 100, 160), Level.ERROR | CONTINUED)
    assert [one.template for one in found(log) if one.template is not None] == []


def test_a_busy_container_that_is_read_back_for_a_minute_only_is_compared_with_that_minute() -> None:
    log = Log().say("tick", every(60, -36_000, 180), stream="clock-1").say("GET /", every(0.1, 0, 180))
    log.say("refused", every(1, 100, 160), Level.ERROR)
    surprises = [one for one in found(log, before=(-36_000, 60)) if one.template is not None]
    assert [(one.template, one.text) for one in surprises] == [
        (log.number("refused"), "60 in 2 min, none in 1 min before")
    ]


def test_of_a_workload_that_was_not_heard_before_nothing_is_new() -> None:
    log = quiet().say("starting", [70], stream="job-1").say("row 7", every(0.2, 80, 180), stream="job-1")
    assert found(log) == []
    lines, templates = log.made()
    unseen = find_unseen(lines, templates, span(0, 60), span(60, 180))
    assert unseen[0].text == "1 in 2 min, nothing was heard before"


def test_nothing_can_be_said_without_a_past() -> None:
    lines, templates = quiet().made()
    assert find_surprises(lines, templates, span(-60, 0), span(0, 180)) == []
    assert find_surprises(lines, templates, span(60, 60), span(60, 180)) == []
    assert find_surprises(lines, templates, span(0, 60), span(60, 60)) == []


def test_no_lines_at_all_are_no_surprise() -> None:
    none = Lines(pl.Series([], dtype=pl.String), *(np.array([], kind) for kind in ("int64", "uint8", "uint32")), [])
    assert find_surprises(none, np.array([], np.int32), span(0, 60), span(60, 120)) == []
    assert find_unseen(none, np.array([], np.int32), span(0, 60), span(60, 120)) == []


def test_lines_without_a_time_count_nowhere() -> None:
    lines, templates = quiet().say("new", every(0.1, 100, 160)).made()
    times = np.where(templates == templates.max(), NO_TIME, lines.times)
    order = np.argsort(times, kind="stable")
    timeless = Lines(lines.text.gather(order), times[order], lines.levels[order], lines.streams[order], lines.table)
    assert find_surprises(timeless, templates[order], span(0, 60), span(60, 180)) == []


def test_shuffled_lines_raise_fewer_false_alarms_than_the_stated_rate() -> None:
    rng = np.random.default_rng(3)
    weights = 1 / np.arange(1, 201)
    alarms = 0
    for _ in range(300):
        times = np.sort(rng.uniform(0, 180, 2000))
        templates = rng.choice(200, 2000, p=weights / weights.sum()).astype(np.int32)
        lines = Lines(
            pl.Series([""] * 2000),
            np.array([at(time) for time in times], np.int64),
            rng.choice([Level.INFO, Level.ERROR], 2000).astype(np.uint8),
            rng.integers(0, 4, 2000).astype(np.uint32),
            [quiet().made()[0].table[0]] * 4,
        )
        alarms += bool(find_surprises(lines, templates, span(0, 60), span(60, 180)))
    assert alarms <= 8
