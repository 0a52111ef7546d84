"""The automated check of axe-core finds no serious fault in a report."""

import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from microdc.report.page import write_report

AXE = "axe-core@4.14.1"
RUN = "const done = arguments[arguments.length - 1]; axe.run().then((r) => done(r.violations))"


@pytest.fixture(scope="module")
def axe(tmp_path_factory) -> str:
    """Give the script of axe-core, of the npm registry."""
    if shutil.which("npm") is None:
        pytest.skip("npm, which fetches axe-core, is not installed")
    place = tmp_path_factory.mktemp("axe")
    command = ["npm", "pack", "--silent", "--pack-destination", str(place), AXE]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip(f"npm cannot fetch {AXE}")
    (archive,) = Path(place).glob("*.tgz")
    with tarfile.open(archive) as packed:
        script = packed.extractfile("package/axe.min.js")
        assert script is not None
        return script.read().decode("utf-8")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("name", "width"), [("texas", 1300), ("tiny-n-1", 390)])
def test_axe_finds_no_serious_fault(browser, report, axe, name, width, scheme):
    browser.open(report(name), width=width, scheme=scheme)
    browser.set("#site-choice", 0, "change")
    assert serious_faults(browser, axe) == {}


def test_axe_finds_no_serious_fault_in_a_programme(browser, programme, axe, tmp_path):
    page = write_report(programme, tmp_path / "stages.html")
    for scheme in ("light", "dark"):
        browser.open(page, width=390, scheme=scheme)
        browser.set("#stage", 1)
        assert serious_faults(browser, axe) == {}


def serious_faults(browser, axe: str) -> dict[str, list[str]]:
    """Give the elements at fault by what is wrong with them."""
    browser.run(axe)
    found = browser.driver.execute_async_script(RUN)
    return {
        fault["id"]: [node["html"][:200] for node in fault["nodes"]]
        for fault in found
        if fault["impact"] in ("serious", "critical")
    }
