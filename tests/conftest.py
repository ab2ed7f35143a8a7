"""What all tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.secrets_left import secrets_left

settings.register_profile(
    "check", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow], derandomize=False
)
settings.load_profile("check")


@pytest.fixture
def golden() -> Path:
    """The folder of recorded answers of real servers."""
    return Path(__file__).parent / "golden"


PRINTED: dict[str, str] = {}
"""What was printed in tests of this process, and not taken by them."""


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Keep what was printed in a test."""
    if report.sections:
        PRINTED[f"{report.nodeid} ({report.when})"] = "\n".join(text for _, text in report.sections)


@pytest.fixture(scope="session", autouse=True)
def no_secret_left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Look, behind the last test of this process, for secrets that tests made up in what the program left."""
    yield
    left = secrets_left(tmp_path_factory.getbasetemp(), PRINTED)
    assert not left, "\n".join(left)


@pytest.fixture(autouse=True)
def no_inherited_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep a developer's own cluster, keys and settings out of the tests."""
    for name in ("KUBECONFIG", "OPENAI_API_KEY", "OPENAI_BASE_URL", "NO_COLOR", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    for name in [name for name in __import__("os").environ if name.startswith(("HALLUCINO_", "AZURE_OPENAI_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
