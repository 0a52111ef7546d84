"""What a plan states, laid beside what its inputs say, and the words to tell them apart."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyproj
from numpy.typing import NDArray

from microdc.inputs.read import read_region
from microdc.inputs.region import Region
from microdc.placement.verify.document import Document, Hub, Part, Site, read_hours
from microdc.placement.verify.hosts.named import Named, named_alone
from microdc.placement.verify.hours.hourly import Hourly, hourly_of
from microdc.placement.verify.hours.year import Year
from microdc.scenario import Scenario, load_scenario, scenario_of_stage

Floats = NDArray[np.float64]

POWER_MW = 1e-4
"""Power is told to 100 W."""
MONEY_SHARE = 1e-6
MONEY_MN = 1e-6
"""Money is told to a millionth of itself, and to one unit of the currency."""
RTT_MS = 1e-6
SAME = 1e-9
"""What is copied or derived without rounding agrees to this, as a share of itself."""

Measured = dict[tuple[str, str], dict[str, float]]

NUMBERS = (float, float | None)
_EARTH = pyproj.Geod(ellps="WGS84")
_MOST_LINES = 10  # of one promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """
    What a plan states, beside what its inputs say.

    demand
        `Region.demand` by (`place`, `service`), with `access_ms` filled in.
    substations
        `Region.substations`, with `pue`, `processing_ms` filled in.
    sites
        Sites as stated, by id: those that the tables know, each once; and `grown_mw`, their size
        beyond what the tables say exists.
    hubs
        Hubs as stated, by id: those that the tables know, each once.
    service
        Rows of `service.parquet`, with what demand and substations say of them: `demand_mw_it`,
        `true_name`, `true_lat`, `true_lon`, `true_rtt_ms` (NaN where unserved or unknown).
    above
        What each substation hangs below, nearest first, by id.
    measured
        Round trips (ms) that count instead of the formula's, by (place, service), then by site.
    named
        Sites and hubs that alone may serve, by (place, service); None: whoever is near enough.
    hourly
        The plan's hours beside those of the tables; None where one of them has none.
    known, served
        Rows of `service` of which place, service and site (or none) are known; and those of them
        that a site serves.
    """

    folder: Path
    document: Document
    scenario: Scenario
    region: Region
    demand: pd.DataFrame
    substations: pd.DataFrame
    above: dict[str, list[str]]
    measured: Measured
    named: Named | None
    sites: pd.DataFrame
    hubs: pd.DataFrame
    service: pd.DataFrame
    known: pd.DataFrame
    served: pd.DataFrame
    hourly: Hourly | None


Promise = Callable[[Facts], list[str]]


def gather(
    folder: Path, document: Document, service: pd.DataFrame, scenario: Scenario | None = None
) -> Facts:
    """Read the inputs of a plan again; raise InputError if they cannot be read."""
    scenario = scenario or _planned(_scenario_of(folder, document), document)
    region = read_region(scenario)
    latency = scenario.latency
    demand = region.demand.set_index(["place", "service"])
    demand["access_ms"] = demand["access_ms"].fillna(latency.access_ms)
    substations = region.substations.assign(
        pue=region.substations["pue"].fillna(scenario.sites.pue),
        processing_ms=region.substations["processing_ms"].fillna(latency.processing_ms),
    )
    sites = _known(table_of(document.sites, Site), substations)
    hubs = _known(table_of(document.hubs, Hub), region.hubs)
    measured = _measured(scenario, region)
    service = _as_measured(_beside_the_tables(service, scenario, demand, region), measured)
    by_someone = service["site"].isin([*sites.index, *hubs.index])
    known = service[service["demand_mw_it"].notna() & (service["site"].isna() | by_someone)]
    served = known[known["site"].notna()]
    hourly = None
    if region.hours is not None and document.hours is not None:
        hosts = pd.Index([*sites.index, *hubs.index])
        hourly = hourly_of(Year(scenario, region), read_hours(folder), served, hosts)
    return Facts(
        folder=folder,
        document=document,
        scenario=scenario,
        region=region,
        demand=demand,
        substations=substations,
        above=_ancestors(substations),
        measured=measured,
        named=named_alone(scenario, region, measured),
        sites=sites.assign(grown_mw=sites["mw"] - substations["existing_mw"].reindex(sites.index)),
        hubs=hubs,
        service=service,
        known=known,
        served=served,
        hourly=hourly,
    )


def _scenario_of(folder: Path, document: Document) -> Scenario:
    return load_scenario(folder / document.provenance.scenario.path)


def _planned(scenario: Scenario, document: Document) -> Scenario:
    """Give what was planned of a scenario's file: all, a stage, or it with firm connections."""
    if document.stage is not None:
        return scenario_of_stage(scenario, document.stage.name, document.stage.future)
    firm = scenario.with_firm_connections()
    stated = document.hours.connection if document.hours else scenario.connection.type
    as_firm = stated == "firm" != scenario.connection.type and document.name == firm.name
    return firm if as_firm else scenario


def with_true_rtt(facts: Facts, rows: pd.DataFrame) -> pd.DataFrame:
    """Put beside `place`, `service` and `site` of some rows the round trip that is true (ms)."""
    beside = _beside_the_tables(rows, facts.scenario, facts.demand, facts.region)
    return _as_measured(beside, facts.measured)


def _known(stated: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Give the rows by id that a table knows, each once."""
    stated = stated.set_index("id")
    return stated[~stated.index.duplicated() & stated.index.isin(table.index)]


def _beside_the_tables(
    service: pd.DataFrame, scenario: Scenario, demand: pd.DataFrame, region: Region
) -> pd.DataFrame:
    """Put beside each row of service what the tables say of its place, class and site or hub."""
    asked = demand.reindex(pd.MultiIndex.from_frame(service[["place", "service"]]))
    hosts = region.hosts.fillna({"processing_ms": scenario.latency.processing_ms})
    hosts = hosts.reindex(pd.Index(service["site"], dtype=object))
    columns = ["lat", "lon"]
    ends = [table[column].to_numpy(float) for table in (asked, hosts) for column in columns]
    fixed_ms = asked["access_ms"].to_numpy(float) + hosts["processing_ms"].to_numpy(float)
    km = geodesic_km(*ends)
    path_ms = 2 * km * scenario.latency.route_factor / scenario.latency.km_per_ms
    return service.assign(
        demand_mw_it=asked["mw_it"].to_numpy(float),
        true_name=asked["name"].to_numpy(object),
        true_lat=ends[0],
        true_lon=ends[1],
        true_rtt_ms=fixed_ms + path_ms,
    )


def _measured(scenario: Scenario, region: Region) -> Measured:
    """Look up, row by row from the oldest to the newest, what was measured of each pair."""
    wanted = scenario.measured.percentile if scenario.measured else None
    of_all: Measured = {}
    of_one: Measured = {}
    rows = region.measured.sort_values("date", kind="stable")
    columns = (rows[c] for c in ("place", "service", "site", "rtt_ms", "percentile"))
    for place, service, site, rtt_ms, percentile in zip(*columns, strict=True):
        if wanted is not None and percentile != wanted:
            continue
        for name in [service] if service else scenario.services:
            (of_one if service else of_all).setdefault((place, name), {})[site] = rtt_ms
    return {key: of_all.get(key, {}) | of_one.get(key, {}) for key in {*of_all, *of_one}}


def _as_measured(service: pd.DataFrame, measured: Measured) -> pd.DataFrame:
    """Take what was measured of a row of service for its true round trip."""
    columns = (service[c] for c in ("place", "service", "site", "true_rtt_ms"))
    rtt_ms = [measured.get((j, k), {}).get(i, ms) for j, k, i, ms in zip(*columns, strict=True)]
    return service.assign(true_rtt_ms=np.array(rtt_ms, dtype=float))


def _ancestors(substations: pd.DataFrame) -> dict[str, list[str]]:
    """List what each substation hangs below, nearest first, walking from parent to parent."""
    parent = dict(zip(substations.index, substations["parent"], strict=True))
    above: dict[str, list[str]] = {}
    for site, up in parent.items():
        above[site] = []
        node = up
        while isinstance(node, str):
            above[site].append(node)
            node = parent[node]
    return above


def geodesic_km(lat_a: Floats, lon_a: Floats, lat_b: Floats, lon_b: Floats) -> Floats:
    """Give shortest distances on WGS 84 (km) between points in degrees, pairwise; NaN stays."""
    _, _, metres = _EARTH.inv(lon_a, lat_a, lon_b, lat_b)
    known = np.isfinite(lat_a) & np.isfinite(lat_b)
    return np.where(known, np.asarray(metres, dtype=float), np.nan) / 1000


def table_of(rows: Iterable[Part], kind: type[Part]) -> pd.DataFrame:
    """Give a list of `plan.json` as a table; None is NaN in columns of numbers."""
    table = pd.DataFrame([row.model_dump() for row in rows], columns=list(kind.model_fields))
    numbers = [name for name, f in kind.model_fields.items() if f.annotation in NUMBERS]
    return table.astype(dict.fromkeys(numbers, float))


def texts(column: "pd.Series[str]") -> list[str | None]:
    """Give a column of texts as the plan states it: None where there is none."""
    return [value if isinstance(value, str) else None for value in column]


def differ(stated: Any, true: Any, tolerance: Any) -> NDArray[np.bool_]:
    """Tell where two numbers differ by more than a tolerance; NaN equals NaN alone."""
    stated, true = np.asarray(stated, float), np.asarray(true, float)
    with np.errstate(invalid="ignore"):
        near = np.abs(stated - true) <= tolerance
    same = near | (stated == true) | (np.isnan(stated) & np.isnan(true))
    return np.asarray(~same, dtype=bool)


def money_differs(stated: Any, true: Any) -> NDArray[np.bool_]:
    """Tell where two amounts (millions) differ."""
    true = np.asarray(true, float)
    return differ(stated, true, MONEY_MN + MONEY_SHARE * np.abs(true))


def told(lines: Iterable[str]) -> list[str]:
    """Give the first lines of one promise; of an endless list, that there are more."""
    rest = iter(lines)
    first = list(islice(rest, _MOST_LINES))
    more = sum(1 for _ in rest)
    return [*first, f"... and {more:,} more like these"] if more else first


def name_of(facts: Facts, site: str) -> str:
    """Name a substation as a user knows it: id and name."""
    if site not in facts.substations.index:
        return site
    name = str(facts.substations["name"][site])
    return site if name == site else f"{site} ({name})"
