"""Zones that are out as a whole, such as the track of a storm, and who stands in which."""

from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from microdc.errors import Fault
from microdc.inputs.land.shapes import Shapes, read_shapes, rows_with_shapes, without_inside
from microdc.inputs.region import SourceRecord, no_zones
from microdc.inputs.tables.cells import Texts, blank_texts, texts
from microdc.inputs.tables.files import RawTable
from microdc.inputs.tables.findings import Findings, listed, nearest
from microdc.scenario import Scenario

NAMED_BY = ("id", "name")
"""Attributes that name a zone, whatever their case; the first one that is not blank counts."""


def zones_of(
    scenario: Scenario, substations: pd.DataFrame, hubs: pd.DataFrame, findings: Findings
) -> tuple[pd.DataFrame, list[SourceRecord]]:
    """
    Give who stands in which zone, as `Region.zones` says, and the files that the zones come from.

    Polygons of one name are one zone, but not those of two files. Whoever stands on the edge is
    inside. A zone in which nobody stands is told.
    """
    hosts = _hosts(substations, hubs)
    records, members = [], [no_zones()]
    named: dict[str, str] = {}
    for source in scenario.zones:
        name = Path(source.path).as_posix()
        read = read_shapes(scenario.folder / source.path, name, findings)
        if read is None:
            continue
        raw, shapes = read
        records.append(SourceRecord.of(raw, source, scenario))
        zones = _names(raw, name, findings)
        _note_without_inside(shapes, name, findings)
        _note_other_files(zones, named, name, findings)
        inside = _inside(shapes, zones, hosts)
        _tell_empty(zones, inside, name, findings)
        named |= dict.fromkeys(zones, name)
        members.append(inside)
    table = pd.concat(members).drop_duplicates().sort_values(["zone", "host"])
    return table.reset_index(drop=True), records


def _hosts(substations: pd.DataFrame, hubs: pd.DataFrame) -> pd.DataFrame:
    """Give `lat` and `lon` of all who may be a site, or are one, as far as they are known."""
    may_be = substations["candidate"] | (substations["existing_mw"] > 0)
    position = ["lat", "lon"]
    return pd.concat([substations.loc[may_be, position], hubs[position]]).dropna()


def _names(raw: RawTable, name: str, findings: Findings) -> Texts:
    """Give the name of each shape's zone; '' where there is none, which is a fault."""
    rows = rows_with_shapes(raw)
    columns = {str(column).casefold(): column for column in reversed(rows.columns)}
    known = [columns[word] for word in NAMED_BY if word in columns]
    zones = np.full(len(rows), "", dtype=object)
    allowed = " or ".join(NAMED_BY)
    if not known:
        found = listed(map(str, rows.columns)) or "none"
        near = next(filter(None, (nearest(word, map(str, rows.columns)) for word in NAMED_BY)), "")
        says, allowed = "has no attribute that names its zones", f"an attribute {allowed}"
        findings.fault(Fault(file=name, says=says, found=found, allowed=allowed, nearest=near))
        return zones
    for column in known:
        cells = texts(rows[column])
        zones = np.where((zones == "") & ~blank_texts(cells), cells, zones)
    for row in rows.index[zones == ""]:
        at, says = f"{raw.word} {row}", "names no zone"
        findings.fault(Fault(file=name, at=at, column=str(known[0]), says=says, allowed=allowed))
    return zones


def _note_without_inside(shapes: Shapes, name: str, findings: Findings) -> None:
    """Refuse points and lines, in which nobody can stand."""
    flat = without_inside(shapes)
    if len(flat):
        says, found = f"{len(flat):,} shape(s) have no inside", str(flat[0].geom_type)
        findings.fault(Fault(file=name, says=says, found=found, allowed="polygons"))


def _note_other_files(zones: Texts, before: dict[str, str], name: str, findings: Findings) -> None:
    """Refuse a zone that another file has as well: by chance, more likely than on purpose."""
    for zone in sorted(set(zones) & set(before) - {""}):
        findings.fault(
            Fault(
                file=name,
                at=f"zone {zone}",
                says=f"is in {before[zone]} as well",
                allowed="zones whose polygons stand in one file",
            )
        )


def _inside(shapes: Shapes, zones: Texts, hosts: pd.DataFrame) -> pd.DataFrame:
    points = shapely.points(hosts["lon"].to_numpy(float), hosts["lat"].to_numpy(float))
    point, shape = shapely.STRtree(shapes).query(points, predicate="intersects")
    return pd.DataFrame({"zone": zones[shape], "host": hosts.index.to_numpy(object)[point]})


def _tell_empty(zones: Texts, inside: pd.DataFrame, name: str, findings: Findings) -> None:
    empty = sorted(set(zones) - set(inside["zone"]) - {""})
    if empty:
        text = f"{len(empty):,} zone(s) hold no candidate, existing site or hub"
        findings.warn(f"{name}: {text}: {listed(empty)}")
