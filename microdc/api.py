"""
microdc from Python: what the commands do, and their answers as tables.

Whatever goes wrong on purpose is one of `microdc.errors`; an infeasible scenario raises
InfeasibleError with the reason.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import geopandas as gpd
import pandas as pd
from pydantic import ValidationError

from microdc.checking import CheckResult, check_scenario
from microdc.errors import UsageError
from microdc.inputs.read import read_region
from microdc.placement import store
from microdc.placement.plan import Plan
from microdc.placement.verdict import verdict
from microdc.placement.verify import broken_promises
from microdc.report.export.demand import demand_layer
from microdc.report.export.layers import HUBS, SERVICE_LINES, SITES, UNSERVED, layers_of
from microdc.report.geojson import write_geojson
from microdc.report.notebook.page import page
from microdc.scenario import Scenario, load_scenario
from microdc.solve.highs import Clock
from microdc.solve.outcome import Mark
from microdc.workflow import plan_of

__all__ = ["CheckResult", "Planned", "check", "plan", "read_plan", "verify"]

Where = str | PathLike[str]


@dataclass(frozen=True, slots=True)
class Planned:
    """
    A plan and its tables; in a notebook it shows its verdict, its sites and a map.

    Positions are WGS 84 and every table is made anew when it is asked for. Money is in millions of
    `plan.currency` a year.
    """

    plan: Plan
    """All that `plan.json` holds: classes, assumptions, outages, hours, provenance."""

    @property
    def status(self) -> str:
        """How the search ended: `within gap`, `time limit`, `interrupted` or `stalled`."""
        return self.plan.status

    @property
    def verdict(self) -> str:
        """What is built, whom it serves, what it costs and how near the best it is."""
        return verdict(self.plan.to_document())

    @property
    def cost_mn_yr(self) -> float:
        """What the plan costs, capital spread over years."""
        return self.plan.certificate.cost_mn_yr

    @property
    def bound_mn_yr(self) -> float:
        """What no plan can cost less than, of those that `verdict` names where it is not all."""
        return self.plan.certificate.bound_mn_yr

    @property
    def gap(self) -> float:
        """(cost - bound) / cost."""
        return self.plan.certificate.gap

    @property
    def gap_avoidable(self) -> float:
        """The gap as a share of what siting can avoid of the cost."""
        return self.plan.certificate.gap_avoidable

    @property
    def sites(self) -> gpd.GeoDataFrame:
        """A point for each site, by `id`: `mw`, load, round trips, cost items, `cost_mn_yr`."""
        return layers_of(self.plan)[SITES].set_index("id")

    @property
    def hubs(self) -> gpd.GeoDataFrame:
        """A point for each hub, by `id`: what is reserved and served there; mostly none."""
        layers = layers_of(self.plan)
        return layers.get(HUBS, layers[SITES].iloc[:0][["id", "name", "geometry"]]).set_index("id")

    @property
    def service(self) -> gpd.GeoDataFrame:
        """A line for each place, class and site that serves it: `mw_it` and `rtt_ms`."""
        return layers_of(self.plan)[SERVICE_LINES]

    @property
    def unserved(self) -> gpd.GeoDataFrame:
        """A point for each place and class of which something is left unserved: `mw_it`."""
        return layers_of(self.plan)[UNSERVED]

    @property
    def demand(self) -> gpd.GeoDataFrame:
        """A point for each place and class: demand, what is served, and its margin to the bound."""
        return demand_layer(self.plan)

    @property
    def classes(self) -> pd.DataFrame:
        """A row for each class of service, by `service`: bound, demand, what is served."""
        return self.plan.services.set_index("service")

    def write(self, folder: Where, *, force: bool = False) -> Path:
        """
        Verify the plan once more and write its folder, as `microdc plan --out` does; give the path.

        Raises UsageError if the folder is taken, unless it holds a plan to replace (`force`).
        """
        store.write_plan(self.plan, Path(folder), force=force, also=write_geojson)
        return Path(folder)

    def __repr__(self) -> str:
        return f"<Planned {self.plan.name}: {self.verdict}>"

    def _repr_html_(self) -> str:
        return page(self.plan)


def plan(
    path: Where,
    *,
    gap: float | None = None,
    time_limit_s: float | None = None,
    threads: int | None = None,
    watch: Callable[[Mark], None] | None = None,
) -> Planned:
    """
    Plan a scenario (its file, or a folder with a `scenario.yaml`) and verify the plan.

    `gap`, `time_limit_s` and `threads` replace what the scenario says under `solve`; the time
    counts from this call. `watch` is told how the search comes along. Nothing is written. Raises
    InputError, InfeasibleError (with the reason), NoPlanError if time ran out, UsageError.
    """
    clock = Clock(float("inf"))
    stated = {"gap": gap, "time_limit_s": time_limit_s, "threads": threads}
    scenario = _solving(load_scenario(Path(path)), stated)
    found = plan_of(scenario, read_region(scenario), watch or _unwatched, clock)
    with tempfile.TemporaryDirectory() as folder:
        store.expect_sound(found, Path(folder) / "plan", scenario)
    return Planned(found)


def _solving(scenario: Scenario, stated: dict[str, float | int | None]) -> Scenario:
    """Give a scenario with some keys of its `solve` replaced; raise UsageError if they are bad."""
    replaced = {key: value for key, value in stated.items() if value is not None}
    try:
        solve = type(scenario.solve).model_validate({**scenario.solve.model_dump(), **replaced})
    except ValidationError as error:
        wrong = error.errors()[0]
        msg = f"{wrong['loc'][0]} cannot be {wrong['input']}"
        raise UsageError(msg, hint=str(wrong["msg"])) from None
    return scenario.model_copy(update={"solve": solve})


def _unwatched(mark: Mark) -> None:
    """Let the search run unseen."""


def read_plan(folder: Where) -> Planned:
    """
    Read a plan that `microdc plan` or `Planned.write` wrote; raise InputError if there is none.

    It was verified when it was written; `verify` does so again.
    """
    return Planned(store.read_plan(Path(folder)))


def verify(folder: Where) -> list[str]:
    """
    Name every promise that the plan in a folder breaks, worked out from the raw inputs; none: kept.

    Raises InputError if the folder holds no plan that can be read.
    """
    return broken_promises(Path(folder))


def check(path: Where) -> CheckResult:
    """Read and judge all inputs of a scenario, solve nothing; raise InputError with all faults."""
    return check_scenario(Path(path))
