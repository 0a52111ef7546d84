"""What outages leave, on cases solved in the head."""

import numpy as np
import pytest
from instances import surviving

from microdc.instance import Instance
from microdc.oracles.base import OutOfTimeError, Sizes
from microdc.oracles.delivery import in_order
from microdc.oracles.every import InEveryState
from microdc.oracles.outages.survival import Survival

ALL = (1.0, 1.0, 1.0)
NONE = (0.0, 0.0, 0.0)


def sizes(mw: list[float], unserved: tuple[float, ...] = NONE) -> Sizes:
    x = np.array(mw, dtype=float)
    return Sizes(built=(x > 0).astype(float), mw=x, unserved_mw_it=np.array(unserved))


def survival(
    tiny: Instance, out: list[list[int]], kept: tuple[float, ...] = ALL, at_once: int = 1
) -> Survival:
    instance = surviving(tiny, out, np.array(kept), at_once=at_once)
    return Survival(instance, instance.outages)


def test_who_has_one_site_in_reach_is_lost_with_it(tiny):
    cuts = survival(tiny, [[0], [1]]).violated_by(sizes([10, 20]))
    told = {(cut.situation.outages, *cut.points) for cut in cuts}
    assert told == {((0,), 0), ((1,), 2)}  # a without north, c without south


def test_who_has_two_sites_in_reach_survives_either(tiny):
    left = sizes([5, 5], unserved=(2, 0, 4))
    assert survival(tiny, [[0], [1]]).violated_by(left) == []
    assert survival(tiny, [[0], [1]]).delivers(left)


def test_two_at_once_take_both(tiny):
    both = survival(tiny, [[0], [1]], at_once=2).violated_by(sizes([5, 5], unserved=(2, 0, 4)))
    assert {cut.situation.outages for cut in both} == {(0, 1)}
    assert max(cut.need_mw_it for cut in both) == pytest.approx(4)


def test_only_what_is_promised_must_be_left(tiny):
    oracle = survival(tiny, [[0], [1]], kept=(0, 0.5, 0))
    assert oracle.violated_by(sizes([2, 2])) == []
    (cut, *_) = oracle.violated_by(sizes([2, 1.5]))
    assert cut.situation.outages == (0,)
    assert cut.shortfall_mw_it(sizes([2, 1.5])) == pytest.approx(0.5)


def test_crumbs_missing_with_nothing_out_hide_no_outage(tiny):
    crumbs = sizes([2 - 5e-6, 4])  # a misses five watts; without south, b misses all
    cuts = survival(tiny, [[1]], kept=(1, 1, 0)).violated_by(crumbs)
    assert {cut.situation.outages for cut in cuts} == {(0,)}


def test_a_set_known_in_order_is_tried_in_every_outage(tiny):
    oracle = survival(tiny, [[0], [1]])
    known = in_order(tiny).violated_by(sizes([1.5, 20]))  # a alone is short
    broken = oracle.sharpened(known, sizes([10, 20]))
    assert {cut.situation.outages for cut in broken} == {(0,)}


def test_left_is_what_no_outage_can_keep(tiny):
    instance = surviving(tiny, [[0], [1]], np.array([0.5, 1.0, 1.0]))
    oracle = InEveryState(in_order(instance), Survival(instance, instance.outages))
    missing = oracle.missing_mw_it(sizes([10, 20]))
    assert missing == pytest.approx([2, 0, 4], abs=1e-6)
    assert oracle.delivers(sizes([10, 20], unserved=tuple(missing)))


def test_an_outage_of_what_is_not_built_costs_nothing(tiny):
    assert survival(tiny, [[0]], kept=(0, 1, 1)).violated_by(sizes([0, 8], (2, 0, 0))) == []


def test_nothing_at_all_survives_whatever_is_out(tiny):
    assert survival(tiny, [[0, 1]]).violated_by(sizes([0, 0], unserved=(2, 4, 4))) == []


def test_time_is_asked_for_before_each_outage(tiny):
    instance = surviving(tiny, [[0], [1]], np.array(ALL))
    late = Survival(instance, instance.outages, expired=lambda: True)
    for ask in (late.violated_by, late.delivers, late.missing_mw_it):
        with pytest.raises(OutOfTimeError):
            ask(sizes([10, 20]))


def test_cuts_of_a_shortlist_hold_over_all_sites(tiny):
    few = tiny.with_sites(np.array([1]), *2 * (only_south(tiny),))
    few = surviving(few, [[], [0]], np.array([0.0, 1.0, 1.0]))
    whole = surviving(tiny, [[0], [1]], np.array([0.0, 1.0, 1.0]))
    short = Survival(few, few.outages).violated_by(sizes([20]))
    over_all = Survival(whole, whole.outages).carried_over(short, old=np.array([1]))
    b_and_c = [cut for cut in over_all if cut.situation.outages == (1,)]
    assert {tuple(cut.sites) for cut in b_and_c} <= {(0,), ()}
    assert all(cut.shortfall_mw_it(sizes([4, 20], (0, 0, 4))) <= 1e-9 for cut in b_and_c)


def only_south(tiny: Instance):
    reach = tiny.reach
    return type(reach)(start=np.array([0, 0, 1, 2]), site=np.zeros(2, dtype=np.int32))
