"""What the input tables may say: each column declared once, with its meaning, unit and check."""

import re
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa

from microdc.errors import Fault
from microdc.inputs.tables.findings import Findings

POWER = {"W": 1e-6, "kW": 1e-3, "MW": 1.0, "GW": 1e3}
APPARENT = {"kVA": 1e-3, "MVA": 1.0, "GVA": 1e3}
LENGTH = {"km": 1.0, "m": 1e-3, "miles": 1.609344, "mi": 1.609344, "ft": 3.048e-4}
UNITS = {
    "MW": POWER | APPARENT,  # apparent power counts after times the power factor
    "MW of real power": POWER,
    "MW IT": POWER,
    "MVA": APPARENT,
    "km": LENGTH,
    "A": {"A": 1.0, "kA": 1e3},
    "kV": {"V": 1e-3, "kV": 1.0},
    "ms": {"us": 1e-3, "ms": 1.0, "s": 1e3},
}
"""How many of a column's own unit one of the stated unit is."""


def _number(title: str, unit: str = "", check: pa.Check | None = None) -> pa.Column:
    return pa.Column(float, check, nullable=True, title=title, metadata={"unit": unit})


def _text(title: str) -> pa.Column:
    return _kind("text", title)


def _kind(kind: str, title: str) -> pa.Column:
    return pa.Column(None, nullable=True, title=title, metadata={"kind": kind})


def _least(least: float, allowed: str) -> pa.Check:
    return pa.Check.ge(least, error=allowed)


def _zero_or_more() -> pa.Check:
    return _least(0, "zero or more")


LAT = _number(
    "Latitude, WGS 84",
    "degrees",
    pa.Check.in_range(-90, 90, error="-90 to 90 (east-west is lon; metres are x and y with a crs)"),
)
LON = _number("Longitude, WGS 84", "degrees", pa.Check.in_range(-180, 180, error="-180 to 180"))
X = _number("Easting in the source's crs, in place of lat and lon", "units of the crs")
Y = _number("Northing in the source's crs", "units of the crs")
ID = pa.Column(
    None,
    pa.Check.ne("", error="a text of its own in every row"),
    title="What the row is called everywhere; text, unique over all sources",
    metadata={"kind": "text"},
)

SUBSTATIONS = pa.DataFrameSchema(
    {
        "id": ID,
        "name": _text("What people call it"),
        "lat": LAT,
        "lon": LON,
        "x": X,
        "y": Y,
        "headroom_mw": _number(
            "What may still be drawn here and below, together; blank means no limit",
            "MW",
            _zero_or_more(),
        ),
        "parent": _text("Id or unique name of the row that feeds this one"),
        "candidate": _kind("flag", "Whether a site may stand here; yes if not stated"),
        "transformer_mva": _kind(
            "ratings", "Emergency rating of each transformer, as 20;20 or 2 x 15/30 (MVA)"
        ),
        "peak_mw": _number("Forecast peak", "MW", _zero_or_more()),
        "feeder_rating_a": _number(
            "What one feeder may carry; the rows of an id are its feeders", "A", _zero_or_more()
        ),
        "feeder_peak_a": _number("Forecast peak of the feeder", "A", _zero_or_more()),
        "feeder_peak_mw": _number("The same in MW", "MW", _zero_or_more()),
        "committed_mw": _number("Promised to others, not yet drawn", "MW", _zero_or_more()),
        "transfer_mva": _number("What neighbours can take over", "MVA", _zero_or_more()),
        "rating_mva": _number(
            "What the station may carry in all, stated by its owner", "MVA", _zero_or_more()
        ),
        "power_factor": _number(
            "Real power of a unit of apparent power",
            "",
            pa.Check.in_range(0.5, 1, error="0.5 to 1"),
        ),
        "existing_mw": _number("Already built; headroom is net of it", "MW", _zero_or_more()),
        "min_mw": _number(
            "Smallest new site", "MW", pa.Check.gt(0, error="more than zero, or blank")
        ),
        "max_mw": _number("Largest site, what exists included", "MW", _zero_or_more()),
        "voltage_kv": _number("Voltage at which a site connects", "kV", _zero_or_more()),
        "pue": _number("Power drawn for each unit at the computers", "", _least(1, "1 or more")),
        "processing_ms": _number("Time inside the site", "ms", _zero_or_more()),
        "site_mn": _number("Capital of a site, whatever its size", "M", _zero_or_more()),
        "facility_mn_per_mw_it": _number("Capital by size", "M/MW IT", _zero_or_more()),
        "energy_per_mwh": _number("Price of energy; a MW must not earn in all", "/MWh"),
        "feeder_km": _number("Length of the new feeder", "km", _zero_or_more()),
        "fibre_km": _number("Length of the new fibre", "km", _zero_or_more()),
        "state": _text("State or region"),
        "owner": _text("Whose it is"),
        "group": _text("A label of the user's own"),
        "as_of": _kind("date", "When the row was true, as 2026-03-31 or 2026-03"),
        "source": _text("Where the row comes from"),
    },
    name="substations",
)

_OF_ANY_SITE = ("existing_mw", "min_mw", "max_mw", "site_mn", "feeder_km", "fibre_km", "pue",
                "processing_ms", "state", "owner", "group")  # fmt: skip

PARCELS = pa.DataFrameSchema(
    {
        "id": ID,
        "name": _text("What people call it"),
        "lat": LAT,
        "lon": LON,
        "x": X,
        "y": Y,
        "substation": _text("Id or unique name of the substation that feeds it"),
        **{name: SUBSTATIONS.columns[name] for name in _OF_ANY_SITE},
    },
    name="parcels",
)

DEMAND = pa.DataFrameSchema(
    {
        "id": ID,
        "name": _text("What people call it"),
        "lat": LAT,
        "lon": LON,
        "x": X,
        "y": Y,
        "population": _number("People", "people", _zero_or_more()),
        "mw_it": _number("Demand at the computers", "MW IT", _zero_or_more()),
        "service": _text("Which service the row is for; all of them if not stated"),
        "access_ms": _number("Round trip from user to exchange", "ms", _zero_or_more()),
        "weight": _number("How much the place matters", "", _zero_or_more()),
        "group": _text("A label of the user's own"),
        "state": _text("State or region"),
    },
    name="demand",
)

HUBS = pa.DataFrameSchema(
    {
        "id": ID,
        "name": _text("What people call it"),
        "lat": LAT,
        "lon": LON,
        "x": X,
        "y": Y,
        "mw_it": _number("Most that can be reserved there", "MW IT", _zero_or_more()),
        "mn_per_mw_it_yr": _number(
            "Price of a reserved MW IT for a year, in millions", "M/MW IT", _zero_or_more()
        ),
        "processing_ms": _number("Time inside the hub", "ms", _zero_or_more()),
    },
    name="hubs",
)

MEASURED = pa.DataFrameSchema(
    {
        "id": _text("What the row is called; not used"),
        "demand": _text("Id of the place"),
        "site": _text("Id of the substation, parcel or hub"),
        "rtt_ms": _number(
            "Whole round trip, access and processing included",
            "ms",
            pa.Check.gt(0, error="more than zero (zero too with only: true)"),
        ),
        "service": _text("Which service the round trip is of; all of them if not stated"),
        "percentile": _number(
            "Share of round trips that took no longer", "", pa.Check.in_range(0, 100, error="0-100")
        ),
        "date": _kind("date", "When it was measured, as 2026-03-31 or 2026-03"),
    },
    name="measured",
)

PAIR_PRICES = pa.DataFrameSchema(
    {
        "id": _text("What the row is called; not used"),
        "demand": _text("Id of the place"),
        "site": _text("Id of the substation, parcel or hub"),
        "mn_per_mw_yr": _number(
            "Price of a MW IT served over the pair for a year, in millions",
            "M/MW IT",
            _zero_or_more(),
        ),
        "service": _text("Which service the price is for; all of them if not stated"),
    },
    name="pair_prices",
)

WORKS = pa.DataFrameSchema(
    {
        "id": _text("Id of the substation or limit that has more headroom then"),
        "completed": _kind("date", "When the works are complete, as 2028-12 or Dec-28"),
        "more_mw": _number("Headroom that they add", "MW of real power", _zero_or_more()),
        "headroom_mw": _number(
            "Headroom once they are complete, in place of what they add",
            "MW of real power",
            _zero_or_more(),
        ),
    },
    name="works",
)

_SHARE = pa.Check.in_range(0, 1, error="0 to 1")

PROFILES = pa.DataFrameSchema(
    {
        "time": _text("Start of the hour in UTC, ISO 8601 as 2026-01-31T17:00Z"),
        "id": _text("Id of a substation or limit, or a `group` of them; an own id wins"),
        "headroom_mw": _number(
            "What may be drawn in the hour", "MW of real power", _zero_or_more()
        ),
        "headroom_share": _number("The same as a share of each row's headroom", "", _SHARE),
        "load_share": _number("Load of others as a share of each row's `peak_mw`", "", _SHARE),
        "service": _text("Which service the row is for, in place of an id"),
        "demand_share": _number("Its demand as a share of its peak", "", _SHARE),
        "weight_h": _number(
            "Hours of a year that the hour stands for; of whole days, 8,760 or 8,784 in all",
            "h",
            pa.Check.gt(0, error="more than zero"),
        ),
    },
    name="profiles",
)


def kind_of(column: pa.Column) -> str:
    """Say how a column's cells are read: number, text, flag, date or ratings."""
    return str((column.metadata or {}).get("kind", "number"))


def unit_of(column: pa.Column) -> str:
    """Give the unit that a column's name promises; empty if it has none."""
    return str((column.metadata or {}).get("unit", ""))


def check_values(
    schema: pa.DataFrameSchema, values: pd.DataFrame, findings: Findings, where: "Places"
) -> None:
    """Note every cell outside what its column declares; `values` are indexed by row number."""
    try:
        schema.validate(values, lazy=True)
    except pa.errors.SchemaErrors as errors:
        failures = errors.failure_cases
        failures = failures.sort_values("index", kind="stable")
        for column, check, row in zip(
            failures["column"], failures["check"], failures["index"], strict=True
        ):
            findings.fault(where.fault(int(row), str(column), "is out of range", str(check)))


class Places:
    """Names a cell of one file in faults: row number, id, column as the file calls it."""

    def __init__(self, file: str, word: str, ids: "pd.Series[Any]", cells: pd.DataFrame) -> None:
        self.file, self.word, self.ids, self.cells = file, word, ids, cells

    def fault(self, row: int, column: str, says: str, allowed: str = "") -> Fault:
        """Make the fault of one cell, with what the file says there."""
        cell = self.cells[column].get(row) if column in self.cells else None
        return Fault(
            file=self.file,
            at=self.at(row),
            column=column,
            says=says,
            found=_shown(cell),
            allowed=allowed,
        )

    def at(self, row: int) -> str:
        """Name a row: `row 12, id B7`."""
        own = self.ids.get(row, "")
        return f"{self.word} {row}, id {own}" if own else f"{self.word} {row}"


def _shown(cell: Any) -> str:
    if cell is None or (isinstance(cell, float) and np.isnan(cell)) or not str(cell).strip():
        return "a blank cell"
    text = re.sub(r"\s+", " ", str(cell).strip())
    return repr(text if len(text) <= 60 else f"{text[:57]}...")
