"""A plan for any GIS, as RFC 7946 has it: WGS 84, longitude first, nothing but features."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from microdc.placement.parts.records import records
from microdc.placement.plan import Plan

_DIGITS = 6  # decimals of a degree: a tenth of a metre, as RFC 7946 section 11.2 advises


def write_geojson(plan: Plan, folder: Path) -> list[Path]:
    """
    Write `sites.geojson`, `service.geojson` and, where there are hubs, `hubs.geojson`.

    Sites are points with MW, load, utilisation, itemised cost and round trips; hubs with what is
    reserved there. Service is a line from place to site or hub with MW IT and round trip, and a
    point where demand stays unserved. Gives the paths of the files.
    """
    return write_layers(features_of(plan), folder, plan.attributions)


def features_of(plan: Plan) -> dict[str, Iterable[dict[str, Any]]]:
    """Give the features of each layer of a plan, as `write_geojson` writes them."""
    layers: dict[str, Iterable[dict[str, Any]]] = {
        "sites": map(_site, records(plan.sites.reset_index())),
        "service": _service(plan),
    }
    if len(plan.hubs):
        layers["hubs"] = map(_placed, records(plan.hubs.reset_index()))
    return layers


def write_layers(
    layers: Mapping[str, Iterable[dict[str, Any]]], folder: Path, credits: Iterable[str]
) -> list[Path]:
    """Write a file for each layer, named as it is; give their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    credited = list(credits)
    return [
        write_features(folder / f"{name}.geojson", features, credited)
        for name, features in layers.items()
    ]


def write_points(rows: Iterable[dict[str, Any]], attributions: Iterable[str], path: Path) -> Path:
    """Write rows that have `id`, `lat` and `lon` as points, with all else that they state."""
    return write_features(path, map(_placed, rows), attributions)


def _site(row: dict[str, Any]) -> dict[str, Any]:
    cost_mn_yr = sum(row[key] for key in row if key.endswith("_mn_yr"))
    known = {key: value for key, value in row.items() if key not in ("lat", "lon", "parents")}
    known |= {"cost_mn_yr": cost_mn_yr, "parents": ", ".join(row["parents"])}
    return feature(row["id"], point(position(row)), known)


def _placed(row: dict[str, Any]) -> dict[str, Any]:
    known = {key: value for key, value in row.items() if key not in ("lat", "lon")}
    return feature(row["id"], point(position(row)), known)


def _service(plan: Plan) -> Iterable[dict[str, Any]]:
    sites = dict(zip(plan.hosts.index, records(plan.hosts), strict=True))
    for number, row in enumerate(records(plan.service)):
        site = sites.get(row["site"])
        known = {
            "place": row["place"],
            "place_name": row["name"],
            "service": row["service"],
            "site": row["site"],
            "site_name": site["name"] if site else None,
            "served": site is not None,
            "mw_it": row["mw_it"],
            "rtt_ms": row["rtt_ms"],
        }
        here = position(row)
        yield feature(number, path_between(here, position(site)) if site else point(here), known)


def point(at: list[float]) -> dict[str, Any]:
    """Give the geometry of a position."""
    return {"type": "Point", "coordinates": at}


def path_between(here: list[float], there: list[float]) -> dict[str, Any]:
    """Give a line, or two where the short way crosses the antimeridian (RFC 7946, 3.1.9)."""
    if abs(here[0] - there[0]) <= 180:
        return {"type": "LineString", "coordinates": [here, there]}
    edge = 180.0 if here[0] > 0 else -180.0
    east = there[0] + 2 * edge  # the site as seen without a seam
    share = (edge - here[0]) / (east - here[0]) if east != here[0] else 0.0
    lat = round(here[1] + share * (there[1] - here[1]), _DIGITS)
    return {
        "type": "MultiLineString",
        "coordinates": [[here, [edge, lat]], [[-edge, lat], there]],
    }


def position(row: Mapping[str, Any]) -> list[float]:
    """Give where a row lies (`lat`, `lon`), longitude first."""
    return [round(float(row["lon"]), _DIGITS), round(float(row["lat"]), _DIGITS)]


def feature(key: object, geometry: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """Give a feature by its id, its geometry and what is known of it."""
    return {"type": "Feature", "id": key, "geometry": geometry, "properties": known}


def write_features(path: Path, features: Iterable[dict[str, Any]], credits: Iterable[str]) -> Path:
    """Write a feature a line, so that plans compare in version control; sources come first."""
    lines = [json.dumps(feature, ensure_ascii=False, allow_nan=False) for feature in features]
    body = ",\n".join(lines)
    credited = json.dumps(list(credits), ensure_ascii=False)  # a foreign member, section 6.1
    head = f'"type": "FeatureCollection", "attributions": {credited}'
    text = f'{{{head}, "features": [\n{body}\n]}}\n'
    path.write_text(text, encoding="utf-8")
    return path
