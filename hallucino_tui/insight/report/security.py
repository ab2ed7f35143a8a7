"""Who tried to get in: failed logins, refusals, users never seen before, and addresses that try many things."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from hallucino_tui.insight.report.evidence import LineCitation
from hallucino_tui.insight.report.looks import literal, look_at
from hallucino_tui.insight.report.quoting import at, between, gist, listed, quote, sentence
from hallucino_tui.insight.report.statements import Section, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from hallucino_tui.insight.report.scene import Scene

_FAILED: Final = (
    r"(?i)fail(?:ed|ure)?.{0,30}(?:password|login|log-in|logon|auth|sign.?in|publickey)|"
    r"(?:password|login|logon|auth\w*|sign.?in).{0,30}(?:fail|rejected|incorrect|invalid)|"
    r"invalid (?:user|credentials|password|token|api.?key)|illegal user|access denied for user|"
    r"(?:bad|wrong) (?:password|credentials)|maximum authentication attempts|break-in|user unknown|unknown user|"
    r"no such user|role .{1,64} does not exist|\[preauth\]|wrongpass|noauth"
)
_DENIED: Final = (
    r"(?i)permission denied|access (?:is )?denied|\bdenied\b|forbidden|unauthori[sz]ed|"
    r'not (?:allowed|authori[sz]ed|permitted)|HTTP/[0-9.]+" 40[13]\b|"?status"?[=: ]+40[13]\b|refused connect|'
    r"blocked by|csrf|signature (?:mismatch|invalid)|certificate (?:verify failed|has expired)"
)
_LOGIN: Final = (
    r"(?i)accepted (?:password|publickey|keyboard\S*)|session opened|logged in|login (?:ok|success\w*)|authenticated|"
    r"log-?in from"
)
_ADDRESS: Final = r"(?:^|[^0-9.])((?:[0-9]{1,3}\.){3}[0-9]{1,3})(?:[^0-9.]|\.?$|\.[^0-9])"
_FROM: Final = r"(?i)(?:from|rhost=|client:? ?|remote_addr=|src=|addr=|ip=)[ =\"\[(]*((?:[0-9]{1,3}\.){3}[0-9]{1,3})"
_SERVER: Final = r"(?i)to server|server at|upstream|connect(?:ing|ed)? to"
"""Such an address is one that was called, not one that calls."""
_USER: Final = (
    r"(?i)(?:(?:for )?(?:invalid|illegal) user|for user|\buser|\busername|\bprincipal|\baccount|"
    r"(?:password|publickey) for(?: (?:invalid|illegal) user)?|session opened for user|logged in as|\blogin)"
    r"(?: [\\\"']{0,2}|\"?[=:] ?[\\\"']{0,2})([A-Za-z_][A-Za-z0-9_.@\-]{0,63})"
)
_PATH: Final = r'"(?:GET|POST|PUT|DELETE|HEAD|PATCH|OPTIONS|CONNECT|TRACE) ([^ ?"]{1,512})'
_REFUSED: Final = r'HTTP/[0-9.]+" 4[0-9]{2}\b'
_TARGET_PORT: Final = r"(?i)(?:\bDPT=|\bdport[=: ]|dst_?port[=: \"]+|to port |destination port )([0-9]{1,5})"
_PARTICLES: Final = (
    "from", "for", "user", "unknown", "by", "is", "not", "with", "and", "the", "name", "invalid", "rhost", "ruser",
    "tty", "authentication", "request", "request.", "failed", "failure", "error", "attempt", "attempts", "in", "to",
)  # fmt: skip

_LONGEST: Final = 4000
_MOST: Final = 8
_MOST_CITED: Final = 5
_MANY_USERS: Final = 5
_MANY_PATHS: Final = 15
_MANY_PORTS: Final = 10


def tell_security(scene: Scene) -> list[Statement]:
    """Return what somebody who guards the system wants to see."""
    failed = _rows(scene, _FAILED)
    # An access log has one template for all answers.
    paths = _rows(scene, _PATH)
    refused = paths[_texts(scene, paths).str.contains(_DENIED).to_numpy()] if len(paths) else paths
    denied = np.union1d(np.setdiff1d(_rows(scene, _DENIED), paths), refused)
    denied = denied[~np.isin(denied, failed)]
    return [
        *_by_address(scene, failed, Section.LOGINS, "failed logins"),
        *_by_template(scene, failed, Section.LOGINS),
        *_by_template(scene, denied, Section.ACCESS),
        *_new_users(scene),
        *_scans(scene, failed),
    ]


def _rows(scene: Scene, sign: str) -> NDArray[np.int64]:
    """Return the lines of all templates whose first line has a sign."""
    evidence = scene.evidence
    numbers = np.flatnonzero(scene.counts)
    if not len(numbers):
        return np.zeros(0, np.int64)
    examples = pl.Series([text[:_LONGEST] for text in scene.examples(numbers.tolist())], dtype=pl.String)
    wanted = np.zeros(len(evidence.miner_templates) + 1, np.bool_)
    wanted[numbers[examples.str.contains(sign).to_numpy()]] = True
    return np.flatnonzero(wanted[evidence.templates])


def _texts(scene: Scene, rows: NDArray[np.int64]) -> pl.Series:
    return scene.evidence.lines.text.gather(rows).str.slice(0, _LONGEST)


def _addresses(texts: pl.Series) -> pl.Series:
    """Return the address that each line says somebody came from, else the only kind of address that it has."""
    frame = pl.DataFrame({"text": texts})
    text = pl.col("text")
    other = pl.when(~text.str.contains(_SERVER)).then(text.str.extract(_ADDRESS, 1))
    return frame.select(pl.coalesce(text.str.extract(_FROM, 1), other)).to_series()


def _by_address(scene: Scene, rows: NDArray[np.int64], section: Section, what: str) -> Iterator[Statement]:
    if not len(rows):
        return
    texts = _texts(scene, rows)
    frame = pl.DataFrame({"row": rows, "address": _addresses(texts), "user": _users(texts)}).drop_nulls("address")
    groups = frame.group_by("address").agg(
        pl.len().alias("count"), pl.col("user").drop_nulls().unique(maintain_order=True).alias("users"), pl.col("row")
    )
    for address, count, users, own in (
        groups.sort(["count", "address"], descending=[True, False]).head(_MOST).iter_rows()
    ):
        shown = users[:3]
        cited = [own[0], own[-1]]
        cited += [row for row in (_first_with(scene, own, user) for user in shown) if row is not None]
        named = (
            f", {len(users):,} different users, among them {listed([quote(user) for user in shown])}" if shown else ""
        )
        if len(shown) == len(users) and shown:
            named = f", for {listed([quote(user) for user in shown])}"
        when = between(scene.time(own[0]), scene.time(own[-1]))
        text = sentence(f"{quote(address)}: {count:,} lines of {what}{named}", when)
        citations = tuple(LineCitation(row) for row in dict.fromkeys(cited))
        yield Statement(
            text, scene.workload(own[0]), citations, scene.time(own[0]), section, f"|= {literal(address)}", count
        )


def _first_with(scene: Scene, rows: list[int], word: str) -> int | None:
    return next((row for row in rows[:2000] if word in scene.text(row)), None)


def _by_template(scene: Scene, rows: NDArray[np.int64], section: Section) -> Iterator[Statement]:
    numbers, counts = np.unique(scene.evidence.templates[rows], return_counts=True)
    for place in np.argsort(-counts, kind="stable")[:_MOST].tolist():
        number, count = int(numbers[place]), int(counts[place])
        own = rows[scene.evidence.templates[rows] == number]
        first, last = int(own[0]), int(own[-1])
        workload = scene.workload(first)
        when = between(scene.time(first), scene.time(last))
        text = sentence(f"{workload}: {count:,} × {quote(gist(scene.text(first)))}", when)
        cited = tuple(LineCitation(row) for row in dict.fromkeys((first, last)))
        query = look_at(scene, int(scene.of_line[first]), number)
        yield Statement(text, workload, cited, scene.time(first), section, query, count)


def _users(texts: pl.Series) -> pl.Series:
    found = texts.str.extract(_USER, 1)
    return pl.select(pl.when(found.str.to_lowercase().is_in(_PARTICLES)).then(None).otherwise(found)).to_series()


def _new_users(scene: Scene) -> Iterator[Statement]:
    """Return users who got in, and who did nothing in the first half of the time."""
    if not scene.has_times:
        return
    rows = _rows(scene, _LOGIN)
    seen = np.union1d(rows, _rows(scene, _FAILED))
    if not len(rows):
        return
    half = scene.start + (scene.stop - scene.start) // 2
    early = seen[scene.moments[seen] < half]
    known = set(_users(_texts(scene, early)).drop_nulls().to_list()) if len(early) else set[str]()
    late = rows[scene.moments[rows] >= half]
    if not known or not len(late):
        return
    users = _users(_texts(scene, late)).to_list()
    told: set[str] = set()
    for row, user in zip(late.tolist(), users, strict=True):
        if user is None or user in known or user in told or len(told) >= _MOST:
            continue
        told.add(user)
        workload = scene.workload(row)
        when = at(scene.time(row))
        text = f"{workload}: {quote(user)} gets in{when} and was not seen in the first half of the time."
        yield Statement(text, workload, (LineCitation(row),), scene.time(row), Section.LOGINS, f"|= {literal(user)}")


def _scans(scene: Scene, failed: NDArray[np.int64]) -> Iterator[Statement]:
    """Return addresses that try many users, paths or ports."""
    paths = _rows(scene, _PATH)
    refused = paths[_texts(scene, paths).str.contains(_REFUSED).to_numpy()] if len(paths) else paths
    yield from _many(scene, failed, _USER, _MANY_USERS, "users")
    yield from _many(scene, refused, _PATH, _MANY_PATHS, "paths that were refused")
    yield from _many(scene, _rows(scene, _TARGET_PORT), _TARGET_PORT, _MANY_PORTS, "ports")


def _many(scene: Scene, rows: NDArray[np.int64], form: str, many: int, what: str) -> Iterator[Statement]:
    if not len(rows):
        return
    texts = _texts(scene, rows)
    tried = _users(texts) if form == _USER else texts.str.extract(form, 1)
    frame = pl.DataFrame({"row": rows, "address": _addresses(texts), "tried": tried}).drop_nulls()
    first = frame.group_by(["address", "tried"], maintain_order=True).first()
    groups = first.group_by("address").agg(pl.len().alias("count"), pl.col("tried"), pl.col("row"))
    groups = groups.filter(pl.col("count") >= many).sort(["count", "address"], descending=[True, False])
    for address, count, names, own in groups.head(_MOST).iter_rows():
        shown = [quote(name) for name in names[:_MOST_CITED]]
        text = f"{quote(address)} tried {count:,} different {what}, among them {listed(shown, _MOST_CITED)}."
        cited = tuple(LineCitation(row) for row in own[:_MOST_CITED])
        workload = scene.workload(own[0])
        yield Statement(text, workload, cited, scene.time(own[0]), Section.SCANS, f"|= {literal(address)}", count)
