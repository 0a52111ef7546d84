import numpy as np
import pytest

from microdc.inputs.power.headroom import transformer_ratings

HEADER = "id,lat,lon,transformer_mva,peak_mw,committed_mw,transfer_mva,rating_mva,power_factor\n"


@pytest.mark.parametrize(
    ("text", "ratings"),
    [
        ("20;20", (20, 20)),
        ("20", (20,)),
        ("2 X 240MVA (Shared with a neighbour)", (240, 240)),
        ("2 x 15 / 30MVA", (30, 30)),
        ("2x7.5/15 + 1 x 10/20MVA", (15, 15, 20)),
        ("1 x  6.3MVA + 1 x 7.5 / 15MVA", (6.3, 15)),
        ("3 × 10", (10, 10, 10)),
        ("two of 20", None),
        ("", None),
        ("20-20", None),
    ],
)
def test_transformer_ratings_are_read_as_they_are_published(text, ratings):
    assert transformer_ratings(text) == ratings


def test_firm_headroom_is_what_is_left_with_the_largest_transformer_out(region_of):
    region = region_of(HEADER + "a,51,-1,20;30;30,40,2,5,,0.9\n")
    row = region.substations.loc["a"]
    assert row["headroom_mw"] == pytest.approx((20 + 30 + 5) * 0.9 - 40 - 2)
    assert row["arithmetic"] == (
        "firm 55 MVA (20 + 30 + 30 MVA with the largest out + 5 transfer) x 0.9 - 40 peak"
        " - 2 committed = 7.5 MW"
    )
    assert np.isnan(row["headroom_stated"])


def test_a_station_with_one_transformer_has_no_firm_capacity_unless_the_owner_says_so(region_of):
    table = HEADER + "alone,51,-1,30,5,,,,\nhelped,51,-1.1,30,5,,10,,\nrated,51,-1.2,30,5,,,20,\n"
    headroom = region_of(table).substations["headroom_mw"]
    assert headroom.to_dict() == pytest.approx(
        {"alone": 0, "helped": 10 * 0.95 - 5, "rated": 20 * 0.95 - 5}
    )


def test_a_computed_headroom_below_zero_is_zero_and_is_told(region_of):
    region = region_of(HEADER + "a,51,-1,10;10,30,,,,\n")
    assert region.substations.loc["a", "headroom_mw"] == 0
    assert any("below zero" in text and "a" in text for text in region.warnings)


def test_stated_headroom_wins_over_ratings_and_shows_no_arithmetic(region_of):
    table = (
        "id,lat,lon,headroom_mw,transformer_mva,peak_mw\na,51,-1,3,20;20,1\nb,51,-1,N/A,20;20,1\n"
    )
    rows = region_of(table).substations
    assert rows.loc["a", "headroom_mw"] == 3
    assert rows.loc["a", "arithmetic"] == ""
    assert rows.loc["b", "headroom_mw"] == pytest.approx(18)


def test_apparent_power_counts_times_the_power_factor_less_the_reserve(region_of):
    table = "id,lat,lon,headroom_mw,power_factor\na,51,-1,10,\nb,51,-1.1,10,0.8\n"
    source = {"units": {"headroom_mw": "MVA"}, "power_factor": 0.9, "reserve_share": 0.1}
    rows = region_of(table, source=source).substations
    assert rows["headroom_mw"].to_dict() == pytest.approx({"a": 8.1, "b": 7.2})
    assert list(rows["headroom_stated"]) == [10, 10]
    assert list(rows["headroom_unit"]) == ["MVA", "MVA"]


def test_lengths_and_powers_are_converted_from_their_units(region_of):
    table = "id,lat,lon,headroom_mw,feeder_km,fibre_km,voltage_kv\na,51,-1,8000,1,5280,33000\n"
    units = {"headroom_mw": "kW", "feeder_km": "miles", "fibre_km": "ft", "voltage_kv": "V"}
    row = region_of(table, source={"units": units}).substations.loc["a"]
    assert row["headroom_mw"] == pytest.approx(8)
    assert [row["feeder_km"], row["fibre_km"]] == pytest.approx([1.609344, 1.609344])
    assert row["voltage_kv"] == pytest.approx(33)


def test_the_reserve_is_kept_back_from_computed_headroom_too(region_of):
    region = region_of(HEADER + "a,51,-1,20;20,9,,,,1\n", source={"reserve_share": 0.5})
    assert region.substations.loc["a", "headroom_mw"] == pytest.approx(5.5)
    assert region.substations.loc["a", "arithmetic"].endswith("= 11 MW, less 50% reserve")


def test_a_station_of_one_transformer_says_why_it_has_no_headroom(region_of):
    region = region_of(HEADER + "a,51,-1,30,4,,,,1\nb,51,-1,20;20,4,,,,1\n")
    assert region.substations.loc["a", "arithmetic"] == (
        "firm 0 MVA (one transformer, 30 MVA, out) x 1 - 4 peak = -4 MW, counted as 0"
    )
    zeros, why = region.warnings
    assert "1 computed headroom(s) are below zero" in zeros
    assert "1 of them have one transformer: with it out, only what the neighbours take over" in why
    assert "flexible connection: a" in why
