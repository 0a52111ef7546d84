"""Rows that count the sites which sets of demand points need, whatever is out."""

import numpy as np

from microdc.instance import Ints
from microdc.model.bound.needed import Counter, Needed
from microdc.oracles.base import TOLERANCE_MW_IT, Cut, Situation, Sizes
from microdc.oracles.hall import Around, Hall


class Counting:
    """
    Writes counting rows for sets of points, and finds the broken ones of single points.

    How many sites a set needs is counted over all candidates, however few are listed: so a row says
    the same whoever is taken into the list later, and prices prove as much as the relaxation.
    """

    def __init__(self, counter: Counter, hall: Hall) -> None:
        self.hall = hall
        self._counter = counter
        asking = [np.array([point]) for point in np.flatnonzero(hall.mw_it)]
        rows = [(one, self._needed(one)) for one in hall.around(asking)]
        self.alone = [(one, row) for one, row in rows if row is not None]
        self._points: Ints = np.array([one.wants[0] for one, _ in self.alone], dtype=np.int64)
        self._sites = np.array([row.sites for _, row in self.alone])
        self._per_mw_it = np.array([row.per_mw_it for _, row in self.alone])
        self._near = hall.reached_mw_it[self._points]
        self._near.data = np.ones_like(self._near.data)

    def cuts(self, around: list[Around], sizes: Sizes) -> list[Cut]:
        """Write the rows of some sets, and those of single points that sizes break."""
        left_mw_it = self.hall.share * sizes.unserved_mw_it
        have = self._near @ sizes.built + self._per_mw_it * left_mw_it[self._points]
        short = (1 - have / self._sites) * self.hall.mw_it[self._points]
        broken = np.flatnonzero(short > TOLERANCE_MW_IT)
        return [*self.rows(around), *(self._row(*self.alone[k]) for k in broken)]

    def rows(self, around: list[Around]) -> list[Cut]:
        """Write the rows of some sets, where any number of sites will do."""
        found = ((one, self._needed(one)) for one in around)
        return [self._row(one, row) for one, row in found if row is not None]

    def _needed(self, one: Around) -> Needed | None:
        return self._counter.of(one.wants) if len(one.suppliers) else None

    def _row(self, one: Around, row: Needed) -> Cut:
        """Write a row, scaled so that what is short of sites is told in MW IT."""
        need_mw_it = float(self.hall.mw_it[one.wants].sum())
        scale = need_mw_it / row.sites
        return Cut(
            wants=one.wants,
            points=one.wants,
            share=scale * row.per_mw_it * self.hall.share[one.wants],
            suppliers=one.suppliers,
            sites=one.suppliers,
            power=one.suppliers,
            within_mw_it=one.within_mw_it,
            mw_it_per_mw=np.zeros(len(one.suppliers)),
            per_site=np.full(len(one.suppliers), scale),
            per_mw=np.zeros(len(one.suppliers)),
            need_mw_it=need_mw_it,
            situation=Situation(outages=()),
        )
