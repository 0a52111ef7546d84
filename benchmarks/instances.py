"""
The instances of the benchmarks, as numbers.

`texas` and `stress-nation` are random draws on synthetic substations (`data/README.md`);
`headroom` is made from the `thermal_headroom_mw` that ships with microdc, and `headroom-1000` is
1,000 of its sites with the same share of its places. Distances are great circles on a sphere.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, eye_array
from scipy.spatial import cKDTree

from benchmarks.names import SAMPLED, SURVIVING
from microdc.instance import Floats, Instance, Outages, Reach

DATA = Path(__file__).parent / "data"
US = Path(__file__).parents[1] / "data" / "us"

EARTH_KM = 6371.0088  # mean radius, IUGG
ACCESS_MS = 0.5
ROUTE_FACTOR = 1.5
KM_PER_MS = 204.0  # light in silica fibre, refractive index 1.468
MIN_MW, MAX_MW = 5.0, 20.0

SERVICES = pd.DataFrame(
    {
        "service": ["rtt-2ms", "rtt-5ms", "rtt-10ms"],
        "rtt_ms": [2.0, 5.0, 10.0],
        "kw_it_per_1000_people": [3.0, 4.0, 5.0],
        "unserved_mn_per_mw_yr": [8.0, 6.0, 4.0],
    }
)
"""The classes of `headroom`: those of scenarios/texas."""

PUE = 1.25
FACILITY_MN_PER_MW_IT, SITE_MN, CONNECTION_MN = 11.0, 3.0, 0.65
ANNUITY_YEARS, ANNUITY_RATE = 15, 0.08
"""The costs of `headroom`: microdc's defaults, whose sources every plan lists."""

SEED = 20260101


def load(name: str) -> Instance:
    """Give an instance of `benchmarks.names.INSTANCES`; raises KeyError for another name."""
    if name in SURVIVING:
        return _surviving(load(SURVIVING[name]))
    if name == "headroom":
        return _headroom(None)
    if name in SAMPLED:
        return _headroom(SAMPLED[name])
    return _drawn(name)


def _drawn(name: str) -> Instance:
    """Give an instance whose costs were drawn: PUE 1, all demand one group at one price."""
    sites = pd.read_parquet(DATA / f"{name}-sites.parquet").set_index("id")
    demand = pd.read_parquet(DATA / f"{name}-demand.parquet")
    priced = sites.assign(
        cap_mw=sites["headroom_mw"],
        pue=1.0,
        site_mn_yr=sites["site_mn"],
        size_mn_per_mw_yr=sites["facility_mn_per_mw_it"],
    )
    groups = pd.DataFrame({"unserved_mn_per_mw_yr": [100.0]}, index=["all"])
    return _instance(priced, demand.rename(columns={"id": "place"}).assign(group=0), groups)


def _surviving(instance: Instance) -> Instance:
    """Let any one site be out, and everyone who is served be served in full all the same."""
    count = len(instance.sites)
    outages = Outages(
        what=pd.DataFrame({"kind": "site", "id": instance.sites.index}),
        sites=csr_array(eye_array(count)),
        reach=instance.reach,
        kept=np.ones(len(instance.points)),
    )
    return replace(instance, outages=outages)


def _headroom(sites_kept: int | None) -> Instance:
    """Give all candidates of 5 MW or more and all places, or a sample nested in larger ones."""
    sites = pd.read_parquet(US / "substations.parquet").set_index("id")
    sites = sites[sites["thermal_headroom_mw"] >= MIN_MW]
    places = pd.read_parquet(US / "places.parquet").rename(columns={"id": "place"})
    if sites_kept is not None:
        share = sites_kept / len(sites)
        sites = _nested_sample(sites, sites_kept)
        places = _nested_sample(places, round(share * len(places)))
    per_year = ANNUITY_RATE / (1 - (1 + ANNUITY_RATE) ** -ANNUITY_YEARS)
    priced = sites.assign(
        cap_mw=np.minimum(sites["thermal_headroom_mw"], MAX_MW),
        pue=PUE,
        site_mn_yr=per_year * (SITE_MN + CONNECTION_MN),
        size_mn_per_mw_yr=per_year * FACILITY_MN_PER_MW_IT / PUE,
    )
    demand = places.merge(SERVICES.reset_index(names="group"), how="cross")
    demand["mw_it"] = demand["population"] * demand["kw_it_per_1000_people"] / 1e6
    return _instance(priced, demand, SERVICES.set_index("service"))


def _nested_sample(rows: pd.DataFrame, kept: int) -> pd.DataFrame:
    """Give the first rows of one fixed shuffle: small samples lie in large ones."""
    chosen = np.random.default_rng(SEED).permutation(len(rows))[:kept]
    return rows.iloc[np.sort(chosen)]


def _instance(sites: pd.DataFrame, demand: pd.DataFrame, groups: pd.DataFrame) -> Instance:
    """State the problem without tree, budget or other rules: what every method can express."""
    sites, demand = sites.sort_index(), demand.reset_index(drop=True)
    group = demand["group"].to_numpy()
    return Instance(
        sites=sites[["cap_mw", "pue", "site_mn_yr", "size_mn_per_mw_yr"]].assign(
            min_mw=MIN_MW,
            existing_mw=0.0,
            modular=False,
            standing=False,
            site_capital_mn=0.0,
            size_capital_mn_per_mw=0.0,
            forced=False,
            forbidden=False,
        ),
        points=demand[["place", "service", "group", "mw_it"]],
        groups=groups[["unserved_mn_per_mw_yr"]].assign(
            max_unserved_mw_it=np.bincount(group, weights=demand["mw_it"], minlength=len(groups))
        ),
        reach=_reach(demand, sites),
        nodes=pd.DataFrame({"limit_mw": np.empty(0)}),
        below=csr_array((0, len(sites))),
    )


def _reach(demand: pd.DataFrame, sites: pd.DataFrame) -> Reach:
    """Find the sites with access + 2 * route * km / (km/ms) <= the point's bound."""
    tree = cKDTree(_on_sphere(sites))
    near: list[np.ndarray] = []
    for _, points in demand.groupby("place", sort=False):
        site, ms = _nearest(tree, _on_sphere(points.iloc[:1])[0], points["rtt_ms"].max())
        for bound in points["rtt_ms"]:
            within = np.searchsorted(ms, bound, side="right")
            near.append(site[:within])
    start = np.concatenate([[0], np.cumsum([len(n) for n in near])])
    return Reach(start=start, site=np.concatenate(near))


def _nearest(tree: cKDTree, place: Floats, bound_ms: float) -> tuple[np.ndarray, Floats]:
    most_km = (bound_ms - ACCESS_MS) * KM_PER_MS / (2 * ROUTE_FACTOR)
    chord = 2 * np.sin(most_km / EARTH_KM / 2) * (1 + 1e-9)
    site = np.sort(np.array(tree.query_ball_point(place, chord), dtype=np.int32))
    length = np.linalg.norm(tree.data[site] - place, axis=1)
    km = 2 * EARTH_KM * np.arcsin(np.minimum(length / 2, 1))
    ms = ACCESS_MS + 2 * ROUTE_FACTOR * km / KM_PER_MS
    order = np.argsort(ms, kind="stable")
    return site[order], ms[order]


def _on_sphere(positions: pd.DataFrame) -> Floats:
    lat, lon = np.radians(positions["lat"]), np.radians(positions["lon"])
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
