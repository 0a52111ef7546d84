"""The tables of pairs that a scenario names: measured round trips, and prices."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from microdc.errors import Fault
from microdc.inputs.pairs.measured import measured_of
from microdc.inputs.pairs.prices import prices_of
from microdc.inputs.pairs.stated import Ends
from microdc.inputs.region import SourceRecord, no_prices, nothing_measured
from microdc.inputs.tables.files import RawTable, read_table
from microdc.inputs.tables.findings import Findings
from microdc.scenario import PairTable, Scenario

Rows = Callable[[RawTable, Scenario, Ends, Findings], pd.DataFrame | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """`Region.measured`, `Region.pair_prices`, and the files that they come from."""

    measured: pd.DataFrame
    prices: pd.DataFrame
    sources: tuple[SourceRecord, ...]


def pairs_of(scenario: Scenario, ends: Ends, findings: Findings) -> Pairs:
    """Read both tables, as far as there are any; what is wrong with them is noted."""
    measured = _read(scenario, scenario.measured, measured_of, ends, findings)
    prices = _read(scenario, scenario.pair_prices, prices_of, ends, findings)
    return Pairs(
        measured=nothing_measured() if measured is None else measured[0],
        prices=no_prices() if prices is None else prices[0],
        sources=tuple(told[1] for told in (measured, prices) if told is not None),
    )


def _read(
    scenario: Scenario, source: PairTable | None, rows_of: Rows, ends: Ends, findings: Findings
) -> tuple[pd.DataFrame, SourceRecord] | None:
    """Read one table; None if there is none, or it has faults."""
    if source is None:
        return None
    raw = read_table(scenario.folder / source.path, Path(source.path).as_posix(), findings)
    if raw is None:
        return None
    if raw.rows.empty:
        findings.fault(Fault(file=raw.name, says="has no rows", allowed="at least one row"))
        return None
    if findings.faults and not (ends.places and ends.hosts):
        return None  # nobody is known, which is told
    rows = rows_of(raw, scenario, ends, findings)
    return None if rows is None else (rows, SourceRecord.of(raw, source, scenario))
