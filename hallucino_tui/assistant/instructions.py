"""Lines that try to tell the model what to do: they are shown like all others, and pointed at."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_LOOKED_AT: Final = 4000
"""Characters of a line that are looked at."""

# Letters of other alphabets that look like ours.
_LOOK_ALIKES: Final = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u04bb\u04cf\u03bf", "aeopcyxijsdhlo"
)

_BEFORE: Final = r"(?:previous|prior|above|earlier|preceding|foregoing|former|last|existing|original)"
_RULES: Final = r"(?:instructions?|prompts?|rules?|guidelines?|directions?|messages?|directives?|orders|context)"
_LOGS: Final = r"(?:(?:this|these|the|all|any|every) ){0,3}(?:logs?|lines?|incidents?|entry|entries|errors?|alerts?)"
_MODEL: Final = r"(?:ai|assistant|model|llm|bot|agent|chatgpt|copilot)"
_ANSWER: Final = r"(?:reply|respond|answer|output|print|say|write|repeat)"
_DROP: Final = r"(?:ignor|disregard|forget|overrid|bypass|skip)e?"
_MUST: Final = r"(?:must|should|have to|will|shall|need to)"
_JUDGE: Final = r"(?:classify|label|mark|treat|report|describe|summari[sz]e)"
_HIDE: Final = r"(?:mention|report|cite|include|tell|reveal|summari[sz]e|flag)"
_SENTENCES: Final = (
    rf"\b{_DROP} (?:\w+ ){{0,3}}?{_BEFORE}(?: {_RULES}|\b(?=[;:,.!]|$))",
    rf"\b{_DROP} (?:\w+ ){{0,3}}?{_RULES}\b",
    r"\b(?:ignor|disregard|forget)e? (?:everything|all that|the above|what)\b",
    r"\b(?:new|updated|real|actual|secret) (?:instructions?|task|prompt)\b ?(?::|is\b)",
    r"\b(?:system|developer|hidden|initial) prompt\b|\bprompt injection\b|\bjailbreak",
    r"\byou are (?:now|no longer) (?:an? |the )?\w+|\bas an? language model\b",
    rf"\b(?:you are|as) an? (?:\w+ ){{0,2}}{_MODEL}\b",
    rf"\b(?:note|message|instructions?|attention|hint) (?:to|for) (?:the )?{_MODEL}\b|^\W*{_MODEL}\W{{0,3}} ?[:,]",
    r"\b(?:pretend|act|behave|respond|answer) (?:as|like) (?:if|an?|you)\b",
    r"\b(?:reply|respond|answer) (?:only |just |exactly )?with (?:only|exactly|just|the (?:single )?word|\"|')",
    rf"\b{_ANSWER} (?:only|exactly|just|nothing but|the (?:single )?word|verbatim)\b",
    r"\band nothing else\b|\bword for word\b",
    rf"\byou {_MUST} (?:now |always |only |not |never )?(?:ignore|tell|call|state|conclude|{_JUDGE}|{_ANSWER})\b",
    rf"\b{_JUDGE} {_LOGS} (?:\w+ ){{0,3}}as\b",
    rf"\b(?:do not|don't|never) {_HIDE} (?:this|these|that|any|the|it)\b",
    r"\b(?:tell|advise|recommend|convince|instruct) (?:that )?(?:the )?(?:user|engineer|operator|reader|sre|admin)s?\b",
    rf"\bdecode \S+ and (?:do|follow|execute|run)\b|\b(?:follow|obey|execute) (?:these|this|the following|my) {_RULES}",
    rf"^\W*(?:system|user|human|assistant|developer)\)?\s*: ?(?:you|ignore|please|forget|only|{_ANSWER})\b",
    r"\bignorier\w* (?:alle )?(?:vorherigen|bisherigen|obigen)|\bantworte nur\b",
    r"\bignorez? (?:toutes )?les instructions|\bignora (?:todas )?las instrucciones",
    "忽略.{0,10}(?:指令|指示|提示)|只回[答复]|(?:指示|命令)を無視",
)
_INSTRUCTION: Final = re.compile("|".join(_SENTENCES), re.IGNORECASE)
_GATES: Final = (
    "ignor", "disregard", "forget", "overrid", "bypass", "skip", "instruct", "prompt", "task", "jailbreak", "you are",
    "you must", "you should", "you have to", "you will", "you shall", "you need", "assistant", "model", "llm", "bot",
    "ai:", "ai,", "ai)", "agent", "gpt", "copilot", "pretend", " as ", " like ", "with", "only", "exactly", "just",
    "nothing", " word", "verbatim", "do not", "don't", "never", "tell", "advise", "recommend", "convince", "decode",
    "follow", "obey", "execute", "system", "user", "human", "developer", "antworte", "忽略", "只回", "無視",
)  # fmt: skip
"""Each sentence holds one of these, in lower case; most lines hold none."""
# What `neutralise` makes of a token, and of a turn that opens behind a line break.
_TAMED: Final = re.compile(
    r"\[ctl\]|\\[nrv][^\w(]{0,8}\((?:system|assistant|user|human|developer|model|instructions?|response)\)",
    re.IGNORECASE,
)


def looks_like_instruction(line: str) -> bool:
    """Say whether a line tries to tell the model what to do, or to speak in its conversation.

    It is a hint for the reader and nothing else: who wants to can word a line so that it is not found.

    Args:
        line: A line as `neutralise` returns it: what held a token of a chat template, or opened a turn, counts too.
    """
    text = line[:_LOOKED_AT]
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text.translate(_LOOK_ALIKES))
        text = "".join(character for character in decomposed if not unicodedata.combining(character))
    lowered = text.lower()
    if any(gate in lowered for gate in _GATES) and _INSTRUCTION.search(" ".join(text.split())):
        return True
    return ("[ctl]" in line or ")" in line) and _TAMED.search(text) is not None
