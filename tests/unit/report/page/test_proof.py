"""The part on proof says what of all that was asked for is not proven."""

import copy

import pytest

from microdc.placement.store import read_plan
from microdc.report.page.sections.opening import opening
from microdc.report.page.sections.proof import proof

UNPROVEN = "fewest-sites is not proven (2 new site(s), at least 1)"


@pytest.fixture
def document(planned) -> dict:
    return copy.deepcopy(read_plan(planned("tiny-fewest")).to_document())


def test_the_bound_is_told_as_that_of_plans_as_good(document):
    assert "The bound holds of every plan of the scenario that builds as few sites" in proof(
        document
    )
    assert "no such plan costs less" in opening(document)


@pytest.mark.parametrize(
    ("status", "how"),
    [
        ("time limit", "The search ended on time"),
        ("interrupted", "The search was ended on request"),
        ("stalled", "The search could come no nearer"),
    ],
)
def test_a_missed_objective_is_not_told_as_a_missed_gap(document, status, how):
    document["status"] = status
    document["certificate"]["reached"] = [{"objective": "fewest-sites", "value": 2.0, "bound": 1.0}]
    assert f"{how}: {UNPROVEN}." in proof(document)
    document["certificate"]["gap"] = 0.1
    assert f"{how}: {UNPROVEN}; the gap asked for was not reached." in proof(document)


def test_a_bound_of_split_service_is_not_blamed_on_the_solver(document):
    document["status"] = "stalled"
    document["certificate"] |= {"gap": 0.1, "bound_of_split": True}
    text = proof(document)
    assert "could come no nearer: no better bound is known than that of plans that split" in text
    assert "tolerances" not in text
