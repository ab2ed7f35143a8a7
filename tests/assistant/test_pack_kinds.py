"""What is sent when not all lines fit: one line for all of its kind, and what matters first."""

import re

import numpy as np
import polars as pl
import pytest
from pack_lines import NOON, SECOND, entry_lines, material

from hallucino_tui.assistant.material import Fact, Material
from hallucino_tui.assistant.pack import pack
from hallucino_tui.assistant.redact import Redactor
from hallucino_tui.logs.severity import CONTINUED, Level


def many(kinds: dict[str, tuple[int, int]], **more):
    """Lines of kinds, in turn: the text of each kind, how many lines and their level."""
    drawn = [
        (text.format(number), kind, level)
        for number in range(max(count for count, _ in kinds.values()))
        for kind, (text, (count, level)) in enumerate(kinds.items())
        if number < count
    ]
    return material([one[0] for one in drawn], [one[1] for one in drawn], levels=[one[2] for one in drawn], **more)


def bodies(packing) -> str:
    return "\n".join(entry.body for entry in packing.entries)


def test_an_entry_says_how_many_lines_it_stands_for_from_when_to_when() -> None:
    packing = pack(
        many({"request {} took long": (400, Level.INFO), "pool is empty": (2, Level.ERROR)}), Redactor(), 500
    )
    frequent = next(entry for entry in packing.entries if entry.count == 400)
    assert frequent.text.startswith("x400 12:00:00..12:06:41 ")
    assert (frequent.first, frequent.last, frequent.row) == (NOON, NOON + 401 * SECOND, 1000)
    assert (packing.covered, packing.coverage, packing.severe, packing.severe_kept) == (402, 1.0, 1, 1)
    assert "no kind of line is left out" in packing.text or "0 kinds left out" in packing.text


def test_several_sources_are_counted_and_one_is_named() -> None:
    texts = ["a long enough line of the first kind", "a long enough line of the other kind"] * 300
    packing = pack(material(texts, [0, 1] * 300, streams=[0, 2, 1, 2] * 150), Redactor(), 400)
    assert [entry.source for entry in packing.entries] == ["2 sources", "shop/db"]


def test_the_rare_error_is_kept_among_a_flood_of_kinds() -> None:
    flood = {f"{name} said hello to number {{}}": (40, Level.INFO) for name in _names(150)}
    packing = pack(many({**flood, "the disk is full": (1, Level.ERROR)}), Redactor(), 1000)
    assert "the disk is full" in bodies(packing)
    assert packing.left_out > 50
    assert f"{packing.left_out} kinds of lines, {packing.lines - packing.covered:,} lines, left out" in packing.text


def test_trouble_without_a_level_comes_before_what_is_as_rare() -> None:
    flood = {f"{name} said hello to all": (1, Level.UNKNOWN) for name in _names(150)}
    packing = pack(many({**flood, "cannot open the journal": (1, Level.UNKNOWN)}), Redactor(), 600)
    assert "cannot open the journal" in bodies(packing)


def test_what_is_most_frequent_covers_most_lines() -> None:
    kinds = {f"{name} took {{}} ms": (300 if number < 5 else 1, Level.INFO) for number, name in enumerate(_names(200))}
    packing = pack(many(kinds), Redactor(), 600)
    assert packing.coverage > 1500 / 1695 - 0.01


def test_a_severe_kind_shows_its_last_line_too_where_there_is_room() -> None:
    texts = [f"request {number}" for number in range(600)]
    levels: list[int] = [Level.INFO] * 600
    for place in (100, 300, 500):
        texts[place], levels[place] = f"pool {place} is empty", Level.ERROR
    templates = [int(level == Level.ERROR) for level in levels]
    packing = pack(material(texts, templates, levels=levels), Redactor(), 600)
    assert [entry.body for entry in packing.entries] == ["request 0", "pool 100 is empty", "pool 500 is empty"]
    assert [entry.count for entry in packing.entries] == [600 - 3, 3, 1]
    assert packing.covered == 600


def test_a_kind_with_few_severe_lines_is_shown_by_one_of_them() -> None:
    levels: list[int] = [Level.INFO] * 400
    levels[250] = Level.ERROR
    packing = pack(material([f"line {number}" for number in range(400)], [0] * 400, levels=levels), Redactor(), 300)
    assert [entry.body for entry in packing.entries] == ["line 250"]
    assert packing.entries[0].count == 400


def test_the_cause_of_a_stack_trace_comes_before_its_frames() -> None:
    frames = [f"    at shop.{name}.get({name}.java:12)" for name in _names(80)]
    trace = ["ERROR boom", *frames[:40], "Caused by: java.net.ConnectException: refused", *frames[40:]]
    levels = [Level.ERROR, *[Level.ERROR | CONTINUED] * (len(trace) - 1)]
    packing = pack(material(trace, levels=levels), Redactor(), 300)
    assert "ERROR boom" in bodies(packing)
    assert "Caused by: java.net.ConnectException: refused" in bodies(packing)
    assert frames[-1].strip() in bodies(packing)
    assert packing.severe == 1
    assert packing.left_out > 40


def test_entries_stand_in_the_order_of_their_first_lines() -> None:
    kinds = {f"{name} number {{}} is here": (30, Level.WARN) for name in _names(20)}
    packing = pack(many(kinds), Redactor(), 1000)
    firsts = [entry.first for entry in packing.entries]
    assert firsts == sorted(firsts, key=lambda time: time or 0)


def test_lines_are_cut_to_their_message_before_kinds_are_left_out() -> None:
    head = "2005.06.03 R02-M1-N0-C:J12-U11 2005-06-03-15.42.50 R02-M1-N0-C:J12-U11 RAS KERNEL FATAL"
    kinds = {f"{head} the {name} is on fire": (2, Level.FATAL) for name in _names(60)}
    packing = pack(many(kinds), Redactor(), 2600)
    assert (packing.severe, packing.severe_kept) == (60, 60)
    assert all(entry.body.startswith("…FATAL the ") for entry in packing.entries)


def test_a_thread_and_a_package_give_way_to_the_message() -> None:
    head = "INFO [AsyncDispatcher event handler] org.apache.hadoop.mapreduce.v2.app.job.impl.TaskImpl:"
    kinds = {f"{head} the task {name} is done, and all is well with it": (9, Level.INFO) for name in _names(60)}
    packing = pack(many(kinds), Redactor(), 1500)
    assert all(entry.body.startswith("INFO …TaskImpl: the task ") for entry in packing.entries)


def test_a_private_key_is_followed_through_lines_that_are_not_sent() -> None:
    inside = [f"q7{'Aa0+' * 15}{number:02d}" for number in range(30)]
    key = ["-----BEGIN " + "PRIVATE KEY-----", *inside, "-----END " + "PRIVATE KEY-----"]
    others = [f"other {number}" for number in range(len(key))]
    texts = [line for pair in zip(key, others, strict=True) for line in pair]
    # A line out of the middle is a kind of its own, and all else is one kind or two.
    templates = [number % 2 for number in range(len(texts))]
    templates[20] = 2
    packing = pack(material(texts * 10, templates * 10, streams=[0, 1] * (5 * len(texts))), Redactor(), 400)
    assert "q7" not in packing.text
    assert "<secret:private-key" in packing.text
    assert "other 0" in packing.text


@pytest.mark.parametrize("hidden", ["\u200b", "\x1b[0m"])
def test_a_private_key_whose_beginning_is_concealed_is_followed_too(hidden: str) -> None:
    key = [f"-----BEGIN PRI{hidden}VATE KEY-----", *["q7" + "Aa0+" * 15] * 20, "-----END PRIVATE KEY-----"]
    templates = [0] * len(key)
    templates[10] = 1
    packing = pack(material(key * 10, templates * 10), Redactor(), 300)
    assert "q7" not in packing.text


def test_known_gaps_are_told_whatever_else_is_left_out() -> None:
    flood = many({f"{name} said hello to number {{}}": (9, Level.ERROR) for name in _names(100)})
    known = [Fact(f"pod {name} is ready and has been so for a long time", "pod", NOON) for name in _names(100)]
    gap = Fact("lines may be missing", "gap", NOON + 5 * SECOND)
    oom = Fact("checkout was OOMKilled", "event", NOON + SECOND, is_severe=True, row=77)
    packing = pack(_with(flood, [*known, gap, oom]), Redactor(), 800)
    of_facts = [entry for entry in packing.entries if entry.kind != "line"]
    assert {"lines may be missing", "checkout was OOMKilled"} <= {entry.body for entry in of_facts}
    assert sum(len(entry.text) for entry in of_facts) < 0.5 * len(packing.text)
    assert re.search(r"\d facts that are known besides the lines are left out\.", packing.text)
    assert entry_lines(packing.text)[0].startswith("[L1] 12:00:00")
    assert next(entry.row for entry in of_facts if entry.body == oom.text) == 77


def test_compared_parts_have_their_own_headings_and_common_kinds_both_counts() -> None:
    texts = ["both say this"] * 300 + ["only the first says this"] * 100
    texts += ["both say this"] * 40 + ["only the second says this"] * 60
    templates = [0] * 300 + [1] * 100 + [0] * 40 + [2] * 60
    packing = pack(material(texts, templates, spans=(0, 400)), Redactor(), 500)
    assert [line for line in packing.text.split("\n")[-6:] if not line.startswith("[L")] == [
        "Part A (400 lines, 12:00:00..12:06:39), what is in no other part:",
        "Part B (100 lines, 12:06:40..12:08:19), what is in no other part:",
        "In several parts, with the count in each:",
    ]
    assert entry_lines(packing.text)[0].startswith("[L1] x100 12:05:00..12:06:39 ")
    assert entry_lines(packing.text)[2].startswith("[L3] A x300, B x40 12:00:00..12:07:19 ")
    assert [entry.count for entry in packing.entries] == [100, 60, 340]


def test_compared_parts_that_fit_are_shown_line_by_line() -> None:
    packing = pack(material(["a", "b", "c"], spans=(0, 2)), Redactor(), 500)
    assert packing.text.split("\n")[1:] == [
        "Part A (2 lines, 12:00:00..12:00:01):",
        "[L1] 12:00:00 shop/checkout a",
        "[L2] 12:00:01 shop/checkout b",
        "Part B (1 line, 12:00:02):",
        "[L3] 12:00:02 shop/checkout c",
    ]


def test_a_tiny_budget_still_shows_something() -> None:
    kinds = {f"{name} said hello to number {{}}": (40, Level.INFO) for name in _names(150)}
    packing = pack(many({**kinds, "the disk is full": (1, Level.ERROR)}), Redactor(), 200)
    assert "the disk is full" in bodies(packing)
    assert "xN" in packing.text
    assert packing.tokens <= 200


@pytest.mark.timeout(60)
def test_a_million_lines_are_packed_without_looking_at_each() -> None:
    kinds = 2000
    words = pl.Series([f"{name} is here" for name in _names(kinds)])
    templates = np.arange(1_000_000, dtype=np.int32) % kinds
    huge = Material(
        text=words.gather(templates),
        times=NOON + np.arange(1_000_000) * 1000,
        levels=np.where(templates == 1234, Level.ERROR, Level.INFO).astype(np.uint8),
        streams=(templates % 3).astype(np.uint32),
        rows=np.arange(1_000_000),
        templates=templates,
        sources=("a", "b", "c"),
    )
    redactor = Counting()
    packing = pack(huge, redactor, 2000)
    assert (packing.lines, packing.severe, packing.severe_kept) == (1_000_000, 1, 1)
    assert redactor.lines < 1000


class Counting(Redactor):
    """Counts what it is given."""

    lines = 0

    def redact_series(self, text, streams, keys=None, inside=None):
        self.lines += len(text)
        return super().redact_series(text, streams, keys, inside)


def _names(count: int) -> list[str]:
    """Words that are no numbers."""
    letters = "bcdfghklmnprstvz"
    return [
        "".join(letters[number >> shift & 15] + "aeio"[number >> shift & 3] for shift in (0, 4, 8)).capitalize()
        for number in range(count)
    ]


def _with(lines: Material, known: list[Fact]) -> Material:
    return Material(
        lines.text, lines.times, lines.levels, lines.streams, lines.rows, lines.templates, lines.sources, known
    )
