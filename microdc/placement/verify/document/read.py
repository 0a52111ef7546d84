"""Reading `plan.json` and the tables beside it, or saying what is wrong with them."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from pydantic import ValidationError

from microdc.errors import Fault, InputError
from microdc.placement.verify.document.parts import Document

DOCUMENT, SERVICE, PRICES = "plan.json", "service.parquet", "prices.parquet"
FORMAT = 1
TEXT_COLUMNS = ("place", "service", "site", "name")
NUMBER_COLUMNS = ("mw_it", "rtt_ms", "lat", "lon")
PRICE = "mn_per_mw_it_yr"


def read_document(folder: Path) -> Document:
    """Read `plan.json`; raise InputError if it is missing, damaged or of another format."""
    path = folder / DOCUMENT
    try:
        content = json.loads(path.read_bytes().decode("utf-8"))
    except FileNotFoundError:
        raise _no_plan(path) from None
    except (OSError, ValueError, RecursionError) as error:
        raise _damaged(path, f"cannot be read: {error}") from None
    version = content.get("format") if isinstance(content, dict) else None
    if version != FORMAT:
        raise _damaged(path, "is not a plan of this version", f"format {FORMAT}")
    try:
        return Document.model_validate(content)
    except ValidationError as error:
        raise InputError(_fault_of(path, detail) for detail in error.errors()) from None


def read_service(folder: Path) -> pd.DataFrame:
    """
    Read `service.parquet`; raise InputError if it is missing, damaged or lacks a column.

    Columns `place`, `service`, `site` (None: unserved), `name` (texts), `mw_it`, `rtt_ms`, `lat`,
    `lon` (numbers), one row for each place, service and site.
    """
    return _read_table(folder / SERVICE, TEXT_COLUMNS, NUMBER_COLUMNS)


def read_prices(folder: Path) -> pd.DataFrame:
    """
    Read `prices.parquet`; raise InputError if it is missing, damaged or lacks a column.

    Columns `place`, `service`, `group` (texts), `mn_per_mw_it_yr` (millions a year).
    """
    return _read_table(folder / PRICES, ("place", "service", "group"), (PRICE,))


def _read_table(path: Path, texts: tuple[str, ...], numbers: tuple[str, ...]) -> pd.DataFrame:
    try:
        table = pd.read_parquet(path)
    except FileNotFoundError:
        raise _no_plan(path) from None
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _damaged(path, f"cannot be read: {error}") from None
    wanted = {*texts, *numbers}
    if set(table.columns) != wanted:
        raise _damaged(path, "has other columns", ", ".join(sorted(wanted)))
    for column in texts:
        cells = table[column].astype(object)
        if pd.api.types.infer_dtype(cells.dropna()) not in ("string", "empty"):
            raise _damaged(path, f"column {column} is not text")
        table[column] = cells.where(cells.notna(), None)
    for column in numbers:
        if not pd.api.types.is_float_dtype(table[column]):
            raise _damaged(path, f"column {column} does not hold numbers")
    return table.reset_index(drop=True)


def _no_plan(path: Path) -> InputError:
    return _damaged(path, "there is no such file", "the folder of a plan")


def _damaged(path: Path, says: str, allowed: str = "as microdc wrote it") -> InputError:
    return InputError([Fault(file=str(path), says=says, allowed=allowed)])


def _fault_of(path: Path, detail: Any) -> Fault:
    at = ".".join(str(part) for part in detail["loc"])
    return Fault(file=str(path), at=at, says=str(detail["msg"]), allowed="as microdc wrote it")
