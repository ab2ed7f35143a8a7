"""Lines made harmless for a model: one record is one line, and no control token of any model family is left."""

from __future__ import annotations

import re
from typing import Final

# Chat templates' tokens. A server may parse them inside of what a user says, and then a log line speaks as the user.
_TOKENS: Final = re.compile(
    r"<\|[^|<>]{0,40}\|?>|<｜[^｜<>]{0,40}｜>|\[/?INST\]|<</?SYS>>|</?s>|</?(?:start|end)_of_(?:turn|text)>|<(?:bos|eos|unk|pad)>"
    r"|\[(?:SYSTEM_PROMPT|TOOL_CALLS|AVAILABLE_TOOLS|TOOL_RESULTS)\]|</?(?:tool_call|think|logs?|lines?|untrusted)>",
    re.IGNORECASE,
)
_LIKE_OURS: Final = re.compile(r"\[(L\d+)\]")
"""A line must not pass for another one by carrying its number."""
_BREAKS: Final = {
    ord("\n"): "\\n",
    ord("\r"): "\\r",
    0x0B: "\\v",
    0x0C: "\\f",
    0x85: "\\n",
    0x2028: "\\n",
    0x2029: "\\n",
}
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e0fff]"
)


def neutralise(line: str) -> str:
    """Return a line as one physical line without control tokens and invisible characters."""
    line = _INVISIBLE.sub("", line.translate(_BREAKS))
    # Taking one token away may put another one together.
    while (cleaned := _TOKENS.sub("[ctl]", line)) != line:
        line = cleaned
    return _LIKE_OURS.sub(r"(\1)", line)
