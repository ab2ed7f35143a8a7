"""A llama.cpp server in a process of its own, on this machine only; ``python -m hallucino_tui.models.local_server``.

What it is told stands in the first line of its standard input, as JSON: so the key shows in no list of processes. It
says one line, its address or ``! `` and why there is none, and ends when its standard input ends, which it does however
the program that started it comes to its end.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import sys
import threading
from typing import Any, Final, NoReturn

TOY_NAME: Final = "smollm2-135m"
"""What the server calls the model of the demo."""
TOY_REPEAT: Final = 1.1
"""How much less probable the words of the last sentences are for the toy: without it, it repeats one for ever."""
OPTIONS: Final = {
    "weights": "", "name": TOY_NAME, "key": "", "context": 8192, "threads": 1, "port": 0, "repeat": TOY_REPEAT,
}  # fmt: skip
"""What it can be told, and what holds if it is not."""


def serve(told: dict[str, Any], say: Any) -> NoReturn:  # noqa: ANN401 - whatever has `write` and `flush`
    """Serve until standard input ends.

    Args:
        told: Some of `OPTIONS`, and the weights' file.
        say: Where the one line goes.
    """
    # A question may be stopped while the weights are read, so standard input is watched from here on.
    watch = threading.Thread(target=_end_with_input, daemon=True)
    watch.start()
    server = None
    try:
        server = _started(OPTIONS | told)
        answer = server.listening_address
    except ImportError:
        answer = "! the package xllamacpp is not installed"
    except Exception as error:  # noqa: BLE001 - whatever it is, who waits hears of it
        answer = f"! {error}"
    # Who waits may be gone: then there is nobody to tell.
    with contextlib.suppress(OSError):
        say.write(answer.replace("\n", " ") + "\n")
        say.flush()
    if server is None:
        os._exit(1)
    while True:
        watch.join()


def _end_with_input() -> NoReturn:
    with contextlib.suppress(OSError, ValueError):
        while sys.stdin.buffer.read(1 << 16):
            pass
    # Not `sys.exit`: it would wait for an answer that nobody reads any more.
    os._exit(0)


def _started(options: dict[str, Any]) -> Any:  # noqa: ANN401 - a class of an optional package
    # Without it the threads of a busy machine wait for one another by spinning: an eighth of the speed.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    xllamacpp: Any = importlib.import_module("xllamacpp")
    params = xllamacpp.CommonParams()
    params.model.path = options["weights"]
    params.model_alias = {options["name"]}
    params.n_ctx = options["context"]
    params.hostnames = ["127.0.0.1"]
    params.port = options["port"]
    if options["key"]:
        params.api_keys = [options["key"]]
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = options["threads"]
    params.cpuparams.poll = params.cpuparams_batch.poll = 0
    # One question at a time; and nothing of what was asked is kept but the one before, which makes its follow-up fast.
    params.n_parallel = 1
    params.cache_ram_mib = 0
    params.n_threads_http = 2
    params.use_jinja = True
    params.sampling.penalty_repeat = options["repeat"]
    params.warmup = False
    params.n_gpu_layers = 0
    # Nothing is fetched, logged or offered to a browser.
    params.offline = True
    params.verbosity = 0
    params.ui = False
    params.endpoint_slots = False
    params.cors_origins = "http://127.0.0.1"
    return xllamacpp.Server(params)


def main() -> NoReturn:
    """Read what is told, and serve."""
    # Whatever the library prints must not pass for the one line.
    say = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, sys.stdout.fileno())
    try:
        # Unbuffered, because the thread that waits for the end reads the same file.
        line = _first_line(sys.stdin.fileno())
        told = json.loads(line)
    except ValueError:
        say.write("! it was told nothing that it understands\n")
        say.flush()
        sys.exit(2)
    serve(told, say)


def _first_line(descriptor: int) -> bytes:
    line = b""
    while not line.endswith(b"\n") and (byte := os.read(descriptor, 1)):
        line += byte
    return line


if __name__ == "__main__":
    main()
