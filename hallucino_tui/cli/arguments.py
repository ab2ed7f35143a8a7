"""The command line. Only what parsing needs is imported here: `--help` has to be quick."""

from __future__ import annotations

import argparse
import importlib
import os
from typing import TYPE_CHECKING, Final, NoReturn

from hallucino_tui import __version__
from hallucino_tui.cli import argument_groups as groups

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_ABOUT: Final = {
    "": "Live logs of a Kubernetes cluster in one pane, and model answers that show what they rest on.",
    "demo": "Try Hallucino with no cluster: a small shop with an incident, over the real Kubernetes API.",
    "open": "Read log files or standard input in the pane, merged by time and followed.",
    "logs": "Print logs of containers, files or standard input, merged by time, or those that a query lets through.",
    "patterns": "Say what kinds of lines there are in logs of files, standard input or containers: their templates.",
    "report": "Say what happened in logs, and what it began with, without any model: each statement cites lines.",
    "sql": "Ask log files by SQL: the table is `lines`.",
    "redact": "Print what a model would get of each line: secrets replaced, one line each. Nothing is sent.",
    "summarise": "Print a model's summary of logs as Markdown; each claim cites lines, and is checked against them.",
    "ask": "Ask a model about logs: the answer is Markdown; each claim cites lines, and is checked against them.",
    "notebook": "List, show and export incident notebooks: lines, views and answers that were kept, with notes.",
    "verify": "Check an answer against the lines that it cites, claim by claim; no model and no network.",
    "doctor": "Check kubeconfig, rights, model and terminal, one sentence each.",
}
_ASKED: Final = (
    "Exit codes: 0 for a whole answer, 4 if a claim in it is not supported by the lines, 1 if there is no whole answer "
    "(what can be said without a model is printed then), 2 if the input or the command line is no good."
)
_EPILOGS: Final = {
    "patterns": "Exit codes: 0, or 1 if something could not be read, 2 if the input or the command line is no good.",
    "summarise": _ASKED,
    "ask": _ASKED,
    "redact": "Exit codes: 0, or 1 if the input could not be read to its end, 2 if it or the command line is no good.",
    "report": "Exit codes: 0 for no incident, 3 if one was found, 1 if something could not be read (and what could be "
    "shows no incident), 2 if the input or the command line is no good.",
    "verify": "Exit codes: 0 if no claim is unsupported (some may be doubtful), 4 if one is or the whole answer is "
    "no good, 2 if the input or the command line is no good.",
}
_READ_AS_LOGS: Final = ("logs", "patterns", "report", "summarise", "ask")
_NOT_PRINTED: Final = frozenset(_READ_AS_LOGS) - {"logs"}
_SUFFIXES: Final = (".log", ".txt", ".gz", ".zst", ".json", ".jsonl", ".out", ".err")
_SPILL: Final = "keep what leaves memory compressed on disk, so that no line is given up"
COMMANDS: Final = tuple(name for name in _ABOUT if name)


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        """Print the sentence and leave."""
        self.exit(2, f"{self.prog}: {message[:1].upper()}{message[1:]}. Try {self.prog} --help.\n")


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Parse a command line; leaves the program if it is wrong.

    Returns:
        The arguments; ``run`` takes them and returns the exit code.
    """
    name = argv[0] if argv and argv[0] in COMMANDS else ""
    parser = Parser(prog=f"hallucino {name}".strip(), description=_ABOUT[name], epilog=_epilog(name))
    _PARSERS[name](parser)
    arguments = parser.parse_args(argv[1:] if name else argv)
    if not name and arguments.target in COMMANDS:
        parser.error(f"the command goes first: hallucino {arguments.target} ... (or write pod/{arguments.target})")
    if not name and not arguments.print_raw and (flag := _printing_flag(arguments)):
        parser.error(f"{flag} belongs to --print-raw or to hallucino logs")
    if name in _READ_AS_LOGS and len(arguments.target) > 1 and not _names_files(name, arguments.target):
        first, *others = arguments.target
        parser.error(f"{first!r} is no file here, and containers are named once: {' '.join(others)} is too much")
    if name == "ask" and not arguments.target and _is_no_question(asked := arguments.question):
        parser.error(f"{asked!r} is a file and no question: put what you want to know in front of it")
    arguments.run = _runner(_module(name, arguments))
    return arguments


def _module(name: str, arguments: argparse.Namespace) -> str:
    """Return the module that does what a command line says. What exists as a file is a file."""
    if name in _READ_AS_LOGS or (not name and arguments.print_raw):
        names: list[str] = arguments.target if name else [arguments.target] if arguments.target else []
        arguments.files = names if _names_files(name, names) else []
        arguments.target = names[0] if names and not arguments.files else ""
        return name if name in _NOT_PRINTED else "file_logs" if arguments.files else "logs"
    if not name and is_file(arguments.target):
        arguments.files = [arguments.target]
        return "open"
    return name or "screen"


def _names_files(command: str, names: Sequence[str]) -> bool:
    """Say whether names on a command line mean files. To `logs`, what does not exist is a container's name."""
    return any(map(is_file, names)) or (command != "logs" and any(map(_looks_like_a_file, names)))


def _is_no_question(words: str) -> bool:
    return is_file(words) or (_looks_like_a_file(words) and " " not in words)


def _looks_like_a_file(name: str) -> bool:
    return name.startswith(("/", "./", "../", "~")) or name.endswith(_SUFFIXES)


def is_file(name: str) -> bool:
    """Say whether a name on the command line means a file or standard input, and no container."""
    return name == "-" or (bool(name) and os.path.exists(name))  # noqa: PTH110 - pathlib raises if it is too long


def _runner(module: str) -> Callable[[argparse.Namespace], int]:
    def run(arguments: argparse.Namespace) -> int:
        return importlib.import_module(f"hallucino_tui.cli.{module}").run(arguments)

    return run


def _printing_flag(arguments: argparse.Namespace) -> str:
    """Return an option that only makes sense where lines are printed, "" if there is none."""
    given = {
        "--previous": arguments.previous,
        "--timestamps": arguments.timestamps,
        "--prefix": arguments.prefix is not None,
        "--receipts": arguments.receipts,
    }
    return next((flag for flag, is_given in given.items() if is_given), "")


def _epilog(name: str) -> str | None:
    if name:
        return _EPILOGS.get(name)
    others = ", ".join(f"hallucino {other}" for other in COMMANDS)
    return f"Other commands: {others}; each has its own --help."


def _screen(parser: Parser) -> None:
    groups.add_choice(parser)
    parser.add_argument("--spill", action="store_true", help=_SPILL)
    groups.add_reading(parser)
    groups.add_model(parser)
    parser.add_argument("--print-raw", action="store_true", help="print the logs and leave, as hallucino logs does")
    groups.add_printing(parser)
    parser.add_argument("--version", action="version", version=f"hallucino {__version__}")


def _open(parser: Parser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="files, also .gz and .zst, patterns, or - (the input)")
    parser.add_argument("--spill", action="store_true", help=_SPILL)
    groups.add_files(parser)
    groups.add_model(parser)


def _patterns(parser: Parser) -> None:
    groups.add_choice(parser, several=True)
    groups.add_reading(parser)
    groups.add_files(parser)
    shown = parser.add_argument_group("what is shown")
    shown.add_argument("--query", default="", metavar="Q", help="only lines that it lets through (LogQL, or words)")
    shown.add_argument(
        "--sort",
        choices=("count", "new", "first", "level"),
        default="count",
        help="the most frequent first (default), those that came up last, those that came up first, the worst",
    )
    shown.add_argument(
        "--limit", type=int, default=None, metavar="N", help="at most N templates, 0 for all (default: 50, all as JSON)"
    )
    shown.add_argument("--json", action="store_true", help="print one JSON object")
    shown.add_argument(
        "--lines",
        action="store_true",
        help="with --json: also the template id of every line of the input, in order; several files one after the "
        "other, in the order of the arguments",
    )


def _report(parser: Parser) -> None:
    groups.add_choice(parser, several=True)
    groups.add_reading(parser)
    groups.add_files(parser)
    groups.add_report(parser)


def _sql(parser: Parser) -> None:
    parser.add_argument("query", metavar="QUERY", help='for example "select level, count(*) from lines group by level"')
    parser.add_argument("files", nargs="+", metavar="FILE", help="files, also .gz and .zst, patterns, or - (the input)")
    parser.add_argument("--output", choices=("table", "csv", "json"), default="table", help="how rows are printed")
    groups.add_files(parser)


def _redact(parser: Parser) -> None:
    parser.add_argument("files", nargs=1, metavar="FILE", help="a file, also .gz and .zst, or - (the input)")
    parser.add_argument("--summary", action="store_true", help="say on stderr how many of which kind were replaced")
    groups.add_files(parser)


def _logs(parser: Parser) -> None:
    groups.add_choice(parser, several=True)
    groups.add_reading(parser)
    groups.add_query(parser)
    groups.add_files(parser)
    parser.add_argument("-f", "--follow", action="store_true", help="go on with new lines")
    groups.add_printing(parser)


def _summarise(parser: Parser) -> None:
    groups.add_choice(parser, several=True)
    _asked(parser)
    parser.add_argument("--question", default=None, metavar="TEXT", help="ask this instead, as hallucino ask does")


def _ask(parser: Parser) -> None:
    parser.add_argument("question", metavar="QUESTION", help="what you want to know, in any language")
    groups.add_choice(parser, several=True)
    _asked(parser)


def _asked(parser: Parser) -> None:
    groups.add_reading(parser)
    groups.add_files(parser)
    groups.add_happenings(parser)
    groups.add_model(parser)
    groups.add_asking(parser)


def _notebook(parser: Parser) -> None:
    parser.add_argument("action", choices=("list", "show", "export"), help="what to do")
    parser.add_argument("name", nargs="?", default="", metavar="NAME", help="a notebook's name, as list tells it")
    parser.add_argument(
        "--format", choices=("markdown", "html"), default="", help="with export: as what (default: as -o ends)"
    )
    parser.add_argument(
        "--no-redact",
        action="store_true",
        help="with export: as it was kept, without the rules that the settings have by now; secrets stay replaced",
    )
    parser.add_argument(
        "-o", "--output", default="", metavar="FILE", help="with export: a new file (default: the standard output)"
    )


def _verify(parser: Parser) -> None:
    parser.add_argument("answer", metavar="ANSWER", help="a file with the answer, Markdown or one claim a line, or -")
    parser.add_argument("--lines", required=True, metavar="FILE", help="the lines, also .gz and .zst: line n is [Ln]")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _doctor(parser: Parser) -> None:
    parser.add_argument("--context", help="a context of the kubeconfig")
    parser.add_argument("--kubeconfig", metavar="FILE", help="a kubeconfig file")
    parser.add_argument("-n", "--namespace", default="", help="the namespace to check rights in")
    groups.add_model(parser)


def _demo(parser: Parser) -> None:
    parser.add_argument("--seed", type=int, default=1, help="another seed is another telling of the story")
    parser.add_argument("--speed", type=float, default=1.0, help="how many times faster the story goes")
    parser.add_argument("--pods", type=int, default=0, metavar="N", help="add so many pods")
    parser.add_argument("--churn", type=float, default=0.2, metavar="N", help="how many of them change each second")
    parser.add_argument("--quiet", action="store_true", help="no incident")
    parser.add_argument("--serve", action="store_true", help="only serve the cluster, for kubectl and others")
    parser.add_argument("--kubeconfig", metavar="FILE", help="with --serve: where to write the kubeconfig")
    parser.add_argument("--port", type=int, default=0, help="with --serve: the port (default: a free one)")
    parser.add_argument("--with-parent", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument(
        "--install-model", action="store_true", help="only install a toy model (130 MB) that answers on this machine"
    )
    parser.add_argument(
        "--fault", action="append", default=[], metavar="KIND[:SECONDS]", help="with --serve: misbehave, for tests"
    )
    groups.add_model(parser)


_PARSERS: Final[dict[str, Callable[[Parser], None]]] = {
    "": _screen,
    "demo": _demo,
    "open": _open,
    "logs": _logs,
    "patterns": _patterns,
    "report": _report,
    "sql": _sql,
    "redact": _redact,
    "summarise": _summarise,
    "ask": _ask,
    "notebook": _notebook,
    "verify": _verify,
    "doctor": _doctor,
}
