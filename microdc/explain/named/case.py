"""A scenario with its tables and the problem that they state: what explanations look at."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from microdc.assembly import PairTables, assemble, fibre_of, located, pair_tables_of, within_bound
from microdc.assembly.demand import demand_of
from microdc.ground.distance import on_sphere, widest_chord
from microdc.ground.nearest import nearest_of
from microdc.inputs.hosts.connection import connected
from microdc.inputs.region import Region
from microdc.instance import Instance, Ints, Reach
from microdc.latency.measured import measured_or
from microdc.latency.only import nearest_among
from microdc.latency.reach import exact_rtt_ms
from microdc.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """
    A scenario, its tables, and its instance.

    substations
        As `Region.substations`, with what may be connected as headroom.
    points
        As `Instance.points`, with `lat`, `lon`, `access_ms`, `rtt_ms` and `outage_rtt_ms`.
    hosts
        Name, `lat` and `lon` of every substation, parcel and hub, by id.
    pair_tables
        What tables say of pairs.
    """

    scenario: Scenario
    region: Region
    instance: Instance
    substations: pd.DataFrame
    points: pd.DataFrame
    hosts: dict[str, tuple[str, float, float]]
    pair_tables: PairTables

    def areas(self) -> Ints:
        """
        Number the area of each point, for those in nobody's reach; of the others it is 0.

        Two places are in one area if a site at either could answer the other within its bound.
        Where tables say who alone may serve whom, distance does not tell, and all are in one.
        """
        area = np.zeros(len(self.points), dtype=np.int64)
        far = np.flatnonzero(self.instance.reach.sites_per_point == 0)
        area[far] = 1
        if len(far) and not self.pair_tables.alone:
            points = self.points.iloc[far]
            path_ms = points["rtt_ms"] - points["access_ms"]
            within_km = fibre_of(self.scenario).within_km(path_ms.to_numpy())
            near = cKDTree(on_sphere(points))
            ball = [widest_chord(max(0.0, km)) for km in within_km]
            pairs = near.query_ball_point(on_sphere(points), ball)
            one = np.repeat(np.arange(len(far)), [len(rows) for rows in pairs])
            other = np.concatenate([np.asarray(rows, dtype=np.int64) for rows in pairs])
            both = (np.ones(len(one), np.int8), (one, other))
            graph = coo_array(both, shape=(len(far), len(far)))
            area[far] = 1 + connected_components(graph, directed=False)[1]
        return area

    def reached(self, points: Ints, rows: pd.DataFrame, *, out: bool) -> Reach:
        """Give which rows of the power tree lie within the bounds of points (`out`: in outages)."""
        asked = self.points.iloc[points].reset_index(drop=True)
        asked = asked.assign(rtt_ms=asked["outage_rtt_ms"]) if out else asked
        return within_bound(self.scenario, self.pair_tables, asked, rows)

    def nearest(self, points: Ints) -> pd.DataFrame:
        """
        Give the candidate nearest to each point, `site`, and its round trip, `rtt_ms`.

        Where some pairs alone may serve, the nearest of those; NaN where there is none.
        """
        sites = located(self.scenario, self.region.hosts.loc[self.instance.sites.index])
        asked = self.points.iloc[points]
        if sites.empty:
            return pd.DataFrame({"site": None, "rtt_ms": np.nan}, index=asked.index)
        fibre = fibre_of(self.scenario)
        if self.pair_tables.alone:
            return nearest_among(self.pair_tables.pairs, asked, sites, fibre)
        row, _ = nearest_of(asked, sites)
        pairs = asked[["place", "service"]].assign(site=sites.index[row])
        rtt_ms = measured_or(
            exact_rtt_ms(asked, sites.iloc[row], fibre), pairs, self.pair_tables.pairs
        )
        return pairs[["site"]].assign(rtt_ms=rtt_ms)


def case_of(scenario: Scenario, region: Region, instance: Instance | None = None) -> Case:
    """Put together what explanations of a scenario look at; `instance` is its own, if known."""
    points, _ = demand_of(scenario, region.demand)
    return Case(
        scenario=scenario,
        region=region,
        instance=assemble(scenario, region) if instance is None else instance,
        substations=connected(scenario, region),
        points=points,
        hosts={
            str(key): (name if isinstance(name, str) else str(key), float(lat), float(lon))
            for key, name, lat, lon in region.hosts[["name", "lat", "lon"]].itertuples()
        },
        pair_tables=pair_tables_of(scenario, region),
    )
