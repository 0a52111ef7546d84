from pathlib import Path

from microdc.batch.summary.varied import short_names, varied_in


def written(folder: Path, **files: str) -> list[Path]:
    paths = [folder / f"{name}.yaml" for name in files]
    for path, text in zip(paths, files.values(), strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return paths


def test_only_keys_in_which_files_differ_are_told(tmp_path):
    files = written(
        tmp_path,
        a="name: a\nsites: {max_mw: 10, min_mw: 5}\n",
        b="name: b\nsites: {max_mw: 20.5, min_mw: 5}\nobjective: most-served\n",
    )
    assert varied_in(files) == [
        {"sites.max_mw": 10},
        {"sites.max_mw": 20.5, "objective": "most-served"},
    ]


def test_a_variant_says_what_its_base_does(tmp_path):
    files = written(
        tmp_path,
        a="name: a\nservices: {near: {rtt_ms: 2}}\n",
        b="name: b\nextends: a.yaml\n",
        c="name: c\nextends: a.yaml\nservices: {near: {rtt_ms: 3}}\n",
    )
    told = varied_in(files)
    assert [one["services.near.rtt_ms"] for one in told] == [2, 2, 3]


def test_the_same_file_seen_from_two_folders_is_no_difference(tmp_path):
    (tmp_path / "below").mkdir()
    text = "name: a\ndemand: {{path: {}}}\nsites: {{max_mw: {}}}\n"
    files = written(tmp_path, a=text.format("places.csv", 10))
    files += written(tmp_path / "below", b=text.format("../places.csv", 20))
    assert varied_in(files) == [{"sites.max_mw": 10}, {"sites.max_mw": 20}]


def test_paths_that_differ_are_told_from_the_folder_they_share(tmp_path):
    files = written(
        tmp_path,
        a="name: a\ndemand: {path: data/one.csv}\n",
        b="name: b\ndemand: [{path: data/more/two.csv}]\n",
    )
    told = varied_in(files)
    assert [one["demand.path"] for one in told] == ["one.csv", "more/two.csv"]


def test_a_file_that_cannot_be_read_says_nothing(tmp_path):
    files = written(tmp_path, a="name: a\nx: 1\n", b="name: [", c="name: c\nx: 2\n")
    assert varied_in([*files, tmp_path / "gone.yaml"]) == [{"x": 1}, {}, {"x": 2}, {}]


def test_short_names_tell_keys_apart():
    keys = ["services.near.rtt_ms", "services.far.rtt_ms", "sites.max_mw", "rtt_ms"]
    assert short_names(keys) == {
        "services.near.rtt_ms": "near.rtt_ms",
        "services.far.rtt_ms": "far.rtt_ms",
        "sites.max_mw": "max_mw",
        "rtt_ms": "rtt_ms",
    }


def test_a_number_is_the_same_however_it_is_written(tmp_path):
    files = written(
        tmp_path,
        a="name: a\nsites: {max_mw: 20, min_mw: 4}\n",
        b="name: b\nsites: {max_mw: 20.0, min_mw: 4.0}\n",
        c="name: c\nsites: {max_mw: 20, min_mw: 5}\n",
    )
    assert varied_in(files) == [{"sites.min_mw": 4}, {"sites.min_mw": 4}, {"sites.min_mw": 5}]
