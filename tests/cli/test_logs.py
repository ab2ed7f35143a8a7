"""Printing logs: the very bytes to a pipe, merged by time with names in front where there are several."""

import signal
import time

import pytest
from cli_world import NOON, SECOND, Cli, Reader

STAMP = b"2026-11-23T12:00:0%d.000000000Z "
ODD = [
    b"plain",
    b"latin \xe9 bad \xff\xfe",
    b"nul \x00 bell \x07 \x1b[31mred\x1b[0m",
    b"cr \r only",
    b"",
    b"  \t",
    b"last",
]


@pytest.fixture
def shop(cli: Cli) -> Cli:
    """Two pods of a workload, one of them with two containers, and one of another namespace."""
    one = cli.pod("web-6d4-a", "app", "proxy", workload="web")
    two = cli.pod("web-6d4-b", "app", workload="web")
    cli.write(one, "one", "three", step=2 * SECOND)
    cli.write(one, "proxy", container="proxy", time_=NOON + 3 * SECOND)
    cli.write(two, "two", "four", time_=NOON + SECOND, step=3 * SECOND)
    cli.write(cli.pod("job-1", namespace="other"), "job", time_=NOON + 5 * SECOND)
    return cli


def test_a_single_containers_bytes_come_as_they_are(cli: Cli) -> None:
    cli.write(cli.pod("web-1"), *ODD)
    done = cli("logs", "--pod", "web-1")
    assert (done.code, done.err) == (0, "")
    assert done.out == b"".join(line + b"\n" for line in ODD)


def test_a_last_line_without_its_newline_stays_without(cli: Cli) -> None:
    pod = cli.pod("web-1", restart_policy="Never")
    cli.background.call(lambda: pod.container().write(b"whole\npartial"))
    cli.background.call(lambda: pod.container().end(0))
    assert cli("logs", "pod/web-1").out == b"whole\npartial"
    assert cli("logs", "pod/web-1", "--prefix").out == b"web-1/app whole\nweb-1/app partial\n"


def test_several_containers_are_merged_by_time_with_their_names(shop: Cli) -> None:
    assert shop("logs").lines == [
        "web-6d4-a/app one",
        "web-6d4-b/app two",
        "web-6d4-a/app three",
        "web-6d4-a/proxy proxy",
        "web-6d4-b/app four",
    ]


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (["deploy/web", "-c", "app"], ["one", "two", "three", "four"]),
        (["rs/web-6d4", "-c", "app"], ["one", "two", "three", "four"]),
        (["po/web-6d4-b"], ["two", "four"]),
        (["6d4-b$"], ["two", "four"]),
        (["-l", "app=web", "-c", "proxy"], ["proxy"]),
        (["-l", "app in (web)", "--pod", "web-6d4-b"], ["two", "four"]),
        (["-n", "other"], ["job"]),
        (["-n", "other,default", "-c", "app"], ["one", "two", "three", "four", "job"]),
        (["-A", "-c", "app"], ["one", "two", "three", "four", "job"]),
        (["--tail", "1", "-c", "app"], ["three", "four"]),
        (["--tail", "0", "-c", "app"], []),
    ],
)
def test_a_choice_is_what_is_printed(shop: Cli, arguments: list[str], lines: list[str]) -> None:
    done = shop("logs", *arguments, "--no-prefix")
    assert (done.code, done.err) == (0, "")
    assert done.lines == lines


def test_lines_that_are_too_old_do_not_come(cli: Cli) -> None:
    pod, now = cli.pod("web-1"), time.time_ns()
    cli.write(pod, "an hour ago", time_=now - 3600 * SECOND)
    cli.write(pod, "just now", time_=now)
    assert cli("logs", "--since", "5m").lines == ["just now"]
    assert cli("logs", "--since", "2h").lines == ["an hour ago", "just now"]
    assert cli("logs", "--since", "2h", "--tail", "1").lines == ["just now"]


def test_print_raw_is_the_same_without_a_command(shop: Cli) -> None:
    for arguments in (["deploy/web"], ["-A", "--timestamps"], ["-c", "proxy"]):
        assert shop("--print-raw", *arguments) == shop("logs", *arguments)


def test_times_are_those_that_the_cluster_gave(shop: Cli) -> None:
    assert shop("logs", "--pod", "web-6d4-b", "--timestamps").out == (STAMP % 1 + b"two\n" + STAMP % 4 + b"four\n")
    assert shop("logs", "-c", "app", "--timestamps").out.startswith(b"web-6d4-a/app " + STAMP % 0 + b"one\n")


def test_names_are_in_front_or_not_as_wished(shop: Cli) -> None:
    assert shop("logs", "-c", "proxy").lines == ["proxy"]
    assert shop("logs", "-c", "proxy", "--prefix").lines == ["web-6d4-a/proxy proxy"]
    assert shop("logs", "deploy/web", "--no-prefix").lines[:2] == ["one", "two"]


def test_the_run_before_the_restart(cli: Cli) -> None:
    pod = cli.pod("web-1")
    cli.write(pod, "about to fail")
    cli.background.call(lambda: pod.container().restart(1, "Error"))
    cli.write(pod, "again")
    assert cli("logs", "--pod", "web-1").lines == ["again"]
    assert cli("logs", "--pod", "web-1", "--previous").lines == ["about to fail"]
    assert cli("--print-raw", "--pod", "web-1", "--previous").lines == ["about to fail"]


def test_receipts_say_what_came_in(shop: Cli) -> None:
    done = shop("logs", "deploy/web", "--receipts")
    assert [line.split()[:3] for line in done.err.splitlines()] == [
        ["web-6d4-a/app", "2", "8"],
        ["web-6d4-a/proxy", "1", "5"],
        ["web-6d4-b/app", "2", "7"],
    ]
    assert all(line.endswith("ended") for line in done.err.splitlines())
    assert len(done.lines) == 5


def test_a_container_that_cannot_be_read_is_said_beside_the_others(cli: Cli) -> None:
    cli.write(cli.pod("web-1"), "here")
    cli.background.call(lambda: cli.cluster.world.add_pod("default", "web-2", "app", running=False))
    done = cli("logs")
    assert done.code == 0
    assert done.lines == ["web-1/app here"]
    assert done.err.startswith("hallucino: web-2/app: ")
    assert done.err.count("\n") == 1


def test_what_the_cluster_says_instead_of_lines_is_no_line(cli: Cli) -> None:
    pod = cli.pod("web-1")
    cli.write(pod, "gone")
    cli.background.call(lambda: cli.cluster.faults.lose_log(pod.container()))
    done = cli("logs", "--pod", "web-1")
    assert done.out == b""
    assert "The cluster said instead of lines: " in done.sentence


def test_an_answer_that_breaks_off_is_asked_for_again(cli: Cli) -> None:
    cli.write(cli.pod("web-1"), "one", "two")
    cli.background.call(lambda: cli.cluster.faults.answer_next("401", path="/log"))
    assert cli("logs").lines == ["one", "two"]


def test_a_reader_that_has_enough_is_no_failure(cli: Cli) -> None:
    cli.background.call(lambda: cli.cluster.world.add_pod("default", "web-1", "app")).container().write_many(
        [b"line of some length %d" % number for number in range(50_000)]
    )
    process = cli.start("logs", "--pod", "web-1")
    assert process.stdout is not None
    assert process.stdout.readline() == b"line of some length 0\n"
    process.stdout.close()
    err = Reader(process.stderr)
    assert (process.wait(30), err.end()) == (0, b"")


def test_an_interrupt_ends_it_quietly(cli: Cli) -> None:
    cli.write(cli.pod("web-1"), "here")
    process = cli.start("logs", "-f", "--pod", "web-1")
    out, err = Reader(process.stdout), Reader(process.stderr)
    out.until(b"here")
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 130
    assert (out.end(), err.end()) == (b"web-1/app here\n", b"")
