"""A starter plans as it is, is what it was cut from, and never takes the place of a file."""

import importlib.util
import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import microdc
from microdc.assembly import assemble
from microdc.cli import Starter
from microdc.inputs.read import read_region
from microdc.scenario import load_scenario

ROOT = Path(__file__).parents[2]
STARTERS = Path(microdc.__file__).parent / "starters"


@pytest.fixture(scope="module")
def cut():
    """Load the script that cuts the starters."""
    spec = importlib.util.spec_from_file_location("cut_starters", ROOT / "data/cut_starters.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def away(tmp_path, monkeypatch) -> Path:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_starters_are_what_scenarios_and_data_hold(cut):
    again = "run: python data/cut_starters.py"
    texts, tables = cut.texts(), cut.texas_tables()
    shipped = {
        p.relative_to(STARTERS).as_posix() for s in Starter for p in (STARTERS / s).rglob("*")
    }
    assert shipped == {*texts, "texas/data", *(f"texas/data/{t}.parquet" for t in tables)}, again
    for path, text in texts.items():
        assert (STARTERS / path).read_text("utf-8") == text, again
    for name, table in tables.items():
        assert_frame_equal(pd.read_parquet(STARTERS / f"texas/data/{name}.parquet"), table)


@pytest.mark.parametrize("name", list(Starter))
def test_a_starter_is_the_same_problem_as_its_scenario(name):
    ours, theirs = (
        assemble(scenario, read_region(scenario))
        for scenario in map(load_scenario, (STARTERS / name, ROOT / "scenarios" / name))
    )
    assert_frame_equal(ours.sites, theirs.sites)
    assert_frame_equal(ours.points, theirs.points)


def test_the_starters_are_small():
    assert sum(path.stat().st_size for path in STARTERS.rglob("*") if path.is_file()) < 150_000


def test_a_new_scenario_bears_its_name_and_plans_as_it_is(run, away):
    assert run("new", "demo").code == 0
    answer = run("plan", "demo", "--json")
    assert answer.code == 0, answer.err
    assert json.loads(answer.out)["cost"] == pytest.approx(28.4)
    assert json.loads((away / "plans/demo/plan.json").read_text("utf-8"))["name"] == "demo"
    assert names_in(away) == ["demo", "plans"]


def test_texas_is_checked_without_a_fault_where_nothing_else_is(run, away):
    answer = run("new", "studies/first", "--from", "texas", "--json")
    assert Path(json.loads(answer.out)["scenario"]) == Path("studies/first/scenario.yaml")
    assert run("check", "studies/first").code == 0


@pytest.mark.parametrize(
    "name", ["007", "null", "no", "1e-3", "a: b", "Ł #1", "it's", "true", "-x", "[a]"]
)
def test_a_name_is_text_whatever_yaml_might_take_it_for(run, away, name):
    if name in ("a: b", "-x"):  # which no folder may be called
        assert run("new", "--", name).code == 2
        assert names_in(away) == []
        return
    assert run("new", name).code == 0
    assert load_scenario(away / name).name == name


@pytest.mark.parametrize("name", [".", "..", "/", "con", "a?b", "x" * 101])
def test_a_name_that_no_folder_can_have_is_refused(run, away, name):
    answer = run("new", name)
    assert answer.code == 2
    assert "Traceback" not in answer.err
    assert names_in(away) == []


def test_what_is_there_is_never_overwritten(run, away):
    (away / "full").mkdir()
    (away / "full" / "mine").write_text("mine", "utf-8")
    (away / "empty").mkdir()
    (away / "file").write_text("mine", "utf-8")
    (away / "link").symlink_to("nowhere")
    for name in ("full", "empty", "file", "link"):
        answer = run("new", name)
        assert answer.code == 2
        assert "exists already" in answer.err
    assert names_in(away) == ["empty", "file", "full", "link"]
    assert (away / "full" / "mine").read_text("utf-8") == "mine"
    assert (away / "file").read_text("utf-8") == "mine"


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """Install the wheel into an environment of its own that borrows our dependencies."""
    place = tmp_path_factory.mktemp("installed")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = place.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        beside = [f.compress_size for f in packed.infolist() if not f.filename.endswith(".py")]
    assert sum(beside) < 250_000, "data that is no starter's came into the wheel"
    environment = place / "venv"
    venv = [sys.executable, "-m", "venv", "--without-pip", environment]
    subprocess.run(venv, check=True, capture_output=True)
    (python,) = (p for p in environment.glob("*/*") if p.stem == "python")
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-index"]
    subprocess.run([*pip, "--no-deps", wheel], check=True, capture_output=True)
    packages = next(environment.rglob("site-packages"))
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    return python.parent / "microdc"


@pytest.mark.slow
@pytest.mark.parametrize("starter", list(Starter))
def test_an_installed_wheel_makes_and_plans_a_starter(installed, tmp_path, starter):
    outside = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}

    def call(*command: object) -> str:
        ended = subprocess.run(
            command, check=False, cwd=tmp_path, env=outside, capture_output=True, encoding="utf-8"
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    where = call(installed.parent / "python", "-c", "import microdc; print(microdc.__file__)")
    assert installed.parents[1] in Path(where.strip()).parents
    call(installed, "new", "demo", "--from", starter)
    told = json.loads(call(installed, "plan", "demo", "--json", "--quiet"))
    assert told["status"] == "within gap"
    assert "kept" in call(installed, "verify", "plans/demo")
