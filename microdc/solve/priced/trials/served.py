"""Who is served from where by given sites, at the least cost."""

from dataclasses import dataclass

import numpy as np

from microdc.instance import Floats, Ints
from microdc.solve.forms import of_rows, relaxed
from microdc.solve.highs import Answer, Clock, Options, Program, Status
from microdc.solve.priced.branching.counted import Flags
from microdc.solve.priced.core import Core, cheapest

_NEAR = 16  # pairs of each point to begin with
_SAME = 1e-7


@dataclass(frozen=True, slots=True)
class Served:
    """
    A plan: which sites, how large, what is left, and who is served over which pair.

    Shapes are (sites,), (sites,), (points,) and (pairs,).
    """

    built: Flags
    size_mw: Floats
    unserved_mw_it: Floats
    flow_mw_it: Floats

    @property
    def columns(self) -> Floats:
        """The same as the first columns of the model: z, x and v."""
        return np.concatenate([self.built, self.size_mw, self.unserved_mw_it]).astype(float)


class Serving:
    """
    A transport problem on exactly some sites, over the pairs that matter.

    It begins with those nearest and takes in all that would have paid, until none would; twice as
    many where they are too few to serve all. Sizes are any between, and so are modules.
    """

    def __init__(self, core: Core, sites: Ints, pairs: Flags | None = None) -> None:
        """Begin with some `pairs`, too, where a plan is known."""
        self.core, self.sites, auction = core, sites, core.auction
        self.inside = np.sort(auction.pairs_of(sites))
        self.point, self.site = auction.point[self.inside], auction.site[self.inside]
        self.paid = core.paid[self.inside]
        self.chosen, self.near = np.zeros(len(auction.point), dtype=bool), _NEAR
        self._take_in_near()
        if pairs is not None:
            self.chosen[self.inside] |= pairs[self.inside]

    def solved(self, options: Options, clock: Clock, rounds: int | None = None) -> Answer:
        """Solve until no other pair would pay, or after so many rounds with a plan."""
        while True:
            answer = self._program(options, clock).run()
            if answer.status is Status.INFEASIBLE and self.near < len(self.sites):
                self.near *= 2
                self._take_in_near()
                continue
            rounds = None if rounds is None else rounds - 1
            if not answer.has_values or rounds == 0 or not self._take_in(answer):
                return answer

    def plan(self, answer: Answer) -> Served:
        """Give the plan of an answer."""
        n, m = self.core.sites, self.core.points
        at = self.core.columns(int(self.chosen.sum()))
        flow = np.zeros(len(self.chosen))
        flow[self.chosen] = np.maximum(answer.values[at.pairs : at.far], 0.0)
        built = answer.values[:n] > 0.5
        return Served(built, answer.values[n : 2 * n], answer.values[2 * n : 2 * n + m], flow)

    def _take_in_near(self) -> None:
        self.chosen[self.inside[cheapest(self.point, self.paid, self.near)]] = True

    def _take_in(self, answer: Answer) -> bool:
        """Choose the pairs that would pay at the prices of an answer; say if there are any."""
        demand, power = self.core.prices(answer)
        gain = demand[self.point] - self.paid - (power * self.core.auction.pue)[self.site]
        missing = self.inside[(gain > _SAME) & ~self.chosen[self.inside]]
        self.chosen[missing] = True
        return bool(len(missing))

    def _program(self, options: Options, clock: Clock) -> Program:
        core = self.core
        form = core.on_sites(self.sites, self.chosen)
        rows = np.arange(len(core.planners.row_lower) + core.points + core.sites)
        return Program(of_rows(relaxed(form), rows), options, clock)
