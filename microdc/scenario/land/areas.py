"""Areas on a map: where they come from, and what they are for."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from microdc.scenario.parts.sources import listed_or_off
from microdc.scenario.words import Number, Origin, Section, TablePath, Text

MOST_BUFFER_KM = 1000.0


class AreaSource(Section):
    """One file of shapes."""

    path: TablePath
    """GeoJSON, GeoPackage, Shapefile (or .zip) or GeoParquet, in any coordinates."""

    source: Origin = Origin()
    """Title, date and licence of the file."""


class Exclusion(AreaSource):
    """Shapes in and near which no site may stand."""

    reason: Text
    """Why, in the words that every excluded candidate keeps, such as `flood plain`."""

    buffer_km: Annotated[Number, Field(ge=0, le=MOST_BUFFER_KM)] = 0.0
    """How near to the shapes is too near (km, geodesic)."""


class ZoneSource(AreaSource):
    """Polygons that are each a zone, named by an attribute `id` or `name`."""


Exclusions = Annotated[tuple[Exclusion, ...], BeforeValidator(listed_or_off)]
"""One exclusion, a list of them, or `off`."""

Zones = Annotated[tuple[ZoneSource, ...], BeforeValidator(listed_or_off)]
"""One file of zones, a list of them, or `off`."""
