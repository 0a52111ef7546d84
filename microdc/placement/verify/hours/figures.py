"""What a plan says of its hours, and of its sites in them, figure by figure."""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from microdc.placement.verify.document import Hours
from microdc.placement.verify.facts import POWER_MW, SAME, Facts, Promise, differ, told
from microdc.placement.verify.hours.hourly import KEYS, Hourly
from microdc.placement.verify.hours.year import Floats

Mask = NDArray[np.bool_]

MOST_ROWS = 24
"""Days of which a plan tells the tightest hour."""
_WATTS_MW = 1e-5  # a site so nearly whole is not curtailed, or is: both are right
_SHARE = 1e-5  # shares drawn are told to this
_FIGURES = ("demand_mw_it", "served_mw_it", "moved_mw_it", "deferred_mw_it", "draw_mw",
            "available_mw", "curtailed_mw")  # fmt: skip


def hours_as_they_are(facts: Facts) -> list[str]:
    """Every figure of every hour is what sizes, service and tables give."""
    if facts.hourly is None:
        return []
    return told(_misstated(facts, facts.hourly)) + told(_misnamed(facts, facts.hourly))


def _misstated(facts: Facts, hourly: Hourly) -> Iterator[str]:
    true = true_figures(facts, hourly)
    for figure in _FIGURES:
        wrong = differ(hourly.hours[figure], true[figure], POWER_MW * 5)
        for time, said, found in zip(
            hourly.hours["time"][wrong],
            hourly.hours[figure][wrong],
            true[figure][wrong],
            strict=True,
        ):
            yield f"{time}: {figure} is stated as {said:.6f}, it is {found:.6f}"


def true_figures(facts: Facts, hourly: Hourly) -> pd.DataFrame:
    """Give the figures of each hour told, by number of row."""
    at = hourly.hours["at"].to_numpy()
    demand = facts.demand["mw_it"].groupby(level="service").sum()
    shares = {service: hourly.year.share(service)[at] for service in facts.scenario.services}
    alone_mw = alone_in_year_mw(facts, hourly)[at]
    sites = facts.sites.index
    pue = facts.substations["pue"].reindex(sites)
    drawn_mw = hourly.load_mw_it[sites].to_numpy() @ pue.to_numpy(float)
    late = hourly.moved[hourly.moved["time"] != hourly.moved["for_time"]]
    of_hour = {
        "moved_mw_it": _moved_mw_it(hourly),
        "deferred_mw_it": late.groupby("for_time")["mw_it"].sum(),
    }
    figures = {
        "demand_mw_it": sum(share * demand.get(service, 0.0) for service, share in shares.items()),
        "served_mw_it": hourly.load_mw_it.sum(axis=1).to_numpy(),
        "draw_mw": drawn_mw,
        "available_mw": alone_mw.sum(axis=1),
        "curtailed_mw": facts.sites["mw"].sum() - alone_mw.sum(axis=1),
    }
    for name, amounts in of_hour.items():
        figures[name] = hourly.hours["time"].map(amounts).fillna(0.0).to_numpy(float)
    return pd.DataFrame(figures, index=hourly.hours.index)


def _moved_mw_it(hourly: Hourly) -> "pd.Series[float]":
    """Give what of each hour's load is served from elsewhere than home, or more than is at home."""
    where = ["for_time", *KEYS, "site"]
    by_site = hourly.moved.groupby(where).agg(
        mw_it=("mw_it", "sum"), home_mw_it=("home_mw_it", "first")
    )
    by_site = by_site.reset_index()
    home_mw_it = by_site["home_mw_it"] * hourly.share(by_site["service"], by_site["for_time"])
    beyond = (by_site["mw_it"] - home_mw_it).clip(lower=0.0)
    return beyond.groupby(by_site["for_time"]).sum()


def alone_in_year_mw(facts: Facts, hourly: Hourly) -> Floats:
    """Give what each site may draw by itself in each hour of the tables; hours x sites."""
    columns = []
    for site, size_mw in _sizes_mw(facts):
        there_mw = np.full(len(hourly.year.times), np.inf)
        for node in (site, *facts.above[site]):
            there_mw = np.fmin(there_mw, hourly.year.headroom_mw(node))
        existing_mw = facts.substations["existing_mw"][site]
        columns.append(np.minimum(size_mw, existing_mw + there_mw))
    return np.column_stack(columns) if columns else np.empty((len(hourly.year.times), 0))


def _sizes_mw(facts: Facts) -> Iterator[tuple[str, float]]:
    return zip(facts.sites.index, facts.sites["mw"], strict=True)


def _misnamed(facts: Facts, hourly: Hourly) -> Iterator[str]:
    """Compare what is said to be used up; who is so by a hair may be named or not."""
    named = hourly.hours["binding"].str.split("; ")
    known = {name: (spare_mw, must) for name, spare_mw, must in _spare_mw(facts, hourly)}
    for row, (time, names) in enumerate(zip(hourly.hours["time"], named, strict=True)):
        said = {name for name in names if name}
        for name in said - known.keys():
            yield f"{time}: {name} is said to be used up, and is nothing that could be"
        for name, (spare_mw, must) in known.items():
            if name in said and spare_mw[row] > 2 * POWER_MW:
                yield f"{time}: {name} is said to be used up, {spare_mw[row]:.4f} MW are left"
            if name not in said and must[row] and spare_mw[row] < POWER_MW / 2:
                yield f"{time}: {name} is used up, and not said to be"


def _spare_mw(facts: Facts, hourly: Hourly) -> Iterator[tuple[str, Floats, Mask]]:
    """
    Give what could be used up: its name, what it spares in each hour, whether it must be told then.

    Those are sites in hours that leave them less than their connection, and limits that several
    sites share; limits need not be told where what each site below may draw by itself fits.
    """
    at = hourly.hours["at"].to_numpy()
    alone_mw = alone_in_year_mw(facts, hourly)[at]
    grown_mw, beyond_mw = (defaultdict[str, list[Floats]](list) for _ in range(2))
    for column, (site, mw) in enumerate(_sizes_mw(facts)):
        existing_mw, most_mw = facts.substations["existing_mw"][site], alone_mw[:, column]
        drawn_mw = hourly.load_mw_it[site].to_numpy() * facts.substations["pue"][site]
        spare_mw = np.where(most_mw >= mw - POWER_MW, np.inf, most_mw - drawn_mw)
        yield f"site {site}", spare_mw, np.isfinite(spare_mw)
        for node in (site, *facts.above[site]):
            grown_mw[node].append(drawn_mw - existing_mw)
            beyond_mw[node].append(most_mw - existing_mw)
    for node, parts in grown_mw.items():
        headroom_mw = hourly.year.headroom_mw(node)[at]
        if len(parts) > 1 and not np.isnan(headroom_mw).any():
            exceedable = np.sum(beyond_mw[node], axis=0) > headroom_mw + 10 * POWER_MW
            yield f"limit {node}", headroom_mw - np.sum(parts, axis=0), exceedable


def sites_by_the_hour(facts: Facts) -> list[str]:
    """What is firm of a site, and how long and how much it is curtailed, is what the year gives."""
    if facts.hourly is None:
        return []
    return told(_misstated_sites(facts, facts.hourly))


def _misstated_sites(facts: Facts, hourly: Hourly) -> Iterator[str]:
    alone_mw, weight_h = alone_in_year_mw(facts, hourly), hourly.year.weight_h
    for column, (site, row) in enumerate(facts.sites.iterrows()):
        lacks_mw = row["mw"] - alone_mw[:, column]
        surely, maybe = lacks_mw > 2 * _WATTS_MW, lacks_mw > _WATTS_MW / 2
        least_h, most_h = weight_h[surely].sum(), weight_h[maybe].sum()
        if differ(row["firm_mw"], alone_mw[:, column].min(), POWER_MW):
            yield f"{site}: firm_mw is stated as {row['firm_mw']:.4f} MW, it is not so"
        if not least_h - _SHARE <= row["curtailed_h_per_yr"] <= most_h + _SHARE:
            said_h = row["curtailed_h_per_yr"]
            yield f"{site}: curtailed_h_per_yr is stated as {said_h:g} h, it is not so"
        true = float(weight_h @ lacks_mw) / row["mw"] if row["mw"] else 0.0
        said, slack = row["curtailed_mwh_per_mw_yr"], weight_h.sum() * _WATTS_MW / max(row["mw"], 1)
        if differ(said, true, slack):
            yield f"{site}: curtailed_mwh_per_mw_yr is stated as {said:.6f}, it is {true:.6f}"


def headline_as_it_is(facts: Facts) -> list[str]:
    """What sums the hours up is what they are."""
    stated = facts.document.hours
    if facts.hourly is None or stated is None:
        return []
    return told(_misled(facts, facts.hourly, stated)) + told(_misranked(facts.hourly, stated))


def _misled(facts: Facts, hourly: Hourly, stated: Hours) -> Iterator[str]:
    hours = hourly.hours
    counts = {
        "count": len(hours),
        "days": hours["day"].nunique(),
        "of_hours": len(hourly.year.times),
        "rerouted": hourly.moved["time"].nunique(),
    }
    for key, true in counts.items():
        if getattr(stated, key) != true:
            yield f"hours: {key} is stated as {getattr(stated, key)}, it is {true}"
    served = hourly.load_mw_it.sum(axis=1)
    sums = {"firm_mw": firm_together_mw(facts, hourly), "firm_service_mw_it": served.max()}
    for key, mw in sums.items():
        if differ(getattr(stated, key), mw, 10 * POWER_MW):
            yield f"hours: {key} is stated as {getattr(stated, key):.4f}, it is {mw:.4f}"
    if not served.get(stated.busiest, -np.inf) > served.max() - 10 * POWER_MW:
        yield f"{stated.busiest} is said to be the hour in which most is served, and is not"


def firm_together_mw(facts: Facts, hourly: Hourly) -> float:
    """Give what the sites may draw together in every hour: from below, limit by limit (MW)."""
    alone_mw = alone_in_year_mw(facts, hourly)
    existing_mw = facts.substations["existing_mw"].reindex(facts.sites.index)
    below = defaultdict[str, list[str]](list)
    for site in facts.sites.index:
        for node in (site, *facts.above[site]):
            below[node].append(site)
    grown = dict(
        zip(facts.sites.index, alone_mw.min(axis=0, initial=np.inf) - existing_mw, strict=True)
    )
    for node in sorted(below, key=lambda node: -len(facts.above[node])):
        wanted_mw = sum(grown[site] for site in below[node])
        most_mw = hourly.year.headroom_mw(node).min()
        if wanted_mw > most_mw:
            grown.update({site: grown[site] * most_mw / wanted_mw for site in below[node]})
    return float(existing_mw.sum() + sum(grown.values()))


def _misranked(hourly: Hourly, stated: Hours) -> Iterator[str]:
    """The hours told are the tightest of their days, the tightest first, copied from the table."""
    table = hourly.hours.set_index("time")
    there = table["available_mw"].where(table["available_mw"] > POWER_MW)
    tight = (table["draw_mw"] / there).fillna(1.0)
    if not tight.get(stated.tightest, -np.inf) > tight.max() - _SHARE:
        yield f"{stated.tightest} is said to be the tightest hour, and is not"
    of_day = tight.groupby(table["day"]).max().sort_values(ascending=False)
    days = [row.day for row in stated.rows]
    if len(days) != len(set(days)) or len(days) != min(MOST_ROWS, len(of_day)):
        yield "hours: not one hour of each of the tightest days is told"
        return
    for row, true in zip(stated.rows, of_day, strict=False):
        if abs(tight.get(row.time, np.inf) - true) > _SHARE:
            yield f"hours: {row.time} is not told in its place"
        if row.time in table.index:
            copied = table.loc[row.time, [*_FIGURES, "day", "weight_h"]].astype(float)
            said = [getattr(row, figure) for figure in copied.index]
            if (
                differ(said, copied, SAME * (1 + copied.abs())).any()
                or row.binding != table["binding"][row.time]
            ):
                yield f"hours: {row.time} is told otherwise than in the table"


PROMISES: tuple[Promise, ...] = (hours_as_they_are, sites_by_the_hour, headline_as_it_is)
