import numpy as np
import polars as pl
import pytest

from hallucino_tui.logs.batch import batch_of
from hallucino_tui.logs.intake import Intake
from hallucino_tui.logs.levels import detect_levels
from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.logs.severity import CONTINUED, LEVEL_BITS, Level, level_named

CASES = [
    ('level=info ts=2026-03-12T10:27:08Z msg="0 errors, ERROR count reset"', Level.INFO),
    ('{"msg":"ERROR in the message","level":"info"}', Level.INFO),
    ('{"time":"x","level":"ERROR","msg":"boom"}', Level.ERROR),
    ('{"severity":"WARNING"}', Level.WARN),
    ('{"level":50,"msg":"pino"}', Level.ERROR),
    ('{"level": "debug"}', Level.DEBUG),
    ("lvl=eror msg=x", Level.ERROR),
    ("log_level=warn x", Level.WARN),
    ("E0312 02:13:45.212192   88529 watch.go:98] x", Level.ERROR),
    ("W0312 02:13:45.212192   88529 watch.go:98] x", Level.WARN),
    ("I0312 02:13:45.212192   88529 watch.go:98] x", Level.INFO),
    ("F0312 02:13:45.212192   88529 watch.go:98] x", Level.FATAL),
    ("2026-03-12 10:04:19,236 INFO  [exec-23] c.e.s.NodeService - ok", Level.INFO),
    ("2026-03-12 10:04:19,236 WARN [exec-23] slow", Level.WARN),
    ("2026/03/12 10:04:19 [error] 29#29: *1 connect() failed", Level.ERROR),
    ('10.2.156.8 - - [12/Mar/2026:10:23:05 +0000] "GET / HTTP/1.1" 502 157 "-"', Level.ERROR),
    ('10.2.156.8 - - [12/Mar/2026:10:23:05 +0000] "GET / HTTP/1.1" 404 157 "-"', Level.WARN),
    ('10.2.156.8 - - [12/Mar/2026:10:23:05 +0000] "GET / HTTP/1.1" 200 157 "-"', Level.UNKNOWN),
    ("2026-11-22 10:00:00.000 UTC [72] FATAL:  sorry, too many clients already", Level.FATAL),
    ("2026-11-22 10:00:00.000 UTC [72] LOG:  checkpoint starting: time", Level.INFO),
    ("panic: runtime error: index out of range", Level.FATAL),
    ("Traceback (most recent call last):", Level.ERROR),
    ("CRITICAL:root:gone", Level.FATAL),
    ("the terror of information", Level.UNKNOWN),
    ("errors=0 warnings=0", Level.UNKNOWN),
    ("", Level.UNKNOWN),
]


@pytest.mark.parametrize(("line", "level"), CASES, ids=[line[:40] or "empty" for line, _ in CASES])
def test_the_level_that_a_line_states(line: str, level: Level) -> None:
    assert Level(int(detect_levels(pl.Series([line]))[0])) is level


def test_many_lines_at_once_give_the_same_levels() -> None:
    codes = detect_levels(pl.Series([line for line, _ in CASES]))
    assert codes.tolist() == [level for _, level in CASES]


def test_frames_of_a_stack_trace_take_the_level_of_their_record_also_across_batches() -> None:
    intake = Intake()
    first = [b"2026-11-22 ERROR checkout failed", b"java.sql.SQLException: timeout", b"\tat a.b.C(D.java:1)"]
    second = [b"\tat a.b.E(F.java:2)", b"Caused by: java.net.SocketException: reset", b"plain words"]
    one = intake.prepare(batch_of(first, [1, 2, 3], 0), 0)
    other = intake.prepare(batch_of([b"\tat not.mine(X.java:1)"], [1], 1), 0)
    two = intake.prepare(batch_of(second, [4, 5, 6], 0), 0)
    assert (one.levels & LEVEL_BITS).tolist() == [Level.ERROR] * 3
    assert (one.levels & CONTINUED > 0).tolist() == [False, True, True]
    assert (two.levels & LEVEL_BITS).tolist() == [Level.ERROR, Level.ERROR, Level.UNKNOWN]
    assert (two.levels & CONTINUED > 0).tolist() == [True, True, False]
    assert int(other.levels[0]) & LEVEL_BITS == Level.UNKNOWN


def test_a_trace_back_goes_on_with_its_error_and_is_an_error_without_one() -> None:
    lines = [
        b"2026 ERROR row 7",
        b"Traceback (most recent call last):",
        b'  File "rows.py", line 88, in parse',
        b"    x = 1",
    ]
    lines += [
        b"decimal.InvalidOperation: [<class>]",
        b"2026 INFO fine",
        b"Traceback (most recent call last):",
        b"ValueError: x",
    ]
    prepared = Intake().prepare(batch_of(lines, list(range(8)), 0), 0)
    levels = [Level(code) for code in (prepared.levels & LEVEL_BITS).tolist()]
    assert levels == [Level.ERROR] * 5 + [Level.INFO] + [Level.ERROR] * 2
    assert (prepared.levels & CONTINUED > 0).tolist() == [False, True, True, True, True, False, False, True]


def test_lines_without_a_time_take_the_last_one_of_their_stream() -> None:
    intake = Intake()
    batch = batch_of([b"a", b"b", b"c"], [NO_TIME, 50, NO_TIME], 3)
    assert intake.prepare(batch, now=7).batch.times.tolist() == [7, 50, 50]
    assert intake.prepare(batch_of([b"d"], [NO_TIME], 3), now=99).batch.times.tolist() == [50]
    assert intake.prepare(batch_of([b"d"], [NO_TIME], 4), now=99).batch.times.tolist() == [99]


def test_names_that_a_user_may_type() -> None:
    assert level_named(" Warning ") is Level.WARN
    assert level_named("fatal") is Level.FATAL
    assert level_named("loud") is None


def test_the_codes_leave_room_for_flags() -> None:
    assert max(Level) <= LEVEL_BITS < CONTINUED
    assert detect_levels(pl.Series([], dtype=pl.String)).dtype == np.uint8
