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
    times, begins = scenario.programme.lead_times, scenario.programme.begins
    if scenario.stage is None or begins is None or not times:
        return reasons
    in_order = sorted(times, key=lambda time: time.from_kv)
    kv = substations["voltage_kv"].fillna(in_order[0].from_kv)
    new = substations["candidate"] & (substations["existing_mw"] == 0)
    for number, time in enumerate(in_order):
        below = in_order[number + 1].from_kv if number + 1 < len(in_order) else float("inf")
        month = later_by(begins, time.months)
        if month > scenario.stage.by:
            reasons[new & (kv >= time.from_kv) & (kv < below)] = f"no power before {month}"
    return reasons
