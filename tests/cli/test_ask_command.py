"""`hallucino ask` and `hallucino summarise` on files and standard input: what is sent, printed, and the exit codes."""

import io
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cli_world import ROOT, Cli, until

from tests.models.fake_server import DONE, USAGE, FakeServer, Handler, chunk, pieces, serving

LINES = """2026-11-23T12:00:00Z INFO starting web
2026-11-23T12:00:01Z ERROR pool is empty
2026-11-23T12:00:02Z INFO ready
"""


def answering(*words: str) -> Handler:
    return pieces(*map(chunk, words), chunk(reason="stop"), USAGE, DONE)


@pytest.fixture
def log(cli: Cli) -> str:
    return cli.file("web.log", LINES)


@pytest.fixture
def answer(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Starts a server that answers so."""

    def start(*words: str) -> FakeServer:
        server = cli.background.enter(serving(answering(*words)))
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("OPENAI_MODEL", "m")
        return server

    return start


def test_a_question_about_a_file_is_answered_with_the_lines_that_are_cited(cli: Cli, log: str, answer: Any) -> None:
    server = answer("The pool is empty at 12:00:01 ", "[L2].")
    done = cli("ask", "What is wrong?", log, "--yes", "--zone", "UTC")
    assert done.err == ""
    assert done.code == 0
    assert done.lines[0] == "The pool is empty at 12:00:01 [L2]."
    assert f"L2  {log}:2  12:00:01 web.log" in done.out.decode()
    assert "L1  " not in done.out.decode()
    assert done.lines[-1].startswith("1 of 1 claims supported, confidence ")
    assert server.requests[0]["messages"][1]["content"].endswith("Question: What is wrong?")


def test_what_the_lines_do_not_support_is_marked_and_is_an_exit_code_of_its_own(
    cli: Cli, log: str, answer: Any
) -> None:
    answer("The disk of db-7 failed with status 503 [L2].")
    done = cli("ask", "Why?", log, "--yes")
    assert (done.code, done.err) == (4, "")
    assert "✖ unsupported" in done.out.decode()
    assert "1 unsupported" in done.lines[-1]


def test_an_answer_that_cites_nothing_is_not_supported(cli: Cli, log: str, answer: Any) -> None:
    answer("Everything is fine.")
    assert cli("summarise", log, "--yes").code == 4


def test_json_holds_answer_claims_places_and_what_it_took(cli: Cli, log: str, answer: Any) -> None:
    server = answer('The pool is empty [L2].\n\n- look: `{filename="web.log"} |= "pool"`\n\ncategory: incident')
    done = cli("summarise", log, "--yes", "--json", "--zone", "UTC")
    found = json.loads(done.out)
    assert done.code == 0
    assert found["answer"].startswith("The pool is empty [L2].")
    assert (found["task"], found["complete"], found["supported"], found["category"]) == (
        "summarise", True, True, "incident",
    )  # fmt: skip
    assert found["claims"][0] == {
        "text": "The pool is empty [L2].", "citations": ["L2"], "verdict": "supported", "reason": "",
    }  # fmt: skip
    cited = found["citations"]
    assert [(one["id"], one["file"], one["line"], one["kind"]) for one in cited] == [("L2", log, 2, "line")]
    assert "pool is empty" in cited[0]["text"]
    assert found["confidence"]["level"] in {"low", "medium", "high"}
    assert found["queries"] == [{"text": "look", "query": '{filename="web.log"} |= "pool"'}]
    assert (found["model"], found["host"]) == ("m", server.url.removesuffix("/v1"))
    assert found["tokens"].pop("prepared") > 12  # a bound
    assert found["tokens"] == {"sent": 12, "answered": 3, "counted_by_server": True}
    assert (found["lines"], found["coverage"], found["cost"]) == (3, 1.0, None)


def test_json_of_a_failure_says_what_is_wrong_and_carries_the_report(
    cli: Cli, log: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    done = cli("summarise", log, "--yes", "--json")
    found = json.loads(done.out)
    assert done.code == 1
    assert "cannot be reached" in found["problem"]
    assert "cannot be reached" in done.err
    assert (found["complete"], found["answer"], found["claims"]) == (False, "", [])
    assert (found["tokens"]["sent"], found["model"]) == (None, None)  # nobody counted, and nobody told a name
    assert found["report"].startswith("### Report")


def test_the_root_cause_is_asked_for_with_what_was_found_without_a_model(cli: Cli, answer: Any) -> None:
    quiet = [f"2026-11-23T12:{n // 60:02}:{n % 60:02}Z INFO GET /cart/{n} 200" for n in range(600)]
    errors = [f"2026-11-23T12:{n // 60:02}:{n % 60:02}Z ERROR cart {n}: pool timeout" for n in range(600, 800)]
    log = cli.file("cart.log", "\n".join([*quiet, *errors]) + "\n")
    server = answer("Cart ran into pool timeouts [L1].")
    cli("summarise", log, "--cause", "--yes")
    asked = server.requests[0]["messages"][1]["content"]
    assert "Find what the trouble in these lines began with" in asked
    assert "its new errors began" in asked


def test_an_update_is_asked_for_in_words_for_everybody(cli: Cli, log: str, answer: Any) -> None:
    server = answer("Some pages fail [L2].")
    cli("summarise", log, "--task", "update", "--yes")
    assert "people who do not read logs" in server.requests[0]["messages"][1]["content"]


def test_lines_come_from_standard_input(log: str, answer: Any, cli: Cli) -> None:
    answer("The pool is empty [L2].")
    done = subprocess.run(
        [sys.executable, "-m", "hallucino_tui", "ask", "Why?", "-", "--yes", "--zone", "UTC"],
        input=LINES.encode(), capture_output=True, cwd=ROOT, timeout=60, check=False, env=dict(os.environ),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert b"L2  -:2  12:00:01" in done.stdout


@pytest.mark.parametrize(
    ("more", "is_named"), [([], False), (["-n", "shop"], True), (["pod/web-1"], True)], ids=["nothing", "-n", "a pod"]
)
def test_lines_that_come_in_and_are_not_asked_for_are_named(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, more: list[str], is_named: bool
) -> None:
    monkeypatch.setenv("KUBECONFIG", "/nowhere/config")
    process = cli.start("ask", "Why?", *more, stdin=subprocess.PIPE)
    _, err = process.communicate(LINES.encode(), timeout=60)
    assert process.returncode == 1
    assert b"/nowhere/config" in err
    assert (b"Standard input is not read: add - to read it" in err) is not is_named
    assert err.count(b"\n") == 1


def test_a_long_question_is_no_name_of_a_file(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", "/nowhere/config")
    assert "/nowhere/config" in cli("ask", "Why? " * 100).sentence


def test_several_files_are_merged_and_cited_by_their_names(cli: Cli, log: str, answer: Any) -> None:
    other = cli.file("db.log", "2026-11-23T12:00:00.5Z ERROR too many connections\n")
    answer("There were too many connections [L2], then the pool is empty [L3].")
    done = cli("ask", "Why?", log, other, "--yes", "--zone", "UTC")
    assert f"L2  {other}:1  12:00:00.5" in done.out.decode()
    assert f"L3  {log}:2  12:00:01" in done.out.decode()


def test_events_of_saved_logs_are_told_with_ids(cli: Cli, log: str, answer: Any) -> None:
    item = {
        "type": "Warning", "reason": "BackOff", "message": "Back-off restarting failed container", "count": 3,
        "firstTimestamp": "2026-11-23T12:00:01Z", "lastTimestamp": "2026-11-23T12:00:03Z",
        "involvedObject": {"kind": "Pod", "name": "web-1", "namespace": "shop"}, "metadata": {"namespace": "shop"},
    }  # fmt: skip
    events = cli.file("events.json", json.dumps({"items": [item]}))
    server = answer("web-1 is restarted again and again [L1].")
    done = cli("summarise", log, "--events", events, "--yes")
    assert "Back-off restarting failed container" in server.requests[0]["messages"][1]["content"]
    assert done.code in {0, 4}


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["ask", "Why?", "/nowhere.log"], "/nowhere.log"),
        (["summarise", "web.log", "-n", "shop"], "-n belongs to clusters"),
        (["ask"], "QUESTION"),
        (["ask", " ", "web.log"], "There is no question"),
        (["ask", "web.log"], "'web.log' is a file and no question"),
        (["ask", "./gone.log"], "'./gone.log' is a file and no question"),
        (["ask", "-"], "'-' is a file and no question"),
        (["ask", "Why?", "web.log", "--cause", "--task", "update"], "--task: not allowed with argument --cause"),
        (["summarise", "--task", "nonsense"], "invalid choice"),
    ],
)
def test_input_that_is_no_good_is_exit_code_2(
    cli: Cli, log: str, argv: list[str], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(log).parent)
    done = cli(*argv)
    assert done.code == 2
    assert words in done.sentence


def test_an_empty_file_is_nothing_to_ask_about(cli: Cli) -> None:
    done = cli("summarise", cli.file("empty.log", ""))
    assert (done.code, done.out) == (2, b"")
    assert "There is no line to ask about" in done.sentence


def test_a_host_that_was_not_agreed_to_gets_nothing(cli: Cli, log: str, answer: Any) -> None:
    server = answer("x")
    done = cli("ask", "Why?", log)
    assert (done.code, done.lines[0], server.requests) == (1, "### Report", [])
    assert "--show" in done.sentence


def test_json_of_a_host_that_was_not_agreed_to_says_that_nothing_was_sent(cli: Cli, log: str, answer: Any) -> None:
    server = answer("x")
    done = cli("ask", "Why?", log, "--json")
    found = json.loads(done.out)
    assert (done.code, server.requests) == (1, [])
    assert (found["complete"], found["tokens"]["sent"]) == (False, 0)
    assert found["tokens"]["prepared"] > 0
    assert "--yes" in found["problem"]
    assert found["report"].startswith("### Report")


def test_an_answer_that_is_interrupted_is_exit_code_130(cli: Cli, log: str, monkeypatch: pytest.MonkeyPatch) -> None:
    server = cli.background.enter(serving(pieces(chunk("The pool is empty [L2]. "), stall=True)))
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    process = cli.start("ask", "Why?", log, "--yes", "--model", "m")
    until(server.sent.is_set, "the first piece of the answer")
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (130, b"hallucino: The answer was cancelled.\n")


def test_a_rule_of_redaction_that_is_no_regular_expression_is_refused(cli: Cli, log: str, settings: Any) -> None:
    settings('[[assistant.redaction.rules]]\nname = "ticket"\npattern = "("\n')
    done = cli("ask", "Why?", log, "--show")
    assert done.code == 2
    assert "ticket" in done.sentence


def test_rules_of_redaction_and_prompts_of_the_user_are_used(cli: Cli, log: str, answer: Any, settings: Any) -> None:
    folder = settings('[[assistant.redaction.rules]]\nname = "pool"\npattern = "pool"\n')
    (folder / "prompts").mkdir()
    (folder / "prompts" / "ask.md").write_text("Sag es kurz.")
    (folder / "prompts" / "system.md").write_text("")
    done = cli("ask", "Warum?", log, "--show")
    assert "<secret:pool:1> is empty" in done.out.decode()
    assert "Sag es kurz.\n\nQuestion: Warum?" in done.out.decode()
    assert done.err.count("\n") == 1
    assert "system.md is empty: the built-in one is used." in done.err


@pytest.fixture
def settings(cli: Cli) -> Any:
    """Writes the settings file; returns its folder."""
    from hallucino_tui.config.paths import settings_file

    def write(text: str) -> Path:
        settings_file().parent.mkdir(parents=True, exist_ok=True)
        settings_file().write_text(text)
        return settings_file().parent

    return write


def test_on_a_terminal_the_answer_comes_as_it_is_written_and_doubts_stand_under_it(
    cli: Cli, log: str, answer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    answer("The pool is empty ", "[L2]. The disk of db-7 failed with status 503 [L2].\x1b[2J")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    assert cli("ask", "Why?", log, "--yes").code == 4
    printed = terminal.getvalue()
    assert "\x1b" not in printed
    answer_itself, _, under = printed.partition("\n\n")
    assert answer_itself.startswith("The pool is empty [L2]. The disk of db-7 failed with status 503 [L2].")
    assert under.startswith("- ✖ unsupported: The disk of db-7 failed with status 503 [L2].")


def test_a_picture_in_an_answer_is_text_in_what_is_printed(cli: Cli, log: str, answer: Any) -> None:
    answer("web-1 is restarted [L1]. ![x](http://evil.example/x.png) <img src=x> [y](http://evil.example)")
    done = cli("summarise", log, "--yes")
    printed = done.out.decode()
    assert "evil.example" in printed
    assert not re.search(r"\]\(|<img|://", printed)


def test_lines_of_a_file_that_ends_them_as_windows_does_are_sent_without_that(cli: Cli, answer: Any) -> None:
    path = Path(cli.file("dos.log", ""))
    path.write_bytes(b"ERROR pool timeout\r\nERROR disk full\r\n")
    server = answer("The disk is full [L2].")
    cli("summarise", str(path), "--yes")
    sent = server.requests[0]["messages"][1]["content"]
    assert "disk full" in sent
    assert "\\r" not in sent


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_a_full_disk_is_no_defect_of_the_program(log: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "hallucino_tui", "report", log], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 1
    assert b"no space is left" in done.stderr
    assert b"defect" not in done.stderr


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_what_is_printed_without_an_answer_holds_pseudonyms(cli: Cli, form: list[str]) -> None:
    password = "q7hunter" + "q7horse"
    lines = [f"2026-11-23T12:{n // 60:02d}:{n % 60:02d}Z INFO order {n} placed" for n in range(120)]
    lines += [
        f"2026-11-23T12:{n // 60:02d}:{n % 60:02d}Z ERROR login failed, password={password}" for n in range(120, 240)
    ]
    log = cli.file("login.log", "\n".join(lines) + "\n")
    done = cli("summarise", log, *form)
    assert done.code == 1
    assert "password=<secret:password:1>" in done.out.decode()
    assert password not in done.out.decode() + done.err
