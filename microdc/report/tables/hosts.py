"""Sites and hubs, and what they cost and carry."""

from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text

from microdc.report.tables.layout import MOST_ROWS, Record, add_row, name_of, new_table, under
from microdc.report.words import number, percent

_RULES = {"size class": ("tier", 0), "months": ("months", 0), "project": ("project", 0)}
_BY_HOUR = {"firm MW": ("firm_mw", 1), "curtailed h/yr": ("curtailed_h_per_yr", 0)}
_OTHERWISE = {"racks": ("racks", 0), "headroom MW": ("headroom_mw", 1)}
"""Columns of the table of sites: what to show of which number, with how many digits."""


def sites(rows: Sequence[Record], currency: str) -> RenderableType:
    """Sites by size, the largest first; what does not fit is counted."""
    ranked = sorted(rows, key=lambda row: (-row["mw"], row["id"]))
    some_exist = any(row["existing_mw"] for row in rows)
    table = new_table()
    table.add_column("site", overflow="fold")
    power = ("MW", "existing") if some_exist else ("MW",)
    columns = _columns(rows)
    for heading in (*power, "load MW", "used", *columns, "worst ms", "mean ms"):
        table.add_column(heading, justify="right")
    table.add_column(Text(f"M {currency}/yr"), justify="right")
    for row in ranked[:MOST_ROWS]:
        yearly = sum(row[key] for key in row if key.endswith("_mn_yr"))
        add_row(
            table,
            name_of(row) + _fed_by(row),
            number(row["mw"], 1),
            *([number(row["existing_mw"], 1)] if some_exist else []),
            number(row["load_mw"], 1),
            percent(row["utilisation"]),
            *(_told(row[key], digits) for key, digits in columns.values()),
            number(row["worst_rtt_ms"]),
            number(row["mean_rtt_ms"]),
            number(yearly),
        )
    rest = ranked[MOST_ROWS:]
    if rest:
        add_row(table, f"... and {len(rest)} more", number(sum(row["mw"] for row in rest), 1))
    return under(f"Sites ({len(rows)})", table)


def _told(value: str | float | None, digits: int) -> str:
    """Give a text as it is, a number with so many digits."""
    return value if isinstance(value, str) else number(value, digits)


def _columns(rows: Sequence[Record]) -> dict[str, tuple[str, int]]:
    """Give what the rules of sizes and projects, and hours, have to say; else what there is."""
    told = {**_RULES, **_BY_HOUR}.items()
    some = {heading: of for heading, of in told if any(row.get(of[0]) is not None for row in rows)}
    return some or _OTHERWISE


def hubs(rows: Sequence[Record], currency: str) -> RenderableType:
    """Give what is reserved at each hub, and what it serves."""
    table = new_table()
    table.add_column("hub", overflow="fold")
    for heading in ("reserved MW IT", "of MW IT", "load MW IT", "worst ms", "mean ms"):
        table.add_column(heading, justify="right")
    table.add_column(Text(f"M {currency}/yr"), justify="right")
    for row in rows:
        power = [number(row[key], 1) for key in ("mw_it", "capacity_mw_it", "load_mw_it")]
        times = [number(row[key]) for key in ("worst_rtt_ms", "mean_rtt_ms")]
        add_row(table, name_of(row), *power, *times, number(row["reserve_mn_yr"]))
    return under(f"Hubs ({len(rows)})", table)


def _fed_by(row: Record) -> str:
    """Say which substation feeds a site on a parcel, over how long a feeder."""
    if row["substation"] == row["id"]:
        return ""
    return f", {number(row['feeder_km'], 1)} km from {row['substation']}"
