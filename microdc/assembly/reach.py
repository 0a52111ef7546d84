"""Who may serve whom: by distance, or by what was measured, in order and in an outage."""

import pandas as pd

from microdc.inputs.region import Region
from microdc.inputs.tables.forms.memory import memory_bytes
from microdc.instance import Reach
from microdc.latency.estimate import refuse_too_many_pairs
from microdc.latency.fibre import Fibre
from microdc.latency.measured import in_force, with_measured
from microdc.latency.reach import sites_in_reach
from microdc.scenario import Scenario


def reaches(
    scenario: Scenario, region: Region, points: pd.DataFrame, sites: pd.Index
) -> tuple[Reach, Reach]:
    """
    Give who may serve whom in order, and in an outage: the very same where no bound relaxes.

    `points` are as `demand_of` gives them, `sites` ids. Raises InputError for more pairs within
    bound than fit into memory.
    """
    relaxed = points.assign(rtt_ms=points["outage_rtt_ms"])
    hosts, fibre = located(scenario, region.hosts.loc[sites]), fibre_of(scenario)
    refuse_too_many_pairs(relaxed, hosts, fibre, memory_bytes())
    measured = measured_pairs(scenario, region)

    def within(points: pd.DataFrame) -> Reach:
        reach = sites_in_reach(points, hosts, fibre)
        return with_measured(reach, points, sites, measured) if len(measured) else reach

    in_order = within(points)
    relaxes = (relaxed["rtt_ms"] > points["rtt_ms"]).any()
    return in_order, within(relaxed) if relaxes else in_order


def fibre_of(scenario: Scenario) -> Fibre:
    """Give the path from distance to time that a scenario states."""
    return Fibre(route_factor=scenario.latency.route_factor, km_per_ms=scenario.latency.km_per_ms)


def measured_pairs(scenario: Scenario, region: Region) -> pd.DataFrame:
    """Give the measured round trip (ms) that counts for each `place`, `service` and `site`."""
    percentile = scenario.measured.percentile if scenario.measured else None
    return in_force(region.measured, percentile, list(scenario.services))


def located(scenario: Scenario, hosts: pd.DataFrame) -> pd.DataFrame:
    """Give `lat`, `lon` and `processing_ms` of hosts, the scenario's where not stated."""
    processing_ms = hosts["processing_ms"].fillna(scenario.latency.processing_ms)
    return hosts[["lat", "lon"]].assign(processing_ms=processing_ms)
