"""What a plan says of its hours, worked out from its sizes and its service at home alone."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from microdc.assembly.hours import hours_of
from microdc.inputs.region import Region
from microdc.instance import Floats, Hours
from microdc.placement.hours.firm import alone_mw, firm_together_mw, firmness
from microdc.placement.hours.fleet import by_the_hour
from microdc.placement.hours.replay import Replay, replay
from microdc.placement.hours.statement import HourlyService
from microdc.placement.outages.fleet import Fleet, fleet_of
from microdc.placement.parts.records import records
from microdc.placement.verify.document import HourTables
from microdc.scenario import Scenario

Mask = NDArray[np.bool_]

MOST_ROWS = 24
"""Days of which a plan tells the tightest hour."""
SPENT_MW = 1e-4
"""Who has no more than this to spare is used up: power is told to 100 W."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """
    What is served by the hour.

    `service` is that at home, less what some hour misses by rounding; `by_host` says of each site
    and hub, by id, what it serves at most in an hour (`load_mw_it`), `firm_mw`,
    `curtailed_h_per_yr` and `curtailed_mwh_per_mw_yr`.
    """

    service: pd.DataFrame
    hours: HourlyService
    by_host: pd.DataFrame


def account_of_hours(
    scenario: Scenario, region: Region, sizes_mw: "pd.Series[float]", service: pd.DataFrame
) -> Account | None:
    """
    Replay every hour in which a plan promises service; None where demand has no hours.

    `sizes_mw` are the connections of sites (MW) and what is reserved at hubs (MW IT), by id;
    `service` has `place`, `service`, `site` (None: unserved) and `mw_it`, at the peak of each
    class. Raises AssertionError if the sizes do not bear it.
    """
    if scenario.hours is None:
        return None
    fleet = fleet_of(scenario, region, sizes_mw, service)
    existing_mw = region.substations["existing_mw"].reindex(fleet.hosts.index, fill_value=0.0)
    used = _hours(scenario, region, fleet, existing_mw)
    whole = _hours(scenario, _all_used(region), fleet, existing_mw)
    played = replay(by_the_hour(fleet, used, existing_mw))
    at_site = fleet.hosts.index.isin(region.substations.index)
    firm = firmness(played.fleet.mw, existing_mw.to_numpy(float), whole)
    by_host = firm.set_index(fleet.hosts.index).assign(load_mw_it=played.mw_it.max(axis=0))
    rows = _rows(region, played, at_site)
    firm_mw = np.where(at_site, firm["firm_mw"], 0.0)
    told = HourlyService(
        use=scenario.hours.use,
        connection=scenario.connection.type,
        count=len(rows),
        days=int(rows["day"].nunique()),
        of_hours=len(whole.what),
        rerouted=int(played.moved["hour"].nunique()),
        firm_mw=firm_together_mw(firm_mw, existing_mw.to_numpy(float), whole),
        firm_service_mw_it=float(rows["served_mw_it"].max()),
        busiest=str(rows["time"].iloc[int(np.argmax(rows["served_mw_it"].round(6)))]),
        tightest=str(rows["time"].iloc[int(np.argmax(_tightness(rows)))]),
        rows=tuple(records(_tightest_of_days(rows))),
        tables=HourTables(hours=rows, moved=_moved(played)),
    )
    return Account(service=_less_crumbs(service, played), hours=told, by_host=by_host)


def _hours(
    scenario: Scenario, region: Region, fleet: Fleet, existing_mw: "pd.Series[float]"
) -> Hours:
    """Give the hours of a plan's hosts and wants."""
    sites = fleet.hosts.assign(cap_mw=fleet.hosts["mw"], existing_mw=existing_mw)
    hours = hours_of(scenario, region, fleet.wants, sites)
    assert hours is not None
    return hours


def _all_used(region: Region) -> Region:
    """Give the region with service promised in every hour of its profiles."""
    assert region.hours is not None
    what = region.hours.what
    used = pd.DataFrame({"hour": np.arange(len(what)), "weight_h": what["weight_h"]})
    return replace(region, hours=replace(region.hours, used=used))


def _rows(region: Region, played: Replay, at_site: Mask) -> pd.DataFrame:
    """Sum every hour up."""
    fleet, hours = played.fleet, played.fleet.hours
    demand = region.demand.groupby("service")["mw_it"].sum().reindex(hours.services.index).fillna(0)
    alone = alone_mw(fleet.mw, fleet.existing_mw, hours)[:, at_site]
    away = _away_mw_it(played)
    return (
        hours.what[["time", "day", "weight_h"]]
        .reset_index(drop=True)
        .assign(
            demand_mw_it=hours.share @ demand.to_numpy(float),
            served_mw_it=played.mw_it.sum(axis=1),
            moved_mw_it=away["moved"],
            deferred_mw_it=away["deferred"],
            draw_mw=played.drawn_mw[:, at_site].sum(axis=1),
            available_mw=alone.sum(axis=1),
            curtailed_mw=fleet.mw[at_site].sum() - alone.sum(axis=1),
            binding=_binding(played, at_site),
        )
    )


def _away_mw_it(played: Replay) -> dict[str, Floats]:
    """Give what of each hour's load is served later, and what from elsewhere than home (MW IT)."""
    fleet, moved, count = played.fleet, played.moved, len(played.mw_it)
    later = (moved["hour"] > moved["for_hour"]).to_numpy()
    by_host = moved.groupby(["for_hour", "want", "host"])["mw_it"].sum().reset_index()
    for_hour, want = by_host["for_hour"].to_numpy(), by_host["want"].to_numpy()
    share = fleet.hours.share[for_hour, fleet.hours.service[want]]
    home = fleet.home.toarray()[want, by_host["host"]] * share
    beyond = np.maximum(by_host["mw_it"].to_numpy() - home, 0.0)
    late = moved[later]
    deferred = np.bincount(late["for_hour"], weights=late["mw_it"], minlength=count)
    away = np.bincount(for_hour, weights=beyond, minlength=count)
    return {"deferred": deferred.astype(float), "moved": away.astype(float)}


def _binding(played: Replay, at_site: Mask) -> list[str]:
    """
    Name, for each hour, the sites and limits whose power is used up.

    Who has all then that is connected there is not short of any: not even if all of it is drawn.
    """
    fleet, hours = played.fleet, played.fleet.hours
    alone = alone_mw(fleet.mw, fleet.existing_mw, hours)
    most_mw = hours.limit_mw + hours.below @ fleet.existing_mw
    scarce = (alone < fleet.mw - SPENT_MW) & at_site
    sites = scarce & (played.drawn_mw >= alone - SPENT_MW)
    drawn_mw = played.drawn_mw @ hours.below.T
    limits = (most_mw < hours.below @ fleet.mw - SPENT_MW) & (drawn_mw >= most_mw - SPENT_MW)
    names = [f"site {site}" for site in fleet.fleet.hosts.index]
    names += [f"limit {limit}" for limit in hours.limits]
    used_up = np.concatenate([sites, limits], axis=1)
    return ["; ".join(names[row] for row in np.flatnonzero(hour)) for hour in used_up]


def _tightness(rows: pd.DataFrame) -> "pd.Series[float]":
    """Give the share that is drawn of what the sites may draw; without any, all of it."""
    there = rows["available_mw"] > SPENT_MW
    return (rows["draw_mw"] / rows["available_mw"].where(there)).fillna(1.0).round(9)


def _tightest_of_days(rows: pd.DataFrame) -> pd.DataFrame:
    order = rows.assign(tight=_tightness(rows)).sort_values("tight", ascending=False, kind="stable")
    return order.drop_duplicates("day").drop(columns="tight").head(MOST_ROWS)


def _moved(played: Replay) -> pd.DataFrame:
    """Name what is not from home."""
    moved, fleet = played.moved, played.fleet.fleet
    time = played.fleet.hours.what["time"].to_numpy()
    wants = fleet.wants.iloc[moved["want"]].reset_index(drop=True)
    named = wants.assign(
        time=time[moved["hour"]],
        for_time=time[moved["for_hour"]],
        site=fleet.hosts.index.to_numpy()[moved["host"]],
        mw_it=moved["mw_it"],
    )
    order = ["time", "for_time", "place", "service", "site"]
    return named[[*order, "mw_it"]].sort_values(order, ignore_index=True)


def _less_crumbs(service: pd.DataFrame, played: Replay) -> pd.DataFrame:
    """Take from service at home what some hour misses, and leave it unserved."""
    fleet = played.fleet.fleet
    served = service["site"].notna()
    kept = service["mw_it"].copy()
    kept[served] *= played.kept[fleet.want]
    left = service.assign(mw_it=service["mw_it"] - kept, site=None, rtt_ms=np.nan)
    left = left[left["mw_it"] > 0].astype(service.dtypes)
    if left.empty:
        return service
    rows = pd.concat([service.assign(mw_it=kept), left])
    whole = rows.groupby(["place", "service", "site"], dropna=False, sort=False)
    return whole.agg(mw_it=("mw_it", "sum"), rtt_ms=("rtt_ms", "first")).reset_index()
