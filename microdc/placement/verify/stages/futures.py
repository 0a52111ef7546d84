"""Promises on futures: what the programme costs in each, and which sites its best programme has."""

import math
from collections.abc import Iterator

from microdc.placement.verify.facts import SAME, money_differs
from microdc.placement.verify.stages.together import NOTHING_MN, Promise, Together


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
        if one.best.bound_mn > one.best.cost_mn + NOTHING_MN:
            yield f"{one.name}: the bound of its best programme is above its cost"


def appearing(together: Together) -> Iterator[str]:
    """A site appears as likely as the futures whose best programme has it."""
    futures = together.programme.futures
    for site in together.programme.appears:
        for when in ("first", "last"):
            true = sum(one.probability for one in futures if site.id in getattr(one.best, when))
            if abs(getattr(site, when) - true) > SAME:
                yield f"{site.id}: appears in {true:.6%} of futures, said is otherwise"


PROMISES: tuple[Promise, ...] = (in_futures, appearing)
