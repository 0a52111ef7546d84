"""Promises on futures: what the programme costs in each, and which sites its best programme has."""

import math
from collections.abc import Iterator

from microdc.placement.verify.document import ProgrammeTold
from microdc.placement.verify.facts import SAME, money_differs
from microdc.placement.verify.stages.together import NOTHING_MN, Promise, Together


def at_risk(together: Together) -> Iterator[str]:
    """The risk is the one asked for; where it is not the expected cost, each future's is told."""
    said, asked = together.programme, together.scenario.programme
    if (said.risk, said.cvar_level) != (asked.risk, asked.cvar_level):
        yield f"the risk is said to be {said.risk}, the scenario says otherwise"
    if said.risk != "expected" and not said.futures:
        yield f"what the programme costs in each future is not said: its risk is {said.risk}"


def in_futures(together: Together) -> Iterator[str]:
    """What the programme costs in a future is what its stages cost then."""
    said = together.programme
    if not said.futures:
        return
    asked = [(one.name, one.probability) for one in together.scenario.futures]
    if [(one.name, one.probability) for one in said.futures] != asked:
        yield "the futures are not those of the scenario"
    for one in said.futures:
        cost = math.fsum(
            stage.weight_yr / stage.probability * stage.cost_mn_yr
            for stage in said.stages
            if stage.future in (None, one.name)
        )
        if money_differs(one.cost_mn, cost):
            yield f"{one.name}: the cost is said to be {one.cost_mn:.6f}, it is {cost:.6f}"
        if one.best and one.best.bound_mn > one.best.cost_mn + NOTHING_MN:
            yield f"{one.name}: the bound of its best programme is above its cost"


def comes_to_mn(said: ProgrammeTold) -> float:
    """Give what the costs said of each future come to by the risk (millions); nan if unsaid."""
    costs = sorted(((one.cost_mn, one.probability) for one in said.futures), reverse=True)
    if said.risk == "worst-regret":
        least = [one.best.bound_mn if one.best else math.nan for one in said.futures]
        regret = [one.cost_mn - mn for one, mn in zip(said.futures, least, strict=True)]
        return max([0.0, *regret]) if all(map(math.isfinite, regret)) else math.nan
    if said.risk == "worst-cost":
        return costs[0][0] if costs else math.nan
    tail = 1.0 - (said.cvar_level or 0.0)
    dearer = [math.fsum(p for _, p in costs[:k]) for k in range(len(costs))]
    return math.fsum(
        mn * max(0.0, min(p, tail - before)) / tail
        for (mn, p), before in zip(costs, dearer, strict=True)
    )


def appearing(together: Together) -> Iterator[str]:
    """A site appears as likely as the futures whose best programme has it."""
    futures = [one for one in together.programme.futures if one.best]
    for site in together.programme.appears:
        for when in ("first", "last"):
            true = sum(one.probability for one in futures if site.id in getattr(one.best, when))
            if abs(getattr(site, when) - true) > SAME:
                yield f"{site.id}: appears in {true:.6%} of futures, said is otherwise"


PROMISES: tuple[Promise, ...] = (at_risk, in_futures, appearing)
