"""What of an answer is a claim, and which lines belong to it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.assistant.grounding.check import check
from hallucino_tui.assistant.grounding.claim import Checked, Claim, Source, Verdict
from hallucino_tui.assistant.grounding.mark import marked
from hallucino_tui.assistant.grounding.reading.cut import cut

ANSWER = """\
### What happened
The pod crashed at 12:06 [L3]. It was restarted
by the kubelet. [L4] The lines do not show why.

**Errors**
- **OOM**: cart ran out of memory (L5, L6). It was killed.
- L7: the node said so
1. The build e.g. of v1.2 failed [L8]; nobody saw it.

| Pod | Problem |
| --- | --- |
| cart | out of memory [L5] |

category: incident

Is it over?

### What to look at next
- Check the memory limit of cart, because it was killed at 12:06 [L5].
- Restart the pod.

```
kubectl logs cart [L9]
```
"""


def test_claims_are_sentences_bullets_and_rows_and_nothing_else() -> None:
    assert [(" ".join(piece.text.split()), piece.citations) for piece in cut(ANSWER)] == [
        ("The pod crashed at 12:06 [L3].", (3,)),
        ("It was restarted by the kubelet. [L4]", (4,)),
        ("The lines do not show why.", ()),
        ("**OOM**: cart ran out of memory (L5, L6).", (5, 6)),
        ("It was killed.", (5, 6)),
        ("L7: the node said so", (7,)),
        ("The build e.g. of v1.2 failed [L8]; nobody saw it.", (8,)),
        ("| cart | out of memory [L5] |", (5,)),
        ("because it was killed at 12:06 [L5].", (5,)),
    ]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("It broke [L3][L6].", (3, 6)),
        ("It broke [L3, L7].", (3, 7)),
        ("It broke [L2-L5].", (2, 3, 4, 5)),
        ("It broke [L2–L4].", (2, 3, 4)),
        ("It broke (L3).", (3,)),
        ("It broke [lines L3 and L4].", (3, 4)),
        ("L3: it broke.", (3,)),
        ("It broke, as L3 and L4 say.", (3, 4)),
        ("The L3-cache and node R04-L3 broke.", ()),
    ],
)
def test_citations_are_found_as_models_write_them(text: str, numbers: tuple[int, ...]) -> None:
    assert cut(text)[0].citations == numbers


@pytest.mark.parametrize(
    "text",
    [
        "Check whether the pod is up.",
        "- Increase the memory limit of the container.",
        "I recommend a look at the database.",
        "Category: normal",
        "**Severity:** high",
        "What happened next?",
        "## A heading",
        "Here is a summary:",
    ],
)
def test_questions_advice_labels_and_words_about_the_answer_claim_nothing(text: str) -> None:
    assert cut(text) == []


@pytest.mark.parametrize(
    "text",
    ["Block blk_7 was received from 10.0.0.2 [L1].", "Check pass failed for the user [L1].", "Restarts went up [L1]."],
)
def test_a_noun_that_is_also_a_verb_begins_a_claim(text: str) -> None:
    assert [piece.text for piece in cut(text)] == [text]


def test_a_file_of_one_claim_a_line_gives_one_claim_a_line() -> None:
    lines = [
        "The pod crashed. It was restarted [L1].",
        "Nobody noticed.",
        'The log says "it is over. Goodbye" [L2]',
        "Disk sda1 is 98% full [L3].",
    ]
    assert [piece.text for piece in cut("\n".join(lines) + "\n")] == lines


def test_an_answer_in_json_is_cut_by_its_statements() -> None:
    tree = {
        "category": "incident",
        "claims": [{"text": 'The "x" died.', "lines": ["L3", 4]}, {"text": "It rose again [L5]."}],
    }
    answer = json.dumps(tree)
    pieces = cut(answer)
    assert [(piece.text, piece.citations) for piece in pieces] == [
        ('The "x" died.', (3, 4)),
        ("It rose again [L5].", (5,)),
    ]


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=500))
def test_a_claim_stands_where_it_is_said_to_stand(answer: str) -> None:
    end = 0
    for piece in cut(answer):
        if not answer.lstrip().startswith(("{", "[{")):
            assert answer[piece.start : piece.end] == piece.text
        assert end <= piece.start <= piece.end <= len(answer)
        end = piece.end


def test_marks_stand_behind_their_claims_and_leave_the_markdown_whole() -> None:
    checked = check(ANSWER, [Source(f"line {number}") for number in range(1, 9)])
    text = marked(ANSWER, checked)
    assert "- **OOM**: cart ran out of memory (L5, L6). ✖ unsupported:" in text
    row = next(line for line in text.splitlines() if line.startswith("| cart"))
    assert row.endswith(" |")
    assert row.replace("\\|", "").count("|") == 3
    assert "kubectl logs cart [L9]\n```" in text
    assert len(text.splitlines()) == len(ANSWER.splitlines())


def test_a_supported_claim_has_no_mark() -> None:
    text = "The pod crashed [L1]."
    assert marked(text, check(text, [Source("pod crashed")])) == text


def test_marks_of_an_answer_in_json_stand_below_it() -> None:
    answer = '{"claims":[{"text":"It died.","lines":["L9"]}]}'
    claim = Claim("It died.", 20, 28, (9,), Verdict.UNSUPPORTED, "There is no line L9.")
    assert marked(answer, Checked((claim,))) == answer + "\n\n- It died. ✖ unsupported: There is no line L9.\n"
