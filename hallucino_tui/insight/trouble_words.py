"""Words that tell of trouble in a line that names no level, as regular expressions of the engine."""

from __future__ import annotations

from typing import Final

TROUBLE: Final = (
    r"(?i)\b(?:errors?|err|fail(?:s|ed|ure|ures|ing)?|fatal|panic(?:ked|king)?|exceptions?|critical|abort(?:ed|ing|s)?"
    r"|crash(?:ed|ing|es)?|denied|refused|rejected|unauthori[sz]ed|forbidden|time[- ]?outs?|timed[- ]out|unreachable"
    r"|unavailable|killed|oom|segfault|corrupt(?:ed|ion)?|deadlock(?:ed)?|invalid|illegal|lost|unable|cannot|can't"
    r"|could ?n[o']t|severed|overflow|violation|traceback)\b"
    r"|\b\w+(?:Exception|Error)\b"
)
