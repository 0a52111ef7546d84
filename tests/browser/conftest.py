"""A headless Chromium that can reach nothing, and reports to look at in it."""

import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from microdc.cli import main
from microdc.report.page import write_report
from microdc.studies.explaining.bottlenecks import in_brief

ROOT = Path(__file__).parents[2]
FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-dev-shm-usage", "--window-size=1300,1000"),
    "--host-resolver-rules=MAP * ~NOTFOUND",  # no name leads anywhere: the network is blocked
)


class Browser:
    """A page as its reader has it; notes what it asks for, and what the browser complains of."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver
        self.errors: list[str] = []
        self.requests: list[str] = []

    def open(
        self, page: Path, width: int = 1300, height: int = 1000, scheme: str = "light"
    ) -> None:
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height,
                     deviceScaleFactor=1, mobile=width < 500)  # fmt: skip
        wanted = [{"name": "prefers-color-scheme", "value": scheme}]
        self.command("Emulation.setEmulatedMedia", features=wanted)
        self.errors, self.requests = [], []
        self.noted()
        self.errors.clear()
        self.requests.clear()
        self.driver.get(page.resolve().as_uri())

    def command(self, name: str, **arguments: Any) -> Any:
        return self.driver.execute_cdp_cmd(name, arguments)

    def run(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)

    def one(self, css: str) -> Any:
        return self.driver.find_element("css selector", css)

    def text(self, css: str) -> str:
        return self.run("return document.querySelector(arguments[0]).textContent", css)

    def click(self, css: str) -> None:
        at_once = "{block: 'center', behavior: 'instant'}"
        self.run(f"document.querySelector(arguments[0]).scrollIntoView({at_once})", css)
        self.one(css).click()

    def set(self, css: str, value: object, event: str = "input") -> None:
        """Change a control as its reader would, and let the page hear of it."""
        script = "const c = document.querySelector(arguments[0]); c.value = arguments[1];"
        self.run(f"{script} c.dispatchEvent(new Event(arguments[2], {{bubbles: true}}))",
                 css, str(value), event)  # fmt: skip

    def on_map(self) -> dict[str, int]:
        """Give how much of each layer the map shows."""
        told = self.run("return {...document.getElementById('map').dataset}")
        assert told.pop("ready") == "yes"
        return {layer: int(count) for layer, count in told.items()}

    def pixels(self) -> str:
        """Give what the map looks like."""
        script = (
            "return [...document.querySelectorAll('#map canvas')].map((c) => c.toDataURL()).join()"
        )
        return self.run(script)

    def expect_redrawn(self, looks: str) -> None:
        """Expect the map to look otherwise: its canvas is drawn with the next frame."""
        until = time.monotonic() + 10
        while self.pixels() == looks:
            assert time.monotonic() < until, "the map looks as it did before"
            time.sleep(0.05)

    def noted(self) -> None:
        """Take in what the browser complained of and asked for since."""
        self.errors += [
            entry["message"] for entry in self.driver.get_log("browser")
            if entry["level"] in ("SEVERE", "WARNING")
        ]  # fmt: skip
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                self.requests.append(message["params"]["request"]["url"])

    def expect_quiet(self) -> None:
        """Expect no complaint, and no request but for the page itself."""
        self.noted()
        assert self.errors == []
        foreign = [url for url in self.requests if not url.startswith(("file:", "data:"))]
        assert foreign == []
        assert len([url for url in self.requests if url.startswith("file:")]) <= 1


@pytest.fixture(scope="session")
def browser(tmp_path_factory) -> Iterator[Browser]:
    program, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if program is None or driver is None:
        pytest.skip("no chromium with its chromedriver is installed (Debian: chromium-driver)")
    selenium = pytest.importorskip("selenium.webdriver")
    options = selenium.ChromeOptions()
    options.binary_location = program
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    started = selenium.Chrome(options=options, service=selenium.ChromeService(driver))
    try:
        yield Browser(started)
    finally:
        started.quit()


@pytest.fixture(scope="session")
def report(tmp_path_factory) -> Any:
    """Give the report of a scenario that ships, planned once."""
    made: dict[str, Path] = {}

    def written(name: str, *options: str) -> Path:
        if name not in made:
            folder = tmp_path_factory.mktemp(name) / name
            scenario = ROOT / "scenarios" / name
            with pytest.raises(SystemExit) as end:
                main(["plan", str(scenario), "--out", str(folder), "--quiet", *options])
            assert end.value.code in (0, 6, None)
            made[name] = write_report(folder, why=in_brief)
        return made[name]

    return written
