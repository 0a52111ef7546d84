"""Tables show what plan.json says, and other people's text as it is."""

import copy
from types import SimpleNamespace

import pytest
from rich.console import Console, RenderableType

from microdc.report.brief import in_brief
from microdc.report.tables import plan_shown
from microdc.report.tables.alternatives import alternatives
from microdc.report.tables.costs import assumptions
from microdc.report.tables.grid import over_promise
from microdc.report.tables.hosts import sites
from microdc.report.tables.layout import MOST_ROWS
from microdc.report.words import number, percent, plain

SITE = {
    "id": "west", "name": "West", "mw": 15.0, "existing_mw": 0.0, "load_mw": 15.0,
    "utilisation": 1.0, "pue": 1.25, "racks": 90.9, "gpus": 6545.0,
    "substation": "west", "feeder_km": 0.0,
    "headroom_mw": 15.0, "worst_rtt_ms": 1.335, "mean_rtt_ms": 1.335,
    "facility_mn_yr": 12.0, "site_mn_yr": 0.1, "connection_mn_yr": 0.4,
}  # fmt: skip
SERVICE = {
    "service": "near", "rtt_bound_ms": 2.0, "demand_mw_it": 7.0, "served_mw_it": 6.0,
    "served_share": 6 / 7, "out_of_reach_mw_it": 1.0, "worst_rtt_ms": 1.335,
    "mean_rtt_ms": 1.335, "racks": 45.5, "gpus": 3273.0, "queries_per_s": 1667.0,
    "load_mw": 7.5, "tokens_per_s": 9_000_000.0,
    "unserved_mn_yr": 4.0,
}  # fmt: skip
NODE = {"id": "harbour", "name": "Harbour", "limit_mw": 15.0, "below_mw": 35.0,
        "allowed_mw": 15.0, "binds": True, "used_mw": 15.0}  # fmt: skip
DOCUMENT = {
    "status": "within gap", "objective": "least-cost", "currency": "USD", "verdict": "It holds.",
    "certificate": {
        "cost_mn_yr": 16.5, "bound_mn_yr": 16.5, "gap": 0.0, "gap_avoidable": float("inf"),
        "asked_gap": 0.001, "seconds": 1.0, "unserved_mw_it": 1.0, "unserved_bound_mw_it": 1.0,
    },
    "cost_mn_yr": {"facility": 12.0, "site": 0.1, "connection": 0.4, "unserved": 4.0},
    "capital_mn": 125.0,
    "sites": [SITE],
    "hubs": [],
    "services": [SERVICE],
    "over_promise": {"nodes": 1, "sum_mw": 35.0, "allowed_mw": 15.0, "binding": 1, "unit": "MW",
                     "rows": [NODE]},
    "assumptions": [{"key": "sites.pue", "value": 1.25, "unit": "ratio", "source": "a survey"}],
    "not_checked": ["voltage"], "warnings": [], "attributions": ["Made up, CC0"],
}  # fmt: skip


def shown(*renderables: RenderableType) -> str:
    console = Console(width=120, record=True, quiet=False, file=None, color_system=None)
    with console.capture() as captured:
        console.print(*renderables)
    return captured.get()


def test_a_plan_shows_verdict_gaps_sites_and_what_is_not_checked():
    plan = SimpleNamespace(to_document=lambda: DOCUMENT)
    text = shown(*plan_shown(plan))
    for told in ("It holds.", "16.50", "gap on the avoidable cost", "west West", "12.50", "85.7 %",
                 "sites.pue", "voltage", "Made up, CC0", "1,667", "6,545",
                 "least unserved, proven"):  # fmt: skip
        assert told in text
    assert "Warnings" not in text


def test_a_long_list_of_sites_ends_with_how_many_more():
    many = [{**SITE, "id": f"s{k}", "mw": float(k)} for k in range(MOST_ROWS + 2)]
    text = shown(sites(many, "USD"))
    assert "... and 2 more" in text
    assert text.index("s31 ") < text.index("s2 ")


def test_a_site_on_a_parcel_says_who_feeds_it():
    field = {**SITE, "id": "field", "name": "Field", "feeder_km": 2.25}
    assert "field Field, 2.2 km from west" in shown(sites([field], "USD"))


def test_markup_in_a_name_is_shown_and_not_obeyed():
    text = shown(sites([{**SITE, "name": "[bold]W[/]\x1b[31m"}], "[red]"))
    assert "[bold]W[/]" in text
    assert "\x1b" not in text
    assert "[red]" in text


def test_over_promise_says_sum_and_allowance():
    text = " ".join(shown(over_promise(DOCUMENT["over_promise"])).split())
    assert "promises 35.0 MW; the power tree allows 15.0 MW; 1 of them bind" in text
    assert "harbour Harbour" in text


def test_over_promise_without_a_tree_says_so():
    assert "No shared limits" in shown(over_promise({"nodes": 0}))


def test_over_promise_shows_the_worst_ten():
    report = copy.deepcopy(DOCUMENT["over_promise"])
    report["rows"] = [{**NODE, "id": f"n{k}", "below_mw": 20.0 + k} for k in range(12)]
    text = shown(over_promise(report))
    assert "n11" in text
    assert "n0 " not in text
    assert "... and 2 more" in text


def test_no_assumptions_are_said_to_be_none():
    assert "No defaults" in shown(assumptions([]))


def test_the_brief_has_what_scripts_read():
    brief = in_brief(DOCUMENT)
    assert brief["mw"] == 15
    assert brief["served_share"] == pytest.approx(6 / 7)
    assert brief["worst_rtt_ms"] == 1.335
    assert brief["gap_avoidable"] is None


def test_the_brief_has_what_each_objective_came_to_and_what_is_proven():
    document = copy.deepcopy(DOCUMENT) | {"most_mean_rtt_ms": 2.0}
    reached = [{"objective": "fewest-sites", "value": 1.0, "bound": 1.0}]
    document["certificate"] |= {"reached": reached}
    brief = in_brief(document)
    assert brief["reached"] == reached
    assert (brief["unserved_mw_it"], brief["unserved_bound_mw_it"]) == (1.0, 1.0)
    assert brief["most_mean_rtt_ms"] == 2.0
    assert in_brief(DOCUMENT)["reached"] == []


def test_that_there_are_no_more_fleets_is_told_of_those_nearly_as_good():
    fleet = {**in_brief(DOCUMENT), "above_best": 0.0, "other_sites": 0}
    told = {"fleets": [fleet | {"objective": "fewest-sites"}], "sites": [], "within": 0.01,
            "leaves_out": 1, "asked": 1, "next": "no more", "next_bound_mn_yr": 17.0}  # fmt: skip
    text = " ".join(shown(*alternatives(told, "USD")).split())
    assert "that is nearly as good differs so and costs less than 17.00 M a year" in text


def test_the_brief_of_an_empty_plan_has_no_worst_round_trip():
    document = copy.deepcopy(DOCUMENT) | {"sites": []}
    document["services"][0] |= {"worst_rtt_ms": float("nan"), "served_mw_it": 0.0}
    assert in_brief(document)["worst_rtt_ms"] is None


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0 %"), (0.00023, "0.023 %"), (0.5, "50 %"), (None, "–"), (float("inf"), "–")],
)
def test_shares_read_as_per_cent(share, text):
    assert percent(share) == text


def test_a_number_that_is_none_is_a_dash():
    assert (number(None), number(float("nan")), number(1234.5)) == ("–", "–", "1,234.50")


def test_plain_text_cannot_move_the_cursor():
    assert plain("a\x1b[2Jb\nc").plain == "a\N{REPLACEMENT CHARACTER}[2Jb\nc"
