"""Demand tables: people or megawatts at places, spread over the services of the scenario."""

from dataclasses import replace

import numpy as np
import pandas as pd

from microdc.errors import Fault
from microdc.inputs.tables.choose import rows_where
from microdc.inputs.tables.columns import Loaded, check_rows, each
from microdc.inputs.tables.findings import Findings, listed, nearest
from microdc.inputs.tables.schemas import Places
from microdc.scenario import Scenario, Service

MOST_MW_IT = 1e6
"""A terawatt, a third of all the electric power there is: what a place wants of a service is less,
and beyond it watts are lost in the arithmetic."""

COLUMNS = ["place", "name", "lat", "lon", "service", "mw_it", "access_ms", "state"]


def demand_of(loaded: list[Loaded], scenario: Scenario, findings: Findings) -> pd.DataFrame:
    """
    Give one row for each place and service with demand (MW IT), by place, then by service.

    A row that names no service stands for all: people times kW IT per 1,000 people, or megawatts
    times `share`. A row that names one (long form) gives its megawatts as they are.
    A stage of a programme wants a multiple of it, in a future of that.
    """
    growth = 1.0 if scenario.stage is None else scenario.stage.demand_growth
    growth *= 1.0 if scenario.future is None else scenario.future.demand_growth
    parts = [_part(number, one, findings) for number, one in enumerate(loaded)]
    if len(parts) < len(scenario.demand):
        return pd.DataFrame(columns=COLUMNS)
    rows = pd.concat(parts, ignore_index=True).rename(columns={"id": "place"})
    places = [one.table.places for one in loaded]
    _check_rows(rows, list(scenario.services), places, findings)
    parts = []
    for order, (name, service) in enumerate(scenario.services.items()):
        mine = rows[rows["service"].isin(["", name])]
        mw_it = growth * _mw_it(mine, service, len(scenario.services) == 1)
        part = mine.assign(service=name, order=order, mw_it=mw_it)
        if not (mw_it > 0).any() and len(rows):
            findings.fault(_without_demand(name, scenario))
        parts.append(part)
    points = pd.concat(parts, ignore_index=True)
    _check_points(points, rows, places, findings)
    _check_power(points, places, findings)
    points = points[points["mw_it"] > 0].sort_values(["place", "order"], ignore_index=True)
    points["name"] = points["name"].mask(points["name"] == "", points["place"])
    points["state"] = points["state"].astype(object).mask(points["state"] == "", None)
    return points[COLUMNS]


def _part(number: int, loaded: Loaded, findings: Findings) -> pd.DataFrame:
    """Give one source's rows that pass its `where`, checked, with `source` and `row`."""
    passes = rows_where(loaded, findings)
    check_rows(loaded.table, passes, findings)
    rows = loaded.table.values[passes]
    if rows["weight"].notna().any():
        findings.warn(f"{loaded.table.raw.name}: weight is not used yet")
    return rows.assign(source=number, row=rows.index)


def _mw_it(rows: pd.DataFrame, service: Service, alone: bool) -> "pd.Series[float]":
    """Give each row's demand for one service (MW IT); zero where nothing tells."""
    share = service.share if service.share is not None else float(alone)
    by_share = rows["mw_it"] * np.where(rows["service"] == "", share, 1.0)
    by_people = rows["population"] * service.peak_kw_it_per_1000_people / 1e6
    told = rows["mw_it"].notna() & (by_share > 0)
    return by_share.where(told, by_people).fillna(0.0)


def _without_demand(name: str, scenario: Scenario) -> Fault:
    allowed = (
        "kw_it_per_1000_people, queries or tokens with a table of population, share with a table "
        "of mw_it, or rows that name the service"
    )
    says = "no row of the demand tables gives this service any demand"
    return Fault(file=scenario.path.name, at=f"services.{name}", says=says, allowed=allowed)


def _check_rows(
    rows: pd.DataFrame, services: list[str], places: list[Places], findings: Findings
) -> None:
    """Note rows of no known service, without any demand stated, or without a position."""
    named = rows["service"]
    for row in each(rows[(named != "") & ~named.isin(services)]):
        fault = places[row.source].fault(row.row, "service", "is no service of the scenario")
        near = nearest(row.service, services)
        findings.fault(replace(fault, allowed=listed(services, 12), nearest=near))
    for row in each(rows[rows["population"].isna() & rows["mw_it"].isna()]):
        column = "population" if "population" in places[row.source].cells else "mw_it"
        says, allowed = "states no demand", "population (people) or mw_it (MW IT)"
        findings.fault(places[row.source].fault(row.row, column, says, allowed))
    for column in ("lat", "lon"):
        for row in each(rows[rows[column].isna()]):
            says, allowed = "states no position", "degrees, WGS 84"
            findings.fault(places[row.source].fault(row.row, column, says, allowed))


def _check_points(
    points: pd.DataFrame, rows: pd.DataFrame, places: list[Places], findings: Findings
) -> None:
    """Note places that are listed twice for a service, or stand in two positions."""
    named = points["place"] != ""
    first = points.groupby(["place", "service"])[["source", "row"]].transform("first")
    twice = points[named & points.duplicated(["place", "service"])]
    for row in each(twice.drop_duplicates(["source", "row"])):
        before = first.loc[row.Index]
        where = places[before["source"]]
        fault = places[row.source].fault(row.row, "id", "is listed before for the same service")
        findings.fault(
            replace(fault, allowed=f"once (also {where.file}, {where.word} {before['row']})")
        )
    moved = rows.groupby("place")[["lat", "lon"]].nunique().max(axis=1) > 1
    again = rows.duplicated(["place", "service"])
    for row in each(
        rows[rows["place"].isin(moved.index[moved]) & rows.duplicated("place") & ~again]
    ):
        says = "stands elsewhere in another row of the same place"
        findings.fault(places[row.source].fault(row.row, "lat", says, "one position for a place"))
    idle = len(set(rows["place"])) - len(set(points.loc[points["mw_it"] > 0, "place"]))
    if idle:
        findings.warn(f"{idle:,} place(s) of the demand tables have no demand and are left out")


def _check_power(points: pd.DataFrame, places: list[Places], findings: Findings) -> None:
    """Note places that want more power than there is."""
    for row in each(points[points["mw_it"] > MOST_MW_IT].drop_duplicates(["source", "row"])):
        column = "mw_it" if np.isnan(row.population) else "population"
        says = f"wants {row.mw_it:.3g} MW IT of {row.service}"
        allowed = f"at most {MOST_MW_IT:,.0f} MW IT at a place; look at units, and at the service"
        findings.fault(places[row.source].fault(row.row, column, says, allowed))
