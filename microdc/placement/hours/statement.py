"""What a plan states about its hours: what it serves in them, and what they leave it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from microdc.placement.verify.document import HourTables


@dataclass(frozen=True, slots=True, kw_only=True)
class HourlyService:
    """
    The hours in which a plan promises service, as they go.

    use, connection
        As planned: which hours of the profiles, and the type of connection, `firm` or `flexible`.
    count, days, of_hours
        Hours and days in which service is promised, and hours in the profiles.
    rerouted
        Hours in which some service is not from home.
    firm_mw
        What the sites may draw together in every hour of the profiles (MW).
    firm_service_mw_it, busiest
        The most that is served together in an hour (MW IT), and when.
    tightest
        The hour in which the sites draw most of what they may.
    rows
        The tightest hour of each day, the tightest first; as rows of the table `hours`.
    tables
        `hours`, one row per hour in order of time: `time`, `day`, `weight_h`; `demand_mw_it` of all
        demand, `served_mw_it` in the hour; of its load, `moved_mw_it` to other sites than at home
        and `deferred_mw_it` to later hours; `draw_mw` of the sites, of `available_mw` that each may
        draw by itself, `curtailed_mw` less than their connections; and what is `binding`, because
        its power is used up. And `moved`, service that is not from home.
    """

    use: str
    connection: str
    count: int
    days: int
    of_hours: int
    rerouted: int
    firm_mw: float
    firm_service_mw_it: float
    busiest: str
    tightest: str
    rows: tuple[dict[str, Any], ...]
    tables: HourTables = field(repr=False, compare=False)

    @classmethod
    def from_document(cls, record: Mapping[str, Any], tables: HourTables) -> "HourlyService":
        """Give what a document and the tables beside it state."""
        return cls(**{**record, "rows": tuple(record["rows"])}, tables=tables)

    def to_document(self) -> dict[str, Any]:
        """Give what `plan.json` holds of it."""
        told = {key: getattr(self, key) for key in self.__slots__ if key != "tables"}
        return {**told, "rows": [dict(row) for row in self.rows]}
