"""Charts of a plan as SVG in the page: they print, and follow its light or dark dress."""

from collections.abc import Iterator
from typing import Any

from microdc.report.page.charts.bars import Bar, Chart, bars
from microdc.report.page.charts.convergence import convergence
from microdc.report.page.charts.histogram import Heap, histogram
from microdc.report.page.charts.stack import stack
from microdc.report.page.markup import Html, section, tag
from microdc.report.words import number

MOST_BARS = 16


def charts(document: dict[str, Any], block: dict[str, Any]) -> Html:
    """Give every chart that the plan has numbers for."""
    drawn = [chart for chart in _charts(document, block) if chart is not None]
    return section("charts", "Charts", tag("div", *drawn, class_="charts"))


def _charts(document: dict[str, Any], block: dict[str, Any]) -> Iterator[Html | None]:
    yield stack(document)
    yield convergence(document)
    yield _by_state(block)
    for row, told in enumerate(block["classes"]):
        yield _round_trips(block, row, told)
    yield _unserved(block)
    yield _utilisation(document)
    yield _limits(document)


def _by_state(block: dict[str, Any]) -> Html | None:
    """Draw MW by state, or by site where no state is told."""
    sites = [host for host in block["hosts"] if host["kind"] == "site"]
    key = "state" if any(site["state"] for site in sites) else "name"
    title = "Connections by state" if key == "state" else "Connections by site"
    named = [(site[key] or "not stated", site["mw"]) for site in sites]
    return bars(Chart(title, "MW, grid side"), _largest(named, "MW"))


def _unserved(block: dict[str, Any]) -> Html | None:
    """Draw where most demand stays unserved."""
    rows, names = block["service"], block["places"]["name"]
    short = [
        (names[place], mw_it)
        for place, host, mw_it in zip(rows["place"], rows["host"], rows["mw_it"], strict=True)
        if host < 0
    ]
    return bars(Chart("Unserved demand", "MW IT by place"), _largest(short, "MW IT"))


def _largest(named: list[tuple[str, float]], unit: str) -> list[Bar]:
    """Add up what bears the same name, and give the largest with the rest together."""
    amounts: dict[str, float] = {}
    for name, amount in named:
        amounts[name] = amounts.get(name, 0.0) + amount
    largest = sorted(amounts.items(), key=lambda one: (-one[1], one[0]))
    shown, left = largest[:MOST_BARS], largest[MOST_BARS:]
    if left:
        shown.append((f"{len(left)} more", sum(amount for _, amount in left)))
    return [Bar(name, amount, f"{number(amount, 1)} {unit}") for name, amount in shown]


def _round_trips(block: dict[str, Any], row: int, told: dict[str, Any]) -> Html | None:
    """Draw how far a class's demand is from who serves it, against its bound."""
    rows = block["service"]
    mine = [
        (ms, mw_it)
        for k, ms, mw_it in zip(rows["class"], rows["rtt_ms"], rows["mw_it"], strict=True)
        if k == row and ms is not None
    ]
    chart = Chart(f"Round trips of {told['name']}", "MW IT by ms; the dashed line is the bound")
    heap = Heap(unit="ms", of="MW IT", limit=told["bound_ms"], most=told["bound_ms"])
    return histogram(chart, mine, heap)


def _utilisation(document: dict[str, Any]) -> Html | None:
    used = [(100 * row["utilisation"], 1.0) for row in document["sites"] if row["utilisation"]]
    title = Chart("Utilisation of the sites", "sites by % of their connection that they draw")
    return histogram(title, used, Heap(unit="%", of="sites", limit=None, most=100.0))


def _limits(document: dict[str, Any]) -> Html | None:
    """Draw the limits of the power tree that the plan uses most of."""
    rows = [row for row in document["over_promise"]["rows"] if row["used_mw"] > 0]
    share = {row["id"]: row["used_mw"] / row["limit_mw"] for row in rows if row["limit_mw"]}
    rows = sorted((r for r in rows if r["id"] in share), key=lambda row: -share[row["id"]])
    shown = [
        Bar(
            row["name"] or row["id"],
            100 * share[row["id"]],
            f"{number(row['used_mw'], 1)} of {number(row['limit_mw'], 1)} MW",
        )
        for row in rows[:MOST_BARS]
    ]
    note = f"% used of the {min(len(rows), MOST_BARS)} tightest of {len(rows)} limits in use"
    return bars(Chart("Limits of the power tree", note), shown, most=100.0)
