"""Which streams show, and the steps by which a view was narrowed."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from session_world import pod_of, stream_of

from hallucino_tui.logs.severity import Level
from hallucino_tui.session.inventory import Workload
from hallucino_tui.session.narrowing import FilterText, Narrow, Narrowing, switched, with_filter
from hallucino_tui.session.nodes import NodeKey, container_key, namespace_key, pod_key, workload_key
from hallucino_tui.session.selection import Selection, keys_of
from hallucino_tui.session.tree import keys_above

KEYS = [
    namespace_key("shop"),
    workload_key("shop", Workload("Deployment", "web")),
    pod_key("uid-web-1"),
    container_key("uid-web-1", "app"),
]
keys = st.sampled_from([*KEYS, namespace_key("other"), pod_key("uid-db-1"), container_key("uid-web-1", "proxy")])


def test_a_selection_without_nodes_shows_all_of_its_cluster_and_nothing_of_another() -> None:
    assert Selection("demo")(stream_of("web-1"))
    assert not Selection("demo")(stream_of("web-1", cluster="prod"))
    assert not Selection("demo", frozenset(KEYS))(stream_of("web-1", cluster="prod"))


@given(st.frozensets(keys, min_size=1))
def test_a_stream_shows_if_any_node_above_it_is_chosen(chosen: frozenset[NodeKey]) -> None:
    assert Selection("demo", chosen)(stream_of("web-1")) is bool(chosen & set(KEYS))


def test_a_stream_lies_under_the_same_nodes_as_its_container() -> None:
    assert keys_of(stream_of("web-1")) == set(keys_above(pod_of("web-1"), "app")) == set(KEYS)


def test_one_node_alone_and_the_same_again_for_all() -> None:
    one = Selection("demo", frozenset(KEYS[:2])).only(KEYS[2])
    assert one.keys == {KEYS[2]}
    assert one.only(KEYS[2]) == Selection("demo")
    assert one.only(KEYS[3]).keys == {KEYS[3]}
    assert one.all() == Selection("demo")


@given(st.frozensets(keys), keys)
def test_toggling_twice_is_nothing(chosen: frozenset[NodeKey], key: NodeKey) -> None:
    selection = Selection("demo", chosen)
    assert selection.toggled(key).keys == chosen ^ {key}
    assert selection.toggled(key).toggled(key) == selection


changes = st.one_of(
    st.fixed_dictionaries({"filters": st.sampled_from([(), (FilterText("pool"),), (FilterText("pool", on=False),)])}),
    st.fixed_dictionaries({"level": st.sampled_from([Level.UNKNOWN, Level.WARN])}),
    st.fixed_dictionaries({"selection": st.frozensets(keys, max_size=2).map(lambda keys: Selection("", keys))}),
)


@given(st.lists(changes, max_size=20))
def test_undo_walks_back_over_every_step_to_the_beginning(steps: list[dict]) -> None:
    narrowing = Narrowing()
    states = [narrowing.now]
    for step in steps:
        now = narrowing.change(replace(narrowing.now, **step))
        assert all(getattr(now, name) == value for name, value in step.items())
        if now != states[-1]:
            states.append(now)
    for state in reversed(states[:-1]):
        assert narrowing.undo() == state == narrowing.now
    assert narrowing.undo() is None
    assert narrowing.now == Narrow()


def test_only_the_last_hundred_steps_are_kept() -> None:
    narrowing = Narrowing()
    for number in range(150):
        narrowing.change(with_filter(narrowing.now, 0, f"step {number}"))
    undone = 0
    while narrowing.undo() is not None:
        undone += 1
    assert (undone, narrowing.now.texts) == (100, ("step 49",))


def test_what_is_typed_so_far_is_no_step() -> None:
    narrowing = Narrowing()
    narrowing.change(Narrow(level=Level.WARN))
    for text in ("p", "po", "poo", "pool"):
        assert narrowing.preview(with_filter(Narrow(level=Level.WARN), 0, text)).texts == (text,)
    narrowing.preview(Narrow(level=Level.WARN))
    narrowing.change(with_filter(narrowing.now, 0, "pool"))
    undone = narrowing.undo()
    assert undone is not None
    assert (undone.texts, undone.level) == ((), Level.WARN)


def test_filters_stack_and_each_can_be_switched_changed_and_removed() -> None:
    narrow = with_filter(with_filter(Narrow(), 0, "pool"), 1, "timeout")
    assert narrow.texts == ("pool", "timeout")
    assert switched(narrow, 0).texts == ("timeout",)
    assert switched(switched(narrow, 0), 0) == narrow
    assert with_filter(narrow, 0, "client").texts == ("client", "timeout")
    assert with_filter(narrow, 1, " ").texts == ("pool",)


def test_levels_go_up_and_round_again() -> None:
    narrowing = Narrowing()
    seen = [narrowing.next_level().level for _ in range(5)]
    assert seen == [Level.INFO, Level.WARN, Level.ERROR, Level.UNKNOWN, Level.INFO]
    narrowing.change(Narrow(level=Level.FATAL))
    assert narrowing.next_level().level is Level.INFO


def test_a_narrowing_in_few_words() -> None:
    assert Narrow().facts() == []
    narrow = Narrow((FilterText("pool", on=False),), False, Level.WARN, Selection("demo", frozenset(KEYS[:1])))
    assert narrow.facts() == ["level>=warn", "1 chosen", "1 off", "marked only"]
    assert Narrow(selection=Selection("demo", frozenset(KEYS))).facts() == ["4 chosen"]
    assert Narrow(since=0).facts()[0].startswith("from ")
    assert " to " in Narrow(since=0, until=1).facts()[0]
