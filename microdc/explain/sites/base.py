"""A plan to ask questions of: its problem, what it is proven to cost, and at which prices."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from microdc.explain.sites.changes import Solved
from microdc.instance import Instance, Ints
from microdc.model.bound.market import Market
from microdc.solve.highs import Clock
from microdc.solve.least_cost import least_cost
from microdc.solve.outcome import Ended, Outcome, Settings, Watch
from microdc.solve.search.loop import Search
from microdc.solve.search.proof.told import Proof, prove

SHARE_OF_GAP = 0.1
"""What is asked is a small difference of large costs: it is solved to a part of the plan's gap."""

_TIMES_AS_LONG = 4.0  # as the plan itself takes from a warm start: what one question may take
_LEAST_S = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """
    A plan's problem, solved once more from the plan itself.

    instance
        The siting problem, of points that some site reaches.
    built
        Ids of the plan's sites, hubs included.
    solved
        The best that is known, of the plan or of this search.
    proof
        Prices that prove a bound, and what every site could earn at them; None: no time, or a
        search that keeps none.
    """

    instance: Instance
    built: pd.Index
    solved: Solved
    proof: Proof | None
    market: Market
    settings: Settings
    seconds: float
    watch: Watch
    clock: Clock

    @property
    def ranks(self) -> bool:
        """Whether prices say what headroom is worth: not with hours, nor where service has some."""
        return self.proof is not None and self.instance.hours is None

    def again(self, instance: Instance, start: pd.Index) -> Outcome | None:
        """
        Solve a changed problem, beginning with the sites `start` (ids); None if time is up.

        One question takes at most some times as long as the plan did from its own sites.
        """
        if self.clock.expired:
            return None
        limit_s = min(self.clock.left_s, max(_LEAST_S, _TIMES_AS_LONG * self.seconds))
        clock = Clock(limit_s, whole=self.clock)
        if instance.times_service or instance.unsplit.any():
            known = start.intersection(instance.sites.index)
            return least_cost(instance, self.settings, clock, self.watch, start=known)
        search = Search(instance, self.settings, clock, self.watch)
        return search.run(rows_in(instance, start))


def stand(
    instance: Instance, sizes_mw: "pd.Series[float]", known: Solved, settings: Settings
) -> Callable[[Clock, Watch], Base]:
    """
    Take a plan of an instance as a base: its sizes (MW, by id), its cost and bound.

    Gives what solves the problem again on a clock, from the plan's sites, to a part of the gap of
    `settings`.
    """
    sharper = replace(settings, gap=SHARE_OF_GAP * settings.gap)

    def on(clock: Clock, watch: Watch) -> Base:
        half = clock.share(0.5)
        if instance.times_service or instance.unsplit.any():
            market, proof = Market(instance), None
            outcome = least_cost(instance, sharper, half, watch, start=sizes_mw.index)
        else:
            search = Search(instance, sharper, half, watch)
            outcome = search.run(rows_in(instance, sizes_mw.index))
            market = search.market
            proof = search.proof and no_dearer_than_leaving(market, search.proof)
        again = solved(outcome)
        return Base(
            instance=instance,
            built=sizes_mw.index,
            solved=Solved(
                cost=min(known.cost, again.cost),
                bound=min(max(known.bound, again.bound), known.cost, again.cost),
            ),
            proof=proof,
            market=market,
            settings=sharper,
            seconds=outcome.seconds,
            watch=watch,
            clock=clock,
        )

    return on


def no_dearer_than_leaving(market: Market, proof: Proof) -> Proof:
    """
    Lower the prices of points that may be left to what leaving them costs: they prove as much.

    Where all of a point may stay unserved, a price beyond that of leaving it adds nothing to the
    bound, but lets sites that do not pay seem to.
    """
    prices, instance = proof.prices, market.instance
    beyond = np.maximum(0.0, -market.loss_mn_yr_per_mw_it(prices))
    left = instance.most_unserved_by_point_mw_it >= instance.points["mw_it"].to_numpy()
    point = np.maximum(0.0, prices.point - np.where(left, beyond, 0.0))
    return prove(market, replace(prices, point=point))


def rows_in(instance: Instance, ids: pd.Index) -> Ints:
    """Give the rows of those of some sites that an instance has, ascending."""
    rows = instance.sites.index.get_indexer(ids)
    return np.sort(rows[rows >= 0])


def solved(outcome: Outcome | None) -> Solved:
    """Give cost and bound of an outcome; of none, nothing is known."""
    if outcome is None:
        return Solved(cost=np.inf, bound=-np.inf)
    if outcome.ended is Ended.INFEASIBLE:
        return Solved(cost=np.inf, bound=np.inf)
    return Solved(cost=np.inf if outcome.cost is None else outcome.cost, bound=outcome.bound)
