"""Plans that few have: their pages open as quietly."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from microdc.cli import main

TINY = Path(__file__).parents[2] / "scenarios" / "tiny"


@pytest.fixture
def report_of(tmp_path) -> Callable[..., Path]:
    """Give the report of tiny with some words of its files changed."""

    def written(changes: dict[tuple[str, str], str]) -> Path:
        folder = Path(shutil.copytree(TINY, tmp_path / "tiny"))
        for (name, old), new in changes.items():
            text = (folder / name).read_text("utf-8")
            assert old in text
            (folder / name).write_text(text.replace(old, new), "utf-8")
        out = tmp_path / "plan"
        with pytest.raises(SystemExit) as end:
            main(["plan", str(folder), "--out", str(out), "--quiet", "--report"])
        assert not end.value.code
        return out / "report.html"

    return written


def test_names_that_look_like_markup_are_shown_as_they_are(browser, report_of):
    site, place = '</script><b id="b">West', '<img src=x onerror="document.title=1">'
    cell = site.replace('"', '""')
    page = report_of(
        {
            ("substations.csv", "West"): f'"{cell}"',
            ("places.csv", "Ashby"): '"' + place.replace('"', '""') + '"',
        }
    )
    browser.open(page)
    browser.set("#site-choice", 1, "change")
    assert browser.text("#card h3") == site
    assert place in browser.text("#card")
    assert place in browser.text("#service-rows")
    assert browser.run("return document.querySelectorAll('main img, #b').length") == 0
    assert browser.driver.title == "tiny: plan"
    browser.expect_quiet()


def test_a_plan_that_builds_nothing_is_shown(browser, report_of):
    worthless = {
        ("scenario.yaml", "unserved_mn_per_mw_yr: 4"): "unserved_mn_per_mw_yr: 0.01",
        ("scenario.yaml", "unserved_mn_per_mw_yr: 1.5"): "unserved_mn_per_mw_yr: 0.01",
    }
    browser.open(report_of(worthless))
    assert "No site is built." in browser.text(".verdict")
    assert browser.on_map()["sites"] == 0
    assert browser.on_map()["places"] == 3
    browser.expect_quiet()


def test_a_plan_over_the_antimeridian_draws_its_lines_the_short_way(browser, report_of):
    page = report_of(
        {
            ("substations.csv", "west,West,0,-30"): "west,West,0,179.8",
            ("substations.csv", "middle,Middle,0,-29"): "middle,Middle,0,-178",
            ("substations.csv", "east,East,0,-28"): "east,East,0,-177",
            ("places.csv", "-29.5"): "-179.7",
            ("places.csv", "-28.5"): "-177.5",
            ("places.csv", "-25"): "-174",
        }
    )
    browser.open(page)
    browser.click("#show-lines")
    assert browser.on_map()["lines"] > 0
    browser.expect_quiet()
