"""Files that GDAL reads, GeoPackage and Shapefile, once they are known to be what they say."""

import zipfile
from pathlib import Path

import pyogrio

from microdc.inputs.tables.findings import listed, refused

SIDECARS = (".shp", ".dbf", ".shx", ".prj", ".cpg")
"""The files that make up one shapefile."""

FIRST_BYTES = {
    ".gpkg": b"SQLite format 3\x00",
    ".shp": b"\x00\x00\x27\x0a",
    ".zip": b"PK\x03\x04",
}
"""How a file of each kind begins. GDAL goes by content, and some contents make it go elsewhere."""


def only_layer(path: Path, name: str) -> str:
    """
    Give what GDAL is to open: a genuine file of one layer; of a .zip, the .shp in it.

    Raises InputError for a file that is not what its ending says, or has several layers.
    """
    ending, inside = path.suffix.casefold(), str(path)
    with path.open("rb") as file:
        genuine = file.read(16).startswith(FIRST_BYTES[ending])
    if genuine and ending == ".zip":
        with zipfile.ZipFile(path) as archive:
            shapes = [member for member in archive.namelist() if member.endswith(".shp")]
            genuine = len(shapes) == 1 and archive.open(shapes[0]).read(4) == FIRST_BYTES[".shp"]
        inside = f"/vsizip/{path.as_posix()}/{shapes[0]}" if genuine else ""
    if not genuine:
        allowed = "one shapefile in a .zip" if ending == ".zip" else f"a genuine {ending} file"
        raise refused(name, "is not what its ending says", allowed=allowed)
    layers = [str(layer) for layer, _ in pyogrio.list_layers(inside)]
    if len(layers) != 1:
        says = f"has {len(layers)} layers"
        raise refused(name, says, found=listed(layers), allowed="one layer in a file")
    return inside


def parts(path: Path) -> list[Path]:
    """List the files that make up a table: of a shapefile its parts, else the file itself."""
    if path.suffix.casefold() != SIDECARS[0] or not path.parent.is_dir():
        return [path]
    alike = [file for file in sorted(path.parent.iterdir()) if file.stem == path.stem]
    by_ending = [
        file for suffix in SIDECARS for file in alike if file.suffix.casefold() == suffix
    ]  # GDAL finds B.DBF beside b.shp's like, whatever the case of the ending
    return [part for part in by_ending if part.is_file()] or [path]
