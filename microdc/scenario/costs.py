"""What a site and its parts cost, and what the defaults rest on."""

from typing import Annotated

from pydantic import Field

from microdc.scenario.words import NonNegative, Number, Section, default

COST_YEAR = 2025
IN_DOLLARS = (
    "facility_mn_per_mw_it",
    "site_mn",
    "connection_mn",
    "feeder_mn_per_km",
    "fibre_mn_per_km",
)
"""Keys of `costs` whose defaults are prices in US dollars."""


class Annuity(Section):
    """How capital becomes a yearly cost."""

    years: Annotated[Number, Field(ge=1, le=100)] = default(
        15.0, "years", "planning assumption for a data-center building"
    )
    """Years over which capital is paid back."""

    rate: Annotated[Number, Field(ge=0, le=1)] = default(
        0.08, "per year", "planning assumption, real cost of capital"
    )
    """Yearly interest as a share."""


class Costs(Section):
    """Capital of a site and its parts, and what energy costs."""

    facility_mn_per_mw_it: NonNegative = default(
        11.0, "M/MW IT", "rounded up from 10.7 M USD/MW, US average 2025 (CBRE, trade press)"
    )
    """Building, power and cooling (millions per MW IT), without the computers."""

    site_mn: NonNegative = default(3.0, "M/site", "planning assumption, USD 2025")
    """Land, permits and works of a site (millions)."""

    connection_mn: NonNegative = default(
        0.65,
        "M/site",
        "underground, over 500 kW, Eversource 2022; by voltage_kv where a table has it (NREL reVX)",
    )
    """Connection to the substation (millions); unless stated, by voltage where that is known."""

    feeder_mn_per_km: NonNegative = default(
        0.81, "M/km", "1.3 M USD/mile express feeder 15-35 kV, Eversource 2022"
    )
    """Feeder from substation to site (millions per km)."""

    fibre_mn_per_km: NonNegative = default(
        0.059, "M/km", "95 k USD/mile underground, Fiber Broadband Association/Cartesian 2025"
    )
    """Fibre to the site (millions per km)."""

    energy_per_mwh: NonNegative = default(0.0, "currency/MWh", "not counted unless stated")
    """Energy (currency units per MWh) on reserved MW; a table's column wins, row by row."""

    annuity: Annuity = Annuity()
    """How capital becomes a yearly cost."""

    @property
    def connection_stated(self) -> bool:
        """Whether the user states `connection_mn`; if not, the voltage decides where known."""
        return "connection_mn" in self.model_fields_set

    def in_currency(self, per_dollar: float) -> "Costs":
        """Multiply the defaults (by currency per US dollar); what is stated stays."""
        values = {key: getattr(self, key) for key in type(self).model_fields}
        stated = self.model_fields_set
        values |= {key: values[key] * per_dollar for key in IN_DOLLARS if key not in stated}
        return Costs.model_construct(_fields_set=set(stated), **values)
