"""Labels are read out of lines when a filter first asks for them: the filters before it leave fewer lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hallucino_tui.logs.query.ast import Json, LabelFilter, Logfmt
from hallucino_tui.logs.query.label_test_parts import names_in, parts_of
from hallucino_tui.logs.query.plan import Planned

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def by_need(stages: Sequence[Planned]) -> Iterator[Planned]:
    """Give stages so that parsers come once for each of the filters behind them, each time with fewer labels to find.

    That is the same as before, as long as nobody reads whether something went wrong.
    """
    position = 0
    while position < len(stages):
        planned = stages[position]
        position += 1
        if not isinstance(planned.stage, Json | Logfmt) or planned.stage.extractions or planned.errors:
            yield planned
            continue
        wanted = planned.wanted
        while wanted and position < len(stages) and isinstance(filter_ := stages[position].stage, LabelFilter):
            position += 1
            for test in parts_of(filter_.test):
                asked = wanted & names_in(test)
                if asked:
                    yield Planned(planned.stage, asked, errors=False)
                    wanted -= asked
                yield Planned(LabelFilter(test), wanted, errors=False)
        if wanted or wanted is None:
            yield Planned(planned.stage, wanted, errors=False)
