"""Who may serve whom: by distance, or by what a table of pairs says, in order and in an outage."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from microdc.inputs.region import Region
from microdc.inputs.tables.forms.memory import memory_bytes
from microdc.instance import Floats, Reach
from microdc.latency.estimate import refuse_too_many_named, refuse_too_many_pairs
from microdc.latency.fibre import Fibre
from microdc.latency.measured import PAIR, in_force, measured_or, of_each_service, with_measured
from microdc.latency.only import reach_among
from microdc.latency.reach import exact_rtt_ms, sites_in_reach
from microdc.scenario import Scenario

_PAIRS_AT_ONCE = 1_000_000  # bounds memory


class PairTables(NamedTuple):
    """
    What tables say of pairs of a place, a service and a site, each once.

    pairs
        `place`, `service`, `site`, and `rtt_ms`, NaN where nothing was measured.
    alone
        Whether these alone may serve; else all that are near enough may.
    """

    pairs: pd.DataFrame
    alone: bool


def reaches(
    scenario: Scenario, region: Region, points: pd.DataFrame, sites: pd.Index
) -> tuple[Reach, Reach]:
    """
    Give who may serve whom in order, and in an outage: the very same where no bound relaxes.

    `points` are as `demand_of` gives them, `sites` ids. Raises InputError for more pairs within
    bound than fit into memory.
    """
    relaxed = points.assign(rtt_ms=points["outage_rtt_ms"])
    hosts = region.hosts.loc[sites]
    if scenario.names_pairs:
        named = max(len(region.measured), len(region.pair_prices))
        refuse_too_many_named(named * len(scenario.services), memory_bytes())
    else:
        where = located(scenario, hosts)
        refuse_too_many_pairs(relaxed, where, fibre_of(scenario), memory_bytes())
    tables = pair_tables_of(scenario, region)
    in_order = within_bound(scenario, tables, points, hosts)
    relaxes = (relaxed["rtt_ms"] > points["rtt_ms"]).any()
    return in_order, within_bound(scenario, tables, relaxed, hosts) if relaxes else in_order


def within_bound(
    scenario: Scenario, tables: PairTables, points: pd.DataFrame, hosts: pd.DataFrame
) -> Reach:
    """
    Give the hosts that may serve each point and answer it within its bound.

    `points` have `place`, `service`, `lat`, `lon`, `access_ms` and the bound `rtt_ms`; `hosts`, by
    id, `lat`, `lon` and `processing_ms`.
    """
    sites, fibre = located(scenario, hosts), fibre_of(scenario)
    if tables.alone:
        return reach_among(tables.pairs, points, sites, fibre)
    reach = sites_in_reach(points, sites, fibre)
    return with_measured(reach, points, hosts.index, tables.pairs) if len(tables.pairs) else reach


def pair_tables_of(scenario: Scenario, region: Region) -> PairTables:
    """Give what tables say of pairs: seconds for millions of them, so once for many questions."""
    alone = _alone(scenario, region)
    if alone is not None:
        return PairTables(alone, alone=True)
    return PairTables(measured_pairs(scenario, region), alone=False)


def _alone(scenario: Scenario, region: Region) -> pd.DataFrame | None:
    """
    Give the pairs that alone may serve, where a table says so; None: all that are near enough may.

    `place`, `service`, `site`, and `rtt_ms`, NaN where nothing was measured. Where two tables say
    so, a pair is in both.
    """
    if not scenario.names_pairs:
        return None
    measured = measured_pairs(scenario, region)
    if scenario.pair_prices is None or not scenario.pair_prices.only:
        return measured
    priced = of_each_service(region.pair_prices, list(scenario.services))[PAIR]
    both = scenario.measured is not None and scenario.measured.only
    return priced.merge(measured, on=PAIR, how="inner" if both else "left")


def allowed_rtt_ms(
    scenario: Scenario, region: Region, places: pd.DataFrame, hosts: pd.DataFrame
) -> Floats:
    """
    Give the round trip (ms) of each place with the host in its row; infinite: it may not serve.

    `places` have `place`, `service`, `lat`, `lon` and `access_ms`; `hosts`, by id, `lat`, `lon` and
    `processing_ms`.
    """
    formula_ms = exact_rtt_ms(places, located(scenario, hosts), fibre_of(scenario))
    pairs = places[["place", "service"]].assign(site=hosts.index)
    told, alone = pair_tables_of(scenario, region)
    told = told[told["site"].isin(hosts.index.unique())]
    rtt_ms = measured_or(formula_ms, pairs, told)
    if not alone:
        return rtt_ms
    may = pd.MultiIndex.from_frame(pairs[PAIR]).isin(pd.MultiIndex.from_frame(told[PAIR]))
    return np.where(may, rtt_ms, np.inf)


def with_round_trips(
    reach: Reach, scenario: Scenario, region: Region, points: pd.DataFrame, sites: pd.Index
) -> Reach:
    """
    Add the exact round trip (ms) of each pair, where a limit or an objective asks for it.

    The mean counts every class; the longest those with a promise, and others are NaN then.
    """
    if scenario.limits.mean_rtt_ms is not None or "least-mean-rtt" in scenario.objective:
        asked = list(scenario.services)
    elif "least-worst-rtt" in scenario.objective:
        asked = [name for name, stated in scenario.services.items() if stated.floor > 0]
    else:
        return reach
    return replace(reach, rtt_ms=of_pairs_ms(reach, scenario, region, points, sites, asked))


def of_pairs_ms(
    reach: Reach,
    scenario: Scenario,
    region: Region,
    points: pd.DataFrame,
    sites: pd.Index,
    services: list[str],
) -> Floats:
    """Give the exact round trip (ms) of each pair of some classes; NaN for others."""
    owner = np.repeat(np.arange(len(points)), reach.sites_per_point)
    rtt_ms = np.full(reach.pairs, np.nan)
    wanted = np.flatnonzero(points["service"].isin(services).to_numpy()[owner])
    for first in range(0, len(wanted), _PAIRS_AT_ONCE):
        some = wanted[first : first + _PAIRS_AT_ONCE]
        asked = points[["place", "service"]].iloc[owner[some]]
        rtt_ms[some] = round_trips_ms(scenario, region, asked, sites[reach.site[some]])
    return rtt_ms


def round_trips_ms(
    scenario: Scenario, region: Region, asked: pd.DataFrame, hosts: pd.Index
) -> Floats:
    """Give the round trip (ms) of each `place` and `service` with the host (id) in the same row."""
    demand = region.demand.set_index(["place", "service"])
    demand = demand.assign(access_ms=demand["access_ms"].fillna(scenario.latency.access_ms))
    places = demand.loc[pd.MultiIndex.from_frame(asked), ["lat", "lon", "access_ms"]]
    sites = located(scenario, region.hosts.loc[hosts])
    formula_ms = exact_rtt_ms(places, sites, fibre_of(scenario))
    return measured_or(formula_ms, asked.assign(site=hosts), measured_pairs(scenario, region))


def fibre_of(scenario: Scenario) -> Fibre:
    """Give the path from distance to time that a scenario states."""
    return Fibre(route_factor=scenario.latency.route_factor, km_per_ms=scenario.latency.km_per_ms)


def measured_pairs(scenario: Scenario, region: Region) -> pd.DataFrame:
    """Give the measured round trip (ms) that counts for each `place`, `service` and `site`."""
    percentile = scenario.measured.percentile if scenario.measured else None
    return in_force(region.measured, percentile, list(scenario.services))


def located(scenario: Scenario, hosts: pd.DataFrame) -> pd.DataFrame:
    """Give `lat`, `lon` and `processing_ms` of hosts, the scenario's where not stated."""
    processing_ms = hosts["processing_ms"].fillna(scenario.latency.processing_ms)
    return hosts[["lat", "lon"]].assign(processing_ms=processing_ms)
