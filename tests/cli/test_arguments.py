"""The command line itself: help, versions, and one sentence for what is wrong."""

from collections.abc import Sequence

import pytest

from hallucino_tui import __version__
from hallucino_tui.cli import main
from hallucino_tui.cli.arguments import COMMANDS, parse

OPTIONS = {
    "": ["KIND/NAME", "--context", "--namespace", "--all-namespaces", "--selector", "--container", "--since", "--tail",
         "--print-raw", "--base-url", "--model", "--version", "hallucino demo", "hallucino doctor"],
    "logs": ["--follow", "--previous", "--timestamps", "--prefix", "--no-prefix", "--receipts", "--pod", "--query",
             "--count", "--limit", "--output"],
    "open": ["FILE", "--spill", "--zone", "--binary", "--model"],
    "patterns": ["FILE", "--query", "--sort", "--limit", "--json", "--lines", "--namespace", "--since", "--zone",
                 "Exit codes: 0"],
    "report": ["FILE", "POD__CONTAINER__N.log", "--events", "--pods", "--for", "--baseline", "--save-baseline",
               "--json", "--selector", "3 if one was found", "read only if named"],
    "sql": ["QUERY", "FILE", "--output", "--zone"],
    "summarise": ["FILE", "--question", "--cause", "--task", "--yes", "--show", "--json", "--base-url", "--since",
                  "Exit codes: 0", "4 if a claim"],
    "ask": ["QUESTION", "FILE", "--cause", "--task", "--yes", "--show", "--json", "--events", "Exit codes: 0"],
    "redact": ["FILE", "--summary"],
    "verify": ["--lines", "ANSWER", "--json"],
    "notebook": ["NAME", "--format", "--no-redact", "--output"],
    "doctor": ["--context", "--kubeconfig", "--namespace", "--model"],
    "demo": ["--seed", "--speed", "--pods", "--quiet", "--serve", "--fault", "--port"],
}  # fmt: skip


def left(argv: Sequence[str], capsys: pytest.CaptureFixture[str]) -> tuple[object, str, str]:
    """Run a command line that leaves at once; return exit code, output and errors."""
    with pytest.raises(SystemExit) as caught:
        main(argv)
    out, err = capsys.readouterr()
    return caught.value.code, out, err


@pytest.mark.parametrize("command", OPTIONS)
def test_every_command_has_its_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = left([command, "--help"] if command else ["--help"], capsys)
    assert (code, err) == (0, "")
    assert out.startswith(f"usage: hallucino {command}".strip())
    words = " ".join(out.split())  # lines are as wide as the terminal
    assert not [option for option in OPTIONS[command] if option not in words]
    assert "--with-parent" not in out


def test_there_is_help_for_every_command() -> None:
    assert {*COMMANDS, ""} == set(OPTIONS)


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert left(["--version"], capsys) == (0, f"hallucino {__version__}\n", "")


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (["--nonsense"], "hallucino: Unrecognized arguments: --nonsense. Try hallucino --help."),
        (["logs", "--nonsense"], "hallucino logs: Unrecognized arguments: --nonsense. Try hallucino logs --help."),
        (
            ["logs", "a", "b"],
            "hallucino logs: 'a' is no file here, and containers are named once: b is too much. {more}".format(
                more="Try hallucino logs --help."
            ),
        ),
        (["doctor", "web"], "hallucino doctor: Unrecognized arguments: web. Try hallucino doctor --help."),
        (["-n", "shop", "logs"], "hallucino: The command goes first: hallucino logs ... (or write pod/logs)."),
        (["--context", "x", "demo"], "hallucino: The command goes first: hallucino demo ... (or write pod/demo)."),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(
    argv: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = left(argv, capsys)
    assert (code, out) == (2, "")
    assert err.startswith(sentence)
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "argv",
    [
        ["--tail", "many"],
        ["logs", "--tail"],
        ["demo", "--speed", "fast"],
        ["summarise", "--since"],
        ["demo", "--pods", "1.5"],
    ],
)
def test_a_value_that_is_none_is_said_with_its_option(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = left(argv, capsys)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert argv[-1] in err or argv[-2] in err


def test_a_pod_can_have_the_name_of_a_command() -> None:
    assert parse(["-n", "shop", "pod/logs"]).target == "pod/logs"


def test_options_reach_the_command() -> None:
    arguments = parse(["logs", "deploy/web", "-n", "a,b", "-n", "c", "--tail", "5", "-f", "--no-prefix"])
    assert (arguments.target, arguments.namespace, arguments.tail) == ("deploy/web", ["a,b", "c"], 5)
    assert (arguments.follow, arguments.prefix, arguments.timestamps, arguments.previous) == (True, False, False, False)
    assert parse([]).prefix is None


@pytest.mark.parametrize(
    ("argv", "code", "said"),
    [
        (["logs", "-n", "a", "-A"], 2, "Give either -n or -A"),
        (["logs", "web["], 2, "no regular expression for pod names: unterminated character set (at column 4)"),
        (["logs", "svc/web"], 2, "kinds are CronJob"),
        (["logs", "--since", "soon"], 2, "'soon' is no duration"),
        (["summarise", "--since", "5x"], 2, "'5x' is no duration"),
        (["--print-raw", "svc/web"], 2, "kinds are CronJob"),
        (["demo", "--port", "80"], 2, "--kubeconfig, --port and --fault belong to --serve"),
        (["demo", "--fault", "cut"], 2, "belong to --serve"),
        (["demo", "--serve", "--fault", "nonsense"], 2, "Unknown fault 'nonsense'; known are: cut, "),
        (["demo", "--serve", "--fault", "cut:0"], 2, "not a positive number"),
        (["demo", "--serve", "--speed", "0"], 2, "The speed 0.0 is not between"),
        (["demo", "--serve", "--pods", "99999"], 2, "The number of pods 99999 is not between"),
        (["demo", "--serve", "--port", "70000"], 2, "The port 70000 is not between"),
    ],
)
def test_what_makes_no_sense_is_said_before_anything_is_done(
    argv: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(argv) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("hallucino: ")
    assert said in err
    assert err.endswith(".\n")
    assert err.count("\n") == 1


@pytest.mark.parametrize("argv", [["summarise"], ["doctor"], []])
def test_wrong_settings_are_said_with_their_place(
    argv: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HALLUCINO_LOGS_TAIL", "many")
    assert main(argv) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "The variable HALLUCINO_LOGS_TAIL is wrong" in err


@pytest.mark.parametrize("flag", ["--previous", "--timestamps", "--no-prefix", "--receipts"])
def test_what_is_about_printing_is_refused_where_nothing_is_printed(
    flag: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        parse([flag])
    assert left.value.code == 2
    assert "belongs to --print-raw or to hallucino logs" in capsys.readouterr().err
    assert callable(parse(["--print-raw", flag]).run)
