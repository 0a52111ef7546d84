"""
Build `microdc/report/page/assets/outlines.json`: the land that maps in reports are drawn on.

    python data/build_outlines.py [--downloads FOLDER]

Downloads `world-atlas` and `us-atlas` by name with npm, refuses any that differ from the ones it
was written for, and writes the countries of the world and the contiguous United States with borders
simplified, as TopoJSON: a border is one line, so neighbours still meet. The same packages and
library versions give the same bytes. Origin and licences are in `data/README.md`.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import shapely

OUT = Path(__file__).parent.parent / "microdc/report/page/assets/outlines.json"
PACKAGES = {  # name and version: sha256 of the archive, file in it, object, tolerance in degrees
    "world-atlas@2.0.2": (
        "032e7765f2ce00edaeafec23ff22bc3b77e42987c257da944cc585b452c05b97",
        ("countries-50m.json", "countries", 0.06),
    ),
    "us-atlas@3.0.1": (
        "e6daba1800885868303ad3549da62f85a557b8142bb72629ec15651de62f9c5d",
        ("states-10m.json", "states", 0.02),
    ),
}
STEPS_PER_DEGREE = 100
"""A step is about 1 km: borders are drawn, not measured."""
SMALLEST_RING_DEG2 = 0.01
"""Islands smaller than this (about 100 km2) are left out."""
UNITED_STATES = "840"  # ISO 3166-1
NOT_CONTIGUOUS = {"02", "15", "60", "66", "69", "72", "78"}  # FIPS: Alaska, Hawaii, territories


def main() -> None:
    """Download, simplify and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--downloads", type=Path, help="folder that keeps the two archives")
    kept = parser.parse_args().downloads
    with tempfile.TemporaryDirectory() as scratch:
        folder = kept or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        countries, states = (
            outlines(download(package, sha256, folder), *source)
            for package, (sha256, source) in PACKAGES.items()
        )
    layers = {"steps_per_degree": STEPS_PER_DEGREE, **countries, **states}
    OUT.write_text(json.dumps(layers, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{OUT.stat().st_size:,} bytes, sha256 {hashlib.sha256(OUT.read_bytes()).hexdigest()}")


def download(package: str, sha256: str, folder: Path) -> Path:
    """Give the archive of a package, checked."""
    name, _, version = package.partition("@")
    archive = folder / f"{name}-{version}.tgz"
    if not archive.exists():
        npm = ["npm", "pack", "--silent", "--pack-destination", str(folder), package]
        subprocess.run(npm, check=True, stdout=subprocess.DEVNULL)
    if hashlib.sha256(archive.read_bytes()).hexdigest() != sha256:
        sys.exit(f"{archive} is not the one that this was written for")
    return archive


def outlines(archive: Path, file: str, name: str, tolerance_deg: float) -> dict[str, Any]:
    """
    Give one object of a TopoJSON file as layers: arcs in steps, and the rings that they make.

    What the states cover is a layer of its own, `covered`: their own borders are drawn there.
    """
    with tarfile.open(archive) as packed:
        content = packed.extractfile(f"package/{file}")
        assert content is not None
        topology = json.loads(content.read())
    lines = arcs_of(topology, tolerance_deg)
    shapes = topology["objects"][name]["geometries"]
    if name == "states":
        kept = [shape for shape in shapes if shape["id"] not in NOT_CONTIGUOUS]
        return {name: layer(kept, lines)}
    home = [ring for shape in shapes if is_home(shape) for ring in outer_rings(shape)]
    covered = max(home, key=partial(area, lines))
    rest = [shape for shape in shapes if not is_home(shape)]
    rest.append({"type": "MultiPolygon", "arcs": [[ring] for ring in home if ring is not covered]})
    return {
        name: layer(rest, lines),
        "covered": layer([{"type": "Polygon", "arcs": [covered]}], lines),
    }


def is_home(shape: dict[str, Any]) -> bool:
    """Whether a country is the one whose states are drawn."""
    return shape.get("id") == UNITED_STATES


def layer(shapes: list[dict[str, Any]], lines: list[np.ndarray]) -> dict[str, Any]:
    """Give the rings of some shapes that are worth drawing, with the arcs that they need."""
    every = (ring for shape in shapes for ring in outer_rings(shape))
    rings = [ring for ring in every if area(lines, ring) >= SMALLEST_RING_DEG2]
    used = sorted({arc if arc >= 0 else ~arc for ring in rings for arc in ring})
    place = {arc: k for k, arc in enumerate(used)}
    return {
        "arcs": [in_steps(lines[arc]) for arc in used],
        "rings": [[place[arc] if arc >= 0 else ~place[~arc] for arc in ring] for ring in rings],
    }


def arcs_of(topology: dict[str, Any], tolerance_deg: float) -> list[np.ndarray]:
    """Give every arc, simplified (degrees)."""
    scale, origin = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    whole = (np.cumsum(arc, axis=0) * scale + origin for arc in topology["arcs"])
    return [shapely.get_coordinates(shapely.LineString(a).simplify(tolerance_deg)) for a in whole]


def outer_rings(shape: dict[str, Any]) -> list[list[int]]:
    """Give the outer rings of a shape; what is within them is another shape, or a lake."""
    if shape["type"] is None:
        return []
    parts = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
    return [part[0] for part in parts]


def area(lines: list[np.ndarray], ring: list[int]) -> float:
    """Give what a ring encloses (square degrees); nothing where simplification closed it."""
    along = np.concatenate([lines[arc] if arc >= 0 else lines[~arc][::-1] for arc in ring])
    return float(shapely.Polygon(along).area) if len(along) >= 4 else 0.0


def in_steps(line: np.ndarray) -> list[int]:
    """Give a line as whole steps, longitude and latitude in turn, each from the point before."""
    steps = np.rint(line * STEPS_PER_DEGREE).astype(int)
    return np.diff(steps, axis=0, prepend=0).ravel().tolist()


if __name__ == "__main__":
    main()
