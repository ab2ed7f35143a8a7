"""What the client library's errors mean to a user. No sentence repeats a key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hallucino_tui.assistant.redact import Redactor
from hallucino_tui.logs.text import shown
from hallucino_tui.session.chat import Failed, Failure

if TYPE_CHECKING:
    from hallucino_tui.models.endpoint import Endpoint

_TOO_LONG = ("context_length_exceeded", "context size", "context length", "maximum context", "too many tokens")


def explain(error: Exception, endpoint: Endpoint, *, begun: bool) -> Failed:
    """Return what a failure means.

    Args:
        error: What the client library raised.
        endpoint: Who was asked.
        begun: Whether a part of the answer had come.
    """
    import openai  # noqa: PLC0415 - it takes half a second to import, and was imported by who raised this

    host, model = endpoint.host, endpoint.model or "the model"
    if isinstance(error, openai.APITimeoutError):
        return Failed(
            Failure.STALLED,
            f"{host} said nothing for {endpoint.patience:g} s and was given up: ask again, or raise patience.",
        )
    if isinstance(error, openai.APIConnectionError):
        if begun:
            return Failed(Failure.CUT, f"The connection to {host} broke in the middle of the answer: ask again.")
        why = _cause(error)
        return Failed(
            Failure.UNREACHABLE, f"{host} cannot be reached ({why}): is the server running, the address right?"
        )
    if isinstance(error, openai.APIStatusError):
        return _status(error.status_code, error, host, model)
    if isinstance(error, openai.APIError):
        return Failed(Failure.SERVER, f"{host} broke the answer off: {_said(error)}; ask again.")
    return Failed(Failure.NOT_A_MODEL, f"{host} sent something that is no answer of a model: check its address.")


def _status(status: int, error: Any, host: str, model: str) -> Failed:  # noqa: ANN401 - openai's own class
    said = _said(error)
    if status == 429:
        return _busy(error, host, said)
    if status == 400 and any(mark in f"{said} {getattr(error, 'code', '')}".lower() for mark in _TOO_LONG):
        return Failed(Failure.TOO_LONG, f"The lines are too much for {model}: {said}; select fewer lines.")
    known = {
        401: (Failure.REFUSED, f"{host} does not accept the key: check which key is set, and for which server."),
        403: (Failure.REFUSED, f"{host} forbids it: {said}; check the key's rights."),
        404: (Failure.NOT_FOUND, f"{host} does not know {model} ({said}): check the model's name and the address."),
        503: (Failure.BUSY, f"{host} is not ready: {said}; ask again in a moment."),
    }
    if status in known:
        return Failed(*known[status], _retry_after(error))
    if status >= 500:
        return Failed(Failure.SERVER, f"{host} failed with status {status}: {said}; ask again.", _retry_after(error))
    return Failed(Failure.REFUSED, f"{host} refused the question with status {status}: {said}.")


def _busy(error: Any, host: str, said: str) -> Failed:  # noqa: ANN401
    if getattr(error, "code", "") == "insufficient_quota":
        return Failed(Failure.REFUSED, f"The account at {host} has no money left: {said}.")
    seconds = _retry_after(error)
    wait = f"ask again in {seconds:.0f} s" if seconds is not None else "ask again in a while"
    return Failed(Failure.BUSY, f"{host} has had too many questions: {wait}.", seconds)


def _retry_after(error: Any) -> float | None:  # noqa: ANN401
    try:
        return float(error.response.headers["retry-after"])
    except (AttributeError, KeyError, ValueError):
        return None


def _said(error: Any) -> str:  # noqa: ANN401
    """Return the server's words, short, without control bytes and secrets."""
    body: Any = getattr(error, "body", None)
    message = body.get("message") or body.get("error") if isinstance(body, dict) else ""  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    message = str(message or getattr(error, "message", "") or error)  # pyright: ignore[reportUnknownArgumentType]
    first = shown(message.strip().split("\n", 1)[0])[:240]
    return Redactor().redact(first).rstrip(".")


def _cause(error: BaseException) -> str:
    cause: BaseException = error
    while cause.__cause__ is not None or cause.__context__ is not None:
        cause = cause.__cause__ or cause.__context__ or cause
    return shown(str(cause) or type(cause).__name__)[:120]
