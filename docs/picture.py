"""
Draw the README's picture: the plan for Texas, as `microdc plan scenarios/texas` wrote it.

    python docs/picture.py plans/texas docs/texas.png
"""

import sys
from pathlib import Path

import geopandas as gpd
import matplotlib as mpl
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D

DATA = Path(__file__).parent.parent / "data" / "us"
STATE, SMALLEST_MW = "TX", 5.0
# Colour-blind safe (Okabe and Ito 2008), the tightest bound the strongest.
COLOUR = {"rtt-2ms": "#D55E00", "rtt-5ms": "#0072B2", "rtt-10ms": "#56B4E9"}
INK, LAND, LINE = "#20262c", "#f4f1ea", "#b9b2a3"


def main(plan: Path, picture: Path) -> None:
    """Draw a plan's sites by MW and the service lines of each class."""
    sites = gpd.read_file(plan / "sites.geojson")
    service = gpd.read_file(plan / "service.geojson")
    states = gpd.read_parquet(DATA / "states.parquet")
    mpl.use("agg")
    figure, ax = plt.subplots(figsize=(9, 8), dpi=150)
    states.plot(ax=ax, color="white", edgecolor=LINE, linewidth=0.6)
    states[states["state"] == STATE].plot(ax=ax, color=LAND, edgecolor=INK, linewidth=1.0)
    _stranded(ax)
    lines = service[service.geometry.geom_type == "LineString"]
    for name in reversed(COLOUR):
        drawn = lines[lines["service"] == name]
        paths = [list(line.coords) for line in drawn.geometry]
        width = 0.4 + drawn["mw_it"].to_numpy() ** 0.5 / 2
        ax.add_collection(LineCollection(paths, colors=COLOUR[name], linewidths=width, alpha=0.55))
    ax.scatter(
        sites.geometry.x, sites.geometry.y, s=14 * sites["mw"], color=INK, edgecolor="white",
        linewidth=0.8, zorder=3,
    )  # fmt: skip
    _frame(ax, states)
    _legend(ax, sites)
    figure.savefig(picture, bbox_inches="tight", pad_inches=0.1)


def _stranded(ax: plt.Axes) -> None:
    """Dot every substation that could bear the smallest site."""
    rows = pd.read_parquet(DATA / "substations.parquet")
    rows = rows[(rows["state"] == STATE) & (rows["headroom_mw"] >= SMALLEST_MW)]
    ax.scatter(rows["lon"], rows["lat"], s=7, color=LINE, linewidth=0, zorder=1.5)


def _frame(ax: plt.Axes, states: gpd.GeoDataFrame) -> None:
    west, south, east, north = states[states["state"] == STATE].total_bounds
    ax.set_xlim(west - 0.3, east + 0.3)
    ax.set_ylim(south - 0.2, north + 0.2)
    ax.set_aspect(1.17)  # 1 / cos(31 degrees north)
    ax.set_axis_off()


def _legend(ax: plt.Axes, sites: gpd.GeoDataFrame) -> None:
    marks = [
        Line2D([], [], color=colour, lw=2.5, label=f"served within {ms}")
        for ms, colour in zip(("2 ms", "5 ms", "10 ms"), COLOUR.values(), strict=True)
    ]
    dot = {"ls": "", "marker": "o", "color": LINE, "ms": 3.5}
    marks += [Line2D([], [], **dot, label=f"headroom of {SMALLEST_MW:.0f} MW or more")]
    marks += [
        Line2D([], [], ls="", marker="o", color=INK, ms=(14 * mw) ** 0.5, label=f"site of {mw} MW")
        for mw in sorted({5, round(sites["mw"].max())})
    ]
    ax.legend(handles=marks, loc="lower left", frameon=False, fontsize=11, labelspacing=0.7)
    note = (
        f"{len(sites)} sites, {sites['mw'].sum():.0f} MW.\n"
        "Places are real,\nsubstations synthetic,\nheadroom modelled."
    )
    ax.text(0.0, 0.97, note, transform=ax.transAxes, fontsize=11, color=INK, va="top")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
