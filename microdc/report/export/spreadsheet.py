"""CSV that a spreadsheet opens without running what a cell says."""

import re
from pathlib import Path
from typing import Any

import pandas as pd

from microdc.report.export.layers import TEXT, typed

_RUNS = re.compile(r"'*[=+\-@＝＋－＠\t\r\n]")
"""Text that a spreadsheet may take for a formula (OWASP, CSV injection), quoted already or not."""
_QUOTED = re.compile(r"'+[=+\-@＝＋－＠\t\r\n]")


def write_table(table: pd.DataFrame, path: Path) -> Path:
    """
    Write a table as UTF-8 with a mark, which Excel needs, and commas; numbers to the last digit.

    Text that a spreadsheet might run gets an apostrophe in front; numbers stay numbers.
    """
    safe = pd.DataFrame({name: _safe(table[name]) for name in table})
    safe.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")
    return path


def read_table(path: Path) -> pd.DataFrame:
    """Read such a table back, without the apostrophes."""
    cells = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    return typed(cells.apply(lambda column: column.map(_as_it_was) if _is_text(column) else column))


def _safe(column: "pd.Series[Any]") -> "pd.Series[Any]":
    if pd.api.types.is_numeric_dtype(column):
        return column
    return column.map(_inert, na_action="ignore")


def _is_text(column: "pd.Series[str]") -> bool:
    return column.name in TEXT or bool(column.str.startswith("'").any())


def _inert(text: str) -> str:
    return f"'{text}" if _RUNS.match(text) else text


def _as_it_was(text: str) -> str:
    return text[1:] if _QUOTED.match(text) else text
