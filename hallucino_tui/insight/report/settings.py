"""What a new version of a workload says of itself at its start that older ones did not say."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np

from hallucino_tui.logs.moment import NANOSECONDS
from hallucino_tui.logs.severity import Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from hallucino_tui.insight.report.scene import Scene

_HEAD: Final = 60
"""So many lines at the start of a stream may tell settings."""
_STARTS: Final = 15 * NANOSECONDS
"""What comes so long after a stream's first line is work, and no start."""
_MOST_STREAMS: Final = 24
_LONGEST: Final = 4000
_PAIR: Final = re.compile(r"([A-Za-z][\w.\-]{1,60})=(\"[^\"]*\"|'[^']*'|[^\s,;|&]+)")
_SAID: Final = re.compile(r"([A-Za-z][A-Za-z _\-]{2,40}): +([^,;:]{1,60})(?=[,;]|$)")
_CHANGING: Final = re.compile(
    r"(?i)^(?:ts|time|timestamp|date|t|pid|tid|ppid|thread|id|.*_id|.*[a-z]Id|uuid|uid|host|hostname|pod|pod_?name|node|ip|"
    r"addr|seq|took|elapsed|duration.*|uptime|seed|rss.*|mem.*used.*|caller|line|goroutine|trace.*|span.*)$"
)
_VARIABLE: Final = re.compile(r"[0-9a-f]{8,}|0x[0-9a-f]+|\d+", re.IGNORECASE)
_VERSION: Final = re.compile(r"(?i)\b(?:v|version[ =:]+)(\d+(?:\.\d+)+[\w.+-]*)")


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting that changed.

    Attributes:
        name: Its name.
        before: What pods before said.
        after: What new pods say.
        line: Index of the first line that says so.
        old_line: Index of a line that said what was before.
    """

    name: str
    before: str
    after: str
    line: int
    old_line: int


def changed_settings(scene: Scene, old: Sequence[int], new: Sequence[int]) -> list[Setting]:
    """Return the settings that new streams tell otherwise than old ones, in the order in which they are told.

    A setting counts if all old streams agree on it, and all new ones.

    Args:
        scene: The lines.
        old: Indices of streams of a workload.
        new: Indices of later streams of it.
    """
    before, after = _told(scene, old), _told(scene, new)
    found: list[Setting] = []
    for name, values in after.items():
        past = before.get(name)
        if past is None or len(past) != 1 or len(values) != 1:
            continue
        (old_value, old_line), (value, line) = next(iter(past.items())), next(iter(values.items()))
        if old_value != value:
            found.append(Setting(name, old_value, value, line, old_line))
    found.sort(key=lambda one: one.line)
    return found


def new_first_words(scene: Scene, old: Sequence[int], new: Sequence[int]) -> int | None:
    """Return the first line at the start of new streams that no old stream has anywhere, numbers apart.

    None if their starts have nothing in common: then what is known of the old streams is not their start.
    """
    known = {_VARIABLE.sub("#", scene.text(index)) for index in _heads(scene, old)}
    heads = [(index, _VARIABLE.sub("#", scene.text(index)) in known) for index in _heads(scene, new)]
    unknown = [index for index, is_known in heads if not is_known]
    if len(unknown) == len(heads):
        return None
    rows = np.flatnonzero(np.isin(scene.evidence.lines.streams, old)) if unknown else np.zeros(0, np.int64)
    return next((index for index in unknown if not _is_said_in(scene, rows, index)), None)


def _is_said_in(scene: Scene, rows: NDArray[np.int64], index: int) -> bool:
    """Say whether any of some lines says what one line says, numbers apart: such lines are of one template."""
    templates = scene.evidence.templates
    same = scene.evidence.lines.text.gather(rows[templates[rows] == templates[index]])
    plain = same.str.replace_all(f"(?i){_VARIABLE.pattern}", "#")
    return bool((plain == _VARIABLE.sub("#", scene.text(index))).any())


def _heads(scene: Scene, streams: Iterable[int]) -> list[int]:
    """Return the lines at the start of streams, up to their first warning or error: what follows it is about that."""
    rows = scene.evidence.lines.streams
    found: list[int] = []
    for stream in list(streams)[:_MOST_STREAMS]:
        head = np.flatnonzero(rows == stream)[:_HEAD]
        if scene.has_times and len(head):
            head = head[scene.moments[head] < scene.moments[head[0]] + _STARTS]
        severe = scene.levels[head] >= Level.WARN
        found += head[: int(severe.argmax()) if severe.any() else len(head)].tolist()
    return sorted(found)


def _told(scene: Scene, streams: Iterable[int]) -> dict[str, dict[str, int]]:
    """Return the values of each setting, and the first line that has each."""
    told: dict[str, dict[str, int]] = {}
    for index in _heads(scene, streams):
        for name, value in _pairs(scene.text(index)[:_LONGEST]):
            told.setdefault(name, {}).setdefault(value, index)
    return told


def _pairs(text: str) -> Iterable[tuple[str, str]]:
    if text.startswith("{"):
        try:
            decoded = json.loads(text)
        except ValueError:
            decoded = None
        if isinstance(decoded, dict):
            items = cast("dict[str, Any]", decoded).items()
            yield from ((name, str(value)) for name, value in items if _is_setting(name, value))
            return
    for match in _PAIR.finditer(text):
        if _is_setting(match[1], match[2]):
            yield match[1], match[2].strip("\"'")
    for match in _SAID.finditer(text):
        if _is_setting(match[1], match[2]):
            yield match[1].strip(), match[2].strip()
    for match in _VERSION.finditer(text):
        yield "version", match[1]


def _is_setting(name: str, value: object) -> bool:
    if _CHANGING.match(name) or name.lower() in {"level", "lvl", "severity", "msg", "message", "logger", "status"}:
        return False
    return isinstance(value, (str, int, float, bool)) and len(str(value)) <= 120
