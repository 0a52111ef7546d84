"""Candidates that may not be sites because of where they stand, and why."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray

from microdc.errors import Fault
from microdc.inputs.land.shapes import Shapes, read_shapes, without_inside
from microdc.inputs.region import SourceRecord
from microdc.inputs.tables.findings import Findings, listed
from microdc.scenario import Exclusion, Scenario

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

_EARTH = pyproj.Geod(ellps="WGS84")
_KM_PER_DEGREE = 110.5  # of latitude, where a degree is shortest
_LEAST_COSINE = 0.01  # within half a degree of a pole everything is looked at


def excluded_of(
    scenario: Scenario, substations: pd.DataFrame, findings: Findings
) -> tuple["pd.Series[Any]", list[SourceRecord]]:
    """
    Give why each candidate is excluded (text; None: it is not), and the files that say so.

    Reasons stand in the scenario's order, joined by `; ` where several apply. Rows that are no
    candidates have none. An existing site that is excluded stays, but is no candidate to grow.
    """
    reasons: list[list[str]] = [[] for _ in substations.index]  # by row: ids may be there twice
    rows = np.flatnonzero(substations["candidate"].to_numpy(bool))
    candidates = substations.iloc[rows]
    records = []
    for exclusion in scenario.exclude:
        name = Path(exclusion.path).as_posix()
        read = read_shapes(scenario.folder / exclusion.path, name, findings)
        if read is None:
            continue
        raw, shapes = read
        _note_without_inside(shapes, exclusion, name, findings)
        records.append(SourceRecord.of(raw, exclusion, scenario))
        near = within_km(shapes, candidates, exclusion.buffer_km)
        for row in rows[near]:
            if exclusion.reason not in reasons[row]:
                reasons[row].append(exclusion.reason)
        _tell(exclusion, name, candidates[near], findings)
    told = ["; ".join(why) or None for why in reasons]
    excluded = pd.Series(told, index=substations.index, dtype=object)
    existing = substations["existing_mw"].to_numpy() > 0
    if len(rows) and excluded.iloc[rows].notna().all() and not existing.any():
        says = "leaves no candidate: every one is excluded"
        findings.fault(Fault(file=scenario.path.name, at="exclude", says=says))
    return excluded, records


def within_km(shapes: Shapes, places: pd.DataFrame, km: float) -> Mask:
    """
    Tell which places (`lat`, `lon`, degrees) lie in or within some km of any shape.

    Distance is geodesic: the shapes near a place are laid out around it by distance and azimuth
    (the azimuthal equidistant projection centred there), where the distance from the centre is
    that on the ground. `shapes` are in degrees, their edges a kilometre or so at most.
    """
    lat, lon = places["lat"].to_numpy(float), places["lon"].to_numpy(float)
    tree = shapely.STRtree(shapes)
    near = np.zeros(len(places), dtype=bool)
    near[tree.query(shapely.points(lon, lat), predicate="intersects")[0]] = True
    if km == 0:
        return near
    high = km / _KM_PER_DEGREE
    cosine = np.cos(np.radians(np.minimum(np.abs(lat) + high, 90)))
    wide = high / np.maximum(cosine, _LEAST_COSINE)
    for turn in (0.0, 360.0, -360.0):  # across the antimeridian
        boxes = shapely.box(lon + turn - wide, lat - high, lon + turn + wide, lat + high)
        for place, which in np.transpose(tree.query(boxes, predicate="intersects")):
            if not near[place]:
                part = shapely.intersection(shapes[which], boxes[place])
                near[place] = _away_km(part, lat[place], lon[place]) <= km
    return near


def _away_km(part: Any, lat: float, lon: float) -> float:
    """Give how far a shape is from a place (km)."""

    def around(xy: Floats) -> Floats:
        start = np.full(len(xy), lon), np.full(len(xy), lat)
        azimuth, _, metres = _EARTH.inv(*start, xy[:, 0], xy[:, 1])
        towards = np.radians(azimuth)
        laid: Floats = np.column_stack([np.sin(towards), np.cos(towards)]) * metres[:, None]
        return laid

    return float(shapely.distance(shapely.transform(part, around), shapely.Point(0, 0))) / 1000


def _note_without_inside(
    shapes: Shapes, exclusion: Exclusion, name: str, findings: Findings
) -> None:
    """Refuse points and lines that exclude nothing because they have neither inside nor buffer."""
    flat = without_inside(shapes)
    if exclusion.buffer_km == 0 and len(flat):
        findings.fault(
            Fault(
                file=name,
                says=f"{len(flat):,} shape(s) have no inside and exclude nothing",
                found=str(flat[0].geom_type),
                allowed="polygons, or state buffer_km",
            )
        )


def _tell(exclusion: Exclusion, name: str, near: pd.DataFrame, findings: Findings) -> None:
    within = f"in or within {exclusion.buffer_km:g} km of" if exclusion.buffer_km else "in"
    existing = near["existing_mw"] > 0
    for count, what, ids in (
        ("candidate(s)", "cannot be sites", near.index[~existing]),
        ("existing site(s)", "stay, but cannot grow", near.index[existing]),
    ):
        if len(ids):
            text = f"{len(ids):,} {count} {within} its shapes {what} ({exclusion.reason})"
            findings.warn(f"{name}: {text}: {listed(ids)}")
    if near.empty:
        findings.warn(f"{name}: no candidate lies {within} its shapes ({exclusion.reason})")
