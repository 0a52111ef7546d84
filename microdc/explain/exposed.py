"""Demand that no plan can keep through every outage, because all who could serve it may be out."""

import numpy as np
from scipy.sparse import csr_array

from microdc.instance import Instance, Ints, Reach


def all_out_together(instance: Instance) -> dict[int, Ints]:
    """
    Find the points with a promise whose every site in reach some outage takes, and which outage.

    Gives rows of `Outages.what` (one, or two where two happen at once) by point. Such a point can
    be served in order only if nothing of it is promised: it must stay unserved. Points that no
    site reaches in order are not among them.
    """
    outages = instance.outages
    if outages is None or not outages.sites.shape[0]:
        return {}
    largest = np.diff(outages.sites.indptr).max()
    near = outages.reach.sites_per_point
    maybe = (near > 0) & (near <= outages.at_once * largest)
    maybe &= (outages.kept > 0) & (instance.reach.sites_per_point > 0)
    points = np.flatnonzero(maybe)
    found = _holding_all(
        _matrix(outages.reach, points, len(instance.sites)), outages.sites, outages.at_once
    )
    return {int(j): rows for j, rows in zip(points, found, strict=True) if rows[0] >= 0}


def _matrix(reach: Reach, points: Ints, sites: int) -> csr_array:
    kept = reach.keep(points)
    shape = len(points), sites
    return csr_array((np.ones(kept.pairs), kept.site, kept.start), shape=shape)


def _holding_all(sets: csr_array, out: csr_array, at_once: int) -> Ints:
    """Give the outages, at most so many, that hold each set of sites; -1 where none do."""
    if at_once == 1:
        return _holding(sets, out)[:, None]
    # Whichever two hold a set, one of them takes its first site, and the other what is left.
    taking = csr_array(out.T)
    first = taking[sets.indices[sets.indptr[:-1]]]
    owner, one = np.repeat(np.arange(sets.shape[0]), np.diff(first.indptr)), first.indices
    left = csr_array(sets[owner] - sets[owner].multiply(out[one]))
    left.eliminate_zeros()
    other = np.where(np.diff(left.indptr) == 0, one, _holding(left, out))
    found = np.full((sets.shape[0], 2), -1)
    both = np.flatnonzero(other >= 0)[::-1]  # of several pairs the first counts
    found[owner[both]] = np.column_stack([one, other])[both]
    return found


def _holding(sets: csr_array, out: csr_array) -> Ints:
    """Give the first outage that holds each set of sites; -1 where none does."""
    shared = csr_array(sets @ out.T)
    shared.sort_indices()
    of, row = shared.tocoo().coords
    held = np.flatnonzero(shared.data == np.diff(sets.indptr)[of])[::-1]
    found = np.full(sets.shape[0], -1)
    found[of[held]] = row[held]
    return found
