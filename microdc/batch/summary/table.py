"""The scenarios of a batch as a table: what each came to, and in what it differs."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from microdc.batch.summary.aims import came_to
from microdc.batch.summary.told import Told, keys_of

FIGURES = ("cost", "bound", "gap", "sites", "mw", "served_share", "worst_rtt_ms")
_NAMED = {"cost": "cost_mn_yr", "bound": "bound_mn_yr"}


def summary_table(told: Sequence[Told]) -> pd.DataFrame:
    """
    Give a row per scenario, in their order.

    `scenario`, `status`, `currency`, `cost_mn_yr`, `bound_mn_yr` (millions a year), `gap`, `sites`,
    `mw` (grid side) and `mw_it` of all sites, `served_share`, `worst_rtt_ms`, what they came to
    before cost as `came_to` has it, `seconds` in all, `reason` (its first sentence), `file`, `plan`
    (folder, from that of the batch); then a column for each key in which the scenarios differ.
    Empty where there is nothing.
    """
    columns: dict[str, list[Any]] = {
        "scenario": [one.name for one in told],
        "status": [str(one.result.status) for one in told],
        "currency": [one.figure("currency") for one in told],
    }
    for figure in FIGURES:
        columns[_NAMED.get(figure, figure)] = [one.figure(figure) for one in told]
        if figure == "mw":
            columns["mw_it"] = [one.fleet.mw_it if one.fleet else None for one in told]
    columns |= came_to(told)
    columns["seconds"] = [round(one.result.seconds, 3) for one in told]
    columns["reason"] = [one.why or None for one in told]
    columns["file"] = [one.result.file.as_posix() for one in told]
    columns["plan"] = [one.result.plan and one.result.plan.as_posix() for one in told]
    for key in keys_of(told):
        columns[key] = [one.varied.get(key) for one in told]
    texts = {"scenario", "status", "currency", "reason", "file", "plan"}
    table = {name: column_of(of, text=name in texts) for name, of in columns.items()}
    return pd.DataFrame(table)


def column_of(values: Sequence[Any], *, text: bool = False) -> "pd.Series[Any]":
    """Give numbers as numbers, whole ones too, and all else as text; None is nothing."""
    some = [value for value in values if value is not None]
    if not text and all(type(value) in (int, float) for value in some):
        whole = some and all(type(value) is int for value in some)
        return pd.Series(list(values), dtype="Int64" if whole else "float64")
    return pd.Series([None if value is None else written(value) for value in values], dtype="str")


def written(value: Any) -> str:
    """Write a value as a scenario does."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)
