"""The command line. Only what parsing needs is imported here: `--help` has to be quick."""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from hallucino_tui import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_ABOUT: Final = {
    "": "Live logs of a Kubernetes cluster in one pane, and model answers that show what they rest on.",
    "demo": "Try Hallucino with no cluster: a small shop with an incident, over the real Kubernetes API.",
    "open": "Read log files or standard input in the pane, merged by time and followed.",
    "logs": "Print logs of containers, files or standard input, merged by time, or those that a query lets through.",
    "sql": "Ask log files by SQL: the table is `lines`.",
    "summarise": "Print a model's summary of logs as Markdown.",
    "doctor": "Check kubeconfig, rights, model and terminal, one sentence each.",
}
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
    if name == "logs" and len(arguments.target) > 1 and not any(map(is_file, arguments.target)):
        first, *others = arguments.target
        parser.error(f"{first!r} is no file here, and containers are named once: {' '.join(others)} is too much")
    arguments.run = _runner(_module(name, arguments))
    return arguments


def _module(name: str, arguments: argparse.Namespace) -> str:
    """Return the module that does what a command line says. What exists as a file is a file."""
    if name == "logs" or (not name and arguments.print_raw):
        names: list[str] = arguments.target if name else [arguments.target] if arguments.target else []
        arguments.files = names if any(map(is_file, names)) else []
        arguments.target = names[0] if names and not arguments.files else ""
        return "file_logs" if arguments.files else "logs"
    if not name and is_file(arguments.target):
        arguments.files = [arguments.target]
        return "open"
    return name or "screen"


def is_file(name: str) -> bool:
    """Say whether a name on the command line means a file or standard input, and no container."""
    return name == "-" or (bool(name) and Path(name).exists())


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
        return None
    others = ", ".join(f"hallucino {other}" for other in COMMANDS)
    return f"Other commands: {others}; each has its own --help."


def _screen(parser: Parser) -> None:
    _add_choice(parser)
    parser.add_argument("--spill", action="store_true", help=_SPILL)
    _add_reading(parser)
    _add_model(parser)
    parser.add_argument("--print-raw", action="store_true", help="print the logs and leave, as hallucino logs does")
    _add_printing(parser)
    parser.add_argument("--version", action="version", version=f"hallucino {__version__}")


def _open(parser: Parser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="files, also .gz and .zst, patterns, or - (the input)")
    parser.add_argument("--spill", action="store_true", help=_SPILL)
    _add_files(parser)
    _add_model(parser)


def _sql(parser: Parser) -> None:
    parser.add_argument("query", metavar="QUERY", help='for example "select level, count(*) from lines group by level"')
    parser.add_argument("files", nargs="+", metavar="FILE", help="files, also .gz and .zst, patterns, or - (the input)")
    parser.add_argument("--output", choices=("table", "csv", "json"), default="table", help="how rows are printed")
    _add_files(parser)


def _logs(parser: Parser) -> None:
    _add_choice(parser, several=True)
    _add_reading(parser)
    _add_query(parser)
    _add_files(parser)
    parser.add_argument("-f", "--follow", action="store_true", help="go on with new lines")
    _add_printing(parser)


def _summarise(parser: Parser) -> None:
    _add_choice(parser)
    _add_reading(parser)
    _add_model(parser)
    parser.add_argument("--question", default="", metavar="TEXT", help="ask this instead of a summary")
    parser.add_argument("--yes", action="store_true", help="send to a host that was not agreed to before")
    parser.add_argument("--show", action="store_true", help="print what would be sent, and send nothing")


def _doctor(parser: Parser) -> None:
    parser.add_argument("--context", help="a context of the kubeconfig")
    parser.add_argument("--kubeconfig", metavar="FILE", help="a kubeconfig file")
    parser.add_argument("-n", "--namespace", default="", help="the namespace to check rights in")
    _add_model(parser)


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
        "--fault", action="append", default=[], metavar="KIND[:SECONDS]", help="with --serve: misbehave, for tests"
    )
    _add_model(parser)


def _add_query(parser: Parser) -> None:
    query = parser.add_argument_group("query")
    query.add_argument(
        "--query", default="", metavar="Q", help="print only lines that it lets through (LogQL, or words)"
    )
    query.add_argument("--count", action="store_true", help="print only how many lines these are")
    query.add_argument("--limit", type=int, default=None, metavar="N", help="stop after so many lines")
    query.add_argument(
        "--output", choices=("raw", "json"), default="raw", help="lines as they are, or a JSON object each"
    )


def _add_files(parser: Parser) -> None:
    parser.add_argument("--binary", action="store_true", help="read files that look like no text, too")
    parser.add_argument(
        "--zone", default="", metavar="ZONE", help="zone of times in files that name none (default: here)"
    )


def _add_choice(parser: Parser, *, several: bool = False) -> None:
    choice = parser.add_argument_group("which containers" if not several else "which containers, or files")
    choice.add_argument(
        "target",
        nargs="*" if several else "?",
        default=[] if several else "",
        metavar="FILE... | KIND/NAME | POD-REGEX" if several else "FILE | KIND/NAME | POD-REGEX",
        help="what exists as a file is one; a workload; pods",
    )
    choice.add_argument("--context", help="a context of the kubeconfig (default: the current one)")
    choice.add_argument("--kubeconfig", metavar="FILE", help="a kubeconfig file (default: KUBECONFIG, ~/.kube/config)")
    choice.add_argument(
        "-n", "--namespace", action="append", default=[], metavar="NS,NS...", help="only in these namespaces"
    )
    choice.add_argument("-A", "--all-namespaces", action="store_true", help="in all namespaces")
    choice.add_argument("-l", "--selector", default="", metavar="LABELS", help="only pods with these labels")
    choice.add_argument("--pod", default="", metavar="NAME", help="only this pod")
    choice.add_argument("-c", "--container", default="", metavar="NAME", help="only this container")


def _add_reading(parser: Parser) -> None:
    reading = parser.add_argument_group("which lines")
    reading.add_argument("--since", default="", metavar="DURATION", help="no lines older than, for example, 5m or 2h")
    reading.add_argument(
        "--tail", type=int, default=None, metavar="N", help="at most the last N lines of each container"
    )


def _add_printing(parser: Parser) -> None:
    printing = parser.add_argument_group("printing")
    printing.add_argument("--previous", action="store_true", help="the run before the last restart")
    printing.add_argument("--timestamps", action="store_true", help="with the time in front, as the cluster gives it")
    printing.add_argument(
        "--prefix", action=argparse.BooleanOptionalAction, default=None, help="pod and container in front of each line"
    )
    printing.add_argument(
        "--receipts", action="store_true", help="print what came in and what may be missing to stderr"
    )


def _add_model(parser: Parser) -> None:
    model = parser.add_argument_group("language model")
    model.add_argument("--base-url", default="", metavar="URL", help="address of an OpenAI-compatible server")
    model.add_argument("--model", default="", metavar="NAME", help="the model's name there")


_PARSERS: Final[dict[str, Callable[[Parser], None]]] = {
    "": _screen,
    "demo": _demo,
    "open": _open,
    "logs": _logs,
    "sql": _sql,
    "summarise": _summarise,
    "doctor": _doctor,
}
