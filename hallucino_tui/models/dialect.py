"""How a question is put to a server, and what of it that server turned out not to take."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from hallucino_tui.models.endpoint import Endpoint
    from hallucino_tui.session.chat import Request

_MAY_BE_A_FIELD: Final = frozenset({400, 404, 422, 500, 501})
_SCHEMA_WORDS: Final = ("response_format", "json_schema", "schema", "grammar", "structured output")
_UNKNOWN_FIELD: Final = re.compile(r"unknown|unrecogni[sz]ed|unsupported|not supported|extra|not permitted|unexpected")
_STREAMING: Final = re.compile(r"\bstream(ing)?\b")


class Dialect:
    """Makes the bodies of questions for one server. Belongs to the loop that it is used on.

    Attributes:
        takes_schema: Whether the server holds answers to a JSON schema; None until it was tried.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        """Start with what is known of the server.

        Args:
            endpoint: Who is asked, and whether with a schema.
        """
        self._name = endpoint.host
        self._answer = endpoint.answer
        self._must_schema = endpoint.schema == "on"
        self._without: set[str] = set()
        # OpenAI's newer models refuse max_tokens, and any temperature but their own. Others know max_tokens.
        self._limit = "max_completion_tokens" if endpoint.is_openai else "max_tokens"
        if endpoint.is_openai:
            self._without.add("temperature")
        self.takes_schema: bool | None = None
        if endpoint.schema != "auto":
            self.takes_schema = self._must_schema
        elif endpoint.is_openai:
            self.takes_schema = True

    def body(self, request: Request, model: str) -> dict[str, Any]:
        """Return what is sent for a question.

        Args:
            request: The question.
            model: The model's name.
        """
        body: dict[str, Any] = {
            "model": model,
            "messages": [{"role": message.role, "content": message.text} for message in request.messages],
            "stream": True,
            "stream_options": {"include_usage": True},
            self._limit: request.answer or self._answer,
            "temperature": 0,
        }
        if request.schema is not None and self.takes_schema is not False:
            schema = {"name": "answer", "strict": True, "schema": dict(request.schema)}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        return {name: value for name, value in body.items() if name not in self._without}

    def leave_out(self, status: int, words: str, body: dict[str, Any]) -> str:
        """Learn from a refusal what the server does not take.

        Args:
            status: The refusal's HTTP status.
            words: What the server said.
            body: What was refused.

        Returns:
            A sentence about what the question will be asked without, or "" if it would be the same question again.
        """
        if status not in _MAY_BE_A_FIELD:
            return ""
        words = words.lower()
        if "response_format" in body and not self._must_schema and any(word in words for word in _SCHEMA_WORDS):
            self.takes_schema = False
            return f"{self._name} does not hold answers to a JSON schema: the question was asked again without one."
        if what := self._leave_out_field(words, body):
            return f"{self._name} does not take {what}: the question was asked again without it."
        return ""

    def _leave_out_field(self, words: str, body: dict[str, Any]) -> str:
        other = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}[self._limit]
        if self._limit in body and self._limit in words and self._may_rename(words, other):
            self._without.add(f"{self._limit}, tried")
            self._limit, was = other, self._limit
            return was
        for field in ("stream_options", "temperature"):
            if field in body and field in words:
                self._without.add(field)
                return field
        if "stream" in body and _STREAMING.search(words) and "support" in words:
            self._without |= {"stream", "stream_options"}
            return "streams"
        return ""

    def _may_rename(self, words: str, other: str) -> bool:
        return f"{other}, tried" not in self._without and (other in words or bool(_UNKNOWN_FIELD.search(words)))
