"""A large log file of mixed formats, as a merge of many containers' logs looks: the same bytes for the same size.

Lines carry an RFC 3339 time with nine decimals. Behind it stand JSON (28 of 100), klog and logfmt (20 each), access
logs (17), Java (12, some with stack traces) and free text with letters of several scripts and colours (3); 180 bytes a
line on average. About every hundred-thousandth line holds the word `needle-4f2a`.
"""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import numpy as np

NEEDLE = b"needle-4f2a"
_POOL = 40_000
_BLOCK = 100_000
_RUN = 50
_START = 1_772_000_000_000_000_000
_GAP = 9_000
_NOUNS = [
    "order",
    "cart",
    "invoice",
    "shard",
    "broker",
    "session",
    "parcel",
    "ledger",
    "quota",
    "voucher",
    "replica",
    "snapshot",
]
_VERBS = ["accepted", "moved", "counted", "merged", "flushed", "checked", "published", "indexed", "stored", "renewed"]
_SCRIPTS = ("größer als erwartet", "接続が切れました", "соединение закрыто", "délai dépassé ☕", "🚀 ausgeliefert")
_LEVELS = ["info"] * 80 + ["debug"] * 12 + ["warn"] * 5 + ["error"] * 3


class _Writer:
    """Makes up lines."""

    def __init__(self) -> None:
        self.chance = random.Random(20_260_312)

    def sentence(self) -> str:
        return " ".join(
            f"{self.chance.choice(_NOUNS)} {self.chance.choice(_VERBS)}" for _ in range(self.chance.randint(2, 5))
        )

    def token(self, length: int = 16) -> str:
        return f"{self.chance.getrandbits(4 * length):0{length}x}"

    def json(self) -> list[str]:
        chance = self.chance
        note = f',"note":"{chance.choice(_SCRIPTS)}"' if chance.random() < 0.1 else ""
        line = (
            f'{{"level":"{chance.choice(_LEVELS)}","logger":"{chance.choice(_NOUNS)}.{chance.choice(_NOUNS)}",'
            f'"msg":"{self.sentence()}"{note},"request_id":"{self.token()}",'
            f'"status":{chance.choice([200] * 18 + [404, 500])},"latency_ms":{chance.random() * 500:.2f},'
            f'"user":{{"id":{chance.randrange(100_000)},"role":"{chance.choice(["admin", "guest"])}"}}}}'
        )
        return [line]

    def klog(self) -> list[str]:
        chance = self.chance
        mark = chance.choices("IWEF", [90, 6, 3.9, 0.1])[0]
        line = (
            f"{mark}0312 10:{chance.randrange(60):02}:{chance.randrange(60):02}.{chance.randrange(10**6):06} "
            f'{chance.randrange(99_999):7} {chance.choice(_NOUNS)}.go:{chance.randrange(900)}] "{self.sentence()}" '
            f'pod="shop/{chance.choice(_NOUNS)}-{self.token(10)}" took="{chance.randrange(3000)}ms"'
        )
        return [line]

    def logfmt(self) -> list[str]:
        chance = self.chance
        level = chance.choice(_LEVELS)
        failed = " failed" if level == "error" else ""
        line = (
            f"level={level} ts=2026-03-12T10:{chance.randrange(60):02}:{chance.randrange(60):02}Z "
            f'caller={chance.choice(_NOUNS)}.go:{chance.randrange(900)} msg="{self.sentence()}{failed}" '
            f"trace={self.token()} duration={chance.random() * 900:.3f}ms"
        )
        return [line]

    def access(self) -> list[str]:
        chance = self.chance
        path = chance.choice(["/api/v1/orders", "/healthz", "/metrics", "/login", f"/item/{chance.randrange(10**5)}"])
        agent = chance.choice(["kube-probe/1.30", "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101", "curl/8.4.0"])
        line = (
            f"10.{chance.randrange(255)}.{chance.randrange(255)}.{chance.randrange(255)} - - "
            f"[12/Mar/2026:10:{chance.randrange(60):02}:{chance.randrange(60):02} +0000] "
            f'"{chance.choice(["GET", "GET", "POST"])} {path} HTTP/1.1" '
            f'{chance.choice([200] * 20 + [301, 404, 500, 502])} {chance.randrange(90_000)} "-" "{agent}"'
        )
        return [line]

    def java(self) -> list[str]:
        chance = self.chance
        where = f"[exec-{chance.randrange(64)}] c.e.s.{chance.choice(_NOUNS).title()}Service"
        if chance.random() >= 0.02:
            level = chance.choices(["INFO ", "DEBUG", "WARN ", "ERROR"], [88, 8, 3, 1])[0]
            return [f"2026-03-12 10:00:00,{chance.randrange(1000):03} {level} {where} - {self.sentence()}"]
        frames = [
            f"\tat com.example.{chance.choice(_NOUNS)}.{chance.choice(_VERBS)}({chance.choice(_NOUNS)}.java:{line})"
            for line in range(chance.randint(8, 24))
        ]
        head = f"2026-03-12 10:00:00,123 ERROR {where} - Unhandled exception"
        return [head, f"java.lang.IllegalStateException: {self.sentence()}", *frames]

    def text(self) -> list[str]:
        line = f"{self.chance.choice(_SCRIPTS)} {self.sentence()} id={self.token()}"
        return [f"\x1b[32mINFO\x1b[0m {line}" if self.chance.random() < 0.3 else line]

    def pool(self) -> list[bytes]:
        kinds = [self.json, self.klog, self.logfmt, self.access, self.java, self.text]
        lines: list[str] = []
        while len(lines) < _POOL:
            lines += self.chance.choices(kinds, [28, 20, 20, 17, 12, 3])[0]()
        return [f"{line}\n".encode() for line in lines]


def file_of(lines: int) -> Path:
    """Return a file of so many lines; it is written once and kept in the folder for temporary files."""
    path = Path(tempfile.gettempdir()) / f"hallucino-bench-{lines}.log"
    if not path.exists():
        unfinished = path.with_suffix(".tmp")
        _write(unfinished, lines)
        unfinished.rename(path)
    return path


def _write(path: Path, lines: int) -> None:
    pool, generator, now = _Writer().pool(), np.random.default_rng(7), _START
    with path.open("wb") as file:
        for start in range(0, lines, _BLOCK):
            count = min(_BLOCK, lines - start)
            times = now + np.cumsum(generator.exponential(_GAP, count).astype(np.int64) + 1)
            now = int(times[-1])
            seconds, rest = np.divmod(times, 1_000_000_000)
            stamps = np.datetime_as_string(seconds.astype("datetime64[s]")).tolist()
            first = generator.integers(0, len(pool), -(-count // _RUN))
            index = ((first[:, None] + np.arange(_RUN)) % len(pool)).ravel()[:count].tolist()
            block = [
                b"%s.%09dZ %s" % (stamp.encode(), part, pool[body])
                for stamp, part, body in zip(stamps, rest.tolist(), index, strict=True)
            ]
            place = int(generator.integers(0, count))
            block[place] = b"%s %s\n" % (block[place][:-1], NEEDLE)
            file.write(b"".join(block))
