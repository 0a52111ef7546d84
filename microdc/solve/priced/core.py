"""
The textbook model on the pairs that matter, and all others in a few columns.

Whoever is served over another pair (j, i) counts as served from far: a column for each point and
one for each site, which add up to the same, at prices that no such pair undercuts together:

    a_ji >= far_j - pue_i * worth_i,     far_j = min over other pairs of (a_ji + pue_i * worth_i)

So the model relaxes that with all pairs. Where far is not used, its answer is one of that.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from microdc.instance import Floats, Instance, Ints
from microdc.model.build import StandardForm, build, compile_model
from microdc.solve.forms import relaxed
from microdc.solve.highs import Answer
from microdc.solve.priced.auction import Auction

_ROUNDING_SHARE = 1e-6
_AMONG = 8  # pairs of each point with the sites of a plan, or of the relaxation


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where the columns of a core begin; z, x and v come first, as `model.build` has them."""

    pairs: int
    far: int
    from_far: int
    end: int


class Core:
    """The textbook model of an instance on some pairs; `chosen` tells which, of all."""

    def __init__(self, auction: Auction, instance: Instance) -> None:
        assert instance.reach.mn_per_mw_it_yr is not None
        self.auction, self.instance = auction, instance
        self.paid = instance.reach.mn_per_mw_it_yr
        self.planners = compile_model(build(instance))
        self.sites, self.points = len(auction.pue), len(auction.demand_mw_it)

    def form(
        self, chosen: NDArray[np.bool_], worth_mn_per_mw_yr: Floats | None = None
    ) -> StandardForm:
        """
        Write the model; `worth_mn_per_mw_yr` of a MW at each site prices what is far.

        Without it, nobody is served from far.
        """
        auction, base = self.auction, self.planners
        at = np.flatnonzero(chosen)
        columns = self.columns(len(at))
        point, site = auction.point[at], auction.site[at]
        rows, lower, upper = self._rows(point, site, columns)
        rows, lower, upper = self._with_mean_rtt(rows, lower, upper, chosen, columns)
        far, near = self._prices(chosen, worth_mn_per_mw_yr)
        nobody = np.isinf(far)
        most_far = np.where(nobody, 0.0, auction.demand_mw_it)
        most_near = np.where(nobody.all(), 0.0, auction.cap_mw / auction.pue)
        width = columns.end - columns.pairs
        wider = csr_array(
            (base.rows.data, base.rows.indices, base.rows.indptr),
            shape=(base.rows.shape[0], columns.end),
        )
        return replace(
            base,
            cost=np.concatenate([base.cost, self.paid[at], np.where(nobody, 0.0, far), near]),
            rows=csr_array(vstack([wider, rows])),
            row_lower=np.concatenate([base.row_lower, lower]),
            row_upper=np.concatenate([base.row_upper, upper]),
            lower=np.concatenate([base.lower, np.zeros(width)]),
            upper=np.concatenate([base.upper, auction.demand_mw_it[point], most_far, most_near]),
            integer=np.concatenate([base.integer, np.zeros(width, dtype=bool)]),
            rule=(),
        )

    def on_sites(self, sites: Ints, chosen: NDArray[np.bool_]) -> StandardForm:
        """Write the model where exactly these sites are built, and nobody is served from far."""
        form, n = self.form(chosen), self.sites
        lower, upper, shut = form.lower.copy(), form.upper.copy(), np.ones(n, dtype=bool)
        shut[sites] = False
        lower[sites] = 1.0
        upper[:n][shut] = upper[n : 2 * n][shut] = 0.0
        return replace(form, lower=lower, upper=upper)

    def cost_mn_yr(self, columns: Floats, flow_mw_it: Floats) -> float:
        """Give what a plan costs by its first columns, the others at 0, and who serves whom."""
        base = self.planners
        own = float(base.cost[: len(columns)] @ columns) + base.offset
        return own + float(self.paid @ flow_mw_it)

    @cached_property
    def most_mn_yr(self) -> float:
        """More than any plan costs: all at its dearest, and more than rounding may take."""
        base, dearest = self.planners, np.zeros(self.points)
        np.maximum.at(dearest, self.auction.point, self.paid)
        own = np.maximum(base.cost * base.upper, base.cost * base.lower).sum() + base.offset
        most = float(own + dearest @ self.auction.demand_mw_it)
        return most + _ROUNDING_SHARE * max(1.0, abs(most))

    def relaxed(self, form: StandardForm) -> StandardForm:
        """
        Drop integrality, and the row of room, which follows from the others then.

        It would take a share of the price of demand for itself, and prices say which pairs matter.
        """
        return replace(
            relaxed(form),
            rows=csr_array(form.rows[:-1]),
            row_lower=form.row_lower[:-1],
            row_upper=form.row_upper[:-1],
        )

    def nearest_among(self, sites: Ints, worth_mn_per_mw_yr: Floats) -> NDArray[np.bool_]:
        """Choose a few pairs of each point with some sites: by their price, and by power too."""
        at = np.sort(self.auction.pairs_of(sites))
        point, paid = self.auction.point[at], self.auction.paid[at]
        power = (self.auction.pue * worth_mn_per_mw_yr)[self.auction.site[at]]
        chosen = np.zeros(len(self.auction.point), dtype=bool)
        for dearer in (paid, paid + power):
            chosen[at] |= cheapest(point, dearer, _AMONG)
        return chosen

    def prices(self, answer: Answer) -> tuple[Floats, Floats]:
        """Give what a MW IT of each point is worth at an answer, and another MW at each site."""
        first = len(self.planners.row_lower)
        carry = first + self.points
        return answer.row_price[first:carry], -answer.row_price[carry : carry + self.sites]

    def columns(self, pairs: int) -> Columns:
        """Give where the columns begin in a core of so many pairs."""
        first = len(self.planners.cost)
        far = first + pairs
        return Columns(
            pairs=first,
            far=far,
            from_far=far + self.points,
            end=far + self.points + self.sites,
        )

    def far_mw_it(self, values: Floats) -> Floats:
        """Read how much of each point is served from far."""
        end = len(values) - self.sites
        return values[end - self.points : end]

    def _with_mean_rtt(
        self,
        rows: csr_array,
        lower: Floats,
        upper: Floats,
        chosen: NDArray[np.bool_],
        at: Columns,
    ) -> tuple[csr_array, Floats, Floats]:
        """
        Put the row of the mean round trip before that of room, where it is limited.

        What is served from far counts as the nearest that it stands for, which relaxes the row.
        """
        instance = self.instance
        rtt_ms, reached = instance.reach.rtt_ms, instance.reach.sites_per_point > 0
        if instance.most_mean_rtt_ms is None:
            return rows, lower, upper
        assert rtt_ms is not None
        waits = np.zeros(at.end)
        waits[2 * self.sites : 2 * self.sites + self.points] = instance.unserved_ms * reached
        waits[at.pairs : at.far] = rtt_ms[chosen]
        nearest_ms = np.full(self.points, np.inf)
        np.minimum.at(nearest_ms, self.auction.point[~chosen], rtt_ms[~chosen])
        waits[at.far : at.from_far] = np.where(np.isinf(nearest_ms), 0.0, nearest_ms)
        mean = csr_array(waits[None])
        return (
            csr_array(vstack([rows[:-1], mean, rows[-1:]])),
            np.insert(lower, -1, -np.inf),
            np.insert(upper, -1, instance.most_wait_mw_ms),
        )

    def _prices(self, chosen: NDArray[np.bool_], worth: Floats | None) -> tuple[Floats, Floats]:
        """Price what is far, by point, infinite where all its pairs are chosen; and by site."""
        if worth is None:
            return np.full(self.points, np.inf), np.zeros(self.sites)
        auction, other = self.auction, ~chosen
        point, site = auction.point[other], auction.site[other]
        far = np.full(self.points, np.inf)
        np.minimum.at(far, point, self.paid[other] + (auction.pue * worth)[site])
        return far, -auction.pue * worth

    def _rows(self, point: Ints, site: Ints, at: Columns) -> tuple[csr_array, Floats, Floats]:
        """
        Write who is served from where.

        Serve or leave (points), carry within size (sites), only from built (pairs), as much from
        far as at far sites, and room at the sites built for all that is served.
        """
        auction, n, m, p = self.auction, self.sites, self.points, len(point)
        demand, x, v = auction.demand_mw_it, n, 2 * n
        y = at.pairs + np.arange(p)
        far, from_far = at.far + np.arange(m), at.from_far + np.arange(n)
        all_j, all_i, link = np.arange(m), np.arange(n), m + n + np.arange(p)
        alike, room = m + n + p, m + n + p + 1
        entries = [
            (point, y, np.ones(p)),
            (all_j, far, np.ones(m)),
            (all_j, v + all_j, np.ones(m)),
            (m + site, y, auction.pue[site]),
            (m + all_i, from_far, auction.pue),
            (m + all_i, x + all_i, -np.ones(n)),
            (link, y, np.ones(p)),
            (link, site, -demand[point]),
            (np.full(m, alike), far, np.ones(m)),
            (np.full(n, alike), from_far, -np.ones(n)),
            (np.full(n, room), all_i, auction.cap_mw / auction.pue),
            (np.full(m, room), v + all_j, np.ones(m)),
        ]
        row, column, value = (np.concatenate(parts) for parts in zip(*entries, strict=True))
        rows = csr_array((value, (row, column)), shape=(room + 1, at.end))
        none = np.full(n + p, -np.inf)
        lower = np.concatenate([demand, none, [0.0, demand.sum()]])
        upper = np.concatenate([demand, np.zeros(n + p), [0.0, np.inf]])
        return rows, lower, upper


def cheapest(point: Ints, price: Floats, most: int) -> NDArray[np.bool_]:
    """Choose so many pairs of each point, sorted, of the least `price`; never an infinite one."""
    order = np.lexsort((price, point))
    first = np.flatnonzero(np.diff(point, prepend=-1))
    rank = np.arange(len(order)) - np.repeat(first, np.diff(first, append=len(point)))
    chosen = np.zeros(len(order), dtype=bool)
    chosen[order[rank < most]] = True
    return chosen & np.isfinite(price)


def shut(form: StandardForm, sites: Ints) -> StandardForm:
    """Let some sites not be built."""
    upper = form.upper.copy()
    upper[sites] = 0.0
    return replace(form, upper=upper)


def without(form: StandardForm, first: int) -> StandardForm:
    """Leave out the columns from one on."""
    upper = form.upper.copy()
    upper[first:] = 0.0
    return replace(form, upper=upper)
