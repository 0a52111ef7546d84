"""From a scenario to its region: every table read, checked and joined, all faults told at once."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pandas as pd

from microdc.errors import Fault
from microdc.inputs.costs import note_paid_to_be_large
from microdc.inputs.demand import demand_of
from microdc.inputs.hosts.hubs import hubs_of
from microdc.inputs.hours.read import profiles_of
from microdc.inputs.hours.table import rows_of
from microdc.inputs.kept import once
from microdc.inputs.land.exclusions import excluded_of
from microdc.inputs.land.feeding import with_parcels
from microdc.inputs.land.parcels import parcels_of
from microdc.inputs.land.zones import zones_of
from microdc.inputs.pairs.read import pairs_of
from microdc.inputs.pairs.schematic import RADII_KM, with_positions
from microdc.inputs.pairs.stated import Ends
from microdc.inputs.power.energised import not_yet_energised
from microdc.inputs.power.reinforced import in_future, with_reinforcements
from microdc.inputs.power.works import added_by_works_mw
from microdc.inputs.region import Region, SourceRecord
from microdc.inputs.substations import substations_of
from microdc.inputs.tables.columns import POSITION, Keys, Loaded, table_of
from microdc.inputs.tables.files import read_table
from microdc.inputs.tables.findings import Findings
from microdc.inputs.tables.forms.header import missing_columns, warn_of_misspelt
from microdc.inputs.tables.forms.memory import refuse_beyond_memory
from microdc.inputs.tables.forms.projected import in_degrees
from microdc.inputs.tables.schemas import (
    DEMAND,
    HUBS,
    PARCELS,
    PROFILES,
    SUBSTATIONS,
    WORKS,
)
from microdc.scenario import DemandSource, Scenario

SCHEMAS = {schema.name: schema for schema in (SUBSTATIONS, PARCELS, DEMAND, HUBS, WORKS)}
SCHEMAS["hours.profiles"] = PROFILES


def read_region(scenario: Scenario) -> Region:
    """
    Read every table that the scenario names.

    Raises
    ------
    InputError
        With all faults of all tables: file, row, id, column, what was found, what is allowed; or,
        before anything is read, if the tables would not fit into memory.
    """
    refuse_beyond_memory(files_of(scenario))
    findings = Findings()
    stated = {key: _loaded(scenario, key, getattr(scenario, key), findings) for key in RADII_KM}
    tables, drawn = with_positions(scenario, stated, findings)
    of_substations, of_parcels, of_demand, of_hubs = tables.values()
    of_hours = _loaded(scenario, "hours.profiles", _profiles(scenario), findings)
    of_works = _loaded(scenario, "works", scenario.works, findings)
    substations = _substations(of_substations, of_works, scenario, findings, drawn)
    substations = with_parcels(scenario, substations, of_substations, of_parcels, findings)
    demand = demand_of(of_demand, scenario, findings)
    hubs = hubs_of(of_hubs, substations, findings)
    hosts = pd.Index([*substations.index, *hubs.index])
    of_hosts = [*of_substations, *of_parcels, *of_hubs]
    pairs = pairs_of(scenario, _ends(demand, of_demand, hosts, of_hosts), findings)
    substations, of_land = _without_excluded(scenario, substations, findings)
    hosts_by_source = dict(enumerate(of_substations))
    hosts_by_source |= dict(enumerate(of_parcels, len(scenario.substations)))
    note_paid_to_be_large(substations, scenario, hosts_by_source, findings)
    zones, of_zones = zones_of(scenario, substations, hubs, findings)
    hours = profiles_of(of_hours, scenario, substations, of_substations, findings)
    findings.raise_faults()
    return Region(
        substations=substations,
        demand=demand,
        sources=(
            *_records([*of_substations, *of_parcels, *of_demand, *of_hubs], scenario),
            *of_land,
            *of_zones,
            *pairs.sources,
            *_records([*of_hours, *of_works], scenario),
        ),
        warnings=tuple(findings.warnings),
        measured=pairs.measured,
        pair_prices=pairs.prices,
        hubs=hubs,
        zones=zones,
        hours=hours,
        drawn=drawn,
    )


def _substations(
    loaded: list[Loaded],
    of_works: list[Loaded],
    scenario: Scenario,
    findings: Findings,
    drawn: bool,
) -> pd.DataFrame:
    """
    Join the substations, with what works add.

    Beside the files, all that they depend on is what is said of those, and whether their positions
    are drawn up.
    """
    files = [scenario.folder / one.source.path for one in loaded]
    read = ((repr(one.source), one.table.raw.sha256) for one in loaded)  # files may change since
    what = ("substations", drawn, *read)
    joined = once(what, files, partial(substations_of, loaded), findings)
    works_mw = added_by_works_mw(of_works, loaded, joined, scenario, findings)
    return in_future(with_reinforcements(joined, scenario, works_mw, findings), scenario)


def _without_excluded(
    scenario: Scenario, substations: pd.DataFrame, findings: Findings
) -> tuple[pd.DataFrame, list[SourceRecord]]:
    """Let no candidate stand in an excluded area, or before it can have power; name the areas."""
    excluded, of_land = excluded_of(scenario, substations, findings)
    excluded = excluded.where(excluded.notna(), not_yet_energised(scenario, substations))
    kept = substations.assign(
        candidate=substations["candidate"] & excluded.isna(),
        excluded=excluded.where(excluded.notna(), substations["excluded"]),
    )
    return kept, of_land


def _records(loaded: list[Loaded], scenario: Scenario) -> list[SourceRecord]:
    return [SourceRecord.of(one.table.raw, one.source, scenario) for one in loaded]


def _profiles(scenario: Scenario) -> Sequence[DemandSource]:
    return () if scenario.hours is None else scenario.hours.profiles


def files_of(scenario: Scenario) -> dict[str, Path]:
    """List the files that a scenario names, by their names in it."""
    of_hosts = (scenario.substations, scenario.parcels, scenario.hubs)
    tables = (*of_hosts, scenario.demand, scenario.works)
    paths = [source.path for sources in (*tables, _profiles(scenario)) for source in sources]
    paths += [areas.path for areas in (*scenario.exclude, *scenario.zones)]
    of_pairs = (scenario.measured, scenario.pair_prices)
    paths += [source.path for source in of_pairs if source is not None]
    return {Path(path).as_posix(): scenario.folder / path for path in paths}


def _ends(
    demand: pd.DataFrame, of_demand: list[Loaded], hosts: pd.Index, of_hosts: list[Loaded]
) -> Ends:
    """Give whom a pair may join, and the ids of all rows, those that are left out included."""
    stated = (
        {name for one in tables for name in one.table.values["id"]}
        for tables in (of_demand, of_hosts)
    )
    places_of_tables, hosts_of_tables = stated
    return Ends(
        places=set(demand["place"]),
        hosts=set(hosts),
        places_of_tables=places_of_tables,
        hosts_of_tables=hosts_of_tables,
    )


def read_parcels(scenario: Scenario) -> pd.DataFrame:
    """Read the parcels as the scenario's tables state them; columns as `parcels_of` has them."""
    findings = Findings()
    loaded = _loaded(scenario, "parcels", scenario.parcels, findings)
    findings.raise_faults()
    return parcels_of(loaded, findings)


def read_profile_rows(scenario: Scenario) -> pd.DataFrame:
    """Read the tables of hours row by row, as `hours.table.rows_of` gives them."""
    findings = Findings()
    rows = rows_of(_loaded(scenario, "hours.profiles", _profiles(scenario), findings), findings)
    findings.raise_faults()
    return rows


def _loaded(
    scenario: Scenario, key: str, sources: Sequence[DemandSource], findings: Findings
) -> list[Loaded]:
    """Read each source of one kind, but for those that cannot be read as far as their ids."""
    needless = tuple(POSITION) if scenario.names_pairs else ()
    loaded = []
    for number, source in enumerate(sources):
        full = f"{key}[{number}]" if len(sources) > 1 else key
        keys = Keys(file=scenario.path.name, key=full)
        path = scenario.folder / source.path
        read = partial(_table, path, source, keys, needless)
        one = once(("table", full, repr(source), needless), [path], read, findings)
        loaded += [] if one is None else [replace(one, keys=keys)]
    return loaded


def _table(
    path: Path, source: DemandSource, keys: Keys, needless: tuple[str, ...], findings: Findings
) -> Loaded | None:
    name = Path(source.path).as_posix()
    raw = read_table(path, name, findings, source.dialect, source.crs)
    if raw is None:
        return None
    before = len(findings.faults)
    if raw.rows.empty:
        findings.fault(Fault(file=raw.name, says="has no rows", allowed="at least one row"))
    schema = SCHEMAS[keys.key.partition("[")[0]]
    table = table_of(raw, source, schema, keys, findings)
    table = in_degrees(table, source, keys, findings, needless=bool(needless))
    missing = missing_columns(table, findings, needless)
    if missing or len(findings.faults) > before:
        return None
    warn_of_misspelt(table, source, findings)
    return Loaded(table=table, source=source, keys=keys)
