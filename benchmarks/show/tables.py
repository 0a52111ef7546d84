"""Markdown tables from measured records."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from math import ceil, floor, log10
from statistics import median
from typing import Any

from benchmarks.names import GAPS, percent
from benchmarks.show.extrapolate import beyond

Measured = dict[str, Any]
"""One part of the results file: circumstances and `records`."""

Record = dict[str, Any]
NEVER = "–"
GAP_ASKED = 0.001
"""What the problems of the literature are solved to."""


def side_by_side(measured: Measured) -> str:
    """For every instance: seconds to each gap, the end, memory and work of each method."""
    header = ["method", *map(percent, GAPS), "gap at the end", "cost, M a year", "ended",
              "peak MB", "work"]  # fmt: skip
    parts = []
    for instance, records in groupby(measured["records"], key=lambda r: r["instance"]):
        of_instance = list(records)
        rows = [
            [
                r["method"],
                *_seconds_to(r),
                _gap(r),
                _number(r["cost"], ",.2f"),
                _end(r),
                _number(r["peak_mb"], ",.0f"),
                _work(r["counts"]),
            ]
            for r in of_instance
        ]
        parts.append(f"`{instance}`: {_size(of_instance)}.\n\n{_table(header, rows)}")
    return "\n\n".join([*parts, _circumstances(measured)])


def summary(measured: Measured) -> str:
    """For every method: seconds to 0.1 % and peak memory on each instance."""
    records: list[Record] = measured["records"]
    instances = list(dict.fromkeys(r["instance"] for r in records))
    found = {(r["method"], r["instance"]): r for r in records}
    header = ["method"]
    for instance in instances:
        header += [f"{instance}: s to 0.1 %", "peak MB"]
    rows = []
    for method in dict.fromkeys(r["method"] for r in records):
        cells = [method]
        for instance in instances:
            record = found.get((method, instance))
            cells += [NEVER, NEVER] if record is None else _brief(record)
        rows.append(cells)
    return f"{_table(header, rows)}\n\n{_circumstances(measured)}"


def hand_over(measured: Measured) -> str:
    """For every instance: medians of the steps on the way into HiGHS, and the two ways compared."""
    header = ["instance", "pairs", "build the model, CPU s", "compile, CPU s",
              "pass arrays, CPU s", "appsi_highs, CPU s", "compiled ÷ appsi"]  # fmt: skip
    rows = []
    for instance, records in groupby(measured["records"], key=lambda r: r["instance"]):
        runs = [r for r in records if r["counts"]]
        if not runs:
            continue
        steps = ("build_s", "compile_s", "pass_s", "appsi_s")
        seconds = {step: median(r["counts"][step] for r in runs) for step in steps}
        ratio = (seconds["compile_s"] + seconds["pass_s"]) / seconds["appsi_s"]
        numbers = [f"{seconds[step]:.2f}" for step in steps]
        rows.append([instance, f"{runs[0]['pairs']:,}", *numbers, f"{ratio:.2f}"])
    return f"{_table(header, rows)}\n\n{_circumstances(measured)}"


def scaling(measured: Measured) -> str:
    """Seconds and memory of instances nested in one another, and what they lead to expect."""
    header = ["sites", "points", "pairs", "method", "0.1 %", "0.02 %", "gap at the end", "ended",
              "peak MB"]  # fmt: skip
    records = measured["records"]
    rows = [
        [
            *(_number(r.get(key), ",") for key in ("sites", "points", "pairs")),
            r["method"],
            *(_number(r["seconds_to"][percent(gap)], ".3g") for gap in (0.001, 0.0002)),
            _gap(r),
            _end(r),
            _number(r["peak_mb"], ",.0f"),
        ]
        for r in records
    ]
    for expected in beyond(records):
        sites, points, pairs, peak_mb = (
            f"{expected[key]:,.0f}" for key in ("sites", "points", "pairs", "peak_mb")
        )
        seconds = f"{expected['seconds']:,.0f}"
        rows.append(
            [sites, points, pairs, "microdc", seconds, NEVER, NEVER, "extrapolated", peak_mb]
        )
    return f"{_table(header, rows)}\n\n{_circumstances(measured)}"


def whole_command(measured: Measured) -> str:
    """Wall time and memory of the whole command, and when each gap was reached in it."""
    header = ["scenario", "process", "whole, s", *map(percent, GAPS), "gap at the end",
              "cost, M a year", "peak MB"]  # fmt: skip
    rows = [
        [
            r["instance"],
            r["method"],
            _number(r["process_s"], ".3g"),
            *_seconds_to(r),
            _gap(r),
            _number(r["cost"], ",.2f"),
            _number(r["peak_mb"], ",.0f"),
        ]
        for r in measured["records"]
    ]
    return f"{_table(header, rows)}\n\n{_circumstances(measured)}"


def literature(measured: Measured) -> str:
    """Show problems of the literature, a line for each method."""
    rows = [
        [
            record["problem"],
            record["method"],
            f"{record['seconds']:.1f}",
            _number(record["value"], ",.2f"),
            _number(record["bound"], ",.2f"),
            NEVER if record["gap"] is None else percent(record["gap"]),
        ]
        for record in measured["records"]
    ]
    header = ["problem", "method", "seconds", "best found", "proven", "gap"]
    return f"{_table(header, rows)}\n\n{_circumstances(measured)}"


def ratios(measured: Measured) -> str:
    """Show problems that two methods solved in turn, a line for both."""
    pairs = list(zip(measured["records"][::2], measured["records"][1::2], strict=True))
    rows = [
        [
            ours["problem"],
            f"{ours['seconds']:.1f}",
            _gap(ours),
            theirs["method"],
            f"{theirs['seconds']:.1f}",
            _gap(theirs),
            _times(ours, theirs),
        ]
        for ours, theirs in pairs
    ]
    header = ["problem", "microdc, s", "gap", "HiGHS", "s", "gap", "times as long"]
    middle = median(theirs["seconds"] / ours["seconds"] for ours, theirs in pairs)
    told = f"The median of {len(pairs)}: at least {middle:.1f} times as long."
    return f"{_table(header, rows)}\n\n{told}\n\n{_circumstances(measured)}"


def _times(ours: Record, theirs: Record) -> str:
    """Say how many times as long the other took, or more: it came to no gap as small."""
    there = theirs["gap"] is not None and theirs["gap"] <= max(GAP_ASKED, ours["gap"])
    return f"{'' if there else 'more than '}{theirs['seconds'] / ours['seconds']:.1f}"


def _seconds_to(record: Record) -> list[str]:
    reached = record.get("seconds_to", {})
    return [_number(reached.get(percent(gap)), ".3g") for gap in GAPS]


def _brief(record: Record) -> list[str]:
    seconds = record["seconds_to"][percent(0.001)]
    reached = _end(record) if seconds is None else _number(seconds, ".3g")
    return [reached, _number(record["peak_mb"], ",.0f")]


def _gap(record: Record) -> str:
    """Give the gap at the end, rounded up to three digits."""
    gap = record["gap"]
    if not gap:
        return NEVER if gap is None else percent(0.0)
    step = 10.0 ** (floor(log10(gap)) - 2)
    return percent(ceil(gap / step) * step)


def _end(record: Record) -> str:
    """Say how a measurement ended, and after how long where time was up."""
    ended: str = record["ended"]
    return ended.replace("time limit", f"time limit, {record['limit_s']:g} s")


def _number(value: float | None, form: str) -> str:
    return NEVER if value is None else format(value, form)


def _work(counts: dict[str, float]) -> str:
    return ", ".join(f"{number:,.0f} {word}" for word, number in counts.items()) or NEVER


def _size(records: Sequence[Record]) -> str:
    """Say how large an instance is, by any method that got as far as loading it."""
    known = next((r for r in records if "pairs" in r), None)
    if known is None:
        return "not loaded"
    return f"{known['sites']:,} sites, {known['points']:,} demand points, {known['pairs']:,} pairs"


def _circumstances(measured: Measured) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in measured["versions"].items())
    return (
        f"Measured {measured['date']} on {measured['processor']}, {measured['cores']} cores, "
        f"{measured['memory_gb']:g} GB, {measured['system']}; {versions}; seed {measured['seed']}."
    )


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Lay out a table, all columns but the first to the right."""
    rule = ["---", *["---:"] * (len(header) - 1)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [header, rule, *rows])
