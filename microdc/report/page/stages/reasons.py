"""Why a stage adds what it adds and no more, as far as its plan, its rules and its tables tell."""

from collections.abc import Iterator, Sequence

import pandas as pd

from microdc.placement.plan import Plan
from microdc.report.page.data.candidates import headroom_alone_mw
from microdc.report.page.stages.shown import Shown
from microdc.report.words import number

_FULL_MW = 1e-3
_NOTHING_MW = 1e-4
_MOST_NAMES = 3


def new_since(shown: Shown, before: Shown) -> Iterator[str]:
    """Say what a stage may and must do other than the one before: rules, demand, headroom."""
    now_mw_it, then_mw_it = (one.told["demand_mw_it"] for one in (shown, before))
    if abs(now_mw_it - then_mw_it) > _NOTHING_MW:
        yield f"Demand is {number(now_mw_it, 1)} MW IT, before {number(then_mw_it, 1)}."
    if shown.inputs is None or before.inputs is None:
        return
    now, then = shown.inputs.scenario.limits, before.inputs.scenario.limits
    if now.max_sites != then.max_sites:
        yield f"Sites allowed: {_most(now.max_sites, 0)}, before {_most(then.max_sites, 0)}."
    if now.budget_mn != then.budget_mn:
        capital = f"Capital allowed, M {shown.stage.plan.currency}"
        yield f"{capital}: {_most(now.budget_mn, 1)}, before {_most(then.budget_mn, 1)}."
    rows = shown.inputs.region.substations
    names = rows["name"].where(rows["name"].notna(), rows.index.to_series())
    risen = _rises(before.inputs.region.substations["headroom_mw"], rows["headroom_mw"])
    if risen:
        yield f"More headroom at: {_listed([names[key] for key in risen])}."
    able, could = rows["candidate"], before.inputs.region.substations["candidate"]
    more = int((able & ~could.reindex(rows.index, fill_value=False)).sum())
    if more:
        yield f"Candidates that the stage before could not have: {more:,}."


def _most(most: float | None, digits: int) -> str:
    return "no limit" if most is None else number(most, digits)


def released(shown: Shown, before: Shown | None) -> dict[str, list[str]]:
    """
    Say what the sites of a stage have that they had not in the one before, by id: power, headroom.

    Of a site itself only where what both stages were planned from is still known; of the limits
    above it always.
    """
    if before is None:
        return {}
    rises = _rises(_limits_mw(before.stage.plan), _limits_mw(shown.stage.plan))
    own, names = _of_itself(shown, before), shown.stage.plan.over_promise.rows["name"]
    return {
        str(site): [
            *own.get(str(site), []),
            *(
                f"{names[above] or above} above it {_risen(*rises[above], shown)}."
                for above in parents
                if above in rises
            ),
        ]
        for site, parents in shown.stage.plan.sites["parents"].items()
    }


def _of_itself(shown: Shown, before: Shown) -> dict[str, list[str]]:
    if shown.inputs is None or before.inputs is None:
        return {}
    then, now = before.inputs.region.substations, shown.inputs.region.substations
    told: dict[str, list[str]] = {}
    for site, why in then["excluded"][then["excluded"].notna()].items():
        told[str(site)] = [f"In stage {before.stage.name}: {why}."]
    for site, mw in _rises(headroom_alone_mw(then), headroom_alone_mw(now)).items():
        told.setdefault(site, []).append(f"Its headroom {_risen(*mw, shown)}.")
    return told


def _limits_mw(plan: Plan) -> "pd.Series[float]":
    return plan.over_promise.rows["limit_mw"].astype(float)


def _rises(
    then_mw: "pd.Series[float]", now_mw: "pd.Series[float]"
) -> dict[str, tuple[float, float]]:
    """Give what was and what is, where that is more."""
    both = pd.DataFrame({"then": then_mw, "now": now_mw}).astype(float).dropna()
    more = both[both["now"] > both["then"] + _FULL_MW]
    return {str(key): (float(then), float(now)) for key, then, now in more.itertuples(name=None)}


def _risen(then_mw: float, now_mw: float, shown: Shown) -> str:
    begins = shown.stage.begins
    return f"rises from {number(then_mw, 1)} to {number(now_mw, 1)} MW by {begins}"


def limits_of(shown: Shown) -> Iterator[str]:
    """Say which rules and limits a stage comes up against, and what stays unserved and why."""
    yield from _rules(shown)
    yield from _full(shown.stage.plan)
    known = shown.block["unserved"]
    if known is not None:
        yield from known["reasons"]


def _rules(shown: Shown) -> Iterator[str]:
    """Say how much is used of the sites, beside those that stood, and of the capital allowed."""
    if shown.inputs is None:
        return
    limits, money = shown.inputs.scenario.limits, f"M {shown.stage.plan.currency}"
    built = int((shown.stage.plan.sites["existing_mw"] == 0).sum())
    if limits.max_sites is not None:
        yield (
            f"It has all sites that max_sites allows, {built}: no more may be built before "
            f"{shown.stage.ends}."
            if built >= limits.max_sites
            else f"It has {built} of the {limits.max_sites} sites that max_sites allows."
        )
    if limits.budget_mn is not None:
        yield (
            f"Its sites take {number(shown.told['capital_mn'], 1)} of the "
            f"{number(limits.budget_mn, 1)} {money} of capital that budget_mn allows."
        )


def _full(plan: Plan) -> Iterator[str]:
    """Name the limits of the power tree that are used up."""
    rows = plan.over_promise.rows
    full = rows[(rows["used_mw"] > 0) & (rows["used_mw"] >= rows["limit_mw"] - _FULL_MW)]
    if len(full):
        names = [str(name or key) for key, name in full["name"].items()]
        yield f"Used up in the power tree: {_listed(names)}."


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
