"""What a plan states of how good it is proven to be."""

from typing import Annotated, Literal

from pydantic import Field

from microdc.placement.verify.document.part import Count, Part, Step


class Counts(Part):
    """How much work the search was."""

    pairs: Count
    rows: Count
    cuts: Count
    rounds: Count
    nodes: Count


class Apart(Part):
    """Sites of which one may be built, and what it is worth to be that one (millions a year)."""

    sites: list[str]
    mn_per_site_yr: float


class LimitPrices(Part):
    """What a unit of each limit is worth (millions a year), and the bound so proven."""

    bound_mn_yr: float
    nodes_mn_per_mw_yr: dict[str, float]
    nodes_by_hour_mn_per_mw_yr: dict[str, dict[str, float]] = Field(default_factory=dict)
    counts_mn_per_site_yr: dict[str, float]
    apart: list[Apart]
    groups_mn_per_mw_it_yr: dict[str, float]
    in_all_mn_per_mw_it_yr: float
    budget_mn_per_mn_yr: float


class Reached(Part):
    """What an objective before cost came to, and what is proven of it: new sites, or ms."""

    objective: str
    value: float
    bound: float


class Certificate(Part):
    """Cost, bound and gap (millions a year, shares)."""

    cost_mn_yr: float
    bound_mn_yr: float
    gap: float
    floor_mn_yr: float
    gap_avoidable: float
    asked_gap: float
    seconds: Annotated[float, Field(ge=0)]
    counts: Counts
    unserved_mw_it: float
    unserved_bound_mw_it: float | None
    reached: list[Reached] = Field(default_factory=list)
    prices: LimitPrices | None = None
    method: Literal["cuts", "textbook", "pairs", "assignment"] = "cuts"
    bound_of_split: bool = False
    reached_of_split: list[str] = Field(default_factory=list)
    trail: list[Step] = Field(default_factory=list)
