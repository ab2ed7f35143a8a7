"""How well templates agree with those that people found, on logs of ten systems."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.grouping import agreement, mine, read_set

CORPORA = Path(__file__).parents[4] / "shared" / "data" / "loghub" / "loghub_2k"


@pytest.mark.corpora
@pytest.mark.parametrize("column", ["raw", "content"])
def test_lines_are_grouped_as_people_group_them(column: str) -> None:
    if not CORPORA.is_dir():
        pytest.skip("the log corpora are not here")
    found = []
    for folder in sorted(path for path in CORPORA.iterdir() if path.is_dir()):
        lines = read_set(folder)
        found.append(agreement(mine(getattr(lines, column)), lines.events))
    assert sum(one.accuracy for one in found) / len(found) >= 0.93
    assert sum(one.f1 for one in found) / len(found) >= 0.90
