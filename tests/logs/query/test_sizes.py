import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.logs.query.sizes import format_size, parse_size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("42", 42),
        ("42MB", 42_000_000),
        ("42MiB", 44_040_192),
        ("42mb", 42_000_000),
        ("42 MB", 42_000_000),
        ("42M", 42_000_000),
        ("42mi", 44_040_192),
        ("42.5MB", 42_500_000),
        ("42.5 MiB", 44_564_480),
        ("1,005.03 MB", 1_005_030_000),
        ("12.5 EB", 12_500_000_000_000_000_000),
        ("1B", 1),
        ("0", 0),
        (".5k", 500),
        ("5.", 5),
        ("1.9", 1),
    ],
)
def test_sizes_are_read_as_loki_reads_them(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize(
    "text", ["", "MB", "x", "1 foo", "-1", "+1", "1.2.3", "1 M B", "1e3", "16EiB", ".", ",", " 1", "٣"]
)
def test_what_is_no_size_is_none(text: str) -> None:
    with pytest.raises(ValueError):
        parse_size(text)


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0B"),
        (1, "1B"),
        (9, "9B"),
        (10, "10B"),
        (803, "803B"),
        (999, "999B"),
        (1000, "1.0kB"),
        (1024, "1.0kB"),
        (9999, "10kB"),
        (999_999, "1000kB"),
        (20_000_000, "20MB"),
        (1_500_000_000, "1.5GB"),
        (5_500_000_000_000, "5.5TB"),
    ],
)
def test_sizes_are_written_as_loki_writes_them(size: int, text: str) -> None:
    assert format_size(size) == text


@given(st.integers(0, 10**15))
def test_what_is_written_reads_as_nearly_the_same_size(size: int) -> None:
    # 10.5GB are written 10GB: half a unit of ten, and what lies under it.
    assert parse_size(format_size(size)) == pytest.approx(size, rel=0.06)
