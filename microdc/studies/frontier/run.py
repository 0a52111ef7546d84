"""A frontier from a scenario file: point after point, each begun with what the last one learnt."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from microdc.assembly import assemble
from microdc.errors import UsageError
from microdc.inputs.kept import Kept, keeping
from microdc.inputs.read import read_region
from microdc.inputs.region import Region
from microdc.instance import Instance
from microdc.placement.plan import Plan
from microdc.placement.store import expect_sound
from microdc.scenario import Scenario, load_scenario
from microdc.solve.highs import Clock
from microdc.solve.objective import solve
from microdc.solve.outcome import Ended, Outcome, Watch
from microdc.solve.search.known import Known
from microdc.solve.turns.fewest_sites import whole_at_least
from microdc.solve.turns.held import Means
from microdc.studies.frontier.aims import COST, Aim, aim_of, expect_aim
from microdc.studies.frontier.axes import Axis, Least, axis_of, up
from microdc.studies.frontier.points import (
    NO_SEARCH,
    Point,
    Spent,
    Status,
    point_of,
    settled_between,
    sharpened,
    without_plan,
)
from microdc.studies.frontier.shape import Slope, knee_of, slopes_of
from microdc.workflow import finish, settings_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What frontier is asked for: along what, how many points, from where to where."""

    along: str
    points: int = 8
    first: float | None = None
    last: float | None = None
    service: str | None = None
    reuse: bool = True
    """Whether each search begins with what the last one learnt; if not, to compare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontier:
    """Points of ascending cost, the loosest first, and what they tell."""

    name: str
    axis: Axis
    currency: str
    aim: Aim
    """What each point is the least of."""
    points: list[Point]
    complete: bool
    """Whether every point was tried."""
    least_x: tuple[float, float] | None
    """Between what two values the least x lies at which there is a plan, where that was sought."""
    slopes: list[Slope] = field(default_factory=list)
    knee: Point | None = None

    @property
    def within_gap(self) -> bool:
        """Whether all points were tried and each is settled: within its gap, or impossible."""
        settled = ("within gap", "infeasible")
        return self.complete and all(point.status in settled for point in self.points)


def frontier_of(
    path: Path, asked: Asked, overrides: dict[str, object], watch: Watch, clock: Clock
) -> Frontier:
    """
    Plan a scenario at several places along an axis; every plan is verified.

    Each place has the scenario's time limit for itself; once the clock is interrupted, what there
    is by then is given. Raises UsageError for what cannot be asked, and InputError as planning
    does.
    """
    scenario = load_scenario(path)
    solving = scenario.solve.model_copy(update=overrides)
    scenario = scenario.model_copy(update={"solve": solving})
    axis = axis_of(scenario, asked.along, asked.service)
    expect_aim(scenario, axis.name)
    with keeping(Kept()):  # every plan is verified against the same tables
        return _Walk(scenario, axis, asked, watch, clock).frontier()


def _expect_round_trips(scenario: Scenario, region: Region, axis: Axis) -> None:
    """Refuse to walk along round trips where those are of positions that are drawn up."""
    measured = scenario.measured is not None and scenario.measured.only
    if region.drawn and axis.name in ("rtt", "mean-rtt") and not measured:
        msg = f"there are no round trips to go along --x {axis.name}: no table states positions"
        raise UsageError(msg, hint="measured with only: true, or lat and lon everywhere")


class _Walk:
    """
    Settles the loosest and the tightest place, then the middle of what is open between two.

    What lies between a place and a tighter one whose plan costs, within the gap, no more than the
    looser one's bound is settled by both, without a search.
    """

    def __init__(
        self, scenario: Scenario, axis: Axis, asked: Asked, watch: Watch, clock: Clock
    ) -> None:
        self.scenario, self.axis, self.asked = scenario, axis, asked
        self.watch, self.clock = watch, clock
        self.region: Region = read_region(scenario)
        _expect_round_trips(scenario, self.region, axis)
        self.own: Known | None = None  # from the plan of the scenario as it stands
        self.own_plan: Plan | None = None
        self.known: dict[float, Known | None] = {}  # by place
        self.least: Least | None = None
        self.aim = aim_of(scenario)

    def frontier(self) -> Frontier:
        """Settle all places, and say what there is to say of them."""
        places = self._places()
        points = self._ends(places) if self.asked.reuse else self._each(places)
        points = sharpened(points, self.scenario.solve.gap)
        return Frontier(
            name=self.scenario.name,
            axis=self.axis,
            currency=self.scenario.currency,
            aim=self.aim,
            points=points,
            complete=len(points) == len(places),
            least_x=self._least_x(points),
            slopes=slopes_of(points) if not self.axis.names else [],
            knee=knee_of(points) if not self.axis.names else None,
        )

    def _each(self, places: list[float]) -> list[Point]:
        """Search every place, as if there were no other."""
        points = []
        for x in places:
            if self.clock.interrupted:
                break
            points.append(self._point(x, None))
        return points

    def _ends(self, places: list[float]) -> list[Point]:
        """Give the points of places, the loosest first; fewer if interrupted."""
        if self.clock.interrupted:
            return []
        loosest = self._loosest(places[0])
        if len(places) == 1 or self.clock.interrupted:
            return [loosest]
        tightest = self._tighter(loosest, places[-1], self.least and self.least.outcome.known)
        between = self._between(loosest, places[1:-1], tightest)
        return [loosest, *between, tightest]

    def _loosest(self, x: float) -> Point:
        """Search the loosest place, unless the plan of the scenario as it stands lies there."""
        plan, stated = self.own_plan, self.axis.stated(self.scenario)
        if not self.axis.to_least or plan is None or x < self.axis.within(plan)[1]:
            return self._point(x, self.own)
        if stated is not None and stated < x:  # what is proven of it holds no farther
            return self._point(x, None)
        self.known[x] = self.own
        return point_of(x, self.axis.said(x), plan, NO_SEARCH)

    def _tighter(self, loose: Point, x: float, planned: Known | None = None) -> Point:
        """
        Search a place with what is known from a looser one; where no plan is, none can be.

        The plan to begin with is that of a tighter place, if there is one: it will do.
        """
        if loose.status == "infeasible":
            return without_plan(x, self.axis.said(x), "infeasible", loose.bound, NO_SEARCH)
        known = self.known[loose.x]
        if known is not None and planned is not None:
            known = replace(known, built=planned.built)
        return self._point(x, known or planned)

    def _between(self, loose: Point, places: list[float], tight: Point) -> list[Point]:
        """Give the points of places between two points; fewer if interrupted."""
        if not places or self.clock.interrupted:
            return []
        if settled_between(loose, tight, self.scenario.solve.gap):
            return [self._taken_over(tight, x, loose.bound) for x in places]
        half = len(places) // 2
        middle = self._tighter(loose, places[half], self.known.get(tight.x))
        before = self._between(loose, places[:half], middle)
        return [*before, middle, *self._between(middle, places[half + 1 :], tight)]

    def _taken_over(self, tight: Point, x: float, bound: float) -> Point:
        """Give a looser place the answer of a tighter one, with a bound of its own."""
        says = self.axis.said(x)
        return replace(tight, x=x, says=says, bound=bound, least_mn_yr=None, seconds=0.0, rounds=0)

    def _places(self) -> list[float]:
        asked = self.asked
        plan = None
        if self.axis.needs_plan and (asked.first is None or asked.last is None):
            outcome, plan = self._plan(self.scenario, lambda i: i, None)
            self.own, self.own_plan = outcome.known, plan
        first, last = self.axis.within(plan)
        if self.axis.to_least and asked.first is None:
            self.least = self._seek_least(last if asked.last is None else asked.last)
            first = last if self.least is None else min(last, up(self.least.x))
        first = first if asked.first is None else asked.first
        last = last if asked.last is None else asked.last
        if first > last:
            msg = f"--from {first:g} lies above --to {last:g}"
            raise UsageError(msg, hint="state the smaller value first")
        if first < 0 and self.axis.name != "rtt":
            raise UsageError(f"--from {first:g} is less than nothing", hint="state 0 or more")
        count = len(self.axis.names) or asked.points
        return self.axis.places(count, first, last)

    def _point(self, x: float, known: Known | None) -> Point:
        """Plan one place, with what is known of a looser one, and its bound."""
        scenario = self.axis.scenario(self.scenario, x)
        outcome, plan = self._plan(scenario, lambda one: self.axis.instance(one, x), known)
        least = outcome.bound if self.aim.of == COST else float("-inf")  # of cost alone
        self.known[x] = outcome.known and replace(outcome.known, least_mn_yr=least)
        says, spent = self.axis.said(x), Spent(outcome.seconds, outcome.counts.rounds)
        if plan is not None:
            return point_of(x, says, plan, spent)
        impossible = outcome.ended is Ended.INFEASIBLE
        status: Status = "infeasible" if impossible else "no plan in time"
        bound = outcome.bound if self.aim.of == COST else 0.0
        return without_plan(x, says, status, bound, spent)

    def _plan(
        self, scenario: Scenario, changed: Callable[[Instance], Instance], known: Known | None
    ) -> tuple[Outcome, Plan | None]:
        """Search, and make and verify the plan that was found."""
        instance = changed(assemble(scenario, self.region))
        clock = Clock(scenario.solve.time_limit_s, whole=self.clock)
        settings = settings_of(scenario)
        outcome = solve(instance, scenario.objective, settings, clock, self.watch, known)
        if not outcome.has_plan:
            return outcome, None
        plan = finish(scenario, self.region, instance, outcome, clock)
        expect_sound(plan, Path(f"{scenario.name}-{self.axis.name}"), scenario)
        return outcome, plan

    def _least_x(self, points: list[Point]) -> tuple[float, float] | None:
        """Seek the least x at which there is a plan, where some place had none."""
        if self.least is None and any(point.status == "infeasible" for point in points):
            self.least = self._seek_least(max(point.x for point in points))
        if self.least is None:
            return None
        least = whole_at_least(self.least.bound) if self.axis.whole else self.least.bound
        return least, self.least.x

    def _seek_least(self, x: float) -> Least | None:
        """Search for the least x, from the scenario at another; None where none is found."""
        if self.axis.least is None:
            return None
        instance = assemble(self.axis.scenario(self.scenario, x), self.region)
        clock = Clock(self.scenario.solve.time_limit_s, whole=self.clock)
        means = Means(settings=settings_of(self.scenario), clock=clock, watch=self.watch)
        least = self.axis.least(instance, means)
        return least if least.outcome.has_plan else None
