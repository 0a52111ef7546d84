"""Who follows which profile, and what headroom that is: by id, else by group, else constant."""

from dataclasses import replace

import numpy as np
import pandas as pd

from microdc.inputs.hosts.capacity import ancestors_of
from microdc.inputs.hours.profiles import CONSTANT
from microdc.inputs.power.reinforced import table_headroom_mw
from microdc.inputs.tables.columns import Loaded, each
from microdc.inputs.tables.findings import Findings, listed
from microdc.instance import WATT_MW, Floats, Ints
from microdc.scenario import Scenario


def following(
    substations: pd.DataFrame, states: "pd.Series[str]", scenario: Scenario, findings: Findings
) -> pd.DataFrame:
    """
    Give `Profiles.rows`; `states` is that of `Profiles`, and who has no profile is constant.

    A limit without a peak of its own takes those of what hangs below it, and that is told.
    """
    profile = _profile_of(substations, states.index)
    kind = states.to_numpy(dtype=object)[profile]
    peak_mw = _with_below(substations)
    stated = substations["peak_mw"].notna().to_numpy()
    summed = substations.index[(kind == "load_share") & ~stated & ~np.isnan(peak_mw)]
    if len(summed):
        findings.warn(
            f"{len(summed):,} row(s) follow a load_share and state no peak_mw: the peaks of the "
            f"rows below them are added up: {listed(summed)}"
        )
    reserve = np.array([source.reserve_share for source in scenario.substations] or [0.0])
    source = substations["source"].to_numpy()
    keep = 1 - reserve[np.where(source < len(reserve), source, 0)]  # a parcel has no headroom
    headroom_mw = table_headroom_mw(substations).to_numpy()
    short_mw, added_mw = (substations[c].to_numpy() for c in ("short_mw", "reinforced_mw"))
    none = np.zeros(len(substations))
    ways = {
        "constant": (substations["headroom_mw"].to_numpy() - added_mw, none),
        "headroom_mw": (none, keep),
        "headroom_share": (0 * headroom_mw, headroom_mw),
        "load_share": (headroom_mw + keep * (peak_mw - short_mw), -keep * peak_mw),
    }
    base_mw, slope_mw = (
        np.select([kind == way for way in ways], [line[part] for line in ways.values()])
        for part in (0, 1)
    )
    rows = {"profile": profile, "base_mw": base_mw + added_mw, "slope_mw": slope_mw}
    return pd.DataFrame(rows, index=substations.index)


def _profile_of(substations: pd.DataFrame, names: pd.Index) -> Ints:
    """Give each row's profile: its own, else its group's if it has headroom, else the constant."""
    own, of_group = (
        names.get_indexer(pd.Index(key)) for key in (substations.index, substations["group"])
    )
    grouped = substations["headroom_mw"].notna() & ~substations["parcel"]
    profile = np.where(own >= 0, own, np.where(grouped, of_group, CONSTANT))
    return np.maximum(profile, CONSTANT)


def _with_below(substations: pd.DataFrame) -> Floats:
    """Give the peak (MW) of each row: its own, else the sum of those right below it; NaN: none."""
    peak_mw = substations["peak_mw"].to_numpy(copy=True)
    levels = ancestors_of(substations)
    depth = np.sum([level >= 0 for level in levels], axis=0, dtype=int) if levels else 0
    for level in range(len(levels), 0, -1):
        below = np.flatnonzero((depth == level) & ~np.isnan(peak_mw))
        sums = np.full(len(peak_mw), np.nan)
        sums[levels[0][below]] = 0.0
        np.add.at(sums, levels[0][below], peak_mw[below])
        peak_mw = np.where(np.isnan(peak_mw), sums, peak_mw)
    return peak_mw


def note_nothing_to_share(
    substations: pd.DataFrame, rows: pd.DataFrame, loaded: list[Loaded], findings: Findings
) -> None:
    """Note rows of which a profile is a share of headroom, or of a peak, that they do not state."""
    lost = substations[rows["base_mw"].isna() & (rows["profile"] != CONSTANT)]
    for row in each(lost):
        column = "headroom_mw" if np.isnan(row.headroom_mw) else "peak_mw"
        says = "is blank, and the row follows a profile that is a share of it"
        fault = loaded[row.source].table.places.fault(row.row, column, says)
        findings.fault(replace(fault, allowed="MW, or a profile of headroom_mw"))


def note_above_rating(
    substations: pd.DataFrame,
    rows: pd.DataFrame,
    stated: pd.DataFrame,
    loaded: list[Loaded],
    findings: Findings,
) -> None:
    """Note hours with more headroom than a station that follows the profile may carry in all."""
    rated_mw = substations["rating_mva"].fillna(substations["installed_mva"])
    rated_mw = rated_mw * substations["power_factor"]
    least_mw = rated_mw.groupby(rows["profile"]).min()
    most_mw = stated["profile"].map(least_mw)
    above = (stated["states"] == "headroom_mw") & (stated["value"] > most_mw + WATT_MW)
    for row in each(stated[above]):
        mw = most_mw[row.Index]
        station = rated_mw.index[(rows["profile"] == row.profile) & (rated_mw == mw)][0]
        says = "is more than the station may carry in all"
        fault = loaded[row.source].table.places.fault(row.row, "headroom_mw", says)
        findings.fault(replace(fault, allowed=f"at most {mw:g} MW, the rating of {station}"))
