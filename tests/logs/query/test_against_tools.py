"""Counts on whole files are those of grep, ripgrep and jq."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from hallucino_tui.logs.query.parser import parse
from tests.logs.query.obvious_store import Filled, check

CORPORA = Path(__file__).parents[3].parent / "shared" / "data" / "loghub" / "loghub_2k"
LINES = 20_000


def read(path: Path, most: int | None = None) -> Filled:
    """Put the lines of a file, or the first of them, into a store, some thousand at a time."""
    filled = Filled([{"file": path.name}])
    lines = path.read_bytes().removesuffix(b"\n").split(b"\n")[:most]
    for start in range(0, len(lines), 3000):
        piece = lines[start : start + 3000]
        filled.add(0, piece, list(range(start, start + len(piece))))
    return filled


def run(name: str, *arguments: str) -> str:
    tool = shutil.which(name)
    if tool is None:
        pytest.skip(f"{name} is not installed")
    done = subprocess.run(
        [tool, *arguments], capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C.UTF-8"}
    )
    # 1 says that there was no match.
    assert done.returncode in {0, 1}, done.stderr
    return done.stdout.strip()


def grep(*arguments: str) -> int:
    return int(run("grep", "-a", "-c", *arguments))


def rg(*arguments: str) -> int:
    return int(run("rg", "--no-config", "-a", "-c", *arguments) or "0")


def jq(program: str, path: Path) -> int:
    """Count the lines of a file that are JSON objects and that a program lets through."""
    return int(run("jq", "-R", "-n", f"[inputs | fromjson? | objects | {program}] | length", str(path)))


def written(generator: random.Random) -> str:
    """Make up a line of a file that several programs write to."""
    status = generator.choice([200, 200, 200, 201, 302, 404, 500, 503])
    service = generator.choice(["cart", "checkout", "search"])
    word = generator.choice(["ok", "timeout", "pool is empty", "Connection refused", "größe", 'said "no"'])
    took = generator.randrange(2000)
    match generator.randrange(9):
        case 0 | 1 | 2:
            order = {"id": generator.randrange(50), "total": generator.randrange(4000) / 8}
            record = {"time": "t", "status": status, "msg": word, "service": service, "took": took, "order": order}
            if generator.randrange(4) == 0:
                del record["order"]
            if generator.randrange(10) == 0:
                record["status"] = str(status)
            return json.dumps(record, ensure_ascii=generator.random() < 0.5, separators=(",", ":"))
        case 3 | 4:
            text = word.replace('"', '\\"')
            return f'ts=t severity={generator.choice(["info", "error"])} service={service} msg="{text}" took={took}ms'
        case 5 | 6:
            address = f"10.0.{generator.randrange(3)}.{generator.randrange(256)}"
            return f'{address} - - [22/Nov/2026:20:00:00 +0000] "GET /{service}/{took} HTTP/1.1" {status} {took}'
        case 7:
            return f"{generator.choice('IWE')}0312 02:13:45.212192       1 server.go:{took}] {word}"
        case _:
            return generator.choice(["\tat a.b.C(C.java:1)", "Caused by: x.YException: timeout", "", '{"status":500'])


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Filled]:
    generator = random.Random(11)
    path = tmp_path_factory.mktemp("mixed") / "mixed.log"
    path.write_text("".join(written(generator) + "\n" for _ in range(LINES)))
    return path, read(path)


TEXTS = [
    ('|= "timeout"', ["-F", "timeout"]),
    ('!= "timeout"', ["-F", "-v", "timeout"]),
    ('|~ "(?i)TIMEOUT|refused"', ["-E", "-i", "TIMEOUT|refused"]),
    ('|= "größe"', ["-F", "größe"]),
    ('|~ "\\" (404|50[03]) [0-9]+$"', ["-E", '" (404|50[03]) [0-9]+$']),
    ('!~ "^[{]"', ["-E", "-v", "^[{]"]),
    ('|~ "^$"', ["-E", "^$"]),
    ('|= "cart" or "search"', ["-F", "-e", "cart", "-e", "search"]),
    ('!= "cart" or "search"', ["-F", "-v", "-e", "cart", "-e", "search"]),
    ('|~ "^10\\\\.0\\\\.[0-9]+\\\\.7 "', ["-E", "^10\\.0\\.[0-9]+\\.7 "]),
    ('|> "<_> - - [<_>] \\"GET /cart/<_>"', ["-E", '^.+ - - \\[.+\\] "GET /cart/.+']),
    ('|= ip("10.0.1.0/24")', ["-E", "^10\\.0\\.1\\.[0-9]+ "]),
    ('| logfmt | service="cart"', ["-E", "(^| )service=cart( |$)"]),
    ('| logfmt | severity="error" and service=~"c.*"', ["-E", "severity=error service=(cart|checkout) "]),
    ('| logfmt | msg="said \\"no\\""', ["-F", ' msg="said \\"no\\""']),
    ("| logfmt | took >= 1s", ["-E", " took=1[0-9]{3}ms$"]),
    ('| logfmt | service!="cart"', ["-E", "-v", "(^| )service=cart( |$)"]),
    ('| regexp "HTTP/1.1. (?P<status>[0-9]+)" | status >= 500', ["-E", 'HTTP/1.1" 50[03] ']),
    ('| pattern `<ip> - - [<_>] "<_>" <status> <_>` | status = 404', ["-E", 'HTTP/1.1" 404 ']),
]  # fmt: skip
FIELDS = [
    ('| json | __error__ = "" | status >= 500', "select(.status != null and (.status | tonumber) >= 500)"),
    ("| json | status < 300", "select(.status != null and (.status | tonumber) < 300)"),
    ("| json | status != 500", "select(.status != null and (.status | tonumber) != 500)"),
    ('| json | status = "404"', 'select((.status | tostring) == "404")'),
    ('| json | msg = "said \\"no\\""', 'select(.msg == "said \\"no\\"")'),
    ('| json | msg =~ "gr.+e|.*empty"', 'select(.msg | test("^(gr.+e|.*empty)$"))'),
    ("| json | order_total > 250.5", "select(.order.total != null and .order.total > 250.5)"),
    ('| json | order_id != "" | order_id <= 5', "select(.order.id != null and .order.id <= 5)"),
    ('| json total="order.total" | total != "" | total < 100', "select(.order.total != null and .order.total < 100)"),
    ('| json | service = "cart" and took > 1500', 'select(.service == "cart" and .took > 1500)'),
    ('| json | (status = 503 or took > 1900) and service != "cart"',
     'select(((.status | tonumber) == 503 or .took > 1900) and .service != "cart")'),
    ('|= "timeout" | json | order_id = 7', 'select(.msg == "timeout" and .order.id == 7)'),
    ('| json | __error__ = ""', "."),
]  # fmt: skip


@pytest.mark.parametrize(("query", "arguments"), TEXTS)
def test_as_many_lines_of_a_mixed_file_as_grep_finds(
    query: str, arguments: list[str], mixed: tuple[Path, Filled]
) -> None:
    path, filled = mixed
    wanted = grep(*arguments, str(path))
    assert len(filled.found(parse(query))) == wanted
    assert 0 < wanted < LINES


@pytest.mark.parametrize(("query", "arguments"), TEXTS)
def test_as_many_lines_of_a_mixed_file_as_ripgrep_finds(
    query: str, arguments: list[str], mixed: tuple[Path, Filled]
) -> None:
    path, filled = mixed
    wanted = rg(*(argument for argument in arguments if argument != "-E"), str(path))
    assert len(filled.found(parse(query))) == wanted


@pytest.mark.parametrize(("query", "program"), FIELDS)
def test_as_many_objects_of_a_mixed_file_as_jq_finds(query: str, program: str, mixed: tuple[Path, Filled]) -> None:
    path, filled = mixed
    wanted = jq(program, path)
    assert len(filled.found(parse(query))) == wanted
    assert 0 < wanted < LINES


def test_objects_that_were_cut_off_have_the_fields_of_their_beginning(mixed: tuple[Path, Filled]) -> None:
    path, filled = mixed
    whole, cut = jq("select((.status | tonumber? // 0) == 500)", path), grep("-F", "-x", '{"status":500', str(path))
    assert len(filled.found(parse("| json | status = 500"))) == whole + cut
    assert cut > 0


def test_lines_without_a_field_are_unequal_to_any_value_of_it(mixed: tuple[Path, Filled]) -> None:
    path, filled = mixed
    wanted = LINES - jq('select(.service == "cart")', path)
    assert len(filled.found(parse('| json | service != "cart"'))) == wanted


REAL_QUERIES = [
    '|~ "(?i)exception|warn" != "java" | level >= warn',
    '| logfmt | uid=0 or rhost!=""',
    '|= ip("10.0.0.0/8")',
    '| pattern "<_> <_> <level> <component>: <msg>" | component=~".+" | msg!=""',
    '| regexp "(?P<ip>[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+)" | ip = ip("0.0.0.0-127.255.255.255")',
]
CORPUS_TEXTS = [
    ('|= "error"', ["-F", "error"]),
    ('!= "INFO"', ["-F", "-v", "INFO"]),
    ('|~ "(?i)fail(ed|ure)?"', ["-E", "-i", "fail(ed|ure)?"]),
    ('|~ "[0-9]{1,3}([.][0-9]{1,3}){3}"', ["-E", "[0-9]{1,3}([.][0-9]{1,3}){3}"]),
    ('!~ "[a-z]+[.][a-z]+[.][A-Z]"', ["-E", "-v", "[a-z]+[.][a-z]+[.][A-Z]"]),
    ('|= "user" or "root" or "block"', ["-F", "-e", "user", "-e", "root", "-e", "block"]),
    ('|~ "^.{120,}"', ["-E", "^.{120,}"]),
]  # fmt: skip


@pytest.mark.corpora
@pytest.mark.parametrize("name", ["grep", "rg"])
def test_as_many_lines_of_real_files_as_the_tools_find(name: str) -> None:
    paths = sorted(CORPORA.glob("*/*.log"))
    if not paths:
        pytest.skip("the log corpora are not here")
    for path in paths:
        filled = read(path)
        for query, arguments in CORPUS_TEXTS:
            wanted = (
                grep(*arguments, str(path))
                if name == "grep"
                else rg(*(argument for argument in arguments if argument != "-E"), str(path))
            )
            assert len(filled.found(parse(query))) == wanted, f"{query} in {path.name}"


@pytest.mark.corpora
def test_every_line_of_real_files_gets_the_verdict_of_the_obvious_evaluator() -> None:
    paths = sorted(CORPORA.glob("*/*.log"))
    if not paths:
        pytest.skip("the log corpora are not here")
    for path in paths:
        filled = read(path, 300)
        for query in REAL_QUERIES:
            check(filled, parse(query))
