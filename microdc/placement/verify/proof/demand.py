"""Demand as the prices see it: what is promised, what may be left at a price, what is kept."""

import json
from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from microdc.placement.verify.document import POINT_COLUMNS, PRICE, PRICES
from microdc.placement.verify.facts import Facts, told
from microdc.placement.verify.outages.events import Hosts, events_among

KEY = list(POINT_COLUMNS)


def points_of(facts: Facts) -> pd.DataFrame:
    """
    Split the demand of every place and class into what is promised and what may be left.

    `place`, `service`, `group`; `row` of `Facts.demand`; `mw_it`; `leave_mn_per_mw_it_yr`, the
    price of leaving it, infinite for what is promised; and `kept`, the share of what is served in
    order that is kept in an outage.
    """
    services = facts.scenario.services.items()
    asked = facts.demand["mw_it"].reset_index()
    asked["row"] = np.arange(len(asked))
    floor = asked["service"].map({name: stated.floor for name, stated in services})
    leave = {name: stated.unserved_mn_per_mw_yr or 0.0 for name, stated in services}
    kept = {name: stated.outage.served if stated.outage else 0.0 for name, stated in services}
    asked["kept"] = asked["service"].map(kept).astype(float)
    promised = asked.assign(
        group=asked["service"] + " promised",
        mw_it=asked["mw_it"] * floor,
        leave_mn_per_mw_it_yr=np.inf,
    )
    rest = asked.assign(
        group=asked["service"],
        mw_it=asked["mw_it"] * (1 - floor),
        leave_mn_per_mw_it_yr=asked["service"].map(leave),
    )
    points = pd.concat([promised, rest], ignore_index=True)
    return points[points["mw_it"] > 0].reset_index(drop=True)


def priced(points: pd.DataFrame, prices: pd.DataFrame) -> pd.DataFrame:
    """
    Lay each price of demand beside what it is of.

    `point` (row of `points`) and `row` (of `Facts.demand`), `outage`, `mn_per_mw_it_yr`, the
    `share` of what is served in order that counts, and so much of the demand, `mw_it`.
    """
    found = prices.merge(points.assign(point=np.arange(len(points))), on=KEY)
    share = found["kept"].where(found["outage"] != "", 1.0)
    return found.assign(share=share, mw_it=found["mw_it"] * share)


def out_in(facts: Facts, outages: Iterable[str]) -> dict[str, Hosts]:
    """
    Give everyone who is out in each outage that prices name, by its text; in none, ''.

    A text that names nothing, more at once than is to be survived, or something else than may be
    out, is left away.
    """
    asked = facts.scenario.resilience
    may_be_out = everything_out(facts)
    known: dict[str, Hosts] = {"": frozenset()}
    for text in outages:
        named = _named(text)
        if asked and 0 < len(named) <= asked.at_once and may_be_out.keys() >= set(named):
            known[text] = frozenset().union(*(may_be_out[one] for one in named))
    return known


def everything_out(facts: Facts) -> dict[tuple[str, str], Hosts]:
    """Give, by kind and id, all that may be out: of the tables' hosts, who is out with it."""
    everyone = list(facts.region.hosts.index)
    return {(event.kind, event.id): event.hosts for event in events_among(facts, everyone)}


def _named(text: str) -> list[tuple[str, str]]:
    """Read which things are out together: `[[kind, id], ...]` as JSON; none if it is not that."""
    try:
        named = json.loads(text)
        pairs = [(kind, name) for kind, name in named]
    except (TypeError, ValueError, RecursionError):
        return []
    return pairs if all(isinstance(word, str) for pair in pairs for word in pair) else []


def odd_prices(facts: Facts, points: pd.DataFrame, prices: pd.DataFrame) -> list[str]:
    """Name each price that is none, or of no demand of the tables, or of no outage to survive."""
    return told(_odd(facts, points, prices))


def _odd(facts: Facts, points: pd.DataFrame, prices: pd.DataFrame) -> Iterator[str]:
    stated, price = pd.MultiIndex.from_frame(prices[KEY]), prices[PRICE].to_numpy()
    outage = prices["outage"].fillna("null")
    for says, which in (
        ("the tables know no such demand", ~stated.isin(pd.MultiIndex.from_frame(points[KEY]))),
        ("is priced twice", prices.duplicated([*KEY, "outage", "time", "until"]).to_numpy()),
        ("the price is below zero, or no number", ~((price >= 0) & np.isfinite(price))),
    ):
        for (place, service, group), out in zip(stated[which], outage[which], strict=True):
            yield f"{PRICES}: {place}, {service} (group {group}){out and f', {out} out'}: {says}"
    texts = list(outage.unique())
    for text in sorted({*texts} - out_in(facts, texts).keys()):
        yield f"{PRICES}: {text} is no outage that is to be survived"
