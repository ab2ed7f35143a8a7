"""Lines made harmless for a model: one record is one line, and no control token of any model family is left."""

from __future__ import annotations

import re
from typing import Final

# Chat templates' tokens. A server may parse them inside of what a user says, and then a log line speaks as the user.
# What stands between bars covers ChatML and Qwen, Llama 3 and 4, Phi, Command-R, Granite, Jamba, gpt-oss, Kimi, OLMo,
# and, with wide bars made narrow, DeepSeek.
_TOKENS: Final = re.compile(
    r"<\|[^|<>]{0,40}\|?>|<[a-z_]{1,20}\|>|\[\|[^|\[\]]{0,40}\|\]"
    r"|\[/?(?:INST|THINK|SYSTEM_PROMPT|PREFIX|MIDDLE|SUFFIX|IMG(?:_BREAK|_END)?|(?:BEGIN_)?AUDIO|MODEL_SETTINGS)\]"
    r"|\[/?(?:AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|TOOL_CONTENT|CALL_ID|ARGS)\]|<</?SYS>>"  # Mistral, Llama 2
    r"|</?s>|<(?:bos|eos|unk|pad|sep|cls|mask|eot|eod)>|<(?:BOS|EOS|PAD|UNK)_TOKEN>"
    r"|\[(?:BOS|EOS|gMASK|sMASK)\]|<[se]op>|<eo[hacm]>"  # GLM, InternLM
    r"|</?(?:start|end)_of_(?:turn|text|image|audio|role)>|<unused\d{1,4}>"  # Gemma
    r"|<(?:extra_id|SPECIAL|reserved|reserved_special_token|TOKENS_UNUSED)_\d{1,6}>|<fim_(?:prefix|middle|suffix|pad)>"
    r"|<\[[^<>\[\]]{0,40}\]>|\]~!?b[\[\]]|\[e~\["  # Seed, MiniMax
    r"|>>(?:QUESTION|ANSWER|TITLE|ABSTRACT|INTRODUCTION|SUMMARY|COMMENT|DOMAIN|PREFIX|SUFFIX|MIDDLE)<<"  # Falcon
    r"|</?(?:tool_calls?|tool_responses?|tool_code|tool_outputs?|function_calls?|function=[\w.-]{1,40}|arg_key|arg_value)>"
    r"|</?(?:seed:)?(?:think|thinking|answer|analysis)>|</?(?:logs?|lines?|untrusted)>",
    re.IGNORECASE,
)
# Some servers make wide characters narrow before they look for tokens.
_NARROW: Final = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0xFE64: ord("<"), 0xFE65: ord(">")}
_WIDE: Final = re.compile("[\uff01-\uff5e\ufe64\ufe65]")
_LIKE_OURS: Final = re.compile(r"[\[\uff3b【]\s*(L\s*\d(?:[\d\s,;L–—-]|to|and)*)[\]\uff3d】]", re.IGNORECASE)
"""A line must not pass for another one by carrying its number."""
# Words that open a turn where a conversation is written as plain text, at the beginning or behind a line break.
_ROLE: Final = re.compile(
    r"(^|\\[nrv])((?:\[ctl\]|[\s>*_#\"'`=-])*)"
    r"(?:((?<=##)\s*(?:instructions?|response|input|system|user|assistant|human)\b)"
    r"|(system|assistant|user|human|developer|model|tool|ai|bot|ipython)(?=[\s*_]{0,4}[:\uff1a]))",
    re.IGNORECASE,
)
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
_COMMAND: Final = (
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b[\]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)|\x1b[ -/]*[0-Z\\^-~]"
)
_UNSEEN: Final = (
    r"\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
CONCEALING: Final = f"{_COMMAND}|[{_UNSEEN}]"
"""What `plain` takes out, as a regular expression of Python and of the engine."""
_COMMANDS: Final = re.compile(_COMMAND)
_INVISIBLE: Final = re.compile(rf"[{_UNSEEN}\ud800-\udfff]")


def plain(line: str) -> str:
    """Return a line as one physical line without invisible characters and commands to a terminal."""
    return _INVISIBLE.sub("", _COMMANDS.sub("", line).translate(_BREAKS))


def neutralise(line: str) -> str:
    """Return a line as one physical line that can open no turn, end none, and pass for no other line.

    Control tokens become ``[ctl]``, numbers like ours and words that open a turn stand in parentheses, and invisible
    characters are gone. A second time changes nothing.
    """
    line = plain(line)
    # Taking one token away may put another one together.
    while (cleaned := _ROLE.sub(_in_parentheses, _without_tokens(_LIKE_OURS.sub(r"(\1)", line)))) != line:
        line = cleaned
    return line


def _without_tokens(line: str) -> str:
    if not _WIDE.search(line):
        return _TOKENS.sub("[ctl]", line)
    # One character for one character, so that what is no token stays as wide as it is.
    parts: list[str] = []
    end = 0
    for match in _TOKENS.finditer(line.translate(_NARROW)):
        parts += (line[end : match.start()], "[ctl]")
        end = match.end()
    return "".join((*parts, line[end:]))


def _in_parentheses(match: re.Match[str]) -> str:
    word: str = match[3] or match[4]
    bare = word.lstrip()
    return f"{match[1]}{match[2]}{word[: len(word) - len(bare)]}({bare})"
