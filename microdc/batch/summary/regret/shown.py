"""What the terminal says of regret: the fleets, and what each would cost elsewhere at worst."""

from typing import Any

from rich.console import RenderableType
from rich.text import Text

from microdc.batch.summary.regret.matrix import Regrets, fleets_table, status_of
from microdc.placement.parts.records import records
from microdc.placement.words.rounding import money_up
from microdc.report.tables.layout import MOST_ROWS, add_row, listed, new_table, under
from microdc.report.words import NONE, number, plain


def regret_shown(found: Regrets) -> list[RenderableType]:
    """Give a table of the fleets, that of least worst regret first, and why some cannot be."""
    if not found.fleets:
        return [under("Regret", plain("No scenario has a plan: there are no fleets to compare."))]
    if not found.scenarios:
        return [under("Regret", plain("Ended before any fleet was priced in any scenario."))]
    rows = records(fleets_table(found))
    table = new_table()
    table.add_column("fleet of", overflow="fold")
    for heading in ("sites", "MW", "worst", "at most", "mean", "impossible in", "not known in"):
        table.add_column(Text(heading), justify="right")
    for row in rows[:MOST_ROWS]:
        most = row["worst_at_most_mn_yr"]
        money = (row["worst_mn_yr"], most and money_up(most), row["mean_mn_yr"])
        cells = (number(mn) for mn in money)
        never = (str(row[key] or NONE) for key in ("impossible_in", "not_known_in"))
        add_row(table, row["fleet"], row["sites"], number(row["mw"], 1), *cells, *never)
    if len(rows) > MOST_ROWS:
        add_row(table, f"... and {len(rows) - MOST_ROWS} more in regret.csv")
    unit = f"M {found.currency} a year" if found.currency else "in several currencies"
    heading = f"Regret of {len(rows)} fleets in {len(found.scenarios)} scenarios ({unit})"
    words = _best(found, rows)
    if found.left:
        words = f"Ended early: {found.left} more scenarios were not looked at. {words}"
    return [under(heading, table, plain(words)), listed("Why not", _reasons(found))]


def _best(found: Regrets, rows: list[dict[str, Any]]) -> str:
    """Say which fleet does best at worst, if any can be everywhere."""
    best = rows[0]
    if found.left or best["impossible_in"] or best["not_known_in"]:
        return "No fleet is known to be possible in every scenario."
    if best["worst_mn_yr"] is None:
        return "Scenarios have several currencies: nothing is added up over them."
    return (
        f"Least worst regret: the fleet of {best['fleet']} costs up to "
        f"{number(best['worst_mn_yr'])} M a year more than the best plan known of a scenario, and "
        f"proven no more than {number(money_up(best['worst_at_most_mn_yr']))} M above its least "
        "cost."
    )


def _reasons(found: Regrets) -> list[str]:
    """Give a reason for each fleet that cannot be somewhere, or whose cost is not known."""
    lines = []
    for fleet in found.fleets:
        not_there = [one for one in found.of(fleet) if status_of(one) != "possible"]
        if not_there:
            first = not_there[0]
            more = f"; and in {len(not_there) - 1} more" if len(not_there) > 1 else ""
            status = status_of(first)
            lines.append(f"{fleet.name} in {first.scenario} ({status}): {first.why}{more}")
    rest = len(lines) - MOST_ROWS
    return [*lines[:MOST_ROWS], f"and {rest} more fleets"] if rest > 0 else lines
