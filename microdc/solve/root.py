"""The relaxation, tightened until no set of demand points is short: the first bound."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from microdc.instance import Floats, Instance, Ints
from microdc.oracles.base import Sizes
from microdc.oracles.delivery import Delivery
from microdc.solve.highs import Answer, Status
from microdc.solve.master import Master

Report = Callable[[str, float], None]

_HALFWAY = 0.5
_TAIL_ROUNDS = 8  # rounds over which the bound must still move


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """The last relaxation solved: its status, bound, reduced costs, and sites in use."""

    status: Status
    bound: float
    values: Floats
    sizes: Sizes | None
    reduced_cost: Floats
    rounds: int

    @property
    def support(self) -> Ints:
        """Sites that the relaxation builds at least in part."""
        if self.sizes is None:
            return np.empty(0, dtype=np.int64)
        return np.flatnonzero((self.sizes.built > 1e-7) | (self.sizes.mw > 1e-7))


def tighten(master: Master, instance: Instance, gap: float, report: Report) -> Root:
    """
    Cut off what cannot be delivered from the relaxation: weak rows in plain rounds, then strong.

    Strong rows are separated halfway to a core of sites known to deliver (in-out separation),
    which takes a few rounds where the relaxation's own point would take hundreds. Ends when
    nothing is short, when the bound has stopped moving by what `gap` can see, or on the clock.
    """
    weak, strong = Delivery(instance, "weak"), Delivery(instance, "strong")
    rounds, answer = 0, master.relaxation.run()
    last = answer
    while answer.status is Status.SOLVED:
        last, rounds = answer, rounds + 1
        report("weak cuts", master.safe(answer.objective))
        if not master.add(weak.violated_by(master.sizes(answer.values))):
            break
        answer = master.relaxation.run()
    if answer.status is not Status.SOLVED:
        return _root(master, answer, last, rounds)

    core = _everything(master.sizes(answer.values), instance)
    bounds = [answer.objective]
    while answer.status is Status.SOLVED:
        last, rounds = answer, rounds + 1
        report("strong cuts", master.safe(answer.objective))
        point = master.sizes(answer.values)
        middle = point.toward(core, _HALFWAY)
        cuts = strong.violated_by(middle)
        if not cuts:
            core = middle
            cuts = strong.violated_by(point)
        if not master.add(cuts) or _stands_still(bounds, gap):
            break
        answer = master.relaxation.run()
        bounds.append(answer.objective)
    return _root(master, answer, last, rounds)


def _everything(point: Sizes, instance: Instance) -> Sizes:
    """Open all sites that a point uses, at full size: it delivers, since the point does weakly."""
    used = (point.built > 1e-9) | (point.mw > 1e-9)
    return Sizes(
        built=used.astype(float),
        mw=np.where(used, instance.sites["cap_mw"].to_numpy(), 0.0),
        unserved_mw_it=point.unserved_mw_it,
    )


def _stands_still(bounds: list[float], gap: float) -> bool:
    if len(bounds) <= _TAIL_ROUNDS:
        return False
    return bounds[-1] - bounds[-1 - _TAIL_ROUNDS] < 0.02 * gap * abs(bounds[-1])


def _root(master: Master, answer: Answer, last: Answer, rounds: int) -> Root:
    """Give what the relaxation proves: the last one solved, if the newest was not."""
    best = answer if answer.has_values else last
    return Root(
        status=answer.status,
        bound=master.safe(best.objective) if best.has_values else -np.inf,
        values=best.values,
        sizes=master.sizes(best.values) if best.has_values else None,
        reduced_cost=best.reduced_cost,
        rounds=rounds,
    )
