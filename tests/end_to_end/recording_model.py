"""A model server in a thread that answers as it is told and keeps every byte that reaches it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = tuple[int, str, bytes]


class RecordingModel:
    """What reached a server, and how it answers.

    Attributes:
        url: Its address, as a client wants it.
        received: Each request: its first line, its headers and its body, as they came.
        questions: The bodies of the questions.
        answer: Returns the status, the type and the bytes of an answer to a question.
    """

    def __init__(self, answer: Callable[[dict[str, Any]], Reply]) -> None:
        self.url = ""
        self.received: list[bytes] = []
        self.questions: list[dict[str, Any]] = []
        self.answer = answer

    def reply(self, method: str, path: str, body: bytes) -> Reply:
        """Return what a request gets."""
        if method == "GET" and path.endswith("/models"):
            listed = {"object": "list", "data": [{"id": "scripted", "object": "model", "context_length": 100_000}]}
            return 200, "application/json", json.dumps(listed).encode()
        if method == "POST" and path.endswith("/chat/completions"):
            self.questions.append(json.loads(body))
            return self.answer(self.questions[-1])
        return 404, "application/json", b'{"error": {"message": "no such path"}}'


def streamed(text: str, sent: int = 12) -> Reply:
    """Return an answer that comes in pieces.

    Args:
        text: The answer.
        sent: How many tokens the question had, as the server counts.
    """
    common = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "scripted"}
    deltas = [text[at : at + 7] for at in range(0, len(text), 7)]
    choices = [{"index": 0, "delta": {"content": part}, "finish_reason": None} for part in deltas]
    choices.append({"index": 0, "delta": {}, "finish_reason": "stop"})
    events = [json.dumps({**common, "choices": [one]}) for one in choices]
    usage = {"prompt_tokens": sent, "completion_tokens": 3, "total_tokens": sent + 3}
    events += [json.dumps({**common, "choices": [], "usage": usage}), "[DONE]"]
    return 200, "text/event-stream", "".join(f"data: {event}\n\n" for event in events).encode()


def refused(status: int, words: str) -> Reply:
    """Return an error with some words."""
    return status, "application/json", json.dumps({"error": {"message": words, "type": "bad"}}).encode()


@contextmanager
def recording(answer: Callable[[dict[str, Any]], Reply]) -> Generator[RecordingModel]:
    """Run a server on this machine."""
    model = RecordingModel(answer)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._handle()

        def do_POST(self) -> None:
            self._handle()

        def _handle(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            model.received.append(f"{self.requestline}\n{self.headers}".encode() + body)
            status, kind, data = model.reply(self.command, self.path, body)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        model.url = f"http://127.0.0.1:{server.server_port}/v1"
        try:
            yield model
        finally:
            server.shutdown()
            thread.join(10)
