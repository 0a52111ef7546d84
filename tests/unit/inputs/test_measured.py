"""Measured tables, long and wide: what is read, what is left out, what is refused."""

import pytest

from microdc.errors import InputError

LONG = "demand,site,rtt_ms\ntown,west,1.5\n"
MANY = """demand,site,rtt_ms,percentile,date,service
town,west,1.5,50,2026-01,
town,west,2.5,99,2026-01,
town,west,2.75,99,2026-03-15,near
"""


@pytest.fixture
def measured(scenario_of, region_of, tmp_path):
    """Read the small region with a measured table."""

    def read(text: str, **keys):
        (tmp_path / "rtt.csv").write_text(text, encoding="utf-8")
        return region_of(measured={"path": "rtt.csv", **keys})

    return read


@pytest.fixture
def faults(measured):
    def told(text: str, **keys) -> str:
        with pytest.raises(InputError) as caught:
            measured(text, **keys)
        return caught.value.message

    return told


def test_a_long_table_is_read(measured):
    region = measured(LONG)
    (row,) = region.measured.to_dict("records")
    assert (row["place"], row["service"], row["site"], row["rtt_ms"]) == ("town", "", "west", 1.5)
    assert region.sources[-1].path.name == "rtt.csv"
    assert region.warnings == ("rtt.csv: 1 measured round trip(s) replace the formula",)


def test_a_wide_table_is_read_and_blank_cells_are_not_measured(measured):
    region = measured("place,west,east\ntown,1.5,\n", form="wide")
    assert region.measured[["place", "site", "rtt_ms"]].to_numpy().tolist() == [
        ["town", "west", 1.5]
    ]


def test_microseconds_are_turned_into_milliseconds_in_both_forms(measured):
    units = {"rtt_ms": "us"}
    long = measured(LONG.replace("1.5", "1500"), units=units)
    wide = measured("place,west\ntown,1500\n", form="wide", units=units)
    assert long.measured["rtt_ms"].tolist() == wide.measured["rtt_ms"].tolist() == [1.5]


def test_columns_are_renamed_and_rows_chosen(measured):
    text = "from,to,ms,kind\ntown,west,1.5,fibre\ntown,east,9,radio\n"
    region = measured(text, columns={"demand": "from", "site": "to", "rtt_ms": "ms"},
                      where="kind == 'fibre'")  # fmt: skip
    assert region.measured["site"].tolist() == ["west"]


def test_percentile_and_dates_are_kept_and_told(measured):
    region = measured(MANY, percentile=99)
    assert region.measured["percentile"].tolist() == [50, 99, 99]
    assert region.measured["date"].tolist() == ["2026-01-01", "2026-01-01", "2026-03-15"]
    assert region.warnings == (
        "rtt.csv: 2 measured round trip(s) replace the formula; percentile 99; "
        "2026-01-01 to 2026-03-15",
    )


def test_pairs_of_unknown_ends_are_counted_with_the_nearest_name(measured):
    region = measured(LONG + "town,wset,1\nvillage,east,1\n")
    assert len(region.measured) == 1
    assert region.warnings[0] == (
        "rtt.csv: 2 of 3 round trips are left out: the scenario does not know 1 place(s), such as "
        "village and 1 site(s), such as wset (did you mean west?)"
    )


def test_several_percentiles_need_a_choice(faults):
    told = faults(MANY)
    assert "measured.percentile: is needed: the table states several" in told
    assert "found percentiles 50, 99; allowed: one of them" in told


def test_a_percentile_beside_rows_without_one_needs_a_choice(faults):
    told = faults("demand,site,rtt_ms,percentile\ntown,west,1,50\ntown,east,1,\n")
    assert "percentiles 50 and rows without one" in told


FAULTS = {
    "a percentile the table has not": (
        MANY, {"percentile": 95}, "measured.percentile: is not in the table; found 95; allowed: 50",
    ),
    "a percentile of a table without": (
        LONG, {"percentile": 95}, "the table states no percentile",
    ),
    "no pair that is known": (
        "demand,site,rtt_ms\ntown,wset,1\n", {}, "found site wset; did you mean west?",
    ),
    "an unknown service": (
        "demand,site,rtt_ms,service\ntown,west,1,naer\n", {}, "did you mean near?",
    ),
    "a pair stated twice": (
        LONG + "town,west,1.6\n", {}, "row 3: the pair is stated before; found town - west",
    ),
    "no column of times": (
        "demand,site,rtt\ntown,west,1\n", {}, "column rtt_ms: is missing",
    ),
    "a time of zero": (LONG.replace("1.5", "0"), {}, "found '0'; allowed: more than zero"),
    "a time that is no number": (LONG.replace("1.5", "fast"), {}, "is not a number; found 'fast'"),
    "a blank place": (LONG.replace("town", ""), {}, "row 2, column demand: is blank"),
    "no rows": ("demand,site,rtt_ms\n", {}, "rtt.csv: has no rows"),
    "another unit": (LONG, {"units": {"rtt_ms": "hours"}}, "is not a unit of it; found hours"),
    "another unit of a wide table": (
        "place,west\ntown,1\n", {"form": "wide", "units": {"rtt_ms": "min"}}, "is not a unit",
    ),
    "a negative cell of a wide table": (
        "place,west\ntown,-1\n", {"form": "wide"},
        "row 2, id town, column west: is not a round trip; found '-1'",
    ),
    "a site twice in a wide header": (
        "place,west,west\ntown,1,2\n", {"form": "wide"}, "column west: is in the header more",
    ),
    "a long table read as wide": (
        LONG, {"form": "wide"}, "is not a round trip",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_a_faulty_table_is_refused(faults, case):
    text, keys, says = FAULTS[case]
    assert says in faults(text, **keys)


def test_what_a_wide_table_cannot_have_is_refused(faults):
    told = faults("place,west\ntown,1\n", form="wide", where="x == 1", percentile=99)
    assert "measured.where: means nothing for a wide table" in told
    assert "measured.percentile: means nothing for a wide table" in told


def test_a_file_that_is_not_there_is_named_with_the_nearest(scenario_of, faults_of, tmp_path):
    (tmp_path / "rtt.csv").write_text(LONG, encoding="utf-8")
    (fault,) = faults_of(measured={"path": "rtts.csv"})
    assert (fault.says, fault.nearest) == ("no such file", "rtt.csv")


def test_off_is_no_table(region_of):
    assert region_of(measured="off").measured.empty
