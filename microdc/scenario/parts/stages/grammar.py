"""What scenario.yaml may say of stages: by when, how many sites, and with what headroom."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from microdc.scenario.parts.sources import DemandSource, listed_or_off
from microdc.scenario.parts.stages.months import as_month
from microdc.scenario.words import (
    FolderName,
    Name,
    NonNegative,
    Number,
    Positive,
    Section,
    Share,
    Text,
    Whole,
    default,
)

MOST_STAGES = 12


def _no_file(text: str) -> str:
    """Refuse the names of files beside the stages' folders."""
    if "." in text:
        raise PydanticCustomError("dot", "has a point", {"allowed": "a name without points"})
    return text


Month = Annotated[
    Text,
    AfterValidator(as_month),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"}),
]
"""A month, YYYY-MM."""


class Stage(Section):
    """A state of the fleet at a date: what is built stays, and may grow, in the stages after it."""

    name: Annotated[FolderName, AfterValidator(_no_file)]
    """Name of the stage, and of the folder of its plan."""

    by: Month
    """Month by whose end its sites stand; the stage lasts to that of the next one."""

    max_sites: Whole | None = None
    """Most new sites by then, those of stages before included; left out: `limits.max_sites`."""

    budget_mn: NonNegative | None = None
    """Most capital by then (millions), spent before included; left out: `limits.budget_mn`."""

    demand_growth: Positive = 1.0
    """Demand of all places and classes by then, as a multiple of what tables and services say."""

    min_served: dict[Name, Share] = Field(default_factory=dict)
    """Share that must be served at every place by then, by class, in place of its `min_served`."""


class Future(Section):
    """How the years after the first stage may turn out."""

    name: Annotated[FolderName, AfterValidator(_no_file)]
    """Name of the future; the folder of a stage's plan in it is named after both."""

    probability: Annotated[Number, Field(gt=0, le=1)]
    """How likely it is; those of all futures sum to 1."""

    demand_growth: Positive = 1.0
    """Demand in all stages but the first, as a multiple of what they say."""

    headroom_share: Share = 1.0
    """Share of every headroom, works included, that there is in all stages but the first."""


class LeadTime(Section):
    """How long it takes until a site at some voltage has power."""

    months: NonNegative
    """Months from the start of the programme until such a site can be energised."""

    from_kv: NonNegative = 0.0
    """Voltage of the substation (kV) from which this holds; of several, the highest it reaches."""


class Programme(Section):
    """What all stages share: when it begins, and how years to come are counted."""

    pilots: Literal["all-stages", "first-stage"] = "all-stages"
    """
    What the sites of the first stage are chosen for: to cost least over all stages, or in the first
    as though there were no other; the others then build on them.
    """

    risk: Literal["expected", "cvar", "worst-cost", "worst-regret"] = "expected"
    """
    What is to be least of what a programme costs in several `futures`: the cost to be expected; the
    mean of the cases in which it costs most, `cvar`; the cost in its dearest future; or the most
    that is regretted of any, beside the best programme that knew it would come.
    """

    cvar_level: Annotated[Number, Field(ge=0, lt=1)] | None = None
    """Share of cases, the cheapest, that `cvar` leaves out: 0.8 takes the mean of the others."""

    begins: Month | None = None
    """Month from which lead times count."""

    lead_times: Annotated[tuple[LeadTime, ...], BeforeValidator(listed_or_off)] = ()
    """How long until a new site can have power, by voltage; left out: no time."""

    served_before: Month | None = None
    """
    Month before which what is served counts for `objective: most-served`, in MW-months; left out:
    all of it to the end of the horizon.
    """

    horizon_years: Annotated[Number, Field(gt=0, le=100)] = default(
        10.0, "years", "planning assumption: how long the last stage counts"
    )
    """How long the last stage lasts (years)."""

    discount_rate: Annotated[Number, Field(ge=0, le=1)] | None = None
    """Yearly interest, as a share, at which later costs count less; left out: the annuity's."""


class WorksSource(DemandSource):
    """One table of works on the grid: which substation or limit has more headroom from when on."""

    more_mw: NonNegative | None = None
    """Headroom (MW, grid side) that works add where a row does not say; left out: each row says."""


StageList = Annotated[
    tuple[Stage, ...], BeforeValidator(listed_or_off), Field(max_length=MOST_STAGES)
]
"""Stages in the order of their dates, or `off`."""

Futures = Annotated[tuple[Future, ...], BeforeValidator(listed_or_off), Field(max_length=20)]
"""Futures, or `off`: it turns out as the stages say."""

Works = Annotated[tuple[WorksSource, ...], BeforeValidator(listed_or_off)]
"""One table of works, a list of them, or `off`."""
