"""Go text templates as Loki's ``line_format`` and ``label_format`` use them.

``{{define}}``, ``{{template}}``, ``{{block}}`` and complex numbers are refused. The local zone is UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hallucino_tui.logs.query.template_compiler import Compiler, Step
from hallucino_tui.logs.query.template_functions import NAMES
from hallucino_tui.logs.query.template_parser import parse_nodes
from hallucino_tui.logs.query.template_run import ROOT, Run
from hallucino_tui.logs.query.template_tokens import TemplateSyntaxError
from hallucino_tui.logs.query.template_values import TemplateFailure, clean

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Template", "TemplateFailure", "TemplateSyntaxError", "parse_template"]


@dataclass(frozen=True, slots=True)
class Template:
    """A template that is ready to run; several threads may use it at once.

    Attributes:
        labels: The labels it reads.
        reads_all: Whether it may read any other label, too.
        reads_line: Whether it reads the text of the line.
    """

    labels: frozenset[str]
    reads_all: bool
    reads_line: bool
    _steps: tuple[Step, ...]
    _slots: int

    def render(self, labels: Mapping[str, str], line: str, time: int) -> str:
        """Evaluate the template for a line.

        Args:
            labels: The labels of the line; one that is missing is "".
            line: Its text.
            time: Nanoseconds since the epoch, UTC.

        Raises:
            TemplateFailure: It cannot be evaluated. Loki then leaves the line as it is, and gives it ``__error__``.
        """
        run = Run(labels, line, time, self._slots)
        try:
            for step in self._steps:
                step(run, ROOT)
        except RecursionError:
            raise TemplateFailure("a value is nested too deeply") from None
        return clean("".join(run.written))


def parse_template(text: str) -> Template:
    """Read a template.

    Raises:
        TemplateSyntaxError: It is none, or it names a function that Loki does not have.
    """
    nodes, slots = parse_nodes(text, NAMES)
    compiler = Compiler()
    steps = compiler.steps(nodes)
    return Template(frozenset(compiler.labels), compiler.reads_all, compiler.reads_line, steps, slots)
