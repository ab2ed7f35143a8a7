"""Trees of templates as functions in Python, made once and run for every line."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from hallucino_tui.logs.query.regex import check_regex
from hallucino_tui.logs.query.regex_syntax import RegexSyntaxError
from hallucino_tui.logs.query.template_functions import FUNCTIONS, LINE, METHODS, PATTERNS, TIMESTAMP, Function, Param
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
from hallucino_tui.logs.query.template_steps import (
    EndLoop,
    NextRound,
    Step,
    Value,
    checked,
    choosing,
    elements,
    failing,
    field,
    jumping,
    run_all,
    setting,
    showing,
)
from hallucino_tui.logs.query.template_time import GoTime
from hallucino_tui.logs.query.template_tokens import TemplateSyntaxError
from hallucino_tui.logs.query.template_values import TemplateFailure, is_true, type_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from hallucino_tui.logs.query.template_run import Run


class Compiler:
    """Makes functions of a template's nodes, and notes what they read.

    Attributes:
        labels: The labels that are read.
        reads_all: Whether all of them may be read.
        reads_line: Whether the line's text is.
    """

    def __init__(self) -> None:
        self.labels: set[str] = set()
        self.reads_all = False
        self.reads_line = False
        self._dot_is_root = True

    def steps(self, nodes: Iterable[TemplateNode]) -> tuple[Step, ...]:
        """Make a function of each node.

        Raises:
            TemplateSyntaxError: A regular expression in it cannot be run.
        """
        return tuple(map(self._step, nodes))

    def _step(self, node: TemplateNode) -> Step:
        match node:
            case Text(text):
                return lambda run, _dot: run.write(text)
            case Action(pipeline):
                value = self._set_pipeline(pipeline)
                return value if pipeline.slots else showing(value)
            case Branch():
                return self._branch(node)
            case Loop():
                return self._loop(node)
            case Jump(ends_loop):
                return jumping(EndLoop if ends_loop else NextRound)

    def _branch(self, node: Branch) -> Step:
        value = self._set_pipeline(node.pipeline)
        body = self._inner(node.body) if node.sets_dot else self.steps(node.body)
        otherwise, sets_dot = self.steps(node.otherwise), node.sets_dot

        def step(run: Run, dot: object) -> None:
            result = value(run, dot)
            if not is_true(result):
                run_all(otherwise, run, dot)
            else:
                run_all(body, run, result if sets_dot else dot)

        return step

    def _loop(self, node: Loop) -> Step:
        value = self._pipeline(node.pipeline)
        body, otherwise, slots = self._inner(node.body), self.steps(node.otherwise), node.pipeline.slots
        cost = 16 * len(body)

        def step(run: Run, dot: object) -> None:
            is_empty = True
            for pair in elements(run, value(run, dot), len(slots)):
                is_empty = False
                run.spend(cost)
                for slot, part in zip(slots, pair[-len(slots) :], strict=False):
                    run.variables[slot] = part
                try:
                    run_all(body, run, pair[1])
                except NextRound:
                    continue
                except EndLoop:
                    break
            if is_empty:
                run_all(otherwise, run, dot)

        return step

    def _inner(self, nodes: Iterable[TemplateNode]) -> tuple[Step, ...]:
        was_root, self._dot_is_root = self._dot_is_root, False
        steps = self.steps(nodes)
        self._dot_is_root = was_root
        return steps

    def _pipeline(self, pipeline: Pipeline) -> Value:
        value: Value | None = None
        for command in pipeline.commands:
            value = self._command(command, value)
        return cast("Value", value)

    def _set_pipeline(self, pipeline: Pipeline) -> Value:
        value = self._pipeline(pipeline)
        return setting(value, pipeline.slots) if pipeline.slots else value

    def _command(self, command: Command, previous: Value | None) -> Value:
        first, *rest = command.operands
        if isinstance(first, Call):
            return self._call(first, rest, previous)
        if isinstance(first, Nil):
            return failing("nil alone is no value")
        if not rest and previous is None:
            return self._operand(first)
        if isinstance(first, Dot | Variable | Chain) and first.fields:
            return self._method(first, rest, previous)
        self._operand(first)
        return failing("what is no function has arguments")

    def _operand(self, operand: Operand) -> Value:
        match operand:
            case Literal(value):
                return lambda _run, _dot: value
            case Nil():
                return lambda _run, _dot: None
            case Number():
                computing = self._argument(operand, Param.ANY)
            case Dot(fields):
                computing = self._dot(fields)
            case Variable():
                computing = self._variable(operand)
            case Call():
                computing = self._call(operand, (), None)
            case Chain(inner, fields):
                computing = field(self._operand(inner), fields)
            case Pipeline():
                computing = self._set_pipeline(operand)
        return computing

    def _variable(self, variable: Variable) -> Value:
        slot, fields = variable.slot, variable.fields
        self._reads(fields, is_root=slot == 0)
        if fields:
            return field(lambda run, _dot: run.variables[slot], fields)
        return lambda run, _dot: run.whole(run.variables[slot])

    def _dot(self, fields: tuple[str, ...]) -> Value:
        self._reads(fields, is_root=self._dot_is_root)
        if not fields:
            return lambda run, dot: run.whole(dot)
        if self._dot_is_root and len(fields) == 1:
            name = fields[0]
            return lambda run, _dot: run.labels.get(name, "")
        return field(lambda _run, dot: dot, fields)

    def _reads(self, fields: tuple[str, ...], *, is_root: bool) -> None:
        if is_root and fields:
            self.labels.add(fields[0])
        elif is_root:
            self.reads_all = True

    def _method(self, operand: Dot | Variable | Chain, rest: Sequence[Operand], previous: Value | None) -> Value:
        """Ask a time for something that takes an argument."""
        *fields, name = operand.fields
        receiver = self._operand(replace(operand, fields=tuple(fields)))
        function = METHODS.get(name)
        if function is None:
            return failing(f"{name} is no function")
        arguments = self._arguments(name, replace(function, params=function.params[1:]), rest, previous)

        def method(run: Run, dot: object) -> object:
            moment = receiver(run, dot)
            if not isinstance(moment, GoTime):
                raise TemplateFailure(f"{name} is no function of {type_name(moment)}")
            return run.call(name, function, [moment, *arguments(run, dot)])

        return method

    def _call(self, call: Call, rest: Sequence[Operand], previous: Value | None) -> Value:
        name = call.name
        if name in {LINE, TIMESTAMP}:
            self.reads_line |= name == LINE
            if rest or previous is not None:
                return failing(f"{name} takes no arguments")
            return (lambda run, _dot: run.line) if name == LINE else (lambda run, _dot: GoTime(run.time))
        function = FUNCTIONS[name]
        if name in PATTERNS and rest and isinstance(rest[0], Literal) and isinstance(rest[0].value, str):
            try:
                check_regex(rest[0].value)
            except RegexSyntaxError as error:
                raise TemplateSyntaxError(
                    f"the regular expression of {name} is wrong: {error}", call.position
                ) from None
        arguments = self._arguments(name, function, rest, previous)
        if name in {"and", "or"} and (rest or previous is not None):
            values = [self._argument(operand, Param.ANY) for operand in rest]
            return choosing(values if previous is None else [*values, previous], stops_at=name == "or")
        return lambda run, dot: run.call(name, function, arguments(run, dot))

    def _arguments(
        self, name: str, function: Function, rest: Sequence[Operand], previous: Value | None
    ) -> Callable[[Run, object], list[object]]:
        """Make a function that computes the arguments of a function; the value before ``|`` is the last one."""
        count = len(rest) + (previous is not None)
        params = function.params
        if count < len(params) or (function.rest is None and count > len(params)):
            for operand in rest:
                self._argument(operand, Param.ANY)
            return cast("Callable[[Run, object], list[object]]", failing(f"{name} has the wrong number of arguments"))
        types = [*params, *[function.rest or Param.ANY] * (count - len(params))]
        values = [self._argument(operand, param) for operand, param in zip(rest, types, strict=False)]
        if previous is None:
            return lambda run, dot: [value(run, dot) for value in values]
        last = checked(previous, types[-1])

        def arguments(run: Run, dot: object) -> list[object]:
            final = last(run, dot)
            return [*(value(run, dot) for value in values), final]

        return arguments

    def _argument(self, operand: Operand, param: Param) -> Value:
        match operand:
            case Number(text, whole, real, is_float):
                if param is Param.FLOAT or (param is Param.ANY and is_float):
                    return lambda _run, _dot: real
                is_int = param in {Param.INT, Param.ANY} and whole is not None
                return (lambda _run, _dot: whole) if is_int else failing(f"{text} is no {param.value}")
            case Nil():
                return self._operand(operand) if param is Param.ANY else failing(f"nil is no {param.value}")
            case _:
                return checked(self._operand(operand), param)
