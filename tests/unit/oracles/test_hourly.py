"""Hours of the first instance: a (2 MW IT) - north (10) - b (4) - south (20) - c (4), PUE 1."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from microdc.instance import Hours, Instance
from microdc.instance.loads import at_full_draw, loads_of
from microdc.oracles.base import OutOfTimeError, Sizes
from microdc.oracles.hourly import Hourly


def by_hour(tiny: Instance, share, available_mw, **changes) -> Instance:
    """Let a be of the first service, b and c of the second."""
    share = np.array(share, dtype=float)
    hours = Hours(
        what=pd.DataFrame(
            {"time": [f"t{t}" for t in range(len(share))], "day": 0, "weight_h": 1.0}
        ),
        available_mw=np.array(available_mw, dtype=float),
        limits=pd.Index([]),
        limit_mw=np.empty((len(share), 0)),
        below=csr_array((0, 2)),
        services=pd.DataFrame(
            {"moves": True, "deferred_share": 0.0, "defer_h": 0}, index=["chat", "batch"]
        ),
        share=share,
        service=np.array([0, 1, 1]),
    )
    return replace(tiny, hours=replace(hours, **changes))


def sizes_in(instance: Instance, mw, unserved=(0, 0, 0)) -> Sizes:
    built, mw = np.array([1.0, 1.0]) * (np.array(mw) > 0), np.array(mw, dtype=float)
    load_mw = at_full_draw(instance, loads_of(instance), built, mw)
    return Sizes(built=built, mw=mw, unserved_mw_it=np.array(unserved, float), load_mw=load_mw)


def oracle(instance: Instance) -> Hourly:
    return Hourly(instance, instance.hours)


def test_services_that_peak_apart_need_no_power_for_both_at_once(tiny):
    instance = by_hour(tiny, [[1, 0.25], [0.5, 1]], [[10, 20], [10, 20]])
    assert oracle(instance).delivers(sizes_in(instance, [5, 4]))  # 9 MW for 10 MW IT of peaks
    assert not oracle(instance).delivers(sizes_in(instance, [4, 4]))


def test_an_hour_with_little_headroom_is_found_and_its_row_says_how_much_is_missing(tiny):
    instance = by_hour(tiny, [[1, 1], [1, 1]], [[10, 20], [1, 20]])
    (cut,) = oracle(instance).violated_by(sizes_in(instance, [10, 20]))
    assert cut.situation.period == 1
    assert cut.points.tolist() == [0]
    assert cut.shortfall_mw_it(sizes_in(instance, [10, 20])) == pytest.approx(1)
    assert cut.shortfall_mw_it(sizes_in(instance, [10, 20], [1, 0, 0])) == pytest.approx(0)


def test_a_set_short_in_one_hour_is_tried_in_the_others(tiny):
    instance = by_hour(tiny, [[1, 1]] * 3, [[1, 20], [1.5, 20], [10, 20]])
    cuts = oracle(instance).violated_by(sizes_in(instance, [10, 20]))
    assert {cut.situation.period for cut in cuts} == {0, 1}


def test_what_must_be_left_of_the_peak_is_what_the_worst_hour_asks_for(tiny):
    instance = by_hour(tiny, [[0.5, 1], [1, 1]], [[0.5, 20], [1.5, 20]])
    missing = oracle(instance).missing_mw_it(sizes_in(instance, [10, 20]))
    assert missing == pytest.approx([1, 0, 0], abs=1e-6)  # a half of 2 at t0, a quarter at t1


def test_load_that_may_wait_is_served_in_a_later_hour(tiny):
    scarce = [[10, 20], [0, 20]]
    assert not oracle(by_hour(tiny, [[0, 1], [1, 1]], scarce)).delivers(
        sizes_in(by_hour(tiny, [[0, 1], [1, 1]], scarce), [10, 20])
    )
    services = pd.DataFrame(
        {"moves": True, "deferred_share": [1.0, 0.0], "defer_h": [1, 0]}, index=["chat", "batch"]
    )
    early = by_hour(tiny, [[1, 1], [0, 1]], [[0, 20], [10, 20]], services=services)
    assert oracle(early).delivers(sizes_in(early, [10, 20]))
    late = by_hour(tiny, [[0, 1], [1, 1]], scarce, services=services)  # never before its hour
    (cut,) = oracle(late).violated_by(sizes_in(late, [10, 20]))
    assert cut.need_mw_it == pytest.approx(2)


def test_sites_below_a_limit_share_what_it_has_in_the_hour(tiny):
    limit = {
        "limits": pd.Index(["supply point"]),
        "limit_mw": np.array([[30.0], [7.0]]),
        "below": csr_array(np.ones((1, 2))),
    }
    instance = by_hour(tiny, [[1, 1], [1, 1]], [[10, 20], [10, 20]], **limit)
    loads = loads_of(instance)
    assert loads.binding == ((1, 0),)
    assert loads.hour.tolist() == [1, 1]
    full = sizes_in(instance, [10, 20])
    assert full.load_mw.sum() == pytest.approx(7)
    assert not oracle(instance).delivers(full)
    enough = replace(full, load_mw=np.array([4.0, 6.0]))
    assert oracle(instance).delivers(enough)


def test_a_service_that_does_not_move_has_only_what_is_held_for_it(tiny):
    services = pd.DataFrame(
        {"moves": [False, True], "deferred_share": 0.0, "defer_h": 0}, index=["chat", "batch"]
    )
    instance = by_hour(tiny, [[1, 1]], [[10, 20]], services=services)
    loads = loads_of(instance)
    assert (len(loads.hour), loads.holder.tolist()) == (2, [0, 1])
    sizes = sizes_in(instance, [10, 20])
    nothing_held = replace(sizes, load_mw=np.array([8.0, 20.0, 1.0, 0.0]))
    (cut,) = oracle(instance).violated_by(nothing_held)
    assert cut.points.tolist() == [0]
    assert cut.shortfall_mw_it(nothing_held) == pytest.approx(1)
    assert oracle(instance).delivers(replace(sizes, load_mw=np.array([8.0, 20.0, 2.0, 0.0])))


def test_rows_of_few_sites_are_rows_of_all(tiny):
    whole = by_hour(tiny, [[1, 1], [1, 1]], [[10, 20], [1, 20]])
    few = replace(
        tiny.with_sites(np.array([0]), one_site(tiny), one_site(tiny)),
        hours=whole.hours.with_sites(np.array([0])),
    )
    short = oracle(few).violated_by(
        Sizes(built=np.ones(1), mw=np.array([10.0]), unserved_mw_it=np.zeros(3))
    )
    over_all = oracle(whole).carried_over(short, old=np.array([0]))
    assert {cut.situation for cut in over_all} == {cut.situation for cut in short}
    assert [cut.points.tolist() for cut in over_all] == [[2], [2]]  # c, whom south reaches
    assert [cut.sites.tolist() for cut in over_all] == [[1], [1]]


def one_site(tiny: Instance):
    start, site = np.array([0, 1, 2, 2]), np.array([0, 0], dtype=np.int32)
    return replace(tiny.reach, start=start, site=site)


def test_an_oracle_gives_up_once_time_is_over(tiny):
    instance = by_hour(tiny, [[1, 1]], [[10, 20]])
    late = Hourly(instance, instance.hours, expired=lambda: True)
    with pytest.raises(OutOfTimeError):
        late.violated_by(sizes_in(instance, [10, 20]))
