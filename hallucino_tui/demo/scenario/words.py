"""What the lines of the web tier say: nginx, the storefront's JSON, the cart's JSON with numbers for levels."""

from __future__ import annotations

import json
from dataclasses import dataclass

from hallucino_tui.demo.scenario import stamps

AGENTS = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/605.1.15",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "shop-ios/7.4.1 (iPhone; iOS 19.1)",
    "shop-android/7.4.0 (Pixel 9; Android 16)",
)


@dataclass(frozen=True, slots=True)
class Request:
    """One request of a customer.

    Attributes:
        method: HTTP method.
        path: Path with query.
        request_id: 32 hexadecimal digits that all who take part write down.
        client: Address of the customer.
        agent: Program of the customer.
        size: Bytes of the answer when all goes well.
    """

    method: str
    path: str
    request_id: str
    client: str
    agent: str
    size: int


def nginx_access(time_ns: int, request: Request, status: int, seconds: float, upstream: tuple[str, str]) -> str:
    """Return a line of the ingress; `upstream` is the pod's address and the statuses that it gave."""
    address, upstream_status = upstream
    return (
        f'{request.client} - - [{stamps.common_log(time_ns)}] "{request.method} {request.path} HTTP/2.0" {status} '
        f'{request.size if status < 500 else 562} "https://shop.example/" "{request.agent}" 431 {seconds:.3f} '
        f"[shop-storefront-8080] [] {address}:8080 {request.size if status < 500 else 0} {seconds:.3f} "
        f"{upstream_status} {request.request_id}"
    )


def nginx_error(time_ns: int, request: Request, connection: int, address: str) -> str:
    """Return the ingress' complaint about an answer that did not come."""
    return (
        f"{stamps.slashes(time_ns)} [error] 31#31: *{connection} upstream timed out (110: Operation timed out) while "
        f"reading response header from upstream, client: {request.client}, server: shop.example, "
        f'request: "{request.method} {request.path} HTTP/2.0", upstream: "http://{address}:8080{request.path}", '
        f'host: "shop.example"'
    )


def storefront(time_ns: int, level: str, message: str, **fields: object) -> str:
    """Return a line of the storefront: JSON with the time first."""
    return json.dumps(
        {"time": stamps.iso_millis(time_ns), "level": level, "logger": "storefront", "msg": message, **fields},
        separators=(",", ":"),
    )


def cart(time_ns: int, level: int, pod: str, message: str, **fields: object) -> str:
    """Return a line of the cart: JSON with 30 for information, 40 for warnings and 50 for errors."""
    head = {"level": level, "time": time_ns // 1_000_000, "pid": 1, "hostname": pod}
    return json.dumps({**head, **fields, "msg": message}, separators=(",", ":"))


def logfmt(time_ns: int, level: str, message: str, **fields: object) -> str:
    """Return a line of the payments service and others who write pairs."""
    pairs = {"ts": stamps.iso_millis(time_ns), "level": level, "msg": message, **fields}
    return " ".join(f"{name}={_quoted(str(value))}" for name, value in pairs.items())


def _quoted(value: str) -> str:
    if value and not any(character in ' "=\t' for character in value):
        return value
    return json.dumps(value, ensure_ascii=False)
