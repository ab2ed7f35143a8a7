"""Customers: every request leaves lines at all who take part in it, and fails where the database has no connection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hallucino_tui.demo.scenario import data, java, words
from hallucino_tui.demo.scenario.database import Database, leaks
from hallucino_tui.demo.scenario.words import AGENTS, Request

if TYPE_CHECKING:
    from hallucino_tui.demo.chance import Chance
    from hallucino_tui.demo.pods import Pod
    from hallucino_tui.demo.scenario.cast import Cast
    from hallucino_tui.demo.scenario.engine import Engine

REQUESTS_PER_SECOND = 18.0
_POOL_TIMEOUT = 5.0
_PATIENCE = 6.0
"""Seconds after which the storefront gives up on the checkout."""

_PATHS = (
    ("home", 2.0),
    ("list", 3.2),
    ("item", 2.6),
    ("show cart", 0.6),
    ("fill cart", 1.4),
    ("buy", 1.1),
)


@dataclass(frozen=True, slots=True)
class Visit:
    """A request on its way: what was asked, and the storefront's pod that answers it."""

    request: Request
    kind: str
    front: Pod


class Traffic:
    """Makes requests and plays them through.

    Attributes:
        pending: Requests to the checkout that wait for an answer just now.
    """

    def __init__(self, cast: Cast, engine: Engine, chance: Chance, database: Database) -> None:
        self.pending = 0
        self._cast = cast
        self._engine = engine
        self._chance = chance
        self._database = database
        self._orders = 918_240
        self._connections = 10_200

    def next(self) -> float:
        """Play one request; return the seconds until the next."""
        fronts = self._cast.serving("storefront")
        if fronts:
            kind = self._chance.weighted(_PATHS)
            self._play(Visit(self._request(kind), kind, self._chance.pick(fronts)))
        return self._chance.delay(1 / REQUESTS_PER_SECOND)

    def _request(self, kind: str) -> Request:
        chance = self._chance
        sku = f"SKU-{chance.whole(1000, 9999)}"
        method, path, size = {
            "home": ("GET", "/", 18_211),
            "list": ("GET", f"/api/products?page={chance.whole(1, 30)}&sort=popular", 7_950),
            "item": ("GET", f"/api/products/{sku}", 2_310),
            "show cart": ("GET", "/api/cart", 840),
            "fill cart": ("POST", "/api/cart/items", 312),
            "buy": ("POST", "/api/checkout", 178),
        }[kind]
        client = f"203.0.113.{chance.whole(1, 254)}"
        return Request(method, path, chance.hex(32), client, chance.pick(AGENTS), size + chance.whole(0, 400))

    def _play(self, visit: Visit) -> None:
        if visit.kind == "buy":
            self._buy(visit)
            return
        seconds = self._chance.slow_tail(0.018)
        if visit.kind.endswith("cart"):
            taken = self._cart(visit)
            if taken is None:
                self._fail(visit, seconds, 502, "connect: connection refused", upstream="cart")
                return
            seconds += taken
        self._answer(visit, 200, seconds)

    def _cart(self, visit: Visit) -> float | None:
        """Let the cart take part; return the seconds that it took, or None if no cart answers."""
        pods = self._cast.serving("cart")
        seconds = self._chance.slow_tail(0.009)
        if not pods:
            return None
        pod = self._chance.pick(pods)
        when = self._engine.later_ns(seconds)
        message = "item added" if visit.kind == "fill cart" else "cart read"
        items = self._chance.whole(1, 7)
        line = words.cart(when, 30, pod.name, message, reqId=visit.request.request_id, items=items)
        self._engine.say(pod.container("cart"), line, delay=seconds)
        return seconds

    def _buy(self, visit: Visit) -> None:
        pods = self._cast.serving("checkout")
        if not pods:
            self._fail(visit, 0.004, 503, "no endpoints available for service checkout.shop")
            return
        pod = self._chance.pick(pods)
        if self._chance.happens(self._database.failure_rate(pod)):
            self._starve(visit, pod)
            return
        payments = self._cast.serving("payments")
        desk = self._chance.pick(payments) if payments else None
        if desk is None or self._chance.happens(self._database.failure_rate(desk)):
            self._unpaid(visit, pod, desk)
            return
        self._succeed(visit, pod, desk)

    def _succeed(self, visit: Visit, pod: Pod, desk: Pod) -> None:
        engine, chance = self._engine, self._chance
        self._orders += 1
        busy = 1.0 if self._database.full_since is None else 20.0
        paid = chance.slow_tail(0.06) * busy
        total = paid + chance.slow_tail(0.04) * busy
        cents = chance.whole(900, 24_000)
        request = visit.request.request_id
        start = engine.clock()
        created, confirmed = java.order_placed(
            (start, engine.later_ns(total)), self._thread(), self._orders, cents, request
        )
        engine.say(pod.container("checkout"), created, delay=0.02)
        engine.say(pod.container("checkout"), confirmed, delay=total)
        if leaks(pod) and chance.happens(0.5):
            warning = java.coupon_warning(start, self._thread(), request)
            engine.say(pod.container("checkout"), warning, delay=0.015)
        line = words.logfmt(
            engine.later_ns(paid),
            "info",
            "charge captured",
            order=self._orders,
            amount_cents=cents,
            provider="acme-pay",
            duration_ms=int(paid * 1000),
            request_id=request,
        )
        engine.say(desk.container("payments"), line, delay=paid)
        if paid > 1:
            slow = data.postgres_slow(start, chance.whole(300, 4000), chance, paid * 900)
            for postgres in self._cast.containers("postgres"):
                engine.say(postgres, slow, delay=paid, stderr=True)
        self._answer(visit, 200, total + 0.01)

    def _starve(self, visit: Visit, pod: Pod) -> None:
        """Let a purchase wait for a connection in vain."""
        engine = self._engine
        self.pending += 1
        held = max(1, self._database.held.get(pod, 1))
        waited = _POOL_TIMEOUT + self._chance.uniform(0.001, 0.2)
        when = engine.later_ns(waited)
        waiting = min(190, 3 + self.pending // 2)
        trace = java.pool_timeout(when, self._thread(), (held, waiting), visit.request.request_id)
        engine.say(pod.container("checkout"), *trace, delay=waited)
        if self._chance.happens(0.35):
            self._fail(visit, _PATIENCE, 504, "context deadline exceeded while waiting for checkout")
        else:
            self._fail(visit, waited + 0.01, 502, "checkout answered 500")

    def _unpaid(self, visit: Visit, pod: Pod, desk: Pod | None) -> None:
        """Let a purchase fail because payments could not reach the database."""
        engine, request = self._engine, visit.request.request_id
        self.pending += 1
        waited = self._chance.uniform(2.0, 3.1)
        when = engine.later_ns(waited)
        if desk is not None:
            line = words.logfmt(
                when,
                "error",
                "charge failed",
                err="acquire connection: context deadline exceeded",
                pool="main",
                duration_ms=int(waited * 1000),
                request_id=request,
            )
            engine.say(desk.container("payments"), line, delay=waited)
        message = f"payment failed: 503 from http://payments.payments:8080/v2/charges, requestId={request}"
        line = java.line(when, "ERROR", self._thread(), "c.e.shop.checkout.PaymentClient", message)
        engine.say(pod.container("checkout"), line, delay=waited + 0.003)
        self._fail(visit, waited + 0.01, 502, "checkout answered 502")

    def _fail(self, visit: Visit, seconds: float, status: int, problem: str, *, upstream: str = "checkout") -> None:
        request = visit.request
        engine = self._engine
        when = engine.later_ns(seconds)
        line = words.storefront(
            when,
            "error",
            "upstream request failed",
            upstream=upstream,
            error=problem,
            method=request.method,
            path=request.path,
            duration_ms=int(seconds * 1000),
            request_id=request.request_id,
        )
        engine.say(visit.front.container("storefront"), line, delay=seconds)
        self._answer(visit, status, seconds)
        engine.after(seconds, self._settled)

    def _settled(self) -> None:
        self.pending = max(0, self.pending - 1)

    def _answer(self, visit: Visit, status: int, seconds: float) -> None:
        """Let the storefront and the ingress write down the end of a request."""
        engine, request = self._engine, visit.request
        when = engine.later_ns(seconds)
        if visit.kind != "home" or self._chance.happens(0.5):
            line = words.storefront(
                when,
                "info" if status < 500 else "warn",
                "request",
                method=request.method,
                path=request.path,
                status=status,
                duration_ms=round(seconds * 1000, 1),
                request_id=request.request_id,
            )
            engine.say(visit.front.container("storefront"), line, delay=seconds)
        gates = self._cast.containers("ingress-nginx-controller")
        if not gates:
            return
        gate = self._chance.pick(gates)
        self._connections += 1
        address = visit.front.ip
        access = words.nginx_access(when, request, status, seconds, (address, str(status)))
        engine.say(gate, access, delay=seconds + 0.002)
        if status == 504:
            error = words.nginx_error(when, request, self._connections, address)
            engine.say(gate, error, delay=seconds + 0.001, stderr=True)

    def _thread(self) -> str:
        return f"nio-8080-exec-{self._chance.whole(1, 40)}"
