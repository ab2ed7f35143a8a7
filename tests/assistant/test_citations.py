"""Citations as they should be written, and as models write them."""

from __future__ import annotations

import pytest

from hallucino_tui.assistant.citations import find_citations, find_loosely


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("[L3]", (3,)),
        ("[L3, L7]", (3, 7)),
        ("[L3 and L7]", (3, 7)),
        ("[L2-L5]", (2, 3, 4, 5)),
        ("[lines L2 and L3]", (2, 3)),
        ("(L12)", (12,)),
        ("(see L1, L2)", (1, 2)),
        ("L4:", (4,)),
        ("L4, L5 and L6", (4, 5, 6)),
    ],
)
def test_loose_forms_name_the_same_lines(text: str, numbers: tuple[int, ...]) -> None:
    found = find_loosely(f"It broke {text} today.")
    assert [one.numbers for one in found] == [numbers]


@pytest.mark.parametrize("text", ["the L2 cache", "R04-L3", "L3-cache", "XL5", "L1.5", "https://x.example/L7", "L"])
def test_what_only_looks_like_a_citation_is_none(text: str) -> None:
    assert find_loosely(f"About {text} here") == ()


def test_every_proper_citation_is_found_loosely_as_well() -> None:
    answer = "One [L1]. Two [L2, L3]; three [L4-L6][L9]."
    assert list(find_loosely(answer)) == find_citations(answer)
