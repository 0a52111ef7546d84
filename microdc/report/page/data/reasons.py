"""Why each site is in the plan, as far as the plan and its proof know."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from microdc.placement.parts.records import records
from microdc.placement.plan import Plan
from microdc.report.page.data.alone import only_here_mw_it
from microdc.report.page.inputs import Inputs

_NOTHING_MW = 1e-3


def reasons(plan: Plan, inputs: Inputs | None) -> dict[str, list[str]]:
    """Give sentences about each host, by id; `microdc explain` says more, and solves for it."""
    worth, alone = _worth_mn_yr(plan), only_here_mw_it(plan, inputs) if inputs else None
    sites = {row["id"]: row for row in records(plan.sites.reset_index())}
    told = {host: list(_of_site(row)) for host, row in sites.items()}
    told |= {hub: [] for hub in plan.hubs.index}
    for host, sentences in told.items():
        if alone is not None:
            sentences.append(_alone(alone.get(host, 0.0)))
        if worth is not None and host in sites:
            sentences.append(_worth(worth.get(host, 0.0), _cost_mn_yr(sites[host]), plan.currency))
    return told


def _of_site(row: dict[str, Any]) -> Iterator[str]:
    mw, existing_mw, headroom_mw = row["mw"], row["existing_mw"], row["headroom_mw"]
    if existing_mw:
        grown_mw = mw - existing_mw
        fate = f"grows by {grown_mw:.1f} MW" if grown_mw > _NOTHING_MW else "stays as it is"
        yield f"It stood with {existing_mw:.1f} MW already and {fate}."
    if headroom_mw is not None and row["substation"] == row["id"]:
        left_mw = headroom_mw - (mw - existing_mw)
        all_of_it = left_mw <= _NOTHING_MW
        yield (
            f"It takes all {headroom_mw:.1f} MW of its substation's headroom."
            if all_of_it
            else f"{left_mw:.1f} of its substation's {headroom_mw:.1f} MW of headroom stay free."
        )


def _alone(mw_it: float) -> str:
    if mw_it <= _NOTHING_MW:
        return "All that it serves, some other site of the plan reaches within the bound as well."
    return f"{mw_it:.2f} MW IT of what it serves no other site of the plan reaches in the bound."


def _cost_mn_yr(row: dict[str, Any]) -> float:
    return float(sum(value for key, value in row.items() if key.endswith("_mn_yr") and value))


def _worth(worth_mn: float, cost_mn: float, currency: str) -> str:
    return (
        f"At the prices that prove the bound, the demand that it serves is worth {worth_mn:.2f} "
        f"M {currency} a year; the site costs {cost_mn:.2f}."
    )


def _worth_mn_yr(plan: Plan) -> "pd.Series[float] | None":
    """Add up what each site serves at the proof's prices; None where they are not of one state."""
    if plan.prices is None or plan.outages is not None or plan.hours is not None:
        return None
    price = plan.prices.points.set_index(["place", "service"])["mn_per_mw_it_yr"]
    price = price[~price.index.duplicated()]
    served = plan.service[plan.service["site"].notna()]
    pairs = pd.MultiIndex.from_frame(served[["place", "service"]])
    worth = price.reindex(pairs, fill_value=0.0).to_numpy() * served["mw_it"].to_numpy()
    return pd.Series(worth, index=served["site"]).groupby(level=0).sum()
