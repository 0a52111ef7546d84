"""Variants in memory and on file say the same."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microdc.errors import InputError, UsageError
from microdc.scenario import load_scenario
from microdc.scenario.reading.variant import write_variant

TINY = Path(__file__).parents[4] / "scenarios" / "tiny" / "scenario.yaml"
NUMBERS = st.floats(0, 1e6) | st.integers(0, 10**6)
IDS = st.sampled_from(["west", "007", "1e3", "NO", "null", "~", "true", "a: b", "# x", "é", "- a"])
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "reinforce": st.dictionaries(IDS, NUMBERS, max_size=3),
        "limits": st.fixed_dictionaries({"force": st.lists(IDS, max_size=3), "budget_mn": NUMBERS}),
        "services": st.just({"near": {"unserved_mn_per_mw_yr": None, "rtt_ms": 3}}),
        "sites": st.sampled_from([None, {"modules_mw": None}, {"pue": 1.0000001}]),
        "substations": st.just({"where": "name != 'NO'"}),
    },
)


@pytest.fixture
def tiny():
    return load_scenario(TINY)


@pytest.fixture
def copy(tmp_path):
    path = tmp_path / "scenario.yaml"
    path.write_bytes(TINY.read_bytes())
    return load_scenario(path)


@given(CHANGES, st.text(st.characters(codec="ascii", categories=["L", "P", "Zs"]), max_size=200))
def test_what_is_written_reads_as_it_was_varied(changes, because):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.yaml"
        path.write_bytes(TINY.read_bytes())
        scenario = load_scenario(path)
        wanted = scenario.varied(changes, name="other")
        written = write_variant(
            scenario, changes, path.with_name("other.yaml"), name="other", because=because
        )
        assert dict(written) | {"extends": None} == dict(wanted)
        assert sorted(p.name for p in Path(folder).iterdir()) == ["other.yaml", "scenario.yaml"]


def test_a_variant_keeps_its_folder_and_leaves_the_scenario_alone(tiny):
    other = tiny.varied({"sites": {"pue": 1.5}}, name="other")
    assert (other.name, other.sites.pue, other.sites.max_mw) == ("other", 1.5, 20)
    assert (other.path, tiny.sites.pue) == (tiny.path, 1.25)
    assert other.varied({"sites": {"max_mw": 30}}, name="third").sites.pue == 1.5


def test_parts_replaced_by_a_copy_stay_replaced_unless_they_are_changed(tiny):
    solve = tiny.solve.model_copy(update={"gap": 0.5})
    copied = tiny.model_copy(update={"solve": solve})
    assert copied.varied({"sites": {"pue": 1.5}}, name="other").solve.gap == 0.5
    assert copied.varied({"solve": {"gap": 0.1}}, name="other").solve.gap == 0.1


def test_faults_of_changes_are_told_as_of_the_variant(tiny):
    with pytest.raises(InputError) as caught:
        tiny.varied({"sites": {"pue": 0.5}, "limits": {"force": ["a"], "forbid": ["a"]}}, name="x")
    assert "scenario.yaml, variant x: sites.pue: is too small" in caught.value.message
    assert "limits.forbid: ids are forced and forbidden" in caught.value.message


def test_the_file_is_what_a_person_would_write(copy, tmp_path):
    changes = {
        "reinforce": {"harbour": 8.0, "007": 0.25},
        "services": {"near": {"unserved_mn_per_mw_yr": None}},
    }
    path = tmp_path / "more.yaml"
    write_variant(copy, changes, path, name="more", because="Harbour stands in the way.")
    assert path.read_text() == (
        "# Harbour stands in the way.\n"
        "schema: 1\n"
        "name: more\n"
        "extends: scenario.yaml\n"
        "reinforce:\n  harbour: 8\n  '007': 0.25\n"
        "services:\n"
        "  near: {unserved_mn_per_mw_yr: null}\n"
    )


def test_a_file_is_not_overwritten_unasked(copy, tmp_path):
    path = tmp_path / "more.yaml"
    path.write_text("mine")
    with pytest.raises(UsageError):
        write_variant(copy, {}, path, name="more")
    assert path.read_text() == "mine"
    assert write_variant(copy, {}, path, name="more", force=True).name == "more"


def test_a_file_out_of_reach_of_its_base_is_refused(copy, tmp_path):
    (tmp_path / "below").mkdir()
    with pytest.raises(UsageError):
        write_variant(copy, {}, tmp_path / "below" / "more.yaml", name="more")
    assert not list((tmp_path / "below").iterdir())


def test_what_was_changed_in_memory_is_not_written_as_if_it_were_on_file(copy, tmp_path):
    changed = copy.varied({"sites": {"pue": 1.5}}, name="other")
    with pytest.raises(ValueError, match="changed in memory"):
        write_variant(changed, {}, tmp_path / "more.yaml", name="more")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["scenario.yaml"]
