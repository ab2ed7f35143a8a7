"""The ways of writing times that log files are known to have."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Final

from hallucino_tui.logs.time_formats.epoch import Epoch
from hallucino_tui.logs.time_formats.pattern import Pattern
from hallucino_tui.logs.time_formats.places import Behind, Column, Field, Priority, Start
from hallucino_tui.logs.time_formats.time_format import Candidate

if TYPE_CHECKING:
    from collections.abc import Iterator

ISO: Final = Pattern("%Y-%m-%d[T t]%H:%M:%S", "ISO 8601", "RFC 3339")
SLASHES: Final = Pattern("%Y/%m/%d[ T]%H:%M:%S", "year/month/day")  # nginx's errors, Go
SHORT_SLASHES: Final = Pattern("%y/%m/%d %H:%M:%S", "yy/mm/dd")  # Spark
DOTS: Final = Pattern("%Y-%m-%d-%H.%M.%S", "dotted time")  # Blue Gene
COMPACT: Final = Pattern("%Y%m%d[T -]%H:%M:%S", "compact date")
COMPACT_ISO: Final = Pattern("%Y%m%d[T ]%H%M%S", "compact ISO 8601")
SHORT_COMPACT: Final = Pattern("%y%m%d %H%M%S", "yymmdd hhmmss")  # HDFS
SHORT_DATE: Final = Pattern("%y%m%d %H:%M:%S", "yymmdd")  # MySQL
SYSLOG: Final = Pattern("%b %e %H:%M:%S", "syslog")
SYSLOG_YEAR: Final = Pattern("%b %e %Y %H:%M:%S", "syslog with year")  # Cisco
CTIME: Final = Pattern("%a %b %e %H:%M:%S", "date of C", year_behind=True)  # Apache's errors, dmesg -T
ACCESS: Final = Pattern("%d/%b/%Y:%H:%M:%S", "access log")
DAY_FIRST: Final = Pattern("%d %b %Y %H:%M:%S", "day month year")  # Redis
MAIL: Final = Pattern("%a, %d %b %Y %H:%M:%S", "date of mails")
KLOG: Final = Pattern("[IWEF]%m%d %H:%M:%S", "klog")
GLOG: Final = Pattern("[IWEF]%Y%m%d %H:%M:%S", "glog")
LOGCAT: Final = Pattern("%m-%d %H:%M:%S", "month-day")  # Android
EPOCH: Final = Epoch()

_AT_START: Final = (
    ISO, SLASHES, SYSLOG, KLOG, CTIME, SHORT_SLASHES, SHORT_COMPACT, ACCESS, GLOG, DOTS, COMPACT, COMPACT_ISO,
    SHORT_DATE, SYSLOG_YEAR, DAY_FIRST, MAIL, LOGCAT, EPOCH,
)  # fmt: skip
_IN_FIELDS: Final = (ISO, EPOCH, SLASHES, DOTS, SYSLOG, DAY_FIRST, SHORT_SLASHES)
_FIELDS: Final = tuple(Field(number) for number in range(1, 10))
_COLUMNS: Final = tuple(Column(number) for number in range(1, 41))
_VALUES: Final = (ISO, EPOCH, SLASHES)
JSON_NAMES: Final = (
    "@timestamp", "timestamp", "time", "ts", "@t", "t", "$date", "datetime", "date", "asctime", "Timestamp", "Time",
    "eventTime", "timeMillis", "time_iso8601", "log_time", "created_at", "msec", "epochSecond",
)  # fmt: skip
LOGFMT_NAMES: Final = ("time", "ts", "timestamp", "t", "at", "date", "datetime")


def candidates() -> Iterator[tuple[bytes, Candidate]]:
    """Return all of them, the better ones first, each with bytes that stand in every file that it is for."""
    start, priority = Start(), Priority()
    yield from ((b"", Candidate(start, way)) for way in _AT_START)
    yield b"<", Candidate(priority, SYSLOG, name="syslog (RFC 3164)")
    yield b"<", Candidate(priority, ISO, name="syslog (RFC 5424)")
    yield from _of_fields_with_names()
    yield b"msg=audit(", Candidate(Behind(b"msg=audit("), EPOCH, name="audit log")
    for place, way in product(_FIELDS, _IN_FIELDS):
        yield b" ", Candidate(place, way, f"field {place.number + 1}", loose=True)
    for place, way in product(_COLUMNS, (ISO, SLASHES)):
        yield b":", Candidate(place, way, f"column {place.number + 1}", loose=True)


def _of_fields_with_names() -> Iterator[tuple[bytes, Candidate]]:
    for name in JSON_NAMES:
        place = Behind(f'"{name}":'.encode())
        yield from ((place.word, Candidate(place, way, f"JSON field {name}")) for way in _VALUES)
    for name in LOGFMT_NAMES:
        place = Behind(f" {name}=".encode())
        yield from ((place.word[1:], Candidate(place, way, f"logfmt field {name}")) for way in _VALUES)
    bracket = Behind(b"[")
    yield b"[", Candidate(bracket, ACCESS)
    yield from ((b"[", Candidate(bracket, way, "brackets")) for way in (ISO, SLASHES, CTIME))
