"""Columns that a table should state, and those whose names look misspelt."""

from collections.abc import Collection

from microdc.errors import Fault
from microdc.inputs.tables.columns import POSITION, Table
from microdc.inputs.tables.findings import Findings, listed, nearest, nearest_column
from microdc.inputs.tables.schemas import UNITS, unit_of
from microdc.scenario import DemandSource

ONE_OF: dict[str, list[tuple[str, ...]]] = {
    "substations": [
        ("headroom_mw",),
        ("transformer_mva", "peak_mw"),
        ("feeder_rating_a", "voltage_kv", "feeder_peak_a"),
        ("feeder_rating_a", "voltage_kv", "feeder_peak_mw"),
    ],
    "demand": [("population",), ("mw_it",)],
    "profiles": [
        ("id", "headroom_mw"),
        ("id", "headroom_share"),
        ("id", "load_share"),
        ("service", "demand_share"),
    ],
}
"""Sets of columns of which a table must state at least one, beside those that are required."""

REQUIRED = {
    "substations": ("id", "lat", "lon"),
    "parcels": ("id", "lat", "lon"),
    "demand": ("id", "lat", "lon"),
    "hubs": ("id", "lat", "lon", "mw_it", "mn_per_mw_it_yr"),
    "measured": ("demand", "site", "rtt_ms"),
    "pair_prices": ("demand", "site", "mn_per_mw_yr"),
    "profiles": ("time",),
    "works": ("id", "completed"),
}
"""Columns that a table must state."""

MISSPELT = 0.87
"""Likeness from which a column that nobody asks for is taken for a misspelt one of ours."""

NO_POSITIONS = "no position in any table, with only: true of measured or pair_prices"
"""What does without a latitude and a longitude, but for parcels."""


def missing_columns(table: Table, findings: Findings, needless: Collection[str] = ()) -> bool:
    """Note every required column that the file does not state; say whether there was any."""
    required = REQUIRED[table.schema.name]
    needed = [(column, "") for column in required if column not in needless]
    ways = ONE_OF.get(table.schema.name, [()])
    if not any(table.has(*way) for way in ways):
        begun = max(ways, key=lambda way: _begun(way, table))
        other = "" if begun is ways[0] else f"{ways[0][0]} instead"
        needed += [(column, other) for column in begun]
    missing = [(column, other) for column, other in needed if not table.has(column)]
    for column, other in missing:
        findings.fault(_missing(column, other, table))
    return bool(missing)


def _begun(way: tuple[str, ...], table: Table) -> float:
    """Say how far a file goes some way: the share of its columns that it has, or misspells."""
    headings = [str(name) for name in table.raw.rows.columns]
    like = [table.has(column) or nearest(column, headings, MISSPELT) != "" for column in way]
    return sum(like) / max(1, len(way))


def _missing(column: str, other: str, table: Table) -> Fault:
    headings = [str(name) for name in table.raw.rows.columns]
    near = nearest_column(column, headings)
    told = near if near.isidentifier() else f'"{near}"'
    allowed = [f"columns: {{{column}: {told}}} in the scenario"] if near else []
    if near and unit_of(table.schema.columns[column]) in UNITS:
        allowed = [f"{allowed[0]}, with units if it is in another unit"]
    allowed += [other] if other else []
    if column in POSITION and not near and table.schema.name != "parcels":
        allowed.append(NO_POSITIONS)
    return Fault(
        file=table.raw.name,
        column=column,
        says="is missing",
        found=f"columns {listed(headings, 12)}",
        allowed=", or ".join(allowed),
        nearest=near,
    )


def warn_of_misspelt(table: Table, source: DemandSource, findings: Findings) -> None:
    """Warn of columns that are not read but are nearly called as one that the file lacks."""
    lacking = [str(own) for own in table.schema.columns if not table.has(str(own))]
    asked = {name for names in source.columns.values() for name in names}
    for heading in map(str, table.raw.rows.columns):
        if heading in table.cells or heading in asked:
            continue
        near = nearest(heading, [own for own in lacking if len(own) > 2], MISSPELT)
        if near:
            findings.warn(
                f"{table.raw.name}: column {heading} is not read; did you mean {near}? Rename it, "
                f"or say columns: {{{near}: {heading}}}"
            )
