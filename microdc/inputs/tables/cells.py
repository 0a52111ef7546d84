"""Cells of a raw column as text, numbers, flags or dates; and the rows a condition selects."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from microdc.inputs.tables.findings import nearest
from microdc.inputs.tables.forms.marks import USUAL, Marks, read_numbers
from microdc.inputs.tables.where import AllOf, AnyOf, Blank, Compare, Condition, In, Not, Value

BLANKS = {"", "-", "–", "—", "n/a", "na", "#n/a", "null", "none"}
"""What published tables write where they know nothing; case does not matter."""

FLAGS = dict.fromkeys(("true", "yes", "y", "t", "1"), 1.0)
FLAGS |= dict.fromkeys(("false", "no", "n", "f", "0"), 0.0)

Mask = NDArray[np.bool_]
Texts = NDArray[np.object_]
Floats = NDArray[np.float64]
Columns = Callable[[str], "pd.Series[Any]"]


def texts(cells: "pd.Series[Any]") -> Texts:
    """Give cells as trimmed text, whole numbers without decimals; a missing cell is ''."""
    if cells.dtype == bool:
        return np.where(cells, "true", "false").astype(object)
    if pd.api.types.is_integer_dtype(cells.dtype) and not cells.hasnans:
        return cells.astype(str).to_numpy(dtype=object)
    missing = cells.isna().to_numpy()
    values = cells.to_numpy(dtype=object)
    if isinstance(cells.dtype, pd.StringDtype):
        words = ["" if m else v.strip() for v, m in zip(values, missing, strict=True)]
        return np.array(words, object).reshape(len(cells))
    out = np.array(["" if m else _text(v) for v, m in zip(values, missing, strict=True)], object)
    return out.reshape(len(cells))


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def blank(cells: "pd.Series[Any]") -> Mask:
    """Say which cells are blank, `N/A` and its like included."""
    if pd.api.types.is_numeric_dtype(cells.dtype):
        return cells.isna().to_numpy()
    return blank_texts(texts(cells))


def blank_texts(words: Texts) -> Mask:
    """Say which texts stand for a blank cell."""
    return np.fromiter((w.casefold() in BLANKS for w in words), bool, len(words))


def numbers(cells: "pd.Series[Any]", marks: Marks) -> Floats:
    """Give cells as numbers; NaN where a cell is blank or is no finite number."""
    if pd.api.types.is_numeric_dtype(cells.dtype) and cells.dtype != bool:
        values = cells.to_numpy(dtype=float, na_value=np.nan)
    else:
        values = read_numbers(texts(cells), marks)
    return np.where(np.isfinite(values), values, np.nan)


def flags(cells: "pd.Series[Any]") -> Floats:
    """Give cells as 1 (true, yes) or 0 (false, no); NaN where a cell is blank or neither."""
    return np.fromiter((FLAGS.get(w.casefold(), np.nan) for w in texts(cells)), float, len(cells))


def selected(condition: Condition, column: Columns, marks: Marks = USUAL) -> Mask:
    """Say which rows a condition selects; `column` gives the cells of a column by its name."""
    match condition:
        case Not(inner):
            return np.logical_not(selected(inner, column, marks))
        case AllOf(parts):
            return _reduced(np.logical_and, [selected(part, column, marks) for part in parts])
        case AnyOf(parts):
            return _reduced(np.logical_or, [selected(part, column, marks) for part in parts])
        case Blank(name):
            return blank(column(name))
        case In(name, values):
            return _reduced(np.logical_or, [_equal(column(name), value, marks) for value in values])
        case Compare(name, op, value):
            return _compared(column(name), op, value, marks)


def _reduced(way: np.ufunc, masks: list[Mask]) -> Mask:
    return np.asarray(way.reduce(masks), dtype=bool)


def _compared(cells: "pd.Series[Any]", op: str, value: Value, marks: Marks) -> Mask:
    if op == "==":
        return _equal(cells, value, marks)
    if op == "!=":
        return np.asarray(~_equal(cells, value, marks))
    if isinstance(value, str):  # a date: dates in this form sort as text
        words = texts(cells)
        return ~blank_texts(words) & _ordered(words, op, value)
    with np.errstate(invalid="ignore"):
        return _ordered(numbers(cells, marks), op, value)


def _ordered(values: Any, op: str, value: Value) -> Mask:
    mask = {"<": values < value, "<=": values <= value, ">": values > value, ">=": values >= value}
    return np.asarray(mask[op], dtype=bool)


def _equal(cells: "pd.Series[Any]", value: Value, marks: Marks) -> Mask:
    if isinstance(value, bool):
        return np.asarray(flags(cells) == float(value))
    if isinstance(value, float):
        return np.asarray(numbers(cells, marks) == value)
    return np.asarray(texts(cells) == value.strip(), dtype=bool)


def nearest_value(condition: Condition, column: Columns) -> str:
    """Give the text nearest to the first one in a condition that its column does not have."""
    match condition:
        case AllOf(parts) | AnyOf(parts):
            return next(filter(None, (nearest_value(part, column) for part in parts)), "")
        case Compare(name, "==", str(value)):
            return _nearest_text(column(name), value)
        case In(name, values):
            wanted = (value for value in values if isinstance(value, str))
            return next(filter(None, (_nearest_text(column(name), v) for v in wanted)), "")
    return ""


def _nearest_text(cells: "pd.Series[Any]", value: str) -> str:
    known = sorted(set(texts(cells)))
    return "" if value.strip() in known else nearest(value, known)
