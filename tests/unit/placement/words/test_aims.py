"""Of which plans a bound on cost holds, and which objectives before cost are not proven."""

import pytest

from microdc.placement.words.aims import AS_GOOD, no_plan, such, unproven, whose

FEWEST = {"objective": "fewest-sites", "value": 7.0, "bound": 7.0}
MEAN = {"objective": "least-mean-rtt", "value": 1.0, "bound": 0.9995}
WORST = {"objective": "least-worst-rtt", "value": 1.3341, "bound": 1.2}
SERVICES = [{"demand_mw_it": 100.0}]


def document(objective: str, *reached: dict, **more: object) -> dict:
    proven = {"asked_gap": 0.001, "unserved_mw_it": 10.0, "unserved_bound_mw_it": None}
    proven |= {"reached": list(reached)}
    proven |= {key: more.pop(key) for key in tuple(more) if key in proven}
    return {"objective": objective, "certificate": proven, "services": SERVICES, **more}


DIFFERS = {"leaves_out": 2, "fleets": [["a", "b"]], "within": 0.1}


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (document("least-cost"), ""),
        (document("most-served"), " that serves as much"),
        (document("fewest-sites", FEWEST), " that builds as few sites"),
        (
            document("fewest-sites, least-mean-rtt", FEWEST, MEAN),
            " that builds as few sites and answers in 1 ms in the mean",
        ),
        (document("least-worst-rtt", WORST), " that answers within 1.3341 ms"),
        (
            document("fewest-sites", FEWEST, alternative=DIFFERS),
            " that leaves out at least 2 site(s) of fleet 1 and builds as few sites",
        ),
        (document("least-cost", stage={"name": "pilots"}), " of this stage alone"),
    ],
)
def test_a_bound_on_cost_says_of_which_plans_it_holds(told, says):
    assert whose(told) == says
    assert no_plan(told) == ("no such plan" if says else "no plan")


def test_what_an_older_result_does_not_tell_is_told_in_general():
    assert such("least-worst-rtt, most-served", []) == AS_GOOD


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (document("least-cost"), []),
        (document("fewest-sites", FEWEST), []),
        (
            document("fewest-sites", {**FEWEST, "bound": 5.0}),
            ["fewest-sites is not proven (7 new site(s), at least 5)"],
        ),
        (document("least-mean-rtt", MEAN), []),  # within the gap
        (
            document("least-mean-rtt", {**MEAN, "bound": 0.9}),
            ["least-mean-rtt is not proven (1.000 ms, at least 0.900)"],
        ),
        (
            document("least-worst-rtt", WORST),
            ["least-worst-rtt is not proven (1.335 ms, at least 1.200)"],
        ),
        (document("most-served", unserved_bound_mw_it=9.95), []),  # 0.05 of 90 served
        (
            document("most-served", unserved_bound_mw_it=9.5),
            ["most-served is not proven (10.00 MW IT unserved, at least 9.50)"],
        ),
        (document("fewest-sites", {**FEWEST, "bound": 6.5}, alternative=DIFFERS), []),
        (document("most-served", unserved_bound_mw_it=9.5, stage={"name": "pilots"}), []),
    ],
)
def test_an_objective_that_is_not_proven_is_told_with_its_value_and_bound(told, says):
    assert list(unproven(told)) == says
