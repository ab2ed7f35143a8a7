"""After the program ran over lines full of secrets, none is anywhere: in no file, no request, no error."""

from __future__ import annotations

import base64
import json
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from own_place import Breaking, OwnPlace, left_behind
from planted_logs import PlantedLogs, plant
from pseudo_terminal import Terminal
from recording_model import RecordingModel, Reply, recording, refused, streamed

from tests.secrets_left import made_up

pytestmark = pytest.mark.timeout(240)

ENTRY = re.compile(r"^\[L(\d+)\] [^\n]*?(<secret:[a-z0-9-]+:\d+>)", re.MULTILINE)
MOST_QUOTED = 4
ESCAPE, TAB, SHIFT_TAB, CTRL_K, CTRL_N, CTRL_U = "\x1b", "\t", "\x1b[Z", "\x0b", "\x0e", "\x15"


def words_of(body: Mapping[str, Any]) -> str:
    return "\n".join(message["content"] for message in body["messages"])


def quoting(body: dict[str, Any]) -> Reply:
    """Answer with pseudonyms, in a sentence, a command and a query, and with one that was never given."""
    found = ENTRY.findall(words_of(body))[-MOST_QUOTED:]
    claims = [f"- A worker showed {name} to others. [L{number}]\n" for number, name in found]
    name = found[0][1] if found else "<secret:password:1>"
    query, command = f'`{{app="x"}} |= "{name}"`', f"```sh\nkubectl logs x --token={name}\n```"
    more = f"- It is <secret:password:999>, too.\n\n{query}\n\n{command}\n"
    # How many tokens it took tells which answer it is.
    return streamed("".join(claims) + more, 100 + sum(message["role"] == "assistant" for message in body["messages"]))


@dataclass(frozen=True, slots=True)
class Scene:
    """Lines with secrets, a place to run in, and a key for a model server."""

    logs: PlantedLogs
    place: OwnPlace
    key: str

    @property
    def paths(self) -> list[str]:
        return list(map(str, self.logs.files))

    def asks(self, model: RecordingModel) -> None:
        """Set a model up."""
        self.place.environment |= {"OPENAI_BASE_URL": model.url, "OPENAI_API_KEY": self.key, "OPENAI_MODEL": "scripted"}

    def is_clean(self, model: RecordingModel | None = None, **printed: bytes) -> None:
        """Check that no secret is in any file, in anything that was received or printed."""
        files = self.place.files()
        received = [] if model is None else model.received
        texts = {**files, **printed, **{f"request {at}": data for at, data in enumerate(received)}}
        assert self.logs.left_in(texts) == {}
        # The key goes to its server, and nowhere else.
        assert [name for name, data in {**files, **printed}.items() if self.key.encode() in data] == []
        assert b"Traceback" not in b"".join(printed.values())


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(plant(tmp_path / "logs"), OwnPlace(tmp_path / "own"), made_up(f"q7{secrets.token_hex(12)}"))


@pytest.fixture
def model() -> Iterator[RecordingModel]:
    with recording(quoting) as made:
        yield made


def test_what_is_looked_for_is_found_in_each_form(tmp_path: Path) -> None:
    logs = plant(tmp_path / "logs")
    assert len({name.split()[0] for name in logs.secrets}) >= 20
    together = b"\n".join(path.name.encode() + path.read_bytes() for path in logs.files)
    assert all(secret.encode() in together for secret in logs.secrets.values())
    secret = max(logs.secrets.values(), key=lambda one: len(quote(one, safe="")) - len(one))
    half = secret[len(secret) // 2 :][:24]
    encoded = [base64.b64encode(b"x" * shift + half.encode()) for shift in range(3)]
    texts = {"whole": secret.encode(), "half": half.encode(), "url": quote(secret, safe="").encode()}
    texts |= {f"base64 {shift}": data for shift, data in enumerate(encoded)}
    texts |= {
        "clean": b"Set-Cookie: session=; Path=/; HttpOnly <secret:password:1>",
        "typed": logs.typed[3:12].encode(),
    }
    assert logs.left_in(texts).keys() == texts.keys() - {"clean"}


@pytest.mark.slow
def test_a_whole_session_leaves_no_secret(scene: Scene, model: RecordingModel) -> None:
    scene.asks(model)
    place = scene.place
    written = [place.here / "incident.md", place.here / "incident.html"]
    with place.screen("open", *scene.paths) as terminal:
        terminal.until(f"{scene.logs.lines} of {scene.logs.lines}")
        ask(terminal)
        ask_more(terminal, model, scene.logs.typed)
        keep_lines_and_the_view(terminal, scene.logs.typed)
        write_notes(terminal, scene.logs.typed)
        for path in written:
            export(terminal, path)
        terminal.send("q")
        assert terminal.wait() == 0
    assert len(model.questions) >= 3
    assert all("<secret:password:" in words_of(question) for question in model.questions)
    (notebook,) = (place.state / "notebooks").glob("*.json")
    kept = [entry["type"] for entry in json.loads(notebook.read_text())["entries"]]
    assert sorted(kept) == ["answer", "answer", "answer", "lines", "view"]
    assert all("secret:password:" in path.read_text() for path in (notebook, *written))
    assert_private(place)
    printed = {"terminal": left_behind(terminal)}
    for format_ in ("markdown", "html"):
        for more in ([], ["--no-redact"]):
            done = place.run("notebook", "export", notebook.stem, "--format", format_, *more)
            assert (done.code, done.err) == (0, b"")
            printed[f"{format_} {more}"] = done.out
    printed["shown"] = place.run("notebook", "show", notebook.stem).out
    printed["listed"] = place.run("notebook", "list").out
    assert all(printed.values())
    scene.is_clean(model, **printed)


def ask(terminal: Terminal) -> None:
    """Ask, look at what is sent, send it, and keep the answer."""
    terminal.send("s")
    terminal.until("Before anything is sent")
    terminal.send("A")
    terminal.until("claims supported")
    terminal.send(TAB)
    terminal.until("next citation")
    terminal.send("S")
    terminal.until("── system ──")
    terminal.send(ESCAPE)
    terminal.until(lambda: "── system ──" not in terminal.text)
    terminal.send("K")
    terminal.until("Kept as entry 1")
    terminal.send("yx")  # the answer and a command to the clipboard


def ask_more(terminal: Terminal, model: RecordingModel, secret: str) -> None:
    """Type a secret into a question, and keep the answer; then let the cause be found, and keep that."""
    terminal.send("a")
    terminal.send(f"Was password={secret} wrong?\r")
    terminal.until(lambda: terminal.send("G") or "complete, 101 tokens" in terminal.text)
    terminal.send("K")
    terminal.until("Kept as entry 2")
    terminal.send(SHIFT_TAB)
    terminal.until("s summarise")
    terminal.send("r")
    terminal.until(lambda: len(model.questions) == 3)
    terminal.until("next citation")
    terminal.until(lambda: terminal.send("G") or "complete, 100 tokens" in terminal.text)
    terminal.send("K")
    terminal.until("Kept as entry 3")
    terminal.send(SHIFT_TAB)
    terminal.until("s summarise")


def keep_lines_and_the_view(terminal: Terminal, secret: str) -> None:
    terminal.send("gvG")
    terminal.send("K")
    terminal.until("Kept as entry 4")
    # What a filter says is kept with the view.
    terminal.send(f"&!password={secret}\r")
    terminal.until(f"password={secret[:8]}")
    terminal.send(CTRL_K)
    terminal.until("Kept as entry 5")


def write_notes(terminal: Terminal, secret: str) -> None:
    """Type a secret into a note, and into the name of the incident."""
    terminal.send(CTRL_N)
    terminal.until("Notebook: Incident")
    terminal.send("n")
    terminal.until("note ▸")
    terminal.send(f"it was password={secret}\r")
    terminal.until("✎ it was password=<secret:")
    terminal.send("t")
    terminal.until("incident ▸")
    terminal.send(f"{CTRL_U}token={secret} is known\r")
    terminal.until("Notebook: token=<secret:")
    terminal.send(ESCAPE)
    terminal.until(lambda: "Notebook: " not in terminal.text)


def export(terminal: Terminal, path: Path) -> None:
    terminal.send(CTRL_N)
    terminal.until("Notebook: token")
    terminal.send("x")
    terminal.until("export as ▸")
    terminal.send(f"{CTRL_U}{path}\r")
    terminal.until("Exported to")
    terminal.until(lambda: "export as ▸" not in terminal.text)  # it stays until the file is there
    terminal.send(ESCAPE)
    terminal.until(lambda: "Notebook: " not in terminal.text)


def assert_private(place: OwnPlace) -> None:
    """Check that only its owner can read what is kept, and that nothing else is kept."""
    modes = place.modes()
    assert {name for name in modes if "/" not in name} <= {
        ".", "agreed-hosts.json", "asked-models.json", "notebooks"
    }  # fmt: skip
    assert all(mode in {0o600, 0o700} for mode in modes.values()), modes
    kept = [name for name in place.files() if not name.startswith(("home/.local/state/hallucino/", "here/"))]
    assert kept == ["names"]


def test_commands_that_ask_leave_no_secret(scene: Scene, model: RecordingModel) -> None:
    scene.asks(model)
    question = f"Was password={scene.logs.typed} wrong?"
    commands = {
        "summarise": ["summarise", *scene.paths, "--yes", "--json"],
        "markdown": ["summarise", *scene.paths, "--yes", "--cause"],
        "ask": ["ask", question, *scene.paths, "--yes", "--json"],
        "show": ["ask", question, *scene.paths, "--show"],
        "update": ["ask", question, *scene.paths, "--yes", "--task", "update"],
    }
    printed: dict[str, bytes] = {}
    for name, command in commands.items():
        done = scene.place.run(*command)
        assert done.code in {0, 4}, done
        assert b"secret:password:" in done.out
        printed |= {f"{name} out": done.out, f"{name} err": done.err}
    assert len(model.questions) == len(commands) - 1
    scene.is_clean(model, **printed)


def test_commands_that_ask_nobody_leave_no_secret_but_in_the_lines_that_they_print(scene: Scene) -> None:
    printed: dict[str, bytes] = {}
    for number, path in enumerate(scene.paths):
        done = scene.place.run("redact", path, "--summary")
        assert done.code == 0
        printed |= {f"redact {number} out": done.out, f"redact {number} err": done.err}
    # These print lines as they are, to whoever has them anyway.
    for command in (["report"], ["report", "--json"], ["patterns", "--json"], ["logs"], ["summarise"]):
        done = scene.place.run(*command, *scene.paths)
        printed[f"{command} err"] = done.err
    scene.is_clean(**printed)


COMMANDS = {
    "ask": (["ask", "why?"], "session.asking", "Asking.begin", "awaited"),
    "a thread of ask": (["summarise"], "assistant.redact", "Redactor.redact_series", "called"),
    "redact": (["redact"], "assistant.redact", "Redactor.redact_series", "called"),
    "report": (["report"], "insight.report.make", "make_report", "called"),
    "logs": (["logs"], "session.sieve", "Sieve.pick", "called"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_defect_in_a_command_leaves_no_secret(scene: Scene, model: RecordingModel, name: str) -> None:
    scene.asks(model)
    command, module, function, how = COMMANDS[name]
    files = scene.paths[:1] if name == "redact" else scene.paths
    breaking = Breaking(f"hallucino_tui.{module}", function, secret_file(scene), how)
    done = scene.place.run(*command, *files, breaking=breaking)
    assert done.code == 1
    assert done.err.startswith(b"hallucino: Hallucino stopped by a defect of its own (LookupError).")
    assert done.err.count(b"\n") == 1
    assert_reported(scene)
    scene.is_clean(model, err=done.err)


def test_a_defect_in_what_nobody_waits_for_leaves_no_secret(scene: Scene) -> None:
    breaking = Breaking("hallucino_tui.cli.file_logs", "_run", secret_file(scene), "left_alone")
    done = scene.place.run("logs", *scene.paths, breaking=breaking)
    assert done.code == 0
    assert b"hallucino: Hallucino stopped by a defect of its own (LookupError)." in done.err
    assert_reported(scene)
    scene.is_clean(err=done.err)


KEYS = {
    "the screen": ("s", "ui.ask_flow", "AskFlow.ask", "awaited"),
    "the engine": ("s", "session.asking", "Asking.begin", "awaited"),
    "a thread of the engine": ("s", "assistant.redact", "Redactor.redact_series", "called"),
    "the notebook's thread": ("K", "session.notebook_keeper", "Keeper.add", "called"),
    "a draft": (CTRL_K, "session.notebook_drafts", "draft_view", "called"),
}


@pytest.mark.parametrize("name", KEYS)
def test_a_defect_behind_the_screen_leaves_no_secret(scene: Scene, model: RecordingModel, name: str) -> None:
    scene.asks(model)
    key, module, function, how = KEYS[name]
    breaking = Breaking(f"hallucino_tui.{module}", function, secret_file(scene), how)
    with scene.place.screen("open", *scene.paths, breaking=breaking) as terminal:
        terminal.until(f"{scene.logs.lines} of {scene.logs.lines}")
        terminal.send(key)
        assert terminal.wait() == 1
    left = left_behind(terminal)
    assert b"stopped by a defect of its own (LookupError)" in left
    assert_reported(scene)
    scene.is_clean(model, terminal=left)


def secret_file(scene: Scene) -> Path:
    """A file with all secrets, for what breaks to have in its hands."""
    path = scene.logs.files[0].with_name("in-hands")
    path.write_text("\n".join(scene.logs.secrets.values()))
    return path


def assert_reported(scene: Scene) -> None:
    report = scene.place.state / "defect.txt"
    assert "LookupError" in report.read_text()
    assert report.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("status", "number", "before"), [(400, 0, ""), (500, 1, ""), (400, 2, "x " * 100)])
def test_a_server_that_tells_secrets_in_its_error_leaves_none(
    scene: Scene, status: int, number: int, before: str
) -> None:
    # Secrets that only the server knows, short ones or one that is cut off where the sentence ends; then the question.
    lines = scene.logs.files[0].read_text().splitlines()
    told = lines[7:8] if before else [line for line in lines if len(line) < 100][number::2][:2]

    def tell(body: dict[str, Any]) -> Reply:
        return refused(status, f"{before}cannot parse {scene.key}: {'; '.join(told)}; {words_of(body)}")

    with recording(tell) as model:
        scene.asks(model)
        done = scene.place.run("ask", f"Was password={scene.logs.typed} wrong?", *scene.paths, "--yes", "--json")
        assert done.code == 1
        assert b"cannot parse" in done.err
        assert b"<secret:" in done.err or before
        assert len(model.questions) >= 1
        # The report that stands in for the answer shows lines as they are, to whoever has them anyway.
        scene.is_clean(model, err=done.err)
