"""What a frontier can run along, and what a scenario is at each place on it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import floor
from typing import NamedTuple

import numpy as np

from microdc.errors import UsageError
from microdc.explain.bottlenecks.elastic import paying_capital
from microdc.explain.repairs.elastic import counting_sites
from microdc.instance import ALL_SITES, Instance
from microdc.placement.parts.mean_rtt import mean_rtt_ms
from microdc.placement.parts.records import records
from microdc.placement.plan import Plan
from microdc.scenario import Scenario
from microdc.solve.outcome import Outcome
from microdc.solve.turns.held import Means
from microdc.solve.turns.mean_rtt import shortest_mean_ms
from microdc.studies.levels import levels_of

NAMES = ("rtt", "mean-rtt", "budget", "sites", "served", "resilience")
_LEAST_PART = 0.5  # of what the plan without a limit has: where a frontier begins unless told
_LEAST_RTT_MS = 0.1
_DIGITS = 6  # of values of x


class Least(NamedTuple):
    """The least x: for which a plan was found, below which none can be, and by what search."""

    x: float
    bound: float
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """
    One thing that is asked for, in numbers; more of it is looser, or tighter.

    `scenario` and `instance` give what is planned at x, and `within` a range from the plan without
    a limit, where none was asked for. `least` seeks the least x that can be, where that is asked:
    always if `to_least`, for a range that ends there. `stated` reads what the scenario asks for as
    it is; None: no limit. `one` is the unit in the singular. Levels have `names`.
    """

    name: str
    title: str
    unit: str
    one: str
    more_is_looser: bool
    within: Callable[[Plan | None], tuple[float, float]]
    scenario: Callable[[Scenario, float], Scenario] = lambda scenario, _: scenario
    instance: Callable[[Instance, float], Instance] = lambda instance, _: instance
    least: Callable[[Instance, Means], Least] | None = None
    to_least: bool = False
    stated: Callable[[Scenario], float | None] = lambda _: None
    whole: bool = False
    names: tuple[str, ...] = ()
    needs_plan: bool = True

    def places(self, count: int, first: float, last: float) -> list[float]:
        """Give so many values from first to last, the loosest first; whole ones where it counts."""
        values = np.linspace(first, last, count)
        values = np.unique(np.round(values) if self.whole else values.round(_DIGITS))
        return [float(x) for x in (values[::-1] if self.more_is_looser else values)]

    def said(self, x: float) -> str:
        """Say a value with its unit, or the name of a level."""
        if self.names:
            return self.names[int(x)]
        return f"{x:,.5g} {self.one if x == 1 else self.unit}"


def axis_of(scenario: Scenario, name: str, service: str | None) -> Axis:
    """Give an axis of a scenario by name; raise UsageError where it has no such thing."""
    if service is not None and name != "rtt":
        raise UsageError("--service is for --x rtt", hint="leave it out")
    if service is not None and service not in scenario.services:
        known = ", ".join(scenario.services)
        raise UsageError(f"{scenario.name} has no service {service}", hint=f"one of: {known}")
    if name == "rtt":
        return _rtt(scenario, service)
    if name == "resilience":
        return _resilience(scenario)
    if name == "mean-rtt" and scenario.hours is not None:
        msg = f"{scenario.name} has hours, with which a mean round trip is not supported yet"
        raise UsageError(msg, hint="leave hours out in a scenario that extends this one")
    if name not in _BY_NAME:
        raise UsageError(f"no frontier runs along {name}", hint=f"one of: {', '.join(NAMES)}")
    return _BY_NAME[name]


def _rtt(scenario: Scenario, service: str | None) -> Axis:
    """Move one bound, or all by as much."""
    chosen = tuple(scenario.services) if service is None else (service,)
    start_ms = 0.0 if service is None else scenario.services[service].rtt_ms
    tightest_ms = min(scenario.services[one].rtt_ms for one in chosen)

    def shifted(rtt_ms: float, x: float) -> float:
        return max(_LEAST_RTT_MS, rtt_ms + x - start_ms)

    def moved(scenario: Scenario, x: float) -> Scenario:
        services = dict(scenario.services)
        for one in chosen:
            was = services[one]
            change: dict[str, object] = {"rtt_ms": shifted(was.rtt_ms, x)}
            if was.outage is not None and was.outage.rtt_ms is not None:
                most_ms = shifted(was.outage.rtt_ms, x)
                change["outage"] = was.outage.model_copy(update={"rtt_ms": most_ms})
            services[one] = was.model_copy(update=change)
        return scenario.model_copy(update={"services": services})

    return Axis(
        name="rtt",
        title=f"Bound of {service}" if service else "Change of every bound",
        unit="ms",
        one="ms",
        more_is_looser=True,
        within=lambda _: (start_ms - tightest_ms / 2, start_ms + tightest_ms),
        scenario=moved,
        needs_plan=False,
    )


def _resilience(scenario: Scenario) -> Axis:
    """Survive nothing, then more and more of what the scenario names."""
    if scenario.resilience is None:
        msg = f"{scenario.name} is to survive no outage: there are no levels of resilience"
        raise UsageError(msg, hint="state what is survived: resilience: {survive: [site]}")
    levels = list(levels_of(scenario.resilience))
    names = tuple(
        "nothing" if one is None else f"any {one.at_once} of: {', '.join(one.survive)}"
        for one in levels
    )
    return Axis(
        name="resilience",
        title="Outages survived",
        unit="",
        one="",
        more_is_looser=False,
        within=lambda _: (0.0, len(levels) - 1.0),
        scenario=lambda s, x: s.model_copy(update={"resilience": levels[int(x)]}),
        whole=True,
        names=names,
        needs_plan=False,
    )


def _least_cost(priced: Callable[[Instance], Instance]) -> Callable[[Instance, Means], Least]:
    """Give what seeks the least x as the least cost of an instance in which x has the price."""

    def least(instance: Instance, means: Means) -> Least:
        outcome = means.search(priced(instance), "cost")
        x = np.inf if outcome.cost is None else outcome.cost
        return Least(x, max(0.0, outcome.bound), outcome)

    return least


def _least_mean_rtt(instance: Instance, means: Means) -> Least:
    return Least(*shortest_mean_ms(replace(instance, most_mean_rtt_ms=None), means))


def _mean_rtt(plan: Plan | None) -> tuple[float, float]:
    mean_ms = None if plan is None else mean_rtt_ms(records(plan.services))
    return 0.0, 0.0 if mean_ms is None else up(mean_ms)


def up(x: float) -> float:
    """Round up, as far as places are told apart: what has a plan still has one."""
    return float(np.ceil(x * 10**_DIGITS) / 10**_DIGITS)


def _limited(key: str) -> Callable[[Scenario, float], Scenario]:
    """Give what sets one of the scenario's limits."""

    def limited(scenario: Scenario, x: float) -> Scenario:
        value = round(x) if key == "max_sites" else x
        limits = scenario.limits.model_copy(update={key: value})
        return scenario.model_copy(update={"limits": limits})

    return limited


def _serving(instance: Instance, x: float) -> Instance:
    """Let at least so many percent of all demand (MW IT) be served."""
    left_mw_it = (1.0 - x / 100) * float(instance.demand_by_group_mw_it.sum())
    reached = instance.reach.sites_per_point > 0
    far_mw_it = float(instance.points.loc[~reached, "mw_it"].sum())
    return replace(instance, most_unserved_mw_it=left_mw_it - far_mw_it)


def _served_share(plan: Plan | None) -> float:
    if plan is None:
        return 0.0
    service = plan.service
    return float(service.loc[service["site"].notna(), "mw_it"].sum() / service["mw_it"].sum())


def _from_part(of: Callable[[Plan], float]) -> Callable[[Plan | None], tuple[float, float]]:
    return lambda plan: (_LEAST_PART * of(plan), of(plan)) if plan is not None else (0.0, 0.0)


_BY_NAME = {
    "mean-rtt": Axis(
        name="mean-rtt",
        title="Mean round trip",
        unit="ms",
        one="ms",
        more_is_looser=True,
        within=_mean_rtt,
        scenario=_limited("mean_rtt_ms"),
        least=_least_mean_rtt,
        to_least=True,
        stated=lambda scenario: scenario.limits.mean_rtt_ms,
    ),
    "budget": Axis(
        name="budget",
        title="Capital",
        unit="million",
        one="million",
        more_is_looser=True,
        within=_from_part(lambda plan: plan.capital_mn),
        scenario=_limited("budget_mn"),
        least=_least_cost(paying_capital),
    ),
    "sites": Axis(
        name="sites",
        title="New sites",
        unit="sites",
        one="site",
        more_is_looser=True,
        within=_from_part(lambda plan: float((plan.sites["existing_mw"] == 0).sum())),
        scenario=_limited("max_sites"),
        least=_least_cost(lambda instance: counting_sites(instance, ALL_SITES)),
        whole=True,
    ),
    "served": Axis(
        name="served",
        title="Demand served at least",
        unit="%",
        one="%",
        more_is_looser=False,
        within=lambda plan: (floor(1e4 * _served_share(plan)) / 100, 100.0),
        instance=_serving,
    ),
}
