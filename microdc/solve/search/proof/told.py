"""What the prices of a relaxation prove, and how that is told to anyone who wants to check it."""

import json
from dataclasses import dataclass

import numpy as np
import pandas as pd

from microdc.instance import Floats, Hours, Instance, rows_of
from microdc.instance.periods import periods_of
from microdc.model.bound.market import Market
from microdc.model.bound.needed import Counter
from microdc.model.bound.prices import Prices
from microdc.solve.outcome import PriceProof


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Prices, what every candidate could earn at them, and the bound that follows."""

    prices: Prices
    profit_mn_yr: Floats
    bound: float

    def told(self, instance: Instance) -> PriceProof:
        """Name what each price is of."""
        prices, groups = self.prices, instance.groups.index
        sets, ids = rows_of(instance.apart), instance.sites.index
        return PriceProof(
            points=_of_points(instance, prices),
            needed=_of_needed(instance, prices),
            held_hours=_held_hours(instance, prices),
            nodes_by_hour=_nodes_by_hour(instance, prices),
            nodes=_some(prices.node, instance.nodes.index),
            counts=_some(prices.count, instance.counts.index),
            apart=tuple(
                (tuple(ids[sets[k]]), float(prices.apart[k])) for k in np.flatnonzero(prices.apart)
            ),
            groups=_some(prices.group, groups),
            in_all_mn_per_mw_it_yr=prices.in_all,
            budget=prices.budget,
            bound_mn_yr=self.bound,
            futures=prices.futures,
        )


def _named(instance: Instance) -> pd.DataFrame:
    """Name each point: `place`, `service`, `group`."""
    group = instance.groups.index[instance.points["group"]]
    return instance.points[["place", "service"]].assign(group=group)


def _of_points(instance: Instance, prices: Prices) -> pd.DataFrame:
    """Give `PriceProof.points`."""
    named = _named(instance)
    if instance.hours is not None:
        return _by_hour(named, instance.hours, prices)
    named = named.assign(time="", until="")
    in_order = named.assign(outage="", mn_per_mw_it_yr=prices.point)
    in_outages = [
        named.iloc[one.points].assign(outage=_out(instance, one.rows), mn_per_mw_it_yr=one.price)
        for one in prices.outages
    ]
    return pd.concat([in_order, *in_outages], ignore_index=True)


def _by_hour(named: pd.DataFrame, hours: Hours, prices: Prices) -> pd.DataFrame:
    """Name what each price of a want is of, and those of services that do not move."""
    time, periods = hours.what["time"].to_numpy(), list(periods_of(hours))
    parts = [named.iloc[:0].assign(outage="", time="", until="", mn_per_mw_it_yr=0.0)]
    for one in prices.hours:
        period = periods[one.period]
        first, last = (period.hours[at[one.wants]] for at in (period.first, period.last))
        of = named.iloc[period.point[one.wants]]
        parts.append(
            of.assign(outage="", time=time[first], until=time[last], mn_per_mw_it_yr=one.price)
        )
    parts += [
        named.iloc[one.points].assign(outage="", time="", until="", mn_per_mw_it_yr=one.price)
        for one in prices.held
    ]
    return pd.concat(parts, ignore_index=True)


def _held_hours(instance: Instance, prices: Prices) -> pd.DataFrame:
    """Give `PriceProof.held_hours`."""
    parts = [pd.DataFrame(columns=["service", "site", "time", "share"]).astype({"share": float})]
    if instance.hours is not None:
        time, services = instance.hours.what["time"].to_numpy(), instance.hours.services.index
        for one in prices.held:
            hour, site = np.nonzero(one.by_hour)
            told = {"service": services[one.service], "site": instance.sites.index[site]}
            parts.append(
                pd.DataFrame({**told, "time": time[hour], "share": one.by_hour[hour, site]})
            )
    return pd.concat(parts, ignore_index=True)


def _nodes_by_hour(instance: Instance, prices: Prices) -> pd.DataFrame:
    """Give `PriceProof.nodes_by_hour`."""
    hour, limit = np.nonzero(prices.limit_by_hour)
    hours = instance.hours
    return pd.DataFrame(
        {
            "node": [] if hours is None else hours.limits[limit],
            "time": [] if hours is None else hours.what["time"].to_numpy()[hour],
            "mn_per_mw_yr": prices.limit_by_hour[hour, limit],
        }
    )


def _out(instance: Instance, rows: tuple[int, ...]) -> str:
    """Name some outages that happen together."""
    assert instance.outages is not None
    what = instance.outages.what.iloc[list(rows)]
    return json.dumps(what[["kind", "id"]].to_numpy().tolist(), ensure_ascii=False)


def _of_needed(instance: Instance, prices: Prices) -> pd.DataFrame:
    """Give `PriceProof.needed`."""
    sets = [_named(instance).iloc[:0].assign(set=0, sites=0, mn_per_site_yr=0.0)]
    if instance.outages is not None and prices.needed:
        counter, named = Counter(instance, instance.outages), _named(instance)
        rows = [(one, counter.in_reach(one.points)[2]) for one in prices.needed]
        sets += [
            named.iloc[one.points].assign(set=k, sites=row.sites, mn_per_site_yr=one.price)
            for k, (one, row) in enumerate(rows)
            if row is not None
        ]
    return pd.concat(sets, ignore_index=True)


def prove(market: Market, prices: Prices) -> Proof:
    """Work out what prices prove."""
    market = market.at(prices)
    profit_mn_yr = market.profit_mn_yr(prices)
    bound = market.bound_mn_yr(prices, profit_mn_yr)
    return Proof(prices=prices, profit_mn_yr=profit_mn_yr, bound=bound)


def _some(price: Floats, index: pd.Index) -> "pd.Series[float]":
    """Give the prices that are something, by name."""
    prices = pd.Series(price, index=index, dtype=float)
    return prices[prices > 0]
