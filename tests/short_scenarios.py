"""Small scenarios on disk that have no plan, each for a reason of its own; some for two."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

SITES, PLACES = 5, 5


@dataclass
class Draft:
    """
    A scenario about to be written, of which everything can be served.

    Five substations below one limit, five places, `chat` that must be served in full, and `bulk`
    that may go unserved at a price.
    """

    rng: np.random.Generator
    substations: pd.DataFrame
    places: pd.DataFrame
    keys: dict[str, Any]
    areas: list[tuple[float, float, float, float]] = field(default_factory=list)

    @property
    def asked_mw(self) -> float:
        """What `chat` draws, at the PUE of all sites."""
        per_head = self.keys["services"]["chat"]["kw_it_per_1000_people"] / 1e6
        return 1.25 * per_head * float(self.places["population"].sum())

    def write(self, folder: Path) -> Path:
        folder.mkdir()
        self.substations.to_csv(folder / "substations.csv", index=False)
        self.places.to_csv(folder / "places.csv", index=False)
        if self.areas:
            (folder / "areas.geojson").write_text(json.dumps(_boxes(self.areas)), encoding="utf-8")
        file = folder / "scenario.yaml"
        file.write_text(yaml.safe_dump(self.keys, sort_keys=False), encoding="utf-8")
        return file


def draft(rng: np.random.Generator) -> Draft:
    substations = pd.DataFrame(
        {
            "id": [f"s{k}" for k in range(SITES)],
            "lat": (52 + 0.5 * rng.random(SITES)).round(3),
            "lon": (0.8 * rng.random(SITES)).round(3),
            "headroom_mw": 40.0,
            "parent": ["top", "top", "top", "", ""],
            "candidate": True,
        }
    )
    top = pd.DataFrame({"id": ["top"], "headroom_mw": 120.0, "candidate": False})
    places = pd.DataFrame(
        {
            "id": [f"p{k}" for k in range(PLACES)],
            "lat": (52 + 0.5 * rng.random(PLACES)).round(3),
            "lon": (0.8 * rng.random(PLACES)).round(3),
            "population": rng.integers(300_000, 900_000, PLACES),
        }
    )
    keys = {
        "schema": 1,
        "name": "short",
        "currency": "GBP",
        "usd_rate": 0.8,
        "substations": {"path": "substations.csv"},
        "demand": {"path": "places.csv"},
        "services": {
            "chat": {"rtt_ms": 1.8, "kw_it_per_1000_people": 8},
            "bulk": {"rtt_ms": 4, "kw_it_per_1000_people": 2, "unserved_mn_per_mw_yr": 2},
        },
        "latency": {"access_ms": 0.5, "processing_ms": 0.1},
        "sites": {"min_mw": 2, "max_mw": 30, "pue": 1.25},
        "limits": {},
    }
    return Draft(rng, pd.concat([substations, top], ignore_index=True), places, keys)


def _boxes(areas: list[tuple[float, float, float, float]]) -> dict[str, Any]:
    features = []
    for west, south, east, north in areas:
        ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {}, "geometry": geometry})
    return {"type": "FeatureCollection", "features": features}


def too_little_headroom(one: Draft) -> None:
    part = one.rng.uniform(0.05, 0.2, SITES) * one.asked_mw
    one.substations.loc[: SITES - 1, "headroom_mw"] = part.round(2)


def too_little_above(one: Draft) -> None:
    one.substations.loc[SITES, "headroom_mw"] = round(0.3 * one.asked_mw, 2)
    one.substations.loc[3:4, "headroom_mw"] = (one.rng.uniform(0.1, 0.3, 2) * one.asked_mw).round(2)


def sites_too_small(one: Draft) -> None:
    one.keys["sites"]["max_mw"] = round(one.rng.uniform(0.1, 0.19) * one.asked_mw, 2)


def too_little_capital(one: Draft) -> None:
    one.keys["limits"]["budget_mn"] = round(one.rng.uniform(0.5, 2) * one.asked_mw, 1)


def too_few_sites(one: Draft) -> None:
    one.keys["sites"]["max_mw"] = round(0.35 * one.asked_mw, 2)
    one.keys["limits"]["max_sites"] = 1 + int(one.rng.integers(0, 2))


def too_few_of_a_kind(one: Draft) -> None:
    one.substations["state"] = ["E", "E", "W", "E", "W", ""]
    one.keys["sites"]["max_mw"] = round(0.3 * one.asked_mw, 2)
    one.keys["limits"]["max_sites_by"] = {"state": 1}


def too_far_apart(one: Draft) -> None:
    one.keys["sites"]["max_mw"] = round(0.3 * one.asked_mw, 2)
    one.keys["limits"]["separation_km"] = round(float(one.rng.uniform(30, 60)), 1)


def ruled_out(one: Draft) -> None:
    one.keys["sites"]["max_mw"] = round(0.3 * one.asked_mw, 2)
    one.keys["limits"]["forbid"] = ["s1", "s3"]


def in_an_area(one: Draft) -> None:
    """Exclude all sites but those in the north-east, where there is at least one."""
    one.substations.loc[0, ["lat", "lon"]] = (52.4, 0.6)
    one.keys["sites"]["max_mw"] = round(0.3 * one.asked_mw, 2)
    one.areas = [(-0.1, 51.9, 0.4, 52.6), (0.4, 51.9, 0.9, 52.3)]
    one.keys["exclude"] = [{"path": "areas.geojson", "reason": "protected"}]


def bound_too_tight(one: Draft) -> None:
    one.keys["services"]["chat"]["rtt_ms"] = round(float(one.rng.uniform(0.68, 0.8)), 3)


def too_much_demand(one: Draft) -> None:
    one.keys["services"]["chat"]["kw_it_per_1000_people"] = int(one.rng.integers(40, 70))


def modules_too_small(one: Draft) -> None:
    one.keys["sites"] |= {"modules_mw": [1, 3], "max_mw": 4}


def both_promised(one: Draft) -> None:
    """Promise both classes, both too far from the sites there are."""
    one.substations["lat"] += 0.9
    del one.keys["services"]["bulk"]["unserved_mn_per_mw_yr"]
    one.keys["services"]["chat"]["rtt_ms"] = 1.1
    one.keys["services"]["bulk"]["rtt_ms"] = 1.3


CAUSES: dict[str, tuple[Callable[[Draft], None], ...]] = {
    "headroom": (too_little_headroom,),
    "above": (too_little_above,),
    "sizes": (sites_too_small,),
    "modules": (modules_too_small,),
    "budget": (too_little_capital,),
    "count": (too_few_sites,),
    "count of a kind": (too_few_of_a_kind,),
    "apart": (too_far_apart,),
    "ruled out": (ruled_out,),
    "area": (in_an_area,),
    "bound": (bound_too_tight,),
    "demand": (too_much_demand,),
    "both promised": (both_promised,),
    "headroom, budget": (too_little_headroom, too_little_capital),
    "bound, above": (bound_too_tight, too_little_above),
    "count, headroom": (too_few_sites, too_little_headroom),
}


def short_scenario(cause: str, seed: int, folder: Path) -> Path:
    """Write one that has no plan for such a cause, or at times has one; give its file."""
    one = draft(np.random.default_rng(seed))
    for makes_short in CAUSES[cause]:
        makes_short(one)
    return one.write(folder)
