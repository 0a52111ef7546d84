"""A scenario that extends another: what holds in the end, and where each fault is told."""

import os
from pathlib import Path

import pytest

from microdc.errors import InputError
from microdc.scenario import load_scenario

BASE = """\
schema: 1
name: base
substations: {path: substations.csv, reserve_share: 0.1}
demand: {path: places.csv}
services:
  near: {rtt_ms: 2, kw_it_per_1000_people: 4, unserved_mn_per_mw_yr: 4}
sites: {modules_mw: [5, 10], pue: 1.3}
"""


@pytest.fixture
def write(tmp_path):
    (tmp_path / "base.yaml").write_text(BASE)

    def written(text: str, name: str = "scenario.yaml") -> Path:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return path

    return written


def variant(of: str = "base.yaml", rest: str = "") -> str:
    return f"schema: 1\nname: variant\nextends: {of}\n{rest}"


def told(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    return caught.value.message


def test_mappings_merge_and_lists_replace(write):
    scenario = load_scenario(write(variant(rest="sites: {modules_mw: [20]}\n")))
    assert (scenario.name, scenario.sites.pue, scenario.sites.modules_mw) == ("variant", 1.3, (20,))
    assert scenario.services == load_scenario(write("", "x").with_name("base.yaml")).services


def test_nothing_under_a_key_takes_the_value_of_the_base_away(write):
    path = write(variant(rest="services: {near: {unserved_mn_per_mw_yr: null}}\nsites:\n"))
    scenario = load_scenario(path)
    assert scenario.services["near"].floor == 1.0
    assert scenario.sites.pue == 1.25


def test_taking_a_required_key_away_is_told_where_it_is_done(write):
    path = write(variant(rest="demand: null\n"))
    assert f"{path}: line 4, demand: is missing" in told(path)


def test_an_unknown_key_with_nothing_under_it_is_told(write):
    assert "line 4, sitse: unknown key" in told(write(variant(rest="sitse: null\n")))


def test_faults_of_every_file_are_told_at_once_each_in_its_own(write):
    base = write(BASE.replace("pue: 1.3", "pue: 0.3"), "base.yaml")
    path = write(variant(rest="latency: {access_ms: -1}\n"))
    message = told(path)
    assert f"{path}: line 4, latency.access_ms: is too small" in message
    assert f"{base}: line 7, sites.pue: is too small" in message


def test_a_variant_names_itself(write):
    assert "name: is missing" in told(write("schema: 1\nextends: base.yaml\n"))


def test_the_schema_is_that_of_the_base(write):
    message = told(write(variant().replace("schema: 1", "schema: 2")))
    assert "line 1, schema: is not the schema of the file it extends" in message


def test_paths_are_relative_to_the_file_that_states_them(write, tmp_path):
    hours = "hours: {profiles: [a.csv, {path: b.csv}]}\n"
    write(BASE + hours, "below/scenario.yaml")
    scenario = load_scenario(write(variant("below", "demand: {path: mine.csv}\n")))
    assert scenario.hours is not None
    paths = [scenario.substations[0].path, *(p.path for p in scenario.hours.profiles)]
    assert [p.as_posix() for p in paths] == ["below/substations.csv", "below/a.csv", "below/b.csv"]
    assert scenario.demand[0].path == Path("mine.csv")
    assert scenario.bases == (tmp_path / "below/scenario.yaml",)


def test_a_chain_is_read_to_its_end(write, tmp_path):
    write(variant(rest="sites: {pue: 1.1}\n"), "middle.yaml")
    scenario = load_scenario(write(variant("middle.yaml", "latency: {access_ms: 1}\n")))
    assert (scenario.sites.pue, scenario.latency.access_ms) == (1.1, 1)
    assert scenario.bases == (tmp_path / "middle.yaml", tmp_path / "base.yaml")


@pytest.mark.parametrize("way", ["../base.yaml", "/etc/passwd", "below/../../x", "C:\\x.yaml"])
def test_what_lies_elsewhere_is_not_read(write, way):
    assert "line 3, extends: leads out of the scenario's folder" in told(write(variant(way)))


def test_a_link_to_elsewhere_is_not_followed(write, tmp_path):
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "base.yaml").symlink_to(tmp_path / "base.yaml")
    assert "leads out of" in told(write(variant(), "inner/scenario.yaml"))


def test_a_circle_is_told_by_its_files(write):
    write(variant("scenario.yaml"), "base.yaml")
    message = told(write(variant()))
    assert "in a circle: scenario.yaml -> base.yaml -> scenario.yaml" in message


def test_a_chain_without_end_is_refused(write):
    for number in range(12):
        write(variant(f"v{number + 1}.yaml"), f"v{number}.yaml")
    assert "extends one file more than is read" in told(write(variant("v0.yaml")))


def test_a_missing_base_is_told_with_the_nearest_file(write):
    message = told(write(variant("bose.yaml")))
    assert "no such file" in message
    assert "base.yaml" in message


@pytest.mark.parametrize("value", ["[a, b]", "{a: b}", "''", "7", ".", "a\0b"])
def test_what_is_no_file_is_refused_without_a_traceback(write, value):
    if "\0" in value:
        value = '"a\\0b"'
    assert "line 3" in told(write(variant(value)))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_no_base(write, tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    assert "no such file" in told(write(variant("pipe.yaml")))
