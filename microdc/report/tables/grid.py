"""What the power tree allows beside what headroom promises."""

from rich.console import RenderableType
from rich.text import Text

from microdc.report.tables.layout import Record, add_row, name_of, new_table, under
from microdc.report.words import number, plain


def over_promise(report: Record) -> RenderableType:
    """Say what headroom added up one at a time promises beside what the power tree allows."""
    if not report["nodes"]:
        return Text("No shared limits: every headroom stands alone.\n")
    unit = report["unit"]
    sentence = plain(
        f"Below {report['nodes']} shared limit(s), headroom added up one at a time promises"
        f" {number(report['sum_mw'], 1)} {unit}; the power tree allows"
        f" {number(report['allowed_mw'], 1)} {unit}; {report['binding']} of them bind."
    )
    table = new_table()
    table.add_column("shared limit that binds", overflow="fold")
    for heading in ("limit", "sum below", "allowed", "used"):
        table.add_column(f"{heading} {unit}", justify="right")
    binding = sorted((row for row in report["rows"] if row["binds"]), key=_promised_too_much)
    for row in binding[:10]:
        figures = (row["limit_mw"], row["below_mw"], row["allowed_mw"], row["used_mw"])
        add_row(table, name_of(row), *(number(mw, 1) for mw in figures))
    if len(binding) > 10:
        add_row(table, f"... and {len(binding) - 10} more")
    return under("Over-promise", sentence, *([table] if binding else []))


def _promised_too_much(row: Record) -> tuple[float, str]:
    return row["allowed_mw"] - row["below_mw"], str(row["id"])
