"""Hours of a year: the load of each zone of the synthetic Texan grid, as a share of its highest."""

import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd

AREAS, HOURS_OF_2016 = 8, 8_784
# Areas 1 to 8 of the case are zones 301 to 308 of the grid: their loads agree, which is checked.
ZONE_OF_AREA = {area: 300 + area for area in range(1, AREAS + 1)}
LOADS_AGREE_MW = 0.1  # of several thousand; loads are published to 0.01 MW a bus
# The file numbers its hours and names no clock. Zones of the grid are at UTC-6 all year, and so is
# the file: its mornings begin an hour earlier in the months of daylight saving time.
HOUR_1_STARTS = pd.Timestamp("2016-01-01T00:00-06:00").tz_convert("UTC")

_AREA_LOAD = re.compile(r"^\t(\d+)\t0\tCT_TAREALOAD\t(\d+)\tCT_LOAD_ALL_P\tCT_REP\t(.+);$", re.M)
_BUSES = re.compile(r"^mpc\.bus = \[\n(.+?)\n\];", re.M | re.S)
_LOAD, _AREA = 2, 6  # columns of a bus in a case of MATPOWER


def texas_hours(folder: Path, grid: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """
    Load of each Texan zone in each hour of 2016 as a share of its highest; `time` in UTC.

    `folder` holds MATPOWER's cases; rows are sorted by zone and time.
    """
    check_areas_are_zones(folder / "case_ACTIVSg2000.m", grid["bus"])
    loads = area_loads(folder / "scenarios_ACTIVSg2000.m")
    starts = HOUR_1_STARTS + pd.to_timedelta(loads["hour"] - 1, unit="h")
    zone_name = grid["zone"].set_index("zone_id")["zone_name"]
    highest_mw = loads.groupby("area")["mw"].transform("max")
    hours = pd.DataFrame(
        {
            "time": starts.dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "id": loads["area"].map(ZONE_OF_AREA).map(zone_name),
            "load_share": (loads["mw"] / highest_mw).round(4),
        }
    )
    return hours.sort_values(["id", "time"], ignore_index=True)


def area_loads(scenarios: Path) -> pd.DataFrame:
    """Load (`mw`) of each `area` in each `hour` of 2016, both numbered from 1."""
    found = _AREA_LOAD.findall(scenarios.read_text(encoding="utf-8"))
    loads = pd.DataFrame(found, columns=["hour", "area", "mw"])
    loads = loads.astype({"hour": int, "area": int, "mw": float})
    every = pd.MultiIndex.from_product([range(1, HOURS_OF_2016 + 1), ZONE_OF_AREA])
    if not pd.MultiIndex.from_frame(loads[["hour", "area"]]).sort_values().equals(every):
        sys.exit(f"{scenarios.name}: not one load for every area in every hour of 2016")
    return loads


def check_areas_are_zones(case: Path, bus: pd.DataFrame) -> None:
    """End the script unless each area of the case has the load of the zone it is taken for."""
    rows = _BUSES.findall(case.read_text(encoding="utf-8"))[0].replace(";", "").splitlines()
    buses = pd.DataFrame([row.split() for row in rows])[[_AREA, _LOAD]].astype(float)
    of_area = buses.groupby(_AREA)[_LOAD].sum()
    of_zone = bus.groupby("zone_id")["Pd"].sum().reindex(of_area.index.map(ZONE_OF_AREA))
    if not np.allclose(of_area, of_zone, rtol=0, atol=LOADS_AGREE_MW):
        sys.exit(f"{case.name}: its areas are not the zones of the grid")
