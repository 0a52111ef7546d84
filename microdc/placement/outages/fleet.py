"""A finished plan as numbers: who serves whom in order, and who may serve whom in an outage."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from microdc.assembly import pair_tables_of, within_bound
from microdc.inputs.region import Region
from microdc.instance import Floats, Ints, Reach
from microdc.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """
    A plan's sites and hubs, what they serve in order, and who may serve whom in an outage.

    hosts
        Sites and hubs that can carry load, by id: `mw` (grid; of a hub MW IT) and `mw_it`.
    wants
        `place` and `service` of whatever is served in order, one row each.
    want, host, mw_it
        Service in order: row of `wants`, row of `hosts`, power (MW IT); aligned.
    reach
        Hosts that answer each want within the bound that its class has in an outage.
    """

    hosts: pd.DataFrame
    wants: pd.DataFrame
    want: Ints
    host: Ints
    mw_it: Floats
    reach: Reach


def fleet_of(
    scenario: Scenario, region: Region, sizes_mw: "pd.Series[float]", service: pd.DataFrame
) -> Fleet:
    """
    Lay out a plan; `sizes_mw` by id (hubs: MW IT), `service` as `make_plan` takes it.

    Round trips are the measured ones, or those on the ellipsoid. Memory grows with the pairs.
    """
    sizes_mw = sizes_mw[sizes_mw > 0]
    pue = region.substations["pue"].fillna(scenario.sites.pue)
    pue = pue.reindex(sizes_mw.index, fill_value=1.0)
    served = service[service["site"].notna()]
    wants = served.groupby(["place", "service"], sort=False)
    want = wants.ngroup().to_numpy().astype(np.int64)
    known = wants.size().reset_index()[["place", "service"]]
    return Fleet(
        hosts=pd.DataFrame({"mw": sizes_mw, "mw_it": sizes_mw / pue}),
        wants=known,
        want=want,
        host=sizes_mw.index.get_indexer(pd.Index(served["site"])).astype(np.int64),
        mw_it=served["mw_it"].to_numpy(float),
        reach=_reach(scenario, region, known, sizes_mw.index),
    )


def _reach(scenario: Scenario, region: Region, wants: pd.DataFrame, hosts: pd.Index) -> Reach:
    asked = region.demand.set_index(["place", "service"]).loc[pd.MultiIndex.from_frame(wants)]
    bound_ms = {name: stated.outage_rtt_ms for name, stated in scenario.services.items()}
    points = asked.reset_index()[["place", "service", "lat", "lon", "access_ms"]]
    points = points.assign(
        access_ms=points["access_ms"].fillna(scenario.latency.access_ms),
        rtt_ms=points["service"].map(bound_ms).astype(float),
    )
    return within_bound(scenario, pair_tables_of(scenario, region), points, region.hosts.loc[hosts])
