"""Files on the command line: printed, filtered, counted, merged, asked in SQL."""

import gzip
import json
from pathlib import Path

import pytest

from hallucino_tui.cli import main

LINES = [
    '2026-03-12T10:00:01Z {"level":"info","status":200,"path":"/a"}',
    '2026-03-12T10:00:02Z {"level":"error","status":503,"path":"/b"}',
    "2026-03-12T10:00:03Z WARN pool is nearly empty",
    "2026-03-12T10:00:04Z plain words",
]


@pytest.fixture
def app(tmp_path: Path) -> Path:
    path = tmp_path / "app.log"
    path.write_text("".join(f"{line}\n" for line in LINES))
    return path


def said(argv: list[str], capfdbinary: pytest.CaptureFixture[bytes]) -> tuple[int, str, str]:
    code = main(argv)
    out, err = capfdbinary.readouterr()
    return code, out.decode(), err.decode()


def test_a_file_is_printed_byte_for_byte(app: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    app.write_bytes(b"one \xff\ntwo\r\n\n\x1b[31mthree")
    assert main(["logs", str(app)]) == 0
    assert capfdbinary.readouterr().out == b"one \xff\ntwo\r\n\n\x1b[31mthree\n"


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("POOL", [2]),
        ("!pool", [0, 1, 3]),
        ('|= "status" != "503"', [0]),
        ("level >= warn", []),
        ("| level >= warn", [1, 2]),
        ('|~ "pool|plain"', [2, 3]),
        ('{filename=~".*app.log"} |= "plain"', [3]),
        ('{filename="other"}', []),
    ],
)
def test_a_query_lets_lines_through_and_its_exit_code_is_greps(
    query: str, wanted: list[int], app: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    code, out, err = said(["logs", str(app), "--query", query], capfdbinary)
    assert out.splitlines() == [LINES[index] for index in wanted]
    assert (code, err) == (0 if wanted else 1, "")


def test_matches_are_counted(app: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert said(["logs", str(app), "--query", "| level >= warn", "--count"], capfdbinary) == (0, "2\n", "")
    assert said(["logs", str(app), "--count"], capfdbinary) == (0, "4\n", "")
    assert said(["logs", str(app), "--query", "nowhere", "--count"], capfdbinary) == (1, "0\n", "")


def test_a_limit_ends_it(app: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    code, out, _ = said(["logs", str(app), "--limit", "2"], capfdbinary)
    assert (code, out.splitlines()) == (0, LINES[:2])


def test_lines_as_json_carry_time_level_labels_and_fields(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = tmp_path / "app.log"
    path.write_text('{"level":"error","status":503,"ts":"2026-03-12T10:00:02Z"}\n')
    _, out, _ = said(["logs", str(path), "--query", "| json | status >= 500", "--output", "json"], capfdbinary)
    found = json.loads(out)
    assert found["time"] == "2026-03-12T10:00:02.000000000Z"
    assert found["level"] == "error"
    assert found["labels"]["status"] == "503"
    assert found["labels"]["filename"] == str(path)


def test_a_line_format_changes_what_is_printed(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    path = tmp_path / "app.log"
    path.write_text('{"status":503,"path":"/b"}\n{"status":200,"path":"/a"}\n')
    query = '| json | status >= 500 | line_format "{{.path}} gave {{.status}}"'
    assert said(["logs", str(path), "--query", query], capfdbinary)[1] == "/b gave 503\n"


def test_files_are_merged_by_time_with_their_names_in_front(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    one, other = tmp_path / "one.log", tmp_path / "other.log.gz"
    one.write_text("2026-03-12T10:00:01Z a\n2026-03-12T10:00:03Z c\n")
    other.write_bytes(gzip.compress(b"2026-03-12T10:00:02Z b\n2026-03-12T10:00:04Z d\n"))
    _, out, _ = said(["logs", str(one), str(other)], capfdbinary)
    assert [line.split()[0::2] for line in out.splitlines()] == [
        ["one.log", "a"],
        ["other.log.gz", "b"],
        ["one.log", "c"],
        ["other.log.gz", "d"],
    ]
    _, out, _ = said(["logs", str(tmp_path / "o*"), str(one), "--no-prefix", "--limit", "1"], capfdbinary)
    assert out == "2026-03-12T10:00:01Z a\n"


@pytest.mark.parametrize(
    ("argv", "words", "code"),
    [
        (["--query", "|= pool"], "column", 2),
        (["--query", "(?=x)", "--count"], "", 1),
        (["--query", '|~ "(?=x)"'], "look-around", 2),
        (["--query", 'rate({a="b"}[5m])'], "metric queries are not computed here", 2),
        (["--query", '{a="b"} | unwrap x'], "etric", 2),
        (["-n", "shop"], "-n belongs to clusters", 2),
        (["--tail", "3"], "--tail belongs to clusters", 2),
        (["--zone", "Nowhere/Land"], "There is no time zone", 2),
    ],
)
def test_what_is_wrong_is_one_sentence(
    argv: list[str], words: str, code: int, app: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    found, _, err = said(["logs", str(app), *argv], capfdbinary)
    assert found == code
    assert words in err
    assert err.count("\n") == (1 if words else 0)


def test_a_file_that_cannot_be_read_is_named_once(app: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    app.write_bytes(bytes(range(256)) * 9)
    code, _, err = said(["logs", str(app)], capfdbinary)
    assert code == 2
    assert err.startswith(f"hallucino: {app} holds binary data")


def test_sql_counts_by_level(app: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    query = "select level, count(*) as lines from lines group by level order by level"
    code, out, err = said(["sql", query, str(app), "--output", "csv"], capfdbinary)
    assert (code, err) == (0, "")
    assert out == "level,lines\nerror,1\ninfo,1\nunknown,1\nwarn,1\n"


def test_sql_knows_number_time_stream_and_line(app: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    query = "select number, stream, time, line from lines where line like '%pool%'"
    _, out, _ = said(["sql", query, str(app), "--output", "json"], capfdbinary)
    found = json.loads(out)
    assert (found["number"], found["stream"], found["line"]) == (3, "app.log", LINES[2])
    assert found["time"].startswith("2026-03-12")


def test_sql_that_is_not_understood_is_one_sentence(app: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    code, out, err = said(["sql", "select nothing_like_that from lines", str(app)], capfdbinary)
    assert (code, out) == (2, "")
    assert err.startswith("hallucino: SQL: ")
    assert "number, time, level, stream, line" in err
