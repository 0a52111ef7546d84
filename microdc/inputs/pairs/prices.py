"""What serving over some pairs costs, as the table says: no pair twice, nobody unheard of."""

from collections.abc import Collection

import pandas as pd

from microdc.errors import Fault
from microdc.inputs.pairs.layouts import Told, rows_of
from microdc.inputs.pairs.stated import Ends, check_once, check_services
from microdc.inputs.tables.columns import Keys
from microdc.inputs.tables.files import RawTable
from microdc.inputs.tables.findings import Findings, nearest
from microdc.inputs.tables.schemas import PAIR_PRICES
from microdc.scenario import Scenario

PRICES = Told(
    schema=PAIR_PRICES,
    value="mn_per_mw_yr",
    sound=lambda price: price >= 0,
    says="is not a price",
    allowed="zero or more, or blank",
)

_KINDS = {"place": "place", "site": "substation, parcel or hub"}


def prices_of(
    raw: RawTable, scenario: Scenario, ends: Ends, findings: Findings
) -> pd.DataFrame | None:
    """
    Give the prices between the scenario's places and hosts.

    An id that no table has is a fault: its pairs would cost nothing without a word. Ids that the
    scenario leaves out, by `where` or for want of demand, are left out here too.
    """
    source, keys = scenario.pair_prices, Keys(file=scenario.path.name, key="pair_prices")
    assert source is not None
    rows = rows_of(raw, source, PRICES, keys, findings)
    if rows is None:
        return None
    check_services(rows, list(scenario.services), raw, findings)
    check_once(rows, (), raw, findings)
    wide = source.form == "wide"
    for end, known in (("place", ends.places_of_tables), ("site", ends.hosts_of_tables)):
        _check_known(rows, end, known, raw, findings, wide=wide)
    used = rows["place"].isin(ends.places) & rows["site"].isin(ends.hosts)
    return rows[used].reset_index(drop=True)


def _check_known(
    rows: pd.DataFrame,
    end: str,
    known: Collection[str],
    raw: RawTable,
    findings: Findings,
    *,
    wide: bool,
) -> None:
    """Name every id that no table has once, with the first row that it stands in."""
    strange = rows[~rows[end].isin(known) & (rows[end] != "")].drop_duplicates(end)
    for name, row in zip(strange[end], strange["row"], strict=True):
        heading = wide and end == "site"
        findings.fault(
            Fault(
                file=raw.name,
                at="" if heading else f"{raw.word} {row}",
                column="demand" if end == "place" else name if heading else end,
                says=f"is no {_KINDS[end]} of the scenario's tables",
                found=repr(name),
                nearest=nearest(name, known),
            )
        )
