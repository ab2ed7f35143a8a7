"""What goes wrong with a model server, each in one sentence for a user. No sentence repeats a key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from hallucino_tui.logs.text import shown
from hallucino_tui.models.answer import ServerError
from hallucino_tui.models.wording import most_tokens_in, retry_after, said, says_too_long, words_of
from hallucino_tui.session.chat import Failed, Failure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hallucino_tui.models.endpoint import Endpoint

_NO_MONEY = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"})
_CONTENT_FILTERS = frozenset({"content_filter", "content_policy_violation"})


def explain(error: Exception, endpoint: Endpoint, *, begun: bool) -> Failed:
    """Return what a failure means.

    Args:
        error: What the client library raised, or `ServerError`.
        endpoint: Who was asked.
        begun: Whether a part of the answer had come.
    """
    import openai  # noqa: PLC0415 - it takes half a second to import, and was imported by who raised this

    if isinstance(error, openai.APITimeoutError):
        return _timeout(error, endpoint)
    if isinstance(error, openai.APIConnectionError):
        return _connection(error, endpoint, begun=begun)
    if isinstance(error, openai.APIStatusError):
        return _status(error.status_code, error.body, endpoint, error.response)
    if isinstance(error, ServerError):
        return _told_inside(error.body, endpoint, begun=begun)
    if isinstance(error, openai.APIError):
        return _told_inside(error.body or error.message, endpoint, begun=begun)
    return _no_answer(endpoint.host, begun=begun)


def _no_answer(host: str, *, begun: bool) -> Failed:
    what = f"{host} sent something that is no answer of a model"
    why = f"{what} in the middle of one: ask again." if begun else f"{what}: check its address."
    return Failed(Failure.NOT_A_MODEL, why)


def web_page(host: str) -> Failed:
    """Return that there is a web page where a model should be.

    Args:
        host: Where.
    """
    return Failed(Failure.NOT_A_MODEL, f"{host} answers with a web page: check the address (it often ends in /v1).")


def _timeout(error: Exception, endpoint: Endpoint) -> Failed:
    if any(type(cause).__name__ == "ConnectTimeout" for cause in _causes(error)):
        return Failed(
            Failure.UNREACHABLE,
            f"{endpoint.host} cannot be reached (it does not take the connection): is the address right, a VPN needed?",
            lasting=True,
        )
    return Failed(
        Failure.STALLED,
        f"{endpoint.host} said nothing for {endpoint.patience:g} s and was given up: ask again, or raise patience.",
    )


def _connection(error: Exception, endpoint: Endpoint, *, begun: bool) -> Failed:
    host = endpoint.host
    if begun:
        return Failed(Failure.CUT, f"The connection to {host} broke in the middle of the answer: ask again.")
    causes = list(_causes(error))
    last = causes[-1]
    if any(type(cause).__name__ in {"RemoteProtocolError", "ReadError", "WriteError"} for cause in causes):
        return Failed(Failure.UNREACHABLE, f"{host} broke the connection before it answered: ask again.")
    refused = any(isinstance(cause, ConnectionRefusedError | ConnectionResetError) for cause in causes)
    why = said(str(last) or type(last).__name__, endpoint.key)
    return Failed(
        Failure.UNREACHABLE,
        f"{host} cannot be reached ({why}): is the server running, the address right?",
        # A name that nobody knows and a certificate that nobody trusts stay so.
        lasting=not refused,
    )


def _told_inside(body: object, endpoint: Endpoint, *, begun: bool) -> Failed:
    """Return what an error means that a server sent inside an answer."""
    words = said(body, endpoint.key)
    if says_too_long(body):
        return _too_long(body, endpoint)
    fields = cast("dict[str, Any]", body) if isinstance(body, dict) else {}
    status = fields.get("code")
    if not begun and isinstance(status, int) and 400 <= status < 600:
        return _status(status, fields, endpoint, None)
    return Failed(Failure.SERVER, f"{endpoint.host} broke the answer off: {words}; ask again.", lasting=begun)


def _too_long(body: object, endpoint: Endpoint) -> Failed:
    sentence = f"The lines are too much for {endpoint.called}: {said(body, endpoint.key)}; select fewer lines."
    return Failed(Failure.TOO_LONG, sentence, most_tokens=most_tokens_in(body))


def _status(status: int, body: object, endpoint: Endpoint, response: Any) -> Failed:  # noqa: ANN401 - httpx2's class
    if status == 413 or (status in {400, 422, 429, 500} and says_too_long(body)):
        return _too_long(body, endpoint)
    host, words, codes = endpoint.host, said(body, endpoint.key), _codes(body)
    if codes & _CONTENT_FILTERS:
        return Failed(Failure.REFUSED, f"A content filter at {host} refused the question: {words}; select other lines.")
    if status == 402 or codes & _NO_MONEY:
        return Failed(Failure.REFUSED, f"The account at {host} has no money left: {words}.")
    after = retry_after(response)
    if status == 429:
        wait = f"ask again in {after:.0f} s" if after is not None else "ask again in a while"
        return Failed(Failure.BUSY, f"{host} has had too many questions: {wait}.", after)
    if 300 <= status < 400:
        return Failed(Failure.NOT_FOUND, f"{host} sends questions on{_where(response)}: set that address instead.")
    return _plain_status(status, words, endpoint, after)


def _plain_status(status: int, words: str, endpoint: Endpoint, after: float | None) -> Failed:
    host = endpoint.host
    unknown = f"{host} does not know {endpoint.called}: {words}; check the model's name and the address."
    known = {
        401: (Failure.REFUSED, f"{host} does not accept the key: check which key is set, and for which server."),
        403: (Failure.REFUSED, f"{host} forbids it: {words}; check the key's rights."),
        404: (Failure.NOT_FOUND, unknown),
        503: (Failure.BUSY, f"{host} is not ready: {words}; ask again in a moment."),
    }
    if status in known:
        return Failed(*known[status], after)
    if status >= 500:
        why = f"{host} failed with status {status}: {words}; ask again."
        return Failed(Failure.SERVER, why, after, lasting=status in {501, 505})
    return Failed(Failure.REFUSED, f"{host} refused the question with status {status}: {words}.")


def _codes(body: object) -> set[str]:
    fields = cast("dict[str, Any]", body) if isinstance(body, dict) else {}
    return {str(fields.get(name)) for name in ("code", "type")}


def _where(response: Any) -> str:  # noqa: ANN401
    location = response.headers.get("location", "") if response is not None else ""
    try:
        host = urlsplit(location).netloc.rpartition("@")[2]
    except ValueError:
        host = ""
    return f" to {shown(host)[:100]}" if host else ""


def refusal(error: Exception) -> tuple[int, str]:
    """Return the HTTP status of a refusal and what the server said; 0 for what is none.

    Args:
        error: What the client library raised.
    """
    return getattr(error, "status_code", 0), words_of(getattr(error, "body", None))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what led to it, the first cause last."""
    seen: set[int] = set()
    waiting: list[BaseException] = [error]
    while waiting:
        cause = waiting.pop(0)
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        if isinstance(cause, BaseExceptionGroup):
            waiting += cast("BaseExceptionGroup[BaseException]", cause).exceptions
        waiting += [one for one in (cause.__cause__, cause.__context__) if one is not None]
