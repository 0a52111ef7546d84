"""The textbook model in linopy, handed to HiGHS without a file."""

import time

import linopy
import numpy as np
import xarray as xr

from benchmarks.methods import Counts, Limits, Watch
from benchmarks.methods.highs import run
from benchmarks.methods.textbook import pairs_of
from microdc.instance import Instance


def solve(instance: Instance, limits: Limits, watch: Watch) -> Counts:
    """Solve the textbook model, strong linking."""
    started_s = time.monotonic()
    return run(textbook(instance).to_highspy(), limits, watch, started_s)


def textbook(instance: Instance) -> linopy.Model:
    """
    Build the textbook model: z and x over sites, y over pairs, v over points.

    Pairs are one long dimension, so that only those within bound exist.
    """
    sites = instance.sites.reset_index(drop=True).rename_axis("site").to_xarray()
    points = instance.points.rename_axis("point").to_xarray()
    point, site = (
        xr.DataArray(index, dims="pair", name=name)
        for index, name in zip(pairs_of(instance), ("point", "site"), strict=True)
    )
    mw_it = points["mw_it"]
    of_pair = mw_it.isel(point=point).drop_vars("point")

    reached, reaching = np.unique(point), np.unique(site)
    beyond = mw_it.where(~mw_it["point"].isin(reached), 0.0)

    m = linopy.Model()
    z = m.add_variables(binary=True, coords=sites["cap_mw"].coords, name="z")
    x = m.add_variables(lower=0, upper=sites["cap_mw"], name="x")
    y = m.add_variables(lower=0, upper=of_pair, name="y")
    v = m.add_variables(lower=beyond, upper=mw_it, name="v")

    served = (1 * y).groupby(point).sum()
    load = (1 * y).groupby(site).sum()
    m.add_constraints(served + v.sel(point=reached) == mw_it.sel(point=reached), name="serve")
    m.add_constraints(load * sites["pue"].sel(site=reaching) <= x.sel(site=reaching), name="carry")
    m.add_constraints(x <= sites["cap_mw"] * z, name="within_cap")
    m.add_constraints(x >= sites["min_mw"] * z, name="at_least_min")
    m.add_constraints(y <= of_pair * z.isel(site=site), name="from_built")

    price = instance.groups["unserved_mn_per_mw_yr"].to_numpy()[instance.points["group"]]
    m.add_objective(
        (sites["site_mn_yr"] * z).sum()
        + (sites["size_mn_per_mw_yr"] * x).sum()
        + (xr.DataArray(price, dims="point") * v).sum()
    )
    return m
