"""The README says what the code does."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from hallucino_tui.cli.arguments import COMMANDS, parse
from tools.readme import with_tables

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_lists_are_those_of_the_code() -> None:
    assert with_tables(README) == README, "run: python -m tools.readme"


def test_every_runtime_dependency_has_its_reason_and_no_other_has() -> None:
    section = README.partition("## Dependencies")[2].partition("\n## ")[0]
    named = {
        name.strip() for row in re.findall(r"^\| ([a-z0-9, -]+) \|", section, re.MULTILINE) for name in row.split(",")
    }
    assert named - {"library"} == {Requirement(text).name for text in PROJECT["dependencies"]}


def test_every_picture_exists() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert len(pictures) >= 4
    assert all((ROOT / picture).is_file() for picture in pictures)


@pytest.mark.parametrize(
    "line", re.findall(r"^hallucino (.+?)(?:\s+(?:#|> ).*)?$", README, re.MULTILINE) or ["no command in the README"]
)
def test_every_command_line_of_the_readme_can_be_parsed(line: str) -> None:
    arguments = parse(shlex.split(line))
    assert callable(arguments.run)


def test_every_command_is_spoken_of() -> None:
    assert all(f"hallucino {command}" in README for command in COMMANDS)


def test_pins_name_no_index_and_no_folder() -> None:
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[^\s/@]+", line), line
