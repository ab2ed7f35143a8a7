"""Which lines tell one story: those of one request, process or pod; and which tell of different things.

Lines of one pod that follow one another within seconds are taken for one story, unless each names another request,
row, order or process.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hallucino_tui.assistant.grounding.reading.line import Line

# How far apart lines of one stream may be: in seconds and, where they have no times, in their numbers.
_SECONDS: Final = 4.0
_LINES: Final = 3
_FRAMES: Final = 6
_STREAM: Final = re.compile(r"^(?:\d{4}-\d\d-\d\dT\S+ )?(?P<pod>[a-z][a-z0-9.\-]*)/(?P<container>[a-z0-9][\w.\-]*) ")
_PROGRAM: Final = re.compile(r"^[A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d (?P<program>[\w.\-]+ [A-Za-z][\w./\-]*)")
_OBJECT: Final = re.compile(r"\b(?:Pod|Deployment|ReplicaSet|Job|StatefulSet|DaemonSet)/(?P<name>[a-z0-9.\-]+)")
_HASHES: Final = re.compile(r"(?:-[a-z0-9]{5,10}){1,2}$|-\d+$")
_REQUEST: Final = re.compile(r"\b(?:req(?:uest)?_?id|rid|trace_?id|req)\W{1,4}(?P<id>[0-9a-f\-]{8,})", re.IGNORECASE)
_THING: Final = re.compile(
    r"\b(?P<key>order|row|task|tid|job|block|session|node|pod|attempt_\d)(?:_?id)?[=: \"]{1,3}\"?"
    r"(?P<value>\d[\w.]*|[a-z]+-\d+|(?<=pod=\")[\w./\-]+)(?![\w/])",
    re.IGNORECASE,
)
_SHAPED: Final = re.compile(
    r"\b(?P<shape>blk)_(?P<a>-?\d{5,})|\b(?P<hex>0x)(?P<b>[0-9a-f]{8,})|\b(?P<try>attempt)_(?P<c>\d+_\d+_[mr]_\d+_\d+)"
    r"|(?P<sku>SKU)-(?P<d>\d+)"
)
# The day that a line is about, behind its own time and the name of its program.
_DAY: Final = re.compile(r"(?<=: )(?P<day>\d{4}-\d\d-\d\d)(?= [a-z])")
_CLIENT: Final = re.compile(r"(?:\bclient: |(?:^|Z |/\w+ ))(?P<address>\d{1,3}(?:\.\d{1,3}){3})(?=,| - )")
_PROCESS: Final = re.compile(r"\[(?P<pid>\d{1,7})\]|\(?\bPID:? (?P<child>\d{1,7})\b")
_CALL: Final = re.compile(r"\b(?P<call>(?:GET|POST|PUT|DELETE|HEAD|PATCH|OPTIONS) /[^\s\"?]*)")
_DIGITS: Final = re.compile(r"\d+")
# What the process with this number does is told by itself or by the one that started it.
_PARENT: Final = "1"


@functools.lru_cache(maxsize=4096)
def stream_of(text: str) -> str:
    """Return the pod and container in front of a line; "" if none stands there."""
    found = _STREAM.match(text)
    return f"{found['pod']}/{found['container']}" if found else ""


@functools.lru_cache(maxsize=4096)
def source_of(text: str) -> str:
    """Return the pod and container in front of a line, or its host and program; "" if none stands there."""
    found = _PROGRAM.match(text)
    return stream_of(text) or (found["program"] if found else "")


@functools.lru_cache(maxsize=4096)
def workloads_of(text: str) -> frozenset[str]:
    """Return the names in front of a line, and of the objects of an event, each without the hashes of its pod."""
    found = _STREAM.match(text)
    names = [found["pod"], found["container"]] if found else []
    names += [match["name"] for match in _OBJECT.finditer(text[:200])]
    return frozenset(_HASHES.sub("", name) for name in names)


def pods_among(lines: Sequence[Line], counted: str) -> frozenset[str]:
    """Return the pods that wrote lines, if all are of the workload with which a text begins: `api pods`.

    Args:
        lines: The lines.
        counted: What a claim counts.
    """
    streams = frozenset(stream_of(line.text) for line in lines)
    begin = counted.lstrip().lower()
    is_own = all(any(map(begin.startswith, workloads_of(line.text))) for line in lines)
    return streams if is_own and all(streams) else frozenset()


@functools.lru_cache(maxsize=4096)
def _things_of(text: str) -> Mapping[str, frozenset[str]]:
    """Return what a line is about: by kind of thing, as ``request`` or ``row``, the ids of it."""
    found: dict[str, set[str]] = {}
    for match in _REQUEST.finditer(text):
        found.setdefault("request", set()).add(match["id"])
    for match in _THING.finditer(text):
        found.setdefault(match["key"].lower(), set()).add(match["value"])
    for match in _SHAPED.finditer(text):
        shape = match["shape"] or match["hex"] or match["try"] or match["sku"]
        found.setdefault(shape, set()).add(match["a"] or match["b"] or match["c"] or match["d"])
    if client := _CLIENT.search(text):
        found["client"] = {client["address"]}
    if day := _DAY.search(text):
        found["day"] = {day["day"]}
    if pids := processes_of(text) - {_PARENT}:
        found["process"] = set(pids)
    if stream := _STREAM.match(text):
        found[f"pod of {_HASHES.sub('', stream['pod'])}"] = {stream["pod"]}
    if calls := {match["call"] for match in _CALL.finditer(text)}:
        found[f"call in {stream['pod'] if stream else ''}"] = calls
    return {kind: frozenset(ids) for kind, ids in found.items()}


@functools.lru_cache(maxsize=4096)
def processes_of(text: str) -> frozenset[str]:
    """Return the numbers of the processes that a line names near its beginning."""
    return frozenset(match["pid"] or match["child"] for match in _PROCESS.finditer(text[:160]))


def are_apart(one: Line, other: Line) -> bool:
    """Say whether two lines tell of different things of one kind: of two requests, two rows, two processes."""
    first, second = _things_of(one.text), _things_of(other.text)
    common = first.keys() & second.keys()
    if any(first[kind] & second[kind] for kind in common if not _is_wide(kind)):
        return False
    return any(not first[kind] & second[kind] for kind in common)


def share_process(one: Line, other: Line) -> bool:
    """Say whether two lines are of one process that is not the first one of its machine."""
    return bool((processes_of(one.text) & processes_of(other.text)) - {_PARENT})


def are_records(one: Line, other: Line) -> bool:
    """Say whether two lines only differ in their numbers: two records of one kind."""
    return _masked(one.text) == _masked(other.text)


def are_processes_apart(one: Line, other: Line) -> bool:
    """Say whether two lines are of different processes, that with the number 1 counted, or apart otherwise."""
    first, second = processes_of(one.text), processes_of(other.text)
    return are_apart(one, other) or bool(first and second and not first & second)


def _is_wide(kind: str) -> bool:
    """Say whether what is shared by two lines leaves them apart all the same."""
    return kind in {"node", "process", "client", "day"} or kind.startswith(("pod of", "call in"))


@functools.lru_cache(maxsize=4096)
def _masked(text: str) -> str:
    return _DIGITS.sub("0", text)


def share_request(one: Line, other: Line) -> bool:
    """Say whether two lines are of one request by its id."""
    first, second = _things_of(one.text), _things_of(other.text)
    return bool(first.get("request", frozenset()) & second.get("request", frozenset()))


def are_near(one: Line, other: Line) -> bool:
    """Say whether two lines follow one another in one stream within seconds and nothing tells them apart."""
    source = source_of(one.text)
    if (one.when is None or other.when is None) and not source and not source_of(other.text):
        # Lines of a trace have neither a time nor a source.
        return abs(one.number - other.number) <= _FRAMES
    is_one = bool(source) and source == source_of(other.text)
    if not (is_one or share_process(one, other)) or are_apart(one, other):
        return False
    if one.when is None or other.when is None or bool(one.day) != bool(other.day):
        return abs(one.number - other.number) <= _LINES
    return abs(one.when - other.when) <= _SECONDS


def belong(one: Line, other: Line, name: str = "") -> bool:
    """Say whether two lines tell one story: they share an id that is not everywhere, or follow one another.

    Args:
        one: A line.
        other: Another.
        name: What ties nothing, as it is what they are to be tied by.
    """
    if one.number == other.number:
        return True
    if any((len(key) >= 5 or key.isdigit()) and key not in name for key in one.ids & other.ids):
        return True
    return are_near(one, other)
