"""The page of a batch, whole in one file: it asks for nothing over a network."""

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files

import pandas as pd

from microdc.batch.result import Status
from microdc.batch.summary.fleets import credits_of
from microdc.batch.summary.page import tables
from microdc.batch.summary.page.charts import MOST_BARS, cost_chart, frequency_chart
from microdc.batch.summary.page.map import sites_map
from microdc.batch.summary.regret.matrix import Regrets
from microdc.batch.summary.told import Told, keys_of, whose
from microdc.report.page import shell

MOST_CHARTS = 6
MOST_KEYS = 8
"""Of the keys in which scenarios differ, those that the page's table has room for."""


def page(
    told: Sequence[Told], summary: pd.DataFrame, sites: pd.DataFrame, found: Regrets | None
) -> str:
    """Write the page of a batch, from its table (`summary_table`) and sites (`sites_table`)."""
    keys = keys_of(told)
    more = (
        f" They differ in {len(keys)} keys: summary.csv has all." if len(keys) > MOST_KEYS else ""
    )
    parts = [
        f"<h1>{len(told)} scenarios</h1>",
        f"<p>{escape(_counts(told))}. Cost and bound are in millions a year; "
        f"no plan{whose(told)} can cost less than the bound of its scenario.{more}</p>",
        tables.scenarios(summary, keys[:MOST_KEYS]),
        *_charts(told),
        *_sites(told, sites),
        *_regret(found),
        f"<footer>{escape('; '.join(credits_of(told)))}</footer>",
    ]
    return shell.page(
        shell.Page(
            title=f"{len(told)} scenarios",
            body="\n".join(["<main>", *parts, "</main>"]),
            scripts=("sort.js",),
            style=(files("microdc.batch.summary.page") / "page.css").read_text("utf-8"),
        )
    )


def _counts(told: Sequence[Told]) -> str:
    counts = Counter(one.result.status for one in told)
    return ", ".join(f"{counts[status]} {status}" for status in Status if counts[status])


def _charts(told: Sequence[Told]) -> Iterator[str]:
    """Draw the cost along each key that plans differ in; nothing where currencies do."""
    planned = [one for one in told if one.figure("cost") is not None]
    currencies = {str(one.figure("currency")) for one in planned}
    keys = [key for key in keys_of(told) if len({repr(one.varied.get(key)) for one in planned}) > 1]
    if len(currencies) != 1 or not keys:
        return
    unit = f"M {currencies.pop()} a year"
    yield "<h2>Cost along what varies</h2>"
    yield (
        f'<p><span class="key-cost">Dots</span> are costs of plans in {escape(unit)}, '
        '<span class="key-bound">bars</span> their bounds; a line joins scenarios that differ in '
        "nothing else.</p>"
    )
    yield '<div class="charts">'
    for key in keys[:MOST_CHARTS]:
        chart = cost_chart(planned, key, unit)
        yield f"<figure>{chart}<figcaption>{escape(key)}</figcaption></figure>"
    yield "</div>"


def _sites(told: Sequence[Told], sites: pd.DataFrame) -> Iterator[str]:
    plans = sum(one.fleet is not None for one in told)
    if sites.empty:
        return
    common = int(sites["in_all"].sum())
    yield "<h2>Sites</h2>"
    yield (
        f"<p>{len(sites)} sites are in any of the {plans} plans, {common} in all of them. "
        "That others do without them is not ruled out.</p>"
    )
    most = "" if len(sites) <= MOST_BARS else f"The {MOST_BARS} that are in most plans"
    yield '<div class="charts">'
    yield f"<figure>{frequency_chart(sites, plans)}<figcaption>{most}</figcaption></figure>"
    says = "The larger the dot the more MW, the deeper its colour the more plans have the site."
    yield f"<figure>{sites_map(sites)}<figcaption>{says}</figcaption></figure>"
    yield "</div>"


def _regret(found: Regrets | None) -> Iterator[str]:
    if found is None or not found.fleets:
        return
    yield "<h2>Regret</h2>"
    yield (
        "<p>What each fleet, built as it is and nothing else, costs in a scenario beyond the best "
        "plan known of that scenario. Hover over a number for what is proven of it; "
        "regret-pairs.csv says the same.</p>"
    )
    yield tables.fleets(found)
