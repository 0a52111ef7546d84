"""When a new site can have power: not before its lead time is over."""

import pandas as pd

from microdc.scenario import Scenario
from microdc.scenario.parts.stages.months import later_by


def not_yet_energised(scenario: Scenario, substations: pd.DataFrame) -> "pd.Series[str]":
    """
    Say of each candidate that has no power by the date of the scenario's stage from when it has.

    A substation takes the lead time of the highest `from_kv` that its voltage reaches; where its
    voltage is unknown, that of the lowest. What exists has power. None: no such reason.
    """
    reasons = pd.Series(None, index=substations.index, dtype=object)
    new = substations["candidate"] & (substations["existing_mw"] == 0)
    if (month := _later_class(scenario, 0.0)) is not None:
        reasons[new] = f"no power before {month}"
    times, begins = scenario.programme.lead_times, scenario.programme.begins
    if scenario.stage is None or begins is None or not times:
        return reasons
    in_order = sorted(times, key=lambda time: time.from_kv)
    kv = substations["voltage_kv"].fillna(in_order[0].from_kv)
    for number, time in enumerate(in_order):
        below = in_order[number + 1].from_kv if number + 1 < len(in_order) else float("inf")
        month = later_by(begins, time.months)
        if month > scenario.stage.by:
            reasons[new & (kv >= time.from_kv) & (kv < below)] = f"no power before {month}"
    return reasons


def most_energised_mw(scenario: Scenario) -> float:
    """Give the largest size (MW) of a new site that the months of its class allow by the stage."""
    bounds = [tier.above_mw for tier in scenario.sites.tiers]
    return min(
        (mw for mw in bounds if _later_class(scenario, mw) is not None), default=float("inf")
    )


def _later_class(scenario: Scenario, above_mw: float) -> str | None:
    """Give when the class above a size has power; None: by the date of the stage, or undated."""
    begins, stage = scenario.programme.begins, scenario.stage
    if stage is None or begins is None:
        return None
    for tier in scenario.sites.tiers:
        month = later_by(begins, tier.months or 0.0)
        if tier.above_mw == above_mw and month > stage.by:
            return month
    return None
