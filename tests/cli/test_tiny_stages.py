"""Stages planned together: every figure here stands in scenarios/tiny-stages/README.md."""

import json
import shutil
from copy import deepcopy
from hashlib import sha256
from pathlib import Path

import pytest

from microdc.inputs.read import read_region
from microdc.placement.verify import broken_promises
from microdc.placement.verify.stages import broken_across_stages
from microdc.report.staged.shown import in_words
from microdc.scenario import load_scenario, scenario_of_stage
from microdc.scenario.parts.stages.staged import months_that_count
from microdc.solve.highs import Clock
from microdc.studies.staging import plan_against_alone

HERE = Path(__file__).parents[2] / "scenarios" / "tiny-stages"
FOLDER = Path("plans/tiny-stages")


@pytest.fixture(scope="module")
def as_it_is(tmp_path_factory):
    """Plan it once as it ships, each stage alone too; give where both are."""
    place = tmp_path_factory.mktemp("stages")
    shutil.copytree(HERE, place / "tiny-stages")
    plan_against_alone(
        place / "tiny-stages",
        place / FOLDER,
        force=False,
        overrides={},
        watch=lambda _: None,
        clock=Clock(60.0),
    )
    return place


@pytest.fixture
def programme(as_it_is, tmp_path, monkeypatch):
    """Give a copy of scenario and plan to change, in the working folder; and what it says."""
    shutil.copytree(as_it_is, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return json.loads((FOLDER / "stages.json").read_text("utf-8"))


@pytest.fixture
def tiny_stages(copy_of):
    """Give a copy of scenarios/tiny-stages to change, in an empty working folder."""
    return copy_of("tiny-stages")


@pytest.fixture
def planned(run, tiny_stages):
    """Plan it with something in its file replaced; give the answer."""

    def answer(old, new):
        file = tiny_stages / "scenario.yaml"
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")
        return run("plan", tiny_stages, "--json", "--quiet", "--time-limit", "60")

    return answer


def sizes_mw(stage):
    document = json.loads((FOLDER / stage / "plan.json").read_text("utf-8"))
    return {site["id"]: site["mw"] for site in document["sites"]}


PILOT = "max_sites: 1, demand_growth: 0.5"


def test_the_road_is_the_one_the_hand_finds(programme):
    assert programme["cost_mn"] == pytest.approx(92, abs=1e-3)
    assert programme["bound_mn"] == pytest.approx(92, abs=1e-2)
    assert (sizes_mw("pilot"), sizes_mw("fleet")) == ({"middle": 5}, {"middle": 10})
    assert programme["stages"][1]["grown"] == [{"id": "middle", "from_mw": 5.0, "to_mw": 10.0}]
    assert [one["weight"] for one in programme["stages"]] == pytest.approx([2, 8])


@pytest.mark.parametrize(
    ("old", "new", "cost", "fleet"),
    [
        ("horizon_years: 8", "horizon_years: 20", 205, {"west": 5, "east": 5}),
        (PILOT, f"{PILOT}, budget_mn: 50", 97, {"west": 5, "east": 5}),
        ("begins: 2026-06", "begins: 2026-06, lead_times: {months: 7}", 104, None),
        (
            "horizon_years: 8",
            "horizon_years: 20, pilots: first-stage",
            212,
            {"middle": 10},
        ),
    ],
    ids=["far horizon", "poor pilot", "lead times", "pilots that look no further"],
)
def test_another_road_is_the_one_the_hand_finds(planned, old, new, cost, fleet):
    answer = planned(old, new)
    assert answer.code == 0, answer.err
    assert json.loads(answer.out)["cost_mn"] == pytest.approx(cost, abs=1e-3)
    assert fleet is None or sizes_mw("fleet") == pytest.approx(fleet)
    assert bool(sizes_mw("pilot")) == (fleet is not None)


def test_no_site_is_of_a_class_that_has_power_too_late(planned):
    slow = "[{connection_mn: 0, months: 6}, {above_mw: 5, connection_mn: 0, months: 40}]"
    answer = planned("pue: 1.25", f"pue: 1.25, tiers: {slow}")
    assert answer.code == 0, answer.err
    assert json.loads(answer.out)["cost_mn"] == pytest.approx(2 * 6 + 8 * 10.5, abs=1e-3)
    assert sizes_mw("fleet")["middle"] == 5  # a fleet in 2028 is 30 months after June 2026


def test_verify_alone_tells_of_a_size_class_that_is_late(planned):
    slow = "[{connection_mn: 0}, {above_mw: 5, connection_mn: 0, months: 30}]"
    planned("pue: 1.25", f"pue: 1.25, tiers: {slow}")
    assert sizes_mw("fleet")["middle"] == 10
    scenario, plan = Path("tiny-stages/scenario.yaml"), FOLDER / "fleet" / "plan.json"
    before = sha256(scenario.read_bytes()).hexdigest()
    text = scenario.read_text("utf-8").replace("begins: 2026-06", "begins: 2026-12")
    scenario.write_text(text, "utf-8")
    after = sha256(scenario.read_bytes()).hexdigest()
    plan.write_text(plan.read_text("utf-8").replace(before, after), "utf-8")
    (late,) = broken_promises(plan.parent)  # it is a plan of the later start, but for this
    assert "middle: a site of class" in late
    assert "has no power before 2029-06" in late


@pytest.mark.parametrize(("likely", "cost", "pilot"), [(0.9, 204, "middle"), (0.95, 205, None)])
def test_pilots_are_those_of_least_expected_cost_over_futures(
    run, tiny_stages, likely, cost, pilot
):
    file = tiny_stages / "scenario.yaml"
    text = file.read_text("utf-8").replace("horizon_years: 8", "horizon_years: 20")
    low = f"{{name: low, probability: {1 - likely:.2f}, demand_growth: 0.5}}"
    high = f"{{name: high, probability: {likely}}}"
    file.write_text(f"{text}futures: [{low}, {high}]\n", "utf-8")
    options = ["--against-alone"] if pilot else []
    told = json.loads(run("plan", tiny_stages, "--json", "--quiet", *options).out)
    assert told["cost_mn"] == pytest.approx(cost, abs=1e-3)
    assert [one["name"] for one in told["stages"]] == ["pilot", "fleet-low", "fleet-high"]
    assert (told["stages"][0]["added"] == [pilot]) == bool(pilot)
    if pilot:
        in_low, in_high = told["futures"]
        assert (in_low["cost_mn"], in_high["cost_mn"]) == pytest.approx((132, 212))
        assert in_low["best"]["cost_mn"] == pytest.approx(132)
        assert in_high["best"]["cost_mn"] == pytest.approx(205)
        assert {one["id"]: one["first"] for one in told["appears"]}["middle"] == pytest.approx(0.1)
        assert broken_across_stages(FOLDER) == []


@pytest.mark.parametrize(
    ("before", "months"),
    [("2028-12", [24, 0]), ("2029-06", [24, 6]), ("2027-01", [1, 0]), ("", [24, 96])],
)
def test_a_stage_counts_for_its_months_before_the_date(tiny_stages, before, months):
    file = tiny_stages / "soonest.yaml"
    until = f"{{served_before: {before}}}" if before else "{}"
    text = file.read_text("utf-8").replace("{served_before: 2028-12}", until)
    file.write_text(text, "utf-8")
    assert months_that_count(load_scenario(file)) == months


@pytest.mark.parametrize(
    ("risk", "comes_to", "expected", "pilot"),
    [
        ("cvar, cvar_level: 0.01", (0.9 * 212 + 0.09 * 132) / 0.99, 204, "middle"),
        pytest.param("worst-cost", 205, 205, None, marks=pytest.mark.long),
    ],
)
def test_a_risk_over_futures_is_the_one_the_hand_finds(
    run, tiny_stages, risk, comes_to, expected, pilot
):
    file = tiny_stages / "unsure.yaml"
    text = file.read_text("utf-8").replace("risk: worst-regret", f"risk: {risk}")
    if "cvar" in risk:
        text = text.replace("0.05, demand", "0.1, demand").replace("0.95}", "0.9}")
    file.write_text(text, "utf-8")
    answer = run("plan", file, "--json", "--quiet", "--time-limit", "60")
    assert answer.code == 0, answer.err
    told = json.loads(answer.out)
    assert told["cost_mn"] == pytest.approx(comes_to, abs=1e-3)
    assert comes_to - 0.01 <= told["bound_mn"] <= told["cost_mn"]
    assert told["expected_mn"] == pytest.approx(expected, abs=1e-2)
    assert (told["stages"][0]["added"] == ["middle"]) == (pilot == "middle")
    costs = {one["name"]: one["cost_mn"] for one in told["futures"]}
    road = {"low": 132, "high": 212} if pilot else {"low": 205, "high": 205}
    assert costs == pytest.approx(road, abs=1e-3)
    assert broken_across_stages(Path(told["folder"])) == []


def test_the_least_regret_is_the_one_the_hand_finds_and_verify_looks_at_it(run, tiny_stages):
    answer = run("plan", tiny_stages / "unsure.yaml", "--json", "--quiet", "--time-limit", "60")
    told = json.loads(answer.out)
    folder = Path(told.pop("folder"))
    assert told["cost_mn"] == pytest.approx(7, abs=2e-2)
    assert 6.98 <= told["bound_mn"] <= 7.0
    assert told["expected_mn"] == pytest.approx(208, abs=1e-2)
    assert told["stages"][0]["added"] == ["middle"]
    assert broken_across_stages(folder) == []
    assert "7.01 M USD more than the best programme that knew" in in_words(told)
    best = told["futures"][0]["best"]
    wrong = [
        ({"cost_mn": 5.0}, "the cost is said to be 5.0"),
        ({"bound_mn": 9.0}, "is above the cost"),
        ({"gap": 0.1}, "the gap is said to be 10"),
        ({"expected_mn": 1.0}, "is said to be expected"),
        ({"risk": "worst-cost"}, "the scenario says otherwise"),
        ({"futures": []}, "is not said: its risk is worst-regret"),
        ({"futures": [{**told["futures"][0], "cost_mn": 1.0}, told["futures"][1]]}, "it is 132"),
        (
            {
                "futures": [
                    {**told["futures"][0], "best": {**best, "bound_mn": 100.0}},
                    told["futures"][1],
                ]
            },
            "the stages give 32",
        ),
    ]
    for change, says in wrong:
        (folder / "stages.json").write_text(json.dumps({**told, **change}), "utf-8")
        assert says in "\n".join(broken_across_stages(folder)), change


def test_most_is_served_before_a_date(run, tiny_stages):
    file = tiny_stages / "soonest.yaml"
    assert run("plan", file, "--against-alone").code == 2  # it compares costs
    answer = run("plan", file, "--json", "--quiet", "--time-limit", "60")
    assert answer.code == 0, answer.err
    told = json.loads(answer.out)
    timed = told["time_to_power"]
    assert timed["served_mw_months"] == pytest.approx(96, abs=1e-3)
    assert timed["at_most_mw_months"] == pytest.approx(96, abs=1e-2)
    assert told["cost_mn"] == pytest.approx(188, abs=1e-3)  # the cheapest road costs 97
    assert told["stages"][0]["added"] == ["middle"]
    assert "It serves 96.0 MW-months of IT before 2028-12" in in_words(told)
    folder = Path(told["folder"])
    assert broken_across_stages(folder) == []
    for key, wrong, says in (
        ("served_mw_months", 1.0, "are said to be served"),
        ("at_most_mw_months", 90.0, "are said to be possible"),
        ("at_most_mw_months", 1e4, "status within gap"),
        ("before", "2027-12", "asked is before"),
    ):
        changed = {**told, "time_to_power": {**timed, key: wrong}}
        changed.pop("folder")
        (folder / "stages.json").write_text(json.dumps(changed), "utf-8")
        assert says in "\n".join(broken_across_stages(folder)), key


@pytest.mark.parametrize(("completed", "mw"), [("Dec-28", 10), ("2029-01", 5)])
def test_works_count_from_the_month_in_which_they_are_complete(tiny_stages, completed, mw):
    (tiny_stages / "works.csv").write_text(f"id,completed,more_mw\nmiddle,{completed},5\n", "utf-8")
    fleet = scenario_of_stage(load_scenario(tiny_stages), "fleet")
    assert read_region(fleet).substations["headroom_mw"]["middle"] == mw


def test_the_price_of_nestedness_is_told_with_the_best_of_each_stage(programme):
    assert [one["alone"]["cost_mn_yr"] for one in programme["stages"]] == pytest.approx([6, 9])
    price = programme["nestedness"]
    assert price["cost_mn"] == pytest.approx(8, abs=1e-3)
    assert price["at_least_mn"] == pytest.approx(8, abs=2e-2)
    assert price["at_most_mn"] == pytest.approx(8, abs=2e-2)
    assert "that what is built stays costs 8.00 M USD" in in_words(programme)


def test_a_programme_is_kept_and_each_stage_is_a_plan_of_its_own(programme, run):
    assert run("verify", FOLDER).code == 0
    assert "prove the bound, 8.99 M USD" in run("verify", FOLDER / "fleet", "--bound").out
    assert run("verify", FOLDER, "--bound").code == 2
    assert run("export", FOLDER / "fleet", "--to", "csv").code == 0
    said = run("explain", FOLDER / "fleet", "--site", "east", "--site", "middle", "--quiet").out
    assert "1 site(s) built before fleet stay" in " ".join(said.split())
    assert "without it the cost falls by 1.00" in " ".join(said.split())


def test_a_programme_is_replaced_only_if_asked_and_if_all_in_it_is_ours(programme, run):
    assert run("plan", "tiny-stages", "--quiet").code == 2
    shown = run("plan", "tiny-stages", "--quiet", "--force")
    assert shown.code == 0
    assert "1 grow by 5.0 MW" in shown.out
    (FOLDER / "fleet" / "notes.txt").write_text("mine", "utf-8")
    assert run("plan", "tiny-stages", "--quiet", "--force").code == 2


BREAKS = {
    "a weight": (lambda told: told["stages"][0].update(weight=3.0), "counts for 2.0"),
    "the cost": (lambda told: told.update(cost_mn=91.0), "the stages give 92.0"),
    "the bound": (lambda told: told.update(bound_mn=93.0), "is above the cost"),
    "a date": (lambda told: told["stages"][1].update({"from": "2029-01"}), "said is otherwise"),
    "what grew": (lambda told: told["stages"][1].update(grown=[]), "said to have grown"),
    "what is new": (lambda told: told["stages"][0].update(added=[]), "said to be added"),
    "an order": (lambda told: told["stages"].reverse(), "the stages are fleet, pilot"),
    "a figure": (lambda told: told["stages"][1].update(mw=12.0), "its plan gives 10.0"),
    "the rate": (lambda told: told.update(discount_rate=0.1), "the scenario's is 0"),
}


def test_verify_finds_what_a_programme_breaks(programme):
    assert broken_across_stages(FOLDER) == []
    for name, (break_it, says) in BREAKS.items():
        told = deepcopy(programme)
        break_it(told)
        (FOLDER / "stages.json").write_text(json.dumps(told), "utf-8")
        assert says in "\n".join(broken_across_stages(FOLDER)), name


def test_a_site_that_is_lost_on_the_way_breaks_the_promise(programme, run):
    file = FOLDER / "pilot" / "plan.json"
    plan = json.loads(file.read_text("utf-8"))
    plan["sites"][0]["id"] = "west"
    file.write_text(json.dumps(plan), "utf-8")
    answer = run("verify", FOLDER)
    assert answer.code == 7
    assert "west was built before and is no site any more" in answer.err


def test_the_plan_of_another_stage_is_found_out(programme):
    shutil.rmtree(FOLDER / "fleet")
    shutil.copytree(FOLDER / "pilot", FOLDER / "fleet")
    assert "fleet: the plan in its folder is of another stage" in broken_across_stages(FOLDER)[0]


@pytest.mark.parametrize(
    ("old", "new", "code", "says"),
    [
        ("by: 2028-12", "by: 2026-12", 3, "is no later month"),
        ("name: fleet", "name: Pilot", 3, "is used before"),
        ("name: fleet", "name: a.b", 3, "has a point"),
        ("by: 2028-12", "by: 2028-12, max_sites: 0", 3, "is less than in the stage before"),
        ("by: 2028-12", "by: 2028-12, min_served: {fast: 1}", 3, "is no service"),
        ("begins: 2026-06", "begins: 2027-01", 3, "is after the first stage"),
        ("works:", "objective: fewest-sites\nworks:", 3, "together with stages"),
        ("begins: 2026-06", "served_before: 2029-01", 3, "if not most is to be served"),
        (
            "programme: {",
            "objective: most-served\nprogramme: {served_before: 2026-12, ",
            3,
            "is not after the first stage",
        ),
        ("works:", "futures: {name: a, probability: 0.5}\nworks:", 3, "do not sum to 1"),
        ("begins: 2026-06", "risk: worst-cost", 3, "means nothing without futures"),
        ("begins: 2026-06", "risk: cvar", 3, "needs a level"),
        ("begins: 2026-06", "cvar_level: 0.5", 3, "is that of cvar"),
        (PILOT, "max_sites: 0, min_served: {near: 1}", 4, "stage pilot:"),
    ],
)
def test_what_cannot_be_is_told_by_name(planned, old, new, code, says):
    answer = planned(old, new)
    assert answer.code == code
    assert says in answer.err


def test_other_commands_say_that_stages_are_planned_together(run, tiny_stages):
    assert run("check", tiny_stages).code == 0
    for command in (("frontier", tiny_stages, "--x", "sites"), ("explain", tiny_stages)):
        answer = run(*command)
        assert answer.code == 2
        assert "stages, which are planned together" in answer.err
    assert run("plan", tiny_stages, "--against-firm").code == 2
    late = run("plan", tiny_stages, "--quiet", "--time-limit", "0")
    assert late.code == 5


def test_against_alone_needs_stages(run, tiny):
    assert run("plan", tiny, "--against-alone").code == 2


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("nowhere,2028-06,5", "is no substation or limit"),
        ("midle,2028-06,5", "did you mean middle?"),
        ("middle,soon,5", "is not a date"),
        ("middle,2028-06,", "states no headroom"),
        ("middle,2028-06,-1", "is out of range"),
    ],
)
def test_a_faulty_row_of_works_is_named(run, tiny_stages, row, says):
    (tiny_stages / "works.csv").write_text(f"id,completed,more_mw\n{row}\n", "utf-8")
    answer = run("plan", tiny_stages, "--quiet")
    assert answer.code == 3
    assert says in answer.err
    assert "works.csv: row 2" in answer.err
