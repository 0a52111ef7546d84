"""
The rows that sets of demand points put on the sites in their reach.

By Hall's theorem in Hoffman's form, demand can be delivered exactly if every set S of demand
points finds enough power within its reach N(S):

    sum over i in N(S) of min(x_i / PUE_i, d(S in reach of i) z_i) + sum of v_j over S  >=  d(S)

Either of the two terms makes a valid linear row. The second is what strong linking rows
(flow <= demand x built) project to; it is the tighter one where a site reaches little of S.

In an outage the sum leaves out the sites that are out, and of every point counts what it keeps.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

from microdc.instance import Floats, Instance, Ints, Reach
from microdc.oracles.base import MOST_CUTS, OPEN, TOLERANCE_MW_IT, Cut, Sizes

Linking = Literal["weak", "strong"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """A set of demand points, the sites in its reach, and what of it lies in theirs (MW IT)."""

    points: Ints
    sites: Ints
    within_mw_it: Floats


class Hall:
    """Writes rows, for one way in which sites reach points and a share of their demand counts."""

    def __init__(self, instance: Instance, reach: Reach, share: Floats, linking: Linking) -> None:
        self.linking = linking
        self.share = share
        self.mw_it: Floats = share * instance.points["mw_it"].to_numpy()
        self.pue = instance.sites["pue"].to_numpy()
        self.cap_mw_it = instance.cap_mw_it
        shape = (len(instance.points), len(instance.sites))
        demand_mw_it = np.repeat(self.mw_it, reach.sites_per_point)
        self.reached_mw_it = csr_array((demand_mw_it, reach.site, reach.start), shape=shape)
        self.by_site: csc_array = self.reached_mw_it.tocsc()

    def wanted_mw_it(self, sizes: Sizes) -> Floats:
        """Give what is to be delivered to each point (MW IT)."""
        return np.maximum(self.mw_it - self.share * sizes.unserved_mw_it, 0.0)

    def around(self, sets: list[Ints]) -> list[Around]:
        """Find for each set of points the sites in its reach."""
        if not sets:
            return []
        start = np.concatenate([[0], np.cumsum([len(points) for points in sets])])
        shape = (len(sets), len(self.mw_it))
        member = csr_array((np.ones(start[-1]), np.concatenate(sets), start), shape=shape)
        within = csr_array(member @ self.reached_mw_it)
        within.sort_indices()
        rows = [slice(a, b) for a, b in zip(within.indptr, within.indptr[1:], strict=False)]
        return [
            Around(
                points=points,
                sites=within.indices[row].astype(np.int64),
                within_mw_it=within.data[row],
            )
            for points, row in zip(sets, rows, strict=True)
        ]

    def tightest(self, around: Around, sizes: Sizes, outage: tuple[int, ...] | None = None) -> Cut:
        """Write the row of a set of points that is tightest at these sizes."""
        sites, within_mw_it = around.sites, around.within_mw_it
        by_size = sizes.mw[sites] / self.pue[sites]
        by_reach = within_mw_it * sizes.built[sites]
        closed = sizes.built[sites] <= OPEN
        use_reach = self.worth_reach(around) & ((by_reach < by_size) | closed)
        return self.cut(around, use_reach, outage)

    def worth_reach(self, around: Around) -> NDArray[np.bool_]:
        """Tell where the term by reach can be the tighter: a site that could hold more."""
        if self.linking == "weak":
            return np.zeros(len(around.sites), dtype=bool)
        return np.asarray(around.within_mw_it < self.cap_mw_it[around.sites])

    def cut(
        self, around: Around, use_reach: NDArray[np.bool_], outage: tuple[int, ...] | None = None
    ) -> Cut:
        """Write the row of a set of points, with the term by reach for some of the sites."""
        return Cut(
            points=around.points,
            share=self.share[around.points],
            sites=around.sites,
            within_mw_it=around.within_mw_it,
            mw_it_per_mw=1 / self.pue[around.sites],
            per_site=np.where(use_reach, around.within_mw_it, 0.0),
            per_mw=np.where(use_reach, 0.0, 1 / self.pue[around.sites]),
            need_mw_it=float(self.mw_it[around.points].sum()),
            outage=outage,
        )

    def carried_over(self, cuts: list[Cut], old: Ints) -> list[tuple[Around, NDArray[np.bool_]]]:
        """
        Find again what cuts of fewer sites speak of; `old` are the rows of those they were of.

        Gives the set of each, and where the term by reach is to be used: sites that were not there
        come in as closed ones do.
        """
        carried = []
        for cut, around in zip(cuts, self.around([cut.points for cut in cuts]), strict=True):
            by_reach = np.isin(around.sites, old[cut.sites[cut.per_mw == 0]])
            fresh = ~np.isin(around.sites, old) & self.worth_reach(around)
            carried.append((around, by_reach | fresh))
        return carried


def around_of(cut: Cut) -> Around:
    """Give the set that a cut speaks of, among the sites that it does."""
    return Around(points=cut.points, sites=cut.sites, within_mw_it=cut.within_mw_it)


def broken(cuts: list[Cut], sizes: Sizes) -> list[Cut]:
    """Give the cuts that sizes break, the most broken first."""
    short_mw_it = np.array([cut.shortfall_mw_it(sizes) for cut in cuts])
    worst = np.argsort(-short_mw_it, kind="stable")[:MOST_CUTS]
    return [cuts[k] for k in worst if short_mw_it[k] > TOLERANCE_MW_IT]
