"""Who is served from where: the least latency that the built sites allow."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array, eye_array, hstack, vstack
from scipy.sparse.csgraph import maximum_flow

from microdc.instance import Floats, Instance, Ints
from microdc.model.build import StandardForm
from microdc.oracles.base import TOLERANCE_MW_IT, Sizes
from microdc.oracles.outages.survival import Survival
from microdc.solve.highs import Clock, Options, Program

_WATT_MW = 1e-6  # loads are told to the watt,
_CRUMB_SHARE = 1e-3  # or to this share of a point, where that is less
_NEAREST = 3  # sites of each point to begin with
_SERVE_FIRST = 1e3  # times the longest round trip: what leaving demand weighs beside saving time
_BETWEEN_EQUALS = 1e-6  # what a ms weighs beside money that it does not cost
_KEEP_PROMISE = 1e3  # times that: what leaving more than the search promised weighs
_SAME_MS = 1e-5  # a mean that is longer than the limit by so little is no longer


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """
    Demand points and built sites within bound, by row; `rtt_ms` exact.

    `mn_per_mw_it_yr` is what serving a MW IT costs (millions a year), where that has a price.
    """

    point: Ints
    site: Ints
    rtt_ms: Floats
    mn_per_mw_it_yr: Floats | None = None


def least_latency(
    instance: Instance,
    mw: "pd.Series[float]",
    pairs: Pairs,
    unserved_mw_it: Floats,
    clock: Clock,
) -> pd.DataFrame:
    """
    Serve every point from built sites at the least demand-weighted round trip.

    Where service has a price, it is served at the least cost of that and of what stays unserved. A
    limit on the mean round trip is kept in any case.

    `mw` is the grid connection of each built site (MW), by id; `unserved_mw_it` what each group
    of points may leave unserved (MW IT), as the search settled it.

    Gives `point` and `site` (rows; site -1 where demand stays unserved), `mw_it`, `rtt_ms`; every
    point adds up to its demand. No other cost depends on it: energy is paid by size. Once the clock
    has run out the first assignment that keeps every promise will do. Of what is left unserved,
    what outages could not keep comes first.
    """
    transport = Transport(instance, mw, pairs, unserved_mw_it)
    # Pairs come in as their price shows that they save time: most points are served next door.
    program = Program(transport.without_pairs(), Options(threads=1), Clock(np.inf))
    used = np.empty(0, dtype=np.int64)
    fresh = np.union1d(transport.nearest(_NEAREST), transport.delivering())
    while len(fresh) or transport.leave_for_outages(program):
        transport.admit(program, fresh)
        used = np.concatenate([used, fresh])
        answer = program.run()
        fresh = np.setdiff1d(transport.worth_adding(answer.row_price, _NEAREST), used)
        if clock.expired and transport.keeps_promises(answer.values):
            fresh = fresh[:0]
    return transport.service(program.run().values, used)


class Transport:
    """The transport problem: a flow for each pair, and what each point leaves unserved."""

    def __init__(
        self,
        instance: Instance,
        mw: "pd.Series[float]",
        pairs: Pairs,
        unserved_mw_it: Floats,
    ) -> None:
        self.pairs = pairs
        self.mw = mw.to_numpy(dtype=float)
        self.demand = instance.points["mw_it"].to_numpy()
        self.group = instance.points["group"].to_numpy()
        # The search calls a shortfall below its tolerance none; so must this.
        self.unserved = unserved_mw_it + 2 * TOLERANCE_MW_IT
        self.must = instance.groups["max_unserved_mw_it"].to_numpy()[self.group] <= 0
        self.price = instance.groups["unserved_mn_per_mw_yr"].to_numpy()[self.group]
        self.pue = instance.sites["pue"].to_numpy()[pairs.site]
        row_of_site = np.full(len(instance.sites), -1)
        row_of_site[instance.sites.index.get_indexer(mw.index)] = np.arange(len(mw))
        self.carrier = row_of_site[pairs.site]
        self.survival = Survival(instance, instance.outages) if instance.outages else None
        self.weight, self.leave = self._weights()
        self.built = instance.sites.index.isin(mw.index).astype(float)
        self.mw_of_site = np.asarray(mw.reindex(instance.sites.index, fill_value=0.0), np.float64)
        self.most_mw_ms = instance.most_wait_mw_ms
        self.unserved_ms = np.zeros(len(self.demand))
        if np.isfinite(self.most_mw_ms):
            self.unserved_ms = instance.unserved_ms * (instance.reach.sites_per_point > 0)
        self.known: set[int] = set()
        self.admitted = 0

    def _weights(self) -> tuple[Floats, Floats]:
        """
        Weigh what serving a MW IT over each pair costs, and what leaving one of each point does.

        In ms; where service has a price, money is told in the ms that it would buy of the longest.
        """
        rtt_ms, paid = self.pairs.rtt_ms, self.pairs.mn_per_mw_it_yr
        longest_ms = rtt_ms.max(initial=1.0)
        if paid is None:
            rank = 1 + self.price / max(1e-9, self.price.max(initial=0.0)) + 2 * self.must
            return rtt_ms, _SERVE_FIRST * longest_ms * rank
        ms_per_mn = longest_ms / max(1e-9, paid.max(initial=0.0))
        at_its_price = ms_per_mn * self.price
        dearest = longest_ms + at_its_price.max(initial=0.0)
        leave = np.where(self.must, _SERVE_FIRST * dearest, at_its_price)
        return ms_per_mn * paid + _BETWEEN_EQUALS * rtt_ms, leave

    def without_pairs(self) -> StandardForm:
        """
        Write the rows, and the columns of what stays unserved.

        Rows: points, sites, groups, the mean round trip. Columns: unserved by point, then by how
        much a group breaks what was promised, and the mean its limit. Unless service has a price,
        the dearer class is served before the cheaper.
        """
        points, sites, groups = len(self.demand), len(self.mw), len(self.unserved)
        of_group = csr_array(
            (np.ones(points), (self.group, np.arange(points))), shape=(groups, points)
        )
        rows = vstack(
            [
                hstack([eye_array(points), csr_array((points, groups + 1))]),
                csr_array((sites, points + groups + 1)),
                hstack([of_group, -eye_array(groups), csr_array((groups, 1))]),
                np.concatenate([self.unserved_ms, np.zeros(groups), [-1.0]])[None],
            ]
        )
        broken = np.full(groups + 1, _KEEP_PROMISE * self.leave.max(initial=1.0))
        width = points + groups + 1
        return StandardForm(
            cost=np.concatenate([self.leave, broken]),
            offset=0.0,
            rows=csr_array(rows),
            row_lower=np.concatenate([self.demand, np.full(sites + groups + 1, -np.inf)]),
            row_upper=np.concatenate([self.demand, self.mw, self.unserved, [self.most_mw_ms]]),
            lower=np.zeros(width),
            upper=np.concatenate([self.demand, np.full(groups, self.demand.sum()), [np.inf]]),
            integer=np.zeros(width, dtype=bool),
        )

    def leave_for_outages(self, program: Program) -> bool:
        """
        Demand that what cannot be kept in an outage is left; False if all that is served is kept.

        Sizes are settled: the rows that an outage breaks only say who must be left unserved.
        """
        if self.survival is None:
            return False
        points = len(self.demand)
        left = program.run().values[:points]
        sizes = Sizes(built=self.built, mw=self.mw_of_site, unserved_mw_it=left)
        cuts = [cut for cut in self.survival.violated_by(sizes) if cut.key not in self.known]
        if not cuts:
            return False
        self.known |= {cut.key for cut in cuts}
        at = np.concatenate([cut.points for cut in cuts])
        start = np.concatenate([[0], np.cumsum([len(cut.points) for cut in cuts])])
        width = points + len(self.unserved) + 1 + self.admitted
        share = np.concatenate([cut.share for cut in cuts])
        given = [cut.shortfall_mw_it(sizes) + cut.share @ left[cut.points] for cut in cuts]
        program.add_rows(csr_array((share, at, start), shape=(len(cuts), width)), np.array(given))
        return True

    def nearest(self, most: int) -> Ints:
        """Give the pairs of each point with so many of its nearest sites."""
        return self._least(np.arange(len(self.pairs.point)), self.pairs.rtt_ms, most)

    def delivering(self) -> Ints:
        """Give the pairs by which a max-flow delivers, whatever time that takes."""
        if not len(self.carrier):
            return np.empty(0, dtype=np.int64)
        points, sites = len(self.demand), len(self.mw)
        carried_mw_it = np.zeros(sites)
        carried_mw_it[self.carrier] = self.mw[self.carrier] / self.pue
        most = max(1.0, float(self.demand.sum()), float(carried_mw_it.max(initial=0.0)))
        units = (2**31 - 1 - points) / most  # whole numbers, in 32 bits
        point, site = 2 + np.arange(points), 2 + points + np.arange(sites)
        tail = np.concatenate([np.zeros(points, int), 2 + self.pairs.point, site])
        head = np.concatenate([point, 2 + points + self.carrier, np.ones(sites, int)])
        wanted_mw_it = self.demand[self.pairs.point]
        size = np.concatenate([self.demand, wanted_mw_it, carried_mw_it]) * units
        shape = (2 + points + sites, 2 + points + sites)
        network = csr_array((size.astype(np.int32), (tail, head)), shape=shape)
        flow = csr_array(maximum_flow(network, 0, 1).flow)
        sent = flow[2 + self.pairs.point, 2 + points + self.carrier]
        return np.flatnonzero(np.asarray(sent).ravel() > 0)

    def _least(self, pairs: Ints, score: Floats, most: int) -> Ints:
        """Give so many of some pairs of each point, those of the least score."""
        order = pairs[np.lexsort((score[pairs], self.pairs.point[pairs]))]
        point = self.pairs.point[order]
        first = np.searchsorted(point, point)
        return np.sort(order[np.arange(len(order)) - first < most])

    def admit(self, program: Program, pairs: Ints) -> None:
        """Let the program use some pairs."""
        program.add_columns(*self.columns(pairs))
        self.admitted += len(pairs)

    def columns(self, pairs: Ints) -> tuple[Floats, csc_array, Floats]:
        """Give cost, rows and most of the flow (MW IT) over some pairs."""
        mean = len(self.demand) + len(self.mw) + len(self.unserved)
        point, site = self.pairs.point[pairs], len(self.demand) + self.carrier[pairs]
        rows = np.column_stack([point, site, np.full(len(pairs), mean)]).ravel()
        once, waits = np.ones(len(pairs)), self.pairs.rtt_ms[pairs]
        values = np.column_stack([once, self.pue[pairs], waits]).ravel()
        columns = csc_array(
            (values, rows, 3 * np.arange(len(pairs) + 1)), shape=(mean + 1, len(pairs))
        )
        return self.weight[pairs], columns, self.demand[point]

    def worth_adding(self, row_price: Floats, most: int) -> Ints:
        """Give so many pairs of each point that would save most time at the present prices."""
        points, mean = len(self.demand), len(self.demand) + len(self.mw) + len(self.unserved)
        gain = row_price[self.pairs.point] + self.pue * row_price[points + self.carrier]
        dearer_ms = self.weight - gain - self.pairs.rtt_ms * row_price[mean]
        return self._least(np.flatnonzero(dearer_ms < -1e-7), dearer_ms, most)

    def keeps_promises(self, values: Floats) -> bool:
        """Tell whether no more is left unserved, and no mean longer, than the search promised."""
        first = len(self.demand)
        *left_mw_it, longer_mw_ms = values[first : first + len(self.unserved) + 1]
        same_mw_ms = _SAME_MS * self.demand.sum()
        kept = sum(left_mw_it) <= TOLERANCE_MW_IT
        return bool(kept and longer_mw_ms <= same_mw_ms)

    def service(self, values: Floats, used: Ints) -> pd.DataFrame:
        """Read flows to the watt; crumbs go to what each point is served with anyway."""
        if not self.keeps_promises(values):
            msg = "the chosen sites cannot deliver what the search promised"
            raise AssertionError(msg)
        points, groups = len(self.demand), len(self.unserved)
        point, site = self.pairs.point[used], self.pairs.site[used]
        crumb = np.minimum(_WATT_MW, _CRUMB_SHARE * self.demand)
        flow = _without(values[points + groups + 1 :], crumb[point])
        left = np.where(self.must, 0.0, _without(values[:points], crumb))
        served = np.bincount(point, weights=flow, minlength=points).astype(float)
        left[served == 0] = self.demand[served == 0]
        scale = np.divide(self.demand - left, served, out=np.zeros(points), where=served > 0)
        flow *= scale[point]
        some, short = np.flatnonzero(flow), np.flatnonzero(left)
        return pd.DataFrame(
            {
                "point": np.concatenate([point[some], short]),
                "site": np.concatenate([site[some], np.full(len(short), -1)]),
                "mw_it": np.concatenate([flow[some], left[short]]),
                "rtt_ms": np.concatenate(
                    [self.pairs.rtt_ms[used][some], np.full(len(short), np.nan)]
                ),
            }
        ).sort_values(["point", "rtt_ms", "site"], ignore_index=True)


def _without(mw_it: NDArray[np.float64], crumb: Floats) -> Floats:
    return np.where(mw_it < crumb, 0.0, mw_it)
