"""Pilots chosen for the first stage alone: what follows can only build on them."""

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
    first, *others = problems
    found = search(first.scenario, first.region, first.instance, clock, watch)
    settled = replace(first, instance=_settled(first.instance, found.sizes_mw))
    return [settled, *others]


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
