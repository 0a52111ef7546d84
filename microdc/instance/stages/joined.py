"""Size classes and projects of all stages at once: those of each, side by side."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from microdc.instance.sizes import Projects, Tiers


def tiers_of_all(stages: Sequence[Tiers | None], weights_yr: Sequence[float]) -> Tiers | None:
    """Give the classes of the sites of all stages; what they cost a year is weighted."""
    some = [tiers for tiers in stages if tiers is not None]
    if len(some) < len(stages):
        return None
    return replace(
        some[0],
        applies=np.concatenate([tiers.applies for tiers in some]),
        site_mn_yr=np.concatenate(
            [w * tiers.site_mn_yr for w, tiers in zip(weights_yr, some, strict=True)]
        ),
        size_mn_per_mw_yr=np.concatenate(
            [w * tiers.size_mn_per_mw_yr for w, tiers in zip(weights_yr, some, strict=True)]
        ),
        site_capital_mn=np.concatenate([tiers.site_capital_mn for tiers in some]),
        size_capital_mn_per_mw=np.concatenate([tiers.size_capital_mn_per_mw for tiers in some]),
    )


def projects_of_all(stages: Sequence[Projects | None]) -> Projects | None:
    """Give the projects that the sites of all stages may form, each within its stage."""
    some = [projects for projects in stages if projects is not None]
    if len(some) < len(stages):
        return None
    before = np.cumsum([0, *(len(projects.joins) for projects in some)])[:-1]
    return replace(
        some[0],
        joins=np.concatenate([projects.joins for projects in some]),
        member=np.concatenate([k + one.member for k, one in zip(before, some, strict=True)]),
        centre=np.concatenate([k + one.centre for k, one in zip(before, some, strict=True)]),
        owner=np.concatenate([projects.owner for projects in some]),
    )
