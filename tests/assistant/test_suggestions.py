"""What an answer suggests: queries that can be run here, and commands as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.assistant.suggestions import Suggestion, find_category, find_commands, find_queries
from hallucino_tui.logs.query.parser import parse


def test_queries_in_backticks_are_found_with_their_words() -> None:
    answer = """### What to look at next
- Errors of cart: `{app="cart"} |= "timeout"` [L3]
2. `{namespace="shop"} | level >= warn`
* everything slow, see ``{app="a"} |= `slow` ``
"""
    assert find_queries(answer) == (
        Suggestion("Errors of cart", '{app="cart"} |= "timeout"'),
        Suggestion('{namespace="shop"} | level >= warn', '{namespace="shop"} | level >= warn'),
        Suggestion("everything slow, see", '{app="a"} |= `slow`'),
    )


def test_queries_in_a_fence_are_found() -> None:
    assert [one.query for one in find_queries('```logql\n{app="cart"}\n\n|= "x"\n```')] == ['{app="cart"}', '|= "x"']


@pytest.mark.parametrize(
    "code",
    [
        "timeout",
        "pool is empty",
        "{app=cart}",
        "{}",
        'sum(rate({app="a"}[5m]))',
        '{"level": "error"}',
        "| nonsense here",
        "kubectl get pods",
        "",
    ],
)
def test_what_is_no_query_is_not_suggested(code: str) -> None:
    assert find_queries(f"- look: `{code}`") == ()


def test_each_query_comes_once_and_at_most_six_in_all() -> None:
    answer = "\n".join(f'- `{{app="a{number % 9}"}}`' for number in range(30))
    assert [one.query for one in find_queries(answer)] == [f'{{app="a{number}"}}' for number in range(6)]


def test_code_of_other_languages_holds_no_queries() -> None:
    assert find_queries('```json\n{app="x"}\n```') == ()


def test_commands_are_text() -> None:
    answer = """Run `kubectl get pods -n shop`, or:
```sh
$ kubectl rollout undo deploy/cart
helm rollback cart\x1b[31m
echo hello
```
and `grep` it, not `the pool`.
"""
    assert find_commands(answer) == (
        "kubectl get pods -n shop",
        "kubectl rollout undo deploy/cart",
        "helm rollback cart\u241b[31m",
        "grep",
    )


@pytest.mark.parametrize(
    ("answer", "category"),
    [
        ("x\ncategory: incident", "incident"),
        ("**Category:** `preventive_action`", "preventive_action"),
        ("category: incident | preventive_action | normal\ncategory: normal", "normal"),
        ("- category = Normal.", "normal"),
        ("The category is unclear", ""),
        ("category: other", ""),
        ("", ""),
    ],
)
def test_the_category_is_the_last_that_is_named(answer: str, category: str) -> None:
    assert find_category(answer) == category


@given(st.text(st.sampled_from(list("`{}|=~!<>\"' \n-ab[L1]$")), max_size=200))
def test_every_query_that_is_suggested_can_be_run(answer: str) -> None:
    for one in find_queries(answer):
        parse(one.query)
    find_commands(answer)
    find_category(answer)
