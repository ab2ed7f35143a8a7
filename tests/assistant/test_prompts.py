"""The words around the lines: what every task has, and what a user may put over them."""

from pathlib import Path

import pytest

from hallucino_tui.assistant.packed import Packing
from hallucino_tui.assistant.prompts import BUILT_IN, load_prompts, opening, prompt, task_text
from hallucino_tui.assistant.tasks import Task


@pytest.mark.parametrize("task", Task)
def test_every_task_has_a_prompt_that_the_smallest_model_can_follow(task: Task) -> None:
    assert 50 < len(prompt(task)) < 1200


@pytest.mark.parametrize("task", [Task.SUMMARISE, Task.CAUSE])
def test_a_summary_and_a_cause_end_with_a_category_and_say_what_to_do(task: Task) -> None:
    words = prompt(task)
    assert words.splitlines()[-1] == "category: incident | preventive_action | normal"
    for heading in ("### Impact", "### Likely cause", "### What to do", "### What to look at next"):
        assert heading in words


@pytest.mark.parametrize("task", Task)
def test_no_model_is_asked_how_sure_it_is(task: Task) -> None:
    assert "confidence" not in prompt(task).lower()


def test_what_never_changes_comes_first_and_the_question_last() -> None:
    system, user = opening(Packing("[L1] 12:00:00 web ERROR pool is empty"), task_text(Task.ASK, "Warum?"))
    assert (system.role, system.text) == ("system", prompt("system"))
    assert user.role == "user"
    assert user.text.index("[L1] 12:00") < user.text.index(prompt("ask"))
    assert user.text.endswith("\n\nQuestion: Warum?")


def test_the_rules_name_the_labels_that_queries_have_and_the_language_of_the_answer() -> None:
    system = prompt("system")
    for label in ("namespace", "workload", "pod", "container", "app", "level"):
        assert label in system
    assert "language of the question" in system
    assert "Commands are only text" in system


def test_a_user_may_write_prompts_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "summarise.md").write_text("  Sag kurz, was war.\n", encoding="utf-8")
    found = load_prompts(tmp_path)
    assert found.problems == ()
    assert found.text(Task.SUMMARISE) == "Sag kurz, was war."
    assert found.text(Task.CAUSE) == prompt("cause")
    assert task_text(Task.SUMMARISE, "", found) == "Sag kurz, was war."


def test_without_a_folder_all_prompts_are_the_built_in_ones(tmp_path: Path) -> None:
    assert load_prompts(tmp_path / "nowhere") == BUILT_IN


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"", "is empty"), (b" \n", "is empty"), (b"\xff\xfe", "is no UTF-8 text"), (b"x" * 20_001, "more than 20,000")],
)
def test_a_prompt_that_cannot_be_used_is_said_in_one_sentence(tmp_path: Path, content: bytes, why: str) -> None:
    (tmp_path / "cause.md").write_bytes(content)
    found = load_prompts(tmp_path)
    assert len(found.problems) == 1
    assert why in found.problems[0]
    assert found.problems[0].endswith("the built-in one is used.")
    assert found.text(Task.CAUSE) == prompt("cause")


def test_a_folder_in_the_place_of_a_prompt_is_said_too(tmp_path: Path) -> None:
    (tmp_path / "ask.md").mkdir()
    assert "cannot be read" in load_prompts(tmp_path).problems[0]


def test_a_prompt_that_has_no_such_name_is_told_with_the_nearest_one(tmp_path: Path) -> None:
    for name in ("sumarise.md", "zzz.md", "ask.md", "notes.txt"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    near, far = load_prompts(tmp_path).problems
    assert near.endswith("sumarise.md is not used, because there is none of that name: name it summarise.md.")
    assert "zzz.md is not used" in far
    assert "the names are system, " in far
