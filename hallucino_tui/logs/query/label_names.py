"""Names of labels that are made from the keys of a line, and what their values may not hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

SUFFIX: Final = "_extracted"
"""What follows the name of a label that the stream has already."""

ERROR: Final = "__error__"
ERROR_DETAILS: Final = "__error_details__"
LEVEL: Final = "level"
"""The label of every line that says its severity."""

JSON_ERROR: Final = "JSONParserErr"
LOGFMT_ERROR: Final = "LogfmtParserErr"
FILTER_ERROR: Final = "LabelFilterErr"
TEMPLATE_ERROR: Final = "TemplateFormatErr"

REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
SPACES: Final = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""What Go takes for white space: Python's own list has a few more."""

_NOT_ALLOWED: Final = re.compile(r"[^A-Za-z0-9_]")


def label_name(key: str) -> str:
    """Return the name of the label for a key; "" if there is nothing to make one of."""
    trimmed = key.strip(SPACES)
    return ("_" if "0" <= trimmed[:1] <= "9" else "") + _NOT_ALLOWED.sub("_", trimmed)


def nested_name(keys: Iterable[str]) -> str:
    """Return the name of the label for a property inside of others, the outermost key first."""
    name = ""
    for key in keys:
        trimmed = key.strip(SPACES)
        if trimmed:
            part = _NOT_ALLOWED.sub("_", trimmed)
            name = f"{name}_{part}" if name else label_name(trimmed)
    return name
