"""What headroom is worth to a plan, row by row, and which of the numbers to verify first."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from microdc.assembly import assemble
from microdc.errors import InputError
from microdc.explain.sites.base import solved
from microdc.explain.sites.changes import Change, Solved
from microdc.inputs.region import Region
from microdc.instance import WATT_MW, Instance
from microdc.studies.explaining.headroom.ranking import used_mw, worth_mn_yr
from microdc.studies.explaining.headroom.rows import headroom_mw, with_headroom
from microdc.studies.explaining.planned import Planned

Step = Mapping[str, float]
"""How a headroom changes, in the words of `with_headroom`."""

MORE: dict[str, Step] = {"+1 MW": {"more_mw": 1.0}, "+5 MW": {"more_mw": 5.0}}
LESS: dict[str, Step] = {
    "-1 MW": {"more_mw": -1.0},
    "-5 MW": {"more_mw": -5.0},
    "-10 %": {"times": 0.9},
}

_WORTH_MN_YR = 1e-6
"""What is worth less than a unit of the currency is not asked about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """
    A row of the power tree, and what other headroom at it does.

    changes
        Of the least cost, by step; None where time was up.
    served_mw_it
        By how much more the best plan found then serves (MW IT), by step, where one was found.
    as_of, source
        Date of the number (YYYY-MM-DD), else of its table; and the table's title.
    """

    row: str
    name: str
    headroom_mw: float
    used_mw: float
    changes: dict[str, Change | None]
    served_mw_it: dict[str, float]
    as_of: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Headroom:
    """
    Where a megawatt more would help a plan, and where one less would hurt; most first.

    `left_more` and `left_less` count the rows that were ranked but not solved for.
    """

    planned: Planned
    more: tuple[Confirmed, ...]
    less: tuple[Confirmed, ...]
    left_more: int
    left_less: int


def value_headroom(planned: Planned, top: int) -> Headroom:
    """
    Find the rows of the power tree where headroom matters most to a plan.

    The `top` ones of each kind, ranked by the plan's prices, are confirmed by solving again.
    """
    more, less = helped_by_more(planned), hurt_by_less(planned)
    return Headroom(
        planned=planned,
        more=tuple(_confirmed(planned, row, MORE) for row in more[:top]),
        less=tuple(_confirmed(planned, row, LESS) for row in less[:top]),
        left_more=max(0, len(more) - top),
        left_less=max(0, len(less) - top),
    )


def helped_by_more(planned: Planned) -> list[str]:
    """
    Give the rows where more headroom may help, most first: those worth something at the prices.

    Where prices do not tell, those that the plan uses up, but for less than holds it back.
    """
    worth = pd.DataFrame({step: worth_mn_yr(planned, **how) for step, how in MORE.items()})
    told = _ranked(planned, worth)
    if planned.base.ranks:
        return [row for row in told if worth.loc[row].max() > _WORTH_MN_YR]
    left_mw = headroom_mw(planned.scenario, planned.region) - used_mw(planned)
    held_back_mw = _least_more_mw(planned.base.instance)
    return [row for row in told if left_mw[row] <= max(WATT_MW, held_back_mw - WATT_MW)]


def _least_more_mw(instance: Instance) -> float:
    """Give the least that a plan may need more of (MW): a module, or a place that has one site."""
    whole_mw_it = instance.points["mw_it"].to_numpy()[instance.unsplit]
    whole_mw = float(whole_mw_it.max(initial=0.0) * instance.sites["pue"].max())
    return max(whole_mw, min(instance.modules_mw, default=0.0))


def hurt_by_less(planned: Planned) -> list[str]:
    """Give the rows with too little headroom for the plan if there is less of it, most first."""
    worth = pd.DataFrame({step: worth_mn_yr(planned, **how) for step, how in LESS.items()})
    used, steps = used_mw(planned), LESS.values()
    least_mw = pd.DataFrame([_then_mw(planned, how) for how in steps]).min()
    return [row for row in _ranked(planned, worth) if used[row] > least_mw[row] + WATT_MW]


def _ranked(planned: Planned, worth: pd.DataFrame) -> list[str]:
    """Sort rows by what is at stake at the plan's prices, then by the share used."""
    share = used_mw(planned) / headroom_mw(planned.scenario, planned.region)
    order = pd.DataFrame({"worth": worth.sum(axis=1).round(9), "share": share.round(9)})
    order = order[order["share"].notna()].sort_index(kind="stable")
    ranked = order.sort_values(["worth", "share"], ascending=False, kind="stable")
    return [str(row) for row in ranked.index]


def _then_mw(planned: Planned, how: Step) -> "pd.Series[float]":
    """Give the headroom of every row (MW) if it alone were changed so."""
    other = with_headroom(planned.region, planned.region.substations.index, **how)
    return headroom_mw(planned.scenario, other)


def _confirmed(planned: Planned, row: str, steps: Mapping[str, Step]) -> Confirmed:
    """Solve again with other headroom at one row."""
    region = planned.region
    source = region.sources[int(region.substations["source"][row])]
    changes: dict[str, Change | None] = {}
    served_mw_it: dict[str, float] = {}
    for step, how in steps.items():
        changes[step], served = _change(planned, row, how)
        if served is not None:
            served_mw_it[step] = served
    return Confirmed(
        row=row,
        name=str(region.substations["name"][row]),
        headroom_mw=float(headroom_mw(planned.scenario, region)[row]),
        used_mw=float(used_mw(planned)[row]),
        changes=changes,
        served_mw_it=served_mw_it,
        as_of=region.substations["as_of"][row] or source.date,
        source=source.title,
    )


def _change(planned: Planned, row: str, how: Step) -> tuple[Change | None, float | None]:
    """Give the change of the least cost, and by how much more is served (MW IT)."""
    base, region = planned.base, with_headroom(planned.region, [row], **how)
    less = how.get("more_mw", 0.0) < 0 or how.get("times", 1.0) < 1
    if less and _still_fits(planned, row, region):
        return Change.between(base.solved, base.solved, "tighter"), 0.0
    try:
        changed = planned.within(assemble(planned.scenario, region))
    except InputError:  # a site that is forced cannot be built any more
        nothing = Solved(cost=float("inf"), bound=float("inf"))
        return Change.between(base.solved, nothing, "tighter"), None
    outcome = base.again(changed, base.built)
    if outcome is None:
        return None, None
    change = Change.between(base.solved, solved(outcome), "tighter" if less else "looser")
    if not outcome.has_plan:
        return change, None
    served_mw_it = changed.points["mw_it"].sum() - outcome.unserved_mw_it.sum()
    return change, float(served_mw_it - planned.plan.services["served_mw_it"].sum())


def _still_fits(planned: Planned, row: str, region: Region) -> bool:
    """Tell whether the plan as it stands takes no more than a row then has, whatever the hour."""
    then_mw = headroom_mw(planned.scenario, region)[row]
    by_hour = planned.base.instance.hours is not None
    return not by_hour and bool(used_mw(planned)[row] <= then_mw + WATT_MW)
