"""Go text templates as trees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hallucino_tui.logs.query.template_literals import read_character, read_number, read_unquoted
from hallucino_tui.logs.query.template_nodes import (
    Action,
    Branch,
    Call,
    Chain,
    Command,
    Dot,
    Jump,
    Literal,
    Loop,
    Nil,
    Number,
    Operand,
    Pipeline,
    TemplateNode,
    Text,
    Variable,
)
from hallucino_tui.logs.query.template_tokens import TemplateSyntaxError, Token, TokenKind, tokenize

if TYPE_CHECKING:
    from collections.abc import Container

_DEEPEST: Final = 60
_UNSUPPORTED: Final = frozenset({"define", "template", "block"})
_JUMPS: Final = frozenset({"break", "continue"})
_BLOCKS: Final = frozenset({"if", "with", "range"})
_KEYWORDS: Final = _UNSUPPORTED | _JUMPS | _BLOCKS | {"else", "end", "nil"}


def parse_nodes(text: str, functions: Container[str]) -> tuple[tuple[TemplateNode, ...], int]:
    """Read a template.

    Args:
        text: The template.
        functions: The names of the functions there are.

    Returns:
        Its nodes, and how many slots its variables need.

    Raises:
        TemplateSyntaxError: It is none.
    """
    return _Parser(text, functions).parse()


class _Parser:
    def __init__(self, text: str, functions: Container[str]) -> None:
        self._tokens = tokenize(text)
        self._next = 0
        self._functions = functions
        self._variables = ["$"]
        self._slots = 1
        self._depth = 0
        self._loops = 0

    def parse(self) -> tuple[tuple[TemplateNode, ...], int]:
        nodes = self._nodes()
        if self._peek().kind is not TokenKind.END:
            word = self._tokens[self._next]
            raise TemplateSyntaxError(f"there is no if, with or range for this {word.text}", word.position)
        return nodes, self._slots

    def _nodes(self) -> tuple[TemplateNode, ...]:
        """Read up to the end of the template, or up to the word ``else`` or ``end``."""
        nodes: list[TemplateNode] = []
        while self._peek().kind is not TokenKind.END:
            token = self._take()
            if token.kind is TokenKind.TEXT:
                nodes.append(Text(token.text))
                continue
            self._skip()
            word = self._peek()
            if word.kind is TokenKind.WORD and word.text in {"else", "end"}:
                break
            nodes.append(self._action(word))
        return tuple(nodes)

    def _action(self, word: Token) -> TemplateNode:
        if word.kind is TokenKind.WORD and word.text in _UNSUPPORTED:
            raise TemplateSyntaxError(f"{word.text} is not supported in a query", word.position)
        if word.kind is TokenKind.WORD and word.text in _BLOCKS:
            self._take()
            return self._block(word)
        if word.kind is TokenKind.WORD and word.text in _JUMPS:
            if not self._loops:
                raise TemplateSyntaxError(f"{word.text} is only possible within range", word.position)
            self._take()
            self._close()
            return Jump(word.text == "break")
        pipeline = self._pipeline(TokenKind.CLOSE)
        return Action(pipeline)

    def _block(self, word: Token) -> Branch | Loop:
        self._enter(word)
        known = len(self._variables)
        is_loop = word.text == "range"
        pipeline = self._pipeline(TokenKind.CLOSE, in_range=is_loop)
        inner = len(self._variables)
        self._loops += is_loop
        body = self._nodes()
        self._loops -= is_loop
        del self._variables[inner:]
        otherwise = self._otherwise(word)
        del self._variables[known:]
        self._depth -= 1
        if is_loop:
            return Loop(pipeline, body, otherwise)
        return Branch(pipeline, body, otherwise, sets_dot=word.text == "with")

    def _otherwise(self, opened: Token) -> tuple[TemplateNode, ...]:
        word = self._take()
        if word.kind is TokenKind.END:
            raise TemplateSyntaxError(f"the {opened.text} has no end", opened.position)
        if word.text == "end":
            self._close()
            return ()
        self._skip()
        follower = self._peek()
        if follower.kind is TokenKind.WORD and follower.text == opened.text and opened.text != "range":
            self._take()
            return (self._block(follower),)
        self._close()
        nodes = self._nodes()
        end = self._take()
        if end.kind is TokenKind.END:
            raise TemplateSyntaxError(f"the {opened.text} has no end", opened.position)
        if end.text != "end":
            raise TemplateSyntaxError(f"the {opened.text} has a second else", end.position)
        self._close()
        return nodes

    def _pipeline(self, end: TokenKind, *, in_range: bool = False) -> Pipeline:
        names, declares = self._targets(in_range=in_range)
        commands: list[Command] = []
        while True:
            self._skip()
            token = self._peek()
            if token.kind is end:
                break
            commands.append(self._command(end, is_first=not commands))
        self._take()
        if not commands:
            raise TemplateSyntaxError("a value is missing", token.position)
        slots = tuple(self._declare(name.text) if declares else self._slot(name) for name in names)
        return Pipeline(tuple(commands), slots)

    def _targets(self, *, in_range: bool) -> tuple[list[Token], bool]:
        """Read the variables that a pipeline sets, and whether they are new; none if it sets none."""
        start = self._next
        names: list[Token] = []
        while True:
            self._skip()
            name = self._take()
            self._skip()
            mark = self._take()
            if name.kind is not TokenKind.VARIABLE:
                break
            names.append(name)
            if mark.kind in {TokenKind.DECLARE, TokenKind.ASSIGN}:
                return names, mark.kind is TokenKind.DECLARE
            if mark.kind is not TokenKind.COMMA:
                break
            if not in_range or len(names) > 1:
                raise TemplateSyntaxError("there are too many variables here", mark.position)
        if len(names) > 1:
            raise TemplateSyntaxError("after the variables of range, := has to follow", name.position)
        self._next = start
        return [], False

    def _command(self, end: TokenKind, *, is_first: bool) -> Command:
        operands: list[Operand] = []
        while True:
            self._skip()
            token = self._peek()
            operand = self._operand()
            if operand is not None:
                operands.append(operand)
            follower = self._peek()
            if follower.kind is TokenKind.SPACE and operand is not None:
                continue
            if follower.kind is TokenKind.PIPE:
                self._take()
            elif follower.kind is not end:
                raise TemplateSyntaxError(f"{follower} is not expected here", follower.position)
            break
        if not operands:
            raise TemplateSyntaxError("a value is missing", token.position)
        if not is_first and (isinstance(operands[0], Literal | Number | Nil) or operands[0] == Dot()):
            raise TemplateSyntaxError("after | there has to be a function", token.position)
        return Command(tuple(operands))

    def _operand(self) -> Operand | None:
        first = self._peek()
        operand = self._term()
        fields: list[str] = []
        while operand is not None and self._peek().kind is TokenKind.FIELD:
            fields.append(self._take().text[1:])
        if operand is None or not fields:
            return operand
        if isinstance(operand, Literal | Number | Nil) or operand == Dot():
            raise TemplateSyntaxError(f"{first} has no fields", first.position)
        if isinstance(operand, Dot):
            return Dot((*operand.fields, *fields))
        if isinstance(operand, Variable):
            return Variable(operand.slot, (*operand.fields, *fields))
        return Chain(operand, tuple(fields))

    def _term(self) -> Operand | None:
        token = self._peek()
        kind = token.kind
        if kind is TokenKind.WORD:
            operand = self._word(token)
        elif kind is TokenKind.DOT:
            operand = Dot()
        elif kind is TokenKind.FIELD:
            operand = Dot((token.text[1:],))
        elif kind is TokenKind.VARIABLE:
            operand = Variable(self._slot(token))
        elif kind in {TokenKind.NUMBER, TokenKind.CHARACTER}:
            operand = read_number(token) if kind is TokenKind.NUMBER else read_character(token)
        elif kind in {TokenKind.STRING, TokenKind.RAW}:
            operand = Literal(read_unquoted(token) if kind is TokenKind.STRING else token.text[1:-1].replace("\r", ""))
        elif kind is TokenKind.LEFT:
            self._enter(token)
            self._take()
            operand = self._pipeline(TokenKind.RIGHT)
            self._depth -= 1
            return operand
        else:
            return None
        self._take()
        return operand

    def _word(self, token: Token) -> Operand:
        if token.text in {"true", "false"}:
            return Literal(token.text == "true")
        if token.text == "nil":
            return Nil()
        if token.text in _KEYWORDS:
            raise TemplateSyntaxError(f"{token} is not expected here", token.position)
        if token.text not in self._functions:
            raise TemplateSyntaxError(f'there is no function "{token.text}"', token.position)
        return Call(token.text, token.position)

    def _enter(self, token: Token) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise TemplateSyntaxError("the template is nested too deeply", token.position)

    def _declare(self, name: str) -> int:
        self._variables.append(name)
        self._slots = max(self._slots, len(self._variables))
        return len(self._variables) - 1

    def _slot(self, token: Token) -> int:
        for slot in range(len(self._variables) - 1, -1, -1):
            if self._variables[slot] == token.text:
                return slot
        raise TemplateSyntaxError(f"the variable {token.text} is not defined", token.position)

    def _close(self) -> None:
        self._skip()
        token = self._take()
        if token.kind is not TokenKind.CLOSE:
            raise TemplateSyntaxError(f"{token} is not expected here", token.position)

    def _skip(self) -> None:
        while self._peek().kind is TokenKind.SPACE:
            self._next += 1

    def _peek(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._tokens[self._next]
        self._next = min(self._next + 1, len(self._tokens) - 1)
        return token
