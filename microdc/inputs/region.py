"""What was read: one table of substations, one of demand, and where both come from."""

import os
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from microdc.inputs.tables.files import RawTable
from microdc.scenario import DemandSource, Exclusion, Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRecord:
    """One input file, for provenance and attributions."""

    path: Path
    """Absolute."""
    sha256: str
    """Of the file's bytes; of a shapefile's parts (.shp .dbf .shx .prj .cpg) in a row."""
    title: str
    """As the scenario states it, else the file's name."""
    licence: str
    """As the scenario states it, else empty."""
    date: str
    """As the scenario states it, else empty."""
    rows: int
    """Rows in the file, before `where`."""

    @classmethod
    def of(
        cls, raw: RawTable, named: DemandSource | Exclusion, scenario: Scenario
    ) -> "SourceRecord":
        """Note a file that was read, with what the scenario says of it."""
        path, told = Path(os.path.normpath(scenario.folder / named.path)), named.source
        return cls(
            path=path,
            sha256=raw.sha256,
            title=told.title or path.name,
            licence=told.licence or "",
            date=told.date or "",
            rows=len(raw.rows),
        )


def nothing_measured() -> pd.DataFrame:
    """Give `Region.measured` of a scenario without a measured table."""
    texts = dict.fromkeys(("place", "service", "site", "date"), object)
    columns = ["place", "service", "site", "rtt_ms", "percentile", "date", "row"]
    return pd.DataFrame({c: pd.Series(dtype=texts.get(c, float)) for c in columns})


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """
    Substations, demand and their sources, checked and in microdc's own units.

    substations
        Indexed by `id` (text, sorted): rows that pass `where`, and the ancestors of candidates.
        `name`; `lat`, `lon` (degrees, WGS 84; NaN where unknown, never of candidates);
        `headroom_mw` (MW after units, power factor and reserve; NaN: no limit), `headroom_stated`
        and `headroom_unit` (as published; NaN, None if computed or blank); `parent` (id or None);
        `candidate` (bool); `max_mw`, `pue`, `processing_ms`, `site_mn`, `facility_mn_per_mw_it`,
        `energy_per_mwh`, `voltage_kv`, `feeder_km`, `fibre_km`, `rating_mva`, `transformers`
        (count) and `installed_mva` (their ratings together; NaN: not stated); `state`, `owner`,
        `group`, `as_of` (YYYY-MM-DD) (None: not stated); `arithmetic` (how firm headroom was
        computed; '' if stated); `excluded` (why a candidate that lies in an excluded area is none;
        None: it does not); `source` (row of `sources`); `row` (in its file: a CSV's header
        is row 1, the rows of other files count from 1).
    demand
        One row for each place and service with demand: `place` (id), `name`, `lat`, `lon`,
        `service`, `mw_it` (MW IT, above zero), `access_ms` (NaN: the scenario's), `state`.
        Sorted by place, then as the scenario lists the services.
    sources
        The input files: substations first, then demand, each in the scenario's order; then
        exclusions, then the measured table.
    measured
        Round trips as the table states them, between known places and substations: `place`,
        `service` ('': every one), `site`, `rtt_ms`, `percentile` (NaN: not stated), `date`
        (YYYY-MM-DD; '': not stated), `row`. Which of several rows counts is not chosen yet.

    Warnings
    --------
        What the user should know about the reading, each a sentence.
    """

    substations: pd.DataFrame
    demand: pd.DataFrame
    sources: tuple[SourceRecord, ...]
    warnings: tuple[str, ...]
    measured: pd.DataFrame = field(default_factory=nothing_measured)
