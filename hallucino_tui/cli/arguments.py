"""The command line. Only what parsing needs is imported here: `--help` has to be quick."""

from __future__ import annotations

import argparse
import importlib
from typing import TYPE_CHECKING, Final, NoReturn

from hallucino_tui import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_ABOUT: Final = {
    "": "Live logs of a Kubernetes cluster in one pane, and model answers that show what they rest on.",
    "demo": "Try Hallucino with no cluster: a small shop with an incident, over the real Kubernetes API.",
    "logs": "Print logs of containers, merged by time.",
    "summarise": "Print a model's summary of logs as Markdown.",
    "doctor": "Check kubeconfig, rights, model and terminal, one sentence each.",
}
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
    {"": _open, "demo": _demo, "logs": _logs, "summarise": _summarise, "doctor": _doctor}[name](parser)
    arguments = parser.parse_args(argv[1:] if name else argv)
    if not name and arguments.target in COMMANDS:
        parser.error(f"the command goes first: hallucino {arguments.target} ... (or write pod/{arguments.target})")
    if not name and not arguments.print_raw and (flag := _printing_flag(arguments)):
        parser.error(f"{flag} belongs to --print-raw or to hallucino logs")
    module = "raw" if not name and arguments.print_raw else name or "screen"
    arguments.run = _runner("logs" if module == "raw" else module)
    return arguments


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


def _open(parser: Parser) -> None:
    _add_choice(parser)
    _add_reading(parser)
    _add_model(parser)
    parser.add_argument("--print-raw", action="store_true", help="print the logs and leave, as hallucino logs does")
    _add_printing(parser)
    parser.add_argument("--version", action="version", version=f"hallucino {__version__}")


def _logs(parser: Parser) -> None:
    _add_choice(parser)
    _add_reading(parser)
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


def _add_choice(parser: Parser) -> None:
    choice = parser.add_argument_group("which containers")
    choice.add_argument("target", nargs="?", default="", metavar="KIND/NAME | POD-REGEX", help="a workload, or pods")
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
