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
    late = _late_classes(scenario)
    if 0.0 in late:  # the class of the smallest sizes
        reasons[new] = f"no power before {late[0.0]}"
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
    return min(_late_classes(scenario), default=float("inf"))


def _late_classes(scenario: Scenario) -> dict[float, str]:
    """Give when those classes have power, by the sizes they begin above, that are late for it."""
    begins, stage = scenario.programme.begins, scenario.stage
    if stage is None or begins is None:
        return {}
    months = {tier.above_mw: later_by(begins, tier.months or 0.0) for tier in scenario.sites.tiers}
    return {above_mw: month for above_mw, month in months.items() if month > stage.by}
