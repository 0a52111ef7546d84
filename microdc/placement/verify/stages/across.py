"""Promises on stages together: what is built stays, dates, weights and costs are the scenario's."""

import math
from collections.abc import Iterator
from pathlib import Path

from microdc.errors import InputError
from microdc.placement.verify.document import ProgrammeTold, read_document, read_programme
from microdc.placement.verify.facts import POWER_MW, SAME, money_differs, told
from microdc.placement.verify.money import GAP, STATUSES
from microdc.placement.verify.stages import futures, service
from microdc.placement.verify.stages.together import (
    NOTHING_MN,
    Promise,
    Together,
    month_number,
    written_month,
)
from microdc.scenario import load_scenario


def broken_across_stages(folder: Path) -> list[str]:
    """
    Name every promise that a programme's stages break together; none if they keep them all.

    What each plan promises by itself is not looked at again. Raises InputError if `stages.json` or
    a stage's plan cannot be read.
    """
    programme = read_programme(folder)
    odd = [one.folder for one in programme.stages if Path(one.folder).name != one.folder]
    if odd:
        return [f"the folder of a stage is no name: {one}" for one in odd]
    plans = [read_document(folder / one.folder) for one in programme.stages]
    files = {(folder / one.folder / plan.provenance.scenario.path).resolve()
             for one, plan in zip(programme.stages, plans, strict=True)}  # fmt: skip
    if len(files) > 1:
        return [f"the stages are of {len(files)} scenarios, not of one"]
    try:
        scenario = load_scenario(files.pop())
    except InputError as error:
        return [f"the inputs can no longer be read: {fault}" for fault in error.faults]
    together = Together(programme=programme, plans=plans, scenario=scenario)
    broken = told(_other_stages(together))
    return broken or [line for promise in PROMISES for line in told(promise(together))]


def _other_stages(together: Together) -> Iterator[str]:
    """The stages are those of the scenario, in every future, in its order."""
    said = [one.name for one in together.programme.stages]
    asked = together.milestones
    if said != [one.name for one in asked]:
        names = ", ".join(one.name for one in asked)
        yield f"the stages are {', '.join(said)}; the scenario has {names or 'none'}"
        return
    for (one, plan), true in zip(together.stages, asked, strict=True):
        stage = together.scenario.stages[true.stage].name
        if plan.stage is None or (plan.stage.name, plan.stage.future) != (stage, true.future):
            yield f"{one.name}: the plan in its folder is of another stage, or of none"
        after = asked[true.before].name if true.before >= 0 else None
        if (one.future, one.probability, one.after) != (true.future, true.probability, after):
            yield f"{one.name}: its future, or the stage that it comes after, is said to be another"


def _misdated(together: Together) -> Iterator[str]:
    """Each stage lasts to the next one; its weight is those years, discounted, if it comes."""
    asked, programme = together.scenario, together.scenario.programme
    rate = asked.costs.annuity.rate if programme.discount_rate is None else programme.discount_rate
    if abs(together.programme.discount_rate - rate) > SAME:
        yield f"discount_rate is {together.programme.discount_rate:g}, the scenario's is {rate:g}"
    begin = [month_number(stage.by) for stage in asked.stages]
    end = [*begin[1:], begin[-1] + math.ceil(12 * programme.horizon_years - 1e-9)]
    for (one, _), true in zip(together.stages, together.milestones, strict=True):
        months = begin[true.stage], end[true.stage]
        if (one.begins, one.ends) != tuple(map(written_month, months)):
            yield f"{one.name}: lasts {' to '.join(map(written_month, months))}, said is otherwise"
        years = [(month - begin[0]) / 12 for month in months]
        weight = years[1] - years[0]
        if rate > 0:
            worth = [(1 + rate) ** -year for year in years]
            weight = (worth[0] - worth[1]) / math.log(1 + rate)
        weight *= true.probability
        if abs(one.weight_yr - weight) > 1e-9 * weight:
            yield f"{one.name}: counts for {weight:.6f} years, said are {one.weight_yr:.6f}"


def _lost(together: Together) -> Iterator[str]:
    """What is built in a stage is there in the next, no smaller; what is new is told."""
    exists = {s.id: s.existing_mw for s in together.plans[0].sites if s.existing_mw > 0}
    built = {one.name: {s.id: s.mw for s in plan.sites} for one, plan in together.stages}
    for one, plan in together.stages:
        now, before = built[one.name], built[one.after] if one.after else exists
        if plan.stage and plan.stage.kept != (list(before) if one.after else []):
            yield f"{one.name}: the sites said to be kept are not those of the stage before"
        for site, mw in before.items():
            if site not in now:
                yield f"{one.name}: {site} was built before and is no site any more"
            elif now[site] < mw - POWER_MW:
                yield f"{one.name}: {site} had {mw:.4f} MW before and has {now[site]:.4f} MW"
        if one.added != [site for site in now if site not in before]:
            yield f"{one.name}: the sites said to be added are not those that are"
        grown = {s: mw for s, mw in now.items() if s in before and mw > before[s] + POWER_MW}
        said = {row.id: (row.from_mw, row.to_mw) for row in one.grown}
        if said != {site: (before[site], mw) for site, mw in grown.items()}:
            yield f"{one.name}: the sites said to have grown are not those that have"


def _miscounted(together: Together) -> Iterator[str]:
    """What is said of a stage is what its plan says."""
    for one, plan in together.stages:
        power = {
            "mw": (one.mw, sum(site.mw for site in plan.sites)),
            "served_mw_it": (one.served_mw_it, sum(s.served_mw_it for s in plan.services)),
            "demand_mw_it": (one.demand_mw_it, sum(s.demand_mw_it for s in plan.services)),
        }
        money = {
            "cost_mn_yr": (one.cost_mn_yr, plan.certificate.cost_mn_yr),
            "capital_mn": (one.capital_mn, plan.capital_mn),
        }
        if one.sites != len(plan.sites):
            yield f"{one.name}: {one.sites} sites are said, its plan has {len(plan.sites)}"
        for key, (said, true) in power.items():
            if abs(said - true) > POWER_MW:
                yield f"{one.name}: {key} is said to be {said:.4f}, its plan gives {true:.4f}"
        for key, (said, true) in money.items():
            if money_differs(said, true):
                yield f"{one.name}: {key} is said to be {said:.6f}, its plan gives {true:.6f}"
        if plan.stage and (plan.stage.gap, plan.stage.programme) != (
            together.programme.gap,
            together.programme.name,
        ):
            yield f"{one.name}: its plan names another programme, or another gap"


def _miscosted(together: Together) -> Iterator[str]:
    """The cost is that of all stages, weighted, or what futures come to by the risk."""
    said = together.programme
    if said.pilots != together.scenario.programme.pilots:
        yield f"the pilots are said to be chosen for {said.pilots}, the scenario says otherwise"
    if (said.name, said.currency) != (together.scenario.name, together.scenario.currency):
        yield f"the programme is {said.name} in {said.currency}, the scenario says otherwise"
    expected = _expected_mn(said)
    if said.expected_mn is not None and money_differs(said.expected_mn, expected):
        yield f"{said.expected_mn:.6f} is said to be expected, the stages give {expected:.6f}"
    cost = expected if said.risk == "expected" else futures.comes_to_mn(said)
    # A regret is told as exactly as the sums that it is the difference of.
    if not abs(said.cost_mn - cost) <= 1e-6 * (1 + abs(expected)):
        yield f"the cost is said to be {said.cost_mn:.6f}, the stages give {cost:.6f}"


def _expected_mn(said: ProgrammeTold) -> float:
    return math.fsum(one.weight_yr * one.cost_mn_yr for one in said.stages)


def _misjudged(together: Together) -> Iterator[str]:
    """No bound is above the cost, and the gap is what lies between them."""
    said = together.programme
    above = said.cost_mn - said.bound_mn
    if above < -NOTHING_MN:
        yield f"the bound, {said.bound_mn:.6f}, is above the cost, {said.cost_mn:.6f}"
    base = _expected_mn(said) if said.risk == "worst-regret" else said.cost_mn
    gap = above / base if above > NOTHING_MN and base else 0.0
    if abs(said.gap - gap) > GAP * max(1.0, gap):
        yield f"the gap is said to be {said.gap:.6%}, cost and bound give {gap:.6%}"
    asked_gap = together.plans[0].certificate.asked_gap
    if said.status not in STATUSES:
        yield f"status {said.status!r} is none of {', '.join(STATUSES)}"
    if said.status == STATUSES[0] and said.gap > asked_gap + GAP:
        yield f"status {said.status}: the gap is {said.gap:.6%}, asked was {asked_gap:.6%}"


def _alone(together: Together) -> Iterator[str]:
    """The bound of a stage planned alone is not above its cost; the price needs all of them."""
    said = together.programme
    for one in said.stages:
        if one.alone and one.alone.bound_mn_yr > one.alone.cost_mn_yr + NOTHING_MN:
            yield f"{one.name}: alone, its bound is above its cost"
    if all(one.alone for one in said.stages) != (said.nestedness is not None):
        yield "the price of nestedness is told if, and only if, every stage was planned alone"


def _misnested(together: Together) -> Iterator[str]:
    """The price of nestedness is what the programme costs beyond its stages planned separately."""
    said = together.programme.nestedness
    alone = [(one.weight_yr, one.alone) for one in together.programme.stages if one.alone]
    if said is None or len(alone) < len(together.programme.stages):
        return
    programme = together.programme
    best = math.fsum(weight * one.cost_mn_yr for weight, one in alone)
    least = math.fsum(weight * one.bound_mn_yr for weight, one in alone)
    true = {
        "cost_mn": programme.cost_mn - best,
        "at_least_mn": max(0.0, programme.bound_mn - best),
        "at_most_mn": programme.cost_mn - least,
    }
    for key, mn in true.items():
        # A difference of large sums is told as exactly as they are.
        if abs(getattr(said, key) - mn) > 1e-6 * (1 + abs(programme.cost_mn)):
            yield f"nestedness: {key} is said to be {getattr(said, key):.6f}, it is {mn:.6f}"


PROMISES: tuple[Promise, ...] = (
    _misdated,
    _lost,
    _miscounted,
    _miscosted,
    _misjudged,
    _alone,
    _misnested,
    *futures.PROMISES,
    *service.PROMISES,
)
