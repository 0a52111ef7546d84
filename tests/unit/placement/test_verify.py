"""Who is told what: a plan that cannot be read, inputs that are gone, promises that are broken."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from microdc.errors import InputError
from microdc.placement.verify import broken_promises
from microdc.placement.verify.facts import differ, told
from microdc.placement.verify.money import per_year
from microdc.placement.verify.sites import is_sum, sum_of_modules
from microdc.scenario import Annuity
from microdc.solve.highs import Clock
from microdc.workflow import plan_scenario

TINY = Path(__file__).parents[3] / "scenarios" / "tiny"


@pytest.fixture
def inputs(tmp_path) -> Path:
    return Path(shutil.copytree(TINY, tmp_path / "tiny"))


@pytest.fixture
def folder(inputs, planned_tiny) -> Path:
    """Give a copy of the plan that follows from the inputs as they are."""
    return Path(shutil.copytree(planned_tiny / "plans" / "tiny", inputs.parent / "plans" / "tiny"))


def planned(inputs: Path) -> Path:
    out, clock = inputs.parent / "plan", Clock(30)
    plan_scenario(inputs, out, force=False, overrides={}, watch=lambda _: None, clock=clock)
    return out


def rewrite(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def edit(folder: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    path = folder / "plan.json"
    document = json.loads(path.read_text("utf-8"))
    change(document)
    path.write_text(json.dumps(document), encoding="utf-8")


def test_a_sound_plan_breaks_nothing(folder):
    assert broken_promises(folder) == []


def test_a_plan_stays_sound_where_it_is_moved_with_its_inputs(folder, inputs):
    moved = inputs.parent.rename(inputs.parent.with_name("elsewhere"))
    assert broken_promises(moved / folder.relative_to(inputs.parent)) == []


def test_a_plan_that_builds_nothing_is_sound(inputs):
    rewrite(inputs / "scenario.yaml", ("unserved_mn_per_mw_yr: 4", "unserved_mn_per_mw_yr: 0.1"),
            ("unserved_mn_per_mw_yr: 1.5", "unserved_mn_per_mw_yr: 0.1"))  # fmt: skip
    assert broken_promises(planned(inputs)) == []


def test_a_plan_without_a_power_tree_is_sound(inputs):
    rewrite(inputs / "substations.csv", ("harbour,true", ",true"))
    assert broken_promises(planned(inputs)) == []


@pytest.mark.parametrize("rule", ["max_sites: 1", "budget_mn: 120"])
def test_a_plan_that_serves_most_is_sound(inputs, rule):
    rewrite(
        inputs / "scenario.yaml",
        ("sites:\n", f"objective: most-served\nlimits: {{{rule}}}\nsites:\n"),
    )
    folder = planned(inputs)
    assert broken_promises(folder) == []
    edit(folder, lambda document: document["certificate"].update(unserved_bound_mw_it=20.0))
    says = "no plan leaves less than 20.0000 MW IT unserved, says the plan"
    assert any(line.startswith(says) for line in broken_promises(folder))


def test_a_verdict_that_claims_more_is_found(folder):
    edit(folder, lambda document: document.update(verdict="This plan is optimal."))
    assert broken_promises(folder) == ["the verdict says something else"]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("sites.geojson", '"mw": 15.0', '"mw": 16.0'),
        ("sites.geojson", "-30.0", "-31.0"),
        ("sites.geojson", '"id": "west"', '"id": "east"'),
        ("service.geojson", '"mw_it": 4.0', '"mw_it": 5.0'),
    ],
)
def test_a_map_that_shows_something_else_is_found(folder, name, old, new):
    text = (folder / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), "utf-8")
    assert [line.split(":")[0] for line in broken_promises(folder)] == [name]


@pytest.mark.parametrize("name", ["plan.json", "service.parquet"])
@pytest.mark.parametrize("content", [None, b"", b"{", b"\xff\xfe", b"[1]", b'{"format": 1}'])
def test_a_damaged_file_is_named(folder, name, content):
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_bytes(content)
    with pytest.raises(InputError, match=name):
        broken_promises(folder)


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match=r"nowhere.*plan\.json: there is no such file"):
        broken_promises(tmp_path / "nowhere")


def test_a_plan_of_another_format_is_refused(folder):
    edit(folder, lambda document: document.update(format=2))
    with pytest.raises(InputError, match="not a plan of this version; allowed: format 1"):
        broken_promises(folder)


def test_every_missing_and_unknown_key_is_told(folder):
    def change(document: dict[str, Any]) -> None:
        del document["sites"][0]["mw"]
        document["certificate"]["proof"] = "trust me"

    edit(folder, change)
    with pytest.raises(InputError, match=r"(?s)certificate\.proof.*sites\.0\.mw") as refused:
        broken_promises(folder)
    assert len(refused.value.faults) == 2


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda rows: rows.drop(columns="site"), "has other columns"),
        (lambda rows: rows.assign(place=1), "column place is not text"),
        (lambda rows: rows.assign(mw_it="4"), "column mw_it does not hold numbers"),
    ],
)
def test_a_service_table_of_another_shape_is_refused(folder, change, says):
    rows = pd.read_parquet(folder / "service.parquet")
    change(rows).to_parquet(folder / "service.parquet", index=False)
    with pytest.raises(InputError, match=rf"service\.parquet: {says}"):
        broken_promises(folder)


def test_inputs_that_are_gone_are_a_broken_promise(folder, inputs):
    (inputs / "places.csv").unlink()
    (gone,) = broken_promises(folder)
    assert gone.startswith("the inputs can no longer be read: places.csv: no such file")
    (inputs / "scenario.yaml").unlink()
    assert broken_promises(folder)[0] == "the scenario file is gone: ../../tiny/scenario.yaml"


def test_a_changed_scenario_is_told_with_what_follows(folder, inputs):
    rewrite(inputs / "scenario.yaml", ("pue: 1.25", "pue: 1.3"), ("name: tiny", "name: small"))
    broken = broken_promises(folder)
    assert broken[0] == (
        "the scenario file was changed since it was planned: ../../tiny/scenario.yaml"
    )
    assert "name: the plan says tiny, the scenario small" in broken
    assert "west: pue is stated as 1.25, it is 1.3" in broken
    assert "west (West): serves 15.6000 MW, has a connection of 15.0000 MW" in broken


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("max_sites: 1", "2 sites, at most 1 are allowed"),
        ("budget_mn: 100", "capital is 184.000000 M USD, the budget 100 M USD"),
        ("force: [middle]", "middle: forced, but no site"),
        ("forbid: [west]", "west: a site, but forbidden"),
    ],
)
def test_a_limit_that_is_broken_is_named(folder, inputs, rule, says):
    rewrite(inputs / "scenario.yaml", ("sites:\n", f"limits: {{{rule}}}\nsites:\n"))
    assert says in broken_promises(folder)


def test_a_tree_limit_that_is_broken_is_named(folder, inputs):
    rewrite(inputs / "substations.csv", ("-29.5,15,", "-29.5,14,"))
    assert (
        "harbour (Harbour supply point): sites at and below it take 15.0000 MW, "
        "it has 14.0000 MW (west 15.0000)"
    ) in broken_promises(folder)


def test_a_place_out_of_its_bound_is_named(folder, inputs):
    rewrite(inputs / "scenario.yaml", ("rtt_ms: 2,", "rtt_ms: 1.3,"))
    broken = broken_promises(folder)
    assert "ashby, near: west answers in 1.334896 ms, the bound is 1.3 ms" in broken
    assert (
        "near: 1.0000 MW IT are said to be out of every site's reach, it is 7.0000 MW IT" in broken
    )


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"status": "optimal"}, "status 'optimal' is none of"),
        ({"name": "huge"}, "name: the plan says huge, the scenario tiny"),
        ({"verdict": " "}, "the plan has no verdict"),
        ({"not_checked": []}, "the plan does not say what is not checked"),
        ({"attributions": []}, "an input is not credited: Made up to be solved by hand"),
        ({"capital_mn": 180.0}, "capital is stated as 180.000000 M USD, it is 184.000000 M USD"),
        ({"services": []}, "classes stated: ; the scenario's are near, far"),
    ],
)
def test_a_statement_that_is_not_so_is_told(folder, change, says):
    edit(folder, lambda document: document.update(change))
    (broken, *_) = broken_promises(folder)
    assert broken.startswith(says)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"gap": 0.5}, "gap is stated as 50.000000%"),
        ({"asked_gap": 2.0}, "the asked gap, 2, is not a share"),
        ({"cost_mn_yr": 20.0}, "the cost is stated as 20.000000 M USD a year, it is 28.400000"),
        ({"bound_mn_yr": 29.0}, "no plan costs less than 29.000000 M USD a year, says the plan"),
        ({"floor_mn_yr": 30.0}, "the cost that no plan avoids, 30.000000 M, is above the cost"),
        ({"unserved_mw_it": 1.0}, "1.0000 MW IT are said to stay unserved, it is 5.0000"),
        ({"unserved_bound_mw_it": 5.0}, "a bound on unserved demand does not go with objective"),
    ],
)
def test_a_certificate_that_does_not_hold_is_told(folder, change, says):
    edit(folder, lambda document: document["certificate"].update(change))
    assert any(line.startswith(says) for line in broken_promises(folder))


def test_a_long_list_is_cut_and_counted():
    assert told(f"line {n}" for n in range(1234))[-1] == "... and 1,224 more like these"


def test_nan_is_the_same_as_nan_alone():
    numbers, others = [1.0, np.nan, 1.0, np.nan, np.inf], [1.0, np.nan, np.nan, 1.0, np.inf]
    assert list(differ(numbers, others, 0.1)) == [False, False, True, True, False]


@pytest.mark.parametrize("mw", [0.0, 3.0, 4.0, 6.0, 7.0, 11.0, 20.0, 7.00009])
def test_sums_of_modules_are_sizes(mw):
    assert is_sum(mw, sum_of_modules((3.0, 4.0), 20.0))


@pytest.mark.parametrize("mw", [-3.0, 1.0, 2.0, 5.0, 6.5, 7.0002, 25.0, np.inf, np.nan])
def test_what_is_no_sum_of_modules_is_no_size(mw):
    assert not is_sum(mw, sum_of_modules((3.0, 4.0), 20.0))


@pytest.mark.parametrize("rate", [0.0, 1e-12, 0.08, 1.0])
def test_an_annuity_pays_its_capital_back(rate):
    annuity = Annuity(years=15.0, rate=rate)
    worth = sum((1 + rate) ** -year for year in range(1, 16))
    assert per_year(annuity) * worth == pytest.approx(1, rel=1e-9)
