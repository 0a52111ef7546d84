"""Tables of the page of a batch: every cell escaped, every column to be sorted by."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any, NamedTuple

import pandas as pd

from microdc.batch.summary.aims import WORDS
from microdc.batch.summary.regret.matrix import Regrets, fleets_table, status_of
from microdc.batch.summary.varied import short_names
from microdc.placement.parts.records import records
from microdc.placement.words.rounding import money_down, percent_down, percent_up
from microdc.report.words import NONE, number

MOST_ACROSS = 25
"""Scenarios of a matrix of regret that a page bears; the rest stands in regret.csv."""


class Cell(NamedTuple):
    """What a cell shows, and what it is sorted by."""

    shown: str
    value: object = ""
    title: str = ""


def table(headings: Sequence[str], rows: Iterable[Sequence[Cell]], caption: str) -> str:
    """Write a table whose headings are buttons that sort it, and that scrolls by keyboard."""
    head = "".join(
        f'<th scope="col"><button type="button">{escape(heading)}</button></th>'
        for heading in headings
    )
    body = "\n".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape(caption)}"><table>'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>\n{body}\n</tbody></table></div>"
    )


def _cell(cell: Cell) -> str:
    number_ = isinstance(cell.value, int | float)
    title = f' title="{escape(cell.title)}"' if cell.title else ""
    kind = ' class="number"' if number_ else ""
    sorted_by = f' data-value="{escape(str(cell.value))}"' if number_ else ""
    return f"<td{kind}{sorted_by}{title}>{escape(cell.shown)}</td>"


def scenarios(summary: pd.DataFrame, keys: Sequence[str]) -> str:
    """Write the scenarios of a batch (`summary_table`), with what each varies."""
    names, aims = short_names(keys), [name for name in WORDS if name in summary]
    headings = [
        *("scenario", "status", *(names[key] for key in keys), "cost", "at least", "gap"),
        *("sites", "MW", "MW IT", "served", "worst ms"),
        *(WORDS[name].heading for name in aims),
        *("seconds", "why"),
    ]
    rows = (_scenario(row, keys, aims) for row in records(summary))
    return table(headings, rows, "Scenarios: cost and bound in millions a year")


def _scenario(row: dict[str, Any], keys: Sequence[str], aims: Sequence[str]) -> list[Cell]:
    bound, gap, served = row["bound_mn_yr"], row["gap"], row["served_share"]
    return [
        Cell(str(row["scenario"])),
        Cell(str(row["status"])),
        *(_any(row[key]) for key in keys),
        _amount(row["cost_mn_yr"], 2),
        Cell(NONE) if bound is None else Cell(number(money_down(bound)), bound),
        Cell(NONE) if gap is None else Cell(percent_up(gap), gap),
        _amount(row["sites"], 0),
        _amount(row["mw"], 1),
        _amount(row["mw_it"], 1),
        Cell(NONE) if served is None else Cell(percent_down(served), served),
        _amount(row["worst_rtt_ms"], 2),
        *(_aim(name, row[name]) for name in aims),
        _amount(row["seconds"], 1),
        Cell(row["reason"] or ""),
    ]


def _aim(name: str, value: float | None) -> Cell:
    return Cell(NONE) if value is None else Cell(WORDS[name].written(value), float(value))


def _amount(value: float | None, decimals: int) -> Cell:
    return Cell(NONE) if value is None else Cell(number(float(value), decimals), float(value))


def _any(value: Any) -> Cell:
    if value is None:
        return Cell(NONE)
    return Cell(f"{value:g}", float(value)) if isinstance(value, int | float) else Cell(str(value))


def fleets(found: Regrets) -> str:
    """Write the fleets with their worst and mean regret, then where they are what."""
    rows = records(fleets_table(found))
    columns = ("worst_mn_yr", "worst_at_most_mn_yr", "mean_mn_yr")
    headings = [
        "fleet of",
        "sites",
        "MW",
        "worst",
        "at most",
        "mean",
        "impossible in",
        "not known in",
    ]
    cells = (
        [
            Cell(row["fleet"]),
            _amount(row["sites"], 0),
            _amount(row["mw"], 1),
            *(_amount(row[column], 2) for column in columns),
            _amount(row["impossible_in"], 0),
            _amount(row["not_known_in"], 0),
        ]
        for row in rows
    )
    written = table(headings, cells, "Regret of each fleet over all scenarios, millions a year")
    if len(found.scenarios) > MOST_ACROSS:
        return written
    return written + _matrix(found, [str(row["fleet"]) for row in rows])


def _matrix(found: Regrets, order: Sequence[str]) -> str:
    rows = (
        [Cell(fleet), *(_pair(found, fleet, scenario) for scenario in found.scenarios)]
        for fleet in order
    )
    says = "Regret of each fleet (rows) in each scenario (columns), millions a year"
    return table(["fleet of", *found.scenarios], rows, says)


def _pair(found: Regrets, fleet: str, scenario: str) -> Cell:
    one = found.pairs[fleet, scenario]
    if one.change is None or one.change.found_mn_yr is None:
        return Cell(status_of(one), "", one.why)
    change = one.change
    least, most = number(money_down(change.least_mn_yr)), number(change.most_mn_yr)
    return Cell(number(change.found_mn_yr), change.found_mn_yr, f"proven: {least} to {most}")
