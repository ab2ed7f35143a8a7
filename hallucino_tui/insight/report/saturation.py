"""Words that say that something is full: pools, queues, disks, memory, time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from hallucino_tui.insight.report.evidence import LineCitation
from hallucino_tui.insight.report.looks import look_at
from hallucino_tui.insight.report.quoting import between, gist, quote, sentence
from hallucino_tui.insight.report.statements import Section, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hallucino_tui.insight.report.scene import Scene
    from hallucino_tui.insight.report.trouble import Troubles

_SIGNS: Final = {
    "connections or a pool are used up": (
        r"(?i)pool.{0,40}(?:exhaust|timed? ?out|full|empty|no (?:free|idle)|not available)|connection slots|"
        r"too many (?:clients|connections|open files)|max(?:imum)?[_ ]?(?:pool|connections).{0,20}(?:reached|exceeded)|"
        r"connection is not available|couldn't get a connection"
    ),
    "a queue is full or grows": (
        r"(?i)queue.{0,30}(?:full|overflow|exceed|grow|backlog)|backlog|rejectedexecution|[1-9][0-9]* waiting"
    ),
    "something is throttled": r"(?i)throttl|rate.?limit|too many requests|\b429\b|backpressure|slow down",
    "memory is short": (
        r"(?i)out ?of ?memory|\boom\b|oomkill|cannot allocate memory|memory limit|maxmemory|heap space|evict"
    ),
    "collecting garbage takes long": (
        r"\bGC\b.{0,40}(?:pause|overhead|took)|(?i:stop-the-world|gc pause|garbage collect)"
    ),
    "a disk is full or slow": (
        r"(?i)no space left|disk (?:is )?full|could not extend|write stall|quota exceeded|checkpoints are occurring too"
    ),
    "something takes too long": (
        r"(?i)timed[ _-]?out|time-?out(?:[^=:_a-z]|$)|timeout(?:exception|error)|deadline exceeded|"
        r"slow (?:query|request|log)|did not answer|took too long|lock wait"
    ),
    "the processor is short": r"(?i)cpu.{0,20}(?:throttl|starv|overload|saturat)|load average|soft lockup",
}
_LONGEST: Final = 4000
_MOST: Final = 12


def tell_saturation(scene: Scene, troubles: Troubles) -> Iterator[Statement]:
    """Return the templates that say that something is full: those that became more, then those with most lines."""
    evidence = scene.evidence
    numbers = np.flatnonzero(scene.counts)
    counts = scene.counts[numbers]
    if not len(numbers):
        return
    # What is indented are frames of stack traces: source code, which speaks of much that does not happen.
    examples = pl.Series(
        ["" if text[:1].isspace() else text[:_LONGEST] for text in scene.examples(numbers.tolist())], dtype=pl.String
    )
    told: set[int] = set()
    found: list[tuple[int, int, int, str]] = []
    new = {one.template for one in troubles.logged}
    for words, sign in _SIGNS.items():
        for place in np.flatnonzero(examples.str.contains(sign).to_numpy()).tolist():
            number = int(numbers[place])
            if number not in told:
                told.add(number)
                found.append((number not in new, -int(counts[place]), number, words))
    for _, count, number, words in sorted(found)[:_MOST]:
        rows = np.flatnonzero(evidence.templates == number)
        first, last = int(rows[0]), int(rows[-1])
        workload = scene.workload(first)
        said = f"{workload}: {words}: {-count:,} × {quote(gist(scene.text(first)))}"
        text = sentence(said, between(scene.time(first), scene.time(last)))
        cited = tuple(LineCitation(index) for index in dict.fromkeys((first, last)))
        query = look_at(scene, int(scene.of_line[first]), number)
        yield Statement(text, workload, cited, scene.time(first), Section.SATURATION, query, -count)
