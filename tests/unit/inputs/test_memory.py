"""Tables that would not fit into memory are refused before they are read."""

import zipfile

import geopandas
import pandas as pd
import pytest

from microdc.errors import InputError, UsageError
from microdc.inputs.read import read_region
from microdc.inputs.tables.forms.memory import (
    ALWAYS,
    OF_A_BYTE,
    OF_A_CELL,
    OF_A_ROW,
    memory_bytes,
    needed,
)

TABLE = pd.DataFrame({"id": [f"s{n:04}" for n in range(1000)], "lat": 51.5, "lon": -1.5})


@pytest.fixture
def file(tmp_path):
    """Write a thousand rows of three columns to a file of some kind."""

    def write(name):
        path, points = tmp_path / name, geopandas.points_from_xy(TABLE["lon"], TABLE["lat"])
        placed = geopandas.GeoDataFrame(TABLE, geometry=points, crs=4326)
        if path.suffix == ".csv":
            TABLE.to_csv(path, index=False)
        elif path.suffix == ".parquet":
            TABLE.to_parquet(path)
        elif path.suffix == ".zip":
            placed.to_file(tmp_path / "s.shp")
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                for part in sorted(tmp_path.glob("s.*")):
                    if part != path:
                        archive.write(part, part.name)
        else:
            placed.to_file(path)
        return path

    return write


@pytest.mark.parametrize("name", ["s.csv", "s.parquet", "s.gpkg", "s.geojson", "s.shp", "s.zip"])
def test_rows_and_columns_are_told_without_reading(file, name):
    need = needed(file(name))
    assert need.rows == pytest.approx(1000, abs=5)
    assert need.columns == 3


def test_memory_is_counted_by_row_cell_and_byte(file):
    path = file("s.csv")
    rows, size = 1001, path.stat().st_size  # the header is taken for a row
    expected = rows * OF_A_ROW + 3 * rows * OF_A_CELL + size * OF_A_BYTE
    assert needed(path).bytes == expected


def test_a_zip_counts_as_large_as_it_unpacks(file):
    assert needed(file("s.zip")).bytes == needed(file("s.shp")).bytes


@pytest.mark.parametrize("name", ["none.csv", "bad.parquet", "bad.gpkg", "bad.zip", "bad.xlsx"])
def test_what_cannot_be_read_is_left_to_its_reader(tmp_path, name):
    (tmp_path / f"bad{(tmp_path / name).suffix}").write_bytes(b"nothing of the kind")
    assert needed(tmp_path / name) is None


def test_tables_beyond_memory_are_refused_by_the_largest_with_what_to_do(scenario_of, monkeypatch):
    scenario = scenario_of("id,lat,lon,headroom_mw\n" + "a,51,-1,5\n" * 30_000)
    monkeypatch.setenv("MICRODC_MEMORY_GB", "0.13")
    with pytest.raises(InputError) as caught:
        read_region(scenario)
    (fault,) = caught.value.faults
    assert fault.file == "substations.csv"
    assert fault.says == "would not fit into memory"
    assert "about 30,001 rows x 4 columns" in fault.found
    assert fault.allowed.startswith("0.13 GB: ")
    assert "MICRODC_MEMORY_GB" in fault.allowed


def test_memory_is_four_gigabytes_unless_the_machine_says_otherwise(monkeypatch):
    monkeypatch.delenv("MICRODC_MEMORY_GB", raising=False)
    assert memory_bytes() == 4e9
    monkeypatch.setenv("MICRODC_MEMORY_GB", "16")
    assert memory_bytes() == 16e9 > ALWAYS


@pytest.mark.parametrize("stated", ["much", "0", "-1", "nan", "inf"])
def test_memory_that_is_no_number_is_a_wrong_use(monkeypatch, stated):
    monkeypatch.setenv("MICRODC_MEMORY_GB", stated)
    with pytest.raises(UsageError, match="no number of gigabytes"):
        memory_bytes()
