"""What was read: one table of substations, one of demand, and where both come from."""

import os
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from microdc.inputs.hours.profiles import Profiles
from microdc.inputs.tables.files import RawTable
from microdc.scenario import AreaSource, DemandSource, Scenario


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
        cls, raw: RawTable, named: DemandSource | AreaSource, scenario: Scenario
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


def no_prices() -> pd.DataFrame:
    """Give `Region.pair_prices` of a scenario in which no pair has a price."""
    columns = dict.fromkeys(("place", "service", "site"), object)
    numbers = dict.fromkeys(("mn_per_mw_yr", "row"), float)
    return pd.DataFrame({c: pd.Series(dtype=kind) for c, kind in {**columns, **numbers}.items()})


def no_hubs() -> pd.DataFrame:
    """Give `Region.hubs` of a scenario without hubs."""
    numbers = dict.fromkeys(("lat", "lon", "mw_it", "mn_per_mw_it_yr", "processing_ms"), float)
    columns = {c: pd.Series(dtype=kind) for c, kind in {"name": object, **numbers}.items()}
    return pd.DataFrame(columns).rename_axis("id")


def no_zones() -> pd.DataFrame:
    """Give `Region.zones` of a scenario without zones."""
    return pd.DataFrame({"zone": [], "host": []}, dtype=object)


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """
    Substations, demand and their sources, checked and in microdc's own units.

    substations
        The power tree, candidates and limits, indexed by `id` (text, sorted): substations that
        pass `where`, the ancestors of candidates, and parcels (`parcel`), which hang below the
        substation that feeds them (`feeds`: it may) and have no headroom of their own. Parcels
        come with what they take from it filled in, `feeder_km` and `fibre_km` too.
        `name`; `lat`, `lon` (degrees, WGS 84; NaN where unknown, never of candidates);
        `headroom_mw` (MW after units, power factor and reserve; NaN: no limit), `headroom_stated`
        and `headroom_unit` (as published; NaN, None if computed or blank); `parent` (id or None);
        `candidate` (bool: may be a site, or grow); `existing_mw` (MW, 0 where nothing is built);
        `min_mw`, `max_mw`, `pue`, `processing_ms`, `site_mn`, `facility_mn_per_mw_it`,
        `energy_per_mwh`, `voltage_kv`, `feeder_km`, `fibre_km`, `rating_mva`, `transformers`
        (count) and `installed_mva` (their ratings together), `peak_mw` (NaN: not stated);
        `reinforced_mw` (headroom added by works, which `headroom_mw` counts);
        `short_mw` (by what a computed headroom is below zero, before works) and `power_factor`;
        `state`, `owner`, `group`, `as_of` (YYYY-MM-DD) (None: not stated); `arithmetic` (how
        headroom was computed or reinforced; '' if the table states it); `excluded` (why a candidate
        that lies in an excluded area, or cannot have power by the date of its stage, or a parcel
        that nobody feeds, is none; None: no such reason); `source` (row of `sources`);
        `row` (in its file: a CSV's header is row 1, the rows of other files count from 1).
    demand
        One row for each place and service with demand: `place` (id), `name`, `lat`, `lon`,
        `service`, `mw_it` (MW IT, above zero), `access_ms` (NaN: the scenario's), `state`.
        Sorted by place, then as the scenario lists the services.
    sources
        The input files: substations first, then parcels, then demand, then hubs, each in the
        scenario's order; then exclusions, then zones, then the measured table, then the
        prices of pairs, then profiles, then works.
    measured
        Round trips as the table states them, between known places and substations: `place`,
        `service` ('': every one), `site`, `rtt_ms`, `percentile` (NaN: not stated), `date`
        (YYYY-MM-DD; '': not stated), `row`. Which of several rows counts is not chosen yet.
    pair_prices
        What serving costs, between known places and hosts: `place`, `service` ('': every one),
        `site`, `mn_per_mw_yr` (millions a year for a MW IT), `row`; no pair twice for a service.
    hubs
        Central data centers, indexed by `id` (text, sorted; none is a substation's): `name`; `lat`,
        `lon`; `mw_it` (capacity, MW IT); `mn_per_mw_it_yr` (price of a reserved MW IT, millions of
        the scenario's currency); `processing_ms` (NaN: the scenario's).
    zones
        Who stands in which zone, sorted: `zone` and `host`, ids of a zone and of a substation,
        parcel or hub in it that may be a site, or is one.
    hours
        What every hour has, and in which of them service is promised; None: nothing is told by
        the hour.
    drawn
        Whether positions are drawn up, since no table states any: see `pairs.schematic`.

    Warnings
    --------
        What the user should know about the reading, each a sentence.
    """

    substations: pd.DataFrame
    demand: pd.DataFrame
    sources: tuple[SourceRecord, ...]
    warnings: tuple[str, ...]
    measured: pd.DataFrame = field(default_factory=nothing_measured)
    pair_prices: pd.DataFrame = field(default_factory=no_prices)
    hubs: pd.DataFrame = field(default_factory=no_hubs)
    zones: pd.DataFrame = field(default_factory=no_zones)
    hours: Profiles | None = None
    drawn: bool = False

    @property
    def hosts(self) -> pd.DataFrame:
        """Substations, then hubs, by id: `name`, `lat`, `lon`, `processing_ms`."""
        columns = ["name", "lat", "lon", "processing_ms"]
        return pd.concat([self.substations[columns], self.hubs[columns]])

    @property
    def places(self) -> dict[str, str]:
        """Name of every place by id."""
        places = self.demand.drop_duplicates("place")
        return dict(zip(places["place"], places["name"], strict=True))
