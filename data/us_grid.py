"""The synthetic grid: its stations, and the modelled headroom of substations and areas."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.spatial import cKDTree
from us_columns import NETWORK
from us_geography import on_sphere, state_at

# Headroom (MW) at the quantiles of SSEN's published table (899 British substations, March 2026, in
# MVA and read as MW): 44 % zero, median 0.5, 30 % at 5 or more, mean 5.2, maximum 84.
HEADROOM_KNOTS = {
    "share": [0, 0.44, 0.50, 0.60, 0.70, 0.75, 0.80, 0.85, 0.90, 0.95, 0.98, 0.99, 0.995, 1],
    "mw": [0, 0, 0.5, 2.3, 5.0, 6.7, 8.2, 10.6, 15.5, 21.5, 39.4, 52.7, 56.4, 84],
}
# Peak ÷ firm capacity of primary substations as published by Northern Powergrid: 5/25/50/75/95 %;
# the two ends carry on the neighbouring slopes.
UTILISATION_KNOTS = {
    "share": [0, 0.05, 0.25, 0.50, 0.75, 0.95, 1],
    "peak_share_of_firm": [0.16, 0.21, 0.41, 0.54, 0.67, 0.89, 0.945],
}

BULK_KV = 230  # at or above: a bulk station; gives 9 load substations an area (British: 5)
HOSTING_MW = 5  # the smallest site the product plans; SSEN's 0.67 counts rows at or above it
# How much of what hangs below an area, beyond its largest, the area's limit lets through. In SSEN's
# table no bulk supply point publishes less than its largest primary (0 of 47). Quantiles of
# (limit - largest) ÷ (sum - largest) over the 40 with two primaries of 5 MVA or more ...
BEYOND_LARGEST_KNOTS = {
    "share": [0, 0.20, 0.25, 0.30, 0.40, 0.50, 0.60, 0.70, 0.75, 0.80, 0.90, 1],
    "let_through": [0, 0, 0.03, 0.19, 0.29, 0.37, 0.61, 0.89, 1.02, 1.18, 2.6, 11.5],
}
# ... times this, chosen so that the tree allows 0.67 of the sum over the nation, as SSEN's does.
LET_THROUGH_SCALE = 0.53


def read_grid(folder: Path) -> dict[str, pd.DataFrame]:
    """The grid's tables as published, with the station of every bus."""
    names = ["bus", "bus2sub", "sub", "branch", "plant", "dcline", "zone"]
    grid = {name: pd.read_csv(folder / f"{name}.csv") for name in names}
    grid["bus"] = grid["bus"].merge(grid["bus2sub"][["bus_id", "sub_id"]], on="bus_id")
    return grid


def locate_stations(grid: dict[str, pd.DataFrame], outlines: gpd.GeoDataFrame) -> pd.DataFrame:
    """Every synthetic station with its state by position, its zone, and the state of the zone."""
    stations = grid["sub"].sort_values("sub_id", ignore_index=True)
    stations["state"] = state_at(stations, outlines)
    zone_of_station = grid["bus"].drop_duplicates("sub_id").set_index("sub_id")["zone_id"]
    zone = grid["zone"].set_index("zone_id").loc[stations["sub_id"].map(zone_of_station)]
    stations["group"] = zone["zone_name"].to_numpy()
    postal = outlines.set_index("name")["state"]
    stations["zone_state"] = zone["state"].map(postal).to_numpy()
    return stations


def load_substations(grid: dict[str, pd.DataFrame], stations: pd.DataFrame) -> pd.DataFrame:
    """The stations that serve load, with their modelled peak and headroom (MW)."""
    bus = grid["bus"].sort_values(["Pd", "baseKV"], ascending=[False, True])
    most_loaded_kv = bus.drop_duplicates("sub_id").set_index("sub_id")["baseKV"]
    peak_mw = bus.groupby("sub_id")["Pd"].sum()
    substations = stations[stations["sub_id"].map(peak_mw) > 0].reset_index(drop=True)
    substations["id"] = substations["sub_id"].astype(str)
    substations["voltage_kv"] = substations["sub_id"].map(most_loaded_kv).astype(float)
    substations["peak_mw"] = substations["sub_id"].map(peak_mw).round(2)

    drawn = np.interp(draws("headroom", substations["id"]), *HEADROOM_KNOTS.values())
    utilisation = np.interp(draws("utilisation", substations["id"]), *UTILISATION_KNOTS.values())
    substations["headroom_mw"] = drawn.round(2)
    thermal_mw = substations["peak_mw"] / utilisation - substations["peak_mw"]
    substations["thermal_headroom_mw"] = thermal_mw.round(2)
    return substations


def bulk_areas(
    grid: dict[str, pd.DataFrame], stations: pd.DataFrame, substations: pd.DataFrame
) -> tuple[pd.DataFrame, list[str]]:
    """
    Areas, and the area of each substation: the nearest bulk station of the same interconnection.

    The interconnections are not synchronous, so no station feeds across their borders.
    """
    highest_kv = grid["bus"].groupby("sub_id")["baseKV"].max()
    bulk = stations[stations["sub_id"].map(highest_kv) >= BULK_KV].copy()
    bulk["id"] = "A" + bulk["sub_id"].astype(str)
    parent = pd.Series("", index=substations.index)
    for interconnect, below in substations.groupby("interconnect"):
        above = bulk[bulk["interconnect"] == interconnect]
        _, nearest = cKDTree(on_sphere(above)).query(on_sphere(below))
        parent.loc[below.index] = above["id"].to_numpy()[nearest]
    areas = bulk[bulk["id"].isin(parent)].reset_index(drop=True)
    areas["name"] = areas["name"] + " area"
    areas["candidate"] = False
    return areas, parent.to_list()


def area_limits(areas: pd.DataFrame, substations: pd.DataFrame) -> pd.Series:
    """
    Modelled limit (MW) of each area: its largest substation, and a drawn share of the others.

    Counts the substations of 5 MW or more; where there is none, all of them.
    """
    hosting = substations[substations["headroom_mw"] >= HOSTING_MW]
    everyone = substations.groupby("parent")["headroom_mw"].agg(["max", "sum"])
    counted = hosting.groupby("parent")["headroom_mw"].agg(["max", "sum"])
    counted = counted.reindex(everyone.index).fillna(everyone).loc[areas["id"]]
    drawn = np.interp(draws("area limit", areas["id"]), *BEYOND_LARGEST_KNOTS.values())
    largest, total = counted["max"].to_numpy(), counted["sum"].to_numpy()
    others = np.where(total > largest, total - largest, largest)  # one alone: as if there were two
    return pd.Series(largest + LET_THROUGH_SCALE * drawn * others).round(2)


def load_below(areas: pd.DataFrame, substations: pd.DataFrame) -> pd.DataFrame:
    """Peak (MW) of the substations below each area together, and the zone with most of it."""
    by_zone = substations.pivot_table("peak_mw", "parent", "group", aggfunc="sum", fill_value=0)
    below = pd.DataFrame({"peak_mw": by_zone.sum(axis=1).round(2), "group": by_zone.idxmax(axis=1)})
    return below.loc[areas["id"]].set_axis(areas.index)


def network(grid: dict[str, pd.DataFrame], stations: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The synthetic network in compact form: published columns under names with units."""
    published = grid | {"sub": stations}
    tables = {}
    for file, (name, columns) in NETWORK.items():
        table = published[name][list(columns)].rename(columns=columns)
        tables[file] = table.sort_values(table.columns[0], ignore_index=True).pipe(compact)
    return tables


def compact(table: pd.DataFrame) -> pd.DataFrame:
    """The same table with whole numbers as int32 and all others as float32."""
    smaller = {"i": "int32", "f": "float32"}
    kinds = {column: smaller.get(kind.kind) for column, kind in table.dtypes.items()}
    return table.astype({column: kind for column, kind in kinds.items() if kind})


def draws(purpose: str, ids: Iterable[str]) -> list[float]:
    """A number in [0, 1) for each id, from the SHA-256 of purpose and id and from nothing else."""
    hashes = (hashlib.sha256(f"{purpose}:{key}".encode()).digest() for key in ids)
    return [int.from_bytes(digest[:6], "big") / 2**48 for digest in hashes]
