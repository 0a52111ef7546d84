"""Why a site is not in a plan, and what one that is in it is for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from microdc.explain.sites.pricing import Priced, forbidden, forced_in
from microdc.inputs.costs import annuity_factor
from microdc.studies.explaining.planned import Planned
from microdc.studies.explaining.sites.larger import Larger, with_more_headroom
from microdc.studies.explaining.sites.looser import Looser, looser_bounds
from microdc.studies.explaining.sites.reasons import (
    Candidacy,
    Reason,
    in_no_project,
    known_row,
    nearer_than_allowed,
    out_of_reach,
    too_near,
)
from microdc.studies.explaining.sites.role import Role, role_of

Status = Literal["no candidate", "out of reach", "too near", "priced", "chosen", "stands"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """
    What there is to say of a substation, parcel or hub.

    status
        no candidate, out of reach, too near, priced (it could be built, and is not), chosen, or
        stands (it is there whatever is planned).
    reason
        Why it can be no site, of the first three.
    priced
        What forcing it in does to the cost, or, if chosen, what forbidding it does.
    size_mw
        In the best plan that has it; None: it is in none.
    pushes_out
        Sites of the plan that are too near for both to be built.
    capital_per_mn_yr
        Capital behind a million a year.
    """

    site: str
    name: str
    status: Status
    capital_per_mn_yr: float
    reason: Reason | None = None
    priced: Priced | None = None
    size_mw: float | None = None
    pushes_out: tuple[str, ...] = ()
    larger: Larger | None = None
    looser: tuple[Looser, ...] = ()
    role: Role | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Answers about sites of a plan, with the plan's cost and bound (millions a year)."""

    planned: Planned
    sites: tuple[Answer, ...]


def ask_about(planned: Planned, sites: Sequence[str]) -> Answers:
    """
    Answer for each of some substations, parcels or hubs (ids, or names) why it is not in a plan.

    For those that are in it, what they are for. Raises UsageError for ids that no table has.
    """
    candidacy = Candidacy(planned.scenario, planned.region)
    rows = [known_row(candidacy, asked) for asked in sites]
    answers = tuple(_answer(planned, candidacy, row) for row in dict.fromkeys(rows))
    return Answers(planned=planned, sites=answers)


def _answer(planned: Planned, candidacy: Candidacy, row: str) -> Answer:
    scenario, base = planned.scenario, planned.base
    about = Answer(
        site=row,
        name=planned.name_of(row),
        status="stands",
        capital_per_mn_yr=1 / annuity_factor(scenario.costs.annuity),
    )
    sites = base.instance.sites
    if row in sites.index and sites["standing"][row]:
        return replace(about, role=role_of(planned, row))
    if row in base.built:
        mw = float(planned.plan.sites["mw"][row])
        priced, role = forbidden(base, row), role_of(planned, row)
        return replace(about, status="chosen", priced=priced, size_mw=mw, role=role)
    if reason := candidacy.why_none(row) or in_no_project(scenario, base.instance, row):
        return replace(about, status="no candidate", reason=reason)
    if reason := out_of_reach(scenario, planned.region, row):
        return replace(about, status="out of reach", reason=reason)
    if reason := too_near(scenario, planned.region, row):
        return replace(about, status="too near", reason=reason)
    return _priced(planned, about)


def _priced(planned: Planned, about: Answer) -> Answer:
    """Price a candidate that is not in the plan, and ask what would bring it in."""
    row, base = about.site, planned.base
    priced = forced_in(base, row)
    near = nearer_than_allowed(planned.scenario, planned.region, row, base.built)
    needs_more = not priced.change.may_be_nothing
    return replace(
        about,
        status="priced",
        priced=priced,
        size_mw=_size_mw(priced.sizes_mw, row),
        pushes_out=tuple(near.index),
        larger=with_more_headroom(planned, row) if needs_more else None,
        looser=looser_bounds(planned, row) if needs_more else (),
    )


def _size_mw(sizes_mw: "pd.Series[float]", row: str) -> float | None:
    return float(sizes_mw[row]) if row in sizes_mw.index else None
