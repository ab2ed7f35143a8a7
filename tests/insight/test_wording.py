import pytest

from hallucino_tui.insight.wording import in_seconds, of_errors, of_rates, of_silence


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.5, "0.5 s"),
        (45, "45 s"),
        (60, "1 min"),
        (100, "1.7 min"),
        (3600, "1 h"),
        (5400, "1.5 h"),
        (100_000, "28 h"),
        (200_000, "2.3 days"),
    ],
)
def test_spans_of_time_read_as_one_says_them(seconds: float, text: str) -> None:
    assert in_seconds(seconds) == text


def test_evidence_is_one_phrase() -> None:
    assert of_rates(1234, 120, 1, 600) == "1,234 in 2 min against 1 in 10 min before"
    assert of_rates(3, 120, 0, 600) == "3 in 2 min, none in 10 min before"
    assert of_silence("cart", 45, 1, 60) == "cart has been silent for 45 s, 1 line in 1 min before"
    assert of_errors("cart", (34, 100), (0, 0)) == "34 % errors in 100 lines of cart against 0 % in 0 lines before"
