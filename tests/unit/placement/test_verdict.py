"""What the verdict says of a search that came no nearer: what is in the way, and no more."""

import pytest

from microdc.placement.verdict import verdict

TOLERANCES = "As near as the solver's tolerances allow: it is within"
OF_SPLIT = "no better bound is known than that of plans that split places between sites"


def document(objective: str, status: str, **proven: object) -> dict:
    """Give what a verdict reads of a plan that builds nothing, its cost within the gap."""
    money = {"cost_mn_yr": 10.0, "bound_mn_yr": 9.999, "gap": 1e-4, "gap_avoidable": 1e-3}
    known = {"asked_gap": 1e-3, "unserved_mw_it": 3.0, "unserved_bound_mw_it": None, "reached": []}
    service = {"demand_mw_it": 9.0, "served_mw_it": 6.0, "out_of_reach_mw_it": 0.0}
    service |= {"worst_rtt_ms": 1.0, "mean_rtt_ms": 1.0, "rtt_bound_ms": 5.0}
    return {
        "objective": objective, "status": status, "currency": "USD", "sites": [], "hubs": [],
        "services": [service], "certificate": {**money, **known, **proven},
    }  # fmt: skip


def fewest(bound: float) -> list[dict]:
    return [{"objective": "fewest-sites", "value": 7.0, "bound": bound}]


def test_the_solver_is_blamed_where_nothing_else_is_in_the_way():
    assert TOLERANCES in verdict(document("least-cost", "stalled"))
    assert TOLERANCES in verdict(document("fewest-sites", "stalled", reached=fewest(7.0)))


@pytest.mark.parametrize("status", ["stalled", "time limit", "interrupted"])
def test_an_objective_that_is_not_proven_is_not_blamed_on_the_solver(status):
    told = verdict(document("fewest-sites", status, reached=fewest(5.0)))
    assert "tolerances" not in told
    assert "within 0.01 % of the best such plan" in told
    assert "It builds 7 new site(s); fewer than 5 are proven impossible." in told


def test_a_bound_of_split_service_is_told_beside_the_objective_that_it_bounds():
    told = verdict(
        document("fewest-sites", "stalled", reached=fewest(5.0), reached_of_split=["fewest-sites"])
    )
    assert f"fewer than 5 are proven impossible ({OF_SPLIT})." in told
    assert told.count(OF_SPLIT) == 1


def test_the_same_is_told_of_service():
    told = verdict(
        document(
            "most-served", "stalled", unserved_bound_mw_it=0.0, reached_of_split=["most-served"]
        )
    )
    assert f"the most that any plan can serve (9.00 MW IT; {OF_SPLIT}); its cost is" in told
    assert "of the best such plan" in told
    assert "tolerances" not in told
