import pytest

from hallucino_tui.config.keys import KEYS, PRESETS, KeysError, Where, duplicates, keys_for, shown

CANNOT_BE_SENT = {"ctrl+shift+", "super+", "hyper+", "meta+", "ctrl+1", "ctrl+comma", "shift+enter", "ctrl+enter"}
# ctrl with these letters is another key in a terminal: tab, enter, escape, backspace.
SAME_AS_OTHERS = {"ctrl+i", "ctrl+m", "ctrl+j", "ctrl+left_square_bracket", "ctrl+h"}


@pytest.mark.parametrize("preset", PRESETS)
def test_no_key_means_two_things_in_one_place(preset: str) -> None:
    table = keys_for(preset)
    assert duplicates(table) == []
    anywhere = {chord for key in table if key.where is Where.ANYWHERE for chord in key.keys}
    for key in table:
        if key.where is not Where.ANYWHERE:
            assert not anywhere & set(key.keys), key.id


@pytest.mark.parametrize("preset", PRESETS)
def test_every_key_can_be_sent_by_a_terminal(preset: str) -> None:
    for key in keys_for(preset):
        for chord in key.keys:
            assert not any(chord.startswith(prefix) for prefix in CANNOT_BE_SENT), chord
            assert chord not in SAME_AS_OTHERS, chord


@pytest.mark.parametrize("preset", PRESETS)
def test_nothing_is_reached_by_tmux_prefix_alone(preset: str) -> None:
    assert all(key.keys != ("ctrl+b",) for key in keys_for(preset))


@pytest.mark.parametrize("preset", PRESETS)
def test_every_key_has_an_id_of_its_own_and_says_what_it_does(preset: str) -> None:
    table = keys_for(preset)
    assert len({key.id for key in table}) == len(table)
    assert all(key.title and key.keys for key in table)


def test_a_user_overrides_single_keys() -> None:
    table = {key.id: key.keys for key in keys_for("default", {"logs.search": "ctrl+r", "logs.wrap": ""})}
    assert table["logs.search"] == ("ctrl+r",)
    assert table["logs.wrap"] == ()


def test_a_key_for_two_things_is_refused() -> None:
    with pytest.raises(KeysError, match=r"The key w would mean both logs\.\w+ and logs\.\w+"):
        keys_for("default", {"logs.search": "w"})


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(KeysError, match=r"logs\.serch"):
        keys_for("default", {"logs.serch": "w"})


def test_keys_are_shown_as_readers_know_them() -> None:
    assert [shown(chord) for chord in ("question_mark", "escape", "ctrl+d", "j", "pagedown")] == [
        "?",
        "esc",
        "ctrl+d",
        "j",
        "PgDn",
    ]
    assert all(" " not in shown(chord) and "_" not in shown(chord) for key in KEYS for chord in key.keys)
