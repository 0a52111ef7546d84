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
    currency = document["currency"]
    yield stack(document["cost_mn_yr"], document["certificate"], currency)
    yield convergence(document["certificate"], currency)
    yield _by_state(block)
    for row, told in enumerate(block["classes"]):
        yield _round_trips(block, row, told)
    yield _utilisation(document)
    yield _limits(document)


def _by_state(block: dict[str, Any]) -> Html | None:
    """Draw MW by state, or by site where no state is told."""
    sites = [host for host in block["hosts"] if host["kind"] == "site"]
    by_state: dict[str, float] = {}
    key = "state" if any(site["state"] for site in sites) else "name"
    for site in sites:
        name = site[key] or "not stated"
        by_state[name] = by_state.get(name, 0.0) + site["mw"]
    largest = sorted(by_state.items(), key=lambda named: (-named[1], named[0]))
    shown = [Bar(name, mw, f"{number(mw, 1)} MW") for name, mw in largest[:MOST_BARS]]
    left = largest[MOST_BARS:]
    if left:
        rest_mw = sum(mw for _, mw in left)
        shown.append(Bar(f"{len(left)} more", rest_mw, f"{number(rest_mw, 1)} MW"))
    title = "Connections by state" if key == "state" else "Connections by site"
    return bars(Chart(title, "MW, grid side"), shown)


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
