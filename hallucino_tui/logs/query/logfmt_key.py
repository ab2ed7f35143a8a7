"""The key of a logfmt line that becomes a label: a plain name, or any text in quotes."""

from __future__ import annotations

import re
from typing import Final

_QUOTED: Final = r'"([^"\]\0]*)(?:["\]]|$)'
_FORM: Final = re.compile(rf"[ \t\n]*(?:([A-Za-z_][A-Za-z0-9_]*)|{_QUOTED})[ \t\n]*(?:{_QUOTED}[ \t\n]*)*")


def parse_logfmt_key(text: str) -> str:
    """Read the key. Loki lets more quoted texts follow, and then finds nothing; here they are ignored.

    Raises:
        ValueError: It is none.
    """
    match = _FORM.fullmatch(text)
    if match is None:
        raise ValueError("this is no key of a logfmt line: all but letters, digits and _ needs quotes of its own")
    return match[1] or match[2] or ""
