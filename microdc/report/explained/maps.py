"""Bottlenecks as areas and points for any GIS, and the files of an explanation."""

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import shapely
from shapely import affinity

from microdc.errors import UsageError
from microdc.report.geojson import feature, point, position, write_features

DOCUMENT, LAYER = "explanation.json", "bottlenecks.geojson"

_MARGIN_KM = 5.0  # around the outermost places and sites
_KM_PER_DEGREE = 111.2
_DIGITS = 6


def write_explanation(document: dict[str, Any], folder: Path) -> list[Path]:
    """
    Write `explanation.json` and `bottlenecks.geojson`, each swapped in whole.

    The layer holds for each bottleneck the area around its places and the sites in reach, with its
    figures and its sentence, then a point for each of them with its role. Gives the paths; raises
    UsageError where the folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        drafts = {name: folder / f".{name}.part" for name in (DOCUMENT, LAYER)}
        text = json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False)
        drafts[DOCUMENT].write_text(text + "\n", encoding="utf-8")
        features = features_of(document["bottlenecks"])
        write_features(drafts[LAYER], features, document["attributions"])
        return [draft.replace(folder / name) for name, draft in drafts.items()]
    except OSError as error:
        msg = f"{folder} cannot be written: {error.strerror}"
        raise UsageError(msg, hint="name another folder with --out") from None


def features_of(found: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Give the features of bottlenecks: an area, then its places and who is in reach."""
    for number, one in enumerate(found, start=1):
        around = [*one["places"], *one["hosts"]]
        known = {key: one[key] for key in _OF_AN_AREA}
        known["sites"] = sum(host["counts"] for host in one["hosts"])
        for key in ("services", "outages", "hours", "cures"):
            known[key] = ", ".join(one[key])
        known["limits"] = ", ".join(f"{x['kind']} {x['name']}".strip() for x in one["limits"])
        if around:
            yield feature(
                f"{number}", area_around(around), {"bottleneck": number, "role": "area", **known}
            )
        for place in one["places"]:
            told = {"id": place["id"], "name": place["name"], "mw_it": sum(place["mw_it"].values())}
            role = "witness" if place["witness"] else "place"
            properties = {"bottleneck": number, "role": role, **told}
            yield feature(f"{number}-{place['id']}", point(position(place)), properties)
        for host in one["hosts"]:
            told = {key: host[key] for key in ("id", "name", "mw", "limit", "by")}
            role = "site in reach" if host["counts"] else "no site"
            properties = {"bottleneck": number, "role": role, **told}
            yield feature(f"{number}-{host['id']}", point(position(host)), properties)


_OF_AN_AREA = (
    "kind", "sentence", "need_mw_it", "have_mw_it", "short_mw_it", "most_short_mw_it", "unit",
    "exact", "also", "irreducible",
)  # fmt: skip


def area_around(around: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """
    Give the convex hull of positions (`lat`, `lon`) with a margin, as a GeoJSON geometry.

    In two parts across the antimeridian.
    """
    at = [position(one) for one in around]
    longitudes = [lon for lon, _ in at]
    if max(longitudes) - min(longitudes) > 180:  # the short way round
        at = [[lon + 360 if lon < 0 else lon, lat] for lon, lat in at]
    hull = shapely.MultiPoint(at).convex_hull
    lat = max(abs(lat) for _, lat in at)
    wide = _MARGIN_KM / _KM_PER_DEGREE
    stretch = 1 / max(0.05, math.cos(math.radians(min(lat, 89.0))))  # degrees east are shorter
    level = affinity.scale(hull, xfact=1 / stretch, yfact=1.0, origin=(0, 0))
    area = affinity.scale(level.buffer(wide, quad_segs=4), xfact=stretch, yfact=1.0, origin=(0, 0))
    return _mapped(_unwrapped(area))


def _unwrapped(area: Any) -> Any:
    """Cut an area at the antimeridian, and bring what lies beyond it back."""
    parts = []
    for turn in (-360, 0, 360):
        world = shapely.box(-180 + turn, -90, 180 + turn, 90)
        inside = shapely.intersection(area, world)
        if not inside.is_empty:
            parts.append(affinity.translate(inside, xoff=-turn))
    whole = parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
    return shapely.orient_polygons(whole) if hasattr(shapely, "orient_polygons") else whole


def _mapped(area: Any) -> dict[str, Any]:
    rounded = shapely.set_precision(area, 10.0**-_DIGITS)
    geometry: dict[str, Any] = json.loads(shapely.to_geojson(rounded))
    return geometry
