"""`hallucino summarise`: a model's summary of logs. The same as `hallucino ask` without a question."""

from __future__ import annotations

from hallucino_tui.cli.ask import run

__all__ = ["run"]
