"""Pilots that are settled: what follows can only build on them."""

from dataclasses import replace

import pandas as pd

from microdc.instance import WATT_MW, Instance
from microdc.solve.highs import Clock
from microdc.solve.outcome import Watch
from microdc.studies.staging.problem import StageProblem
from microdc.workflow import search


def with_own_pilots(problems: list[StageProblem], watch: Watch, clock: Clock) -> list[StageProblem]:
    """
    Plan the first stage as though there were no other, and settle what it builds, to the watt.

    Raises as `search` does.
    """
    first = problems[0]
    found = search(first.scenario, first.region, first.instance, clock, watch)
    return with_pilots(problems, found.sizes_mw)


def with_pilots(problems: list[StageProblem], sizes_mw: "pd.Series[float]") -> list[StageProblem]:
    """Settle that the first stage builds just these sites (ids), at these sizes, to the watt."""
    first, *others = problems
    return [replace(first, instance=_settled(first.instance, sizes_mw)), *others]


def _settled(instance: Instance, sizes_mw: "pd.Series[float]") -> Instance:
    """Give an instance in which just these sites are built, at these sizes."""
    sites = instance.sites
    built = sites.index.isin(sizes_mw.index)
    mw = sizes_mw.reindex(sites.index).round(6)
    return replace(
        instance,
        sites=sites.assign(
            forced=sites["forced"] | built,
            forbidden=~built & ~sites["standing"],
            min_mw=mw.where(built, sites["min_mw"]),
            cap_mw=(mw + WATT_MW).clip(upper=sites["cap_mw"]).where(built, sites["cap_mw"]),
        ),
    )
