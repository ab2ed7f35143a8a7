from pathlib import Path

import pytest

from hallucino_tui.config import themes
from hallucino_tui.config.themes import Theme, contrast, load_themes, read_theme

SHIPPED = load_themes([Path(__file__).parents[2] / "themes"])


def test_three_kinds_are_shipped_and_none_is_broken() -> None:
    assert {"dark", "light", "high-contrast"} <= set(SHIPPED.by_name)
    assert SHIPPED.problems == ()


@pytest.mark.parametrize("theme", SHIPPED.by_name.values(), ids=SHIPPED.by_name)
def test_everything_can_be_read(theme: Theme) -> None:
    surfaces = theme.surfaces
    least = 7.0 if theme.name == "high-contrast" else 4.5
    written = [surfaces.text, surfaces.accent, *theme.streams]
    written += [getattr(theme.levels, name) for name in ("info", "notice", "warn", "error", "fatal")]
    written += [getattr(theme.states, name) for name in ("good", "pending", "bad", "gap", "control")]
    for background in (surfaces.background, surfaces.panel):
        for colour in written:
            assert contrast(colour, background) >= least, (colour, background)
    for colour in (surfaces.text, theme.levels.error, theme.levels.warn):
        assert contrast(colour, surfaces.cursor) >= 4.0
        assert contrast(colour, surfaces.selection) >= 3.0
    assert contrast(surfaces.muted, surfaces.panel) >= 4.0
    assert contrast(surfaces.match_text, surfaces.match) >= 7.0
    assert theme.dark == (contrast(surfaces.background, "#ffffff") > contrast(surfaces.background, "#000000"))


def test_a_user_theme_overrides_and_a_broken_one_is_reported(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    shipped = Path(__file__).parents[2] / "themes"
    (mine / "dark.toml").write_text((shipped / "dark.toml").read_text().replace("#12141c", "#000001"))
    (mine / "broken.toml").write_text("name = 'broken'\ndark = 3")
    (mine / "colour.toml").write_text((shipped / "dark.toml").read_text().replace("#12141c", "red"))
    found = load_themes([shipped, mine])
    assert found.by_name["dark"].surfaces.background == "#000001"
    assert [problem.partition(" is left out")[0] for problem in found.problems] == [
        f"The theme {mine / name}" for name in ("broken.toml", "colour.toml")
    ]


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(themes.ThemeError, match="is left out"):
        read_theme(tmp_path / "none.toml")


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
