import pytest

from microdc.batch.folder import USUAL_GLOBS, scenario_files
from microdc.errors import UsageError


@pytest.fixture
def holding(tmp_path):
    def folder(*files):
        for file in files:
            path = tmp_path / "all" / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        return tmp_path / "all"

    return folder


def names(folder, *globs):
    return list(scenario_files(folder, globs or USUAL_GLOBS, folder / "out"))


def test_a_scenario_is_called_by_its_path_without_the_ending(holding):
    assert names(holding("b.yaml", "a/c.yml", "a/d.yaml")) == ["a/c", "a/d", "b"]


def test_a_folder_with_one_scenario_gives_it_its_name(holding):
    assert names(holding("texas/scenario.yaml", "tiny/scenario.yaml")) == ["texas", "tiny"]


def test_a_scenario_beside_others_keeps_its_own_name(holding):
    assert names(holding("t/scenario.yaml", "t/no-price.yaml")) == ["t/no-price", "t/scenario"]


def test_the_only_scenario_of_all_is_called_by_the_folder(holding):
    assert names(holding("scenario.yaml")) == ["all"]


def test_bases_and_hidden_files_are_no_scenarios(holding):
    folder = holding("a.yaml", "_base.yaml", ".draft.yaml", "_parts/b.yaml", ".git/c.yaml")
    assert names(folder) == ["a"]


def test_what_a_batch_wrote_is_no_scenario(holding):
    assert names(holding("a.yaml", "out/b.yaml")) == ["a"]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (("a.yaml", "a.yml"), ["a.yaml", "a.yml"]),
        (("a.yaml", "a/b.yaml"), ["a.yaml", "a/b"]),
        (("a.yaml", "a/scenario.yaml"), ["a.yaml", "a/scenario.yaml"]),
        (("A.yaml", "a.yaml"), ["A.yaml", "a.yaml"]),
    ],
)
def test_no_name_is_another_or_the_folder_of_another(holding, files, expected):
    assert names(holding(*files)) == expected


def test_a_glob_says_which_files_count(holding):
    assert names(holding("a.yaml", "sweep/b.yaml"), "sweep/*.yaml") == ["sweep/b"]


@pytest.mark.parametrize("glob", ["", "/etc/*.yaml", "**b/*.yaml"])
def test_a_glob_that_is_none_is_refused(holding, glob):
    with pytest.raises(UsageError, match="--glob"):
        names(holding("a.yaml"), glob)


def test_a_folder_without_scenarios_is_refused(holding, tmp_path):
    with pytest.raises(UsageError, match="no scenario files"):
        names(holding("_base.yaml"))
    with pytest.raises(UsageError, match="not there"):
        names(tmp_path / "missing")


def test_no_name_is_that_of_a_file_that_a_batch_writes(holding):
    folder = holding("summary.csv.yaml")
    assert list(scenario_files(folder, USUAL_GLOBS, folder / "out", ["summary.csv"])) == [
        "summary.csv.yaml"
    ]
