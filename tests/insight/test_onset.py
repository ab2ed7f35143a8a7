import numpy as np
import polars as pl
from surprise_helpers import SECOND, Log, at, every

from hallucino_tui.insight.lines import Lines
from hallucino_tui.insight.onset import find_onset
from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.logs.severity import Level


def quiet() -> Log:
    return Log().say("GET /", every(0.5, 0, 300)).say("row rejected", every(7, 1, 300), Level.ERROR, "batch-1")


def test_a_quiet_log_has_no_onset_although_it_has_errors() -> None:
    assert find_onset(*quiet().made()) is None


def test_trouble_that_begins_is_the_onset() -> None:
    log = quiet().say("connection refused", every(0.5, 140, 300), Level.ERROR)
    assert find_onset(*log.made()) == at(140)


def test_words_tell_trouble_where_no_level_does() -> None:
    log = quiet().say("could not connect", every(0.5, 140, 300), Level.UNKNOWN)
    assert find_onset(*log.made()) == at(140)


def test_traffic_that_begins_is_no_trouble() -> None:
    log = quiet().say("POST /orders", every(0.5, 140, 300))
    assert find_onset(*log.made()) is None


def test_first_lines_of_other_trouble_shortly_before_belong_to_it() -> None:
    log = quiet().say("connection refused", every(0.5, 140, 300), Level.ERROR).say("disk full", [136], Level.FATAL)
    assert find_onset(*log.made()) == at(136)


def test_trouble_at_the_start_that_ends_is_no_onset() -> None:
    log = quiet().say("not ready yet", every(0.5, 0, 20), Level.WARN)
    assert find_onset(*log.made()) is None


def test_a_workload_that_was_not_heard_before_shouts_without_an_onset() -> None:
    log = quiet().say("row rejected again", every(0.5, 140, 300), Level.ERROR, "batch-2")
    assert find_onset(*log.made()) is None


def test_bursts_that_come_again_and_again_are_quiet() -> None:
    log = quiet()
    for start in (20, 60, 130, 180, 200, 240, 290):
        log.say("import failed", every(0.1, start, start + 4), Level.ERROR)
    assert find_onset(*log.made()) is None


def test_a_rise_of_trouble_that_was_always_there_is_found_near_its_place() -> None:
    log = quiet().say("row rejected", every(0.3, 200, 300), Level.ERROR, "batch-1")
    onset = find_onset(*log.made())
    assert onset is not None
    assert abs(onset - at(200)) < 10 * SECOND


def test_a_few_old_lines_do_not_hide_what_happened_in_the_last_minutes() -> None:
    log = quiet().say("connection refused", every(0.5, 140, 300), Level.ERROR)
    log.say("backup done", [-200_000, -199_999], stream="backup-1")
    assert find_onset(*log.made()) == at(140)


def test_no_lines_and_no_times_have_no_onset() -> None:
    none = Lines(pl.Series([], dtype=pl.String), *(np.array([], kind) for kind in ("int64", "uint8", "uint32")), [])
    assert find_onset(none, np.array([], np.int32)) is None
    lines, templates = quiet().made()
    timeless = Lines(lines.text, np.full(len(lines), NO_TIME), lines.levels, lines.streams, lines.table)
    assert find_onset(timeless, templates) is None
