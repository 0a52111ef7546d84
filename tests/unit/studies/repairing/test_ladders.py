"""A rule that is loosened step by step, as far as there is time."""

from dataclasses import replace

from microdc.studies.repairing.ladders import Ladder
from microdc.studies.repairing.repair import Repair, sentence
from microdc.studies.repairing.singles import of_ladder

BOUND = Ladder(
    kind="bound",
    id="near",
    unit="ms",
    stated=2.0,
    values=(2.5, 3.0, 3.5, 4.0),
    changes=lambda ms: {"services": {"near": {"rtt_ms": ms}}},
)


def cures_from(least_ms, tried):
    def cures(changes):
        tried.append(changes["services"]["near"]["rtt_ms"])
        return tried[-1] >= least_ms

    return cures


def test_the_mildest_step_that_cures_is_found_and_nothing_below_the_hint_is_tried():
    tried = []
    assert BOUND.smallest(cures_from(3.5, tried)) == (3.5, True, True)
    assert min(tried) == 2.5
    tried.clear()
    assert replace(BOUND, hint=3.0).smallest(cures_from(3.5, tried)) == (3.5, True, True)
    assert min(tried) == 3.0


def test_without_time_the_hint_is_the_least_that_could_do():
    assert BOUND.smallest(lambda _: None) is None
    known = replace(BOUND, hint=3.0).smallest(lambda _: None)
    assert known == (3.0, False, False)
    repair = replace(of_ladder(None, BOUND, known), cures=(1,))
    assert sentence(repair, "USD") == (
        "a bound of 3.000000 ms for near (instead of 2): with less, bottleneck 1 stays; whether it "
        "is enough was not tried"
    )
    assert not repair.all
    assert repair.to_document()["at_least"]


def test_a_step_that_was_seen_to_fail_is_not_told_as_untried():
    answers = iter([False, None])
    late = replace(BOUND, hint=3.0).smallest(lambda _: next(answers))
    assert late == (3.5, False, False)
    answers = iter([False, None])
    share = replace(BOUND, values=(0.0,), most=0.0, stated=1.0, hint=0.5)
    assert share.smallest(lambda _: next(answers)) is None


def test_of_a_promise_it_is_more_that_would_not_do():
    known = Repair(
        kind="less demand", id="near", name="near", unit="share", stated=1.0, amount=0.5,
        changes={}, cures=(1,), at_least=True,
    )  # fmt: skip
    assert "with more promised, bottleneck 1 stays" in sentence(known, "USD")
