"""`logs -f`: through cuts and restarts, until the pod that was named has ended."""

import pytest
from cli_world import NOON, SECOND, Cli, Reader, until

from hallucino_tui.demo.streams import Cut


def test_every_line_comes_once_through_cuts_and_a_restart(cli: Cli) -> None:
    pod = cli.pod("web-1", restart_policy="OnFailure")
    cli.write(pod, "line 0")
    process = cli.start("logs", "-f", "pod/web-1", "--receipts", "--no-prefix")
    out, err = Reader(process.stdout), Reader(process.stderr)
    out.until(b"line 0\n")
    faults = cli.cluster.faults
    for number, how in enumerate((Cut.ABRUPT, Cut.CLEAN, Cut.MID_LINE), start=1):
        until(faults.follows, "an open follow")
        cli.background.call(lambda how=how: faults.cut_follows(how))
        cli.write(pod, f"line {number}", time_=NOON + number * SECOND)
        out.until(b"line %d\n" % number)
    cli.background.call(lambda: pod.container().restart(1, "Error"))
    cli.write(pod, "line 4", time_=NOON + 9 * SECOND)
    out.until(b"line 4\n")
    cli.background.call(lambda: pod.container().end(0))
    assert process.wait(30) == 0
    assert out.end() == b"".join(b"line %d\n" % number for number in range(5))
    said = err.end().decode()
    assert "hallucino: web-1/app: reconnected after" in said
    assert "Traceback" not in said
    receipt = said.splitlines()[-1].split()
    assert (receipt[:2], "ended" in receipt) == (["web-1/app", "5"], True)


def test_pods_that_come_later_are_followed_too(cli: Cli) -> None:
    cli.write(cli.pod("web-6d4-a", workload="web"), "of the first")
    process = cli.start("logs", "-f", "deploy/web", "--timestamps")
    out = Reader(process.stdout)
    out.until(b"of the first\n")
    cli.write(cli.pod("web-6d4-b", workload="web"), "of the second", time_=NOON + SECOND)
    cli.write(cli.pod("db-0"), "of another")
    out.until(b"of the second\n")
    assert out.data == (
        b"web-6d4-a/app 2026-11-23T12:00:00.000000000Z of the first\n"
        b"web-6d4-b/app 2026-11-23T12:00:01.000000000Z of the second\n"
    )


def test_what_becomes_forbidden_is_not_waited_for(cli: Cli) -> None:
    cli.write(cli.pod("web-1"), "here")
    faults, asked = cli.cluster.faults, []
    take_answer = faults.take_answer

    def take(path: str):
        asked.append(path)
        if sum("/pods" in path for path in asked) > 1:
            faults.deny("list", "pods")
        return take_answer(path)

    faults.take_answer = take  # type: ignore[method-assign]
    assert "forbids it" in cli("logs", "-f").sentence
    assert len(asked) > 1


@pytest.mark.parametrize("command", [["logs", "-f"], ["logs", "-f", "pod/web-1"]])
def test_a_previous_run_cannot_be_followed(cli: Cli, command: list[str]) -> None:
    cli.pod("web-1")
    done = cli(*command, "--previous")
    assert done.code == 2
    assert done.sentence == "hallucino: Give either -f or --previous: the run before the last restart has ended."
