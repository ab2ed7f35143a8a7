"""`hallucino patterns`: templates of files, standard input and containers, as a table and as JSON."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from cli_world import Cli

from hallucino_tui.cli import main

LINES = [
    "2026-03-12T10:00:00Z INFO accepted order 17 of customer 4",
    "",
    "2026-03-12T10:00:01Z INFO accepted order 18 of customer 9",
    "2026-03-12T10:00:02Z ERROR connection to 10.0.0.7:5432 refused",
    "2026-03-12T10:00:03Z INFO accepted order 19 of customer 4",
    "2026-03-12T10:00:04Z ERROR connection to 10.0.0.8:5432 refused",
]


@pytest.fixture
def app(tmp_path: Path) -> Path:
    path = tmp_path / "app.log"
    path.write_text("\n".join(LINES))  # the last line has no end
    return path


def said(argv: list[str], capfdbinary: pytest.CaptureFixture[bytes]) -> tuple[int, str, str]:
    try:
        code = main(["patterns", *argv])
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else 1
    out, err = capfdbinary.readouterr()
    return code, out.decode(), err.decode()


def found(argv: list[str], capfdbinary: pytest.CaptureFixture[bytes]) -> dict[str, Any]:
    code, out, err = said([*argv, "--json"], capfdbinary)
    assert (code, err) == (0, "")
    assert out.count("\n") == 1
    return json.loads(out)


def test_a_table_tells_what_there_is(app: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    code, out, err = said([str(app)], capfdbinary)
    title, header, first, *rest = out.splitlines()
    assert (code, err) == (0, "")
    assert title == "6 lines, 3 templates, 2026-03-12 UTC"
    assert header.split() == ["count", "share", "level", "category", "first", "last", "template"]
    assert first.split()[:6] == ["3", "50.0%", "info", "normal", "10:00:00", "10:00:03"]
    assert first.endswith("accepted order <*> of customer <*>")
    assert len(rest) == 2


def test_json_counts_and_places_each_template(app: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    told = found([str(app)], capfdbinary)
    assert "lines" not in told
    assert told["files"] == [{"file": str(app), "first_line": 1, "lines": 6}]
    assert (told["line_count"], told["template_count"]) == (6, 3)
    orders, errors, empty = told["templates"]
    assert (orders["count"], orders["first_line"], orders["last_line"]) == (3, 1, 5)
    assert (errors["count"], errors["first_line"], errors["last_line"]) == (2, 4, 6)
    assert (empty["count"], empty["first_line"], empty["last_line"]) == (1, 2, 2)
    assert (errors["level"], errors["levels"], errors["category"]) == ("error", {"error": 2}, "incident")
    assert errors["rule"]
    assert errors["first_time"] == "2026-03-12T10:00:02.000000000Z"
    assert errors["last_time"] == "2026-03-12T10:00:04.000000000Z"
    assert orders["example"] == LINES[0]
    assert sum(one["share"] for one in told["templates"]) == pytest.approx(1, abs=1e-5)


def test_the_queries_of_a_template_find_its_lines(app: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    errors = found([str(app)], capfdbinary)["templates"][1]
    assert main(["logs", str(app), "--query", errors["query"]]) == 0
    assert capfdbinary.readouterr().out.decode().splitlines() == [LINES[3], LINES[5]]
    assert main(["logs", str(app), "--query", errors["hiding_query"], "--count"]) == 0
    assert capfdbinary.readouterr().out == b"4\n"


def test_every_line_has_the_id_of_its_template(app: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    told = found([str(app), "--lines"], capfdbinary)
    ids = [one["id"] for one in told["templates"]]
    assert told["lines"] == [ids[0], ids[2], ids[0], ids[1], ids[0], ids[1]]
    assert Counter(told["lines"]) == {one["id"]: one["count"] for one in told["templates"]}


@pytest.mark.parametrize("end", [b"", b"\n", b"\n\n", b"\r\n"])
def test_there_are_as_many_ids_as_lines(end: bytes, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    path = tmp_path / "odd.log"
    data = b"one \xff broken\n\nuser 1 came\n\ttab\n\x1b[31mred\x1b[0m 5\nlast" + end
    path.write_bytes(data)
    told = found([str(path), "--lines"], capfdbinary)
    assert len(told["lines"]) == data.count(b"\n") + (not data.endswith(b"\n"))
    assert None not in told["lines"]


def test_files_stand_in_the_order_of_the_arguments(
    app: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    other = tmp_path / "z.log"
    other.write_text("2020-01-01T00:00:00Z INFO accepted order 1 of customer 2\nsomething else\n")
    os.utime(other, (1, 1))  # nor does it matter which of them is older
    for paths in ([app, other], [other, app]):
        told = found([*map(str, paths), "--lines"], capfdbinary)
        alone = [found([str(path), "--lines"], capfdbinary)["lines"] for path in paths]
        assert [part["file"] for part in told["files"]] == list(map(str, paths))
        assert [part["first_line"] for part in told["files"]] == [1, 1 + len(alone[0])]
        assert told["lines"] == alone[0] + alone[1]
        assert told["templates"][0]["streams"] == 2


def test_a_query_leaves_lines_out_and_numbers_as_they_are(app: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    told = found([str(app), "--lines", "--query", "refused"], capfdbinary)
    (errors,) = told["templates"]
    assert (errors["first_line"], errors["last_line"], errors["share"]) == (4, 6, 1)
    assert told["lines"] == [None, None, None, errors["id"], None, errors["id"]]
    assert said([str(app), "--query", "nowhere"], capfdbinary) == (
        0, "", "hallucino: The query lets no line through.\n"
    )  # fmt: skip


def test_templates_are_sorted_and_some_are_enough(app: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    def firsts(*argv: str) -> list[int]:
        return [one["first_line"] for one in found([str(app), *argv], capfdbinary)["templates"]]

    assert firsts() == [1, 4, 2]
    assert firsts("--sort", "new") == [4, 2, 1]
    assert firsts("--sort", "first") == [1, 2, 4]
    assert firsts("--sort", "level") == [4, 1, 2]
    assert firsts("--sort", "level", "--limit", "1") == [4]
    _, out, _ = said([str(app), "--limit", "1"], capfdbinary)
    assert out.splitlines()[-1] == "and 2 more with 3 lines; --limit 0 shows all"


def test_a_folder_of_saved_logs_is_read(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    for pod in ("web-6d4f9b7c5d-x2x9k", "web-6d4f9b7c5d-zzz22"):
        (tmp_path / f"{pod}__app__0.log").write_text("2026-03-12T10:00:00.000000001Z ready after 3 s\n")
    (tmp_path / "truth.json").write_text("{}")
    told = found([str(tmp_path), "--lines"], capfdbinary)
    (template,) = told["templates"]
    assert (template["template"], template["count"], template["streams"]) == ("ready after <*> s", 2, 2)
    assert template["example"] == "ready after 3 s"
    assert len(told["lines"]) == 2


def test_standard_input_is_read(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    read, write = os.pipe()
    os.write(write, b"a 1\na 2\nb")
    os.close(write)
    kept = os.dup(0)
    os.dup2(read, 0)
    try:
        told = found(["-", "--lines"], capfdbinary)
    finally:
        os.dup2(kept, 0)
        for descriptor in (read, kept):
            os.close(descriptor)
    assert told["files"] == [{"file": "-", "first_line": 1, "lines": 3}]
    assert [one["count"] for one in told["templates"]] == [2, 1]
    assert told["templates"][0]["first_time"] is None


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["nowhere.log"], "nowhere.log does not exist: check the name and the folder."),
        (["nowhere.log", "app.log"], "nowhere.log does not exist: check the name and the folder."),
        (["./nowhere"], "nowhere does not exist: check the name and the folder."),
        (["app.log", "--lines"], "--lines belongs to --json: give both."),
        (["app.log", "--json", "--lines", "--limit", "5"], "Give either --lines or --limit"),
        (["app.log", "--limit", "-1"], "--limit -1 makes no sense"),
        (["app.log", "--query", "|= ("], ""),
        (["app.log", "-n", "shop"], "-n belongs to clusters: leave it out where files are read."),
        (["app.log", "--zone", "Nowhere"], "There is no time zone 'Nowhere'"),
        (["."], ". is a directory: name its files, for example *.log."),
        (["random.log"], "random.log holds binary data and no lines of text"),
        (["empty.log"], "There is no line to find templates in."),
        (["web", "shop"], "'web' is no file here, and containers are named once: shop is too much."),
    ],
)
def test_what_cannot_be_is_one_sentence(
    argv: list[str],
    words: str,
    app: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    monkeypatch.chdir(app.parent)
    Path("empty.log").touch()
    Path("random.log").write_bytes(bytes(range(256)) * 20)
    code, out, err = said(argv, capfdbinary)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert words in err
    assert "Traceback" not in err


def test_input_without_lines_is_an_empty_object(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    (tmp_path / "empty.log").touch()
    code, out, err = said([str(tmp_path / "empty.log"), "--json", "--lines"], capfdbinary)
    assert (code, err) == (2, "hallucino: There is no line to find templates in.\n")
    told = json.loads(out)
    assert (told["line_count"], told["templates"], told["lines"]) == (0, [], [])


def test_a_file_that_cannot_be_read_is_told_and_the_others_count(
    app: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    broken = tmp_path / "broken.log"
    broken.write_bytes(bytes(range(256)) * 20)
    code, out, err = said([str(app), str(broken), "--json"], capfdbinary)
    assert (code, err.count("\n")) == (1, 1)
    assert json.loads(out)["line_count"] == 6


def test_a_line_of_a_megabyte_is_a_line(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    path = tmp_path / "long.log"
    path.write_text(f"{'x' * (1 << 20)}\n{'a b ' * (1 << 18)}\nshort")
    told = found([str(path), "--lines"], capfdbinary)
    assert len(told["lines"]) == 3
    assert all(len(one["example"]) <= 2000 and len(one["template"]) < 10_000 for one in told["templates"])


def test_a_template_obeys_no_command_in_a_line(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    path = tmp_path / "hostile.log"
    path.write_bytes(b"\x1b]0;title\x07 red \xe2\x80\xae order" + b" of a customer" * 20 + b"\n")
    code, out, _ = said([str(path)], capfdbinary)
    assert code == 0
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_the_users_rules_come_first(
    app: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = tmp_path / "config" / "hallucino" / "settings.toml"
    settings.parent.mkdir(parents=True)
    rule = '[[categories]]\nname = "orders"\npattern = "accepted order"\ncategory = "{}"\n'
    settings.write_text(rule.format("preventive_action"))
    orders = found([str(app)], capfdbinary)["templates"][0]
    assert (orders["category"], orders["rule"]) == ("preventive_action", "orders")
    settings.write_text(rule.format("nonsense"))
    code, out, err = said([str(app)], capfdbinary)
    assert (code, out, err.count("\n")) == (2, "", 1)


def test_containers_are_read_one_after_the_other(cli: Cli) -> None:
    for name in ("web-1", "web-2"):
        cli.write(cli.pod(name, workload="web"), "started in 5 ms", "started in 7 ms", f"only {name}")
    result = cli("patterns", "--json", "--lines")
    told = json.loads(result.out)
    assert result.code == 0
    assert [part["file"] for part in told["files"]] == ["web-1/app", "web-2/app"]
    assert told["line_count"] == len(told["lines"]) == 6
    assert told["templates"][0]["count"] == 4
    assert cli("patterns", "--context", "nowhere").sentence


def test_templates_and_examples_hold_pseudonyms_and_nothing_of_a_private_key(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    password, body = "q7hunter" + "q7horse", "MIIEq7" * 10
    key = ["-----BEGIN RSA PRIVATE KEY-----", body, body[::-1], "b2sg", "-----END RSA PRIVATE KEY-----"]
    path = tmp_path / "app.log"
    path.write_text("\n".join([*key, *(f"login {n} password={password}" for n in range(3)), "ready"]) + "\n")
    for argv in ([], ["--json"]):
        code, out, err = said([str(path), *argv], capfdbinary)
        assert (code, err) == (0, "")
        assert "login <*> password=<secret:password:" in out
        assert not [one for one in (password, "hunter", body[:6], body[::-1][:6], "b2sg") if one in out]
    query = next(one["query"] for one in json.loads(out)["templates"] if "login" in one["template"])
    assert main(["logs", str(path), "--query", query, "--count"]) == 0
    assert capfdbinary.readouterr().out.strip() == b"3"
