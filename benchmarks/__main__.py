"""
Measure, or show what was measured.

    python -m benchmarks run                        all parts, into benchmarks/results.json
    python -m benchmarks run --part scaling         one part; the others' results stay
    python -m benchmarks show                       tables and charts from the results file
"""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from benchmarks.machine import circumstances, memory_gb
from benchmarks.names import INSTANCES, METHODS
from benchmarks.parts import PARTS, Asked
from benchmarks.processes.run import ROOT
from benchmarks.results import RESULTS, keep


def main(arguments: list[str] | None = None) -> None:
    """Parse and call."""
    asked = _parser().parse_args(arguments)
    if asked.command == "run":
        limits = Asked(
            instances=asked.instance,
            methods=asked.method,
            seconds=asked.seconds,
            memory_gb=asked.memory_gb,
            seed=asked.seed,
        )
        measure(asked.part or PARTS, limits, asked.results)
    else:
        from benchmarks.show.pages import show  # noqa: PLC0415, for measuring wants a small parent

        show(asked.results, asked.root)


def measure(parts: Iterable[str], asked: Asked, results: Path) -> None:
    """Run parts and put each one's records into the results file as soon as they are there."""
    for part in parts:
        records = []
        for record in PARTS[part](asked):
            records.append(record)
            sys.stderr.write(
                f"{part}: {record['instance']}, {record['method']}: {record['ended']}\n"
            )
            keep(results, part, {**circumstances(), "seed": asked.seed, "records": records})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="measure")
    run.add_argument("--part", action="append", choices=PARTS, help="default: all")
    run.add_argument("--instance", action="append", default=[], choices=INSTANCES)
    run.add_argument("--method", action="append", default=[], choices=METHODS)
    run.add_argument("--seconds", type=float, default=600.0, help="limit of each, default 600")
    run.add_argument(
        "--memory-gb", type=float, default=memory_gb(), help="address space of each, default all"
    )
    run.add_argument("--seed", type=int, default=0, help="of the solver, default 0")
    show = commands.add_parser("show", help="write tables and charts")
    show.add_argument("--root", type=Path, default=ROOT, help="whose pages, default this one's")
    for command in (run, show):
        command.add_argument("--results", type=Path, default=RESULTS)
    return parser


if __name__ == "__main__":
    main()
