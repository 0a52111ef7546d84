"""A folder of many variants of a scenario, some of them broken, each in a way of its own."""

from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
BASE = "_base.yaml"

BROKEN: tuple[str, ...] = (
    "servces: {}\n",
    "sites: {min_mw: 30}\n",
    "sites: {max_mw: much}\n",
    "substations: missing.csv\n",
    "demand: {path: _base.yaml}\n",
    "limits: {force: [nobody]}\n",
    "services: {far: {rtt_ms: -1}}\n",
    "solve: {gap: 0.1\n",
    "objective: dearest\n",
    "latency: {route_factor: 0.5}\n",
)
"""What a broken variant says beside its name and its base."""


def write_base(scenario: str, folder: Path) -> Path:
    """Copy a scenario that ships as the base of variants; its tables stay where they are."""
    folder.mkdir(parents=True, exist_ok=True)
    home = ROOT / "scenarios" / scenario
    text = (home / "scenario.yaml").read_text("utf-8").replace("../../data", f"{ROOT}/data")
    for table in sorted(home.glob("*.csv")):
        (folder / table.name).write_bytes(table.read_bytes())
    base = folder / BASE
    base.write_text(text, "utf-8")
    return base


def write_variants(
    folder: Path, count: int, changes: Callable[[int], str], broken: int = 0
) -> list[Path]:
    """
    Write so many variants of a folder's base.

    `changes` gives the YAML of the n-th; of them all, `broken` are broken as BROKEN says.
    """
    each = count // broken if broken else 0
    files = []
    for number in range(count):
        is_broken = bool(each) and number % each == each - 1 and number // each < broken
        own = BROKEN[number // each % len(BROKEN)] if is_broken else changes(number)
        name = f"broken-{number:03}" if is_broken else f"variant-{number:03}"
        file = folder / f"{name}.yaml"
        file.write_text(f"schema: 1\nname: {name}\nextends: {BASE}\n{own}", "utf-8")
        files.append(file)
    return files


def of_tiny(number: int) -> str:
    """Give tiny another price for what is left unserved, and another bound."""
    price, rtt_ms = 2 + 0.05 * number, 4 + 0.1 * (number % 5)
    return f"services: {{far: {{unserved_mn_per_mw_yr: {price:g}, rtt_ms: {rtt_ms:g}}}}}\n"


def of_texas(number: int) -> str:
    """
    Give Texas another bound for the middle class, and another largest site.

    The gap is one that every variant reaches in seconds, as a study of hundreds would ask for.
    """
    rtt_ms, most_mw = 4 + 0.05 * (number % 40), (8, 10, 12, 15, 20)[number // 40 % 5]
    solving = "solve: {gap: 0.005, time_limit_s: 600}\n"
    return f"services: {{rtt-5ms: {{rtt_ms: {rtt_ms:g}}}}}\nsites: {{max_mw: {most_mw}}}\n{solving}"


CHANGES = {"tiny": of_tiny, "texas": of_texas}
"""What variants of each scenario change."""
