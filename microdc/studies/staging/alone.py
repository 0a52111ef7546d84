"""What the prices of a whole programme prove of each of its stages alone."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from microdc.instance import Floats, Instance, rows_of
from microdc.instance.stages.programme import id_in, of_stage
from microdc.model.bound.market import Market
from microdc.model.bound.prices import Prices
from microdc.solve.outcome import PriceProof
from microdc.solve.search.proof.told import prove


def proven_alone(
    proof: PriceProof, stage: int, within: Instance, weight_yr: float
) -> PriceProof | None:
    """
    Give what the programme's prices prove of a stage (number), whatever comes before or after.

    `within` is the stage's instance, demand out of reach set aside; its prices are those of a year.
    What ties the stage to others is left out, so the bound holds of every plan of it. None where
    the prices are of other demand.
    """
    start = id_in(stage, "")
    named = proof.points[proof.points["place"].str.startswith(start)]
    if len(named) != len(within.points):
        return None
    none = np.zeros((0, 0))
    prices = Prices(
        point=named["mn_per_mw_it_yr"].to_numpy() / weight_yr,
        outages=(),
        needed=(),
        hours=(),
        held=(),
        limit_by_hour=none,
        node=_of(proof.nodes, stage, within.nodes.index) / weight_yr,
        count=_of(proof.counts, stage, within.counts.index) / weight_yr,
        apart=_of_sets(proof, stage, within) / weight_yr,
        group=_of(proof.groups, stage, within.groups.index) / weight_yr,
        in_all=0.0,
        budget=0.0,
    )
    return prove(Market(within), prices).told(within)


def _of(prices: "pd.Series[float]", stage: int, index: pd.Index) -> Floats:
    """Give the prices of a stage's limits, in their order; nothing where none is told."""
    own: Mapping[object, float] = of_stage(prices, stage).to_dict()
    return np.array([own.get(name, 0.0) for name in index], dtype=float)


def _of_sets(proof: PriceProof, stage: int, within: Instance) -> Floats:
    """Give the prices of sets of sites of which one may be built."""
    price = dict(proof.apart)
    ids = [id_in(stage, str(site)) for site in within.sites.index]
    sets = [tuple(ids[row] for row in rows) for rows in rows_of(within.apart)]
    return np.array([price.get(one, 0.0) for one in sets], dtype=float)
