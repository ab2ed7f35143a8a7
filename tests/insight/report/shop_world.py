"""A small shop whose programs write healthy lines, to which tests add what goes wrong."""

from __future__ import annotations

import json
import random

from evidence_world import World

from hallucino_tui.insight.cluster_events import EventKind

CHANGE = 90.0
STOP = 210.0
INGRESS = "ingress-585dfb6b77-fr7np"
STOREFRONT = "storefront-59879f8cbd-28vj7"
CHECKOUT = "checkout-584668d464-78vbh"
PAYMENTS = "payments-787868796-b2jlp"
BANK = "bank-6df9c678dc-p9kh5"
POSTGRES = "postgres-6ff448c68f-v7dsb"
REDIS = "redis-7895d7cbd4-gsc5p"
MAILER = "mailer-5f999c8b96-vzrqs"
BATCH = "batch-6d565d5bd5-4ctrt"
PODS = (INGRESS, STOREFRONT, CHECKOUT, PAYMENTS, BANK, POSTGRES, REDIS, MAILER, BATCH)
VALID = "Feb 20 22:23:53 2027 GMT"


def as_json(**fields: object) -> str:
    """Return a line as the checkout writes it."""
    return json.dumps(fields)


def called(host: str, why: str, port: int = 8443) -> str:
    """Return what a client says of a call that failed."""
    return f"HTTPConnectionPool(host='{host}', port={port}): {why}"


class Shop(World):
    """Writes the healthy part; ``broken`` says from when to when requests fail, so that healthy lines stop."""

    def __init__(self, seed: int = 1, broken: tuple[float, float] | None = None) -> None:
        super().__init__()
        self.chance = random.Random(seed)
        self.broken = broken
        for pod in PODS:
            self.scale(-20, pod.rsplit("-", 2)[0], f"Scaled up replica set {pod[:-6]} from 0 to 1", EventKind.ROLLOUT)
        self.begin(0)
        self.serve()
        self.shout()

    def begin(self, at: float) -> None:
        """Let programs say that they begin."""
        self.say(at, POSTGRES, '[1] LOG:  listening on IPv4 address "0.0.0.0", port 5432', "[1] LOG:  ready")
        self.say(at, REDIS, "1:M 22 Nov 2026 22:23:55.187 * Running mode=standalone, port=6379.")
        self.say(at, STOREFRONT, *self.storefront_start())
        self.say(at, CHECKOUT, "[1] [INFO] Listening at: http://0.0.0.0:8001 (1)", self.checkout_start())
        self.say(at, PAYMENTS, self.payments_start(), self.certificate(VALID))
        self.say(at, BANK, *self.bank_start("builtin rules"))
        self.say(at, MAILER, "INFO:mailer:mailer started, queue=mail")

    @staticmethod
    def storefront_start() -> tuple[str, str]:
        listening = "[1] [INFO] Listening at: http://0.0.0.0:8000 (1)"
        return listening, "INFO storefront: configuration loaded: checkout_url=http://checkout:8001 timeout=5.0s"

    @staticmethod
    def checkout_start(version: str = "1.14.2", pool: int = 5) -> str:
        return as_json(level="info", msg="starting", version=version, db_pool_max=pool, db_host="postgres")

    @staticmethod
    def payments_start(version: str = "3.2.0", cache: int = 5) -> str:
        return f"level=info msg=starting version={version} bank_url=http://bank:9000 receipt_cache_seconds={cache}"

    @staticmethod
    def bank_start(scoring: str) -> tuple[str, str]:
        return "[1] [INFO] Listening at: http://0.0.0.0:9000 (1)", f"I bank gateway up, risk scoring: {scoring}"

    @staticmethod
    def certificate(until: str) -> str:
        return f'level=info msg="certificate loaded" subject="CN = payments" not_after="{until}"'

    def serve(self) -> None:
        """Write the lines of requests that go well."""
        at, order = 5.0, 3000
        while (at := at + self.chance.expovariate(2.5)) < STOP:
            if self.broken is not None and self.broken[0] <= at < self.broken[1]:
                continue
            order += 1
            rid, ms = self.request(), self.chance.randint(20, 90)
            if order % 20 == 0:
                self.say(at, BANK, f"I authorized A{order}")
            self.say(at, PAYMENTS, f'level=info msg="charge ok" order={order} ms={ms // 2} request_id={rid}')
            if self.chance.random() < 0.04:
                self.say(at, CHECKOUT, as_json(level="warning", msg="card declined", order_id=order, request_id=rid))
            self.say(at, CHECKOUT, as_json(level="info", msg="request", path="/checkout", ms=ms, request_id=rid))
            self.say(at, STOREFRONT, f"INFO    [8] storefront: POST /order -> 200 in {ms + 9} ms (request_id={rid})")
            self.say(at, INGRESS, f'10.244.0.1 - - "POST /order HTTP/1.1" 200 31 rt=0.0{ms} rid={rid}')
            if order % 12 == 0:
                self.say(at, MAILER, f"INFO:mailer:{order - 3000} mails sent, 0 waiting")

    def shout(self) -> None:
        """Let the supplier import complain as it always does, in bursts."""
        at, row = 0.0, 0
        while (at := at + self.chance.expovariate(0.5)) < STOP:
            for _ in range(self.chance.choice((1, 1, 1, 3))):
                row += 1
                code = self.chance.randint(10**12, 10**13)
                line = self.chance.choice((
                    f"ERROR catalog.import - row {row} rejected: could not convert string to float: 'n/a'",
                    f"ERROR catalog.import - row {row} rejected: GTIN {code}: checksum does not match",
                    f"WARNING catalog.import - row {row}: unknown unit 'pcs.', kept as text",
                    "CRITICAL catalog.import - supplier feed is out of date",
                ))  # fmt: skip
                self.say(at, BATCH, line)

    def request(self) -> str:
        """Return a request id."""
        return f"{self.chance.getrandbits(64):016x}"

    def fail(self, start: float, stop: float = STOP, rate: float = 2.0) -> list[float]:
        """Return the moments at which requests fail."""
        at, found = start, []
        while (at := at + self.chance.expovariate(rate)) < stop:
            found.append(at)
        return found

    def refuse(self, at: float, why: str) -> None:
        """Let the two in front say that a request failed."""
        request = self.request()
        self.say(at + 0.02, STOREFRONT, f"ERROR   [8] storefront: request failed: {why} (request_id={request})")
        self.say(at + 0.03, INGRESS, f'10.244.0.1 - - "POST /order HTTP/1.1" 503 26 rt=0.071 rid={request}')

    def checkout_fails(self, at: float, error: str, msg: str = "payment failed") -> None:
        """Let the checkout say why a request failed, and those in front that it did."""
        self.say(at, CHECKOUT, as_json(level="error", msg=msg, error=error))
        self.refuse(at, "checkout answered POST /checkout with 502")

    def scale(self, at: float, workload: str, message: str, kind: EventKind = EventKind.SCALED) -> None:
        """Let a Deployment scale a ReplicaSet."""
        self.happen(at, kind, "ScalingReplicaSet", message, workload, object_kind="Deployment", object_name=workload)

    def roll(self, at: float, old: str, pod: str) -> None:
        """Let the cluster replace a workload's pods."""
        workload = old.rsplit("-", 2)[0]
        self.scale(at, workload, f"Scaled up replica set {pod[:-6]} from 0 to 1", EventKind.ROLLOUT)
        self.scale(at, workload, f"Scaled down replica set {old[:-6]} from 1 to 0")

    def warn(self, at: float, kind: EventKind, reason: str, message: str, pod: str, **more: object) -> None:
        """Let the cluster warn of a pod."""
        self.happen(at, kind, reason, message, pod.rsplit("-", 2)[0], pod=pod, is_warning=True, **more)

    def run_job(self, at: float, job: str, pod: str) -> None:
        """Let a Job begin."""
        made = f"Created pod: {pod}"
        self.happen(at, EventKind.JOB, "SuccessfulCreate", made, job, object_kind="Job", object_name=job)


def payments_out_of_memory(seed: int, *, rolled: bool) -> Shop:
    """Return a shop whose payments are killed again and again, after a rollout or without any."""
    shop = Shop(seed, broken=(CHANGE + 30, STOP))
    new = "payments-6b8d5c7f9-zz9zz" if rolled else PAYMENTS
    if rolled:
        shop.roll(CHANGE, PAYMENTS, new)
        shop.say(CHANGE + 2, new, shop.payments_start("3.3.0", 86400), shop.certificate(VALID))
    for second in range(0, 30, 5):
        shop.say(CHANGE + second, new, f"level=info msg=stats receipts={second * 90} rss_mib={40 + second * 5}")
    ended = "payments ended: exit code 137, OOMKilled; restart 1"
    for second in (30, 60, 90):
        shop.warn(CHANGE + second, EventKind.OOM_KILLED, "OOMKilled", ended, new, container="payments", exit_code=137)
    for at in shop.fail(CHANGE + 30.5):
        shop.checkout_fails(at, called("payments", "Max retries exceeded (Connection refused)"))
    return shop
