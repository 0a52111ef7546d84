"""Whom rows of pairs may name, whatever they tell: ends, services, and no pair twice."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pandas as pd

from microdc.errors import Fault
from microdc.inputs.tables.columns import each
from microdc.inputs.tables.files import RawTable
from microdc.inputs.tables.findings import Findings, listed, nearest

PAIR = ["place", "service", "site"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """Ids of places and of hosts: those of the scenario, and all that its tables state."""

    places: Collection[str]
    hosts: Collection[str]
    places_of_tables: Collection[str]
    hosts_of_tables: Collection[str]


def check_services(
    rows: pd.DataFrame, services: list[str], raw: RawTable, findings: Findings
) -> None:
    """Refuse rows of a service that the scenario has not."""
    for row in each(rows[~rows["service"].isin(["", *services])]):
        findings.fault(
            Fault(
                file=raw.name,
                at=f"{raw.word} {row.row}",
                column="service",
                says="is no service of the scenario",
                found=repr(row.service),
                allowed=listed(services, 12),
                nearest=nearest(row.service, services),
            )
        )


def check_once(rows: pd.DataFrame, also: Sequence[str], raw: RawTable, findings: Findings) -> None:
    """Refuse a pair that is stated again for the same service, and the same in other columns."""
    keys = [*PAIR, *also]
    twice = rows[rows.duplicated(keys)]
    if twice.empty:
        return
    first = rows.groupby(keys, dropna=False)["row"].transform("first")
    *some, last = ("service", *also)
    each_of = f"{', '.join(some)} and {last}" if some else last
    for row in each(twice):
        findings.fault(
            Fault(
                file=raw.name,
                at=f"{raw.word} {row.row}",
                says="the pair is stated before",
                found=f"{row.place} - {row.site}",
                allowed=f"once for each {each_of} (also {raw.word} {first[row.Index]})",
            )
        )
