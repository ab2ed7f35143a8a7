"""Citations in an answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.assistant.citations import find_citations, numbers_of


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("[L3]", (3,)),
        ("[L3, L7]", (3, 7)),
        ("[L3; L7,L9]", (3, 7, 9)),
        ("[L3-L6]", (3, 4, 5, 6)),
        ("[L3–L5]", (3, 4, 5)),
        ("[L3 to 5, L9]", (3, 4, 5, 9)),
        ("[L3 and L7]", (3, 7)),
        ("[L7-L3]", (7, 3)),
        ("[L1-L999999]", (1, 999999)),
    ],
)
def test_a_citation_names_lines(text: str, numbers: tuple[int, ...]) -> None:
    found = find_citations(f"It broke {text}.")
    assert [(one.text, one.numbers) for one in found] == [(text, numbers)]
    assert f"It broke {text}."[found[0].start : found[0].end] == text
    assert numbers_of(text) == numbers


@pytest.mark.parametrize("text", ["", "L3", "[3]", "[L]", "[Lx]", "[L3", "[L1234567]", "[link](L3)", "[L3 or else]"])
def test_other_brackets_are_no_citations(text: str) -> None:
    assert find_citations(text) == []


@given(st.lists(st.lists(st.integers(1, 99_999), min_size=1, max_size=4), max_size=5))
def test_all_citations_of_an_answer_are_found_in_order(groups: list[list[int]]) -> None:
    answer = " then ".join(f"[{', '.join(f'L{number}' for number in group)}]" for group in groups)
    assert [list(one.numbers) for one in find_citations(answer)] == groups


@given(st.integers(1, 10**6), st.integers(0, 10**6))
def test_no_range_is_longer_than_a_thousand(first: int, length: int) -> None:
    numbers = numbers_of(f"[L{min(first, 999_999)}-L{min(first + length, 999_999)}]")
    assert len(numbers) <= 1000
