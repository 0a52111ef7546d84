"""Promises on excluded areas: no site stands in one, and whoever does is told why."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyproj
import shapely

from microdc.inputs.land.shapes import Shapes, read_shapes
from microdc.inputs.tables.findings import Findings
from microdc.placement.verify.facts import POWER_MW, Facts, Floats, Promise, name_of, told

_EARTH = pyproj.Geod(ellps="WGS84")
_MILLIMETRE_KM = 1e-6
_EDGE_KM = 3.0  # with a margin: edges are read at most 1.2 km long


def sites_outside_excluded_areas(facts: Facts) -> list[str]:
    """Nothing is added in an excluded area, or nearer to it than its buffer."""
    return told(_too_near(facts))


def _too_near(facts: Facts) -> Iterator[str]:
    rows = facts.substations.loc[facts.sites.index[facts.sites["grown_mw"] > POWER_MW]]
    for exclusion in facts.scenario.exclude:
        name, path = Path(exclusion.path).as_posix(), facts.scenario.folder / exclusion.path
        read = read_shapes(path, name, Findings())
        for site, lat, lon in zip(rows.index, rows["lat"], rows["lon"], strict=True):
            km = _away_km(read[1], lat, lon, exclusion.buffer_km) if read else np.inf
            if km <= max(0.0, exclusion.buffer_km - _MILLIMETRE_KM):
                yield (
                    f"{name_of(facts, site)}: a site {km:.3f} km from {name} "
                    f"({exclusion.reason}), {exclusion.buffer_km:g} km are to be kept"
                )


def _away_km(shapes: Shapes, lat: float, lon: float, buffer_km: float) -> float:
    """
    Give how far a site is from the nearest shape: 0 inside, infinity where clearly further.

    Every corner is measured along the geodesic; between two near corners, on the plane that
    distance and azimuth from the site span.
    """
    if shapely.intersects_xy(shapes, lon, lat).any():
        return 0.0
    corners, part = _corners(shapes)
    azimuth, _, metres = _EARTH.inv(
        np.full(len(corners), lon), np.full(len(corners), lat), corners[:, 0], corners[:, 1]
    )
    km, towards = np.asarray(metres) / 1000, np.radians(azimuth)
    plane = np.column_stack([km * np.sin(towards), km * np.cos(towards)])
    near = km <= buffer_km + _EDGE_KM
    edge = np.flatnonzero(near[:-1] & near[1:] & (part[:-1] == part[1:]))
    return min(float(km.min(initial=np.inf)), _to_edges(plane[edge], plane[edge + 1]))


def _corners(shapes: Shapes) -> tuple[Floats, Floats]:
    """Give the corners of all rings, lines and points, and which of those each belongs to."""
    parts = shapely.get_parts(shapely.get_parts(shapes))
    is_area = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    lines = np.concatenate([shapely.get_rings(parts[is_area]), parts[~is_area]])
    corners, part = shapely.get_coordinates(lines, return_index=True)
    return corners, part


def _to_edges(start: Floats, end: Floats) -> float:
    """Give the least distance from the origin to some edges (km); infinity without any."""
    along = end - start
    length = (along**2).sum(axis=1)
    share = -(start * along).sum(axis=1) / np.where(length > 0, length, 1.0)
    foot = start + np.clip(share, 0, 1)[:, None] * along
    return float(np.sqrt((foot**2).sum(axis=1)).min(initial=np.inf))


def excluded_as_they_are(facts: Facts) -> list[str]:
    """The plan names every candidate that is excluded, with the reason, and no other."""
    rows = facts.substations[facts.substations["excluded"].notna()]
    true = sorted(zip(rows.index, rows["name"], rows["excluded"], strict=True))
    stated = sorted((row.id, row.name, row.reason) for row in facts.document.excluded)
    if true == stated:
        return []
    missing = (f"not told: {i} is excluded ({why})" for i, _, why in true if i not in
               {row[0] for row in stated})  # fmt: skip
    odd = (f"told as excluded, but not so: {', '.join(row)}" for row in stated if row not in true)
    return [*told(missing), *told(odd)] or ["an excluded candidate is told twice"]


PROMISES: tuple[Promise, ...] = (sites_outside_excluded_areas, excluded_as_they_are)
