"""The stages of a scenario as problems: each by itself, and all of them as one."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from microdc.assembly import assemble
from microdc.inputs.read import read_region
from microdc.inputs.region import Region
from microdc.instance import Instance, Ints
from microdc.instance.stages.programme import id_in, of_stage, programme_of
from microdc.instance.stages.risk import Risk
from microdc.model.bound.floor import floor_mn_yr
from microdc.scenario import Scenario, scenario_of_stage
from microdc.scenario.parts.stages.staged import (
    Milestone,
    milestones,
    months_that_count,
    weights_yr,
)
from microdc.solve.least_cost import set_aside
from microdc.solve.outcome import Outcome, PriceProof
from microdc.studies.staging.alone import proven_alone


@dataclass(frozen=True, slots=True, kw_only=True)
class StageProblem:
    """One stage by itself: an ordinary scenario with its tables and its problem as numbers."""

    milestone: Milestone
    scenario: Scenario
    region: Region
    instance: Instance
    weight_yr: float
    months: float
    """For which what is served counts where most is to be served, times how likely they are."""


def problems_of(scenario: Scenario) -> list[StageProblem]:
    """
    Read and assemble every stage of a scenario, in every future.

    Raises as `read_region` and `assemble` do.
    """
    return list(_problems(scenario))


def _problems(scenario: Scenario) -> Iterator[StageProblem]:
    years, months = weights_yr(scenario), months_that_count(scenario)
    for one in milestones(scenario):
        alone = scenario_of_stage(scenario, one.stage, one.future)
        region = read_region(alone)
        yield StageProblem(
            milestone=one,
            scenario=alone,
            region=region,
            instance=assemble(alone, region),
            weight_yr=one.probability * years[one.stage],
            months=one.probability * months[one.stage],
        )


def future_numbers(problems: list[StageProblem]) -> Ints:
    """Number the future of each stage as the scenario lists them; -1: the same in all."""
    names = [one.milestone.future for one in problems]
    number = {name: k for k, name in enumerate(dict.fromkeys(name for name in names if name))}
    return np.array([-1 if name is None else number[name] for name in names])


def whole_of(problems: list[StageProblem], risk: Risk | None = None) -> Instance:
    """Give the problem of all stages at once; its cost is net present, expected but for risk."""
    instances = [
        replace(one.instance, groups=one.instance.groups.assign(months=one.months))
        for one in problems
    ]
    weights_yr = [one.weight_yr for one in problems]
    whole = programme_of(instances, weights_yr, [one.milestone.before for one in problems])
    return replace(whole, risk=risk)


def outcomes_of(whole: Outcome, problems: list[StageProblem]) -> list[Outcome]:
    """
    Split what a search of all stages found into what it found for each.

    A stage's bound is what the prices of all prove of it alone, or what none of its plans avoids:
    what is proven of all stages together says nothing of one. Nor does the most that all can serve:
    a stage is told to leave no less than what is out of reach. Sizes that the solver's tolerances
    let shrink are as large as before.
    """
    outcomes: list[Outcome] = []
    served, futures = whole.unserved_bound_mw_it, future_numbers(problems)
    for number, one in enumerate(problems):
        sizes_mw, before = of_stage(whole.sizes_mw, number), one.milestone.before
        before_mw = outcomes[before].sizes_mw if before >= 0 else pd.Series(dtype=float)
        least_mw = before_mw.reindex(sizes_mw.index).fillna(0.0)
        sizes_mw = sizes_mw.where(sizes_mw >= least_mw, least_mw)
        within, lost = set_aside(one.instance)
        floor, proof = floor_mn_yr(within), whole.proof
        weight_yr = one.weight_yr * _times(proof, futures[number], one.milestone.probability)
        if proof is not None:
            proof = proven_alone(proof, number, within, weight_yr) if weight_yr > 0 else None
        outcome = replace(
            whole,
            sizes_mw=sizes_mw.rename("mw"),
            unserved_mw_it=of_stage(whole.unserved_mw_it, number),
            projects=_projects_of(whole, number),
            cost=None,
            bound=floor if proof is None else max(floor, proof.bound_mn_yr),
            floor=floor,
            unserved_bound_mw_it=None if served is None else float(lost.sum()),
            proof=proof,
            trail=(),
            known=None,
        )
        outcomes.append(outcome)
    return outcomes


def _times(proof: PriceProof | None, future: int, probability: float) -> float:
    """Give by what a future (number, -1: all) counts more in the prices than it is likely."""
    if proof is None or proof.futures is None or future < 0:
        return 1.0
    return float(proof.futures[future]) / probability


def _projects_of(whole: Outcome, number: int) -> "pd.Series[str]":
    """Give the centre of the project of each site of a stage, by its own ids."""
    mine = of_stage(whole.projects, number)
    return mine.map(lambda centre: str(centre).removeprefix(id_in(number, "")))
