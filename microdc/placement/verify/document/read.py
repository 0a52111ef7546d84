"""Reading `plan.json` and the tables beside it, or saying what is wrong with them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd
import pyarrow as pa
from pandas.api.types import is_float_dtype, is_integer_dtype
from pydantic import ValidationError

from microdc.errors import Fault, InputError
from microdc.placement.verify.document.parts import Document
from microdc.placement.verify.document.programme import STAGES

DOCUMENT, SERVICE = "plan.json", "service.parquet"
PRICES, NEEDED, HELD_HOURS = "prices.parquet", "needed.parquet", "held_hours.parquet"
HOURS, HOURLY_SERVICE = "hours.parquet", "hourly_service.parquet"
FORMAT = 1
TEXT_COLUMNS = ("place", "service", "site", "name")
NUMBER_COLUMNS = ("mw_it", "rtt_ms", "lat", "lon")
PRICE, SITE_PRICE = "mn_per_mw_it_yr", "mn_per_site_yr"
POINT_COLUMNS = ("place", "service", "group")
NEEDED_NUMBERS = ("set", "sites", SITE_PRICE)
HOUR_TEXTS = ("time", "binding")
HOUR_NUMBERS = (
    *("day", "weight_h", "demand_mw_it", "served_mw_it", "moved_mw_it", "deferred_mw_it"),
    *("draw_mw", "available_mw", "curtailed_mw"),
)
HELD_TEXTS = ("service", "site", "time")
HOURLY_TEXTS = ("time", "for_time", "place", "service", "site")


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandPrices:
    """
    What demand is worth for the proof of the bound (millions a year).

    points
        `place`, `service`, `group`, `outage`, and `mn_per_mw_it_yr`: the price of what is served,
        where `outage` is empty, with all in order; else of what is kept while those things are out
        together that it names, as JSON `[[kind, id], ...]`. Where demand has hours, of what is
        wanted at `time` and served until `until`; both empty for the peak of what does not move.
    needed
        Sets of demand that need so many sites whatever is out, a row for each set and point of it:
        `set` (number), `place`, `service`, `group`, `sites` (how many), and `mn_per_site_yr`, the
        price of a site in reach of the set.
    held_hours
        How each site is paid over the hours for services that do not move: `service`, `site`,
        `time`, `share`; the shares of a service and site add up to 1.
    """

    points: pd.DataFrame
    needed: pd.DataFrame
    held_hours: pd.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class HourTables:
    """
    What a plan says of its hours beside `plan.json`.

    hours
        One row per hour in which service is promised, as `HourlyService.hours` describes them.
    moved
        Service that is not from home, all of a place and class in its hour: `time`, `for_time` (the
        hour whose load it is), `place`, `service`, `site` (texts), `mw_it`.
    """

    hours: pd.DataFrame
    moved: pd.DataFrame


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


def read_prices(folder: Path) -> DemandPrices:
    """
    Read the prices of demand; raise InputError if a table is damaged or lacks a column.

    `prices.parquet` must be there; without `outage` its prices are those in order, without `time`
    those of peaks. Without `needed.parquet` no set of demand is said to need sites, and without
    `held_hours.parquet` nothing is said of how sites are paid over the hours.
    """
    usual = dict.fromkeys(("outage", "time", "until"), "")
    points = _read_table(folder / PRICES, (*POINT_COLUMNS, *usual), (PRICE,), usual)
    return DemandPrices(
        points=points,
        needed=_read_if_there(folder / NEEDED, POINT_COLUMNS, NEEDED_NUMBERS),
        held_hours=_read_if_there(folder / HELD_HOURS, HELD_TEXTS, ("share",)),
    )


def read_hours(folder: Path) -> HourTables:
    """Read what a plan says of its hours; raise InputError if a table is missing or damaged."""
    return HourTables(
        hours=_read_table(folder / HOURS, HOUR_TEXTS, HOUR_NUMBERS),
        moved=_read_table(folder / HOURLY_SERVICE, HOURLY_TEXTS, ("mw_it",)),
    )


def _read_if_there(path: Path, texts: tuple[str, ...], numbers: tuple[str, ...]) -> pd.DataFrame:
    """Read a table; without its file it has no rows."""
    if path.exists():
        return _read_table(path, texts, numbers)
    return pd.DataFrame(columns=[*texts, *numbers]).astype(dict.fromkeys(numbers, float))


def _read_table(
    path: Path,
    texts: tuple[str, ...],
    numbers: tuple[str, ...],
    usual: Mapping[str, str] = MappingProxyType({}),
) -> pd.DataFrame:
    """Read a table of some columns; one of `usual` that is not there has that text all over."""
    try:
        table = pd.read_parquet(path)
    except FileNotFoundError:
        raise _no_plan(path) from None
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _damaged(path, f"cannot be read: {error}") from None
    table = table.assign(**{name: text for name, text in usual.items() if name not in table})
    wanted = {*texts, *numbers}
    if set(table.columns) != wanted:
        raise _damaged(path, "has other columns", ", ".join(sorted(wanted)))
    for column in texts:
        cells = table[column].astype(object)
        if pd.api.types.infer_dtype(cells.dropna()) not in ("string", "empty"):
            raise _damaged(path, f"column {column} is not text")
        table[column] = cells.where(cells.notna(), None)
    for column in numbers:
        if not any(is_numbers(table[column]) for is_numbers in (is_float_dtype, is_integer_dtype)):
            raise _damaged(path, f"column {column} does not hold numbers")
        table[column] = table[column].astype(float)
    return table.reset_index(drop=True)


def _no_plan(path: Path) -> InputError:
    if (path.parent / STAGES).is_file():
        allowed = "the folder of one of its stages"
        return _damaged(path.parent, "is a programme of stages, not one plan", allowed)
    return _damaged(path, "there is no such file", "the folder of a plan")


def _damaged(path: Path, says: str, allowed: str = "as microdc wrote it") -> InputError:
    return InputError([Fault(file=str(path), says=says, allowed=allowed)])


def _fault_of(path: Path, detail: Any) -> Fault:
    at = ".".join(str(part) for part in detail["loc"])
    return Fault(file=str(path), at=at, says=str(detail["msg"]), allowed="as microdc wrote it")
