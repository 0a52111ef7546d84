"""
A plan as tables and paragraphs for the terminal, made from what `plan.json` holds.

Everything here returns something to print; nothing is printed. Megawatts are grid side unless
they say IT, money is in millions a year of the plan's currency, times are round trips.
"""

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from microdc.placement.words.aims import all_in_rows, least_unserved
from microdc.placement.words.rounding import money_down, ms_up, percent_down, percent_up, tenth_down
from microdc.report.brief import in_brief
from microdc.report.tables.alternatives import alternatives
from microdc.report.tables.costs import assumptions, cost
from microdc.report.tables.grid import over_promise
from microdc.report.tables.hosts import hubs, sites
from microdc.report.tables.layout import Record, add_row, listed, new_table
from microdc.report.tables.promises.hours import against_firm, hours
from microdc.report.tables.promises.outages import levels, outages
from microdc.report.tables.services import computers, services
from microdc.report.words import METHODS, number, percent, plain

if TYPE_CHECKING:
    from microdc.placement.plan import Plan


def plan_shown(plan: "Plan") -> list[RenderableType]:
    """Give everything the terminal says about a plan, the verdict first."""
    document = plan.to_document()
    currency = document["currency"]
    return [
        verdict(document["verdict"]),
        certificate(document),
        sites(document["sites"], currency),
        *([hubs(document["hubs"], currency)] if document["hubs"] else []),
        services(document["services"]),
        *([outages(told)] if (told := document.get("outages")) else []),
        *([hours(told)] if (told := document.get("hours")) else []),
        computers(document),
        cost(document),
        over_promise(document["over_promise"]),
        assumptions(document["assumptions"]),
        listed("Warnings", document["warnings"]),
        listed("Not checked", document["not_checked"]),
        listed("Data", document["attributions"]),
    ]


def compared(beside: Record, plan: "Plan") -> list[RenderableType]:
    """Give a plan beside what else was planned, where that was asked for."""
    if "levels" in beside:
        return [levels(beside["levels"], plan.currency)]
    if "alternatives" in beside:
        return alternatives(beside["alternatives"], plan.currency)
    if "firm" in beside:
        asked = in_brief(plan.to_document())
        return [against_firm(beside["firm"], asked, beside["unlocked"], plan.currency)]
    return []


def verdict(paragraph: str) -> RenderableType:
    """Give the verdict as a paragraph of its own."""
    text = plain(paragraph)
    text.stylize("bold")
    return Group(text, Text())


def certificate(document: Record) -> RenderableType:
    """Cost, bound and both gaps together, and what the fleet comes to."""
    brief, proven = in_brief(document), document["certificate"]
    a_year = f"M {document['currency']} a year"
    table = new_table(header=False)
    table.add_column("what")
    table.add_column("how much", justify="right")
    table.add_column("unit")
    add_row(table, "cost", number(proven["cost_mn_yr"]), a_year)
    least = money_down(proven["bound_mn_yr"])
    add_row(table, "proven lower bound", number(least), a_year)
    add_row(table, "gap", percent_up(proven["gap"]), f"asked: {percent(proven['asked_gap'])}")
    add_row(table, "gap on the avoidable cost", percent_up(proven["gap_avoidable"]))
    if (method := proven.get("method", "cuts")) != "cuts":
        add_row(table, "method", METHODS[method])
    add_row(table, "sites", str(brief["sites"]))
    add_row(table, "connections", number(brief["mw"], 1), "MW")
    if document.get("hours"):
        add_row(table, "firm of them, together", number(brief["firm_mw"], 1), "MW")
        add_row(table, "firm service", number(brief["firm_service_mw_it"], 1), "MW IT")
    if document["hubs"]:
        add_row(table, "reserved at hubs", number(brief["hubs_mw_it"], 1), "MW IT")
    add_row(table, "demand served", percent_down(brief["served_share"]))
    add_row(table, "demand unserved", number(proven["unserved_mw_it"], 1), "MW IT")
    if (least_mw_it := proven.get("unserved_bound_mw_it")) is not None:
        add_row(table, least_unserved(document), number(tenth_down(least_mw_it), 1), "MW IT")
    for row in all_in_rows(document):
        add_row(table, *row)
    add_row(table, "worst round trip", number(brief["worst_rtt_ms"]), "ms")
    if document.get("most_mean_rtt_ms") is not None and brief["mean_rtt_ms"] is not None:
        allowed = f"ms, of {document['most_mean_rtt_ms']:g}"
        add_row(table, "mean round trip", ms_up(brief["mean_rtt_ms"]), allowed)
    add_row(table, "time", number(proven["seconds"], 1), "s")
    return Group(table, Text())
