"""What a site earns at best, a knapsack filled in the head."""

import numpy as np
import pytest
from instances import surviving

from microdc.model.bound.earnings import Sizing, Steps, merged, outage_steps
from microdc.model.bound.prices import OfDemand, OutagePrices, Prices


def steps(*demand: tuple[float, float]) -> Steps:
    """Line up (MW, price) of one site."""
    mw, price = (np.array(column, dtype=float) for column in zip(*demand, strict=True))
    one = np.zeros(len(mw), dtype=np.int64)
    return Steps.by_price(one, one, mw, price)


def site(cap_mw: float = 10.0) -> Sizing:
    """Give a site of 5 MW at least, at 2 M a year and 1.5 M per MW."""
    return Sizing(
        least_mw=np.array([5.0]),
        cap_mw=np.array([cap_mw]),
        pue=np.array([1.0]),
        mn_yr=np.array([2.0]),
        mn_per_mw_yr=np.array([1.5]),
    )


def test_the_dearest_demand_comes_first_and_what_does_not_pay_fills_the_least_size():
    # 4 MW at 3, 1 MW at 1 up to the least size; beyond, 1 does not pay for 1.5.
    assert site().earned_mn_yr(steps((10, 1), (4, 3))) == pytest.approx(4 * 3 + 1 - 2 - 1.5 * 5)


def test_no_more_is_served_than_the_site_can_be_large():
    assert site(cap_mw=6).earned_mn_yr(steps((100, 3))) == pytest.approx(6 * 3 - 2 - 1.5 * 6)


def test_states_add_up_what_the_same_megawatt_is_worth():
    both = merged(steps((2, 3)), steps((4, 1)))
    some = both.where(both.mw > 0)
    assert some.mw == pytest.approx([2, 2])
    assert some.price == pytest.approx([4, 1])


def test_a_site_that_is_out_earns_nothing_in_that_outage(tiny):
    instance = surviving(tiny, [[0], [1]], np.array([1.0, 0.5, 1.0]))
    priced = OutagePrices(rows=(0,), points=np.array([0, 1]), price=np.array([7.0, 3.0]))
    prices = Prices.of(instance, OfDemand(np.zeros(3), (priced,), ()), {})
    found = outage_steps(instance, prices, instance.sites["pue"].to_numpy())
    assert found.site.tolist() == [1]  # south has half of b to keep; north is out
    assert found.mw == pytest.approx([2])
    assert found.price == pytest.approx([3])
