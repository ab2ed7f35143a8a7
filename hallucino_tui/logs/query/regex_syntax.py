"""Go's regular expressions as trees: what Loki accepts, and why not where it does not.

The engine runs them in Rust's flavour, which is nearly the same; `regex.check_regex` asks both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from hallucino_tui.logs.query.regex_characters import SHORTHANDS, CharacterReader, in_rust
from hallucino_tui.logs.query.regex_tree import Kind, Node, RegexSyntaxError, Syntax, alternate, concat, fits

_LARGEST_COUNT: Final = 1000
_DEEPEST: Final = 40
_LOOK: Final = re.compile(r"\(\?(?:[=!]|<[=!])")
_COUNT: Final = re.compile(r"\{(0|[1-9][0-9]*)(,(0|[1-9][0-9]*)?)?\}")
_GROUP_NAME: Final = re.compile(r"\(\?P?<([A-Za-z0-9_]+)>")
_FLAGS: Final = re.compile(r"\(\?([imsU]*)(?:-([imsU]+))?([:)])")


def parse_regex(pattern: str) -> Syntax:
    """Read a regular expression.

    Raises:
        RegexSyntaxError: It is none for Go, or it needs look-around or a back reference.
    """
    reader = _Reader(pattern)
    tree = reader.read()
    return Syntax(tree, tuple(reader.names), reader.is_portable, "".join(reader.written))


@dataclass(slots=True)
class _Frame:
    """An open group: what stands before it, and the flags to go back to."""

    start: int
    name: str | None
    captures: bool
    flags: str
    done: list[Node]
    branch: list[Node]


class _Reader(CharacterReader):
    def __init__(self, pattern: str) -> None:
        super().__init__(pattern)
        self.names: list[str] = []
        self._seen = set[str]()
        self._open: list[_Frame] = []
        self._done: list[Node] = []
        self._branch: list[Node] = []
        self._repeated = False  # whether the last thing was a repetition, which may not be repeated itself

    def read(self) -> Node:
        pattern = self.pattern
        while self.position < len(pattern):
            was_repeated, self._repeated = self._repeated, False
            char = pattern[self.position]
            if char in "*+?":
                self._repeat(0 if char != "+" else 1, 1 if char == "?" else None, 1, was_repeated)
            elif char == "{" and (count := _COUNT.match(pattern, self.position)):
                self._repeat_counted(count, was_repeated)
            elif char == "(":
                self._open_group()
            elif char == ")":
                self._close_group()
            elif char == "|":
                self._done.append(concat(self._branch))
                self._branch = []
                self.take(1)
            else:
                self._single(char)
        if self._open:
            raise RegexSyntaxError("this group is not closed", self._open[-1].start)
        return alternate([*self._done, concat(self._branch)])

    def _single(self, char: str) -> None:
        start = self.position
        if char == "[":
            self._branch.append(self.character_class())
            return
        if char == "\\":
            self._escape()
            return
        if char == ".":
            self._branch.append(Node(Kind.ANY_WITH_NEWLINE if "s" in self.flags else Kind.ANY))
            self.take(1)
        elif char in "^$":
            self._branch.append(Node(Kind.EDGE))
            self.take(1)
        elif 0xD800 <= ord(char) <= 0xDFFF:
            raise RegexSyntaxError("this is no character", start)
        else:
            self.position += 1
            self._literal(char)

    def _literal(self, char: str) -> None:
        self.written.append(in_rust(char))
        ignore_case = "i" in self.flags
        folded = char.lower() if ignore_case else char
        self._branch.append(Node(Kind.LITERAL, folded if len(folded) == 1 else char, ignore_case=ignore_case))

    # Repetitions.

    def _repeat_counted(self, count: re.Match[str], was_repeated: bool) -> None:
        start = self.position
        least, has_most, most = count[1], count[2] is not None, count[3]
        if len(least) > 4 or (most is not None and len(most) > 4):
            raise RegexSyntaxError(f"a part can be repeated {_LARGEST_COUNT} times at most", start)
        low, high = int(least), int(most) if most is not None else None if has_most else int(least)
        if max(low, high or 0) > _LARGEST_COUNT:
            raise RegexSyntaxError(f"a part can be repeated {_LARGEST_COUNT} times at most", start)
        if high is not None and high < low:
            raise RegexSyntaxError("the counts of this repetition are the wrong way round", start)
        self._repeat(low, high, len(count[0]), was_repeated)
        if max(low, high or 0) >= 2 and not fits(self._branch[-1], _LARGEST_COUNT):
            raise RegexSyntaxError(f"a part can be repeated {_LARGEST_COUNT} times at most", start)

    def _repeat(self, least: int, most: int | None, width: int, was_repeated: bool) -> None:
        start = self.position
        if was_repeated:
            raise RegexSyntaxError("a repetition cannot be repeated itself without a group around it", start)
        if not self._branch:
            raise RegexSyntaxError("there is nothing that could be repeated", start)
        self.take(width)
        if self.pattern.startswith("?", self.position):
            self.take(1)
        self._branch.append(Node(Kind.REPEAT, parts=(self._branch.pop(),), least=least, most=most))
        self._repeated = True

    # Groups.

    def _open_group(self) -> None:
        pattern, start = self.pattern, self.position
        if not pattern.startswith("(?", start):
            self._push(None, captures=True, flags=self.flags, width=1)
        elif _LOOK.match(pattern, start):
            raise RegexSyntaxError("look-around is not supported: filter twice instead, with a second |~ or !~", start)
        elif name := _GROUP_NAME.match(pattern, start):
            self.is_portable &= pattern.startswith("(?P", start)
            if name[1] in self._seen:
                raise RegexSyntaxError(f"there are two groups of the name {name[1]}", start)
            self.names.append(name[1])
            self._seen.add(name[1])
            self._push(name[1], captures=True, flags=self.flags, width=len(name[0]))
        elif flags := _FLAGS.match(pattern, start):
            self.is_portable &= flags[0] in {"(?:", "(?i)"} and (flags[0] == "(?:" or start == 0)
            changed = "".join(sorted((set(self.flags) | set(flags[1])) - set(flags[2] or "")))
            if flags[3] == ":":
                self._push(None, captures=False, flags=changed, width=len(flags[0]))
            else:
                self.flags = changed
                self.take(len(flags[0]))
        elif pattern.startswith(("(?P=", "(?P>", "(?R", "(?&")):
            raise RegexSyntaxError("back references are not supported", start)
        else:
            raise RegexSyntaxError("this group is of no known kind", start)

    def _push(self, name: str | None, *, captures: bool, flags: str, width: int) -> None:
        if len(self._open) >= _DEEPEST:
            raise RegexSyntaxError("there are too many groups in each other", self.position)
        self._open.append(_Frame(self.position, name, captures, self.flags, self._done, self._branch))
        self._done, self._branch = [], []
        self.flags = flags
        self.take(width)

    def _close_group(self) -> None:
        if not self._open:
            raise RegexSyntaxError("there is no open group that this could close", self.position)
        inside = alternate([*self._done, concat(self._branch)])
        frame = self._open.pop()
        self._done, self._branch, self.flags = frame.done, frame.branch, frame.flags
        self._branch.append(Node(Kind.GROUP, frame.name or "", parts=(inside,)) if frame.captures else inside)
        self.take(1)

    # Escapes and classes.

    def _escape(self) -> None:
        start = self.position
        letter = self.pattern[start + 1 : start + 2]
        if letter in {"A", "B", "z"}:
            self.is_portable &= letter != "z"
            self._branch.append(Node(Kind.EDGE))
            self.take(2)
        elif letter == "b":
            self._branch.append(Node(Kind.WORD_EDGE))
            self.written.append(r"(?-u:\b)")
            self.position += 2
        elif letter == "Q":
            self.is_portable = False
            end = self.pattern.find("\\E", start + 2)
            for char in self.pattern[start + 2 : end if end >= 0 else None]:
                self._literal(char)
            self.position = end + 2 if end >= 0 else len(self.pattern)
        elif (written := self.shorthand()) is not None:
            self._branch.append(Node(Kind.CLASS, written))
            self.written.append(SHORTHANDS.get(written, written))
        else:
            self._literal(self.character())
