from pathlib import Path

import pytest

from hallucino_tui.config.settings import Settings, SettingsError, describe_settings, load_settings, variables


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "settings.toml"
    path.write_text(text)
    return path


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "none.toml", {}) == Settings()


def test_a_file_sets_what_it_names(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        '[screen]\ntheme = "light"\n[assistant.model]\nname = "m"\n[keys]\n"logs.wrap" = "W"',
    )
    settings = load_settings(path, {})
    assert settings.screen.theme == "light"
    assert settings.assistant.model.name == "m"
    assert settings.keys == {"logs.wrap": "W"}
    assert settings.logs.tail == 1000


def test_rules_for_categories_are_a_list(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        '[[categories]]\nname = "batch"\npattern = "feed row"\ncategory = "normal"\n'
        '[[categories]]\nname = "late"\npattern = "late"\ncategory = "preventive_action"',
    )
    rules = load_settings(path, {}).categories
    assert [(rule.name, rule.pattern, rule.category) for rule in rules] == [
        ("batch", "feed row", "normal"),
        ("late", "late", "preventive_action"),
    ]


def test_the_environment_goes_over_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, "[logs]\ntail = 5")
    environment = {"HALLUCINO_LOGS_TAIL": "7", "HALLUCINO_SCREEN_WRAP": "true", "HALLUCINO_ASSISTANT_MODEL_NAME": "x"}
    settings = load_settings(path, environment)
    assert (settings.logs.tail, settings.screen.wrap, settings.assistant.model.name) == (7, True, "x")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[screen]\ntheem = 'x'", r"unknown field `theem` at `screen`"),
        ("[logs]\ntail = 'many'", r"at `logs\.tail`"),
        ("[logs]\ntail = -1", r"at `logs\.tail`"),
        ("[assistant]\nconfirm = 'perhaps'", r"perhaps.*at `assistant\.confirm`"),
        ("[screen", "not valid TOML"),
        ("nonsense = 1", "unknown field `nonsense`"),
        ('[[categories]]\nname = "x"\npattern = "x"\ncategory = "bad"', r"bad.*at `categories"),
        ('[[categories]]\nname = "x"\ncategory = "normal"', r"pattern.*at `categories"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said) as caught:
        load_settings(write(tmp_path, text), {})
    assert "settings.toml" in str(caught.value)


def test_a_wrong_variable_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="HALLUCINO_LOGS_TAIL"):
        load_settings(tmp_path / "none.toml", {"HALLUCINO_LOGS_TAIL": "many"})


def test_a_file_that_is_no_text_is_said(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(path, {})


def test_every_setting_is_described_and_has_a_variable() -> None:
    rows = describe_settings()
    assert all(text for _, _, text in rows)
    assert {path for path, _, _ in rows} == set(variables().values())


def test_a_value_that_is_none_of_a_few_is_refused_with_those(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"the value 'vim' at `screen\.keys` is none of default, k9s, less"):
        load_settings(write(tmp_path, '[screen]\nkeys = "vim"'), {})
    with pytest.raises(SettingsError, match=r"'x' at `assistant.models\[0\].kind` is none of openai, azure, local"):
        load_settings(write(tmp_path, '[[assistant.models]]\nkind = "x"'), {})
    with pytest.raises(SettingsError, match="is none of default, k9s, less"):
        load_settings(tmp_path / "none.toml", {"HALLUCINO_SCREEN_KEYS": "vim"})


def test_two_models_of_one_label_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, '[assistant.model]\nlabel = "big"\n[[assistant.models]]\nlabel = "big"')
    with pytest.raises(SettingsError, match="call two models 'big'"):
        load_settings(path, {})


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="is a folder: put a file in its place"):
        load_settings(tmp_path, {})
