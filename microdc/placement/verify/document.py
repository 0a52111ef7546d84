"""What `plan.json` and the tables beside it must look like to be a plan at all."""

import json
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from microdc.errors import Fault, InputError

DOCUMENT, SERVICE, PRICES = "plan.json", "service.parquet", "prices.parquet"
FORMAT = 1
TEXT_COLUMNS = ("place", "service", "site", "name")
NUMBER_COLUMNS = ("mw_it", "rtt_ms", "lat", "lon")
PRICE = "mn_per_mw_it_yr"

Count = Annotated[int, Field(ge=0)]


class Part(BaseModel):
    """A mapping in `plan.json`: nothing missing, nothing that nobody verifies."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


class Counts(Part):
    """How much work the search was."""

    pairs: Count
    rows: Count
    cuts: Count
    rounds: Count
    nodes: Count


class Apart(Part):
    """Sites of which one may be built, and what it is worth to be that one (millions a year)."""

    sites: list[str]
    mn_per_site_yr: float


class LimitPrices(Part):
    """What a unit of each limit is worth (millions a year), and the bound so proven."""

    bound_mn_yr: float
    nodes_mn_per_mw_yr: dict[str, float]
    counts_mn_per_site_yr: dict[str, float]
    apart: list[Apart]
    groups_mn_per_mw_it_yr: dict[str, float]
    in_all_mn_per_mw_it_yr: float
    budget_mn_per_mn_yr: float


class Certificate(Part):
    """Cost, bound and gap (millions a year, shares)."""

    cost_mn_yr: float
    bound_mn_yr: float
    gap: float
    floor_mn_yr: float
    gap_avoidable: float
    asked_gap: float
    seconds: Annotated[float, Field(ge=0)]
    counts: Counts
    unserved_mw_it: float
    unserved_bound_mw_it: float | None
    prices: LimitPrices | None = None


class Site(Part):
    """One site as stated."""

    id: str
    name: str
    lat: float
    lon: float
    state: str | None
    voltage_kv: float | None
    headroom_mw: float | None
    arithmetic: str
    parents: list[str]
    substation: str
    feeder_km: float
    fibre_km: float
    mw: float
    existing_mw: float
    load_mw: float
    load_mw_it: float
    utilisation: float
    pue: float
    racks: float
    gpus: float
    worst_rtt_ms: float | None
    mean_rtt_ms: float | None
    facility_mn_yr: float
    site_mn_yr: float
    connection_mn_yr: float
    feeder_mn_yr: float
    fibre_mn_yr: float
    energy_mn_yr: float


class Hub(Part):
    """One hub as stated."""

    id: str
    name: str
    lat: float
    lon: float
    capacity_mw_it: float
    mw_it: float
    load_mw_it: float
    worst_rtt_ms: float | None
    mean_rtt_ms: float | None
    mn_per_mw_it_yr: float
    reserve_mn_yr: float


class ServiceClass(Part):
    """One class of service as stated."""

    service: str
    rtt_bound_ms: float
    demand_mw_it: float
    served_mw_it: float
    served_share: float
    out_of_reach_mw_it: float
    worst_rtt_ms: float | None
    mean_rtt_ms: float | None
    load_mw: float
    racks: float
    gpus: float
    queries_per_s: float | None
    tokens_per_s: float | None
    unserved_mn_yr: float


class SupplyPoint(Part):
    """One row of the over-promise report."""

    id: str
    name: str
    limit_mw: float
    below_mw: float
    allowed_mw: float
    binds: bool
    used_mw: float


class OverPromise(Part):
    """Headroom added up one at a time, against what the tree allows."""

    nodes: Count
    sum_mw: float
    allowed_mw: float
    binding: Count
    unit: str
    rows: list[SupplyPoint]


class Excluded(Part):
    """One candidate that an excluded area rules out, or parcel that no substation feeds."""

    id: str
    name: str
    reason: str


class Default(Part):
    """An assumption as stated."""

    key: str
    value: float
    unit: str
    source: str


class File(Part):
    """A file by its path from the plan's folder."""

    path: str
    sha256: str


class Input(File):
    """An input table with its origin."""

    title: str
    licence: str
    date: str


class Provenance(Part):
    """Where the plan comes from; versions and settings are as they are."""

    model_config = ConfigDict(extra="ignore")

    scenario: File
    inputs: list[Input]
    service_sha256: str


class Document(Part):
    """All that `plan.json` says."""

    format: int
    name: str
    objective: str
    currency: str
    price_year: int
    status: str
    verdict: str
    certificate: Certificate
    cost_mn_yr: dict[str, float]
    capital_mn: float
    sites: list[Site]
    hubs: list[Hub]
    services: list[ServiceClass]
    over_promise: OverPromise
    excluded: list[Excluded]
    assumptions: list[Default]
    not_checked: list[str]
    warnings: list[str]
    attributions: list[str]
    provenance: Provenance


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
