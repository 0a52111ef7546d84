"""What more headroom would do for a site that is not in a plan."""

from dataclasses import dataclass, replace

import numpy as np

from microdc.assembly import assemble
from microdc.assembly.limits import at_and_below
from microdc.explain.sites.base import solved
from microdc.explain.sites.changes import TOLD_MN_YR, Change
from microdc.explain.sites.pricing import with_forced
from microdc.studies.explaining.headroom.rows import binding_rows, headroom_mw, with_headroom
from microdc.studies.explaining.planned import Planned

_LOOKS = 4
"""How often the way to the least headroom that would do is halved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Larger:
    """
    What more headroom would do for a site that is not in the plan.

    row
        Whose headroom limits the site (id); '' if the largest size allowed does, not headroom.
    shared
        Whether other sites share that limit: then nothing was tried.
    headroom_mw, tried_mw
        Its headroom now, and the most that was tried (MW).
    enough_mw
        The least headroom tried with which the site would do as well as the plan; None: none.
    change
        Of the least cost, with the site forced in at the most headroom tried; None: not asked.
    """

    row: str
    shared: bool
    headroom_mw: float
    tried_mw: float
    enough_mw: float | None = None
    change: Change | None = None


def with_more_headroom(planned: Planned, row: str) -> Larger:
    """Ask whether a site would be in a plan if what limits it had more headroom."""
    scenario, substations = planned.scenario, planned.region.substations
    limiting = str(binding_rows(scenario, planned.region)[row])
    stated = float(substations["max_mw"][row])
    most_mw = scenario.sites.max_mw if np.isnan(stated) else stated
    if not limiting:
        return Larger(row="", shared=False, headroom_mw=most_mw, tried_mw=most_mw)
    now_mw = float(headroom_mw(scenario, planned.region)[limiting])
    below = at_and_below(substations, planned.base.instance.sites.index)
    if below[[substations.index.get_loc(limiting)]].sum() > 1:
        return Larger(row=limiting, shared=True, headroom_mw=now_mw, tried_mw=now_mw)
    asked = _asked_at(planned, row, limiting, most_mw - now_mw)
    found = Larger(row=limiting, shared=False, headroom_mw=now_mw, tried_mw=most_mw, change=asked)
    if asked is None or not _would_do(asked):
        return found
    enough_mw = _least_enough_mw(planned, row, limiting, (now_mw, most_mw))
    return replace(found, enough_mw=enough_mw)


def _least_enough_mw(
    planned: Planned, row: str, limiting: str, between_mw: tuple[float, float]
) -> float:
    """Halve the way to the least headroom with which the site would do as well as the plan."""
    now_mw, enough_mw = between_mw
    low_mw = now_mw
    for _ in range(_LOOKS):
        middle_mw = float(np.ceil((low_mw + enough_mw) / 2))
        if not low_mw < middle_mw < enough_mw:
            break
        asked = _asked_at(planned, row, limiting, middle_mw - now_mw)
        if asked is None:
            break
        low_mw, enough_mw = (low_mw, middle_mw) if _would_do(asked) else (middle_mw, enough_mw)
    return enough_mw


def _asked_at(planned: Planned, row: str, limiting: str, more_mw: float) -> Change | None:
    """Give the change of the least cost with a site forced in and more headroom where it limits."""
    base = planned.base
    region = with_headroom(planned.region, [limiting], more_mw=more_mw)
    changed = planned.within(assemble(planned.scenario, region))
    outcome = base.again(with_forced(changed, row), base.built.union([row]))
    return None if outcome is None else Change.between(base.solved, solved(outcome), "other")


def _would_do(change: Change) -> bool:
    """Tell whether the best plan found costs no more than the one before."""
    return change.found_mn_yr is not None and change.found_mn_yr <= TOLD_MN_YR
