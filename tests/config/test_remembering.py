"""What is kept between runs and where: agreed hosts, reports of defects, folders."""

import stat
from pathlib import Path

import pytest

from hallucino_tui import __version__
from hallucino_tui.config import paths
from hallucino_tui.config.agreements import Agreements
from hallucino_tui.config.defects import report_defect


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_an_agreed_host_is_known_in_this_run_and_the_next(tmp_path: Path) -> None:
    path = tmp_path / "state" / "agreed-hosts.json"
    agreements = Agreements(path)
    assert "model.example" not in agreements
    for host in ("model.example", "http://127.0.0.1:8080", "model.example"):
        agreements.add(host)
    assert "model.example" in agreements
    again = Agreements(path)
    assert "model.example" in again
    assert "http://127.0.0.1:8080" in again
    assert "127.0.0.1:8080" not in again
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)


def test_an_agreement_can_be_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "agreed-hosts.json"
    agreements = Agreements(path)
    agreements.add("model.example")
    agreements.add("other.example")
    agreements.remove("model.example")
    agreements.remove("never.example")
    for one in (agreements, Agreements(path)):
        assert "model.example" not in one
        assert "other.example" in one


@pytest.mark.parametrize("content", [b"", b"{", b'{"a": 1}', b"[1, 2]", b"\xff", b"null"])
def test_a_broken_file_means_that_nothing_was_agreed_to(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "agreed-hosts.json"
    path.write_bytes(content)
    agreements = Agreements(path)
    assert "model.example" not in agreements
    agreements.add("model.example")
    assert "model.example" in Agreements(path)


def test_what_cannot_be_remembered_holds_for_this_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    agreements = Agreements(tmp_path / "file" / "agreed-hosts.json")
    with pytest.raises(OSError, match=r"Not a directory|File exists"):
        agreements.add("model.example")
    assert "model.example" in agreements


def defect_of(secret: str) -> BaseException:
    try:
        raise LookupError(f"token {secret}")
    except LookupError as error:
        return error


def test_a_defect_is_reported_with_its_place_and_no_value(tmp_path: Path) -> None:
    sentence = report_defect(defect_of("q7hidden7q"))
    path = paths.state_folder() / "defect.txt"
    assert sentence == (
        f"Hallucino stopped by a defect of its own (LookupError). Please report it, with the file {path}."
    )
    text = path.read_text()
    assert text.startswith(f"Hallucino {__version__}\nLookupError\n")
    assert "in defect_of" in text
    assert "q7hidden7q" not in text
    assert mode(path) == 0o600
    report_defect(KeyError("another"))
    assert "LookupError" not in path.read_text()


def test_a_defect_that_cannot_be_written_down_is_told_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "state").write_bytes(b"")
    assert report_defect(defect_of("x")) == (
        "Hallucino stopped by a defect of its own (LookupError). Please report it."
    )


def test_a_report_does_not_follow_a_link_that_lies_in_its_place(tmp_path: Path) -> None:
    path = paths.state_folder() / "defect.txt"
    path.parent.mkdir(parents=True)
    victim = tmp_path / "victim"
    victim.write_text("mine")
    path.symlink_to(victim)
    report_defect(defect_of("x"))
    assert victim.read_text() == "mine"


def test_folders_are_the_users_own_and_themes_of_the_user_come_last(tmp_path: Path) -> None:
    assert paths.settings_file() == paths.config_folder() / "settings.toml"
    assert tmp_path in paths.settings_file().parents
    assert tmp_path in paths.state_folder().parents
    shipped, own = paths.theme_folders()
    assert (shipped / "dark.toml").is_file()
    assert own == paths.config_folder() / "themes"
