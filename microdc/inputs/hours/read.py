"""From tables of hours to the profiles that the rows of the power tree and services follow."""

from dataclasses import replace

import numpy as np
import pandas as pd

from microdc.errors import Fault
from microdc.inputs.hours.days import hours_used, peak_days
from microdc.inputs.hours.following import following, note_above_rating, note_nothing_to_share
from microdc.inputs.hours.profiles import Profiles
from microdc.inputs.hours.table import rows_of
from microdc.inputs.hours.year import year_of
from microdc.inputs.tables.columns import Loaded, each
from microdc.inputs.tables.findings import Findings, listed, nearest
from microdc.instance import Floats
from microdc.scenario import Scenario

LEAST_WANTED = 1e-3
"""Share of its peak that a service wants in some hour used; of less, sites need not be near it."""


def profiles_of(
    loaded: list[Loaded],
    scenario: Scenario,
    substations: pd.DataFrame,
    of_substations: list[Loaded],
    findings: Findings,
) -> Profiles | None:
    """
    Give what the scenario's tables of hours say of its substations, limits and services.

    None without hours, and after a fault of any table. A profile of a substation or group that
    the scenario's tables have, but of which no row is in the power tree, is left out.
    """
    if scenario.hours is None or not loaded:
        return None
    rows = rows_of(loaded, findings)
    if len(loaded) < len(scenario.hours.profiles):
        return None  # what the others leave out may be there, and that it is not read is told
    what = year_of(rows, loaded, scenario, findings)
    _note_unknown(rows, scenario, loaded, of_substations, findings)
    if findings.faults:
        return None
    rows = _of_the_tree(rows, substations)
    of_headroom = rows[rows["service"] == ""]
    states = pd.concat([pd.Series({"": "constant"}), of_headroom.groupby("id")["states"].first()])
    followers = following(substations, states, scenario, findings)
    note_nothing_to_share(substations, followers, of_substations, findings)
    numbered = of_headroom.assign(profile=states.index.get_indexer(pd.Index(of_headroom["id"])))
    note_above_rating(substations, followers, numbered, loaded, findings)
    of_profiles = _by_hour(of_headroom, "id", what.index)
    of_services = _by_hour(rows[rows["service"] != ""], "service", what.index)
    values = of_profiles.reindex(columns=states.index, fill_value=0.0).to_numpy(dtype=float)
    hosts = substations["candidate"] | substations["feeds"]
    alike_mw = _together_mw(values, followers[hosts])
    wanted = of_services.to_numpy(dtype=float)
    peaks = peak_days(alike_mw, wanted)
    weight_h, alike = what["weight_h"].to_numpy(dtype=float), np.hstack([alike_mw, wanted])
    used = hours_used(scenario.hours, weight_h, peaks, alike)
    _note_unwanted(of_services.iloc[used["hour"]], scenario, findings)
    return Profiles(
        what=what.reset_index(drop=True),
        used=used,
        peak_day=int(peaks[0]),
        states=states,
        values=values,
        rows=followers,
        demand_share=of_services.reset_index(drop=True),
    )


def _note_unwanted(demand_share: pd.DataFrame, scenario: Scenario, findings: Findings) -> None:
    """Note services of which next to nothing is wanted, and so promised, in any hour used."""
    most = demand_share.max()
    for service, share in most[most < LEAST_WANTED].items():
        findings.fault(
            Fault(
                file=scenario.path.name,
                at=f"services.{service}",
                says="wants next to nothing in any hour used, so there is nothing to promise",
                found=f"demand_share of {share:g} at most",
                allowed=f"from {LEAST_WANTED:g} of its peak up in some hour; hours.use: all uses "
                "every hour of the tables",
            )
        )


def _of_the_tree(rows: pd.DataFrame, substations: pd.DataFrame) -> pd.DataFrame:
    """Give the rows of services, and of what is in the power tree."""
    there = rows["id"].isin([*substations.index, *substations["group"].dropna()])
    return rows[there | (rows["service"] != "")]


def _by_hour(rows: pd.DataFrame, key: str, hours: pd.Index) -> pd.DataFrame:
    """Give the values of each profile of some kind, hours x profiles."""
    wide = rows.pivot_table(index="hour", columns=key, values="value", aggfunc="first")
    return wide.reindex(hours)


def _together_mw(values: Floats, followers: pd.DataFrame) -> Floats:
    """
    Give the headroom (MW) of all rows that follow each profile together, hours x profiles.

    Below zero counts here, or every substation would have to be looked at by itself.
    """
    sums = followers.groupby("profile")[["base_mw", "slope_mw"]].sum()
    mw: Floats = sums["base_mw"].to_numpy() + sums["slope_mw"].to_numpy() * values[:, sums.index]
    return mw


def _note_unknown(
    rows: pd.DataFrame,
    scenario: Scenario,
    loaded: list[Loaded],
    of_substations: list[Loaded],
    findings: Findings,
) -> None:
    """Note the first row of each profile that is of no substation, limit, group or service."""
    ids = {i for one in of_substations for i in one.table.values["id"]}
    groups = {g for one in of_substations for g in one.table.values["group"]} - {""}
    services = list(scenario.services)
    _note_names(rows, "service", services, loaded, findings)
    if len(of_substations) == len(scenario.substations):
        _note_names(rows, "id", [*sorted(groups), *sorted(ids)], loaded, findings)


def _note_names(
    rows: pd.DataFrame, key: str, known: list[str], loaded: list[Loaded], findings: Findings
) -> None:
    what = {"service": "service", "id": "substation, limit or group"}[key]
    for row in each(rows[~rows[key].isin(["", *known])].drop_duplicates(key)):
        name = getattr(row, key)
        fault = loaded[row.source].table.places.fault(row.row, key, f"is no {what} of the scenario")
        findings.fault(replace(fault, allowed=listed(known, 8), nearest=nearest(name, known)))
