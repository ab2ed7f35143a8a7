"""`hallucino report`: saved logs with what their cluster did, files alone, containers, and what is no good."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cli_world import NOON, Cli

from hallucino_tui.cli import main
from hallucino_tui.config.paths import settings_file
from hallucino_tui.demo.access import Denial

BEGIN = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)
PASSWORD, AWS = "q7hunter" + "q7horse", "AKIA" + "Q7" * 8
OLD, NEW, FRONT = "checkout-6d4f9b7c5d-x2x9k", "checkout-7b8c9d6f45-zzz22", "storefront-5c6d7f8b94-k7k7k"


def at(seconds: float) -> str:
    return f"{BEGIN + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%S.%f}000Z"


def event(seconds: float, reason: str, kind: str, name: str, message: str, kind_: str = "Normal") -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": f"{name}.{seconds}", "namespace": "shop"},
        "involvedObject": {"kind": kind, "name": name, "namespace": "shop"},
        "type": kind_,
        "reason": reason,
        "message": message,
        "count": 1,
        "firstTimestamp": at(seconds)[:19] + "Z",
        "lastTimestamp": at(seconds)[:19] + "Z",
    }


@pytest.fixture
def incident(tmp_path: Path) -> Path:
    """A rollout of checkout whose new pod cannot reach its database; storefront shouts."""
    folder = tmp_path / "logs"
    folder.mkdir()
    front: list[str] = []
    for second in range(240):
        trouble = second >= 120 and second % 2
        front.append(
            f"{at(second)} ERROR checkout did not answer: 503 for order {second}"
            if trouble
            else f"{at(second)} INFO order {second} placed in {20 + second % 7} ms"
        )
    (folder / f"{FRONT}__storefront__0.log").write_text("\n".join(front) + "\n")
    old = [f"{at(second + 0.2)} INFO reserved stock for order {second}" for second in range(118)]
    (folder / f"{OLD}__checkout__0.log").write_text("\n".join(old) + "\n")
    new = [f"{at(118)} INFO starting checkout 2.0 pool=500"]
    new += [f"{at(second)} FATAL no connection to postgres: too many clients" for second in range(120, 240, 3)]
    (folder / f"{NEW}__checkout__0.log").write_text("\n".join(new) + "\n")
    events = [
        event(116, "ScalingReplicaSet", "Deployment", "checkout", f"Scaled up replica set {NEW[:-6]} from 0 to 1"),
        event(117, "SuccessfulCreate", "ReplicaSet", NEW[:-6], f"Created pod: {NEW}"),
    ]
    (tmp_path / "events.json").write_text(json.dumps({"kind": "List", "apiVersion": "v1", "items": events}))
    pods = [{"kind": "Pod", "metadata": {"name": name, "namespace": "shop"}, "spec": {}} for name in (FRONT, NEW)]
    (tmp_path / "pods.json").write_text(json.dumps({"kind": "List", "items": pods}))
    return folder


def said(argv: list[str], capfdbinary: pytest.CaptureFixture[bytes]) -> tuple[int, str, str]:
    try:
        code = main(["report", *argv])
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else 1
    out, err = capfdbinary.readouterr()
    return code, out.decode(), err.decode()


def with_cluster(folder: Path) -> list[str]:
    return [
        str(folder), "--events", str(folder.parent / "events.json"), "--pods", str(folder.parent / "pods.json")
    ]  # fmt: skip


def quiet(folder: Path) -> Path:
    path = folder / "quiet.log"
    path.write_text("".join(f"{at(second)} INFO order {second} placed in 20 ms\n" for second in range(240)))
    return path


def test_an_incident_is_written_up_and_told_by_the_exit_code(
    incident: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    code, out, err = said(with_cluster(incident), capfdbinary)
    assert (code, err) == (3, "")
    assert "An incident" in out
    cause = out.split("first cause**")[1].split("**")[0]
    assert "checkout: a rollout" in cause
    assert "[E0]" in cause
    assert f"`{incident}/{NEW}__checkout__0.log`" in out  # what the numbers of files mean
    assert f"- E: `.items` of `{incident.parent}/events.json`, from 0" in out


def test_as_json_every_citation_is_found_where_it_says(
    incident: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    code, out, err = said([*with_cluster(incident), "--json"], capfdbinary)
    told = json.loads(out)
    assert (code, err, out.count("\n")) == (3, "", 1)
    assert told["incident"] is True
    assert told["first_cause"]["workload"] == "checkout"
    events = json.loads((incident.parent / "events.json").read_text())["items"]
    citations = [one for statement in told["statements"] for one in statement["citations"]]
    citations += told["first_cause"]["citations"]
    assert {"file", "event"} <= {name for one in citations for name in one}
    for one in citations:
        if "event" in one:
            assert events[one["event"]]["message"] in one["text"]
        else:
            line = Path(one["file"]).read_text().split("\n")[one["line"] - 1]
            assert line.split(" ", 1)[1] == one["text"]
    assert any(one["workload"] == "storefront" for one in told["statements"])


def test_a_quiet_log_is_no_incident(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    code, out, err = said([str(quiet(tmp_path))], capfdbinary)
    assert (code, err) == (0, "")
    assert "No incident" in out
    code, out, _ = said([str(quiet(tmp_path)), "--json"], capfdbinary)
    told = json.loads(out)
    assert (code, told["incident"], told["first_cause"]) == (0, False, None)


def test_events_are_read_only_if_they_are_named(incident: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    (incident / "events.json").write_text("no JSON at all")
    code, out, _ = said([str(incident), "--json"], capfdbinary)
    assert code == 3
    assert json.loads(out)["events"] == 0


def test_one_file_is_cited_by_its_lines_alone(incident: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    code, out, _ = said([str(incident / f"{FRONT}__storefront__0.log")], capfdbinary)
    assert code == 3
    assert "[L122]" in out
    assert "Where that stands" not in out


@pytest.mark.parametrize("purpose", ["performance", "security"])
def test_other_views_are_of_the_same_evidence(
    purpose: str, incident: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    code, out, _ = said([*with_cluster(incident), "--for", purpose, "--json"], capfdbinary)
    told = json.loads(out)
    assert (code, told["purpose"], told["first_cause"]["workload"]) == (3, purpose, "checkout")


def test_what_is_normal_can_be_said(incident: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    saved, other_day = tmp_path / "day.json", tmp_path / "other"
    other_day.mkdir()
    quiet(tmp_path).rename(other_day / "storefront-5c6d7f8b94-qqqqq__storefront__0.log")
    assert said([str(other_day), "--save-baseline", str(saved)], capfdbinary)[0] == 0
    for baseline in (str(saved), "100s", "12:00..12:01:40", "2026-11-23T12:00:00..2026-11-23T12:01:40"):
        argv = [*with_cluster(incident), "--baseline", baseline, "--zone", "UTC", "--json"]
        code, out, err = said(argv, capfdbinary)
        assert (code, err) == (3, "")
        surprises = [one["text"] for one in json.loads(out)["statements"] if one["section"] == "surprises"]
        assert any("checkout did not answer" in text or "no connection" in text for text in surprises), baseline


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["nowhere.log"], "nowhere.log does not exist: check the name and the folder."),
        (["app.log", "--events", "none.json"], "none.json does not exist"),
        (["app.log", "--events", "broken.json"], "--events broken.json is no whole JSON"),
        (["app.log", "--events", "deep.json"], "--events deep.json is no whole JSON"),
        (["app.log", "--events", "latin.json"], "--events latin.json is no whole JSON"),
        (["app.log", "--events", "list.json"], "--events list.json holds no list of events"),
        (["app.log", "--events", "pods.json"], "--events pods.json: item 1 is no event"),
        (["app.log", "--events", "both.json"], "--events both.json holds no list of events"),
        (["app.log", "--pods", "events.json"], "--pods events.json: item 1 is no pod"),
        (["app.log", "--pods", "list.json"], "--pods list.json holds no list of pods"),
        (["app.log", "--pods", "half.json"], "--pods half.json holds no list of pods"),
        (["app.log", "--pods", "."], ". cannot be read"),
        (["app.log", "--baseline", "soon"], "--baseline soon is no span of time such as 10m or 12:00..12:05"),
        (["app.log", "--baseline", "12:00..never"], "--baseline: 'never' is no time"),
        (["app.log", "--baseline", "list.json"], "--baseline list.json: it is no baseline"),
        (["app.log", "--baseline", "broken.json"], "--baseline broken.json: it is no whole JSON."),
        (["app.log", "--baseline", "2h"], "The baseline has to hold some of the lines and to end before the last"),
        (["untimed.log", "--baseline", "2h"], "No line has a time, so none of them are a baseline"),
        (["untimed.log", "--save-baseline", "x.json"], "No line has a time, so there is no rate to keep"),
        (["app.log", "--save-baseline", "no/x.json"], "no/x.json cannot be written"),
        (["app.log", "-A"], "-A belongs to clusters"),
        (["app.log", "--for", "fun"], "Argument --for: invalid choice: 'fun'"),
        (["folder"], "folder is a directory: name its files"),
        (["empty.log"], "There is no line to report on."),
        (["random.log"], "random.log holds binary data"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    argv: list[str],
    words: str,
    incident: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    monkeypatch.chdir(incident.parent)
    quiet(Path()).rename("app.log")
    Path("untimed.log").write_text("one\ntwo\n")
    Path("empty.log").touch()
    Path("random.log").write_bytes(bytes(range(256)) * 20)
    Path("folder").mkdir()
    Path("broken.json").write_text('{"items": [')
    Path("deep.json").write_text("[" * 100_000)
    Path("latin.json").write_bytes(b'{"items": "\xff"}')
    Path("list.json").write_text("[]")
    Path("both.json").write_text('{"before": {"items": []}, "after": {"items": []}}')
    Path("half.json").write_text('{"before": {"items": []}, "after": 5}')
    code, out, err = said(argv, capfdbinary)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert words in err
    assert "Traceback" not in err


def test_pods_before_and_after_are_read(incident: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    pods = json.loads((incident.parent / "pods.json").read_text())
    both = incident.parent / "both.json"
    both.write_text(json.dumps({"before": {"items": []}, "after": pods}))
    code, _, err = said([str(incident), "--pods", str(both)], capfdbinary)
    assert (code, err) == (3, "")


def test_input_without_lines_is_an_empty_report(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    (tmp_path / "empty.log").touch()
    code, out, err = said([str(tmp_path / "empty.log"), "--json"], capfdbinary)
    assert (code, err) == (2, "hallucino: There is no line to report on.\n")
    assert json.loads(out) == {"statements": [], "first_cause": None, "incident": False}


def test_what_could_not_be_read_is_in_the_report(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    (tmp_path / "broken.log").write_bytes(bytes(range(256)) * 20)
    code, out, err = said([str(quiet(tmp_path)), str(tmp_path / "broken.log"), "--json"], capfdbinary)
    assert (code, err.count("\n")) == (1, 1)
    (gap,) = json.loads(out)["gaps"]
    assert "broken.log holds binary data" in gap


def test_lines_obey_nothing(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    path = tmp_path / "hostile.log"
    evil = "ERROR \x1b[2J `code` [link](http://evil.example) <script> | x"
    lines = [f"{at(second)} INFO well and as always" for second in range(100)]
    lines += [f"{at(100 + second)} {evil}" for second in range(50)]
    path.write_text("\n".join(lines))
    code, out, _ = said([str(path)], capfdbinary)
    assert code == 3
    assert "\x1b" not in out


def test_a_cluster_is_asked_itself(cli: Cli) -> None:
    pod = cli.pod("web-6d4-x2x9k", workload="web")
    lines = [f"INFO order {number} placed" for number in range(120)]
    cli.write(pod, *lines, time_=NOON)
    cli.write(pod, *(["ERROR database is gone"] * 60), time_=NOON + 120 * 10**9)
    result = cli("report", "--json")
    told = json.loads(result.out)
    assert (result.code, told["incident"], told["lines"]) == (3, True, 180)
    assert told["first_cause"]["workload"] == "web"
    files = {one["file"] for statement in told["statements"] for one in statement["citations"] if "file" in one}
    assert files == {"default/web-6d4-x2x9k/app"}
    assert cli("report", "--events", "x.json").sentence.endswith("a cluster is asked for its events itself.")


def test_a_cluster_without_lines_is_one_sentence(cli: Cli) -> None:
    cli.pod("web")
    assert cli("report").sentence == "hallucino: There is no line to report on."


def test_the_run_before_a_restart_is_read_too(cli: Cli) -> None:
    pod = cli.pod("web-1", workload="web")
    cli.write(pod, "about to fail")
    cli.background.call(lambda: pod.container().restart(1, "Error"))
    cli.write(pod, "here again", time_=NOON + 9 * 10**9)
    result = cli("patterns", "--json")
    assert [(part["file"], part["lines"]) for part in json.loads(result.out)["files"]] == [("web-1/app", 1)] * 2
    told = json.loads(cli("report", "--json").out)
    assert told["lines"] == 2
    assert any("exit code 1" in one["text"] for one in told["statements"])


def test_a_container_that_never_began_is_no_gap(cli: Cli) -> None:
    cli.write(cli.pod("web-1"), "well")
    cli.pod("web-2", node="")  # it is not placed yet
    result = cli("report", "--json")
    assert (result.code, result.err) == (0, "")
    assert json.loads(result.out)["gaps"] == []


def test_events_that_may_not_be_read_are_a_gap(cli: Cli) -> None:
    cli.write(cli.pod("web-1"), "well")
    cli.background.call(lambda: cli.cluster.faults.access.denials.append(Denial("list", "events")))
    result = cli("report", "--json")
    (gap,) = json.loads(result.out)["gaps"]
    assert result.code == 1
    assert gap.startswith("What the cluster did could not be read: ")
    assert "events" in gap


@pytest.fixture
def secretive(tmp_path: Path) -> Path:
    """Two quiet minutes, then errors that hold a password, and a key where a quotation of them is cut."""
    lines = [f"{at(second)} INFO order {second} placed in 20 ms" for second in range(120)]
    for second in range(120, 240):
        lines.append(f"{at(second)} ERROR login to the shop's database failed, password={PASSWORD}")
        lines.append(f"{at(second)} ERROR {'the pool of the shop is empty, ' * 3}key {AWS} was refused by the server")
    path = tmp_path / "app.log"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.mark.parametrize("form", [[], ["--json"], ["--for", "security"], ["--for", "performance"]])
def test_a_report_that_is_printed_holds_pseudonyms_and_no_piece_of_a_secret(
    secretive: Path, form: list[str], capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    code, out, err = said([str(secretive), *form], capfdbinary)
    assert (code, err) == (3, "")
    assert "password=<secret:password:1>" in out
    assert not [piece for piece in (PASSWORD[:6], AWS[:6]) if piece in out]


def test_a_report_keeps_to_the_redaction_rules_of_the_settings(
    incident: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    settings_file().parent.mkdir(parents=True, exist_ok=True)
    rule = '[[assistant.redaction.rules]]\nname = "order"\npattern = "order (?P<secret>[0-9]+)"\n'
    settings_file().write_text(rule)
    _, out, _ = said(with_cluster(incident), capfdbinary)
    assert "order <secret:order:" in out
    assert not re.search("order [0-9]", out)
    settings_file().write_text(rule.replace("[0-9]+", "("))
    code, out, err = said(with_cluster(incident), capfdbinary)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "The redaction rule 'order'" in err
