"""Costs: a table's column wins over the scenario, the scenario over the defaults."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from microdc.inputs.costs import annuity_factor, connection_mn, cost_rates
from microdc.scenario import Annuity, parse_scenario


def scenario(more=""):
    text = f"""\
schema: 1
name: tiny
substations: {{path: s.csv}}
demand: {{path: d.csv}}
services: {{near: {{rtt_ms: 2, share: 1}}}}
{more}
"""
    return parse_scenario(text.encode(), Path("scenario.yaml"))


def table(**columns):
    return pd.DataFrame(columns, index=pd.Index(["a", "b"], name="id"), dtype=float)


def test_fifteen_years_at_eight_per_cent_pay_a_ninth_a_year():
    assert annuity_factor(Annuity()) == pytest.approx(0.11682954)


def test_without_interest_capital_is_paid_in_equal_parts():
    assert annuity_factor(Annuity(years=20, rate=0)) == 0.05
    assert annuity_factor(Annuity(years=20, rate=1e-12)) == pytest.approx(0.05)


def test_an_annuity_pays_back_its_capital():
    factor = annuity_factor(Annuity(years=7, rate=0.05))
    assert sum(factor / 1.05**year for year in range(1, 8)) == pytest.approx(1)


def test_a_table_without_columns_of_cost_takes_the_defaults():
    rates = cost_rates(table(), scenario())
    assert list(rates.index) == ["a", "b"]
    assert rates.loc["a"].to_dict() == pytest.approx(
        {
            "site_mn": 3,
            "connection_mn": 0.65,
            "feeder_mn": 0,
            "fibre_mn": 0,
            "facility_mn_per_mw": 11 / 1.25,
            "energy_mn_per_mw_yr": 0,
        }
    )


def test_a_column_wins_row_by_row_and_blanks_take_the_scenario():
    rows = table(
        site_mn=[7, np.nan],
        pue=[2, np.nan],
        facility_mn_per_mw_it=[np.nan, 20],
        energy_per_mwh=[100, np.nan],
        feeder_km=[2, np.nan],
        fibre_km=[np.nan, 10],
    )
    rates = cost_rates(rows, scenario("costs: {energy_per_mwh: 50, fibre_mn_per_km: 0.1}"))
    assert rates["site_mn"].tolist() == [7, 3]
    assert rates["facility_mn_per_mw"].tolist() == [5.5, 16]
    assert rates["energy_mn_per_mw_yr"].tolist() == pytest.approx([0.876, 0.438])
    assert rates["feeder_mn"].tolist() == [1.62, 0]
    assert rates["fibre_mn"].tolist() == [0, 1]


@pytest.mark.parametrize(
    ("kv", "price_mn"),
    [(11, 0.65), (35, 0.65), (66, 1.06), (69, 1.06), (138, 1.66), (230, 3.85), (500, 7.77)],
)
def test_a_connection_is_dearer_at_a_higher_voltage(kv, price_mn):
    prices = connection_mn(table(voltage_kv=[kv, np.nan]), scenario())
    assert prices.tolist() == [price_mn, 0.65]


def test_a_stated_connection_wins_over_the_voltage():
    prices = connection_mn(table(voltage_kv=[138, 11]), scenario("costs: {connection_mn: 2}"))
    assert prices.tolist() == [2, 2]


def test_default_costs_are_in_the_scenarios_currency():
    rates = cost_rates(table(voltage_kv=[138, np.nan]), scenario("currency: EUR\nusd_rate: 0.5"))
    assert rates["connection_mn"].tolist() == pytest.approx([0.83, 0.325])
    assert rates["site_mn"].tolist() == [1.5, 1.5]


def test_the_substations_are_left_as_they_were():
    rows = table(site_mn=[1, np.nan])
    before = rows.copy()
    cost_rates(rows, scenario())
    pd.testing.assert_frame_equal(rows, before)


def test_every_rate_is_a_float():
    assert cost_rates(table(), scenario()).dtypes.map(lambda kind: kind.kind).eq("f").all()


def test_energy_so_cheap_that_an_idle_site_would_earn_is_a_fault(faults_of, region_of):
    table = "id,lat,lon,headroom_mw,energy_per_mwh\na,51,-1,9,-3\nb,51,-1.1,9,-160\nc,51,-1,9,\n"
    (fault,) = faults_of(table)
    assert "row 3, id b, column energy_per_mwh: at -160/MWh a site would earn" in str(fault)
    assert "at least -117.4/MWh" in str(fault)  # 11 M/MW IT at a PUE of 1.25, a ninth of it a year
    assert region_of(table.replace("-160", "-117")).substations["energy_per_mwh"].min() == -117
    free = {"facility_mn_per_mw_it": 0}
    found = faults_of(table, costs=free)
    assert [fault.at for fault in found] == ["row 2, id a", "row 3, id b"]
    fixed = "id,lat,lon,headroom_mw,existing_mw,candidate,energy_per_mwh\na,51,-1,9,5,no,-300\n"
    assert len(region_of(fixed).substations)  # of which nobody chooses the size
