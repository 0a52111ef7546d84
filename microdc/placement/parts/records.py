"""Rows of tables as `plan.json` holds them."""

from typing import Any

import numpy as np
import pandas as pd


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Give rows as JSON knows them: plain numbers, and None where there is none."""
    columns = [str(column) for column in table]
    plain = table.astype(object).where(table.notna(), None)
    return [
        {key: value.item() if isinstance(value, np.generic) else value for key, value in row}
        for row in (zip(columns, values, strict=True) for values in plain.itertuples(index=False))
    ]
