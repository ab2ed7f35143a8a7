"""Numbered lines through a server that breaks off again and again. The truth is the writer's numbering."""

import pytest

from benchmarks.faults.client import Result, run

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def check_sound(result: Result) -> None:
    # Only what is followed can be cut, so how often that was depends on how fast the machine is.
    assert result.cuts >= 40
    assert result.repeated == 0
    assert result.disordered == 0
    assert result.silent == 0
    assert result.totals.lines == result.received
    assert result.totals.gaps == result.announced


async def test_nothing_is_lost_and_no_gap_is_announced_where_no_log_was_rotated() -> None:
    # A container that is restarted again before its run before was read has lost it: nobody could read that.
    result = await run(lines=400_000, streams=20, seed=1, rotate=False, trouble=2, pause=0.08, rest=2)
    check_sound(result)
    assert (result.received, result.lost, result.announced) == (400_000, 0, 0)
    assert result.totals.replays > 0


async def test_every_loss_is_announced_where_logs_were_rotated_or_containers_restarted_twice() -> None:
    result = await run(lines=400_000, streams=20, seed=2, rotate=True, trouble=2, pause=0.15)
    check_sound(result)
    assert result.lost > 0
    assert result.done.get("rotate", 0) + result.done.get("rotate-twice", 0) > 0


async def test_a_client_that_is_slowed_down_loses_nothing_either() -> None:
    result = await run(
        lines=400_000, streams=20, seed=3, rotate=False, slow=0.1, trouble=3, pause=0.08, settled=8, rest=4
    )
    check_sound(result)
    assert (result.received, result.lost, result.announced) == (400_000, 0, 0)


async def test_a_client_that_is_slowed_down_announces_every_loss() -> None:
    result = await run(
        lines=200_000, streams=20, seed=4, rotate=True, slow=0.1, trouble=3, pause=0.3, settled=8, rest=4
    )
    check_sound(result)
