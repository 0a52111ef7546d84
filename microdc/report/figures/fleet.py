"""The map of a plan: sites by MW, whom they serve in which class, who is left unserved."""

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from microdc.placement.plan import Plan
from microdc.placement.words.rounding import money_down, percent_up
from microdc.report.export.layers import hubs_table, service_table, sites_table
from microdc.report.figures.land import draw_land
from microdc.report.figures.paper import CLASSES, GREY, INK, credited, plain, sheet

_WIDE_IN = 6.5
_LOWEST_IN, _HIGHEST_IN = 2.2, 7.5
_POINTS2_PER_MW = 4.0
_MARGIN = 0.04
_LEAST_DEGREES = 0.2
"""Room around a plan in one spot."""


def map_of(plan: Plan) -> Figure:
    """Draw a plan on its piece of the globe, degrees as wide as they are in its middle."""
    service, sites = service_table(plan), sites_table(plan)
    hubs = hubs_table(plan)
    used = hubs[hubs["mw_it"] > 0]
    west, south, east, north = _extent(service, sites, used)
    narrower = math.cos(math.radians((south + north) / 2))
    high = _WIDE_IN * (north - south) / ((east - west) * narrower)
    figure = sheet(_WIDE_IN, min(max(high + 1.2, _LOWEST_IN), _HIGHEST_IN))
    ax = figure.add_subplot()
    ax.set(xlim=(west, east), ylim=(south, north), aspect=1 / narrower)
    ax.set(xlabel="longitude (degrees)", ylabel="latitude (degrees)")
    draw_land(ax)
    colours = _colours(plan)
    _draw_service(ax, service[service["site"].notna()], colours)
    _draw_places(ax, service)
    _draw_hosts(ax, sites, used)
    ax.set_title(plain(_says(plan)), fontsize=8, loc="left")
    marks = _marks(plan, service, used, colours)
    figure.legend(handles=marks, loc="outside upper left", ncols=4, fontsize=7)
    credited(figure, plan.attributions)
    return figure


def _says(plan: Plan) -> str:
    """Say size, cost and bound together."""
    proven = plan.certificate
    money = f"cost {proven.cost_mn_yr:.2f} M {plan.currency} a year"
    bound = f"bound {money_down(proven.bound_mn_yr):.2f}, gap {percent_up(proven.gap)}"
    return (
        f"{plan.name}: {len(plan.sites)} sites, {plan.sites['mw'].sum():.1f} MW\n{money}, {bound}"
    )


def _colours(plan: Plan) -> dict[str, str]:
    """Give each class a colour, the tightest bound the strongest."""
    by_bound = plan.services.sort_values("rtt_bound_ms", kind="stable")["service"]
    return {str(name): CLASSES[k % len(CLASSES)] for k, name in enumerate(by_bound)}


def _extent(
    service: pd.DataFrame, sites: pd.DataFrame, hubs: pd.DataFrame
) -> tuple[float, float, float, float]:
    """Give west, south, east and north of all that is drawn, with a margin."""
    lon = np.concatenate([service["place_lon"], sites["lon"], hubs["lon"]])
    lat = np.concatenate([service["place_lat"], sites["lat"], hubs["lat"]])
    if not len(lon):
        return -180.0, -90.0, 180.0, 90.0
    room = _MARGIN * max(np.ptp(lon), np.ptp(lat)) + _LEAST_DEGREES
    west, south = float(lon.min() - room), float(lat.min() - room)
    return west, south, float(lon.max() + room), float(lat.max() + room)


def _draw_service(ax: Axes, served: pd.DataFrame, colours: dict[str, str]) -> None:
    """Draw a line from each place to its sites; the tightest class lies on top."""
    ends = ["place_lon", "place_lat", "site_lon", "site_lat"]
    for name in reversed(colours):
        rows = served[served["service"] == name]
        rows = rows[(rows["place_lon"] - rows["site_lon"]).abs() <= 180]
        lines = list(rows[ends].to_numpy(float).reshape(-1, 2, 2))
        widths = 0.3 + 0.4 * np.sqrt(rows["mw_it"].to_numpy(float))
        ax.add_collection(
            LineCollection(lines, colors=colours[name], linewidths=widths, alpha=0.55, zorder=2)
        )


def _draw_places(ax: Axes, service: pd.DataFrame) -> None:
    """Dot every place, and cross those of which something stays unserved."""
    places = service.drop_duplicates("place")
    ax.scatter(places["place_lon"], places["place_lat"], s=3, color=GREY, linewidth=0, zorder=3)
    left = service[service["site"].isna()].drop_duplicates("place")
    ax.scatter(left["place_lon"], left["place_lat"], s=18, color=INK, marker="x", lw=0.9, zorder=4)


def _draw_hosts(ax: Axes, sites: pd.DataFrame, hubs: pd.DataFrame) -> None:
    """Draw sites as circles and hubs as squares, their area by MW or MW IT."""
    for hosts, power, marker, colour in ((sites, "mw", "o", INK), (hubs, "mw_it", "s", GREY)):
        ax.scatter(
            hosts["lon"],
            hosts["lat"],
            s=_POINTS2_PER_MW * hosts[power],
            marker=marker,
            color=colour,
            edgecolor="white",
            linewidth=0.6,
            zorder=5,
        )


def _marks(
    plan: Plan, service: pd.DataFrame, hubs: pd.DataFrame, colours: dict[str, str]
) -> list[Line2D]:
    """Give the legend: classes with their bounds, places, and how large a circle some MW are."""
    bound_ms = plan.services.set_index("service")["rtt_bound_ms"]
    marks = [
        Line2D([], [], color=colour, lw=1.5, label=plain(f"{name}, within {bound_ms[name]:g} ms"))
        for name, colour in colours.items()
    ]
    marks.append(_mark("o", 2, GREY, "place"))
    if service["site"].isna().any():
        marks.append(_mark("x", 4, INK, "in part unserved"))
    sizes_mw = sorted(set(plan.sites["mw"].agg(["min", "max"]).dropna().round(1)))
    marks += [
        _mark("o", math.sqrt(_POINTS2_PER_MW * mw), INK, f"site of {mw:g} MW") for mw in sizes_mw
    ]
    if len(hubs):
        marks.append(_mark("s", 6, GREY, "hub, by MW IT reserved"))
    return marks


def _mark(marker: str, size: float, colour: str, label: str) -> Line2D:
    return Line2D([], [], ls="", marker=marker, ms=size, color=colour, label=label)
