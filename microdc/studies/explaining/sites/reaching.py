"""How far each place is from one host, against the bound of what it asks for."""

import numpy as np
import pandas as pd

from microdc.assembly import fibre_of, located, measured_pairs
from microdc.inputs.region import Region
from microdc.latency.measured import measured_or
from microdc.latency.reach import exact_rtt_ms
from microdc.scenario import Scenario, Service

Reached = pd.DataFrame


def reached_by(scenario: Scenario, region: Region, host: str) -> Reached:
    """
    Give the round trip of every place and class from one host.

    A row for each of `Region.demand`: `place`, `name`, `service`, `mw_it`, `rtt_ms` (on the
    ellipsoid, or as measured), `bound_ms` in order, and `widest_ms`, that in any state there is.
    """
    demand = region.demand
    access = demand["access_ms"].fillna(scenario.latency.access_ms)
    hosts = located(scenario, region.hosts.loc[np.repeat(host, len(demand))])
    places = demand[["lat", "lon"]].assign(access_ms=access)
    formula_ms = exact_rtt_ms(places, hosts, fibre_of(scenario))
    pairs = demand[["place", "service"]].assign(site=host)
    service = demand["service"].map(scenario.services)
    return pd.DataFrame(
        {
            **{c: demand[c].to_numpy() for c in ("place", "name", "service", "mw_it")},
            "rtt_ms": measured_or(formula_ms, pairs, measured_pairs(scenario, region)),
            "bound_ms": [one.rtt_ms for one in service],
        }
    ).assign(widest_ms=[_widest_ms(scenario, one) for one in service])


def _widest_ms(scenario: Scenario, service: Service) -> float:
    if scenario.resilience is None:
        return service.rtt_ms
    return max(service.rtt_ms, service.outage_rtt_ms)


def nearest_in_words(reached: Reached) -> str:
    """Say which demand misses its bound by least, and by how much."""
    over_ms = reached["rtt_ms"] - reached["bound_ms"]
    one = reached.iloc[int(over_ms.to_numpy().argmin())]
    return (
        f"{one['name']} is {one['rtt_ms']:.2f} ms away and asks {one['service']} within "
        f"{one['bound_ms']:g} ms, so that bound would have to be {over_ms.min():.2f} ms looser"
    )
