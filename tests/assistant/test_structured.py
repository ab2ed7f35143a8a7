"""Answers held to a schema: what it allows, and Markdown that only ever grows while the JSON comes."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.assistant import structured
from hallucino_tui.assistant.citations import find_citations
from hallucino_tui.assistant.structured import Rendering, schema_for
from hallucino_tui.assistant.tasks import Task

ANSWER: dict[str, Any] = {
    "happened": [
        {"text": "The pool ran out.", "lines": ["L1", "L3"]},
        {"text": "Then it came back [L4]", "lines": ["L4"]},
    ],
    "impact": [],
    "problems": [{"text": "40 timeouts", "lines": ["L12"]}],
    "cause": [{"text": "The lines do not show it.", "lines": []}],
    "steps": [{"text": "Look at it", "lines": ["L2"], "command": "kubectl get pods\nkubectl logs x"}],
    "looks": [{"text": "errors of cart", "query": '{app="cart"} |= `x`'}],
    "category": "incident",
}
MARKDOWN = """### What happened

- The pool ran out [L1, L3].
- Then it came back [L4]

### Problems

- 40 timeouts [L12]

### Likely cause

- The lines do not show it.

### What to do

- Look at it [L2]

  ```sh
  kubectl get pods
  kubectl logs x
  ```

### What to look at next

- errors of cart: `` {app="cart"} |= `x` ``

category: incident
"""


def rendered(*pieces: str) -> list[str]:
    rendering = Rendering()
    return [*map(rendering.feed, pieces), rendering.finish()]


def cut(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


@pytest.mark.parametrize("size", [1, 3, 7, 100, 10_000])
def test_an_answer_reads_the_same_however_it_was_cut(size: int) -> None:
    assert "".join(rendered(*cut(json.dumps(ANSWER), size))) == MARKDOWN


@pytest.mark.parametrize("head", ["```json\n", "```\n", "\n \n"])
def test_a_fence_around_the_json_is_taken_away(head: str) -> None:
    tail = "\n```" if head.startswith("`") else "\n"
    assert "".join(rendered(*cut(head + json.dumps(ANSWER, indent=2) + tail, 5))) == MARKDOWN


def test_an_answer_is_shown_while_it_comes() -> None:
    rendering = Rendering()
    assert rendering.feed('{"answer": [{"text": "The po') == "- The po"
    assert rendering.feed("ol ran out.") == "ol ran out"
    assert rendering.feed('", "lines": ["L1"') == ""
    assert rendering.feed(', "L12"]}, {"text": "So') == " [L1, L12].\n- So"


@given(st.integers(0, len(json.dumps(ANSWER))))
def test_json_that_was_cut_shows_what_there_is_and_no_id_that_was_only_begun(place: int) -> None:
    shown = "".join(rendered(*cut(json.dumps(ANSWER)[:place], 9)))
    assert "{" not in shown or "app=" in shown or place < 3
    cited = {number for one in find_citations(shown) for number in one.numbers}
    assert cited <= {1, 2, 3, 4, 12}
    words = re.sub(r"[\s.\[\],]|L\d*", "", shown)
    assert place < 3 or re.sub(r"[\s.\[\],]|L\d*", "", MARKDOWN).startswith(words)


texts = st.text(max_size=30)
statements = st.lists(
    st.fixed_dictionaries({"text": texts, "lines": st.lists(st.sampled_from(["L1", "L2", "x", "7"]))})
)


@given(st.fixed_dictionaries({"happened": statements, "steps": statements, "other": st.integers()}), st.integers(1, 20))
def test_what_is_given_out_is_never_taken_back(answer: dict[str, Any], size: int) -> None:
    text = json.dumps(answer)
    assert "".join(rendered(*cut(text, size))) == "".join(rendered(text))


@given(st.text().filter(lambda text: not text.lstrip().startswith(("{", "`"))), st.integers(1, 5))
def test_what_is_no_json_is_passed_through(text: str, size: int) -> None:
    assert "".join(rendered(*cut(text, size))) == text


@pytest.mark.parametrize(
    "text",
    ['{app="cart"} shows it [L1].', "{ is a brace", "{", "```sh\nls\n```", "`x` is empty [L2].", '{"answer": nonsense'],
)
def test_what_only_begins_like_json_is_passed_through(text: str) -> None:
    assert "".join(rendered(*cut(text, 2))) == text


def test_json_that_breaks_in_the_middle_is_not_lost() -> None:
    shown = "".join(rendered('{"answer": [{"text": "It broke"', ', "lines": oops', " and more"))
    assert shown.startswith("- It broke\n\n{")
    assert shown.endswith("oops and more")


def test_words_behind_the_json_are_kept() -> None:
    assert "".join(rendered('{"answer": [{"text": "Yes", "lines": []}]}', " So it is.")).endswith(
        "- Yes\n\n\nSo it is."
    )


def test_nothing_in_an_answer_is_obeyed_by_a_terminal_or_opens_a_heading() -> None:
    answer = {"answer": [{"text": "a\u001b[31m\n# b\u202e", "lines": []}]}
    assert "".join(rendered(json.dumps(answer))) == "- a␛[31m # b<U+202E>\n"


def test_values_of_other_types_are_no_crash() -> None:
    odd = {"answer": [1, None, "plain", {"text": 5}, {"text": "x", "lines": "L1"}], "impact": "none", "category": 7}
    assert "".join(rendered(json.dumps(odd))) == "- plain\n- x\n"


def test_without_the_client_of_the_models_an_answer_comes_at_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(structured, "_from_json", lambda: None)
    pieces = rendered(*cut(json.dumps(ANSWER), 50))
    assert "".join(pieces) == MARKDOWN
    assert set(pieces[:-2]) == {""}
    assert "".join(rendered('{"answer": [{"te')) == '{"answer": [{"te'


def test_a_long_answer_is_read_a_few_times_only(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    real = structured._drawings
    monkeypatch.setattr(
        structured, "_drawings", lambda body, *, final: (read.append(len(body)), real(body, final=final))[1]
    )
    answer = json.dumps({"answer": [{"text": f"sentence {number}", "lines": ["L1"]} for number in range(2000)]})
    rendered(*cut(answer, 4))
    assert sum(read) < 80 * len(answer)


@pytest.mark.parametrize("task", Task)
def test_a_schema_is_strict_and_an_answer_that_fits_is_drawn_whole(task: Task) -> None:
    schema = schema_for(task, 3)
    assert schema["$defs"]["id"]["enum"] == ["L1", "L2", "L3"]

    def check(node: Any) -> None:
        if isinstance(node, dict):
            if node.get("type") == "object":
                assert node["additionalProperties"] is False
                assert node["required"] == list(node["properties"])
            for value in node.values():
                check(value)

    check(schema)
    item = {"text": "words", "lines": ["L2"], "command": "", "query": '{app="a"}'}
    answer = {name: "normal" if name == "category" else [item] for name in schema["properties"]}
    drawn = "".join(rendered(json.dumps(answer)))
    cited = [name for name in schema["properties"] if name not in {"category", "looks"}]
    assert drawn.count("- words [L2]") == len(cited)


def test_only_a_few_ids_are_listed_one_by_one() -> None:
    assert len(schema_for(Task.ASK, 240)["$defs"]["id"]["enum"]) == 240
    many = schema_for(Task.ASK, 241)["$defs"]["id"]
    assert "enum" not in many
    assert re.match(many["pattern"], "L241")
    assert not re.match(many["pattern"], "L0")
    assert "enum" not in schema_for(Task.ASK, 0)["$defs"]["id"]
