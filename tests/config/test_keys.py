import string

import pytest
from textual._keyboard_protocol import FUNCTIONAL_KEYS
from textual.keys import Keys, _character_to_key

from hallucino_tui.config.chords import chord_named
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


@pytest.mark.parametrize("written", ["notakey++", "crtl+f", "ctrl+", "F5", "j nokey"])
def test_what_is_no_key_is_refused(written: str) -> None:
    with pytest.raises(KeysError, match=r"logs\.search the key '.+', which is no key"):
        keys_for("default", {"logs.search": written})


def test_a_key_may_be_written_as_its_character() -> None:
    table = {key.id: key.keys for key in keys_for("default", {"logs.search": "§ ctrl++ ctrl+]"})}
    assert table["logs.search"] == ("section_sign", "ctrl+plus", "ctrl+right_square_bracket")


def test_every_key_that_a_terminal_can_send_may_be_named() -> None:
    sent = {*FUNCTIONAL_KEYS.values(), *map(_character_to_key, string.printable.strip() + "éß§€")}
    sent |= {key.value for key in Keys if "<" not in key.value} - {"return", "ctrl+@", "ctrl-at"}
    assert [key for key in sorted(sent) if chord_named(key) != key] == []
    assert [key for key in KEYS for chord in key.keys if chord_named(chord) != chord] == []
