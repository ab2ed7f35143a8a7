"""Who names whom: hosts, services, ports and addresses in error lines say which workload the writer depends on."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from hallucino_tui.insight.report.products import Products
from hallucino_tui.insight.report.trouble import owner_of
from hallucino_tui.logs.severity import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from hallucino_tui.insight.report.scene import Scene
    from hallucino_tui.insight.report.trouble import Trouble

_MOST_TROUBLES: Final = 300
_SAMPLES: Final = 3
_LONGEST: Final = 4000
_LISTENS: Final = re.compile(r"(?i)listen|\bport\b|\bserving\b|started (?:on|at)|running (?:on|at|mode)")
_LISTENING_PORT: Final = re.compile(
    r"(?i)(?:(?:0\.0\.0\.0|127\.0\.0\.1|localhost|\[::1?\]|\*|::)\"?:|port\(?s?\)?[ =:\"]{1,3}|listening (?:on|at) :?)"
    r"(\d{2,5})\b"
)
_PORT: Final = re.compile(r"(?:(?<=[\w\]]):|\bport[ =:\"']{1,3})(\d{2,5})\b(?!\.\d)(?!:)")
_ADDRESS: Final = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")
_CLIENT: Final = re.compile(
    r"(?i)(?:\buser[=: ]+[\"']?|\bclient[=: ]+[\"']?|\bfrom +[\"']?|\bapp(?:lication)?(?:_name)?[=: ]+[\"']?)\Z"
)
_FRAME: Final = re.compile(r"^\s+(?:at |File \"|\.\.\. |\S.*\()")
_HOST: Final = re.compile(r"(?<![\w.\-])[\w.\-]+\Z")
_LIKE_HOST: Final = re.compile("[/'\"=:]")
_CALLED: Final = 1.0
_AS_WORD: Final = 0.6
_BY_PORT: Final = 0.8
_IN_FRAME: Final = 0.3


@dataclass(slots=True)
class Named:
    """Who is named by the troubles of others.

    Attributes:
        called: For each workload name, the workloads whose troubles name it as something that they call, each with how
            sure that is (0 to 1) and an index of a line that does.
        clients: For each workload name, the workloads whose troubles name it as their client, with an index of a line.
        calls: For each workload name, the names that its own troubles call.
        servers: Names of workloads that are well-known servers, which many share.
        called_in: Finds the names that a line tells as something that its writer calls.
    """

    called: dict[str, dict[str, tuple[float, int]]] = field(default_factory=dict)
    clients: dict[str, dict[str, int]] = field(default_factory=dict)
    calls: dict[str, set[str]] = field(default_factory=dict)
    servers: frozenset[str] = frozenset()
    called_in: Callable[[str], Collection[str]] = frozenset


def find_names(scene: Scene, troubles: Sequence[Trouble], extra: Sequence[str] = ()) -> Named:
    """Find whom the lines of troubles name.

    Args:
        scene: The lines.
        troubles: What is wrong.
        extra: Names of workloads that wrote no lines.
    """
    book = _Book(scene, [*scene.workloads, *extra])
    named = Named(servers=book.servers, called_in=book.called_in)
    for trouble in sorted(troubles, key=lambda one: -len(one.lines))[:_MOST_TROUBLES]:
        writer = scene.workloads[trouble.workload]
        for index in trouble.lines[:_SAMPLES].tolist():
            _read_record(scene, book, named, writer, index)
    _drop_clients(named)
    return named


def _drop_clients(named: Named) -> None:
    """Of two who name each other, who is the other's client is not what the other calls, unless told as a host."""
    for name, writers in list(named.called.items()):
        for writer in list(writers):
            is_client = writer in named.clients.get(name, ()) and name in named.called.get(writer, ())
            if is_client and writers[writer][0] < _CALLED:
                del writers[writer]
                named.calls.get(writer, set()).discard(name)
        if not writers:
            del named.called[name]


def _read_record(scene: Scene, book: _Book, named: Named, writer: str, index: int) -> None:
    for one in scene.record(index):
        text = scene.text(one)[:_LONGEST]
        frame = one != index and bool(_FRAME.match(text))
        clients = book.clients_in(text)
        for name, sure in book.called_in(text).items():
            if name == writer or name in clients:
                continue
            weight = min(sure, _IN_FRAME) if frame else sure
            before = named.called.setdefault(name, {}).get(writer, (0.0, -1))
            if weight > before[0]:
                named.called[name][writer] = (weight, one)
            if not frame:
                named.calls.setdefault(writer, set()).add(name)
        for name in clients:
            if name != writer:
                named.clients.setdefault(name, {}).setdefault(writer, one)


class _Book:
    """Names, ports and addresses of workloads."""

    def __init__(self, scene: Scene, names: Sequence[str]) -> None:
        words = sorted({name for name in names if len(name) >= 3}, key=len, reverse=True)
        joined = "|".join(re.escape(word) for word in words)
        self._names = re.compile(rf"(?<![A-Za-z0-9-])(?:{joined})(?![A-Za-z0-9])" if joined else r"(?!)")
        images = {pod.workload: " ".join(one.image for one in pod.containers) for pod in scene.evidence.pods}
        self._products = Products((name, images.get(name, "")) for name in sorted(set(names)))
        self._ports = self._products.ports | _ports(scene)
        self._addresses = _addresses(scene)
        self.servers = self._products.servers

    def called_in(self, text: str) -> dict[str, float]:
        """Return the names that a line tells as something that its writer calls, each with how sure that is."""
        found: dict[str, float] = {}
        for match in self._names.finditer(text):
            if not _is_client(text, match):
                beside = text[max(0, match.start() - 1) : match.start()] + text[match.end() : match.end() + 1]
                sure = _CALLED if _LIKE_HOST.search(beside) else _AS_WORD
                found[match[0]] = max(found.get(match[0], 0.0), sure)
        for name in self._products.told_by(text):
            found.setdefault(name, _BY_PORT)
        for match in _PORT.finditer(text):
            name = self._ports.get(int(match[1]))
            if name and not _is_client(text, match) and not _is_client_port(text, match):
                found.setdefault(name, _BY_PORT)
        for match in _ADDRESS.finditer(text):
            name = self._addresses.get(match[0])
            if name and not _is_client(text, match):
                found.setdefault(name, _BY_PORT)
        return found

    def clients_in(self, text: str) -> set[str]:
        """Return the names that a line tells as its writer's clients, by name or by address."""
        found = {match[0] for match in self._names.finditer(text) if _is_client(text, match)}
        for match in _ADDRESS.finditer(text):
            name = self._addresses.get(match[0])
            if name and _is_client(text, match):
                found.add(name)
        return found


def _is_client(text: str, match: re.Match[str]) -> bool:
    if text[match.end() : match.end() + 1] == "@":
        return True
    return bool(_CLIENT.search(text, max(0, match.start() - 24), match.start()))


def _is_client_port(text: str, match: re.Match[str]) -> bool:
    """Say whether a port stands behind the name or the address of a client: then it is the client's end of the call."""
    host = _HOST.search(text, max(0, match.start() - 80), match.start())
    return host is not None and _is_client(text, host)


def _ports(scene: Scene) -> dict[int, str]:
    """Return which workload listens on a port, as programs say of themselves, for ports that only one listens on."""
    evidence = scene.evidence
    numbers = [one.number for one in evidence.miner_templates if _LISTENS.search(one.example[:_LONGEST])]
    owners: dict[int, Counter[str]] = {}
    if numbers:
        wanted = np.zeros(len(evidence.miner_templates) + 1, np.bool_)
        wanted[numbers] = True
        rows = np.flatnonzero(wanted[evidence.templates] & (scene.levels < Level.WARN))
        keys = scene.of_line[rows].astype(np.int64) * len(wanted) + evidence.templates[rows]
        _, firsts = np.unique(keys, return_index=True)
        for index in rows[firsts].tolist():
            for match in _LISTENING_PORT.finditer(scene.text(index)[:_LONGEST]):
                owners.setdefault(int(match[1]), Counter())[scene.workload(index)] += 1
    for event in evidence.events:
        if event.pod and event.workload and "http" in event.message:
            for match in re.finditer(r"//[\d.]+:(\d{2,5})/", event.message[:_LONGEST]):
                owners.setdefault(int(match[1]), Counter())[owner_of(event)] += 1
    return {port: next(iter(counts)) for port, counts in owners.items() if len(counts) == 1}


def _addresses(scene: Scene) -> dict[str, str]:
    found: dict[str, str] = {}
    for event in scene.evidence.events:
        if event.pod and event.workload:
            for match in re.finditer(r"//([\d.]+):\d+/", event.message[:_LONGEST]):
                found[match[1]] = owner_of(event)
    return found
