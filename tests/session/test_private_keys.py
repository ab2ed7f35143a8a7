"""Lines from the middle of a private key, picked without its beginning: the store knows where it began."""

from collections.abc import Sequence

import numpy as np
import pytest

from hallucino_tui.assistant.pack import pack
from hallucino_tui.assistant.redact import Redactor
from hallucino_tui.assistant.tasks import Task
from hallucino_tui.insight.cluster_events import ClusterEvent, EventKind
from hallucino_tui.logs.batch import batch_of
from hallucino_tui.logs.intake import Intake
from hallucino_tui.logs.segment import SEGMENT_BYTES
from hallucino_tui.logs.snapshot import INDEX_BITS
from hallucino_tui.logs.store import Store
from hallucino_tui.logs.stream import Stream, StreamTable
from hallucino_tui.session.material import StoreGround, material_of
from hallucino_tui.session.notebook import LinesEntry
from hallucino_tui.session.notebook_drafts import draft_lines
from hallucino_tui.session.private_keys import rows_in_keys
from hallucino_tui.session.reporting import Surroundings

NOON = 1_795_435_200 * 10**9
SECOND = 10**9
BEGIN, END = "app: -----BEGIN PRIVATE" + " KEY-----", "app: -----END PRIVATE" + " KEY-----"


def body(count: int, width: int = 40) -> list[str]:
    """Lines of a key as a program wrote them, which nothing but its beginning gives away."""
    return [f"app: q7{'x' * width}{number}" for number in range(count)]


class Lines:
    """A store with lines of pods, one a second, pod by pod."""

    def __init__(self, *blocks: tuple[str, Sequence[str]]) -> None:
        self.table, self.store, time = StreamTable(), Store(), NOON
        for pod, lines in blocks:
            number = self.table.number(Stream(("k", pod), {"pod": pod, "container": "app"}, pod, "app"))
            times = [time + place * SECOND for place in range(len(lines))]
            self.store.append(Intake().prepare(batch_of([line.encode() for line in lines], times, number), 0))
            time += len(lines) * SECOND
        self.rows = np.concatenate([chunk.rows for chunk in self.store.snapshot().chunks])

    def in_keys(self, rows: Sequence[int]) -> list[int]:
        """Which of some rows, by their places, lie within a key."""
        found = rows_in_keys(self.store.snapshot(), self.rows[list(rows)])
        return np.flatnonzero(np.isin(self.rows, found)).tolist()

    def kept(self, rows: Sequence[int]) -> list[str]:
        """The texts of rows as a notebook has them."""
        draft = draft_lines(self.store.snapshot(), self.table, self.rows[list(rows)].tolist(), Redactor())
        assert draft is not None
        assert isinstance(draft.entry, LinesEntry)
        return [line.text for line in draft.entry.lines]

    async def sent(self, rows: Sequence[int], task: Task = Task.SUMMARISE, **more: object) -> str:
        """What of rows is sent."""
        ground = StoreGround(self.store.snapshot(), self.table, self.rows[list(rows)], **more)  # type: ignore[arg-type]
        return pack(material_of(await ground.look(task)), Redactor(), 20_000).text


@pytest.fixture
def lines() -> Lines:
    return Lines(("web-1", ["before", BEGIN, *body(30), END, "after"]), ("web-2", ["app: q7 but elsewhere"]))


def across_two_segments() -> Lines:
    key = body(30, 5000)
    filler = ["w " * 32_000] * ((SEGMENT_BYTES - 80_000) // 64_000)
    made = Lines(("web-1", filler), ("web-1", [BEGIN, *key, END, "after"]))
    numbers = {int(row) >> INDEX_BITS for row in made.rows[-33:]}
    assert len(numbers) == 2
    return made


def test_rows_within_a_key_are_known_whichever_are_picked(lines: Lines) -> None:
    assert lines.in_keys(range(35)) == list(range(2, 33))
    assert lines.in_keys([5, 20, 33, 34]) == [5, 20]
    assert lines.in_keys([0, 1, 33]) == []
    assert lines.in_keys([]) == []


def test_rows_that_are_no_more_are_no_crash(lines: Lines) -> None:
    assert rows_in_keys(lines.store.snapshot(), np.array([1 << 40, int(lines.rows[5])])).tolist() == [lines.rows[5]]


def test_a_key_goes_on_into_the_next_segment() -> None:
    made = across_two_segments()
    count = len(made.rows)
    assert made.in_keys([count - 3]) == [count - 3]
    assert made.in_keys(range(count)) == list(range(count - 32, count - 1))
    assert not any("q7" in text for text in made.kept([count - 4, count - 3, count - 1]))


async def test_the_middle_of_a_key_is_not_sent(lines: Lines) -> None:
    for task in Task:
        sent = await lines.sent([10, 11, 12, 33, 34], task)
        assert "q7xx" not in sent
        assert "after" in sent
        assert "q7 but elsewhere" in sent


async def test_compared_parts_of_a_key_are_not_sent(lines: Lines) -> None:
    sent = await lines.sent([5, 33], Task.COMPARE, others=lines.rows[[8, 34]])
    assert "q7xx" not in sent
    assert "q7 but elsewhere" in sent


async def test_the_lines_before_a_restart_may_begin_in_the_middle_of_a_key() -> None:
    made = Lines(("web-1", [BEGIN, *body(30)]), ("web-1", ["started"]))
    event = ClusterEvent(NOON + 30 * SECOND, NOON + 30 * SECOND, EventKind.OOM_KILLED, "OOMKilled", pod="web-1")
    sent = await made.sent([31], Task.CAUSE, surroundings=lambda: Surroundings(events=[event]))
    assert sent.count("<secret:private-key:") == 20
    assert "q7" not in sent


def test_lines_that_are_kept_without_those_of_a_key_between_them_stay(lines: Lines) -> None:
    assert lines.kept([0, 1, 33, 34]) == ["before", BEGIN, "after", "app: q7 but elsewhere"]
    assert [text[:8] for text in lines.kept([1, 10, 33])] == [BEGIN[:8], "<secret:", "after"]
