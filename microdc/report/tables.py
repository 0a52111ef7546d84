"""
A plan as tables and paragraphs for the terminal, made from what `plan.json` holds.

Everything here returns something to print; nothing is printed. Megawatts are grid side unless
they say IT, money is in millions a year of the plan's currency, times are round trips.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from microdc.placement.verdict import money_down, percent_down, percent_up
from microdc.report.brief import in_brief
from microdc.report.words import NONE, number, percent, plain

if TYPE_CHECKING:
    from microdc.latency.fit import LatencyFit
    from microdc.placement.plan import Plan

Record = dict[str, Any]
MOST_ROWS = 30


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
        computers(document),
        cost(document),
        over_promise(document["over_promise"]),
        assumptions(document["assumptions"]),
        listed("Warnings", document["warnings"]),
        listed("Not checked", document["not_checked"]),
        listed("Data", document["attributions"]),
    ]


def verdict(paragraph: str) -> RenderableType:
    """Give the verdict as a paragraph of its own."""
    text = plain(paragraph)
    text.stylize("bold")
    return Group(text, Text())


def certificate(document: Record) -> RenderableType:
    """Cost, bound and both gaps together, and what the fleet comes to."""
    brief, proven = in_brief(document), document["certificate"]
    a_year = f"M {document['currency']} a year"
    table = _table(header=False)
    table.add_column("what")
    table.add_column("how much", justify="right")
    table.add_column("unit")
    _row(table, "cost", number(proven["cost_mn_yr"]), a_year)
    least = money_down(proven["bound_mn_yr"])
    _row(table, "proven lower bound", number(least), a_year)
    _row(table, "gap", percent_up(proven["gap"]), f"asked: {percent(proven['asked_gap'])}")
    _row(table, "gap on the avoidable cost", percent_up(proven["gap_avoidable"]))
    _row(table, "sites", str(brief["sites"]))
    _row(table, "connections", number(brief["mw"], 1), "MW")
    if document["hubs"]:
        _row(table, "reserved at hubs", number(brief["hubs_mw_it"], 1), "MW IT")
    _row(table, "demand served", percent_down(brief["served_share"]))
    _row(table, "demand unserved", number(proven["unserved_mw_it"], 1), "MW IT")
    if proven.get("unserved_bound_mw_it") is not None:
        _row(table, "least unserved, proven", number(proven["unserved_bound_mw_it"], 1), "MW IT")
    _row(table, "worst round trip", number(brief["worst_rtt_ms"]), "ms")
    _row(table, "time", number(proven["seconds"], 1), "s")
    return Group(table, Text())


def sites(rows: Sequence[Record], currency: str) -> RenderableType:
    """Sites by size, the largest first; what does not fit is counted."""
    ranked = sorted(rows, key=lambda row: (-row["mw"], row["id"]))
    some_exist = any(row["existing_mw"] for row in rows)
    table = _table()
    table.add_column("site", overflow="fold")
    power = ("MW", "existing") if some_exist else ("MW",)
    for heading in (*power, "load MW", "used", "racks", "headroom MW", "worst ms", "mean ms"):
        table.add_column(heading, justify="right")
    table.add_column(Text(f"M {currency}/yr"), justify="right")
    for row in ranked[:MOST_ROWS]:
        yearly = sum(row[key] for key in row if key.endswith("_mn_yr"))
        _row(
            table,
            _name_of(row) + _fed_by(row),
            number(row["mw"], 1),
            *([number(row["existing_mw"], 1)] if some_exist else []),
            number(row["load_mw"], 1),
            percent(row["utilisation"]),
            number(row["racks"], 0),
            number(row["headroom_mw"], 1),
            number(row["worst_rtt_ms"]),
            number(row["mean_rtt_ms"]),
            number(yearly),
        )
    rest = ranked[MOST_ROWS:]
    if rest:
        more = number(sum(row["mw"] for row in rest), 1)
        _row(table, f"... and {len(rest)} more", more)
    return _under(f"Sites ({len(rows)})", table)


def hubs(rows: Sequence[Record], currency: str) -> RenderableType:
    """Give what is reserved at each hub, and what it serves."""
    table = _table()
    table.add_column("hub", overflow="fold")
    for heading in ("reserved MW IT", "of MW IT", "load MW IT", "worst ms", "mean ms"):
        table.add_column(heading, justify="right")
    table.add_column(Text(f"M {currency}/yr"), justify="right")
    for row in rows:
        power = [number(row[key], 1) for key in ("mw_it", "capacity_mw_it", "load_mw_it")]
        times = [number(row[key]) for key in ("worst_rtt_ms", "mean_rtt_ms")]
        _row(table, _name_of(row), *power, *times, number(row["reserve_mn_yr"]))
    return _under(f"Hubs ({len(rows)})", table)


def services(rows: Iterable[Record]) -> RenderableType:
    """Who is served how well, one row per service class."""
    table = _table()
    table.add_column("class", overflow="fold")
    for heading in ("bound ms", "demand MW IT", "served", "out of reach MW IT"):
        table.add_column(heading, justify="right")
    for heading in ("worst ms", "mean ms", "unserved M/yr"):
        table.add_column(heading, justify="right")
    for row in rows:
        _row(
            table,
            row["service"],
            number(row["rtt_bound_ms"], 1),
            number(row["demand_mw_it"], 1),
            percent_down(row["served_share"]),
            number(row["out_of_reach_mw_it"], 1),
            number(row["worst_rtt_ms"]),
            number(row["mean_rtt_ms"]),
            number(row["unserved_mn_yr"]),
        )
    return _under("Service classes", table)


def computers(document: Record) -> RenderableType:
    """
    Give what the fleet's connections and each class's power are worth in computers.

    Tokens have a column where some class states them.
    """
    table = _table()
    table.add_column("computers", overflow="fold")
    rows, rates = document["sites"], ["queries"]
    rates += ["tokens"] if any(row["tokens_per_s"] for row in document["services"]) else []
    for heading in ("grid MW", "MW IT", "racks", "GPUs", *(f"{rate}/s at peak" for rate in rates)):
        table.add_column(heading, justify="right")
    mw_it = sum(row["mw"] / row["pue"] for row in rows)
    grid = number(sum(row["mw"] for row in rows), 1)
    fleet = [number(sum(row[key] for row in rows), 0) for key in ("racks", "gpus")]
    _row(table, "what the sites can feed", grid, number(mw_it, 1), *fleet, *(NONE for _ in rates))
    for row in document["services"]:
        power = [number(row["load_mw"], 1), number(row["served_mw_it"], 1)]
        counted = [number(row[key], 0) for key in ("racks", "gpus", *(f"{r}_per_s" for r in rates))]
        _row(table, f"served: {row['service']}", *power, *counted)
    return _under("Computers", table)


def cost(document: Record) -> RenderableType:
    """Give the cost line by line, the capital behind it, and what is sunk and no part of it."""
    currency, lines_mn_yr = document["currency"], document["cost_mn_yr"]
    table = _table()
    table.add_column("line")
    table.add_column(Text(f"M {currency} a year"), justify="right")
    for line, mn_yr in lines_mn_yr.items():
        if line != "hubs" or document["hubs"]:
            _row(table, line, number(mn_yr))
    _row(table, "together", number(sum(lines_mn_yr.values())))
    capital = f"Capital, not annualised: {number(document['capital_mn'], 1)} M {currency}."
    existing_mw = [row["existing_mw"] for row in document["sites"] if row["existing_mw"]]
    sunk = f" Sunk: {number(sum(existing_mw), 1)} MW at {len(existing_mw)} existing site(s), of"
    sunk += " which the energy alone is counted."
    return _under("Cost", table, plain(capital + (sunk if existing_mw else "")))


def over_promise(report: Record) -> RenderableType:
    """Say what headroom added up one at a time promises beside what the power tree allows."""
    if not report["nodes"]:
        return Text("No shared limits: every headroom stands alone.\n")
    unit = report["unit"]
    sentence = plain(
        f"Below {report['nodes']} shared limit(s), headroom added up one at a time promises"
        f" {number(report['sum_mw'], 1)} {unit}; the power tree allows"
        f" {number(report['allowed_mw'], 1)} {unit}; {report['binding']} of them bind."
    )
    table = _table()
    table.add_column("shared limit that binds", overflow="fold")
    for heading in ("limit", "sum below", "allowed", "used"):
        table.add_column(f"{heading} {unit}", justify="right")
    binding = sorted((row for row in report["rows"] if row["binds"]), key=_promised_too_much)
    for row in binding[:10]:
        figures = (row["limit_mw"], row["below_mw"], row["allowed_mw"], row["used_mw"])
        _row(table, _name_of(row), *(number(mw, 1) for mw in figures))
    if len(binding) > 10:
        _row(table, f"... and {len(binding) - 10} more")
    return _under("Over-promise", sentence, *([table] if binding else []))


def assumptions(rows: Sequence[Record]) -> RenderableType:
    """List every default that was used, with its unit and source."""
    if not rows:
        return Text("No defaults were used: every number is the scenario's own.\n")
    table = _table()
    for heading in ("key", "value", "unit", "source"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        _row(table, row["key"], row["value"], row["unit"], row["source"])
    return _under("Assumptions: defaults that the scenario did not override", table)


def facts(rows: Iterable[tuple[str, object]]) -> RenderableType:
    """Give labels with their values, one a line."""
    table = _table(header=False)
    table.add_column("label")
    table.add_column("value", overflow="fold")
    for label, value in rows:
        _row(table, label, value)
    return Group(table, Text())


def fit(found: "LatencyFit") -> RenderableType:
    """Give the residuals of the formula as stated and as fitted, and the fitted constants."""
    table = _table()
    table.add_column("measured less computed")
    for heading in ("5 % ms", "median ms", "95 % ms"):
        table.add_column(heading, justify="right")
    for name, rest in (("as stated", found.as_stated), ("as fitted", found.as_fitted)):
        _row(table, name, *(number(ms, 3) for ms in (rest.low_ms, rest.median_ms, rest.high_ms)))
    constants = plain(
        f"Fitted by median regression over {found.pairs:,} pair(s): latency: {{access_ms: "
        f"{found.access_ms:.3g}, route_factor: {found.route_factor:.3g}}}"
    )
    return _under("Latency: the formula beside what was measured", table, constants)


def listed(heading: str, entries: Iterable[str]) -> RenderableType:
    """Give a heading with its entries below; nothing when there are none."""
    lines = [plain(f"  - {entry}") for entry in entries]
    return _under(heading, *lines) if lines else Group()


def _table(*, header: bool = True) -> Table:
    return Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, show_header=header)


def _under(heading: str, *shown: RenderableType) -> Group:
    return Group(Text(heading, style="bold"), *shown, Text())


def _row(table: Table, *cells: object) -> None:
    table.add_row(*(plain(cell) for cell in cells))


def _name_of(row: Record) -> str:
    name = row.get("name") or ""
    return f"{row['id']} {name}" if name and name != row["id"] else str(row["id"])


def _fed_by(row: Record) -> str:
    """Say which substation feeds a site on a parcel, over how long a feeder."""
    if row["substation"] == row["id"]:
        return ""
    return f", {number(row['feeder_km'], 1)} km from {row['substation']}"


def _promised_too_much(row: Record) -> tuple[float, str]:
    return row["allowed_mw"] - row["below_mw"], str(row["id"])
