"""Rows of tables as `plan.json` holds them."""

from typing import Any

import numpy as np
import pandas as pd


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Give rows as JSON knows them: plain numbers, and None where there is none."""
    names = [str(column) for column in table]
    columns = ([_plain(cell) for cell in column.tolist()] for _, column in table.items())
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _plain(cell: Any) -> Any:
    value = cell.item() if isinstance(cell, np.generic) else cell
    return None if pd.api.types.is_scalar(value) and pd.isna(value) else value
