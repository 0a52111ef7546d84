"""Why each site is in the plan and as large as it is, as far as plan and inputs know."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from microdc.inputs.hosts.capacity import least_mw, smallest_mw
from microdc.placement.parts.records import records
from microdc.placement.plan import Plan
from microdc.report.page.data.around import around
from microdc.report.page.inputs import Inputs
from microdc.scenario import Sites

_NOTHING_MW = 1e-3

Record = dict[str, Any]


def reasons(plan: Plan, inputs: Inputs | None) -> dict[str, list[str]]:
    """Give sentences about each host, by id; `microdc explain --site` solves for more."""
    near = around(plan, inputs) if inputs else None
    # By the hour a connection may be larger than the headroom that the tree states.
    sizes = _sizes(plan, inputs) if inputs and plan.hours is None else None
    left = _left(plan)
    worth_mn_yr = _worth_mn_yr(plan)
    told: dict[str, list[str]] = {}
    for row in records(plan.sites.reset_index()):
        key = row["id"]
        size = [] if sizes is None else [_size(row, left, sizes.loc[key])]
        told[key] = [*_demand(row, near), *_headroom(row), *size, *_rate(row, plan, worth_mn_yr)]
    for row in records(plan.hubs.reset_index()):
        told[row["id"]] = [*_demand(row, near), *_rate(row, plan, worth_mn_yr)]
    return told


def _demand(row: Record, near: pd.DataFrame | None) -> Iterator[str]:
    """Say what of its demand only it reaches, and how much there is around it."""
    if near is None or row["load_mw_it"] <= _NOTHING_MW:
        return
    mine = near.loc[row["id"]]
    if mine["only_here_mw_it"] <= _NOTHING_MW:
        yield "Each place that it serves is in the reach of some other site of the plan as well."
    else:
        yield (
            f"Of what it serves, {mine['only_here_mw_it']:.2f} MW IT are in no other site's reach: "
            "nobody else of the plan could answer them within their bound."
        )
    around_mw_it, left_mw_it = mine["in_reach_mw_it"], mine["short_mw_it"]
    short = f"{left_mw_it:.2f} of them unserved" if left_mw_it > _NOTHING_MW else "all of it served"
    yield f"In its reach are {around_mw_it:.2f} MW IT of demand, {short}."


def _headroom(row: Record) -> Iterator[str]:
    mw, existing_mw, headroom_mw = row["mw"], row["existing_mw"], row["headroom_mw"]
    if existing_mw:
        grown_mw = mw - existing_mw
        fate = f"grows by {grown_mw:.1f} MW" if grown_mw > _NOTHING_MW else "stays as it is"
        yield f"It stood with {existing_mw:.1f} MW already and {fate}."
    if headroom_mw is not None and row["substation"] == row["id"]:
        left_mw = headroom_mw - (mw - existing_mw)
        yield (
            f"It takes all {headroom_mw:.1f} MW of its substation's headroom."
            if left_mw <= _NOTHING_MW
            else f"{left_mw:.1f} of its substation's {headroom_mw:.1f} MW of headroom stay free."
        )


def _sizes(plan: Plan, inputs: Inputs) -> pd.DataFrame:
    """Give the least and the largest size allowed and, of modules, the next size (MW), by id."""
    scenario, rows = inputs.scenario, inputs.region.substations.loc[plan.sites.index]
    ends = _ends_of_tiers(scenario.sites)
    existing_mw = rows["existing_mw"]
    wanted_mw = plan.sites["mw"].astype(float) - existing_mw + _NOTHING_MW
    return pd.DataFrame(
        {
            "least_mw": least_mw(scenario, rows).where(existing_mw == 0),
            "allowed_mw": rows["max_mw"].fillna(scenario.sites.max_mw),
            "next_mw": existing_mw + smallest_mw(scenario.sites, wanted_mw),
            "tier_end_mw": plan.sites["tier"].map({tier: mw for tier, (mw, _) in ends.items()}),
            "next_tier": plan.sites["tier"].map({tier: name for tier, (_, name) in ends.items()}),
        }
    )


def _ends_of_tiers(sites: Sites) -> dict[str, tuple[float, str]]:
    """Give up to which size (MW) each class of sizes goes, and the next, by name; not the last."""
    following = zip(sites.tiers[1:], sites.tier_names[1:], strict=True)
    ends = ((tier.above_mw, name) for tier, name in following)
    return dict(zip(sites.tier_names, ends, strict=False))


def _left(plan: Plan) -> dict[str, tuple[str, float]]:
    """Give the name of each limit of the power tree, and what the plan leaves of it (MW), by id."""
    rows = plan.over_promise.rows
    left_mw = rows["limit_mw"] - rows["used_mw"]
    named = zip(rows.index, rows["name"], left_mw, strict=True)
    return {str(key): (name or str(key), float(mw)) for key, name, mw in named}


def _size(row: Record, left: dict[str, tuple[str, float]], sizes: "pd.Series[float]") -> str:
    """Say what keeps a site from being larger, or that no limit on power does."""
    mw, above = row["mw"], [left[key] for key in row["parents"] if key in left]
    if mw >= sizes["allowed_mw"] - _NOTHING_MW:
        return f"It is as large as a site may be there, {sizes['allowed_mw']:g} MW."
    full = [name for name, mw_left in above if mw_left <= _NOTHING_MW]
    if full:
        return f"It cannot grow: {' and '.join(full)} above it {_is(full)} full."
    room_mw = min([sizes["allowed_mw"] - mw, _own_left_mw(row), *(mw_left for _, mw_left in above)])
    if room_mw <= _NOTHING_MW:
        return "It cannot grow: its headroom is used up."
    if sizes["next_mw"] == np.inf:
        return f"It is as large as modules within {sizes['allowed_mw']:g} MW can be."
    if sizes["next_mw"] - mw > room_mw + _NOTHING_MW:
        next_mw = f"{sizes['next_mw']:g} MW, and {room_mw:.1f} MW more are left for it."
        return f"It cannot grow: the next size in modules is {next_mw}"
    return _room(mw, room_mw, sizes)


def _room(mw: float, room_mw: float, sizes: "pd.Series[float]") -> str:
    """Say why a site that could grow does not: its connection, or no need to."""
    free = f"No limit on power keeps it from growing by {room_mw:.1f} MW"
    if mw >= sizes["tier_end_mw"] - _NOTHING_MW:
        dearer = f"its connection would be of the class {sizes['next_tier']}"
        return f"{free}, but above {mw:g} MW {dearer}."
    least = ", the least that a site may have," if mw <= sizes["least_mw"] + _NOTHING_MW else ""
    return f"{free}: {mw:.1f} MW{least} do for this plan."


def _own_left_mw(row: Record) -> float:
    """Give what a site leaves of its own headroom (MW)."""
    if row["headroom_mw"] is None:
        return np.inf
    return float(row["headroom_mw"] - (row["mw"] - row["existing_mw"]))


def _is(names: list[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _rate(row: Record, plan: Plan, worth_mn_yr: "pd.Series[float] | None") -> Iterator[str]:
    """
    Say what each MW IT that it serves costs there, and what the proof's prices make of it.

    Those are of the relaxation, and tell where demand is dear to serve: not what the plan would
    cost without the site.
    """
    if row["load_mw_it"] <= _NOTHING_MW:
        yield "It serves nobody."
        return
    cost_mn = sum(value for key, value in row.items() if key.endswith("_mn_yr") and value)
    rate_mn = cost_mn / row["load_mw_it"]
    yield f"It costs {rate_mn:.2f} M {plan.currency} a year for each MW IT that it serves."
    if worth_mn_yr is not None and row["id"] in worth_mn_yr.index:
        yield (
            "At the prices that prove the bound, what it serves is worth "
            f"{worth_mn_yr[row['id']]:.2f} M {plan.currency} a year; it costs {cost_mn:.2f}."
        )


def _worth_mn_yr(plan: Plan) -> "pd.Series[float] | None":
    """
    Price what each host serves as the proof of the bound does (millions a year), by id.

    None where the plan keeps no prices, or pays for hours or outages too: then these are not all.
    """
    if plan.prices is None or plan.hours is not None or plan.outages is not None:
        return None
    rows = plan.service[plan.service["site"].notna()]
    price = plan.prices.points.set_index(["place", "service"])["mn_per_mw_it_yr"]
    keys = pd.MultiIndex.from_frame(rows[["place", "service"]])
    paid_mn_yr = price.reindex(keys).fillna(0.0).to_numpy() * rows["mw_it"].to_numpy(np.float64)
    return rows.assign(paid_mn_yr=paid_mn_yr).groupby("site")["paid_mn_yr"].sum()
