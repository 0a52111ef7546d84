"""What a plan says of each class of service: how much of it is served, how well, in computers."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from microdc.inputs.region import Region
from microdc.latency.measured import PAIR, of_each_service
from microdc.scenario import Scenario
from microdc.scenario.parts.rtt_price import mn_per_mw_it_yr


def classes_of(
    scenario: Scenario,
    region: Region,
    service: pd.DataFrame,
    out_of_reach_mw_it: Mapping[str, float],
) -> pd.DataFrame:
    """
    Describe the classes of a plan, in the scenario's order.

    `service` is as `make_plan` takes it, `out_of_reach_mw_it` demand beyond everyone's reach.
    """
    demand = region.demand.groupby("service")["mw_it"].sum()
    served = service[service["site"].notna()]
    latency_mn_yr = _latency_mn_yr(scenario, served)
    pairs_mn_yr = _pairs_mn_yr(scenario, region, served)
    pue = region.substations["pue"].fillna(scenario.sites.pue)
    by_class = served.assign(
        mw_ms=served["mw_it"] * served["rtt_ms"], load_mw=served["mw_it"] * served["site"].map(pue)
    ).groupby("service")
    served_mw_it = by_class["mw_it"].sum()
    rows = []
    for name, stated in scenario.services.items():
        wanted = float(demand.get(name, 0.0))
        got = float(served_mw_it.get(name, 0.0))
        unserved = max(0.0, wanted - got)
        racks = scenario.compute.racks(got)
        rows.append(
            {
                "service": name,
                "rtt_bound_ms": stated.rtt_ms,
                "demand_mw_it": wanted,
                "served_mw_it": got,
                "served_share": got / wanted if wanted else 1.0,
                "out_of_reach_mw_it": float(out_of_reach_mw_it.get(name, 0.0)),
                "worst_rtt_ms": by_class["rtt_ms"].max().get(name, np.nan),
                "mean_rtt_ms": by_class["mw_ms"].sum().get(name, np.nan) / got if got else np.nan,
                "load_mw": float(by_class["load_mw"].sum().get(name, 0.0)),
                "racks": racks,
                "gpus": racks * scenario.compute.gpus_per_rack,
                "queries_per_s": stated.queries_per_s(got),
                "tokens_per_s": stated.tokens_per_s(got),
                "latency_mn_yr": latency_mn_yr[name],
                "pairs_mn_yr": float(pairs_mn_yr.get(name, 0.0)),
                "unserved_mn_yr": unserved * (stated.unserved_mn_per_mw_yr or 0.0),
            }
        )
    return pd.DataFrame(rows)


def _latency_mn_yr(scenario: Scenario, served: pd.DataFrame) -> dict[str, float]:
    """Give what the round trips of each class cost (millions a year)."""
    paid = {}
    for name, stated in scenario.services.items():
        mine = served[served["service"] == name]
        price = mn_per_mw_it_yr(stated.rtt_price, mine["rtt_ms"].to_numpy(dtype=float))
        paid[name] = float(mine["mw_it"].to_numpy(dtype=float) @ price)
    return paid


def _pairs_mn_yr(scenario: Scenario, region: Region, served: pd.DataFrame) -> "pd.Series[float]":
    """Give what serving over its pairs costs each class (millions a year)."""
    table = of_each_service(region.pair_prices, list(scenario.services))
    price = table.set_index(PAIR)["mn_per_mw_yr"]
    stated = price.reindex(pd.MultiIndex.from_frame(served[PAIR])).fillna(0.0)
    priced = served.assign(paid_mn_yr=served["mw_it"] * stated.to_numpy(dtype=float))
    return priced.groupby("service")["paid_mn_yr"].sum()
