"""How much of real logs a small budget holds."""

import statistics
from functools import cache

import pytest

from benchmarks.grouping import SETS, log_sets
from benchmarks.packing import exact_tokens, material_of
from hallucino_tui.assistant.instructions import looks_like_instruction
from hallucino_tui.assistant.neutralise import neutralise
from hallucino_tui.assistant.pack import pack
from hallucino_tui.assistant.packed import Packing
from hallucino_tui.assistant.redact import Redactor
from hallucino_tui.assistant.tokens import most_tokens

pytestmark = [
    pytest.mark.corpora,
    pytest.mark.skipif(not SETS.is_dir(), reason="the log corpora are not here"),
]


@cache
def packed() -> list[Packing]:
    count = exact_tokens()
    if count is None:
        pytest.skip("toktok-rs, which counts exactly, is not installed")
    return [pack(material_of(one), Redactor(), 3000, count) for one in log_sets()]


def test_three_thousand_tokens_stand_for_nearly_all_lines() -> None:
    assert all(packing.tokens <= 3000 for packing in packed())
    assert statistics.mean(packing.coverage for packing in packed()) >= 0.97


def test_nearly_no_severe_template_is_left_out() -> None:
    assert sum(one.severe_kept for one in packed()) >= 0.98 * sum(one.severe for one in packed())


def test_the_bound_of_tokens_is_never_under_and_at_most_a_quarter_over() -> None:
    count = exact_tokens()
    if count is None:
        pytest.skip("toktok-rs, which counts exactly, is not installed")
    for one in log_sets():
        assert not [line for line in one.raw[::7] if most_tokens(line) < count(line)]
    ratios = [most_tokens(text) / count(text) for text in ("\n".join(one.raw) for one in log_sets())]
    assert statistics.mean(ratios) <= 1.25


def test_no_line_of_real_logs_is_taken_for_an_order() -> None:
    assert not [line for one in log_sets() for line in one.raw[::5] if looks_like_instruction(neutralise(line))]
