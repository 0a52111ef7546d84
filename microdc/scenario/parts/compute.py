"""Between people's queries and tokens, racks and IT power, both ways."""

from typing import Annotated

from pydantic import Field

from microdc.scenario.words import Number, Positive, Section, default

RACK = "NVIDIA GB200 NVL72, 120-132 kW a rack of 72 GPUs; vendor and trade figures"

Divisor = Annotated[Number, Field(ge=1e-6, le=1e9)]
"""What something is divided by: above zero by so much that the quotient is a number."""

HOURS_PER_DAY = 24
SECONDS_PER_HOUR = 3600


class Compute(Section):
    """What a megawatt of IT power is in computers; it changes no plan, only how it is told."""

    kw_it_per_rack: Annotated[Number, Field(gt=0, le=1e5)] = default(132.0, "kW IT/rack", RACK)
    """IT power of a rack (kW)."""

    gpus_per_rack: Annotated[Number, Field(gt=0, le=1e5)] = default(72.0, "GPUs/rack", RACK)
    """Accelerators in a rack."""

    def racks(self, mw_it: float) -> float:
        """Give the racks that so much IT power feeds; 4 MW IT feed 30 racks of 132 kW."""
        return mw_it * 1000 / self.kw_it_per_rack

    def mw_it(self, racks: float) -> float:
        """Give the IT power that so many racks draw (MW IT); times PUE, what the grid feeds."""
        return racks * self.kw_it_per_rack / 1000


def peak_kw_it_per_1000_people(
    queries_per_person_day: float, wh_it_per_query: float, peak_to_mean: float
) -> float:
    """
    Give the demand of queries at their peak (kW IT per 1,000 people).

    A thousand people ask 1000 x queries a day, each takes so many Wh: 1000 x queries x Wh is the
    energy of a day in Wh. Over 24 hours that is 1000 x queries x Wh / 24 in W on average, and
    peak_to_mean times as much in the busiest hour; / 1000 makes it kW. The thousands cancel:
    queries x Wh x peak_to_mean / 24. So 24 queries a day of 1 Wh at a peak of twice the mean are
    2 W a person, 2 kW IT per 1,000 people.
    """
    return queries_per_person_day * wh_it_per_query * peak_to_mean / HOURS_PER_DAY


def queries_per_s(mw_it: float, wh_it_per_query: float) -> float:
    """Give the queries that so much IT power answers each second; 1 Wh is 3,600 W for a second."""
    return mw_it * 1e6 / (wh_it_per_query * SECONDS_PER_HOUR)


def mw_it_of_queries(per_s: float, wh_it_per_query: float) -> float:
    """Give the IT power (MW IT) that so many queries a second take."""
    return per_s * wh_it_per_query * SECONDS_PER_HOUR / 1e6


def kw_it_of_tokens(tokens_per_s_per_1000_people: float, tokens_per_s_per_kw_it: float) -> float:
    """Give the demand of tokens (kW IT per 1,000 people); 6,000 a second at 1,500 a kW are 4 kW."""
    return tokens_per_s_per_1000_people / tokens_per_s_per_kw_it


def tokens_per_s(mw_it: float, tokens_per_s_per_kw_it: float) -> float:
    """Give the tokens that so much IT power yields each second."""
    return mw_it * 1000 * tokens_per_s_per_kw_it


def mw_it_of_tokens(per_s: float, tokens_per_s_per_kw_it: float) -> float:
    """Give the IT power (MW IT) that so many tokens a second take."""
    return per_s / tokens_per_s_per_kw_it / 1000


class Wanted(Section):
    """How much of a class there is, stated in one of four ways, and told in the others."""

    kw_it_per_1000_people: Positive | None = None
    """Demand (kW IT per 1,000 people) where the demand table states population."""

    queries_per_person_day: Positive | None = None
    """Queries of a person on a day; with the next two, another way to state the demand."""

    wh_it_per_query: Divisor | None = None
    """IT energy of a query (Wh), PUE not included."""

    peak_to_mean: Annotated[Number, Field(ge=1, le=1000)] | None = None
    """Queries in the busiest hour divided by those of the mean hour."""

    tokens_per_s_per_1000_people: Positive | None = None
    """Tokens a second at the peak for 1,000 people; with the next, a third way to state demand."""

    tokens_per_s_per_kw_it: Divisor | None = None
    """Tokens a second that a kW IT yields; of a rack, its tokens a second divided by its kW."""

    tokens_per_query: Divisor | None = None
    """Tokens of a query; tells queries as tokens and tokens as queries, and changes no plan."""

    share: Annotated[Number, Field(gt=0, le=1)] | None = None
    """Share of the place's `mw_it` where the demand table states megawatts."""

    @property
    def peak_kw_it_per_1000_people(self) -> float:
        """Demand of 1,000 people at its peak (kW IT), as such, as queries or tokens; else 0."""
        if self.queries_per_person_day and self.wh_it_per_query and self.peak_to_mean:
            return peak_kw_it_per_1000_people(
                self.queries_per_person_day, self.wh_it_per_query, self.peak_to_mean
            )
        if self.tokens_per_s_per_1000_people and self.tokens_per_s_per_kw_it:
            return kw_it_of_tokens(self.tokens_per_s_per_1000_people, self.tokens_per_s_per_kw_it)
        return self.kw_it_per_1000_people or 0.0

    def queries_per_s(self, mw_it: float) -> float | None:
        """Give the queries that so much IT power answers each second; None: nothing tells."""
        if self.wh_it_per_query:
            return queries_per_s(mw_it, self.wh_it_per_query)
        if self.tokens_per_s_per_kw_it and self.tokens_per_query:
            return tokens_per_s(mw_it, self.tokens_per_s_per_kw_it) / self.tokens_per_query
        return None

    def tokens_per_s(self, mw_it: float) -> float | None:
        """Give the tokens that so much IT power yields each second; None: nothing tells."""
        if self.tokens_per_s_per_kw_it:
            return tokens_per_s(mw_it, self.tokens_per_s_per_kw_it)
        if self.wh_it_per_query and self.tokens_per_query:
            return queries_per_s(mw_it, self.wh_it_per_query) * self.tokens_per_query
        return None
