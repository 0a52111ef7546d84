"""Which looser latency bound would let a site pay its way, at a plan's prices."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from microdc.explain.sites.worth import earned_mn_yr
from microdc.instance import Reach
from microdc.studies.explaining.headroom.ranking import paid_above
from microdc.studies.explaining.planned import Planned
from microdc.studies.explaining.sites.reaching import Reached, reached_by

_PAYS_MN_YR = -1e-6
_DIGITS = 2  # of a bound in ms: a hundredth is 1 km


@dataclass(frozen=True, slots=True, kw_only=True)
class Looser:
    """
    The least bound of a class at which a site pays at the plan's prices; an estimate.

    Prices are those of the bounds as they are, and it is this site alone that reaches further.
    """

    service: str
    bound_ms: float
    enough_ms: float | None
    """None: at none of them, however loose."""


def looser_bounds(planned: Planned, row: str) -> tuple[Looser, ...]:
    """
    Estimate for each class how loose its bound would have to be for a site to pay its way.

    Nothing where the site pays at the prices as it is, where demand has hours, outages are to be
    survived or the longest round trip is what is least, which prices of one bound do not tell, and
    where there was no time for prices.
    """
    base, reached = planned.base, reached_by(planned.scenario, planned.region, row)
    by_state = base.instance.hours is not None or base.instance.outages is not None
    by_state = by_state or "least-worst-rtt" in planned.scenario.objective
    if base.proof is None or by_state or _earns(planned, row, reached) >= _PAYS_MN_YR:
        return ()
    return tuple(
        Looser(
            service=service,
            bound_ms=stated.rtt_ms,
            enough_ms=_enough(planned, row, reached, service),
        )
        for service, stated in planned.scenario.services.items()
    )


def _enough(planned: Planned, row: str, reached: Reached, service: str) -> float | None:
    """Halve the way to the first place further off with which the site pays."""
    mine = reached["service"] == service
    further = np.unique(np.ceil(reached["rtt_ms"][mine] * 10**_DIGITS) / 10**_DIGITS)
    further = further[(further > reached["bound_ms"][mine].max()) & np.isfinite(further)]

    def pays(at: int) -> bool:
        looser = reached["bound_ms"].mask(mine, further[at])
        return _earns(planned, row, reached.assign(bound_ms=looser)) >= _PAYS_MN_YR

    low, high = -1, len(further) - 1
    if high < 0 or not pays(high):
        return None
    while high - low > 1:  # what is reached only grows, and so does what is earned
        middle = (low + high) // 2
        low, high = (low, middle) if pays(middle) else (middle, high)
    return float(further[high])


def _earns(planned: Planned, row: str, reached: Reached) -> float:
    """Give what a site earns above its cost at the plan's prices, reaching all within bound."""
    base = planned.base
    assert base.proof is not None
    near = reached[reached["rtt_ms"] <= reached["bound_ms"]]
    pairs = pd.MultiIndex.from_frame(near[["place", "service"]])
    points = pd.MultiIndex.from_frame(base.instance.points[["place", "service"]])
    start = np.concatenate([[0], np.cumsum(points.isin(pairs))])
    alone = replace(
        base.instance,
        sites=base.instance.sites.loc[[row]].assign(forced=True),
        reach=Reach(start=start, site=np.zeros(start[-1], dtype=np.int32)),
    )
    return float(earned_mn_yr(base, alone, paid_above(planned))[row])
