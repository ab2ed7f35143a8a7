"""Pieces of private keys whose beginning is nowhere: Base64 goes, words, paths, digests, certificates stay."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from secrets_made_up import END_KEY, WORD, made_of

from hallucino_tui.assistant.redact import Redactor

# One of each, as all lines of real keys have.
part = made_of(WORD + "+/", 57).map(lambda text: f"q7{text}Aa9+Z")
ends_or_not = st.booleans()
parts = st.lists(part, min_size=2, max_size=6)
CERTIFICATE = "CERTIF" + "ICATE"


def in_columns(lines: list[str], streams: list[int] | None = None) -> list[str]:
    of = np.array(streams or [0] * len(lines), np.uint32)
    return Redactor().redact_series(pl.Series(lines, dtype=pl.String), of).to_list()


def both(lines: list[str]) -> list[str]:
    made = Redactor().redact_all(lines)
    assert in_columns(lines) == made
    return made


@given(parts, st.sampled_from(["{}", "  {}", '"{}",', "'{}\\n' +", "{}\r"]), ends_or_not)
def test_the_middle_of_a_key_goes_and_what_stands_around_it_stays(body: list[str], form: str, ends: bool) -> None:
    rest = [f"{END_KEY} behind"] if ends else []
    made = both(["before it", *map(form.format, body), *rest, "behind it"])
    assert not [one for one in body if any(one in line for line in made)]
    assert (made[0], made[-1]) == ("before it", "behind it")
    assert made[len(body) + 1 : -1] == rest


@given(part)
def test_a_single_line_of_a_key_goes(one: str) -> None:
    assert one not in "".join(both(["GET /a 200", one, "GET /b 200"]))


@given(parts, made_of(WORD, 4, 30), ends_or_not)
def test_what_is_short_at_the_end_of_a_key_goes_with_it(body: list[str], last: str, ends: bool) -> None:
    made = both([*body, last if ends else f"{last}1a=", END_KEY if ends else "ready"])
    assert made[len(body)].startswith("<secret:private-key:")
    assert made[-1] == (END_KEY if ends else "ready")


@given(st.data(), parts, parts)
def test_pieces_of_keys_in_streams_that_are_mixed_go(data: st.DataObject, one: list[str], other: list[str]) -> None:
    left = {0: [*one, END_KEY], 1: [*other, "ready"], 2: ["quiet words"] * 3}
    lines, streams = list[str](), list[int]()
    while any(left.values()):
        streams.append(data.draw(st.sampled_from([stream for stream, some in left.items() if some])))
        lines.append(left[streams[-1]].pop(0))
    made = in_columns(lines, streams)
    assert not [body for body in (*one, *other) if any(body in line for line in made)]
    assert sorted(line for line in made if not line.startswith("<")) == sorted(
        [END_KEY, "ready", "quiet words", "quiet words", "quiet words"]
    )


@pytest.mark.parametrize(
    "line",
    [
        "0123456789abcdef" * 4,
        "A" * 64,
        "thisisalongwordwithoutanyspaceinitandnothingelse",
        "/var/lib/Kubelet/pods/0a1b2c3d/volumes/Secrets/token/data/x",
        "java/lang/NullPointerException",
        "aB3" * 10,
        "id " + "aB3" * 20,
    ],
)
def test_other_lines_without_blanks_stay(line: str) -> None:
    assert both([line, line, line]) == [line] * 3


def test_a_certificate_is_no_secret() -> None:
    body = ["MII" + "aB3/" * 15 + "Q"] * 3
    lines = [f"-----BEGIN {CERTIFICATE}-----", *body, "aB3=", f"-----END {CERTIFICATE}-----"]
    assert both(lines) == lines


def test_a_word_in_front_of_a_key_in_one_line_stays() -> None:
    begin = END_KEY.replace("END", "BEGIN")
    made = both(["ready", f"{begin} q7secret {END_KEY}", "done"])
    assert (made[0], made[2]) == ("ready", "done")
    assert "q7secret" not in made[1]


@pytest.mark.timeout(60)
def test_lines_however_made_take_no_long_time() -> None:
    lines = ["aB3/" * 100_000, "'" * 400_000, "=" * 400_000, "aB" * 100_000 + " ", *["aB3/" * 11] * 20_000, END_KEY]
    assert len(both(lines)) == len(lines)
