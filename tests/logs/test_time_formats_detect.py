from datetime import UTC, datetime

import numpy as np
import pytest

from hallucino_tui.logs.lines import cut
from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.logs.time_formats.detect import detect
from tests.logs.time_format_lines import block_of, find, nanoseconds, read

MORNING = nanoseconds(datetime(2026, 3, 12, 10, 2, 3, tzinfo=UTC))
ISO = "2026-03-12 10:02:03,000 ERROR shop - it broke"
JSON = '{"level":"info","ts":1773309723.0,"msg":"x"}'
ACCESS = '10.0.0.1 - - [12/Mar/2026:10:02:03 +0000] "GET / HTTP/1.1" 200 5'
KLOG = "E0312 10:02:03.000000       1 main.go:12] x"
TRACE = [
    "java.lang.IllegalStateException: it broke",
    "    at shop.Cart.pay(Cart.java:12)",
    "\tat shop.Cart.main(Cart.java:3)",
    "Caused by: java.io.IOException: 2026-01-01 00:00:00 was long ago",
    "    ... 12 more",
]


def test_frames_of_stack_traces_do_not_count_and_have_no_time() -> None:
    times = read([ISO, *TRACE * 10, ISO])
    assert times == [MORNING, *[NO_TIME] * 50, MORNING]


def test_a_file_in_which_less_than_a_third_of_the_records_have_a_time_has_none() -> None:
    assert find([ISO, *["Started the thing"] * 3]) is None
    assert find([ISO, *["Started the thing"] * 2]) is not None


@pytest.mark.parametrize(
    "lines", [[], [""], ["", "  "], ["    2026-03-12 10:02:03 x"], ["hello"] * 5, ["12 13 14"] * 5]
)
def test_a_file_without_times_has_no_format(lines: list[str]) -> None:
    assert find(lines) is None


def test_a_block_without_lines_has_no_format() -> None:
    nothing = np.empty(0, np.int64)
    assert detect(np.empty(0, np.uint8), nothing, nothing, latest=0, zone=UTC) is None


def test_the_last_line_may_lack_its_newline() -> None:
    block = np.frombuffer(f"{ISO}\n{ISO[:23]}".encode(), np.uint8)
    starts, ends = np.array([0, len(ISO) + 1]), np.array([len(ISO), len(block)])
    format_ = detect(block, starts, ends, latest=MORNING, zone=UTC)
    assert format_ is not None
    assert format_.parse(block, starts, ends).tolist() == [MORNING, MORNING]


def test_a_mixed_file_is_named_after_the_most_of_its_lines_and_read_whole() -> None:
    lines = [*[JSON] * 5, *[ISO] * 4, *[ACCESS] * 3]
    format_ = find(lines)
    assert format_ is not None
    assert format_.name == "epoch in JSON field ts"
    assert len(format_.candidates) == 3
    assert read(lines) == [MORNING] * 12


def test_a_fourth_way_of_writing_times_is_not_read() -> None:
    assert read([*[JSON] * 5, *[ISO] * 4, *[ACCESS] * 3, *[KLOG] * 2]) == [*[MORNING] * 12, *[NO_TIME] * 2]


def test_few_lines_that_look_like_times_are_no_format_of_their_own() -> None:
    lines = [ISO] * 100 + ["retried at 2026-01-01 00:00:00"]
    format_ = find(lines)
    assert format_ is not None
    assert len(format_.candidates) == 1
    assert read(lines)[-1] == NO_TIME


def test_the_time_in_front_is_taken_and_not_one_behind_it() -> None:
    format_ = find([f"2026-03-12T10:02:03.407207202Z {line}" for line in (ISO, JSON, ACCESS)])
    assert format_ is not None
    assert format_.name == "RFC 3339"


def test_the_first_time_of_a_line_that_has_several_is_taken() -> None:
    lines = ['{"ts":"2026-03-12T10:02:03Z","next":{"ts":"2026-03-13T10:02:03Z"}}', "a ts=1773309723 ts=1773309724"]
    assert read([lines[0]]) == [MORNING]
    assert read([lines[1]]) == [MORNING]


def test_a_field_without_a_value_does_not_take_one_from_the_next_line() -> None:
    format_ = find(["level=info ts=2026-03-12T10:02:03Z"])
    assert format_ is not None
    block = np.frombuffer(b"level=info ts=2026-03-12T10:02:03Z", np.uint8)
    assert format_.parse(block, np.array([0, 14]), np.array([14, len(block)])).tolist() == [NO_TIME, NO_TIME]


def test_a_number_of_ten_digits_in_one_line_is_no_format() -> None:
    assert find(["order 1234567890 was paid", *["all is well here"] * 5]) is None


def test_only_the_first_lines_are_looked_at() -> None:
    assert find([*["no time"] * 600, *[ISO] * 6000]) is None
    assert find([*[ISO] * 600, *["no time"] * 60_000]) is not None


def test_a_first_line_without_end_is_looked_at_as_far_as_it_is_reasonable() -> None:
    block = block_of([ISO + "x" * (3 << 20), ISO])
    format_ = detect(block, *cut(block), latest=MORNING, zone=UTC)
    assert format_ is not None
    assert format_.parse(block, *cut(block)).tolist() == [MORNING, MORNING]


def test_bytes_that_are_no_text_do_not_hide_the_times() -> None:
    assert read([ISO.encode() + b"\xff\xfe\x00", b"\xff" * 20, ISO.encode()]) == [MORNING, NO_TIME, MORNING]
