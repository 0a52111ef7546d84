"""Sites and hubs, and what they cost and carry."""

from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text

from microdc.report.tables.layout import MOST_ROWS, Record, add_row, name_of, new_table, under
from microdc.report.words import number, percent


def sites(rows: Sequence[Record], currency: str) -> RenderableType:
    """Sites by size, the largest first; what does not fit is counted."""
    ranked = sorted(rows, key=lambda row: (-row["mw"], row["id"]))
    some_exist = any(row["existing_mw"] for row in rows)
    table = new_table()
    table.add_column("site", overflow="fold")
    power = ("MW", "existing") if some_exist else ("MW",)
    by_hour = any(row.get("firm_mw") is not None for row in rows)
    more = ("firm MW", "curtailed h/yr") if by_hour else ("racks", "headroom MW")
    for heading in (*power, "load MW", "used", *more, "worst ms", "mean ms"):
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
            *_what_there_is(row, by_hour),
            number(row["worst_rtt_ms"]),
            number(row["mean_rtt_ms"]),
            number(yearly),
        )
    rest = ranked[MOST_ROWS:]
    if rest:
        add_row(table, f"... and {len(rest)} more", number(sum(row["mw"] for row in rest), 1))
    return under(f"Sites ({len(rows)})", table)


def _what_there_is(row: Record, by_hour: bool) -> tuple[str, str]:
    """Give what is firm and how long the rest is curtailed; without hours racks and headroom."""
    if by_hour:
        return number(row["firm_mw"], 1), number(row["curtailed_h_per_yr"], 0)
    return number(row["racks"], 0), number(row["headroom_mw"], 1)


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
