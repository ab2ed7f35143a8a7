"""The window onto a view, without a terminal: what stays where while rows come, go and land in between."""

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from hallucino_tui.logs.batch import batch_of
from hallucino_tui.logs.filters import Filter
from hallucino_tui.logs.intake import Intake
from hallucino_tui.logs.query.plain import parse_filter
from hallucino_tui.logs.snapshot import ViewSnapshot
from hallucino_tui.logs.store import Bounds, Store
from hallucino_tui.logs.stream import StreamTable
from hallucino_tui.logs.view import View
from hallucino_tui.ui.viewport import Viewport


class World:
    def __init__(self, bounds: Bounds | None = None) -> None:
        self.store, self.intake, self.view = Store(bounds, chunk_rows=8), Intake(), View(StreamTable())
        self.clock = 0

    def add(self, count: int, text: str = "line", time: int | None = None) -> ViewSnapshot:
        times = [self.clock + step if time is None else time for step in range(count)]
        self.clock += count if time is None else 0
        self.store.append(self.intake.prepare(batch_of([text.encode()] * count, times, 0), 0))
        return self.snapshot()

    def snapshot(self) -> ViewSnapshot:
        while (work := self.view.pending(self.store.snapshot())) is not None:
            self.view.accept(work, work.run())
        return self.view.snapshot(self.store.snapshot())


def positions(viewport: Viewport) -> list[int]:
    return [viewport.view.position(line.row) for line in viewport.lines()]  # type: ignore[misc]


def test_following_shows_the_newest_rows() -> None:
    world, viewport = World(), Viewport(lambda row: 1, height=5)
    viewport.show(world.add(3))
    assert positions(viewport) == [0, 1, 2]
    viewport.show(world.add(10))
    assert positions(viewport) == [8, 9, 10, 11, 12]
    assert viewport.position == 12
    assert viewport.below() == 0


def test_moving_up_leaves_following_and_nothing_jumps_when_lines_come() -> None:
    world, viewport = World(), Viewport(lambda row: 1, height=5)
    viewport.show(world.add(20))
    viewport.move(-1)
    assert not viewport.follow
    before = [line.row for line in viewport.lines()]
    viewport.show(world.add(100))
    assert [line.row for line in viewport.lines()] == before
    assert viewport.below() == 100
    viewport.to_bottom()
    assert positions(viewport)[-1] == 119


def test_a_late_line_above_the_window_moves_nothing_on_the_screen() -> None:
    world, viewport = World(), Viewport(lambda row: 1, height=5)
    viewport.show(world.add(40))
    viewport.move(-10)
    before = [line.row for line in viewport.lines()]
    viewport.show(world.add(7, time=2))
    assert [line.row for line in viewport.lines()] == before


def test_a_filter_that_hides_the_top_row_keeps_the_window_near_it() -> None:
    world, viewport = World(), Viewport(lambda row: 1, height=3)
    for _ in range(20):
        world.add(1, "keep")
        world.add(1, "hide")
    viewport.show(world.snapshot())
    viewport.go(21)
    time = viewport.view.store.time(viewport.cursor or 0) or 0
    world.view.change(Filter(queries=(parse_filter("keep"),)))
    viewport.show(world.snapshot())
    shown = [viewport.view.store.time(line.row) or 0 for line in viewport.lines()]
    assert min(abs(time - one) for one in shown) <= 3


def test_a_row_taller_than_the_screen_can_be_read_to_its_end() -> None:
    world, viewport = World(), Viewport(lambda row: 12, height=5)
    viewport.show(world.add(2))
    viewport.to_top()
    assert [line.offset for line in viewport.lines()] == [0, 1, 2, 3, 4]
    for _ in range(7):
        viewport.scroll(1)
    assert [line.offset for line in viewport.lines()] == [7, 8, 9, 10, 11]
    viewport.scroll(1)
    assert [line.offset for line in viewport.lines()] == [8, 9, 10, 11, 0]
    viewport.scroll(-8)
    assert [line.offset for line in viewport.lines()] == [0, 1, 2, 3, 4]


def test_a_jump_out_of_sight_lands_in_the_middle() -> None:
    world, viewport = World(), Viewport(lambda row: 1, height=9)
    view = world.add(100)
    viewport.show(view)
    row = view.row(50)
    assert row is not None
    assert viewport.go_to_row(row)
    assert positions(viewport).index(50) in {3, 4, 5}
    assert not viewport.go_to_row(1 << 40)


class Moves(RuleBasedStateMachine):
    """Whatever is done, the screen is full if it can be, shows neighbours, and holds the cursor."""

    @initialize(height=st.integers(1, 12), tall=st.booleans())
    def begin(self, height: int, tall: bool) -> None:
        self.world = World()
        self.viewport = Viewport((lambda row: 1 + row % 4) if tall else (lambda row: 1), height=height)
        self.viewport.show(self.world.add(30))

    @rule(count=st.integers(1, 40), late=st.booleans())
    def lines_come(self, count: int, late: bool) -> None:
        self.viewport.show(self.world.add(count, time=3 if late else None))

    @rule(step=st.integers(-50, 50))
    def move(self, step: int) -> None:
        self.viewport.move(step)

    @rule(lines=st.integers(-20, 20))
    def scroll(self, lines: int) -> None:
        self.viewport.scroll(lines)

    @rule(pages=st.sampled_from([-1, -0.5, 0.5, 1]))
    def page(self, pages: float) -> None:
        self.viewport.page(pages)

    @rule()
    def top(self) -> None:
        self.viewport.to_top()

    @rule()
    def bottom(self) -> None:
        self.viewport.to_bottom()

    @rule(height=st.integers(1, 12))
    def resize(self, height: int) -> None:
        self.viewport.height = height

    @rule(words=st.sampled_from(["", "line", "nothing at all"]))
    def filter(self, words: str) -> None:
        self.world.view.change(Filter(queries=(parse_filter(words),)))
        self.viewport.show(self.world.snapshot())

    @invariant()
    @precondition(lambda self: hasattr(self, "viewport"))
    def the_screen_is_sound(self) -> None:
        viewport = self.viewport
        lines = viewport.lines()
        total = sum(viewport.measure(row) for row in viewport.view.rows(0, len(viewport.view)))
        assert len(lines) == min(viewport.height, total)
        found = positions(viewport)
        for one, two, (_, first), (_, second) in zip(found, found[1:], lines, lines[1:], strict=False):
            assert (two, second) in {(one, first + 1), (one + 1, 0)}
        assert 0 <= viewport.below() < max(len(viewport.view), 1)


TestMoves = Moves.TestCase
TestMoves.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)


@given(st.integers(1, 60), st.lists(st.integers(-70, 70), max_size=10), st.integers(1, 9))
def test_the_cursor_is_always_in_sight_after_it_moved(rows: int, steps: list[int], height: int) -> None:
    world, viewport = World(), Viewport(lambda row: 1 + row % 3, height=height)
    viewport.show(world.add(rows))
    position = rows - 1
    for step in steps:
        viewport.move(step)
        position = min(max(position + step, 0), rows - 1)
        assert viewport.position == position
        assert viewport.cursor in {line.row for line in viewport.lines()}
