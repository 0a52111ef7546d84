import pytest

HEADER = "id,name,lat,lon,headroom_mw,parent,kind\n"
TREE = (
    HEADER
    + "g,Grid,51,-1,N/A,,GSP\n"
    + "b,Bulk,51,-1.1,20,Grid,BSP\n"
    + "p,Prime,51,-1.2,8,bulk,Primary\n"
    + "q,Other,51,-1.3,9,,Primary\n"
    + "z,Stray,51,-1.4,9,,BSP\n"
)


def test_where_selects_candidates_and_their_ancestors_stay_as_limits(region_of):
    rows = region_of(TREE, source={"where": "kind == 'Primary'"}).substations
    assert list(rows.index) == ["b", "g", "p", "q"]
    assert rows["candidate"].to_dict() == {"b": False, "g": False, "p": True, "q": True}
    assert rows["parent"].to_dict() == {"b": "g", "g": None, "p": "b", "q": None}
    assert rows["headroom_mw"].isna().to_dict() == {"b": False, "g": True, "p": False, "q": False}


def test_where_speaks_of_the_files_columns_and_of_microdcs_in_megawatts(region_of):
    table = "Asset ID,lat,lon,Headroom (kVA)\n1,51,-1,4000\n2,51,-1.1,8000\n3,51,-1.2,6000\n"
    columns = {"id": "Asset ID", "headroom_mw": "Headroom (kVA)"}
    source = {"columns": columns, "units": {"headroom_mw": "kVA"}, "power_factor": 0.5}
    mapped = region_of(table, source=source | {"where": "headroom_mw >= 3"})
    assert list(mapped.substations.index) == ["2", "3"]
    own = region_of(table, source=source | {"where": "`Headroom (kVA)` < 7000 and ID != 1"})
    assert list(own.substations.index) == ["3"]


def test_ancestors_may_stand_in_another_source(region_of, tmp_path):
    areas = "id,lat,lon,headroom_mw,candidate\nA1,51,-1,30,no\nA2,51,-1,30,no\n"
    (tmp_path / "areas.csv").write_text(areas, encoding="utf-8")
    sources = [
        {"path": "substations.csv", "where": "kind == 'Primary'"},
        {"path": "areas.csv", "where": "id == 'A2'"},
    ]
    table = HEADER + "p,Prime,51,-1.2,8,A1,Primary\n"
    rows = region_of(table, source=sources).substations
    assert list(rows.index) == ["A1", "A2", "p"]
    assert rows.loc["p", "parent"] == "A1"
    assert list(rows["source"]) == [1, 1, 0]
    assert list(rows["candidate"]) == [False, False, True]


def test_the_first_of_several_parent_columns_that_is_not_blank_wins(region_of):
    table = "id,lat,lon,headroom_mw,bsp,gsp\ng,51,-1,,N/A,N/A\nb,51,-1,9,-,g\np,51,-1,8,b,g\n"
    rows = region_of(table, source={"columns": {"parent": ["bsp", "gsp"]}}).substations
    assert rows["parent"].to_dict() == {"b": "g", "g": None, "p": "b"}


@pytest.mark.parametrize("blank", ["", "N/A", "n/a", "NA", "-", "–", "null", " "])
def test_a_blank_headroom_is_no_limit_and_no_candidate_and_is_counted(region_of, blank):
    region = region_of(f"id,lat,lon,headroom_mw\na,51,-1,5\nb,51,-1.1,{blank}\n")
    assert region.substations["candidate"].to_dict() == {"a": True, "b": False}
    assert any("1 row(s) with no headroom" in text and "b" in text for text in region.warnings)


def test_a_row_without_position_is_no_candidate_and_is_counted(region_of):
    region = region_of("id,lat,lon,headroom_mw\na,51,-1,5\nb,,,6\n")
    assert region.substations["candidate"].to_dict() == {"a": True, "b": False}
    assert any("1 row(s) with no position" in text for text in region.warnings)


def test_an_unknown_parent_is_a_warning_that_says_the_nearest(region_of):
    region = region_of(HEADER + "b,Bulk Point,51,-1,9,,\np,P,51,-1,8,Bulk Piont,\nq,Q,51,-1,8,X,\n")
    assert region.substations["parent"].isna().all()
    (text,) = region.warnings
    assert "2 row(s)" in text
    assert "'Bulk Piont' (did you mean 'Bulk Point'?)" in text


def test_rows_that_are_copies_are_left_out_and_told(region_of):
    region = region_of(HEADER + "a,A,51,-1,9,,x\nb,B,51,-1,9,,x\na,A,51,-1,9,,x\n")
    assert list(region.substations["row"]) == [2, 3]
    assert any("copies" in text and "row 4" in text for text in region.warnings)


def test_faults_in_rows_that_are_dropped_do_not_matter(region_of):
    table = HEADER + "a,A,51,-1,9,,x\nb,B,951,-1,-4,gone,y\nb,B,951,-1,oops,b,y\n"
    region = region_of(table, source={"where": "kind == 'x'"})
    assert list(region.substations.index) == ["a"]
    assert region.warnings == ()


def test_what_is_stated_row_by_row_is_kept(region_of):
    table = "id,lat,lon,headroom_mw,max_mw,pue,site_mn,state,owner,group,as_of\n"
    table += "a,51,-1,9,7,1.2,4,TX,Us,north,2026-03\nb,51,-1.1,9,,,,N/A,,,\n"
    rows = region_of(table).substations
    assert rows.loc["a", ["max_mw", "pue", "site_mn"]].tolist() == [7, 1.2, 4]
    assert rows.loc["a", ["state", "owner", "group", "as_of"]].tolist() == [
        "TX", "Us", "north", "2026-03-01",
    ]  # fmt: skip
    assert rows.loc["b", ["state", "owner", "group", "as_of"]].tolist() == [None] * 4
    assert rows.loc["b", "name"] == "b"


def test_substations_come_sorted_whatever_the_order_of_the_file(region_of):
    lines = ["b,51,-1.1,6", "a,51,-1,5", "C,51,-1.2,7"]
    one = region_of("id,lat,lon,headroom_mw\n" + "\n".join(lines)).substations
    other = region_of("id,lat,lon,headroom_mw\n" + "\n".join(lines[::-1])).substations
    assert list(one.index) == ["C", "a", "b"]
    assert one.drop(columns="row").equals(other.drop(columns="row"))


def test_what_exists_counts_where_its_row_passes(region_of):
    table = (
        "id,lat,lon,headroom_mw,existing_mw,kind\na,51,-1,5,2,x\nb,51,-1.1,6,,x\nc,51,-1,5,8,y\n"
    )
    rows = region_of(table, source={"where": "kind == 'x'"}).substations
    assert rows["existing_mw"].to_dict() == {"a": 2, "b": 0}
    in_kw = region_of(table, source={"units": {"existing_mw": "kW"}}).substations
    assert in_kw["existing_mw"].to_dict() == {"a": 0.002, "b": 0, "c": 0.008}


def test_an_existing_site_needs_a_position_but_no_headroom(region_of, faults_of):
    table = "id,lat,lon,headroom_mw,existing_mw\na,51,-1,,2\nb,51,-1.1,6,\n"
    region = region_of(table)
    assert region.substations["candidate"].to_dict() == {"a": False, "b": True}
    (told,) = region.warnings
    assert told.endswith("1 existing site(s) with no headroom of their own cannot grow: a")
    (fault,) = faults_of(table + "c,,,6,3\n")
    assert "id c, column lat: an existing site states no position" in str(fault)


def test_existing_sites_alone_are_enough_of_substations(region_of):
    region = region_of("id,lat,lon,headroom_mw,existing_mw,candidate\na,51,-1,5,2,no\n")
    assert not region.substations["candidate"].any()


def test_a_row_states_sizes_that_contradict_each_other(faults_of):
    table = "id,lat,lon,headroom_mw,min_mw,max_mw\na,51,-1,50,12,10\nb,51,-1.1,50,30,\n"
    (fault,) = faults_of(table)
    assert "id a, column min_mw: is more than max_mw; found '12'; allowed: at most 10" in str(fault)
    assert "more than zero" in str(faults_of(table.replace("12", "0"))[0])


@pytest.mark.parametrize(
    ("heading", "near"),
    [("transfomer_mva", "transformer_mva"), ("Pue", "pue"), ("max mw", "max_mw")],
)
def test_a_column_that_looks_misspelt_is_told_and_not_read(region_of, heading, near):
    region = region_of(f"id,lat,lon,headroom_mw,{heading}\na,51,-1,5,30\n")
    (warning,) = region.warnings
    assert f"column {heading} is not read; did you mean {near}?" in warning


@pytest.mark.parametrize(
    ("headings", "source"),
    [
        ("height,colour", {}),
        ("Owner,note", {"columns": {"owner": "Owner"}}),
        ("pue,PUE", {}),
    ],
)
def test_columns_of_another_meaning_or_another_use_are_passed_over(region_of, headings, source):
    region = region_of(f"id,lat,lon,headroom_mw,{headings}\na,51,-1,5,1.3,1.4\n", source=source)
    assert region.warnings == ()
