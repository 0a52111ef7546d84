"""From a scenario to its region: every table read, checked and joined, all faults told at once."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from microdc.errors import Fault
from microdc.inputs.demand import demand_of
from microdc.inputs.land.exclusions import excluded_of
from microdc.inputs.measured.pairs import measured_of
from microdc.inputs.region import Region, SourceRecord, nothing_measured
from microdc.inputs.substations import substations_of
from microdc.inputs.tables.columns import Keys, Loaded, table_of
from microdc.inputs.tables.files import RawTable, read_table
from microdc.inputs.tables.findings import Findings
from microdc.inputs.tables.forms.header import missing_columns, warn_of_misspelt
from microdc.inputs.tables.forms.memory import refuse_beyond_memory
from microdc.inputs.tables.forms.projected import in_degrees
from microdc.inputs.tables.schemas import DEMAND, SUBSTATIONS
from microdc.scenario import DemandSource, Scenario


def read_region(scenario: Scenario) -> Region:
    """
    Read every table that the scenario names.

    Raises
    ------
    InputError
        With all faults of all tables: file, row, id, column, what was found, what is allowed; or,
        before anything is read, if the tables would not fit into memory.
    """
    refuse_beyond_memory(_files(scenario))
    findings = Findings()
    of_substations = _loaded(scenario, "substations", scenario.substations, findings)
    of_demand = _loaded(scenario, "demand", scenario.demand, findings)
    substations = substations_of([x for x in of_substations if x is not None], findings)
    demand = demand_of([x for x in of_demand if x is not None], scenario, findings)
    measured = _measured(scenario, substations, demand, findings)
    excluded, of_land = excluded_of(scenario, substations, findings)
    findings.raise_faults()
    loaded = [x for x in (*of_substations, *of_demand) if x is not None]
    return Region(
        substations=substations.assign(
            candidate=substations["candidate"] & excluded.isna(), excluded=excluded
        ),
        demand=demand,
        sources=(
            *(SourceRecord.of(x.table.raw, x.source, scenario) for x in loaded),
            *of_land,
            *([] if measured is None else [measured[1]]),
        ),
        warnings=tuple(findings.warnings),
        measured=nothing_measured() if measured is None else measured[0],
    )


def _files(scenario: Scenario) -> dict[str, Path]:
    """List the files that a scenario names, by their names in it."""
    paths = [source.path for source in (*scenario.substations, *scenario.demand)]
    paths += [exclusion.path for exclusion in scenario.exclude]
    paths += [scenario.measured.path] if scenario.measured else []
    return {Path(path).as_posix(): scenario.folder / path for path in paths}


def _measured(
    scenario: Scenario, substations: pd.DataFrame, demand: pd.DataFrame, findings: Findings
) -> tuple[pd.DataFrame, SourceRecord] | None:
    """Read the measured table; None if there is none, or it has faults."""
    source = scenario.measured
    if source is None:
        return None
    raw = read_table(scenario.folder / source.path, Path(source.path).as_posix(), findings)
    if raw is None:
        return None
    if raw.rows.empty:
        findings.fault(Fault(file=raw.name, says="has no rows", allowed="at least one row"))
        return None
    if findings.faults and (substations.empty or demand.empty):
        return None  # nobody is known, which is told
    rows = measured_of(raw, scenario, (set(demand["place"]), set(substations.index)), findings)
    return None if rows is None else (rows, SourceRecord.of(raw, source, scenario))


def _loaded(
    scenario: Scenario, key: str, sources: Sequence[DemandSource], findings: Findings
) -> list[Loaded | None]:
    """Read each source of one kind; None where a table cannot be read as far as its ids."""
    schema = SUBSTATIONS if key == "substations" else DEMAND
    loaded: list[Loaded | None] = []
    for number, source in enumerate(sources):
        full = f"{key}[{number}]" if len(sources) > 1 else key
        keys = Keys(file=scenario.path.name, key=full)
        name = Path(source.path).as_posix()
        raw = read_table(scenario.folder / source.path, name, findings, source.dialect, source.crs)
        loaded.append(None if raw is None else _table(raw, source, schema, keys, findings))
    return loaded


def _table(
    raw: RawTable,
    source: DemandSource,
    schema: pa.DataFrameSchema,
    keys: Keys,
    findings: Findings,
) -> Loaded | None:
    before = len(findings.faults)
    if raw.rows.empty:
        findings.fault(Fault(file=raw.name, says="has no rows", allowed="at least one row"))
    table = table_of(raw, source, schema, keys, findings)
    table = in_degrees(table, source, keys, findings)
    missing = missing_columns(table, findings)
    if missing or len(findings.faults) > before:
        return None
    warn_of_misspelt(table, source, findings)
    return Loaded(table=table, source=source, keys=keys)
