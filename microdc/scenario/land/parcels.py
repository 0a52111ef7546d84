"""Parcels of land on which sites may stand, each fed by a substation nearby."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from microdc.scenario.parts.sources import DemandSource, listed_or_off
from microdc.scenario.words import NonNegative, Number, default


class ParcelSource(DemandSource):
    """One table of parcels; with any, sites stand on parcels and substations only limit them."""

    max_feeder_km: Annotated[Number, Field(gt=0, le=1000)]
    """Longest feeder (km); a parcel that names its substation may be further away."""

    feeder_route_factor: Annotated[Number, Field(ge=1, le=100)] = default(
        1.0, "km/km", "assumption: a feeder runs straight where the table states no feeder_km"
    )
    """Length of the feeder divided by geodesic distance; a table's `feeder_km` wins, row by row."""

    fibre_km: NonNegative = default(
        0.0, "km", "assumption: fibre is at the parcel where the table states no fibre_km"
    )
    """Length of the new fibre (km); a table's column wins, row by row."""


Parcels = Annotated[tuple[ParcelSource, ...], BeforeValidator(listed_or_off)]
"""One table of parcels, a list of them, or `off`."""
