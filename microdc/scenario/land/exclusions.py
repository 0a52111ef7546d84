"""Areas in which no site may stand."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from microdc.scenario.parts.sources import listed_or_off
from microdc.scenario.words import Number, Origin, Section, TablePath, Text

MOST_BUFFER_KM = 1000.0


class Exclusion(Section):
    """Shapes in and near which no site may stand."""

    path: TablePath
    """GeoJSON, GeoPackage, Shapefile (or .zip) or GeoParquet, in any coordinates."""

    reason: Text
    """Why, in the words that every excluded candidate keeps, such as `flood plain`."""

    buffer_km: Annotated[Number, Field(ge=0, le=MOST_BUFFER_KM)] = 0.0
    """How near to the shapes is too near (km, geodesic)."""

    source: Origin = Origin()
    """Title, date and licence of the file."""


Exclusions = Annotated[tuple[Exclusion, ...], BeforeValidator(listed_or_off)]
"""One exclusion, a list of them, or `off`."""
