"""The receipt of a stream, and the sums of all of them."""

from hypothesis import given
from hypothesis import strategies as st
from session_world import stream_of

from hallucino_tui.session.receipts import Receipt, StreamState, Totals, total

counts = st.integers(0, 10**9)
receipts = st.lists(
    st.builds(
        Receipt,
        stream=st.just(stream_of("web-1")),
        state=st.sampled_from(list(StreamState)),
        lines=counts,
        replays=counts,
        reconnects=counts,
        gaps=counts,
    ),
    max_size=8,
)


@given(receipts)
def test_totals_are_the_sums(found: list[Receipt]) -> None:
    sums = total(found)
    assert sum(sums.states.values()) == len(found)
    for state in StreamState:
        assert sums.states.get(state, 0) == sum(one.state is state for one in found)
    for name in ("lines", "replays", "reconnects", "gaps"):
        assert getattr(sums, name) == sum(getattr(one, name) for one in found)


def test_nothing_sums_up_to_nothing() -> None:
    assert total([]) == Totals()


def test_since_moves_with_the_state_and_not_with_its_words() -> None:
    receipt = Receipt(stream_of("web-1"))
    receipt.change(StreamState.RECONNECTING, 5, "in 1 s")
    receipt.change(StreamState.RECONNECTING, 9, "in 2 s")
    assert (receipt.state, receipt.since, receipt.detail) == (StreamState.RECONNECTING, 5, "in 2 s")
    receipt.change(StreamState.LIVE, 12)
    assert (receipt.since, receipt.detail) == (12, "")


def test_a_copy_no_longer_changes() -> None:
    receipt = Receipt(stream_of("web-1"), lines=3)
    copy = receipt.copy()
    receipt.lines += 4
    receipt.change(StreamState.ENDED, 1)
    assert (copy.lines, copy.state) == (3, StreamState.WAITING)
