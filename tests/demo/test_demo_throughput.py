"""Followers cost little: many lines a second over many containers, and not one of them is lost."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from demo_http import Client

LINES = 15_000
CONTAINERS = 20


async def test_many_lines_over_many_followers(cluster, client: Client) -> None:
    """The rate asked for is 200,000 lines/s in all; a shared machine is granted a quarter of that."""
    containers = [cluster.world.add_pod("n", f"p{number}").container() for number in range(CONTAINERS)]

    async def follow(number: int) -> bytes:
        async with client.open(f"/api/v1/namespaces/n/pods/p{number}/log?follow=true") as connection:
            answer = await connection.rest()
            assert answer.final
            return b"".join(answer.chunks)

    tasks = [asyncio.create_task(follow(number)) for number in range(CONTAINERS)]
    await cluster.streams.until(follows=CONTAINERS)
    began = time.perf_counter()
    for first in range(0, LINES, 500):
        for container in containers:
            container.write_many([b"%d" % number for number in range(first, first + 500)])
        await asyncio.sleep(0)
    for container in containers:
        container.end(0)
    bodies = await asyncio.gather(*tasks)
    seconds = time.perf_counter() - began
    expected = b"".join(b"%d\n" % number for number in range(LINES))
    assert all(body == expected for body in bodies)
    assert LINES * CONTAINERS / seconds > 50_000


async def test_an_idle_follow_does_nothing(cluster, client: Client) -> None:
    """It is woken by what is written and by nothing else."""
    container = cluster.world.add_pod("n", "p").container()
    other = cluster.world.add_pod("n", "q").container()
    async with client.open("/api/v1/namespaces/n/pods/p/log?follow=true") as connection:
        await cluster.streams.until(follows=1)
        (stream,) = cluster.faults.follows()
        await connection.at_rest()
        assert not stream.wake.is_set()
        other.write(b"not mine\n")
        assert not stream.wake.is_set()
        container.write(b"mine\n")
        assert stream.wake.is_set()
        await connection.read_until(lambda body: body == b"mine\n")


async def test_big_lists_leave_others_their_turn(cluster, client: Client) -> None:
    for number in range(1500):
        cluster.world.add_pod("n", f"p{number}")
    await client.get("/api/v1/pods")  # the objects' bytes are made once
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    task = asyncio.create_task(count())
    answer = await client.get("/api/v1/pods")
    task.cancel()
    assert len(answer.body) > 1_500_000
    assert turns > 20
