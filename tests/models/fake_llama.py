"""Stands in for the process of a local model, and does what the first argument says."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Handler(BaseHTTPRequestHandler):
    """Answers each question with the key that it brought."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        pieces = [
            {"choices": [{"index": 0, "delta": {"content": self.headers["Authorization"]}, "finish_reason": None}]},
            {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
        ]
        body = b"".join(
            b"data: "
            + json.dumps({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", **piece}).encode()
            + b"\n\n"
            for piece in pieces
        )
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


def main() -> None:
    how, report = sys.argv[1], Path(sys.argv[2])
    told = json.loads(sys.stdin.readline())
    with report.open("a") as file:
        file.write(json.dumps({"pid": os.getpid(), "told": told, "arguments": sys.argv}) + "\n")
    if how == "refuse":
        print("! Failed to init server.", flush=True)
    elif how == "die":
        os.kill(os.getpid(), 9)
    elif how == "lie":
        print("https://elsewhere.example:443", flush=True)
    elif how == "hang":
        time.sleep(600)
    else:
        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(f"http://127.0.0.1:{server.server_port}", flush=True)
        if how == "deaf":
            time.sleep(600)
        sys.stdin.read()


if __name__ == "__main__":
    main()
