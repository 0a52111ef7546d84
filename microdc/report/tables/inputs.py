"""What `check` says of a scenario's inputs."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from microdc.report.tables.layout import add_row, new_table, under
from microdc.report.words import number, plain

if TYPE_CHECKING:
    from microdc.latency.fit import LatencyFit


def facts(rows: Iterable[tuple[str, object]]) -> RenderableType:
    """Give labels with their values, one a line."""
    table = new_table(header=False)
    table.add_column("label")
    table.add_column("value", overflow="fold")
    for label, value in rows:
        add_row(table, label, value)
    return Group(table, Text())


def fit(found: "LatencyFit") -> RenderableType:
    """Give the residuals of the formula as stated and as fitted, and the fitted constants."""
    table = new_table()
    table.add_column("measured less computed")
    for heading in ("5 % ms", "median ms", "95 % ms"):
        table.add_column(heading, justify="right")
    for name, rest in (("as stated", found.as_stated), ("as fitted", found.as_fitted)):
        add_row(table, name, *(number(ms, 3) for ms in (rest.low_ms, rest.median_ms, rest.high_ms)))
    constants = plain(
        f"Fitted by median regression over {found.pairs:,} pair(s): latency: {{access_ms: "
        f"{found.access_ms:.3g}, route_factor: {found.route_factor:.3g}}}"
    )
    return under("Latency: the formula beside what was measured", table, constants)
