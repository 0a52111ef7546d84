"""Points of a frontier: what each costs at most and at least, and by whose plan."""

from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from microdc.placement.plan import Plan
from microdc.solve.outcome import relative_gap
from microdc.studies.frontier.aims import came_to

Status = Literal["within gap", "gap not reached", "infeasible", "no plan in time"]


class Spent(NamedTuple):
    """What a search took."""

    seconds: float = 0.0
    rounds: int = 0


NO_SEARCH = Spent()


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """
    One place on a frontier.

    `cost` is that of the cheapest verified plan known that satisfies it (millions a year; None: no
    plan), `bound` what no plan can cost less than; where another objective comes first, both are
    what that comes to, and gaps are counted from `zero`. `mn_yr` is the plan's cost in any case,
    and `least_mn_yr` what no plan costs less than that comes to the same; None where the plan is
    that of a tighter place, `plan_of_x`. The bound may be that of a looser one.
    `seconds` and `rounds` are what its own search took: 0 where none was needed.
    """

    x: float
    says: str
    status: Status
    cost: float | None
    bound: float
    sites: int | None
    mw: float | None
    served_share: float | None
    plan_of_x: float
    mn_yr: float | None
    least_mn_yr: float | None
    seconds: float
    rounds: int = 0
    zero: float = 0.0

    @property
    def gap(self) -> float | None:
        """(cost - bound) / cost, both counted from `zero`."""
        return None if self.cost is None else gap_between(self, self)


def point_of(x: float, says: str, plan: Plan, spent: Spent) -> Point:
    """Sum up a verified plan by what it is to be best at, and what its search took."""
    service, proven = plan.service, plan.certificate
    came = came_to(plan)
    served = service.loc[service["site"].notna(), "mw_it"].sum()
    return Point(
        x=x,
        says=says,
        status="gap not reached",
        cost=came.value,
        bound=came.bound,
        sites=len(plan.sites),
        mw=float(plan.sites["mw"].sum()),
        served_share=float(served / service["mw_it"].sum()) if len(service) else 1.0,
        plan_of_x=x,
        mn_yr=proven.cost_mn_yr,
        least_mn_yr=proven.bound_mn_yr,
        seconds=spent.seconds,
        rounds=spent.rounds,
        zero=came.zero,
    )


def without_plan(x: float, says: str, status: Status, bound: float, spent: Spent) -> Point:
    """Tell of a place where no plan was found, or none can be."""
    return Point(
        x=x, says=says, status=status, cost=None, bound=bound, sites=None, mw=None,
        served_share=None, plan_of_x=x, mn_yr=None, least_mn_yr=None, seconds=spent.seconds,
        rounds=spent.rounds,
    )  # fmt: skip


def settled_between(loose: Point, tight: Point, gap: float) -> bool:
    """Tell whether every place between two is settled: by a plan within the gap, or by none."""
    if tight.cost is None:
        return loose.status == "infeasible"
    return gap_between(tight, loose) <= gap


def gap_between(tight: Point, loose: Point) -> float:
    """Give how far the plan of a place is from the bound of a looser one, as a share."""
    assert tight.cost is not None
    return relative_gap(tight.cost - tight.zero, loose.bound - tight.zero)


def sharpened(points: list[Point], gap: float) -> list[Point]:
    """
    Let points, the loosest first, learn from one another, and say which are within the gap.

    A plan for a tighter place is one for every looser place; a bound at a looser place holds at
    every tighter one. So costs and bounds never fall from one point to the next.
    """
    bounded: list[Point] = []
    bound = float("-inf")
    for point in points:
        if point.status == "infeasible":
            bounded.append(point)
            continue
        bound = max(bound, point.bound)
        bounded.append(replace(point, bound=bound))
    carried: list[Point] = []
    best: Point | None = None
    for point in reversed(bounded):
        served = point if best is None else _no_dearer(point, best)
        best = served if served.cost is not None else best
        carried.append(_judged(served, gap))
    return carried[::-1]


def _no_dearer(point: Point, tighter: Point) -> Point:
    """Give a point the plan of a tighter one where that is cheaper, or it has none."""
    if tighter.cost is None or (point.cost is not None and point.cost <= tighter.cost):
        return point
    return replace(
        point, cost=tighter.cost, sites=tighter.sites, mw=tighter.mw,
        served_share=tighter.served_share, plan_of_x=tighter.plan_of_x, mn_yr=tighter.mn_yr,
        least_mn_yr=None, zero=tighter.zero,
    )  # fmt: skip


def _judged(point: Point, gap: float) -> Point:
    if point.gap is None:
        return point
    return replace(point, status="within gap" if point.gap <= gap else "gap not reached")
