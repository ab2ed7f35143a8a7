"""Times in the many ways in which programs write them into their lines. All take nanoseconds since the epoch."""

from __future__ import annotations

from datetime import UTC, datetime

from hallucino_tui.demo.timeformat import SECOND

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _split(time_ns: int) -> tuple[datetime, int]:
    return datetime.fromtimestamp(time_ns // SECOND, tz=UTC), time_ns % SECOND


def iso_millis(time_ns: int) -> str:
    """``2026-11-23T08:10:11.123Z``."""
    moment, nanos = _split(time_ns)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{nanos // 1_000_000:03d}Z"


def common_log(time_ns: int) -> str:
    """``23/Nov/2026:08:10:11 +0000``, as web servers write it."""
    moment, _ = _split(time_ns)
    return f"{moment.day:02d}/{_MONTHS[moment.month - 1]}/{moment:%Y:%H:%M:%S} +0000"


def slashes(time_ns: int) -> str:
    """``2026/11/23 08:10:11``."""
    return f"{_split(time_ns)[0]:%Y/%m/%d %H:%M:%S}"


def postgres(time_ns: int) -> str:
    """``2026-11-23 08:10:11.123 UTC``."""
    moment, nanos = _split(time_ns)
    return f"{moment:%Y-%m-%d %H:%M:%S}.{nanos // 1_000_000:03d} UTC"


def comma_millis(time_ns: int) -> str:
    """``2026-11-23 08:10:11,123``, as Python writes it."""
    moment, nanos = _split(time_ns)
    return f"{moment:%Y-%m-%d %H:%M:%S},{nanos // 1_000_000:03d}"


def redis(time_ns: int) -> str:
    """``23 Nov 2026 08:10:11.123``."""
    moment, nanos = _split(time_ns)
    return f"{moment.day:02d} {_MONTHS[moment.month - 1]} {moment:%Y %H:%M:%S}.{nanos // 1_000_000:03d}"


def klog(time_ns: int, level: str, place: str) -> str:
    """``I1123 08:10:11.123456       1 file.go:42]``; `level` is one letter, `place` the file and line."""
    moment, nanos = _split(time_ns)
    return f"{level}{moment:%m%d %H:%M:%S}.{nanos // 1000:06d}       1 {place}]"
