"""Random scenarios with their tables, small enough to be planned in a moment."""

import json
from pathlib import Path

import numpy as np
import pandas as pd

LIMITS = {
    "budget": "budget_mn: 450",
    "counts": "max_sites: 4, max_sites_by: {state: 3}",
    "apart": "separation_km: 25",
    "forced": "force: [s2]",
    "forbidden": "forbid: [s4, s5]",
    "projects": "projects: {within_km: 45, min_mw: 16, max_owners: 2}",
}
FEATURES = (
    *LIMITS,
    "modules",
    "tiers",
    "tree",
    "existing",
    "hubs",
    "measured",
    "floors",
    "most_served",
)

TIERS = (
    "[{deposit_mn: 0.2}, "
    "{above_mw: 9.9, voltage_kv: 132, connection_mn_per_mw: 0.1}, "
    "{above_mw: 13, connection_mn: 9, months: 40}]"
)
"""Classes of sizes: as tables say, at a stated voltage and by the MW, and at one price."""

OUTAGES = ("outages", "zones", "two_at_once")
"""Features of what is survived: sites and nodes, zones beside them, and any two of these."""

BY_HOUR = ("hours", "flexible", "held", "waiting")
"""Features of what hours ask: hours at all, flexible connections, who stays, who waits."""

FEW = "few"
"""A tenth of the people, for whom serving is worth four times as much: few sites, all needed."""


def write_scenario(rng: np.random.Generator, features: set[str], folder: Path) -> Path:
    """Write a scenario with some of the features above, everything else at random."""
    folder.mkdir()
    tables = {
        "substations": _substations(rng, features),
        "places": _places(rng, 10 if FEW in features else 1),
        "hubs": _hubs(rng),
        "rtt": _round_trips(rng),
        **({"hours": _hours(rng)} if "hours" in features else {}),
    }
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    (folder / "zones.geojson").write_text(json.dumps(_zones(rng)), encoding="utf-8")
    (folder / "scenario.yaml").write_text(_scenario(features), encoding="utf-8")
    return folder


def _substations(rng: np.random.Generator, features: set[str]) -> pd.DataFrame:
    n = 10
    some = rng.random((4, n)) < 0.5
    table = pd.DataFrame(
        {
            "id": [f"s{k}" for k in range(n)],
            "lat": (52 + rng.random(n)).round(3),
            "lon": (1.6 * rng.random(n) - 0.3).round(3),
            "headroom_mw": rng.uniform(4, 24, n).round(1),
            "parent": rng.choice(["north", "south"], n),
            "candidate": True,
            "state": rng.choice(["E", "W"], n),
            "owner": np.resize(["A", "B", "C"], n),
            "pue": np.where(some[0], rng.uniform(1.1, 1.5, n).round(2), np.nan),
            "site_mn": np.where(some[1], rng.uniform(1, 6, n).round(1), np.nan),
            "feeder_km": np.where(some[2], rng.uniform(0, 4, n).round(1), np.nan),
            "energy_per_mwh": np.where(some[3], rng.uniform(20, 60, n).round(), np.nan),
            "voltage_kv": rng.choice([33, 66, 132], n),
            "existing_mw": np.nan,
        }
    )
    if "existing" in features:
        table.loc[rng.choice(n, 3, replace=False), "existing_mw"] = [2.5, 7.0, 9.0]
    limit = 30.0 if "tree" in features else np.nan
    above = pd.DataFrame({"id": ["north", "south"], "headroom_mw": limit, "candidate": False})
    return pd.concat([table, above], ignore_index=True)


def _places(rng: np.random.Generator, fewer: int) -> pd.DataFrame:
    n = 9
    return pd.DataFrame(
        {
            "id": [f"p{k}" for k in range(n)],
            "lat": (51.9 + 1.2 * rng.random(n)).round(3),
            "lon": (1.9 * rng.random(n) - 0.5).round(3),
            "population": rng.integers(200_000, 900_000, n) // fewer,
            "access_ms": np.where(rng.random(n) < 0.3, 0.4, np.nan),
        }
    )


def _hubs(rng: np.random.Generator) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": ["h1", "h2"],
            "lat": [54.5, 50.9],
            "lon": 0.3,
            "mw_it": rng.uniform(3, 9, 2).round(1),
            "mn_per_mw_it_yr": rng.uniform(0.8, 2.5, 2).round(2),
        }
    )


def _round_trips(rng: np.random.Generator) -> pd.DataFrame:
    pairs = [(f"p{j}", f"s{i}") for j in range(9) for i in range(10) if (i + 2 * j) % 4 == 0]
    table = pd.DataFrame(pairs, columns=["demand", "site"])
    return table.assign(rtt_ms=rng.choice([1.0, 1.6, 2.4, 3.5, 9.0], len(pairs)))


def _hours(rng: np.random.Generator) -> pd.DataFrame:
    """Give two days that stand for a year: of some substations, a limit and two classes."""
    times = [f"2026-01-0{day}T{hour:02}:00Z" for day in (1, 2) for hour in range(24)]
    n = len(times)
    own = rng.choice(10, 6, replace=False)
    profiles = [
        *({"id": f"s{k}", "headroom_share": _scarce(rng, n)} for k in own[:3]),
        *({"id": f"s{k}", "headroom_mw": (24 * _scarce(rng, n)).round(2)} for k in own[3:]),
        {"id": "north", "headroom_mw": (40 * _scarce(rng, n)).round(2)},
        {"service": "chat", "demand_share": _scarce(rng, n)},
        {"service": "bulk", "demand_share": _scarce(rng, n)},
    ]
    return pd.concat(
        [pd.DataFrame({"time": times, **each, "weight_h": 182.5}) for each in profiles]
    )


def _scarce(rng: np.random.Generator, hours: int) -> np.ndarray:
    """Give shares that are 1 but in some hours in a row of each day."""
    shares = np.ones(hours)
    for day in range(0, hours, 24):
        start = day + int(rng.integers(0, 20))
        shares[start : start + int(rng.integers(2, 6))] = rng.choice([0.0, 0.3, 0.7])
    return shares


def _by_hour(features: set[str]) -> dict[str, str]:
    """Give the hours, and what of them `batch` and `bulk` state; nothing without such a feature."""
    if "hours" not in features:
        return dict.fromkeys(("keys", "batch", "bulk"), "")
    terms = "{type: flexible, max_hours_per_yr: 2500, max_run_h: 20}"
    firmness = f"connection: {terms if 'flexible' in features else 'firm'}\n"
    return {
        "keys": "hours: {profiles: hours.csv}\n" + firmness,
        "batch": ", movable: false" if "held" in features else "",
        "bulk": ", defer: {share: 0.4, hours: 3}" if "waiting" in features else "",
    }


def _zones(rng: np.random.Generator) -> dict[str, object]:
    """Give four boxes, two of them one zone."""
    features = []
    for name in ("z0", "z1", "z2", "z1"):
        west, south = rng.uniform(-0.4, 1.0), rng.uniform(51.9, 52.8)
        east, north = west + rng.uniform(0.1, 0.5), south + rng.uniform(0.1, 0.4)
        ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"id": name}, "geometry": geometry})
    return {"type": "FeatureCollection", "features": features}


def _survived(features: set[str]) -> dict[str, str]:
    """Give what is survived, and what `chat` and `batch` keep; nothing without such a feature."""
    if features.isdisjoint(OUTAGES):
        return dict.fromkeys(("keys", "chat", "batch"), "")
    kinds, at_once = ["site", "node"], 2 if "two_at_once" in features else 1
    zones = ""
    if "zones" in features:
        kinds, zones = [*kinds, "zone"], "zones: {path: zones.geojson}\n"
    return {
        "keys": f"resilience: {{survive: [{', '.join(kinds)}], at_once: {at_once}}}\n{zones}",
        "chat": ", outage: {served: 0.9, rtt_ms: 2.4}",
        "batch": ", outage: {served: 0.5}",
    }


def _scenario(features: set[str]) -> str:
    more = {
        "hubs": "hubs: {path: hubs.csv}\n",
        "measured": "measured: {path: rtt.csv}\n",
        "most_served": "objective: most-served\n",
    }
    limits = [text for name, text in LIMITS.items() if name in features]
    survived, dear = _survived(features), 4 if FEW in features else 1
    by_hour = _by_hour(features)
    tiers = f", tiers: {TIERS}" if "tiers" in features else ""
    if "most_served" in features and not {"budget", "counts"} & features:
        limits.append("max_sites: 3")
    return f"""\
schema: 1
name: random
currency: GBP
usd_rate: 0.8
substations: {{path: substations.csv}}
demand: {{path: places.csv}}
services:
  chat: {{rtt_ms: 1.6, kw_it_per_1000_people: 1.5,
    unserved_mn_per_mw_yr: {5 * dear}{survived["chat"]}}}
  batch: {{rtt_ms: 3, kw_it_per_1000_people: 3, unserved_mn_per_mw_yr: {3.5 * dear},
    min_served: {0.3 if "floors" in features else 0}{survived["batch"]}{by_hour["batch"]}}}
  bulk: {{rtt_ms: 8, kw_it_per_1000_people: 5, unserved_mn_per_mw_yr: 2.2{by_hour["bulk"]}}}
latency: {{processing_ms: 0.1}}
sites: {{min_mw: 6, max_mw: 18{", modules_mw: [3, 4]" if "modules" in features else ""}{tiers}}}
limits: {{{", ".join(limits)}}}
solve: {{gap: 0.00001}}
{survived["keys"]}{by_hour["keys"]}{"".join(more[name] for name in more if name in features)}"""
