"""The fleets of a batch on one map, and how often each site is in them."""

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from microdc.batch.summary.told import Record, Told
from microdc.report.geojson import feature, point, position

_DIGITS = 6  # decimals of a degree, as on maps: sites of one id elsewhere are other sites


def credits_of(told: Sequence[Told]) -> list[str]:
    """Give whom any of the maps must name, each once."""
    return list(dict.fromkeys(c for one in told if one.fleet for c in one.fleet.attributions))


def fleet_features(told: Sequence[Told]) -> Iterator[dict[str, Any]]:
    """Give every site of every plan as a point that knows its scenario, and what that varies."""
    for one in told:
        for site in one.fleet.sites if one.fleet else ():
            known = {key: value for key, value in site.items() if key not in ("lat", "lon")}
            of_scenario = {"scenario": one.name, "status": str(one.result.status), **one.varied}
            key = f"{one.name}/{site['id']}"
            yield feature(key, point(position(site)), {**of_scenario, **known})


def sites_table(told: Sequence[Told]) -> pd.DataFrame:
    """
    Give a row per site that is in any plan, those in most plans first.

    `id`, `name`, `lat`, `lon`, `existing_mw` (the most that stands there in any), in how many
    `plans`, their `share` of all plans, `in_all`, and `least_mw`, `mean_mw` and `largest_mw` of the
    plans that have it (grid side).
    """
    plans = sum(one.fleet is not None for one in told)
    rows = [_kept(site) for one in told if one.fleet for site in one.fleet.sites]
    columns = ["id", "name", "lat", "lon", "mw", "existing_mw"]
    every = pd.DataFrame(rows, columns=columns)
    sizes = every.groupby(["id", "lat", "lon"], sort=False, as_index=False)
    sites = sizes.agg(
        name=("name", "first"),
        existing_mw=("existing_mw", "max"),
        plans=("mw", "size"),
        least_mw=("mw", "min"),
        mean_mw=("mw", "mean"),
        largest_mw=("mw", "max"),
    )
    sites = sites.assign(share=sites["plans"] / max(1, plans), in_all=sites["plans"] == plans)
    first = ["id", "name", "lat", "lon", "existing_mw", "plans", "share", "in_all"]
    ordered = sites[[*first, "least_mw", "mean_mw", "largest_mw"]]
    return ordered.sort_values(["plans", "id"], ascending=[False, True], ignore_index=True)


def _kept(site: Record) -> list[Any]:
    lon, lat = (round(float(site[axis]), _DIGITS) for axis in ("lon", "lat"))
    return [site["id"], site["name"], lat, lon, float(site["mw"]), float(site["existing_mw"] or 0)]
