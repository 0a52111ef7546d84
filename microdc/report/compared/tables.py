"""Two plans side by side on the terminal: inputs first, then what moved, then the cost."""

from collections.abc import Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from microdc.placement.words.rounding import money_down, money_up, ms_down, ms_up, percent_up
from microdc.report.compared.words import proof, proof_of_objective, signed
from microdc.report.tables.layout import (
    MOST_ROWS,
    Record,
    add_row,
    listed,
    name_of,
    new_table,
    under,
)
from microdc.report.words import NONE, number, plain

_NOTHING_MW_IT = 1e-3


def comparison_shown(told: Record) -> list[RenderableType]:
    """Give everything the terminal says about two plans, from a comparison's document."""
    inputs, currency = told["inputs"], told["currency"]
    return [
        _inputs(inputs),
        listed("No longer comparable", inputs["untold"]),
        _hosts(told["hosts"]),
        _classes(told["classes"]),
        _answers(told),
        _objectives(told["objectives"]),
        _cost(told["cost_items"], currency),
        under("Cost, bound and gap", _certificates(told, currency), plain(proof(told, currency))),
    ]


def _inputs(inputs: Record) -> RenderableType:
    """Give what differs in the inputs, a line each."""
    lines = [
        *(
            f"{row['key']}: {_value(row['before'])} → {_value(row['after'])}"
            for row in inputs["keys"]
        ),
        *(f"{row['file']}: {row['fate']}" for row in inputs["files"]),
        *_rows(inputs["rows"]),
    ]
    if lines:
        return listed("What differs in the inputs", lines)
    none = "nothing that can be told" if inputs["untold"] else "nothing"
    return under("What differs in the inputs", plain(f"  {none}"))


def _value(value: Any) -> str:
    return NONE if value is None else str(value)


def _rows(rows: list[Record]) -> Iterator[str]:
    for row in rows:
        ids = ", ".join(row["ids"]) + (" ..." if row["count"] > len(row["ids"]) else "")
        yield f"{row['table']}: {row['column']} of {row['count']} row(s): {ids}"


def _hosts(rows: list[Record]) -> RenderableType:
    """Give the sites and hubs that are not the same, and count those that are."""
    changed = [row for row in rows if row["fate"] != "same"]
    table = new_table()
    table.add_column("site or hub", overflow="fold")
    table.add_column("fate")
    for heading in ("before MW", "after MW"):
        table.add_column(heading, justify="right")
    for row in changed[:MOST_ROWS]:
        sizes = (number(row[key], 1) for key in ("before_mw", "after_mw"))
        add_row(table, name_of(row), row["fate"], *sizes)
    if len(changed) > MOST_ROWS:
        add_row(table, f"... and {len(changed) - MOST_ROWS} more")
    same = plain(f"{len(rows) - len(changed)} of {len(rows)} are the same in both.")
    return under("Sites and hubs", same, *([table] if changed else []))


def _classes(rows: list[Record]) -> RenderableType:
    table = new_table()
    table.add_column("class", overflow="fold")
    for heading in ("served before MW IT", "after", "from elsewhere"):
        table.add_column(heading, justify="right")
    for row in rows:
        powers = (row["before_mw_it"], row["after_mw_it"], row["moved_mw_it"])
        add_row(table, row["service"], *(number(mw_it, 1) for mw_it in powers))
    return under("Service", table)


def _answers(told: Record) -> RenderableType:
    """Give how soon both plans answer, and how much they serve."""
    sides = [told[which] for which in ("before", "after")]
    table = new_table()
    table.add_column("")
    for heading in ("before", "after"):
        table.add_column(heading, justify="right")
    for heading, key in (("worst", "worst_rtt_ms"), ("mean", "mean_rtt_ms")):
        add_row(table, f"{heading} round trip, ms", *(_ms(side[key]) for side in sides))
    for heading, key in (("served, MW IT", "served_mw_it"), ("demand, MW IT", "demand_mw_it")):
        add_row(table, heading, *(number(side[key], 1) for side in sides))
    counted = [side for side in sides if side["left_in_reach_mw_it"] > _NOTHING_MW_IT]
    note = plain("What is left within reach counts in the mean at the bound of its class.")
    return under("How soon both answer", table, *([note] if counted else []))


def _ms(rtt_ms: float | None) -> str:
    return NONE if rtt_ms is None else ms_up(rtt_ms)


def _objectives(rows: list[Record]) -> RenderableType:
    """Give what objectives before cost came to and what is proven; nothing where there are none."""
    if not rows:
        return Group()
    table = new_table()
    table.add_column("objective")
    for heading in ("before", "at least", "after", "at least"):
        table.add_column(heading, justify="right")
    for row in rows:
        figures = (_figures(row["objective"], row[which]) for which in ("before", "after"))
        add_row(table, _OBJECTIVES[row["objective"]], *(cell for pair in figures for cell in pair))
    told = [proof_of_objective(row) for row in rows]
    return under("Objectives before cost", table, *(plain(text) for text in told if text))


_OBJECTIVES = {
    "most-served": "most-served, MW IT left",
    "fewest-sites": "fewest-sites, new sites",
    "least-worst-rtt": "least-worst-rtt, ms",
    "least-mean-rtt": "least-mean-rtt, ms",
}


def _figures(objective: str, came_to: Record | None) -> tuple[str, str]:
    """Give what an objective came to in a plan, and what is proven that no plan has less than."""
    if came_to is None:
        return NONE, NONE
    value, bound = came_to["value"], came_to["bound"]
    if objective == "fewest-sites":
        return number(value, 0), number(bound, 0)
    if objective == "most-served":
        return number(money_up(value)), number(None if bound is None else money_down(bound))
    return ms_up(value), NONE if bound is None else ms_down(bound)


def _cost(rows: list[Record], currency: str) -> RenderableType:
    """Give each cost item in both plans; the differences add up to that of the cost."""
    table = new_table()
    table.add_column(Text(f"M {currency}/yr"))
    for heading in ("before", "after", "difference"):
        table.add_column(heading, justify="right")
    keys = ("before_mn_yr", "after_mn_yr", "difference_mn_yr")
    together = {"item": "together", **{key: sum(row[key] for row in rows) for key in keys}}
    for row in (*rows, together):
        before, after, difference = (row[key] for key in keys)
        add_row(table, row["item"], number(before), number(after), signed(difference))
    return under("Why the cost changed", table)


def _certificates(told: Record, currency: str) -> RenderableType:
    table = new_table()
    table.add_column("plan")
    for heading in (f"M {currency}/yr", "at least", "gap"):
        table.add_column(Text(heading), justify="right")
    for which in ("before", "after"):
        row = told[which]
        money = (number(row["cost"]), number(money_down(row["bound"])))
        add_row(table, which, *money, percent_up(row["gap"]))
    return table
