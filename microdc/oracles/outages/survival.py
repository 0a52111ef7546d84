"""
Can what is left keep what was promised when something is out? Asked of every outage.

A set of demand points that is short of power in one outage is usually short in others near it: so
each known set is tried in all of them at once, by sums over its row, before any max-flow is asked.
"""

from collections.abc import Callable, Iterator
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from microdc.instance import Floats, Instance, Ints, Outages
from microdc.model.bound.needed import Counter
from microdc.oracles.base import MOST_CUTS, TOLERANCE_MW_IT, Cut, OutOfTimeError, Sizes
from microdc.oracles.delivery import short_sets
from microdc.oracles.hall import Around, Hall, Linking, around_of, at_full_size, broken
from microdc.oracles.network import FIRST, Network, Routed
from microdc.oracles.outages.counting import Counting
from microdc.oracles.outages.rerouting import Lost, Rerouting

_WORST = 3  # outages of each set that are written down in one round

Rows = tuple[int, ...]
"""Outages that happen together."""


class Survival:
    """Finds outages in which sets of demand points are left with too little power."""

    def __init__(
        self,
        instance: Instance,
        outages: Outages,
        linking: Linking = "strong",
        expired: Callable[[], bool] = lambda: False,
        counter: Counter | None = None,
    ) -> None:
        self._expired = expired
        self.outages = outages
        self.hall = Hall(instance, at_full_size(instance, outages.reach, outages.kept), linking)
        self.network = Network(self.hall)
        self._by_outage = csr_array(outages.sites.T)
        self.counting = Counting(counter or Counter(instance, outages), self.hall)

    def violated_by(self, sizes: Sizes) -> list[Cut]:
        """Give rows of the outages found that leave too little; the sets are tried in all."""
        routed = self.network.routed(sizes)
        if routed.missing.nnz:  # short with nothing out, so in any outage
            whole, local = short_sets(routed)
            cuts = self._in_worst(self.hall.around([*local, *whole]), sizes)
            if short := broken(cuts, sizes):
                return short
        # What is missing with nothing out is crumbs: of outages it says nothing.
        found: dict[int, Cut] = {}
        known = np.zeros(self.outages.sites.shape[0], dtype=bool)
        for rows, lost in self.losses(routed, known):
            (around,) = self.hall.around([lost.points])
            cuts = [self._tightest(around, rows, sizes), *self._in_worst([around], sizes)]
            found |= {cut.key: cut for cut in broken(cuts, sizes)}
            terms, spare_mw_it = self._terms([around], sizes)
            known |= (terms @ self._by_outage).toarray()[0] > spare_mw_it[0] + TOLERANCE_MW_IT
            if len(found) >= MOST_CUTS:
                break
        return broken(list(found.values()), sizes)

    def sharpened(self, cuts: list[Cut], sizes: Sizes) -> list[Cut]:
        """Try the sets of known cuts in every outage; give the rows broken. Needs no max-flow."""
        known = {cut.wants.tobytes(): cut.wants for cut in cuts}
        kept = [points[self.hall.share[points] > 0] for points in known.values()]
        around = self.hall.around([points for points in kept if len(points)])
        cuts = [*self._in_worst(around, sizes), *self.counting.cuts(around, sizes)]
        return broken(cuts, sizes)

    def rewritten(self, cuts: list[Cut], sizes: Sizes) -> list[Cut]:
        """Write cuts of outages anew, as tight as they can be at other sizes."""
        return [
            self.hall.tightest(around_of(cut), sizes, cut.situation.outages)
            for cut in cuts
            if cut.situation.outages
        ]

    def delivers(self, sizes: Sizes) -> bool:
        """Tell whether all that is promised is kept in every outage."""
        routed = self.network.routed(sizes)
        return not routed.missing.nnz and not any(True for _ in self.losses(routed))

    def missing_mw_it(self, sizes: Sizes) -> Floats:
        """Give what each point must leave (MW IT) for all outages to be survived."""
        routed = self.network.routed(sizes)
        left = routed.missing.toarray()[0][FIRST : FIRST + self.network.wants].astype(np.int64)
        worst = left.copy()
        for _, lost in self.losses(routed):
            at = lost.missing_points
            worst[at] = np.maximum(worst[at], left[at] + lost.missing)
        missing_mw_it = self.network.mw_it(worst)
        share = self.hall.share
        return np.divide(missing_mw_it, share, out=np.zeros_like(share), where=share > 0)

    def carried_over(self, cuts: list[Cut], old: Ints) -> list[Cut]:
        """Write cuts of fewer sites again, now over all; `old` are the rows of those before."""
        mine = [cut for cut in cuts if cut.situation.outages is not None]
        carried = list(zip(mine, self.hall.carried_over(mine, old), strict=True))
        written = []
        for cut, (around, use_reach) in carried:
            if out := cut.situation.outages:
                left = self._left(around, out)
                written.append(self.hall.cut(_some(around, left), use_reach[left], out))
        counted = [around for cut, (around, _) in carried if cut.situation.outages == ()]
        return [*written, *self.counting.rows(counted)]

    def losses(
        self, routed: Routed, known: NDArray[np.bool_] | None = None
    ) -> Iterator[tuple[Rows, Lost]]:
        """
        Give what is lost in each state that costs something, the heaviest loads first.

        Outages that are `known` to cost something by then are passed over. Raises OutOfTimeError.
        """
        rerouting = Rerouting(routed)
        taken = csr_array(self.outages.sites[:, routed.suppliers])
        load = taken @ rerouting.load
        touched = np.flatnonzero(np.diff(taken.indptr))
        order = touched[np.argsort(-load[touched], kind="stable")].tolist()
        for rows in combinations(order, min(self.outages.at_once, max(1, len(order)))):
            if self._expired():
                raise OutOfTimeError
            passed_over = known is not None and known[list(rows)].any()
            if passed_over or not load[list(rows)].any():
                continue
            lost = rerouting.without(np.unique(taken[list(rows)].indices))
            if lost is not None:
                yield tuple(sorted(rows)), lost

    def _in_worst(self, around: list[Around], sizes: Sizes) -> list[Cut]:
        """Write the row of each set for the outages that take most from it."""
        if not around or not self.outages.sites.shape[0]:
            return []
        terms, spare_mw_it = self._terms(around, sizes)
        taken = csr_array(terms @ self._by_outage)
        cuts = []
        for k, one in enumerate(around):
            row = slice(*taken.indptr[k : k + 2])
            worst = np.argsort(-taken.data[row], kind="stable")[:_WORST]
            outages = taken.indices[row][worst].tolist() or [0]  # short whatever is out
            if taken.data[row][worst].max(initial=0.0) > spare_mw_it[k] + TOLERANCE_MW_IT:
                cuts += [self._tightest(one, (outage,), sizes) for outage in outages]
        return cuts

    def _terms(self, around: list[Around], sizes: Sizes) -> tuple[csr_array, Floats]:
        """Give what each site adds to the row of each set, and what is spare with nothing out."""
        start = np.concatenate([[0], np.cumsum([len(one.suppliers) for one in around])])
        site = np.concatenate([one.suppliers for one in around])
        term = sizes.mw[site] / self.hall.pue[site]
        if self.hall.linking == "strong":
            within_mw_it = np.concatenate([one.within_mw_it for one in around])
            term = np.minimum(term, within_mw_it * sizes.built[site])
        terms = csr_array((term, site, start), shape=(len(around), len(self.hall.pue)))
        wanted_mw_it = self.hall.wanted_mw_it(sizes)
        need_mw_it = np.array([wanted_mw_it[one.wants].sum() for one in around])
        return terms, terms.sum(axis=1) - need_mw_it

    def _tightest(self, around: Around, rows: Rows, sizes: Sizes) -> Cut:
        return self.hall.tightest(_some(around, self._left(around, rows)), sizes, rows)

    def _left(self, around: Around, rows: Rows) -> NDArray[np.bool_]:
        """Tell which of the sites around a set are left when some outages happen together."""
        return ~np.isin(around.suppliers, self.outages.sites[list(rows)].indices)


def _some(around: Around, kept: NDArray[np.bool_]) -> Around:
    return Around(
        wants=around.wants,
        suppliers=around.suppliers[kept],
        within_mw_it=around.within_mw_it[kept],
    )
