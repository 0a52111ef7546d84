"""
Branch and bound over sites, with prices of demand for bounds.

What is fixed at a node changes little from one to the next, and so do the best prices: a few steps
of a bundle from those of the node above raise the bound as far as it goes. No solver takes part but
where a set of sites is tried.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from microdc.instance import Ints
from microdc.solve.highs import Clock
from microdc.solve.priced.auction import ROUNDING_SHARE, Bid, Ground
from microdc.solve.priced.branching.counted import Fixed, Flags
from microdc.solve.priced.branching.halving import Likeness
from microdc.solve.priced.branching.ways import Way, ways
from microdc.solve.priced.climbing.ascent import Ascent, Goal, Top
from microdc.solve.priced.climbing.lift import Lift
from microdc.solve.priced.trials.fleets import Fleets
from microdc.solve.priced.trials.swaps import improved

_LIFTS_AT_ROOT, _STEPS_A_LIFT = 20, 60
_LEAST_RISE_AT_ROOT = 0.01  # of what is missing to the goal
_IN_VAIN = 2_000  # times that sites with room for all are shaken
_FEW, _MANY = 15, 55  # steps: to choose a way, and then
_TRY_EACH = 4  # parts looked at
_TRIES, _TRIES_OF_BEST = 4, 60
_LEAST_RISE = 1e-9  # of the bound
_FEW_OPEN, _MOST_HANDED_OUT = 2, 40  # parts
_TOLERANCE_SHARE = 1e-7  # of the best cost: what the solver's tolerances may have added to it


@dataclass(frozen=True, order=True)
class Node:
    """A part of the choices that is still open, and what is known of it; least bound first."""

    bound_mn_yr: float
    number: int
    fixed: Fixed = field(compare=False)
    top: Top = field(compare=False)

    @property
    def bare(self) -> "Node":
        """The same as it waits, without what takes room."""
        return replace(self, top=self.top.bare)


class Searched(NamedTuple):
    """What a search of some parts left open, how many it looked at, what it proved, its best."""

    open: list[Node]
    looked_at: int
    ended_mn_yr: float
    best: Ints | None


class Tree:
    """
    Searches all choices of sites down to a gap; `bound_mn_yr` holds at any time.

    Only where the cheapest plan on given sites is all that matters, as `fleets` tries them.
    """

    def __init__(self, fleets: Fleets, ground: Ground, top: Top, clock: Clock) -> None:
        self.fleets, self.auction, self.clock = fleets, fleets.auction, clock
        self.looked_at, self.ended_mn_yr = 0, np.inf
        self.elsewhere_mn_yr = np.inf  # the least bound of parts that others search
        fixed, top = self._root(ground, top)
        self.ground = ground.on(~fixed.shut)
        if fleets.roomy and top.bound_mn_yr < self.goal_mn_yr:
            fleets.shake(self.ground, fixed, top, _IN_VAIN)
            fixed, top = self._root(self.ground, top)
        self.likeness = Likeness(self.auction, self.ground, top.bid, ~fixed.shut)
        self.heap = [Node(_down(top.bound_mn_yr), 0, fixed, top)]

    def _root(self, ground: Ground, top: Top) -> tuple[Fixed, Top]:
        """Raise the bound of all choices, and shut sites that no plan worth having has."""
        given, bids = self.auction.given, self.fleets.bids
        vain = ~(bids.may_pay(self.goal_mn_yr) | given.open)
        fixed = self._ruled_out(given, np.zeros_like(vain), vain)
        here = ground.on(~fixed.shut)
        lift = Lift(self.auction, here)
        # Where there is room for all, a climb ends with steps too short to go on with.
        length = 0.0 if self.fleets.roomy else top.length
        ascent = Ascent(self.auction, here, fixed, self._bids(top, here), length)
        for _ in range(_LIFTS_AT_ROOT):
            before = ascent.best.bound_mn_yr
            ascent.go_to(lift.lifted(ascent.best.bid, fixed))
            top = ascent.rise(Goal(_STEPS_A_LIFT, self.clock, self.goal_mn_yr))
            left = self.goal_mn_yr - top.bound_mn_yr
            idle = top.bound_mn_yr - before <= _LEAST_RISE_AT_ROOT * left
            if left <= 0 or idle or self.clock.expired:
                break
        if left > 0:
            fixed = self._settled(fixed, top)
        return fixed, top

    @property
    def goal_mn_yr(self) -> float:
        """The bound that ends a part: no plan there is better by more than the gap."""
        return self.fleets.goal_mn_yr

    @property
    def bound_mn_yr(self) -> float:
        """What no plan can cost less than."""
        least = self.heap[0].bound_mn_yr if self.heap else np.inf
        best = self.fleets.best_mn_yr
        proven = min(least, self.elsewhere_mn_yr, self.ended_mn_yr)
        return min(proven, best - _TOLERANCE_SHARE * abs(best))

    @property
    def done(self) -> bool:
        """Whether nothing is left to search, or no time to do it."""
        open_end = self.heap and self.heap[0].bound_mn_yr < self.goal_mn_yr
        return self.clock.expired or not open_end

    def run(self, watch: Callable[[], None], looks: int) -> None:
        """Search until the gap or the time limit, or so many looks; tell when a dive ends."""
        last = self.looked_at + looks
        while not self.done and self.looked_at < last:
            node: Node | None = heapq.heappop(self.heap)
            while node is not None:
                above, node = node, None
                if self.clock.expired or self.looked_at >= last:
                    heapq.heappush(self.heap, above.bare)
                elif above.bound_mn_yr >= self.goal_mn_yr:
                    self._ended_at(above.bound_mn_yr)
                else:
                    node = self._dive(above)
            watch()

    def handed_out(self, others: int) -> list[list[Node]]:
        """Give each of some others an equal share of the best parts; nothing if few are open."""
        self.heap.sort()
        many = min(len(self.heap), _MOST_HANDED_OUT * (others + 1))
        if many < _FEW_OPEN * (others + 1):
            return [[] for _ in range(others)]
        dealt = [self.heap[at : many : others + 1] for at in range(others + 1)]
        self.heap = dealt[0] + self.heap[many:]
        self.elsewhere_mn_yr = min((nodes[0].bound_mn_yr for nodes in dealt[1:]), default=np.inf)
        return dealt[1:]

    def searched(self, nodes: list[Node], best: Ints | None, looks: int) -> Searched:
        """Search some parts, handed out by another tree, in place of all that is open here."""
        self.heap, self.ended_mn_yr, before = nodes, np.inf, self.looked_at
        if best is not None:
            self.fleets.cost_mn_yr(best)
        self.run(lambda: None, looks)
        looked_at = self.looked_at - before
        return Searched(self.heap, looked_at, self.ended_mn_yr, self.fleets.best)

    def take_back(self, found: list[Searched]) -> None:
        """Take back what others have searched."""
        self.elsewhere_mn_yr = np.inf
        for each in found:
            self.heap += each.open
            self.looked_at += each.looked_at
            self._ended_at(each.ended_mn_yr)
            if each.best is not None:
                self.fleets.cost_mn_yr(each.best)
        heapq.heapify(self.heap)

    def _dive(self, node: Node) -> Node | None:
        """Take a part in two; give the one of the lesser bound, the other waits."""
        parts = self._branch(node)
        if self.clock.expired:  # what was not looked at to the end is not told from what ended
            heapq.heappush(self.heap, node.bare)
            return None
        for other in parts[1:]:
            heapq.heappush(self.heap, other.bare)
        return parts[0] if parts else None

    def _branch(self, node: Node) -> list[Node]:
        """Take a part in two the way that raises both bounds most; give what is left of both."""
        node = replace(node, fixed=self._shut(self._settled(node.fixed, node.top)))
        some = ways(node.fixed, node.top.open_share, self.likeness)
        if not some:
            self._end(node)
            return []
        best: tuple[float, list[Node]] = (-1.0, [])
        bids = self._bids(node.top, self.ground.on(~node.fixed.shut))
        for way in some:
            parts, product = self._look_both_ways(way, node, bids)
            best = max(best, (product, parts), key=lambda found: found[0])
            if len(parts) < len(way):
                break
        further = (self._look_at(part.fixed, part, part.top.bids, _MANY) for part in best[1])
        return sorted(part for part in further if part is not None)

    def _bids(self, top: Top, ground: Ground) -> list[Bid]:
        """Give the bids to go on from, with whom each site serves."""
        if all(bid.taken for bid in top.bids):
            return top.bids
        return [self.auction.at(bid.price, ground.pairs, bid) for bid in top.bids]

    def _look_both_ways(self, way: Way, above: Node, bids: list[Bid]) -> tuple[list[Node], float]:
        """Give what is left of both parts, and the product of the rises of their bounds."""
        parts = [self._look_at(fixed, above, bids, _FEW) for fixed in way]
        left = [part for part in parts if part is not None]
        ended = self.goal_mn_yr - above.bound_mn_yr
        least = _LEAST_RISE * abs(above.bound_mn_yr)
        rises = [
            ended if part is None else min(ended, part.bound_mn_yr - above.bound_mn_yr)
            for part in parts
        ]
        return left, float(np.prod(np.maximum(rises, least)))

    def _look_at(self, fixed: Fixed, above: Node, bids: list[Bid], steps: int) -> Node | None:
        """Bound a part from what is known above; give it if there may be something better in it."""
        self.looked_at += 1
        if self._empty(fixed):
            return None
        ground = self.ground.on(~fixed.shut)
        length = above.top.length if fixed is above.fixed else 0.0
        ascent = Ascent(self.auction, ground, fixed, bids, length)
        top = ascent.rise(Goal(steps, self.clock, self.goal_mn_yr))
        bound = max(_down(top.bound_mn_yr), above.bound_mn_yr)
        if bound < self.goal_mn_yr:
            fixed = self._settled(fixed, top)
        if bound >= self.goal_mn_yr:
            self._ended_at(bound)
            return None
        if self._empty(fixed):
            return None
        node = Node(bound, self.looked_at, fixed, top)
        if self.looked_at % _TRY_EACH == 0:
            self._try(node)
        return node

    def _settled(self, fixed: Fixed, top: Top) -> Fixed:
        """Fix what no plan worth having has otherwise."""
        profit, goal = top.bid.profit_mn_yr, self.goal_mn_yr
        opened = fixed.opened(profit)
        least = top.bound_mn_yr + fixed.losses(profit, opened)
        sure = fixed.free & (least >= goal + ROUNDING_SHARE * abs(goal))
        return self._ruled_out(fixed, sure & opened, sure & ~opened)

    def _shut(self, fixed: Fixed) -> Fixed:
        """Shut sites that no plan worth having has, by all bids."""
        vain = fixed.free & (self.fleets.bids.if_open(fixed) >= self.goal_mn_yr)
        return self._ruled_out(fixed, np.zeros_like(vain), vain)

    def _ruled_out(self, fixed: Fixed, opened: Flags, shut: Flags) -> Fixed:
        """Fix sites of which all that is otherwise costs no less than the goal."""
        if not (opened | shut).any():
            return fixed
        self._ended_at(self.goal_mn_yr)
        return replace(fixed, open=fixed.open | opened, shut=fixed.shut | shut)

    def _empty(self, fixed: Fixed) -> bool:
        """Whether no choice has as many sites as it should, or room for what must be served."""
        room = (self.auction.cap_mw / self.auction.pue)[~fixed.shut].sum()
        return not fixed.possible or bool(room < self.fleets.need_mw_it * (1 - ROUNDING_SHARE))

    def _try(self, node: Node) -> None:
        """Try the sites that a node speaks for, and their neighbours."""
        fleets, top = self.fleets, node.top
        sites = fleets.filled(node.fixed, top)
        before = fleets.best_mn_yr
        if fleets.bids.costs(sites).max() < before:
            sites = improved(fleets, sites, fleets.bids.may_pay(self.goal_mn_yr), _TRIES)
        if fleets.best_mn_yr < before:
            may = fleets.bids.may_pay(self.goal_mn_yr)
            improved(fleets, sites, may, _TRIES_OF_BEST, at_once=2)

    def _end(self, node: Node) -> None:
        """Settle a choice of all sites, by the plan on them."""
        sites = np.flatnonzero(node.fixed.open)
        self.fleets.cost_mn_yr(sites)
        self._ended_at(max(node.bound_mn_yr, self.fleets.bound_mn_yr(sites)))

    def _ended_at(self, bound_mn_yr: float) -> None:
        self.ended_mn_yr = min(self.ended_mn_yr, bound_mn_yr)


def _down(bound_mn_yr: float) -> float:
    """Round a bound down by what adding up may have added."""
    return bound_mn_yr - ROUNDING_SHARE * abs(bound_mn_yr)
