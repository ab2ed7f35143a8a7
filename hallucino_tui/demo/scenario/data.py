"""What PostgreSQL, Redis and the importer say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hallucino_tui.demo.scenario import stamps

if TYPE_CHECKING:
    from hallucino_tui.demo.chance import Chance


def postgres_log(time_ns: int, pid: int, level: str, message: str, session: str = "") -> str:
    """Return a line of the database; `session` is ``user@database`` or "" for its own processes."""
    who = f" {session}" if session else ""
    return f"{stamps.postgres(time_ns)} [{pid}]{who} {level}:  {message}"


def checkpoint_begins(time_ns: int) -> str:
    """Return the beginning of a checkpoint."""
    return postgres_log(time_ns, 27, "LOG", "checkpoint starting: time")


def checkpoint_ends(time_ns: int, buffers: int, seconds: float) -> str:
    """Return the end of a checkpoint that has written so many buffers in so many seconds."""
    return postgres_log(
        time_ns,
        27,
        "LOG",
        f"checkpoint complete: wrote {buffers} buffers ({buffers / 163.84:.1f}%); 0 WAL file(s) added, 0 removed, "
        f"1 recycled; write={seconds:.3f} s, sync=0.012 s, total={seconds + 0.031:.3f} s; sync files=38, "
        f"longest=0.004 s, average=0.001 s; distance={buffers * 13} kB, estimate={buffers * 15} kB",
    )


def postgres_slow(time_ns: int, pid: int, chance: Chance, milliseconds: float) -> str:
    """Return a statement that took long."""
    statement = chance.pick(
        (
            "SELECT id, status, total FROM orders WHERE customer_id = $1 ORDER BY created_at DESC LIMIT 20",
            "UPDATE stock SET reserved = reserved + $1 WHERE sku = $2",
            "SELECT c.code, c.discount FROM coupons c WHERE c.code = $1 AND c.valid_until > now()",
        )
    )
    message = f"duration: {milliseconds:.3f} ms  execute <unnamed>: {statement}"
    return postgres_log(time_ns, pid, "LOG", message, "checkout@shop")


def postgres_refusal(time_ns: int, pid: int, user: str, *, reserved: bool) -> str:
    """Return a refused connection, in one of the two ways in which the database says it."""
    message = (
        "remaining connection slots are reserved for roles with the SUPERUSER attribute"
        if reserved
        else "sorry, too many clients already"
    )
    return postgres_log(time_ns, pid, "FATAL", message, f"{user}@shop")


def redis_save(time_ns: int, changes: int) -> list[str]:
    """Return a snapshot in the background."""
    moment = stamps.redis(time_ns)
    return [
        f"1:M {moment} * {changes} changes in 60 seconds. Saving...",
        f"1:M {moment} * Background saving started by pid {200 + changes % 700}",
        f"1:M {moment} * Background saving terminated with success",
    ]


def importer(time_ns: int, chance: Chance) -> list[str]:
    """Return what the importer says about one row of the supplier's feed: mostly trouble, none of it ours."""
    row, sku = chance.whole(1, 60_000), f"SKU-{chance.whole(1000, 9999)}"
    head = stamps.comma_millis(time_ns)
    kind = chance.weighted((("error", 3.0), ("warning", 4.0), ("critical", 0.3), ("trace", 0.8), ("info", 2.0)))
    if kind == "error":
        problem = chance.pick(
            (
                f"row {row}: currency 'XBT' not in rate table, price kept",
                f"row {row}: {sku}: negative stock -{chance.whole(1, 40)}, row rejected",
                f"row {row}: {sku}: supplier price is empty, row rejected",
                f"row {row}: connection to supplier feed reset, resuming at byte {row * 211}",
            )
        )
        return [f"{head} ERROR pricing.importer: {problem}"]
    if kind == "warning":
        return [
            f"{head} WARNING pricing.importer: row {row}: {sku}: price changed by {chance.whole(31, 900)} %, check it"
        ]
    if kind == "critical":
        return [f"{head} CRITICAL pricing.importer: {chance.whole(200, 900)} of the last 1000 rows rejected, going on"]
    if kind == "info":
        return [f"{head} INFO pricing.importer: {row} rows read, {row // 3} prices unchanged"]
    return [
        f"{head} ERROR pricing.importer: row {row}: {sku}: cannot parse weight",
        "Traceback (most recent call last):",
        '  File "/app/importer/rows.py", line 88, in parse_row',
        "    weight = Decimal(columns[7])",
        "decimal.InvalidOperation: [<class 'decimal.ConversionSyntax'>]",
    ]
