"""How a distance becomes a round trip."""

from typing import Annotated

from pydantic import Field

from microdc.scenario.words import NonNegative, Number, Section, default


class Latency(Section):
    """How a distance on the ground becomes a round trip."""

    access_ms: NonNegative = default(
        0.5, "ms", "assumption: from the place's exchange, access line not included"
    )
    """Round trip (ms) between the place and its exchange; a table's column wins, row by row."""

    route_factor: Annotated[Number, Field(ge=1, le=100)] = default(
        1.5, "km/km", "between 1.3 (median of shortest US conduits) and 2.1, Bozkurt et al. 2018"
    )
    """Length of the cable divided by great-circle distance."""

    km_per_ms: Annotated[Number, Field(ge=1, le=300)] = default(
        204.0, "km/ms", "light in silica fibre, refractive index 1.468"
    )
    """One-way speed of the signal (km/ms)."""

    processing_ms: NonNegative = default(0.0, "ms", "assumption: bounds are network round trips")
    """Time (ms) spent at the site; a table's column wins, row by row."""
