"""Times of real log files of ten systems."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from hallucino_tui.logs.lines import cut
from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.logs.time_formats.detect import detect
from tests.logs.time_format_lines import nanoseconds

CORPORA = Path(__file__).parents[2].parent / "shared" / "data" / "loghub" / "loghub_2k"
WRITTEN = nanoseconds(datetime(2006, 8, 1, tzinfo=UTC))  # of the files that lack the year


@pytest.mark.corpora
@pytest.mark.skipif(not CORPORA.is_dir(), reason="the log corpora are not there")
@pytest.mark.parametrize(
    ("system", "name", "first", "last"),
    [
        ("Apache", "date of C", "2005-12-04T04:47:44", "2005-12-05T19:15:57"),
        # The second field is the epoch, the fifth one wall-clock time in California: seven or eight hours less.
        ("BGL", "epoch in field 2", "2005-06-03T22:42:50", "2006-01-03T15:13:09"),
        ("HDFS", "yymmdd hhmmss", "2008-11-09T20:36:15", "2008-11-11T10:20:17"),
        ("HPC", "epoch in field 5", "2004-02-26T14:12:22", "2005-12-15T18:25:39"),
        ("Hadoop", "ISO 8601", "2015-10-18T18:01:47.978", "2015-10-18T18:10:55.202"),
        ("Linux", "syslog", "2006-06-14T15:16:01", "2006-07-27T14:42:00"),
        ("OpenSSH", "syslog", "2005-12-10T06:55:46", "2005-12-10T11:04:45"),
        ("Spark", "yy/mm/dd", "2017-06-09T20:10:40", "2017-06-09T20:11:11"),
        ("Windows", "ISO 8601", "2016-09-28T04:30:30", "2016-09-29T02:04:40"),
        ("Zookeeper", "ISO 8601", "2015-07-29T17:41:44.747", "2015-08-10T18:12:34.004"),
    ],
)
def test_times_of_real_files_are_read(system: str, name: str, first: str, last: str) -> None:
    block = np.frombuffer((CORPORA / system / f"{system}_2k.log").read_bytes() + b"\n", np.uint8)
    starts, ends = cut(block)
    format_ = detect(block, starts, ends, latest=WRITTEN, zone=UTC)
    assert format_ is not None
    assert format_.name == name
    times = format_.parse(block, starts, ends)
    read = times[times != NO_TIME]
    assert len(read) >= 0.99 * len(times)
    for time, text in ((read[0], first), (read[-1], last)):
        moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
        assert int(time) == nanoseconds(moment.replace(microsecond=0), moment.microsecond * 1000)
