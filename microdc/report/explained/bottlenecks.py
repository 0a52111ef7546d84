"""Bottlenecks for the terminal: a sentence each, and a table."""

from collections.abc import Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from microdc.report.tables.layout import MOST_ROWS, Record, add_row, listed, new_table, under
from microdc.report.words import NONE, number, plain

MOST_SENTENCES = 10
"""Bottlenecks, or who waits longest, told in a sentence; --json has all."""


def bottlenecks_shown(document: dict[str, Any]) -> list[RenderableType]:
    """Give everything the terminal says of an explanation, as `explanation.json` holds it."""
    found, unserved, longer = (document.get(k) for k in ("bottlenecks", "unserved", "mean_rtt"))
    farthest = [one["sentence"] for one in document.get("worst_rtt", ())]
    shown: list[RenderableType] = [plain(headline(document)), Text()]
    if longer:
        shown.append(listed("Too soon in the mean", [longer["sentence"]]))
    if farthest:
        shown.append(listed("What sets the worst round trip", _first(farthest)))
    if unserved:
        shown.append(listed("Left unserved", [one["sentence"] for one in unserved]))
    if found:
        told = _first([one["sentence"] for one in found])
        shown += [listed("Bottlenecks", told), bottlenecks(found)]
    return shown


def _first(sentences: list[str]) -> list[str]:
    """Give the first few sentences, and how many more there are."""
    more = len(sentences) - MOST_SENTENCES
    return sentences[:MOST_SENTENCES] + ([f"and {more} more"] if more > 0 else [])


def headline(document: dict[str, Any]) -> str:
    """Say in one sentence how it stands; what was not looked at is owned up to."""
    name, count = document["name"], len(document["bottlenecks"])
    many = "1 bottleneck" if count == 1 else f"{count} bottlenecks"
    if document.get("mean_rtt"):
        return f"{name}: nothing is short of power, but no plan answers so soon in the mean."
    text = {
        "infeasible": f"{name}: not all that must be served can be; {many}.",
        "nothing is short": (
            f"{name}: nothing is short: all that must be served can be, within every limit."
        ),
        "not known": f"{name}: no bottleneck was found in the time there was; there may be some.",
        "unserved": f"{name}: the plan leaves demand unserved; {many} behind it.",
        "all is served": f"{name}: nothing is short: the plan serves all demand.",
    }[document["status"]]
    if not document["complete"] and document["status"] != "not known":
        text += " Time ran out before everything was looked at; there may be more."
    return text


def bottlenecks(found: Sequence[Record]) -> RenderableType:
    """Give what each bottleneck needs, has and lacks, who is in reach, and what is used up."""
    table = new_table()
    table.add_column("where", overflow="fold")
    table.add_column("class", overflow="fold")
    for heading in ("need", "have", "short"):
        table.add_column(heading, justify="right")
    table.add_column("")
    table.add_column("sites", justify="right")
    table.add_column("why", overflow="fold")
    table.add_column("witness", overflow="fold")
    for one in found[:MOST_ROWS]:
        figures = [number(one[f"{key}_mw_it"]) for key in ("need", "have")]
        figures.append(("" if one["exact"] else "≥ ") + number(one["short_mw_it"]))
        sites = sum(host["counts"] for host in one["hosts"])
        where, classes = _names([place["name"] for place in one["places"]]), one["services"]
        row = (where, _names(classes), *figures, one["unit"], sites, _why(one), _witness(one))
        add_row(table, *row)
    if len(found) > MOST_ROWS:
        add_row(table, f"... and {len(found) - MOST_ROWS} more with --json")
    return under("Power needed and power in reach", table)


def _why(one: Record) -> str:
    parts = [one["kind"], *one["outages"], *_hours(one["hours"])]
    parts += [f"{limit['kind']} {limit['name']}".strip() for limit in one["limits"]]
    return ", ".join(parts)


def _hours(hours: Sequence[str]) -> list[str]:
    if len(hours) <= 1:
        return list(hours)
    return [f"{hours[0]} to {hours[-1]}"]


def _witness(one: Record) -> str:
    names = [place["name"] for place in one["places"] if place["witness"]]
    if not names:
        return NONE
    return _names(names) + ("" if one["irreducible"] else " (maybe fewer)")


def _names(names: Sequence[str]) -> str:
    return ", ".join(names[:2]) + (f" +{len(names) - 2}" if len(names) > 2 else "")


def written(paths: Sequence[object]) -> Group:
    """Name the files that were written."""
    return Group(*(plain(f"Written to {path}") for path in paths))
