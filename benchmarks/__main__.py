"""Runs all benchmarks, or those that are named, and prints figures with their targets and how they were had."""

from __future__ import annotations

import argparse
import importlib

from benchmarks.report import machine

BENCHMARKS = {
    "start": "benchmarks.start:run",
    "screen": "benchmarks.screen:run",
    "tree": "benchmarks.screen:run_tree",
    "asking": "benchmarks.asking:run",
    "faults": "benchmarks.fault_run:run",
    "engine": "benchmarks.engine:run",
    "growth": "benchmarks.engine:run_growth",
    "templates": "benchmarks.templates:run",
    "surprise": "benchmarks.surprise:run",
    "grounding": "benchmarks.grounding:run",
    "redaction": "benchmarks.redaction:run",
    "packing": "benchmarks.packing:run",
}


def main() -> None:
    """Run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(BENCHMARKS)} (default: all)")
    names = parser.parse_args().names or list(BENCHMARKS)
    if unknown := [name for name in names if name not in BENCHMARKS]:
        parser.error(f"there is no benchmark {unknown[0]!r}; there are {', '.join(BENCHMARKS)}")
    print(f"# Hallucino, measured on {machine()}\n")
    for name in names:
        module, _, function = BENCHMARKS[name].partition(":")
        print(f"{getattr(importlib.import_module(module), function)()}\n", flush=True)


if __name__ == "__main__":
    main()
