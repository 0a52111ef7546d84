"""Default costs are US dollars of 2025: multiplied by a stated rate, or refused."""

import json
import shutil
from pathlib import Path

import pytest

from microdc.errors import InputError
from microdc.inputs.lint import lint
from microdc.inputs.read import read_region
from microdc.placement.verify import broken_promises
from microdc.scenario import load_scenario
from microdc.scenario.costs import IN_DOLLARS
from microdc.solve.highs import Clock
from microdc.workflow import plan_scenario

TINY = Path(__file__).parents[2] / "scenarios" / "tiny"
COSTS = dict.fromkeys(IN_DOLLARS, 1.0)


@pytest.fixture
def scenario(tmp_path):
    """Give tiny in some currency, with some costs stated; its unserved prices times `rate`."""

    def of(currency, costs, rate=1.0, **keys):
        folder = tmp_path / currency
        shutil.copytree(TINY, folder, dirs_exist_ok=True)
        near = {"rtt_ms": 2, "kw_it_per_1000_people": 4, "unserved_mn_per_mw_yr": 4 * rate}
        document = {
            "schema": 1, "name": "tiny", "currency": currency, "costs": costs, **keys,
            "substations": {"path": "substations.csv"}, "demand": {"path": "places.csv"},
            "services": {"near": near},
        }  # fmt: skip
        (folder / "scenario.yaml").write_text(json.dumps(document), "utf-8")
        return folder

    return of


def planned(folder):
    out, clock = folder / "plan", Clock(30)
    plan = plan_scenario(
        folder, out, force=False, overrides={}, watch=lambda _: None, clock=clock
    ).plan
    assert broken_promises(out) == []
    return plan


def test_where_a_dollar_is_two_defaults_cost_twice_as_much_and_the_table_what_it_states(scenario):
    dollars = planned(scenario("USD", {})).cost_mn_yr
    plan = planned(scenario("NZD", {}, rate=2, usd_rate=2))
    for item in ("facility", "connection", "unserved"):
        assert plan.cost_mn_yr[item] == pytest.approx(2 * dollars[item])
    assert plan.cost_mn_yr["site"] == pytest.approx(dollars["site"])  # a column of the table
    told = {one.key: one for one in plan.assumptions}
    assert told["costs.site_mn"].value == 6
    assert told["costs.site_mn"].unit == "M NZD/site"
    assert told["costs.site_mn"].source.endswith("USD 2025 x 2 NZD/USD")


@pytest.mark.parametrize("left_out", IN_DOLLARS)
def test_each_default_cost_is_refused_in_another_currency(scenario, left_out):
    stated = {key: mn for key, mn in COSTS.items() if key != left_out}
    with pytest.raises(InputError, match=f"found defaults for {left_out}; allowed: state usd_rate"):
        load_scenario(scenario("EUR", stated))
    assert load_scenario(scenario("EUR", stated, usd_rate=0.9)).dollar == 0.9
    assert load_scenario(scenario("EUR", COSTS)).dollar == 1


def test_a_rate_changes_no_cost_that_is_stated(scenario):
    costs = load_scenario(scenario("EUR", COSTS, usd_rate=0.9)).costs
    assert {key: getattr(costs, key) for key in IN_DOLLARS} == COSTS


@pytest.mark.parametrize(("costs", "told"), [({}, 1), ({"site_mn": 2}, 1), (COSTS, 0)])
def test_defaults_of_2025_among_prices_of_another_year_are_told(scenario, costs, told):
    later = load_scenario(scenario("USD", costs, price_year=2028))
    doubts = [text for text in lint(read_region(later), later) if "price_year is 2028" in text]
    assert len(doubts) == told
    assert not any("site_mn" in text for text in doubts if "site_mn" in costs)
