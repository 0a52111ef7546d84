"""Where tables come from: path, origin, which rows count, and what their columns are called."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from microdc.scenario.parts.dialect import Dialect
from microdc.scenario.words import Number, Origin, Section, TablePath, Text, Verbatim, default


def listed(value: Any) -> Any:
    """Take one thing as a list of one."""
    return value if isinstance(value, list | tuple) else [value]


def listed_or_off(value: Any) -> Any:
    """Take one thing as a list of one, and what says that there is none as an empty one."""
    off = value is None or value is False or value in ("off", {})
    return () if off else listed(value)


Columns = Annotated[tuple[Verbatim, ...], BeforeValidator(listed), Field(min_length=1)]


class DemandSource(Section):
    """One table of places with people or megawatts."""

    path: TablePath
    """CSV, GeoJSON, GeoPackage, Shapefile (or .zip) or Parquet, relative to the scenario file."""

    source: Origin = Origin()
    """Title, date and licence of the table."""

    where: Verbatim | None = None
    """Which rows count, such as `state == 'TX'`; a small grammar that runs no code."""

    columns: dict[Verbatim, Columns] = Field(default_factory=dict)
    """Our name of a column → the table's name, or several of which the first non-blank counts."""

    units: dict[Verbatim, Text] = Field(default_factory=dict)
    """Our name of a column → the unit it is published in (kW, MVA, miles, ft ...)."""

    crs: Text | None = None
    """Coordinate system of the columns x and y, such as EPSG:27700; none: lat and lon."""

    dialect: Dialect = Dialect()
    """How a CSV file is written, where that is not to be found by the rules."""


class SubstationSource(DemandSource):
    """One table of substations and of the limits above them."""

    power_factor: Annotated[Number, Field(gt=0, le=1)] = default(
        0.95, "MW per MVA", "engineering convention for distribution load"
    )
    """Turns MVA into MW; a table's column wins, row by row."""

    reserve_share: Annotated[Number, Field(ge=0, lt=1)] = 0.0
    """Share kept back from every headroom."""


class HubSource(DemandSource):
    """One table of hubs: central data centers that serve what tolerates the distance."""


Hubs = Annotated[tuple[HubSource, ...], BeforeValidator(listed_or_off)]
"""One table of hubs, a list of them, or `off`."""


def none_if_off(value: Any) -> Any:
    """Take what says that there is none as none."""
    return None if value is False or value == "off" else value


class PairTable(DemandSource):
    """One table of what holds between a place and a site."""

    form: Literal["long", "wide"] = "long"
    """
    How the table is laid out: long has the columns `demand` and `site`, and what holds of each
    pair; wide has ids of places in its first column and ids of sites in its header.
    """

    only: Annotated[bool, Field(strict=True)] = False
    """
    Whether the pairs that it names are all that may serve: every other is out of reach, and no
    table but that of parcels needs positions.
    """


class Measured(PairTable):
    """One table of round trips that were measured; they replace the formula pair by pair."""

    percentile: Annotated[Number, Field(ge=0, le=100)] | None = None
    """Which percentile counts; required where a long table states several."""


class PairPrices(PairTable):
    """
    One table of what serving a MW IT over a pair costs a year, beyond what its time costs.

    A pair that it does not name costs nothing more, unless `only` keeps it from serving.
    """


OneMeasured = Annotated[Measured | None, BeforeValidator(none_if_off)]
"""A measured table, or `off`."""

OnePairPrices = Annotated[PairPrices | None, BeforeValidator(none_if_off)]
"""A table of prices of pairs, or `off`."""
