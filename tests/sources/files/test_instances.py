"""Saved logs of container instances: what their names tell, and the times in front of their lines."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from files_world import read_all, reading, write

from hallucino_tui.logs.batch import Batch
from hallucino_tui.logs.file_body import Part
from hallucino_tui.logs.moment import parse_prefix
from hallucino_tui.logs.notice import Notice
from hallucino_tui.sources.files.errors import FilesError
from hallucino_tui.sources.files.index import index_plain
from hallucino_tui.sources.files.instances import instance_of
from hallucino_tui.sources.files.paths import expand

NAME = "checkout-7f4c9c5c59-gt4mq__app__0.log"
FIRST, SECOND = "2026-11-23T12:00:00.000000001Z", "2026-11-23T14:00:01.5+02:00"


def time_of(prefix: str) -> int:
    return parse_prefix(f"{prefix} ".encode())[0]


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        (NAME, ("checkout", "checkout-7f4c9c5c59-gt4mq", "app", "0")),
        ("postgres-0__postgres__12.log", ("postgres", "postgres-0", "postgres", "12")),
        ("import-ll9jb__load__0.log.gz", ("import", "import-ll9jb", "load", "0")),
        ("web.example.org__side-car__1.log.zst", ("web.example.org", "web.example.org", "side-car", "1")),
    ],
)  # fmt: skip
def test_a_name_tells_pod_container_and_restarts(name: str, labels: tuple[str, ...]) -> None:
    found = instance_of(Path("some", name))
    assert found is not None
    assert found.labels == dict(zip(("workload", "pod", "container", "restart"), labels, strict=True))


@pytest.mark.parametrize(
    "name", ["app.log", "a__b.log", "a__b__c.log", "A__b__0.log", "a__b__0.txt", "a__b__0.log.1", "__b__0.log"]
)
def test_other_names_tell_nothing(name: str) -> None:
    assert instance_of(Path(name)) is None


async def test_the_time_in_front_of_a_line_is_no_part_of_its_text(tmp_path: Path) -> None:
    path = tmp_path / NAME
    write(path, f"{FIRST} one", "words of the server", f"{SECOND} two  ", f"{FIRST} ", end=b"\n")
    read = await read_all(path, index=index_plain)
    assert read.lines == [b"one", b"words of the server", b"two  ", b""]
    # A line without a time, or with one that goes back, stands with the line before it.
    assert read.times == [time_of(FIRST), time_of(FIRST), time_of(SECOND), time_of(SECOND)]
    assert read.logs.untimed() == frozenset()


async def test_lines_before_the_first_time_stand_with_it(tmp_path: Path) -> None:
    path = tmp_path / NAME
    write(path, "", f"{FIRST} one")
    read = await read_all(path)
    assert (read.lines, read.times) == ([b"", b"one"], [time_of(FIRST)] * 2)


async def test_a_file_without_such_times_is_read_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / NAME
    write(path, "2026-11-23 12:00:00,250 INFO one", "2026-11-23 12:00:01,250 INFO two")
    read = await read_all(path)
    assert read.lines == [b"2026-11-23 12:00:00,250 INFO one", b"2026-11-23 12:00:01,250 INFO two"]
    assert read.times == [time_of("2026-11-23T12:00:00.25Z"), time_of("2026-11-23T12:00:01.25Z")]


async def test_a_file_that_tells_no_time_says_so(tmp_path: Path) -> None:
    for name in (NAME, "app.log"):
        write(tmp_path / name, "one", "two")
        read = await read_all(tmp_path / name, index=index_plain)
        assert read.logs.untimed() == {0}
    write(tmp_path / "timed.log", f"{FIRST} one")
    read = await read_all(tmp_path / "timed.log", index=index_plain)
    assert read.logs.untimed() == frozenset()
    assert [item.count for item in read.taken if isinstance(item, Part)] == [1]


async def test_what_is_written_later_loses_its_time_too(tmp_path: Path) -> None:
    path = tmp_path / NAME
    write(path, f"{FIRST} one")
    async with reading(path, follow=True) as read:
        await read.ready()
        write(path, f"{SECOND} two")
        await read.look()
        assert read.lines == [b"one", b"two"]
        assert read.times == [time_of(FIRST), time_of(SECOND)]


async def test_an_archive_is_read_like_the_file(tmp_path: Path) -> None:
    path = tmp_path / f"{NAME}.gz"
    path.write_bytes(gzip.compress(f"{FIRST} one\n{SECOND} two".encode()))
    read = await read_all(path)
    assert (read.lines, read.times) == ([b"one", b"two"], [time_of(FIRST), time_of(SECOND)])


async def test_runs_of_a_container_are_streams_of_their_own(tmp_path: Path) -> None:
    paths = [tmp_path / f"web-0__app__{restart}.log" for restart in (0, 1)]
    for number, path in enumerate(paths):
        write(path, f"2026-11-23T12:00:0{number}.000000000Z run {number}")
    read = await read_all(*paths)
    assert [(stream.title, stream.part) for stream in read.table] == [("web-0", "app"), ("web-0", "app.1")]
    assert [stream.labels["filename"] for stream in read.table] == list(map(str, paths))
    assert not [item for item in read.taken if not isinstance(item, Batch | Notice)]


async def test_pods_of_one_name_in_two_folders_are_told_apart(tmp_path: Path) -> None:
    for folder in ("eu", "us"):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder / "web-0__app__0.log", f"{FIRST} {folder}")
    read = await read_all(*(tmp_path / folder / "web-0__app__0.log" for folder in ("eu", "us")))
    assert [stream.title for stream in read.table] == ["eu/web-0", "us/web-0"]


def test_of_a_folder_only_such_files_are_read(tmp_path: Path) -> None:
    names = ("web-10__app__0.log", "web-2__app__0.log", "web-2__app__1.log")
    for name in (*names, "events.json", "truth.json", "app.log"):
        (tmp_path / name).write_text("x\n")
    (tmp_path / "logs").mkdir()
    assert expand([str(tmp_path)]) == [tmp_path / names[1], tmp_path / names[2], tmp_path / names[0]]


def test_a_folder_above_such_a_folder_says_where_they_are(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / NAME).write_text("x\n")
    with pytest.raises(FilesError) as caught:
        expand([str(tmp_path)])
    assert str(caught.value) == (
        f"{tmp_path} holds no files called POD__CONTAINER__N.log, and {tmp_path}/logs does: name that folder."
    )


def test_files_stand_in_the_order_of_the_arguments_if_that_is_asked_for(tmp_path: Path) -> None:
    for name in ("a.log", "b2.log", "b10.log"):
        (tmp_path / name).write_text("x\n")
    arguments = [str(tmp_path / "b*.log"), str(tmp_path / "a.log"), str(tmp_path / "b2.log")]
    assert [path.name for path in expand(arguments, as_given=True)] == ["b2.log", "b10.log", "a.log"]
    assert [path.name for path in expand(arguments)] == ["a.log", "b2.log", "b10.log"]
