"""Run the program as ``python -m hallucino_tui``."""

import sys

from hallucino_tui.cli import main

if __name__ == "__main__":
    sys.exit(main())
