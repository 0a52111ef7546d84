"""Between people's queries, queries a second, racks and IT power, both ways."""

from typing import Annotated

from pydantic import Field

from microdc.scenario.words import Number, Section, default

RACK = "NVIDIA GB200 NVL72, 120-132 kW a rack of 72 GPUs; vendor and trade figures"

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
