"""What the planner asks for, in terms of the one search: one objective after the other."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from microdc.instance import Instance
from microdc.model.bound.floor import floor_mn_yr
from microdc.solve.highs import Clock
from microdc.solve.least_cost import least_cost, set_aside
from microdc.solve.outcome import Ended, Outcome, Reached, Settings, Watch
from microdc.solve.search.known import Known
from microdc.solve.turns.fewest_sites import fewest_sites
from microdc.solve.turns.held import Means, Objective, Turn, new_sites
from microdc.solve.turns.mean_rtt import least_mean_rtt
from microdc.solve.turns.most_served import most_served
from microdc.solve.turns.worst_rtt import least_worst_rtt

_SHARE_FOR_TURN = 0.6  # of the time left, for each objective before cost

_TURNS: dict[Objective, Callable[[Instance, Means], Turn]] = {
    "most-served": most_served,
    "fewest-sites": fewest_sites,
    "least-worst-rtt": least_worst_rtt,
    "least-mean-rtt": least_mean_rtt,
}


def solve(
    instance: Instance,
    objective: Objective | tuple[Objective, ...],
    settings: Settings,
    clock: Clock,
    watch: Watch,
    known: Known | None = None,
) -> Outcome:
    """
    Search for the best plan under an objective, with the proof of how good it is.

    Of several objectives, each counts among the plans that are as good as found under those before
    it; least cost comes last, stated or not. `least-worst-rtt` and `least-mean-rtt` need the
    reach's `rtt_ms`. What is `known` from the search of a neighbouring instance (an
    `Outcome.known`) saves time, and changes no more than which plan within the gap is found.
    """
    order = (objective,) if isinstance(objective, str) else objective
    held, found = instance, None
    turns: list[Turn] = []
    for each in order:
        if each == "least-cost":
            continue
        means = Means(
            settings=settings,
            clock=clock.share(_SHARE_FOR_TURN),
            watch=watch,
            known=found.known if found else known,
            found=found,
        )
        turn = _TURNS[each](held, means)
        held, found = turn.held, turn.outcome
        if not found.has_plan:
            return _without_plan(instance, found)
        turns.append(turn)
    if not turns:
        return least_cost(instance, settings, clock, watch, known)
    return _cheapest(turns, settings, clock, watch)


def _cheapest(turns: list[Turn], settings: Settings, clock: Clock, watch: Watch) -> Outcome:
    """Find the cheapest plan as good as all turns came to; theirs, if there is no time."""
    held, found = turns[-1].held, turns[-1].outcome
    cheap = least_cost(held, settings, clock, watch, found.known, found.sizes_mw.index)
    if not cheap.has_plan:
        cheap = _with_plan_of(found, cheap)
    if cheap.ended is Ended.INFEASIBLE:  # by the solver's tolerances: there is a plan
        cheap = replace(cheap, ended=Ended.STALLED, bound=cheap.floor)
    reached = tuple(_reached(turns, cheap))
    settled = {r.objective for r in reached if r.objective == "fewest-sites" and r.value <= r.bound}
    left = [turn for turn in turns if turn.reached.objective not in settled]
    unproven = [turn.ended for turn in left if turn.ended is not Ended.WITHIN_GAP]
    unserved = [t.reached.bound for t in turns if t.reached.objective == "most-served"]
    return replace(
        cheap,
        ended=unproven[0] if unproven else cheap.ended,
        unserved_bound_mw_it=unserved[0] if unserved else None,
        reached=reached,
        reached_of_split=tuple(turn.reached.objective for turn in left if turn.of_split),
    )


def _reached(turns: list[Turn], cheap: Outcome) -> Iterator[Reached]:
    """Tell what objectives came to but for service; the cheapest plan may have fewer sites."""
    for turn in turns:
        reached = turn.reached
        if reached.objective == "fewest-sites":
            new = turn.held.sites.index[new_sites(turn.held)]
            yield replace(reached, value=float(cheap.sizes_mw.index.isin(new).sum()))
        elif reached.objective in ("least-worst-rtt", "least-mean-rtt"):
            yield reached


def _without_plan(instance: Instance, outcome: Outcome) -> Outcome:
    """Say of cost, of which the search that found no plan proved nothing, what none avoids."""
    if outcome.ended is Ended.INFEASIBLE:
        return outcome
    floor = floor_mn_yr(set_aside(instance)[0])
    return replace(outcome, bound=floor, floor=floor)


def _with_plan_of(found: Outcome, late: Outcome) -> Outcome:
    """
    Fall back on the plan of an earlier search, where time ran out before a cheaper one.

    What it costs is not known: that is worked out from the finished plan.
    """
    return replace(
        late,
        sizes_mw=found.sizes_mw,
        unserved_mw_it=found.unserved_mw_it,
        projects=found.projects,
        served_by=found.served_by,
        by_hour=found.by_hour,
        cost=np.nan,
    )
