"""
The rows that sets of demand points put on the sites in their reach.

By Hall's theorem in Hoffman's form, demand can be delivered exactly if every set S of demand
points finds enough power within its reach N(S):

    sum over i in N(S) of min(x_i / PUE_i, d(S in reach of i) z_i) + sum of v_j over S  >=  d(S)

Either of the two terms makes a valid linear row. The second is what strong linking rows
(flow <= demand x built) project to; it is the tighter one where a site reaches little of S.

In an outage the sum leaves out the sites that are out, and of every point counts what it keeps. In
an hour it counts what is wanted then, and the second term is no more than the site may draw.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

from microdc.instance import Floats, Instance, Ints, Reach
from microdc.oracles.base import (
    MOST_CUTS,
    OPEN,
    TOLERANCE_MW_IT,
    Cut,
    Situation,
    Sizes,
)

Linking = Literal["weak", "strong"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivering:
    """
    Who wants what, and who may give it.

    Of each want: its `point`, and the `share` of the point's demand that it is. Of each supplier:
    its `site`, where in `Sizes.power_mw` stands what it has (`power`), what it gives with all of
    that (`full_mw_it`), and what it gives at most whatever it has (`most_mw_it`; MW IT). `reach`
    leads from wants to suppliers.
    """

    point: Ints
    share: Floats
    site: Ints
    power: Ints
    full_mw_it: Floats
    most_mw_it: Floats
    reach: Reach


def at_full_size(instance: Instance, reach: Reach, share: Floats) -> Delivering:
    """Let every site give what its size allows to the points that it reaches."""
    sites = np.arange(len(instance.sites))
    return Delivering(
        point=np.arange(len(instance.points)),
        share=share,
        site=sites,
        power=sites,
        full_mw_it=instance.cap_mw_it,
        most_mw_it=np.full(len(sites), np.inf),
        reach=reach,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """A set of wants, the suppliers in its reach, and what of it lies in theirs (MW IT)."""

    wants: Ints
    suppliers: Ints
    within_mw_it: Floats


class Hall:
    """Writes rows, for one way in which suppliers reach wants."""

    def __init__(
        self,
        instance: Instance,
        delivering: Delivering,
        linking: Linking,
        period: int | None = None,
    ) -> None:
        self.linking = linking
        self.period = period
        self.of = delivering
        self.sites = len(instance.sites)
        self.share = delivering.share
        self.mw_it: Floats = self.share * instance.points["mw_it"].to_numpy()[delivering.point]
        self.pue = instance.sites["pue"].to_numpy()[delivering.site]
        reach = delivering.reach
        shape = (len(self.mw_it), len(self.pue))
        wanted_mw_it = np.repeat(self.mw_it, reach.sites_per_point)
        self.reached_mw_it = csr_array((wanted_mw_it, reach.site, reach.start), shape=shape)
        self.by_supplier: csc_array = self.reached_mw_it.tocsc()

    def wanted_mw_it(self, sizes: Sizes) -> Floats:
        """Give what is to be delivered to each want (MW IT)."""
        left_mw_it = self.share * sizes.unserved_mw_it[self.of.point]
        return np.maximum(self.mw_it - left_mw_it, 0.0)

    def by_power_mw_it(self, sizes: Sizes) -> Floats:
        """Give what the power of each supplier allows (MW IT)."""
        by_power: Floats = sizes.power_mw[self.of.power] / self.pue
        return by_power

    def supply_mw_it(self, sizes: Sizes) -> Floats:
        """Give what each supplier can give (MW IT)."""
        by_power = self.by_power_mw_it(sizes)
        held = np.isfinite(self.of.most_mw_it)
        if held.any():
            most = self.of.most_mw_it[held] * sizes.built[self.of.site[held]]
            by_power[held] = np.minimum(by_power[held], most)
        return by_power

    def open(self, sizes: Sizes) -> Ints:
        """Give the suppliers that take part in a max-flow."""
        there = (sizes.built > OPEN) | (sizes.mw > OPEN)
        return np.flatnonzero(there[self.of.site])

    def around(self, sets: list[Ints]) -> list[Around]:
        """Find for each set of wants the suppliers in its reach."""
        if not sets:
            return []
        start = np.concatenate([[0], np.cumsum([len(wants) for wants in sets])])
        shape = (len(sets), len(self.mw_it))
        member = csr_array((np.ones(start[-1]), np.concatenate(sets), start), shape=shape)
        within = csr_array(member @ self.reached_mw_it)
        within.sort_indices()
        rows = [slice(a, b) for a, b in zip(within.indptr, within.indptr[1:], strict=False)]
        return [
            Around(
                wants=wants,
                suppliers=(suppliers := within.indices[row].astype(np.int64)),
                within_mw_it=np.minimum(within.data[row], self.of.most_mw_it[suppliers]),
            )
            for wants, row in zip(sets, rows, strict=True)
        ]

    def tightest(self, around: Around, sizes: Sizes, outages: tuple[int, ...] | None = None) -> Cut:
        """Write the row of a set of wants that is tightest at these sizes."""
        at, within_mw_it = around.suppliers, around.within_mw_it
        built = sizes.built[self.of.site[at]]
        by_power = sizes.power_mw[self.of.power[at]] / self.pue[at]
        closed = built <= OPEN
        use_reach = self.worth_reach(around) & ((within_mw_it * built < by_power) | closed)
        return self.cut(around, use_reach, outages)

    def worth_reach(self, around: Around) -> NDArray[np.bool_]:
        """Tell where the term by reach can be the tighter: a site that could hold more."""
        if self.linking == "weak":
            return np.isfinite(self.of.most_mw_it[around.suppliers]) & self._holds_more(around)
        return self._holds_more(around)

    def _holds_more(self, around: Around) -> NDArray[np.bool_]:
        return np.asarray(around.within_mw_it < self.of.full_mw_it[around.suppliers])

    def cut(
        self, around: Around, use_reach: NDArray[np.bool_], outages: tuple[int, ...] | None = None
    ) -> Cut:
        """Write the row of a set of wants, with the term by reach for some of the suppliers."""
        at = around.suppliers
        return Cut(
            wants=around.wants,
            points=self.of.point[around.wants],
            share=self.share[around.wants],
            suppliers=at,
            sites=self.of.site[at],
            power=self.of.power[at],
            within_mw_it=around.within_mw_it,
            mw_it_per_mw=1 / self.pue[at],
            per_site=np.where(use_reach, around.within_mw_it, 0.0),
            per_mw=np.where(use_reach, 0.0, 1 / self.pue[at]),
            need_mw_it=float(self.mw_it[around.wants].sum()),
            situation=Situation(self.period, outages),
        )

    def carried_over(self, cuts: list[Cut], old: Ints) -> list[tuple[Around, NDArray[np.bool_]]]:
        """
        Find again what cuts of fewer sites speak of; `old` are the rows of those they were of.

        Gives the set of each, and where the term by reach is to be used: sites that were not there
        come in as closed ones do.
        """
        carried = []
        for cut, around in zip(cuts, self.around([cut.wants for cut in cuts]), strict=True):
            hour, site = np.divmod(cut.suppliers[cut.per_mw == 0], len(old))
            by_reach = np.isin(around.suppliers, hour * self.sites + old[site])
            fresh = ~np.isin(self.of.site[around.suppliers], old) & self.worth_reach(around)
            carried.append((around, by_reach | fresh))
        return carried


def around_of(cut: Cut) -> Around:
    """Give the set that a cut speaks of, among the suppliers that it does."""
    return Around(wants=cut.wants, suppliers=cut.suppliers, within_mw_it=cut.within_mw_it)


def broken(cuts: list[Cut], sizes: Sizes) -> list[Cut]:
    """Give the cuts that sizes break, the most broken first."""
    short_mw_it = np.array([cut.shortfall_mw_it(sizes) for cut in cuts])
    worst = np.argsort(-short_mw_it, kind="stable")[:MOST_CUTS]
    return [cuts[k] for k in worst if short_mw_it[k] > TOLERANCE_MW_IT]
