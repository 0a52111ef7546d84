"""CSV files as spreadsheets and people write them, and what is said about how they were read."""

import codecs

import pytest

from microdc.inputs.tables.forms.dates import read_dates

PLAIN = [
    ["id", "name", "lat", "lon", "headroom_mw", "as_of"],
    ["a", "Ärla", "51.5", "-1.25", "12.5", "2026-03-01"],
    ["b", "Börje", "51.25", "-1", "1200", "2026-03-02"],
]


def written(separator=",", decimal=".", thousands=""):
    """Write the plain table in a dialect."""
    rows = []
    for row in PLAIN:
        cells = [c.replace(".", decimal) if c[-1:].isdigit() else c for c in row]
        cells = [f"1{thousands}200" if cell == "1200" else cell for cell in cells]
        rows.append(separator.join(f'"{c}"' if separator in c else c for c in cells))
    return "\n".join(rows) + "\n"


@pytest.fixture
def told(region_of):
    """Give how a table was read, and check that it was read as the plain one."""

    def read(content, **dialect):
        region = region_of(content, source={"dialect": dialect})
        rows = region.substations
        assert rows["name"].to_dict() == {"a": "Ärla", "b": "Börje"}
        assert rows["lat"].to_dict() == {"a": 51.5, "b": 51.25}
        assert rows["lon"].to_dict() == {"a": -1.25, "b": -1}
        assert rows["headroom_mw"].to_dict() == {"a": 12.5, "b": 1200}
        assert rows["as_of"].to_dict() == {"a": "2026-03-01", "b": "2026-03-02"}
        return [warning.removeprefix("substations.csv: ") for warning in region.warnings]

    return read


def test_a_plain_table_is_read_without_a_word(told):
    assert told(written()) == []


@pytest.mark.parametrize(
    ("separator", "word"),
    [
        (",", ""),
        (";", "semicolon-separated, "),
        ("\t", "tab-separated, "),
        ("|", "bar-separated, "),
    ],
)
@pytest.mark.parametrize(
    ("thousands", "name"),
    [("", ""), (".", ", thousands point"), (" ", ", thousands space"),
     ("\u00a0", ", thousands space"), ("'", ", thousands apostrophe"),
     ("’", ", thousands apostrophe")],
)  # fmt: skip
def test_separator_and_marks_are_found_and_said(told, separator, word, thousands, name):
    text = written(separator, ",", thousands)
    assert told(text) == [f"read as: {word}decimal comma{name}"]


def test_points_may_stand_beside_semicolons_and_commas_between_thousands(told):
    assert told(written(";", ".", ",")) == ["read as: semicolon-separated, thousands comma"]


@pytest.mark.parametrize(
    ("encoding", "start", "said"),
    [
        ("utf-8", codecs.BOM_UTF8, []),
        ("cp1252", b"", ["read as: cp1252"]),
        ("utf-16-le", codecs.BOM_UTF16_LE, ["read as: utf-16"]),
        ("utf-16-be", codecs.BOM_UTF16_BE, ["read as: utf-16"]),
    ],
)
def test_the_encoding_is_found_and_said(told, encoding, start, said):
    assert told(start + written().encode(encoding)) == said


def test_utf_16_without_its_mark_is_read_when_stated(told):
    assert told(written().encode("utf-16-le"), encoding="UTF-16") == ["read as: utf-16"]


@pytest.mark.parametrize(
    "title", ["Headroom table", "Headroom table;;;;;", '"A, B, and C"', "sep=;"]
)
def test_title_lines_blank_rows_and_empty_columns_around_a_table_are_passed_over(told, title):
    head, *rows = written(";").splitlines()
    text = "\n".join([title, ";;;", "", f"{head};;;", *(f"{row};;;" for row in rows), ";;"])
    assert told(text) == ["read as: semicolon-separated, header in row 4"]


def test_rows_are_counted_as_a_spreadsheet_shows_them(faults_of):
    text = "Title\n\n" + written().replace("51.25", "north")
    assert "row 5, id b, column lat" in str(faults_of(text)[0])


@pytest.mark.parametrize(
    "footer", ["Total,,,,1212.5,", "Grand total,,,,,", ",,,Sum:,1,", "Note: x,,,,,"]
)
def test_totals_and_notes_at_the_end_are_left_out_and_said(told, footer):
    (warning,) = told(written() + footer + "\n")
    assert warning.startswith("left out as no part of the table: row 4")
    assert "footer_rows: 0" in warning


def test_footers_that_are_stated_are_left_out_without_a_word(told):
    assert told(written() + "whatever,,,,,\nelse,,,,,\n", footer_rows=2) == []


def test_a_total_that_is_a_substation_is_kept_when_stated(region_of):
    text = "id,lat,lon,headroom_mw\na,51,-1,5\nTotal,51,-1.1,6\n"
    region = region_of(text, source={"dialect": {"footer_rows": 0}})
    assert list(region.substations.index) == ["Total", "a"]
    assert list(region_of(text).substations.index) == ["a"]


def test_a_total_in_the_middle_is_a_row_like_others(region_of):
    text = "id,lat,lon,headroom_mw\nTotal,51,-1,5\na,51,-1.1,6\n"
    assert list(region_of(text).substations.index) == ["Total", "a"]


@pytest.mark.parametrize(
    ("separator", "decimal", "mw"), [(";", ",", 1.234), (",", ".", 1234.0), ("\t", ".", 1234.0)]
)
def test_a_comma_that_nothing_decides_is_read_by_the_rule_and_said(
    region_of, separator, decimal, mw
):
    text = separator.join(["id", "lat", "lon", "headroom_mw"]) + "\n"
    text += separator.join(["a", "51", "-1", '"1,234"']) + "\n"
    region = region_of(text)
    assert region.substations.loc["a", "headroom_mw"] == mw
    assert any("the comma in 1,234 is read as parting" in warning for warning in region.warnings)
    other = {",": ".", ".": ","}[decimal]
    region = region_of(text, source={"dialect": {"decimal": other}})
    assert region.substations.loc["a", "headroom_mw"] == {1.234: 1234.0}.get(mw, 1.234)
    assert not any("the comma in" in warning for warning in region.warnings)


def test_points_with_three_decimals_are_decimals(region_of):
    region = region_of("id;lat;lon;headroom_mw\na;51.501;-1.123;5\n")
    assert region.substations.loc["a", ["lat", "lon"]].tolist() == [51.501, -1.123]


def test_numbers_of_the_files_own_columns_are_compared_by_its_marks(region_of):
    text = "id;lat;lon;headroom_mw;Load\na;51,5;-1,2;5,5;1.200,5\nb;51,5;-1,2;5,5;0,5\n"
    region = region_of(text, source={"where": "Load > 1000"})
    assert list(region.substations.index) == ["a"]
    assert list(region_of(text, source={"where": "Load == 0.5"}).substations.index) == ["b"]


def test_transformer_ratings_may_have_decimal_commas(region_of):
    text = "id;lat;lon;transformer_mva;peak_mw\na;51,5;-1,2;12,5 + 12,5;2,5\n"
    region = region_of(text, source={"power_factor": 1})
    assert region.substations.loc["a", "headroom_mw"] == 10


def test_ids_stay_as_written_whatever_the_marks(region_of):
    text = "id;lat;lon;headroom_mw\n1.200;51,5;-1,2;5,5\n0,5;51,5;-1,3;1.200\n"
    assert region_of(text).substations["headroom_mw"].to_dict() == {"0,5": 1200, "1.200": 5.5}


@pytest.mark.parametrize(
    ("dialect", "words"),
    [
        ({"header_row": 9}, ["dialect.header_row says", "row 9", "the last row 3"]),
        ({"header_row": 2}, ["lat: is missing"]),
        ({"separator": ";"}, ["id: is missing"]),
        ({"encoding": "utf-8"}, ["is not utf-8 text", "0xc4", "as stated"]),
        ({"decimal": ","}, ["'51.5'", "a number"]),
    ],
)
def test_a_stated_dialect_wins_and_what_does_not_fit_it_is_refused(faults_of, dialect, words):
    faults = faults_of(written().encode("cp1252"), source={"dialect": dialect})
    said = "\n".join(map(str, faults))
    assert all(word in said for word in words), said


@pytest.mark.parametrize("mark", ["none", "'"])
def test_only_the_stated_thousands_mark_counts(faults_of, mark):
    source = {"dialect": {"thousands": mark}}
    (fault,) = faults_of(written(";", ".", ","), source=source)
    assert "'1,200'" in str(fault)


def test_a_dialect_of_a_file_that_has_none_is_refused(faults_of, tmp_path):
    (tmp_path / "s.geojson").write_bytes(b"{}")
    source = {"path": "s.geojson", "dialect": {"separator": ";"}}
    assert "only CSV files have" in str(faults_of(None, source=source)[0])


@pytest.mark.parametrize(
    ("cells", "order", "iso"),
    [
        (["2026-03-01", "2026-03", "2026"], None, ["2026-03-01", "2026-03-01", "2026-01-01"]),
        (["2026-03-01 00:00:00", "2026-03-01T05:00Z"], None, ["2026-03-01", "2026-03-01"]),
        (["01/03/2026", "31/03/2026"], None, ["2026-03-01", "2026-03-31"]),
        (["01/03/2026", "03/31/2026"], None, ["2026-01-03", "2026-03-31"]),
        (["01/03/2026", "3-3-2026 00:00"], None, ["2026-03-01", "2026-03-03"]),
        (["01/03/2026"], "month-first", ["2026-01-03"]),
        (["01.03.2026"], "month-first", ["2026-03-01"]),
        (["31/03/2026", "03/31/2026"], None, ["2026-03-31", ""]),
        (["46082", "46082.5", "61"], None, ["2026-03-01", "2026-03-01", ""]),
        (["31/02/2026", "01/03/26", "soon", ""], None, ["", "", "", ""]),
    ],
)
def test_dates_are_read_as_spreadsheets_write_them(cells, order, iso):
    assert read_dates(cells, order).iso == iso


def test_a_date_that_could_be_another_is_read_with_the_day_first_and_said(region_of):
    text = "id,lat,lon,headroom_mw,as_of\na,51,-1,5,01/03/2026\n"
    region = region_of(text)
    assert region.substations.loc["a", "as_of"] == "2026-03-01"
    assert "01/03/2026 is read with the day first" in region.warnings[0]
    region = region_of(text, source={"dialect": {"dates": "month-first"}})
    assert region.substations.loc["a", "as_of"] == "2026-01-03"
    assert region.warnings == ()
