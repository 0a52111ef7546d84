"""
Sites exchanged at random, and improved again around them: where one exchange no longer helps.

The more are exchanged at once the longer it is in vain (Hansen & Mladenovic 1997). What is far from
all that was exchanged stays as it is, and is not looked at.
"""

from typing import NamedTuple

import numpy as np

from microdc.instance import Floats, Ints
from microdc.solve.highs import Clock
from microdc.solve.priced.branching.counted import Flags
from microdc.solve.priced.trials.nearest import Nearest

_SAME_SHARE = 1e-9
_HARDLY_WORSE_SHARE = 1e-4  # of the best cost: what is gone on from
_MOST_SHAKEN = 6  # sites at once
_LIKELY = 0.02  # share that a site is open of late


class Until(NamedTuple):
    """When to stop: at a cost no higher than a goal, or after so many times in vain."""

    goal_mn_yr: float
    in_vain: int
    clock: Clock
    seed: int


def shaken(nearest: Nearest, sites: Ints, shut: Flags, open_share: Floats, until: Until) -> Ints:
    """
    Improve some sites, ascending, by exchanges, then exchange some at random and improve again.

    Sites come in that were open of late in a climb, or every other time any; some go that are
    missed least. What is hardly worse than the best is gone on from, too.
    """
    chance, clock = np.random.default_rng(until.seed), until.clock
    allowed, likely = ~shut, ~shut & (open_share > _LIKELY)
    sites = nearest.improved(sites, allowed, clock)
    cost, many, vain = nearest.cost_mn_yr(sites), 1, 0
    best = sites
    while likely.any() and cost > until.goal_mn_yr and vain < until.in_vain and not clock.expired:
        other = _shuffled(nearest, sites, allowed if vain % 2 else likely, many, chance)
        other = _improved_around(nearest, other, np.setxor1d(other, sites), allowed, clock)
        many, vain = many % _MOST_SHAKEN + 1, vain + 1
        found = nearest.cost_mn_yr(other)
        if found < cost - _SAME_SHARE * abs(cost):
            best = sites = nearest.improved(other, allowed, clock)
            cost, many, vain = nearest.cost_mn_yr(sites), 1, 0
        elif found < cost + _HARDLY_WORSE_SHARE * abs(cost):
            sites = other
    return best


def _improved_around(
    nearest: Nearest, sites: Ints, changed: Ints, allowed: Flags, clock: Clock
) -> Ints:
    """Improve those of some sites that are near what has changed."""
    inner = nearest.around(sites, changed)
    if not len(inner):
        return sites
    part = nearest.part(sites, inner, allowed)
    every = np.ones(len(part.sites), dtype=bool)
    found = part.nearest.improved(part.open, every, clock)
    return np.union1d(np.setdiff1d(sites, inner), part.sites[found])


def _shuffled(
    nearest: Nearest, sites: Ints, likely: Flags, many: int, chance: np.random.Generator
) -> Ints:
    """Take some likely sites in, and as many out of those that are missed least then."""
    into = np.setdiff1d(np.flatnonzero(likely), sites)
    may_go = sites[~nearest.stays[sites]]
    many = min(many, len(into), len(may_go))
    into = chance.choice(into, many, replace=False)
    lost = nearest.missed(nearest.served(np.union1d(sites, into))) - nearest.fixed_mn_yr
    least = may_go[np.argsort(lost[may_go], kind="stable")[: 3 * many]]
    return np.union1d(np.setdiff1d(sites, chance.choice(least, many, replace=False)), into)
