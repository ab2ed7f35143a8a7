"""Reads what a server sends as an answer, in pieces or whole, and judges whether it is complete. No I/O."""

from __future__ import annotations

from typing import Any, Final, cast

import msgspec

from hallucino_tui.logs.text import shown, shown_lines
from hallucino_tui.models.thoughts import Thoughts
from hallucino_tui.session.chat import Done, Failed, Failure, Usage

MOST_CHARACTERS: Final = 4 << 20
"""No model writes that much: a server that sends more is broken."""

_LINES: Final = str.maketrans({"\r": "\n"})


class ServerError(Exception):
    """A server sent an error where a piece of an answer was expected.

    Attributes:
        body: What it sent.
    """

    def __init__(self, body: object) -> None:
        """Keep what was sent.

        Args:
            body: The error, mostly an object with ``message`` and ``code``.
        """
        super().__init__("the server sent an error")
        self.body = body


class Answer:
    """An answer as it comes.

    Attributes:
        has_text: Whether there is any of it but white space.
        reason: Why the model stopped, as the server says; "" while it has not.
        usage: What it took; None until the server says so.
        text: All of it, as it came.
    """

    def __init__(self, host: str, limit: int) -> None:
        """Start with nothing.

        Args:
            host: Who answers, for sentences.
            limit: Most tokens of the answer, for sentences.
        """
        self._host = host
        self._limit = limit
        self._thoughts = Thoughts()
        self._refusal = ""
        self._calls_tool = False
        self._size = 0
        self._parts: list[str] = []
        self.has_text = False
        self.reason = ""
        self.usage: Usage | None = None

    @property
    def text(self) -> str:
        """All of it, as it came."""
        return "".join(self._parts)

    @property
    def is_too_long(self) -> bool:
        """Whether it is longer than any answer."""
        return self._size > MOST_CHARACTERS

    def read(self, sent: object) -> str:
        """Take in a piece of the answer, or all of it.

        Args:
            sent: What the server sent, decoded.

        Returns:
            The text in it, made harmless; "" for none.

        Raises:
            ServerError: It is an error.
            msgspec.ValidationError: It is no piece of an answer.
        """
        chunk = msgspec.convert(sent, _Chunk)
        if chunk.error:
            raise ServerError(chunk.error)
        if chunk.usage is not None:
            self.usage = _usage(chunk.usage) or self.usage
        text = ""
        for choice in (chunk.choices or ())[:1]:
            said = choice.delta or choice.message or _Said()
            self._refusal += said.refusal or ""
            self._calls_tool = self._calls_tool or bool(said.tool_calls)
            self._thoughts.any = self._thoughts.any or bool(said.reasoning_content or said.reasoning)
            text += self._thoughts.feed(_text(said.content))
            self.reason = str(choice.finish_reason or self.reason)
        return self._keep(text)

    def rest(self) -> str:
        """Return what was held back, as `read` does; called when nothing more comes."""
        return self._keep(self._thoughts.flush())

    def end(self) -> Done | Failed:
        """Return whether it is complete: only a finish reason of ``stop`` after some text is."""
        if refusal := shown(self._refusal.strip())[:240].rstrip("."):
            return Failed(Failure.REFUSED, f"The model declines to answer: {refusal}.")
        if self.reason == "stop" and self.has_text:
            return Done()
        return Failed(Failure.INCOMPLETE, self._what_is_wrong())

    def _what_is_wrong(self) -> str:
        if self.has_text:
            return self._why_cut()
        if self.reason == "length" and self._thoughts.any:
            return (
                f"The model thought until the most tokens allowed ({self._limit:,}) and answered nothing: raise the "
                "setting answer."
            )
        if self.reason == "content_filter":
            return f"A content_filter at {self._host} stopped the answer: select other lines, or ask another model."
        if self._calls_tool:
            return "The model called a tool where none is offered, and said nothing: ask again, or try another model."
        return f"{self._host} ended without a word: ask again, or try another model."

    def _why_cut(self) -> str:
        if not self.reason:
            why = f"{self._host} ended it without saying that it was finished"
            return f"The answer may be incomplete: {why}; ask again."
        if self.reason == "length":
            return f"The answer is cut: it reached the most tokens allowed ({self._limit:,}, setting answer)."
        if self.reason == "content_filter":
            return f"The answer is incomplete: a content_filter at {self._host} stopped it; select other lines."
        return f"The answer is incomplete: the model stopped because of {shown(self.reason)[:40]!r}."

    def _keep(self, text: str) -> str:
        if not text:
            return ""
        text = shown_lines(text.translate(_LINES))
        self._size += len(text)
        self._parts.append(text)
        self.has_text = self.has_text or not text.isspace()
        return text


class _Said(msgspec.Struct):
    content: Any = None
    refusal: str | None = None
    reasoning_content: Any = None  # llama.cpp, vLLM, DeepSeek
    reasoning: Any = None  # Ollama and gateways
    tool_calls: list[Any] | None = None


class _Choice(msgspec.Struct):
    delta: _Said | None = None
    message: _Said | None = None
    finish_reason: Any = None


class _Chunk(msgspec.Struct):
    choices: list[_Choice] | None = None
    usage: Any = None
    error: Any = None


def _text(content: object) -> str:
    """Return the text of a content field, which is text, nothing, or a list of parts.

    Raises:
        msgspec.ValidationError: It is something else.
    """
    if content is None or isinstance(content, str):
        return content or ""
    if not isinstance(content, list):
        raise msgspec.ValidationError("the content is no text")
    parts = (cast("dict[str, Any]", part) for part in cast("list[Any]", content) if isinstance(part, dict))
    texts = (part.get("text") for part in parts if part.get("type", "text") in {"text", "output_text"})
    return "".join(text for text in texts if isinstance(text, str))


def _usage(sent: object) -> Usage | None:
    if not isinstance(sent, dict):
        return None
    counts = (cast("dict[str, Any]", sent).get(name) for name in ("prompt_tokens", "completion_tokens"))
    prompt, answer = (count if isinstance(count, int) and count > 0 else 0 for count in counts)
    return Usage(prompt, answer) if prompt or answer else None
