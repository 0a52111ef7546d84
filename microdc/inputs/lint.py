"""What is allowed but looks wrong: told by `microdc check`, and among a plan's warnings."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from microdc.inputs.hours.profiles import CONSTANT
from microdc.inputs.region import Region, SourceRecord
from microdc.inputs.tables.findings import listed
from microdc.scenario import Scenario
from microdc.scenario.costs import COST_YEAR, IN_DOLLARS

LOOKS_LIKE_KW = 300.0
"""Median headroom, existing site or demand (MW) above which the unit is doubted; usual: 5 to 50."""

LIMITS_LOOK_LIKE_KW = 10_000.0
"""The same for rows that only limit others: whole areas."""

ODD_TIMES = 20
"""How many times the median a single row may be before its unit is doubted."""

LOW_PUE = 1.1
"""Power usage effectiveness below which a site would be among the best; facts: AI 1.05-1.40."""

FAR_KM, NEAR_KM = 1500.0, 500.0
"""Middles further apart than this do not belong together; nearer than this they do."""

NEAR_PEAK = 0.9
"""Share of its peak that a profile should come to in some hour of a year."""

STALE = timedelta(days=730)
"""Age from which published headroom is called old."""

GENERATION = re.compile(
    r"generation|hosting|export|inject|solar|(?<![a-z])(?:gh|dg|pv|der)(?![a-z])", re.IGNORECASE
)
"""Words of columns that say how much generation, not demand, a grid can take."""

Check = Callable[[Region, Scenario], Iterator[str]]


def lint(region: Region, scenario: Scenario, today: date | None = None) -> list[str]:
    """Tell what looks wrong in a region that was read without faults, each in a sentence."""
    checks: list[Check] = [
        _kilowatts,
        _swapped,
        _nowhere,
        _generation,
        _above_rating,
        _one_transformer,
        _shared_positions,
        _low_pue,
        _other_year,
        _off_peak,
        _without_profile,
    ]
    told = [text for check in checks for text in check(region, scenario)]
    return told + list(_stale(region, today or date.today()))


def _by_source(region: Region) -> Iterator[tuple[SourceRecord, pd.DataFrame]]:
    for number, record in enumerate(region.sources):
        rows = region.substations[region.substations["source"] == number]
        if len(rows):
            yield record, rows


def _kilowatts(region: Region, _: Scenario) -> Iterator[str]:
    """Doubt the unit of headroom, existing sites and demand that nobody would have."""
    for record, rows in _by_source(region):
        existing_mw = rows.loc[rows["existing_mw"] > 0, "existing_mw"].median()
        if existing_mw > LOOKS_LIKE_KW:
            yield (
                f"{record.path.name}: half of what exists is above {existing_mw:,.0f} MW; if it is "
                "in kW, say units: {existing_mw: kW}"
            )
        some = rows[rows["headroom_mw"] > 0]
        sites = some[some["candidate"] | some["feeds"]]
        limit, judged = (LIMITS_LOOK_LIKE_KW, some) if sites.empty else (LOOKS_LIKE_KW, sites)
        median = judged["headroom_mw"].median()
        if median > limit:
            yield (
                f"{record.path.name}: half of the headroom is above {median:,.0f} MW; if it is in "
                "kW, say units: {headroom_mw: kW}"
            )
            continue
        odd = judged[judged["headroom_mw"] > np.maximum(limit, ODD_TIMES * median)]
        if len(odd):
            what = f"headroom above {limit:,.0f} MW and {ODD_TIMES} times the median, as if in kW"
            yield _counted(record, odd, what)
    median = region.demand.groupby("place")["mw_it"].sum().median()
    if median > LOOKS_LIKE_KW:
        yield (
            f"demand: half of the places want more than {median:,.0f} MW IT; if the table is in "
            "kW, say units: {mw_it: kW}"
        )


def _swapped(region: Region, _: Scenario) -> Iterator[str]:
    """Doubt positions far from the demand, above all if they were near with lat and lon swapped."""
    place = _middle(region.demand)
    for record, rows in _by_source(region):
        middle = _middle(rows)
        apart = _km(middle, place)
        if not apart > FAR_KM:
            continue
        if _km(middle[::-1], place) < NEAR_KM or _km(middle, place[::-1]) < NEAR_KM:
            why = "; latitude and longitude look swapped"
        else:
            why = ""
        yield f"{record.path.name}: lies {apart:,.0f} km from the demand{why}"


def _nowhere(region: Region, _: Scenario) -> Iterator[str]:
    """Doubt positions of exactly 0, 0, in the sea off Africa: often written for unknown."""
    sites = region.substations[region.substations["candidate"]]
    for what, rows in (("candidate(s)", sites), ("place(s)", region.demand.set_index("place"))):
        lost = rows.index[(rows["lat"] == 0) & (rows["lon"] == 0)].unique()
        if len(lost):
            yield f"{len(lost):,} {what} stand at latitude 0, longitude 0: {listed(lost)}"


def _middle(rows: pd.DataFrame) -> tuple[float, float]:
    return float(rows["lat"].median()), float(rows["lon"].median())


def _km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Distance (km) on a sphere, plenty for telling countries apart; clipped latitudes."""
    lat = np.radians(np.clip([a[0], b[0]], -90, 90))
    lon = np.radians([a[1], b[1]])
    cosine = np.prod(np.sin(lat)) + np.prod(np.cos(lat)) * np.cos(lon[0] - lon[1])
    return float(6371 * np.arccos(np.clip(cosine, -1, 1)))


def _generation(_: Region, scenario: Scenario) -> Iterator[str]:
    """Doubt headroom read from a column that seems to speak of generation."""
    for source in scenario.substations:
        for column in source.columns.get("headroom_mw", ()):
            if GENERATION.search(column):
                yield (
                    f"{source.path}: headroom_mw is read from {column!r}, which looks like room "
                    "for generation; a data center needs room for demand"
                )


def _above_rating(region: Region, _: Scenario) -> Iterator[str]:
    """Doubt headroom above what the station or its transformers carry in all."""
    for record, rows in _by_source(region):
        rating = rows[["rating_mva", "installed_mva"]].min(axis=1)
        above = rows[rows["headroom_mw"] - rows["reinforced_mw"] > rating]
        if len(above):
            yield _counted(record, above, "more headroom than the station's rating")


def _one_transformer(region: Region, _: Scenario) -> Iterator[str]:
    """Doubt headroom stated for stations that one fault leaves without any."""
    for record, rows in _by_source(region):
        drawn_on = rows["candidate"] | rows["feeds"]
        lone = (rows["transformers"] == 1) & (rows["headroom_stated"] > 0) & drawn_on
        if lone.any():
            what = "headroom stated though they have one transformer: it may not be firm"
            yield _counted(record, rows[lone], what)


def _shared_positions(region: Region, _: Scenario) -> Iterator[str]:
    """Tell of candidates that stand in the same spot, and so may be one listed twice."""
    sites = region.substations[region.substations["candidate"]]
    shared = sites[sites.duplicated(["lat", "lon"], keep=False)]
    if len(shared):
        spots = len(shared.drop_duplicates(["lat", "lon"]))
        yield (
            f"{len(shared):,} candidates share {spots:,} position(s), perhaps one listed twice: "
            f"{listed(shared.sort_values(['lat', 'lon']).index)}"
        )


def _low_pue(region: Region, scenario: Scenario) -> Iterator[str]:
    if scenario.sites.pue < LOW_PUE:
        yield f"sites.pue {scenario.sites.pue:g} is below {LOW_PUE}; AI sites reach 1.05 to 1.40"
    for record, rows in _by_source(region):
        low = rows[rows["pue"] < LOW_PUE]
        if len(low):
            yield _counted(record, low, f"a PUE below {LOW_PUE}")


def _other_year(_: Region, scenario: Scenario) -> Iterator[str]:
    """Tell of prices of two years in one plan."""
    usual = [key for key in IN_DOLLARS if key not in scenario.costs.model_fields_set]
    if usual and scenario.price_year != COST_YEAR:
        yield (
            f"price_year is {scenario.price_year}, but the defaults for {listed(usual)} are of "
            f"{COST_YEAR}; nothing is inflated"
        )


def _off_peak(region: Region, _: Scenario) -> Iterator[str]:
    """Doubt profiles of which no hour comes near the peak that they are shares of."""
    if region.hours is None:
        return
    loads = region.hours.values[:, region.hours.states == "load_share"]
    names = region.hours.states.index[region.hours.states == "load_share"]
    most = dict(zip(names, loads.max(axis=0), strict=True))
    demand = region.hours.demand_share.max()
    for what, peaks in (("load_share", most), ("demand_share", demand.to_dict())):
        low = [f"{name} ({share:.3g})" for name, share in peaks.items() if share < NEAR_PEAK]
        if low:
            yield f"{what} comes nowhere near 1, so the peak is in no hour: {listed(low)}"


def _without_profile(region: Region, _: Scenario) -> Iterator[str]:
    """Tell of candidates whose headroom is the same all year, where others have a profile."""
    if region.hours is None or len(region.hours.states) == 1:
        return
    rows = region.substations
    constant = region.hours.rows["profile"] == CONSTANT
    alone = rows.index[constant & rows["headroom_mw"].notna() & (rows["candidate"] | rows["feeds"])]
    if len(alone):
        says = "candidate(s) follow no profile; their headroom counts as the same in every hour"
        yield f"{len(alone):,} {says}: {listed(alone)}"


def _stale(region: Region, today: date) -> Iterator[str]:
    """Tell of rows and sources whose date is two years back or more."""
    oldest = (today - STALE).isoformat()
    for record, rows in _by_source(region):
        old = rows[rows["as_of"].notna() & (rows["as_of"].fillna("9999").astype(str) < oldest)]
        if len(old):
            yield _counted(record, old, f"a date (as_of) before {oldest}")
    for record in region.sources:
        if re.match(r"\d{4}", record.date) and record.date < oldest[: len(record.date)]:
            yield f"{record.path.name}: is of {record.date}, more than two years old"


def _counted(record: SourceRecord, rows: Any, what: str) -> str:
    """Write `file: N row(s) have what: ids`."""
    return f"{record.path.name}: {len(rows):,} row(s) have {what}: {listed(rows.index)}"
