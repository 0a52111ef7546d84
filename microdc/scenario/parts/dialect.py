"""How a CSV file writes its rows, numbers and dates, where the user would rather say than trust."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from microdc.scenario.words import Section, Whole


def _plain(value: Any) -> Any:
    """Take `UTF-8` for utf-8 and a tab itself for its name."""
    return {"\t": "tab"}.get(value, value.lower()) if isinstance(value, str) else value


Plain = BeforeValidator(_plain)


class Dialect(Section):
    """What is stated is not looked for; what is left out is found by the rules of the reference."""

    separator: Annotated[Literal[",", ";", "|", "tab"], Plain] | None = None
    """What stands between cells."""

    decimal: Literal[".", ","] | None = None
    """What stands before the decimals of a number."""

    thousands: Literal[",", ".", "'", " ", "none"] | None = None
    """What stands between the thousands of a number."""

    encoding: Annotated[Literal["utf-8", "cp1252", "utf-16"], Plain] | None = None
    """How letters are stored; a byte-order mark at the beginning wins."""

    header_row: Annotated[Whole, Field(ge=1)] | None = None
    """Row of the column names, as a spreadsheet counts."""

    footer_rows: Whole | None = None
    """Rows at the end that are not part of the table, such as totals."""

    dates: Literal["day-first", "month-first"] | None = None
    """What comes first in a date such as 01/03/2026."""
