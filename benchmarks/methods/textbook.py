"""The textbook model as arrays: sites, sizes, and one flow for every pair within bound."""

from typing import Literal

import numpy as np
from scipy.sparse import block_array, coo_array, csr_array, diags_array, eye_array

from microdc.instance import Instance
from microdc.model.build import StandardForm

Linking = Literal["weak", "strong"]


def textbook(instance: Instance, linking: Linking) -> StandardForm:
    """
    Build the textbook model without any modelling library.

    Columns are z (sites), x (sites), y (pairs) and v (points). Rows: serve or leave every point,
    carry within size, size within cap and at least the smallest. Weak linking stops there; strong
    adds y <= d z for every pair. Rules beyond those of the benchmark instances are not expressed.
    """
    sites, points = instance.sites, instance.points
    n, m = len(sites), len(points)
    mw_it = points["mw_it"].to_numpy()
    owner, site = pairs_of(instance)
    price = instance.groups["unserved_mn_per_mw_yr"].to_numpy()[points["group"]]
    cap, least = sites["cap_mw"].to_numpy(), sites["min_mw"].to_numpy()
    serve = _ones(owner, m)
    carry = diags_array(sites["pue"].to_numpy()) @ _ones(site, n)
    rows = [
        [None, None, serve, eye_array(m)],
        [None, -eye_array(n), carry, None],
        [-diags_array(cap), eye_array(n), None, None],
        [diags_array(least), -eye_array(n), None, None],
    ]
    upper = [mw_it, *[np.zeros(n)] * 3]
    if linking == "strong":
        link = coo_array((-mw_it[owner], (np.arange(len(site)), site)), (len(site), n))
        rows.append([link, None, eye_array(len(site)), None])
        upper.append(np.zeros(len(site)))
    row_upper = np.concatenate(upper)
    return StandardForm(
        cost=np.concatenate(
            [sites["site_mn_yr"], sites["size_mn_per_mw_yr"], np.zeros(len(site)), price]
        ),
        offset=instance.constant_mn_yr,
        rows=csr_array(block_array(rows, format="csr")),
        row_lower=np.where(np.arange(len(row_upper)) < m, row_upper, -np.inf),
        row_upper=row_upper,
        lower=np.zeros(2 * n + len(site) + m),
        upper=np.concatenate([np.ones(n), cap, mw_it[owner], mw_it]),
        integer=np.arange(2 * n + len(site) + m) < n,
    )


def pairs_of(instance: Instance) -> tuple[np.ndarray, np.ndarray]:
    """Give point and site of every pair within bound, aligned."""
    reach = instance.reach
    owner = np.repeat(np.arange(len(instance.points), dtype=np.int32), reach.sites_per_point)
    return owner, reach.site


def _ones(row: np.ndarray, rows: int) -> coo_array:
    """Give a matrix that adds up the pairs of each row."""
    return coo_array((np.ones(len(row)), (row, np.arange(len(row)))), (rows, len(row)))
