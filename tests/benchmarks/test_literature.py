"""Problems of the literature: what ships is what is drawn, and every method says the same."""

import re
import shlex
import sys
from pathlib import Path

import pytest

from benchmarks.literature.drawn import every_point_a_site
from benchmarks.literature.told import HEADING
from benchmarks.literature.write import main
from benchmarks.methods import Limits

SCENARIOS = Path(__file__).parents[2] / "scenarios"


@pytest.mark.parametrize("name", ["tiny-cflp", "tiny-square"])
def test_a_scenario_that_ships_is_what_its_readme_says_that_writes_it(name, tmp_path, monkeypatch):
    readme = (SCENARIOS / name / "README.md").read_text("utf-8")
    command = re.search(r"benchmarks\.literature\.write (.+)", readme)
    assert command
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["write", *shlex.split(command[1])])
    main()
    written = sorted((tmp_path / "scenarios" / name).iterdir())
    assert len(written) in (4, 7)
    for file in written:
        assert file.read_text("utf-8") == (SCENARIOS / name / file.name).read_text("utf-8")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # spopt builds its model as PuLP 3 does
def test_a_median_costs_the_same_by_spopt():
    pytest.importorskip("spopt")
    from benchmarks.literature.median import by_microdc, by_spopt  # noqa: PLC0415

    distance, limits = every_point_a_site(20, seed=0).distance, Limits(gap=1e-6, seconds=60)
    ours, other = (method(distance, 3, limits) for method in (by_microdc, by_spopt))
    assert ours.cost == pytest.approx(other.cost, rel=1e-5)
    assert max(ours.bound, other.bound) <= ours.cost * (1 + 1e-6)
    assert len(str(ours)) == len(str(other)) == len(HEADING)
