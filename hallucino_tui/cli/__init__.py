"""Commands and the composition root: the one place that builds adapters and joins them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line; return the exit code."""
    from hallucino_tui.cli.arguments import parse

    arguments = parse(sys.argv[1:] if argv is None else list(argv))
    return arguments.run(arguments)
