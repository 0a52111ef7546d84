"""What is kept is what reading it again would give."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from microdc.errors import InputError
from microdc.inputs import kept as module
from microdc.inputs import read as module_of_reading
from microdc.inputs.kept import Kept, keeping, once
from microdc.inputs.read import read_region
from microdc.inputs.tables.findings import Findings
from microdc.scenario import load_scenario

SCENARIOS = Path(__file__).parents[3] / "scenarios"
NAMES = ["tiny", "tiny-n-1", "tiny-flexible", "parcels"]


def frames(region):
    return [region.substations, region.demand, region.measured, region.hubs, region.zones]


@pytest.mark.parametrize("name", NAMES)
def test_a_region_read_from_what_is_kept_is_the_same(name):
    scenario = load_scenario(SCENARIOS / name)
    fresh = read_region(scenario)
    kept = Kept()
    for _ in range(3):  # the third would show what the second changed
        with keeping(kept):
            again = read_region(scenario)
        for one, other in zip(frames(fresh), frames(again), strict=True):
            pd.testing.assert_frame_equal(one, other)
        assert again.warnings == fresh.warnings
        assert again.sources == fresh.sources


@pytest.fixture
def reads(monkeypatch):
    """Count how often something is read in earnest."""
    counted = []

    def counting(what, files, read, findings):
        def counted_read(found):
            counted.append(what[0])
            return read(found)

        return once(what, files, counted_read, findings)

    monkeypatch.setattr("microdc.inputs.read.once", counting)
    return counted


@pytest.fixture
def tiny(tmp_path):
    return Path(shutil.copytree(SCENARIOS / "tiny", tmp_path / "tiny"))


def test_another_scenario_of_the_same_tables_reads_none(tiny, reads):
    kept = Kept()
    with keeping(kept):
        read_region(load_scenario(tiny))
        first = len(reads)
        text = (tiny / "scenario.yaml").read_text().replace("rtt_ms: 5", "rtt_ms: 6")
        (tiny / "other.yaml").write_text(text)
        read_region(load_scenario(tiny / "other.yaml"))
    assert first == 3
    assert len(reads) == first


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("places.csv", "50000", "50001"),
        ("scenario.yaml", "path: places.csv", "path: places.csv\n  where: \"id == 'ashby'\""),
    ],
)
def test_other_bytes_or_another_choice_of_rows_is_read(tiny, reads, file, before, after):
    with keeping(Kept()):
        read_region(load_scenario(tiny))
        text = (tiny / file).read_text()
        assert before in text
        (tiny / file).write_text(text.replace(before, after))
        read_region(load_scenario(tiny))
    assert reads.count("table") == 3


def test_what_was_made_of_a_table_is_not_taken_for_what_the_file_says_since(tiny, monkeypatch):
    table, loaded = tiny / "substations.csv", module_of_reading._loaded
    before = table.read_text()
    after = before.replace("West", "Far West")
    assert after != before

    def overtaken(scenario, key, *rest):
        read = loaded(scenario, key, *rest)
        if key == "substations":
            table.write_text(after)
        return read

    with keeping(Kept()):
        with monkeypatch.context() as patched:
            patched.setattr(module_of_reading, "_loaded", overtaken)
            assert "Far West" not in set(read_region(load_scenario(tiny)).substations["name"])
        assert "Far West" in set(read_region(load_scenario(tiny)).substations["name"])


def test_nothing_is_kept_unless_asked_for(tiny, reads):
    for _ in range(2):
        read_region(load_scenario(tiny))
    assert len(reads) == 6


def test_faults_are_told_every_time(tiny):
    places = tiny / "places.csv"
    places.write_text(places.read_text().replace("50", "fifty", 1))
    for _ in range(2):
        with keeping(Kept()) as _, pytest.raises(InputError):
            read_region(load_scenario(tiny))


def test_the_longest_unused_goes_first(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_bytes", lambda file: 40)
    files = [tmp_path / name for name in "abc"]
    for file in files:
        file.write_text(file.name)
    kept, reads = Kept(100), []

    def read(file):
        return once(file.name, [file], lambda _: reads.append(file.name), Findings())

    with keeping(kept):
        for file in [*files[:2], files[0], files[2], files[0], files[1]]:
            read(file)
    assert reads == ["a", "b", "c", "b"]
