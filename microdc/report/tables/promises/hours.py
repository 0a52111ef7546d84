"""What a plan serves hour by hour, and what connections that are not firm are worth."""

from rich.console import RenderableType
from rich.text import Text

from microdc.placement.words.rounding import money_down, money_up, percent_up
from microdc.report.tables.layout import Record, add_row, new_table, under
from microdc.report.words import number, plain

MOST_ROWS = 12


def hours(told: Record) -> RenderableType:
    """Say in which hours service is promised, and give the tightest of each day (MW, MW IT)."""
    elsewhere = f"in {told['rerouted']:,} of them some of it is served from elsewhere, or later"
    sentence = (
        f"Service is promised in {told['count']:,} hour(s) of {told['days']:,} day(s), picked from "
        f"{told['of_hours']:,} hours of profiles ({told['use']}); "
        f"{elsewhere if told['rerouted'] else 'all of it is served from home in each of them'}."
    )
    table = new_table()
    table.add_column("tightest hour")
    for heading in ("demand MW IT", "served", "moved", "later", "draw MW", "of MW", "curtailed"):
        table.add_column(heading, justify="right")
    table.add_column("used up", overflow="fold")
    powers = ("demand", "served", "moved", "deferred")
    keys = (*(f"{what}_mw_it" for what in powers), "draw_mw", "available_mw", "curtailed_mw")
    for row in told["rows"][:MOST_ROWS]:
        add_row(table, row["time"], *(number(row[k], 1) for k in keys), _some(row["binding"]))
    rest = told["days"] - len(told["rows"][:MOST_ROWS])
    if rest > 0:
        add_row(table, f"... and {rest} more day(s)")
    return under("Hours", plain(sentence), table)


def _some(binding: str) -> str:
    """Name the first of what is used up, and count the rest."""
    first, *rest = binding.split("; ")
    return f"{first} and {len(rest)} more" if rest else first


def against_firm(
    firm: Record, asked: Record, unlocked: Record | None, currency: str
) -> RenderableType:
    """Give a plan beside the one with firm connections, and what flexibility unlocks."""
    heading = "What flexible connections unlock"
    if unlocked is None:
        return under(heading, plain(f"With firm connections {firm['message']}"))
    table = new_table()
    table.add_column("connections")
    for told in ("sites", "MW", "firm MW", "firm MW IT", f"M {currency}/yr", "at least", "gap"):
        table.add_column(Text(told), justify="right")
    for name, row in (("firm", firm), ("as asked", asked)):
        power = (number(row[key], 1) for key in ("mw", "firm_mw", "firm_service_mw_it"))
        money = (number(row["cost"]), number(money_down(row["bound"])), percent_up(row["gap"]))
        add_row(table, name, row["sites"], *power, *money)
    return under(heading, plain(_gain(unlocked, currency)), table)


def _gain(unlocked: Record, currency: str) -> str:
    """Say how much more is served and what is saved, and what of that is proven."""
    more_mw_it, saved_mn = unlocked["firm_service_mw_it"], unlocked["saved_mn_yr"]
    least_mn, most_mn = unlocked["least_saved_mn_yr"], unlocked["most_saved_mn_yr"]
    return (
        f"Flexible connections give {number(more_mw_it, 1)} MW IT more of firm service and save "
        f"{number(saved_mn)} M {currency} a year, unserved demand counted; what they can save is "
        f"proven to lie between {number(money_down(least_mn))} and {number(money_up(most_mn))} M."
    )
