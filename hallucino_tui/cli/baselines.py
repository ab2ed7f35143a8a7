"""What `--baseline` and `--save-baseline` mean: a span of the lines, or what was saved of another day."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from hallucino_tui.cli.common import Refused, zone_of
from hallucino_tui.insight.baseline import Baseline, BaselineError
from hallucino_tui.insight.tally import Span
from hallucino_tui.logs.moment import NANOSECONDS, NO_TIME
from hallucino_tui.logs.when import parse_when
from hallucino_tui.session.choice import ChoiceError, parse_duration
from hallucino_tui.sources.files.errors import cannot_read, why

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from datetime import tzinfo

    import numpy as np
    from numpy.typing import NDArray

    from hallucino_tui.insight.lines import Lines


class Asked(NamedTuple):
    """What to compare with, as far as it is known before any line is.

    Attributes:
        saved: Another day.
        seconds: The length of the first lines; 0 for none.
        bounds: When it begins and ends, as it was typed.
        zone: What times without a zone mean.
    """

    saved: Baseline | None
    seconds: float
    bounds: tuple[str, str] | None
    zone: tzinfo

    def of(self, lines: Lines) -> Span | Baseline:
        """Return what to compare these lines with.

        Raises:
            Refused: There is nothing to compare, or nothing to compare with.
        """
        if self.saved is not None:
            return self.saved
        whole = span_of(lines)
        if whole is None:
            raise Refused("No line has a time, so none of them are a baseline: leave --baseline out.", 2)
        if self.bounds is None:
            span = Span(whole.start, whole.start + int(self.seconds * NANOSECONDS))
        else:
            span = self._between(*self.bounds, whole)
        if span.stop >= whole.stop or not _counts(lines, span):
            raise Refused("The baseline has to hold some of the lines and to end before the last of them.", 2)
        return span

    def _between(self, first: str, last: str, whole: Span) -> Span:
        try:
            start, stop = (parse_when(text, whole.start, whole.stop, self.zone) for text in (first, last))
        except ValueError as error:
            raise Refused(f"--baseline: {error}", 2) from error
        return Span(start, stop)


def asked_for(arguments: argparse.Namespace) -> Asked | None:
    """Return what a command line wants to compare with; None if it leaves that open.

    Raises:
        Refused: It is neither a span nor a file.
    """
    text: str = arguments.baseline
    if not text:
        return None
    zone = zone_of(arguments)
    if Path(text).exists():
        return Asked(_read(Path(text)), 0, None, zone)
    first, dots, last = text.partition("..")
    if dots and first and last:
        return Asked(None, 0, (first, last), zone)
    try:
        return Asked(None, parse_duration(text), None, zone)
    except ChoiceError as error:
        said = "is no span of time such as 10m or 12:00..12:05, and no file"
        raise Refused(f"--baseline {text} {said}: check the name and the folder.", 2) from error


def save(name: str, lines: Lines, templates: NDArray[np.int32], ids: Sequence[str]) -> None:
    """Write what lines are like to a file.

    Raises:
        Refused: It cannot be written, or lines have no times.
    """
    span = span_of(lines)
    if span is None:
        raise Refused("No line has a time, so there is no rate to keep: leave --save-baseline out.", 2)
    data = msgspec.json.encode(Baseline.of(lines, templates, ids, span).to_json())
    try:
        Path(name).write_bytes(data + b"\n")
    except OSError as error:
        raise Refused(f"{name} cannot be written ({why(error)}): name another file.", 2) from error


def span_of(lines: Lines) -> Span | None:
    """Return the time from the first line to the last; None if lines have no times."""
    told = lines.times[lines.times != NO_TIME]
    return Span(int(told.min()), int(told.max()) + 1) if len(told) else None


def _counts(lines: Lines, span: Span) -> bool:
    return bool(((lines.times >= span.start) & (lines.times < span.stop)).any())


def _read(path: Path) -> Baseline:
    try:
        return Baseline.from_json(msgspec.json.decode(path.read_bytes()))
    except OSError as error:
        raise Refused(str(cannot_read(path, error)), 2) from error
    except (BaselineError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        said = str(error) if isinstance(error, BaselineError) else "It is no whole JSON."
        raise Refused(f"--baseline {path}: {said[:1].lower()}{said[1:]}", 2) from error
