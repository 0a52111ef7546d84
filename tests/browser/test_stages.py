"""What a reader does with a programme of stages: the slider leads through them."""

from pathlib import Path

import pytest

from microdc.report.page import write_report
from microdc.studies.explaining.bottlenecks import in_brief


@pytest.fixture(scope="module")
def page(programme, tmp_path_factory) -> Path:
    return write_report(programme, tmp_path_factory.mktemp("pages") / "stages.html", why=in_brief)


def press(browser, key: str, code: int) -> None:
    for kind in ("rawKeyDown", "keyUp"):
        browser.command("Input.dispatchKeyEvent", type=kind, key=key, code=key,
                        windowsVirtualKeyCode=code)  # fmt: skip


def shown(browser) -> list[str]:
    """Give the headings of the stages that are told, as far as they can be seen."""
    seen = "(one) => getComputedStyle(one).display !== 'none'"
    stages = f"[...document.querySelectorAll('#stages article')].filter({seen})"
    return browser.run(f"return {stages}.map((one) => one.querySelector('h3').textContent)")


def test_the_slider_goes_through_the_stages_by_keyboard(browser, page):
    browser.open(page)
    assert browser.text(".ticks") == "pilotsfleetnetwork"
    assert browser.text("#stage-told").startswith("pilots, from 2026-12 to 2028-12: 1 site of")
    assert shown(browser) == ["1. pilots, from 2026-12 to 2028-12"]
    pilots = browser.on_map()
    assert (pilots["stage"], pilots["sites"], pilots["rings"]) == (0, 1, 1)
    looks = browser.pixels()
    browser.run("document.getElementById('stage').focus()")
    press(browser, "ArrowRight", 39)
    fleet = browser.on_map()
    assert (fleet["stage"], fleet["sites"], fleet["rings"]) == (1, 2, 2)
    browser.expect_redrawn(looks)
    assert shown(browser) == ["2. fleet, from 2028-12 to 2030-12"]
    said = browser.one("#stage").get_attribute("aria-valuetext")
    assert said == browser.text("#stage-told")
    assert "2 sites of 20.0 MW" in said
    assert said.endswith("1 site of 5.0 MW new, 1 larger by 5.0 MW.")
    press(browser, "End", 35)
    assert (browser.on_map()["stage"], browser.on_map()["rings"]) == (2, 1)
    browser.expect_quiet()


def test_card_tables_and_filters_follow_the_stage(browser, page):
    browser.open(page)
    browser.set("#site-choice", 0, "change")
    assert "new in this stage" in browser.text("#card")
    browser.set("#class-choice", 1, "change")
    browser.set("#stage", 1)
    assert browser.text("#card h3") == "West"  # the same site, though it is another row now
    assert "before 10.0 MW" in browser.text("#card")
    assert browser.one("#class-choice").get_attribute("value") == "1"
    browser.set("#sites-filter", "east")
    assert browser.on_map()["sites"] == 1
    browser.set("#stage", 0)  # the filter stays, and pilots have no East
    assert browser.on_map()["sites"] == 0
    browser.click("#sites-clear")
    assert browser.text("#sites-count") == "1 of 1 rows"
    browser.expect_quiet()


def test_without_a_script_and_on_paper_all_stages_are_told(browser, page):
    browser.command("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(page)
    finally:
        browser.command("Emulation.setScriptExecutionDisabled", value=False)
    assert len(shown(browser)) == 3
    assert not browser.one("#stage-slider").is_displayed()
    assert browser.one("#stages .sketch").is_displayed()
    browser.open(page)
    assert len(shown(browser)) == 1
    browser.command("Emulation.setEmulatedMedia", media="print")
    assert len(shown(browser)) == 3
    assert browser.one("#stages .sketch").is_displayed()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_sticks_out_of_a_narrow_page(browser, page, scheme):
    browser.open(page, width=390, height=844, scheme=scheme)
    assert browser.run("return document.documentElement.scrollWidth") <= 390
    browser.expect_quiet()
