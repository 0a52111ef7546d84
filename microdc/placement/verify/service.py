"""Promises on service: every demand accounted for, near enough, by a site that is built."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from microdc.placement.verify.facts import (
    POWER_MW,
    RTT_MS,
    SAME,
    Facts,
    Promise,
    differ,
    told,
)
from microdc.placement.verify.hosts.named import unnamed
from microdc.placement.verify.objectives import bounds_ms

KEYS = ["place", "service"]


def only_known_names(facts: Facts) -> list[str]:
    """Service speaks of places and classes with demand, and of sites and hubs of the plan."""
    service = facts.service
    nobody = service[service["demand_mw_it"].isna()]
    hosts = [*facts.sites.index, *facts.hubs.index]
    nowhere = service[service["site"].notna() & ~service["site"].isin(hosts)]
    return told(
        f"{r.place}, {r.service}: the tables know no such demand" for r in _each(nobody)
    ) + told(
        f"{r.place}, {r.service}: served from {r.site}, which is no site or hub of the plan"
        for r in _each(nowhere)
    )


def each_pair_once(facts: Facts) -> list[str]:
    """A place, a class and a site stand together in one row."""
    twice = facts.service[facts.service.duplicated([*KEYS, "site"])]
    return told(
        f"{r.place}, {r.service}: listed twice for site {r.site or 'none'}" for r in _each(twice)
    )


def sound_megawatts(facts: Facts) -> list[str]:
    """Served and unserved power is a number, and not negative."""
    mw_it = facts.service["mw_it"]
    unsound = facts.service[~(np.isfinite(mw_it) & (mw_it >= 0))]
    return told(f"{r.place}, {r.service}: {r.mw_it} MW IT cannot be" for r in _each(unsound))


def demand_accounted_for(facts: Facts) -> list[str]:
    """Served and unserved power of every place and class add up to its demand."""
    given = facts.known.groupby(KEYS)["mw_it"].sum()
    return told(_unaccounted(given.reindex(facts.demand.index), facts.demand["mw_it"]))


def _unaccounted(given: "pd.Series[float]", demand: "pd.Series[float]") -> Iterator[str]:
    wrong = differ(given, demand, POWER_MW)
    for (place, service), mw_it, wanted in zip(
        demand.index[wrong], given[wrong], demand[wrong], strict=True
    ):
        if np.isnan(mw_it):
            yield f"{place}, {service}: demand of {wanted:.4f} MW IT is missing"
        else:
            yield (
                f"{place}, {service}: {mw_it:.4f} MW IT served and unserved, "
                f"demand is {wanted:.4f} MW IT"
            )


def served_as_promised(facts: Facts) -> list[str]:
    """A class without a price is served in full, one with a share promised to that share."""
    demand = facts.demand["mw_it"]
    floor = demand.index.get_level_values("service").map(
        {name: stated.floor for name, stated in facts.scenario.services.items()}
    )
    least = demand * floor.to_numpy(float)
    served = facts.served.groupby(KEYS)["mw_it"].sum().reindex(demand.index, fill_value=0.0)
    short = pd.DataFrame({"served": served, "least": least})[served < least - POWER_MW]
    return told(
        f"{r.place}, {r.service}: {r.served:.4f} MW IT served, {r.least:.4f} MW IT are promised"
        for r in _each(short.reset_index())
    )


def served_from_one_site(facts: Facts) -> list[str]:
    """A place of a class that may not be split is served whole by one site, or not at all."""
    split = {name: stated.split for name, stated in facts.scenario.services.items()}
    known = facts.known[~facts.known["service"].map(split).astype(bool)]
    parts = known[known["mw_it"] > POWER_MW].groupby(KEYS).size().rename("parts").reset_index()
    return told(
        f"{r.place}, {r.service}: may not be split, and is in {r.parts} parts"
        for r in _each(parts[parts["parts"] > 1])
    )


def within_bound(facts: Facts) -> list[str]:
    """Whoever is served is answered within the bound of the class."""
    bounds = bounds_ms(facts)
    served = facts.served.assign(bound_ms=facts.served["service"].map(bounds).astype(float))
    late = served[~(served["true_rtt_ms"] <= served["bound_ms"] + RTT_MS)]
    return told(
        f"{r.place}, {r.service}: {r.site} answers in {r.true_rtt_ms:.6f} ms, "
        f"the bound is {r.bound_ms:g} ms"
        for r in _each(late)
    )


def over_pairs_that_may_serve(facts: Facts) -> list[str]:
    """Where tables name all pairs that may serve, nobody is served over another."""
    return told(
        f"{r.place}, {r.service}: served from {r.site}, and no such pair may serve"
        for r in _each(unnamed(facts.named, facts.served))
    )


def round_trips_as_they_are(facts: Facts) -> list[str]:
    """The round trip stated is the measured one, or access, fibre and processing; or none."""
    wrong = facts.known[differ(facts.known["rtt_ms"], facts.known["true_rtt_ms"], RTT_MS)]
    return told(
        f"{r.place}, {r.service}: {r.site or 'no site'} is said to answer in {r.rtt_ms:.6f} ms, "
        f"it is {r.true_rtt_ms:.6f} ms"
        for r in _each(wrong)
    )


def places_where_they_are(facts: Facts) -> list[str]:
    """Name and position of a place are those of its table."""
    known = facts.known
    moved = (known["name"] != known["true_name"]).to_numpy(bool, copy=True)
    for axis in ("lat", "lon"):
        moved |= differ(known[axis], known[f"true_{axis}"], SAME)
    return told(
        f"{r.place}: stated as {r.name} at {r.lat:.5f}, {r.lon:.5f}; "
        f"the table says {r.true_name} at {r.true_lat:.5f}, {r.true_lon:.5f}"
        for r in _each(known[moved].drop_duplicates("place"))
    )


def _each(rows: pd.DataFrame) -> Iterator[Any]:
    return rows.itertuples(index=False)


PROMISES: tuple[Promise, ...] = (
    only_known_names,
    each_pair_once,
    sound_megawatts,
    demand_accounted_for,
    served_as_promised,
    served_from_one_site,
    within_bound,
    over_pairs_that_may_serve,
    round_trips_as_they_are,
    places_where_they_are,
)
