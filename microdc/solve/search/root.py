"""The relaxation, tightened until no set of demand points is short: the first bound."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from microdc.instance import Instance
from microdc.oracles.base import Sizes
from microdc.oracles.delivery import Delivery
from microdc.solve.highs import Answer, Status
from microdc.solve.search.master import Master

Report = Callable[[float], None]

_HALFWAY = 0.5
_ROUNDS_TO_A_PURGE = 3
_TAIL_ROUNDS = 40  # over which the bound must still move


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """The last relaxation solved, and the core: a point known to deliver."""

    answer: Answer
    status: Status
    core: Sizes
    rounds: int


def tighten(master: Master, delivery: Delivery, core: Sizes, gap: float, report: Report) -> Root:
    """
    Cut off what cannot be delivered from the relaxation.

    Rows are separated halfway to a point that delivers, the core (in-out separation), which takes
    tens of rounds where the relaxation's own point would take hundreds. Ends when nothing is
    short, when the bound has stopped moving by what `gap` can see, or on the clock.
    """
    rounds, answer = 0, master.relaxation.run()
    last, bounds = answer, [answer.objective]
    while answer.status is Status.SOLVED:
        last, rounds = answer, rounds + 1
        report(master.safe(answer.objective))
        point = master.sizes(answer.values)
        middle = point.toward(core, _HALFWAY)
        if not master.add(delivery.violated_by(middle)):
            core = middle
            if not master.add(delivery.violated_by(point)) or _stands_still(bounds, gap):
                break
        answer = master.relaxation.run()
        bounds.append(answer.objective)
        if rounds % _ROUNDS_TO_A_PURGE == 0 and answer.status is Status.SOLVED:
            master.drop_slack(answer.values)
            answer = master.relaxation.run()
    best = answer if answer.has_values else last
    return Root(answer=best, status=answer.status, core=core, rounds=rounds)


def everything(instance: Instance, delivery: Delivery) -> Sizes:
    """Open all sites at full size, and leave unserved what they cannot deliver."""
    ones = np.ones(len(instance.sites))
    full = Sizes(
        built=ones,
        mw=instance.sites["cap_mw"].to_numpy(dtype=float),
        unserved_mw_it=np.zeros(len(instance.points)),
    )
    return replace(full, unserved_mw_it=delivery.missing_mw_it(full))


def _stands_still(bounds: list[float], gap: float) -> bool:
    if len(bounds) <= _TAIL_ROUNDS:
        return False
    return bounds[-1] - bounds[-1 - _TAIL_ROUNDS] < 0.02 * gap * abs(bounds[-1])
