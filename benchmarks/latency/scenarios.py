"""
Scenarios that ship, with a price on latency and without: the table in `docs/benchmarks.md`.

`python -m benchmarks.latency` plans Texas and the United States for as long as they state, once as
they are and once with 0.05 millions a year for each MW IT and ms of round trip, and puts what came
of it into `benchmarks/results.json`; `python -m benchmarks show` makes the table of it.
"""

from pathlib import Path

from benchmarks.literature.told import Told, alone, ours, record
from benchmarks.machine import circumstances
from benchmarks.results import RESULTS, keep
from microdc.assembly import assemble
from microdc.inputs.read import read_region
from microdc.scenario import load_scenario
from microdc.scenario.parts.rtt_price import RttStep
from microdc.workflow import settings_of

NAMES = ("texas", "united-states")
MN_PER_MW_MS_YR = 0.05

_SCENARIOS = Path(__file__).parents[2] / "scenarios"


def main() -> None:
    """Measure, and add to what was measured before."""
    records = []
    for name in NAMES:
        for price in (0.0, MN_PER_MW_MS_YR):
            problem = f"{name}, {price:g} M a MW IT and ms" if price else f"{name}, no price"
            records.append(record(problem, alone(by_microdc, name, price)))
            print(records[-1], flush=True)
            keep(RESULTS, "latency", {**circumstances(), "seed": 0, "records": records})


def by_microdc(name: str, mn_per_mw_ms_yr: float) -> Told:
    """Search for the plan of a scenario that ships at a price of every ms of all its services."""
    scenario = load_scenario(_SCENARIOS / name / "scenario.yaml")
    steps = (RttStep(mn_per_mw_ms_yr=mn_per_mw_ms_yr),) if mn_per_mw_ms_yr else ()
    services = {
        service: asked.model_copy(update={"rtt_price": steps})
        for service, asked in scenario.services.items()
    }
    priced = scenario.model_copy(update={"services": services})
    instance = assemble(priced, read_region(priced))
    return ours(instance, settings_of(priced), priced.solve.time_limit_s)
