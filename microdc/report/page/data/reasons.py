"""Why each site is in the plan, as far as the plan itself knows."""

from collections.abc import Iterator
from typing import Any

from microdc.placement.parts.records import records
from microdc.placement.plan import Plan
from microdc.report.page.data.alone import only_here_mw_it
from microdc.report.page.inputs import Inputs

_NOTHING_MW = 1e-3


def reasons(plan: Plan, inputs: Inputs | None) -> dict[str, list[str]]:
    """Give sentences about each host, by id; `microdc explain --site` solves for more."""
    alone = only_here_mw_it(plan, inputs) if inputs else None
    told: dict[str, list[str]] = {}
    for table in (plan.sites, plan.hubs):
        for row in records(table.reset_index()):
            of_site = _of_site(row) if "existing_mw" in row else ()
            serves = row["load_mw_it"] > _NOTHING_MW
            only = [] if alone is None or not serves else [_alone(alone.get(row["id"], 0.0))]
            rate = [_rate(row, plan.currency)] if serves else ["It serves nobody."]
            told[row["id"]] = [*only, *of_site, *rate]
    return told


def _alone(mw_it: float) -> str:
    if mw_it <= _NOTHING_MW:
        return "Each place that it serves is in the reach of some other site of the plan as well."
    return (
        f"Of what it serves, {mw_it:.2f} MW IT are in no other site's reach: nobody else of the "
        "plan could answer them within their bound."
    )


def _of_site(row: dict[str, Any]) -> Iterator[str]:
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


def _rate(row: dict[str, Any], currency: str) -> str:
    """Say what each MW IT that it serves costs there."""
    cost_mn = sum(value for key, value in row.items() if key.endswith("_mn_yr") and value)
    rate_mn = cost_mn / row["load_mw_it"]
    return f"It costs {rate_mn:.2f} M {currency} a year for each MW IT that it serves."
