"""What may be out, one thing at a time or two together, and which of it need not be looked at."""

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, eye_array, vstack

from microdc.assembly.limits import at_and_below
from microdc.inputs.region import Region
from microdc.instance import Ints, Outages, Reach
from microdc.scenario import Resilience, Scenario


def outages_of(
    scenario: Scenario, region: Region, points: pd.DataFrame, reach: Reach, sites: pd.Index
) -> Outages | None:
    """
    Give what must be survived; None where nothing must be.

    `points` have the share `kept`, `reach` tells who may serve them in an outage, `sites` are ids.
    """
    if scenario.resilience is None:
        return None
    what, out = possible_outages(scenario.resilience, region, sites)
    worst = _within_no_other(out)
    return Outages(
        what=what.iloc[worst].reset_index(drop=True),
        sites=csr_array(out[worst]),
        reach=reach,
        kept=points["kept"].to_numpy(dtype=float),
        at_once=scenario.resilience.at_once,
    )


def possible_outages(
    resilience: Resilience, region: Region, sites: pd.Index
) -> tuple[pd.DataFrame, csr_array]:
    """
    Give everything that may be out: `kind` and `id`, and the sites that each takes out.

    Sites come first, then nodes, then zones, and what takes no site out is left away. The matrix
    has a one for each outage (row) and site in it.
    """
    kinds: dict[str, tuple[pd.Index, csr_array]] = {}
    if "site" in resilience.survive:
        kinds["site"] = sites, csr_array(eye_array(len(sites)))
    if "node" in resilience.survive:
        kinds["node"] = region.substations.index, at_and_below(region.substations, sites)
    if "zone" in resilience.survive:
        kinds["zone"] = _inside(region.zones, sites)
    what = pd.concat([pd.DataFrame({"kind": kind, "id": ids}) for kind, (ids, _) in kinds.items()])
    out = csr_array(vstack([matrix for _, matrix in kinds.values()]))
    some = np.flatnonzero(np.diff(out.indptr))
    return what.iloc[some].reset_index(drop=True), csr_array(out[some])


def _inside(zones: pd.DataFrame, sites: pd.Index) -> tuple[pd.Index, csr_array]:
    """Give the zones, and the sites in each."""
    zone, ids = pd.factorize(zones["zone"], sort=True)
    site = sites.get_indexer(pd.Index(zones["host"]))
    there = site >= 0
    shape = len(ids), len(sites)
    return pd.Index(ids), csr_array((np.ones(there.sum()), (zone[there], site[there])), shape=shape)


def _within_no_other(out: csr_array) -> Ints:
    """
    Give the outages that lie within no other, of equal ones the first.

    Who survives the larger survives the smaller. So it is with two at once: where A lies within B,
    A with C lies within B with C, and A with B within B with whatever else.
    """
    size = np.asarray(out.sum(axis=1))
    shared = (out @ out.T).tocoo()
    one, other = shared.coords
    inside = (shared.data == size[one]) & (one != other)
    inside &= (size[one] < size[other]) | (one > other)
    kept = np.ones(len(size), dtype=bool)
    kept[one[inside]] = False
    return np.flatnonzero(kept)
