"""Who is served from where: the least latency that the built sites allow."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, hstack, vstack

from microdc.instance import Floats, Instance, Ints
from microdc.model.build import StandardForm
from microdc.oracles.base import TOLERANCE_MW_IT
from microdc.solve.highs import Clock, Options, Program

_WATT_MW = 1e-6  # loads are told to the watt


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Demand points and built sites within bound, by row; `rtt_ms` exact."""

    point: Ints
    site: Ints
    rtt_ms: Floats


def least_latency(
    instance: Instance, mw: "pd.Series[float]", pairs: Pairs, unserved_mw_it: Floats
) -> pd.DataFrame:
    """
    Serve every point from built sites at the least demand-weighted round trip.

    Parameters
    ----------
    mw
        Grid connection of each built site (MW), by id.
    unserved_mw_it
        What each group of points may leave unserved (MW IT), as the search settled it.

    Returns
    -------
    `point` and `site` (rows; site -1 where demand stays unserved), `mw_it`, `rtt_ms`; every point
    adds up to its demand. Cost does not depend on it: energy is paid by size.
    """
    form = _form(instance, mw, pairs, unserved_mw_it)
    answer = Program(form, Options(threads=1), Clock(np.inf)).run()
    if not answer.has_values:
        msg = "the chosen sites cannot deliver what the search promised"
        raise AssertionError(msg)
    return _service(instance, pairs, answer.values)


def _form(
    instance: Instance, mw: "pd.Series[float]", pairs: Pairs, unserved_mw_it: Floats
) -> StandardForm:
    """Write the transport problem: flows per pair, then what each point leaves unserved."""
    points, groups = len(instance.points), len(instance.groups)
    sites = instance.sites.index.get_indexer(mw.index)
    flows = np.arange(len(pairs.point))
    ones = np.ones(len(flows))
    row_of_site = np.full(len(instance.sites), -1)
    row_of_site[sites] = np.arange(len(sites))
    pue = instance.sites["pue"].to_numpy()
    demand = instance.points["mw_it"].to_numpy()
    group = instance.points["group"].to_numpy()
    to_point = csr_array((ones, (pairs.point, flows)), shape=(points, len(flows)))
    from_site = csr_array(
        (pue[pairs.site], (row_of_site[pairs.site], flows)), shape=(len(sites), len(flows))
    )
    of_group = csr_array((np.ones(points), (group, np.arange(points))), shape=(groups, points))
    each = csr_array((np.ones(points), (np.arange(points), np.arange(points))))
    rows = vstack(
        [
            hstack([to_point, each]),
            hstack([from_site, csr_array((len(sites), points))]),
            hstack([csr_array((groups, len(flows))), of_group]),
        ]
    )
    dear = 1e3 * pairs.rtt_ms.max(initial=1.0)  # serve first, then save time
    # The search calls a shortfall below its tolerance none; so must this.
    most = np.concatenate([demand, mw.to_numpy(), unserved_mw_it + 2 * TOLERANCE_MW_IT])
    least = np.concatenate([demand, np.full(len(sites) + groups, -np.inf)])
    return StandardForm(
        cost=np.concatenate([pairs.rtt_ms, np.full(points, dear)]),
        offset=0.0,
        rows=csr_array(rows),
        row_lower=least,
        row_upper=most,
        lower=np.zeros(len(flows) + points),
        upper=np.concatenate([demand[pairs.point], demand]),
        integer=np.zeros(len(flows) + points, dtype=bool),
    )


def _service(instance: Instance, pairs: Pairs, values: Floats) -> pd.DataFrame:
    """Read flows to the watt; crumbs go to what each point is served with anyway."""
    demand = instance.points["mw_it"].to_numpy()
    must = instance.groups["max_unserved_mw_it"].to_numpy()[instance.points["group"]] <= 0
    flow, left = values[: len(pairs.point)].copy(), values[len(pairs.point) :].copy()
    flow[flow < _WATT_MW] = 0
    left[(left < _WATT_MW) | must] = 0
    served = np.bincount(pairs.point, weights=flow, minlength=len(demand))
    left[served == 0] = demand[served == 0]
    scale = np.divide(demand - left, served, out=np.zeros_like(served), where=served > 0)
    flow *= scale[pairs.point]
    some, short = np.flatnonzero(flow), np.flatnonzero(left)
    return pd.DataFrame(
        {
            "point": np.concatenate([pairs.point[some], short]),
            "site": np.concatenate([pairs.site[some], np.full(len(short), -1)]),
            "mw_it": np.concatenate([flow[some], left[short]]),
            "rtt_ms": np.concatenate([pairs.rtt_ms[some], np.full(len(short), np.nan)]),
        }
    ).sort_values(["point", "rtt_ms", "site"], ignore_index=True)
