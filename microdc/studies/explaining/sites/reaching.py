"""How far each place is from one host, against the bound of what it asks for."""

import numpy as np
import pandas as pd

from microdc.assembly import allowed_rtt_ms
from microdc.inputs.region import Region
from microdc.scenario import Scenario, Service

Reached = pd.DataFrame


def reached_by(scenario: Scenario, region: Region, host: str) -> Reached:
    """
    Give the round trip of every place and class from one host.

    A row for each of `Region.demand`: `place`, `name`, `service`, `mw_it`, `rtt_ms` (on the
    ellipsoid, or as measured; infinite where it may not serve), `bound_ms` in order, and
    `widest_ms`, that in any state there is.
    """
    demand = region.demand
    access = demand["access_ms"].fillna(scenario.latency.access_ms)
    hosts = region.hosts.loc[np.repeat(host, len(demand))]
    places = demand[["place", "service", "lat", "lon"]].assign(access_ms=access)
    service = demand["service"].map(scenario.services)
    return pd.DataFrame(
        {
            **{c: demand[c].to_numpy() for c in ("place", "name", "service", "mw_it")},
            "rtt_ms": allowed_rtt_ms(scenario, region, places, hosts),
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
    if np.isinf(over_ms).all():
        return "none of the pairs that alone may serve is with it"
    one = reached.iloc[int(over_ms.to_numpy().argmin())]
    return (
        f"{one['name']} is {one['rtt_ms']:.2f} ms away and asks {one['service']} within "
        f"{one['bound_ms']:g} ms, so that bound would have to be {over_ms.min():.2f} ms looser"
    )
