"""Groups of options that several commands have. Imports only what parsing needs: `--help` has to be quick."""

from __future__ import annotations

import argparse


def add_query(parser: argparse.ArgumentParser) -> None:
    """Add what lines have to pass, and how they are printed."""
    query = parser.add_argument_group("query")
    query.add_argument(
        "--query", default="", metavar="Q", help="print only lines that it lets through (LogQL, or words)"
    )
    query.add_argument("--count", action="store_true", help="print only how many lines these are")
    query.add_argument("--limit", type=int, default=None, metavar="N", help="stop after so many lines")
    query.add_argument(
        "--output", choices=("raw", "json"), default="raw", help="lines as they are, or a JSON object each"
    )


def add_files(parser: argparse.ArgumentParser) -> None:
    """Add how files are read."""
    parser.add_argument("--binary", action="store_true", help="read files that look like no text, too")
    parser.add_argument(
        "--zone", default="", metavar="ZONE", help="zone of times in files that name none (default: here)"
    )


def add_choice(parser: argparse.ArgumentParser, *, several: bool = False) -> None:
    """Add which containers are meant, or files."""
    choice = parser.add_argument_group("which containers" if not several else "which containers, or files")
    choice.add_argument(
        "target",
        nargs="*" if several else "?",
        default=[] if several else "",
        metavar="FILE... | KIND/NAME | POD-REGEX" if several else "FILE | KIND/NAME | POD-REGEX",
        help="what exists as a file is one, as is - (the input) or a folder of files called POD__CONTAINER__N.log; a "
        "workload; pods",
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


def add_reading(parser: argparse.ArgumentParser) -> None:
    """Add from when on, and how many lines."""
    reading = parser.add_argument_group("which lines")
    reading.add_argument("--since", default="", metavar="DURATION", help="no lines older than, for example, 5m or 2h")
    reading.add_argument(
        "--tail", type=int, default=None, metavar="N", help="at most the last N lines of each container"
    )


def add_happenings(parser: argparse.ArgumentParser) -> None:
    """Add what is known of the cluster besides saved logs."""
    evidence = parser.add_argument_group(
        "what the cluster did, of saved logs (events.json and the like are read only if named)"
    )
    evidence.add_argument("--events", default="", metavar="FILE", help="what kubectl get events -o json printed")
    evidence.add_argument(
        "--pods",
        default="",
        metavar="FILE",
        help='what kubectl get pods -o json printed, or {"before": ..., "after": ...} with two of them',
    )


def add_report(parser: argparse.ArgumentParser) -> None:
    """Add what a report is made of, and for whom."""
    add_happenings(parser)
    report = parser.add_argument_group("report")
    report.add_argument(
        "--for",
        dest="purpose",
        choices=("general", "performance", "security"),
        default="general",
        help="who it is for: another view of the same evidence",
    )
    report.add_argument(
        "--baseline",
        default="",
        metavar="SPAN|FILE",
        help="what is normal: the first lines, for example 10m of them; 12:00..12:05; or what --save-baseline wrote "
        "(default: the time before the trouble, as far as it can be told)",
    )
    report.add_argument("--save-baseline", default="", metavar="FILE", help="write what these lines are like to a file")
    report.add_argument("--json", action="store_true", help="print one JSON object instead of Markdown")


def add_printing(parser: argparse.ArgumentParser) -> None:
    """Add what is printed beside the lines."""
    printing = parser.add_argument_group("printing")
    printing.add_argument("--previous", action="store_true", help="the run before the last restart")
    printing.add_argument("--timestamps", action="store_true", help="with the time in front, as the cluster gives it")
    printing.add_argument(
        "--prefix", action=argparse.BooleanOptionalAction, default=None, help="pod and container in front of each line"
    )
    printing.add_argument(
        "--receipts", action="store_true", help="print what came in and what may be missing to stderr"
    )


def add_model(parser: argparse.ArgumentParser) -> None:
    """Add which language model is asked."""
    model = parser.add_argument_group("language model")
    model.add_argument("--base-url", default="", metavar="URL", help="address of an OpenAI-compatible server")
    model.add_argument("--model", default="", metavar="NAME", help="its name there, or its label in the settings")


def add_asking(parser: argparse.ArgumentParser) -> None:
    """Add what is wanted of a model, and what is done with it."""
    task = parser.add_mutually_exclusive_group()
    task.add_argument(
        "--task",
        choices=("summarise", "cause", "update"),
        default="",
        help="a summary, the root cause, or an incident update for people who read no logs",
    )
    task.add_argument("--cause", dest="task", action="store_const", const="cause", help="the same as --task cause")
    parser.add_argument("--yes", action="store_true", help="send to a host that was not agreed to before")
    parser.add_argument("--show", action="store_true", help="print what would be sent, and send nothing")
    parser.add_argument("--json", action="store_true", help="print one JSON object: answer, claims, cited lines, model")
