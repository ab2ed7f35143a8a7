"""Commands and the composition root: the one place that builds adapters and joins them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line; return the exit code. A defect of the program is one sentence, too: values may be secrets."""
    from hallucino_tui.cli.arguments import parse

    arguments = parse(sys.argv[1:] if argv is None else list(argv))
    try:
        return arguments.run(arguments)
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001 - whatever it is, a trace-back would print the values that it was about
        from hallucino_tui.cli.common import complain
        from hallucino_tui.config.defects import report_defect

        complain(report_defect(error))
        return 1
