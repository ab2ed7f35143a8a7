"""Lines made harmless for a model: one record is one line, and no control token of any model family is left."""

from __future__ import annotations

import re
from typing import Final

# Chat templates' tokens. A server may parse them inside of what a user says, and then a log line speaks as the user.
_TOKENS: Final = re.compile(
    r"<\|[^|<>]{0,40}\|?>|<[a-z_]{1,20}\|>|<｜[^｜<>]{0,40}｜>|\[\|[^|\[\]]{0,40}\|\]|\[/?(?:INST|THINK|SYSTEM_PROMPT)\]"
    r"|\[/?(?:AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|TOOL_CONTENT|CALL_ID|ARGS)\]|<</?SYS>>|</?s>|<(?:bos|eos|unk|pad)>"
    r"|<(?:BOS|EOS|PAD|UNK)_TOKEN>|\[(?:BOS|EOS|gMASK|sMASK)\]|<[se]op>|</?(?:start|end)_of_(?:turn|text|image)>"
    r"|</?(?:tool_calls?|tool_responses?|think|logs?|lines?|untrusted)>",
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
# Colours and other commands to a terminal: a name and its value must not be told apart by them.
_COMMANDS: Final = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b[\]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)|\x1b[ -/]*[0-Z\\^-~]"
)
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff\ud800-\udfff]"
)


def plain(line: str) -> str:
    """Return a line as one physical line without invisible characters and commands to a terminal."""
    return _INVISIBLE.sub("", _COMMANDS.sub("", line).translate(_BREAKS))


def neutralise(line: str) -> str:
    """Return a line as one physical line without control tokens and invisible characters."""
    line = _LIKE_OURS.sub(r"(\1)", plain(line))
    # Taking one token away may put another one together.
    while (cleaned := _TOKENS.sub("[ctl]", line)) != line:
        line = cleaned
    return line
